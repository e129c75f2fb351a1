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
)

// NewFactory returns the factory of the connector.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		metadata.Type,
		func() component.Config { return &Config{Settings: *config.Default()} },
		connector.WithTracesToMetrics(createTracesToMetrics, metadata.TracesToMetricsStability),
	)
}

func createTracesToMetrics(
	_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics,
) (connector.Traces, error) {
	c := cfg.(*Config)
	if err := delivery.CheckFiles(&c.Settings, set.TelemetrySettings); err != nil {
		return nil, err
	}
	return newConnector(set, c, next), nil
}
