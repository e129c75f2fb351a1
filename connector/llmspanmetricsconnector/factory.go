// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsconnector

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// NewFactory returns the factory of the connector.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		metadata.Type,
		func() component.Config { return &Config{Settings: *config.Default()} },
		connector.WithTracesToMetrics(createTracesToMetrics, metadata.TracesToMetricsStability),
		connector.WithLogsToMetrics(createLogsToMetrics, metadata.LogsToMetricsStability),
	)
}

func createTracesToMetrics(
	_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics,
) (connector.Traces, error) {
	b, err := create(set, cfg, llm.Spans, next)
	if err != nil {
		return nil, err
	}
	return &tracesConnector{b}, nil
}

func createLogsToMetrics(
	_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics,
) (connector.Logs, error) {
	b, err := create(set, cfg, llm.Logs, next)
	if err != nil {
		return nil, err
	}
	return &logsConnector{b}, nil
}

func create(set connector.Settings, cfg component.Config, signal llm.Signal, next consumer.Metrics) (base, error) {
	c := cfg.(*Config)
	if err := delivery.CheckFiles(&c.Settings, set.TelemetrySettings); err != nil {
		return base{}, err
	}
	return newBase(set, c, signal, next), nil
}
