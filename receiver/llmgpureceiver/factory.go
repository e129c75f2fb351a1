// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
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

// withoutEmpty keeps collections that gave nothing from going further: a machine without GPUs would send an empty
// request at each of them. Nothing goes further where only events are wanted, and next is nil.
func withoutEmpty(next consumer.Metrics) (consumer.Metrics, error) {
	var options []consumer.Option
	if next != nil {
		options = append(options, consumer.WithCapabilities(next.Capabilities()))
	}
	return consumer.NewMetrics(func(ctx context.Context, metrics pmetric.Metrics) error {
		if next == nil || metrics.DataPointCount() == 0 {
			return nil
		}
		return next.ConsumeMetrics(ctx, metrics)
	}, options...)
}
