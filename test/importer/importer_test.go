// SPDX-License-Identifier: Apache-2.0

package importer

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector"
	"github.com/otelcol-llm/otelcol-llm/processor/llmspanmetricsprocessor"
)

// docs/stability.md promises importers the factories and the configuration. With them alone a distribution counts requests under
// names of its own.
func TestAnotherModuleBuildsAConfiguration(t *testing.T) {
	input, output := 2.5, 10.0
	cfg := config.Default()
	cfg.FlushInterval = time.Minute
	cfg.Dimensions = []config.Dimension{{Attribute: "app.release"}, {Concept: "tenant", Default: "none"}}
	cfg.Prices.Models = []config.ModelPrice{{Model: "gpt-4o*", TokenPrices: config.TokenPrices{Input: &input, Output: &output}}}
	cfg.Targets = map[string]config.Target{"fast": {Duration: time.Minute, Layers: []config.Layer{config.LayerClient}}}
	cfg.Limits.DimensionSets = 500
	cfg.CustomMetrics = map[string]config.CustomMetric{
		"acme_requests_total": {Type: config.TypeCounter, Value: "requests", Dimensions: []config.Dimension{{Concept: "model", Name: "model"}}},
	}
	require.NoError(t, confmap.Validate(cfg))

	ctx, id := context.Background(), component.MustNewID("llm_span_metrics")
	sink := new(consumertest.MetricsSink)
	connectors := llmspanmetricsconnector.NewFactory()
	connectorSet := connectortest.NewNopSettings(connectors.Type())
	connectorSet.ID = id
	connector, err := connectors.CreateTracesToMetrics(ctx, connectorSet, connectors.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	processors := llmspanmetricsprocessor.NewFactory()
	processorSet := processortest.NewNopSettings(processors.Type())
	processorSet.ID, processorSet.TelemetrySettings = id, connectorSet.TelemetrySettings // of one collector
	processor, err := processors.CreateTraces(ctx, processorSet, cfg, connector)
	require.NoError(t, err)

	host := componenttest.NewNopHost()
	require.NoError(t, connector.Start(ctx, host))
	require.NoError(t, processor.Start(ctx, host))
	require.NoError(t, processor.ConsumeTraces(ctx, call()))
	require.NoError(t, processor.Shutdown(ctx))
	require.NoError(t, connector.Shutdown(ctx))

	values := map[string]float64{}
	for _, metrics := range sink.AllMetrics() {
		for _, m := range metrics.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			switch m.Name() {
			case "acme_requests_total", "llm.slo.requests":
				values[m.Name()] = float64(m.Sum().DataPoints().At(0).IntValue())
			case "llm.cost":
				values[m.Name()] = m.Sum().DataPoints().At(0).DoubleValue()
			}
		}
	}
	assert.Equal(t, map[string]float64{"acme_requests_total": 1, "llm.slo.requests": 1, "llm.cost": 1000*2.5e-6 + 100*10e-6}, values)
}

// call is a request of 1,000 input and 100 output tokens.
func call() ptrace.Traces {
	traces := ptrace.NewTraces()
	span := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	end := time.Now()
	span.SetTraceID(pcommon.TraceID{1})
	span.SetSpanID(pcommon.SpanID{1})
	span.SetKind(ptrace.SpanKindClient)
	span.SetName("chat gpt-4o")
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-time.Second)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
	span.Attributes().PutStr("gen_ai.operation.name", "chat")
	span.Attributes().PutStr("gen_ai.provider.name", "openai")
	span.Attributes().PutStr("gen_ai.request.model", "gpt-4o")
	span.Attributes().PutInt("gen_ai.usage.input_tokens", 1_000)
	span.Attributes().PutInt("gen_ai.usage.output_tokens", 100)
	return traces
}
