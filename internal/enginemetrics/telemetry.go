// SPDX-License-Identifier: Apache-2.0

package enginemetrics

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// Telemetry counts what was read and what was not.
type Telemetry struct{ builder *metadata.TelemetryBuilder }

// NewTelemetry registers the metrics with a component's telemetry.
func NewTelemetry(settings component.TelemetrySettings) (*Telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(settings)
	if err != nil {
		return nil, err
	}
	return &Telemetry{builder: builder}, nil
}

// Shutdown ends the registration.
func (t *Telemetry) Shutdown() { t.builder.Shutdown() }

// Page counts a page that was read.
func (t *Telemetry) Page(ctx context.Context, result *llmengine.Result) {
	name := engineName(result.Engine)
	t.builder.LlmEnginePages.Add(ctx, 1, metric.WithAttributes(attribute.String("engine", name)))
	for reason, n := range result.Dropped {
		t.builder.LlmEngineDroppedSamples.Add(ctx, int64(n), metric.WithAttributes(
			attribute.String("engine", name), attribute.String("reason", reason)))
	}
	for family, engine := range result.Unknown {
		t.builder.LlmEngineUnknownFamilies.Add(ctx, 1, metric.WithAttributes(
			attribute.String("engine", engine.Name), attribute.String("family", family)))
	}
}

// LeftOut counts what is made of the engine's spans, too.
func (t *Telemetry) LeftOut(ctx context.Context, engine *llmengine.Engine, n int) {
	t.builder.LlmEngineDroppedSamples.Add(ctx, int64(n), metric.WithAttributes(
		attribute.String("engine", engineName(engine)), attribute.String("reason", "of_spans")))
}

// Failure counts an answer that did not come or could not be read.
func (t *Telemetry) Failure(ctx context.Context, engine *llmengine.Engine, reason string) {
	t.builder.LlmEngineFailures.Add(ctx, 1, metric.WithAttributes(
		attribute.String("engine", engineName(engine)), attribute.String("reason", reason)))
}

func engineName(engine *llmengine.Engine) string {
	if engine == nil {
		return ""
	}
	return engine.Name
}
