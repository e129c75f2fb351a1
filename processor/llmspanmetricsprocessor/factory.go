// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/delivery"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/processor/llmspanmetricsprocessor/internal/metadata"
)

// NewFactory returns the factory of the processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		func() component.Config { return config.Default() },
		processor.WithTraces(createTraces, metadata.TracesStability),
		processor.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createTraces(
	_ context.Context, set processor.Settings, cfg component.Config, next consumer.Traces,
) (processor.Traces, error) {
	b, err := create(set, cfg, llm.Spans)
	if err != nil {
		return nil, err
	}
	return &tracesProcessor{b, next}, nil
}

func createLogs(
	_ context.Context, set processor.Settings, cfg component.Config, next consumer.Logs,
) (processor.Logs, error) {
	b, err := create(set, cfg, llm.Logs)
	if err != nil {
		return nil, err
	}
	return &logsProcessor{b, next}, nil
}

func create(set processor.Settings, cfg component.Config, signal llm.Signal) (base, error) {
	c := cfg.(*Config)
	if err := delivery.CheckFiles(c, set.TelemetrySettings); err != nil {
		return base{}, err
	}
	return newBase(set, c, signal), nil
}
