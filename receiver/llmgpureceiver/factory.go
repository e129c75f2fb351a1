// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, createDefaultConfig,
		receiver.WithMetrics(createMetrics, metadata.MetricsStability), receiver.WithLogs(createLogs, metadata.LogsStability))
}

func createMetrics(
	_ context.Context, settings receiver.Settings, config component.Config, next consumer.Metrics,
) (receiver.Metrics, error) {
	r, err := receiverOf(config.(*Config), settings)
	if err != nil {
		return nil, err
	}
	r.metrics = next
	return r, nil
}

func createLogs(
	_ context.Context, settings receiver.Settings, config component.Config, next consumer.Logs,
) (receiver.Logs, error) {
	r, err := receiverOf(config.(*Config), settings)
	if err != nil {
		return nil, err
	}
	r.logs = next
	return r, nil
}
