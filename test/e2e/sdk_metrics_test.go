// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// An SDK sends metrics under the names of those that are made of spans. The database must not have both.
func TestMetricsOfSDKsAndOfSpansAreNotAddedUp(t *testing.T) {
	t.Parallel()
	const (
		calls = 5  // with spans
		ofSDK = 70 // calls that the SDK reports
		ours  = "github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector"
		other = "opentelemetry.instrumentation.anthropic"
	)
	for _, test := range []struct {
		example string
		want    map[string]float64 // durations by scope
	}{
		{"keep_ours.yaml", map[string]float64{ours: calls, other: 0}},
		{"keep_sdks.yaml", map[string]float64{ours: 0, other: ofSDK}},
	} {
		t.Run(test.example, func(t *testing.T) {
			example, err := repo.Path("examples", "sdk-metrics", test.example)
			require.NoError(t, err)
			c := harness.Start(t, nil, harness.DefaultConfig(t), example, "testdata/config/fast_flush.yaml")
			sender, call := harness.GRPC(t, c.Address(collector.OTLPGRPC)), harness.Call(t)
			require.NoError(t, load.SendMetrics(context.Background(), c.Address(collector.OTLPGRPC), sdkMetrics(other, ofSDK)))
			for range calls {
				for _, batch := range call.Fresh(time.Now()) {
					require.NoError(t, sender.Send(context.Background(), batch))
				}
			}

			c.WaitForSum(collector.Prometheus, "app_questions_total", nil, ofSDK)
			metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", promtext.Labels{"llm_layer": "client"}, calls)
			for scope, want := range test.want {
				of := promtext.Labels{"otel_scope_name": scope}
				assert.Equal(t, want, metrics.Histogram("gen_ai_client_operation_duration_seconds", of).Count, "durations of %s", scope)
				output := promtext.Labels{"otel_scope_name": scope, "gen_ai_token_type": "output"}
				assert.Equal(t, 20*want, metrics.Histogram("gen_ai_client_token_usage", output).Sum, "output tokens of %s", scope)
			}
			assert.EqualValues(t, 20*calls, metrics.Sum("llm_usage_output_tokens_total", promtext.Labels{"llm_layer": "client"}))
		})
	}
}

// What another collector has made of spans comes over OTLP, too, and is no copy.
func TestMetricsThatAnotherCollectorMadeOfSpansPass(t *testing.T) {
	const ours, calls = "github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector", 70
	example, err := repo.Path("examples", "sdk-metrics", "keep_ours.yaml")
	require.NoError(t, err)
	c := harness.Start(t, nil, harness.DefaultConfig(t), example)
	require.NoError(t, load.SendMetrics(context.Background(), c.Address(collector.OTLPGRPC), sdkMetrics(ours, calls)))
	metrics := c.WaitForSum(collector.Prometheus, "app_questions_total", nil, calls)
	assert.EqualValues(t, calls, metrics.Histogram("gen_ai_client_operation_duration_seconds", nil).Count)
}

// sdkMetrics are what an SDK sends after a number of calls of 20 output tokens each. A metric of the application is beside them.
func sdkMetrics(scope string, calls uint64) pmetric.Metrics {
	batch := pmetric.NewMetrics()
	resource := batch.ResourceMetrics().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "desk")
	resource.Resource().Attributes().PutStr("service.instance.id", "desk-1")
	sm := resource.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(scope)

	histogram := func(name, unit string, each float64) pmetric.HistogramDataPoint {
		m := sm.Metrics().AppendEmpty()
		m.SetName(name)
		m.SetUnit(unit)
		m.SetDescription("Described in the SDK's own words.")
		h := m.SetEmptyHistogram()
		h.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
		p := h.DataPoints().AppendEmpty()
		p.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Minute)))
		p.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		p.ExplicitBounds().FromRaw([]float64{1, 10})
		p.BucketCounts().FromRaw([]uint64{0, 0, calls})
		p.SetCount(calls)
		p.SetSum(each * float64(calls))
		p.Attributes().PutStr("gen_ai.request.model", "claude-sonnet-4-5")
		return p
	}
	histogram("gen_ai.client.operation.duration", "s", 12)
	histogram("gen_ai.client.token.usage", "{token}", 20).Attributes().PutStr("gen_ai.token.type", "output")

	m := sm.Metrics().AppendEmpty()
	m.SetName("app.questions")
	questions := m.SetEmptySum()
	questions.SetIsMonotonic(true)
	questions.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	p := questions.DataPoints().AppendEmpty()
	p.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	p.SetIntValue(int64(calls))
	return batch
}
