// SPDX-License-Identifier: Apache-2.0

package enginemetrics

import (
	"testing"

	"github.com/prometheus/otlptranslator"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

func record(t *testing.T, config Config, state State) map[string]pmetric.Metric {
	t.Helper()
	r := NewRecorder(config, componenttest.NewNopTelemetrySettings(), component.NewDefaultBuildInfo())
	out := pmetric.NewMetrics()
	r.Record(out.ResourceMetrics(), Target{Engine: "vllm", Resource: pcommon.NewMap()}, state)
	metrics := map[string]pmetric.Metric{}
	if out.ResourceMetrics().Len() > 0 {
		for _, metric := range out.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
			metrics[metric.Name()] = metric
		}
	}
	return metrics
}

func TestEveryConceptIsRecorded(t *testing.T) {
	config := DefaultConfig()
	config.Metrics.LlmEngineKvCacheUsage.Enabled = true
	for c := range llmengine.NumConcepts {
		info := llmengine.Concepts[c]
		if info.Kind == llmengine.Flag {
			continue
		}
		reading := llmengine.Reading{Concept: c, Value: 1}
		if info.Kind == llmengine.Distribution {
			reading.Histogram = &llmengine.Histogram{Bounds: []float64{1}, Counts: []uint64{2, 3}, Sum: 7}
		}
		metric, found := record(t, config, State{Readings: []llmengine.Reading{reading}})[info.Metric]
		if !assert.True(t, found, "%s has no metric", info.Metric) {
			continue
		}
		switch info.Kind {
		case llmengine.Counter:
			assert.True(t, metric.Sum().IsMonotonic(), info.Metric)
		case llmengine.State:
			assert.Equal(t, pmetric.MetricTypeSum, metric.Type(), info.Metric)
			assert.False(t, metric.Sum().IsMonotonic(), info.Metric)
		case llmengine.Ratio, llmengine.Gauge:
			assert.Equal(t, pmetric.MetricTypeGauge, metric.Type(), info.Metric)
		case llmengine.Distribution:
			assert.Equal(t, uint64(5), metric.Histogram().DataPoints().At(0).Count(), info.Metric)
		}
	}
}

func TestWaitingIsNotCountedTwice(t *testing.T) {
	readings := []llmengine.Reading{
		{Concept: llmengine.Waiting, Value: 12},
		{Concept: llmengine.Waiting, Value: 9, Attrs: [2]string{"capacity"}},
		{Concept: llmengine.Waiting, Value: 3, Attrs: [2]string{"deferred"}},
	}
	points := record(t, DefaultConfig(), State{Readings: readings})["llm.engine.requests.waiting"].Sum().DataPoints()
	require.Equal(t, 1, points.Len())
	assert.Equal(t, int64(12), points.At(0).IntValue())

	config := DefaultConfig()
	config.Metrics.LlmEngineRequestsWaiting.EnabledAttributes = append(config.Metrics.LlmEngineRequestsWaiting.EnabledAttributes,
		metadata.LlmEngineRequestsWaitingMetricAttributeKeyLlmEngineWaitingReason)
	points = record(t, config, State{Readings: readings})["llm.engine.requests.waiting"].Sum().DataPoints()
	require.Equal(t, 2, points.Len())
	assert.Equal(t, int64(12), points.At(0).IntValue()+points.At(1).IntValue())
}

func TestReasonsAreAddedUpWhereTheyAreOff(t *testing.T) {
	points := record(t, DefaultConfig(), State{Readings: []llmengine.Reading{
		{Concept: llmengine.Requests, Value: 20, Attrs: [2]string{"success", "stop"}},
		{Concept: llmengine.Requests, Value: 5, Attrs: [2]string{"success", "length"}},
		{Concept: llmengine.Requests, Value: 1, Attrs: [2]string{"error", "error"}},
	}})["llm.engine.requests"].Sum().DataPoints()
	require.Equal(t, 2, points.Len())
	assert.Equal(t, int64(25), points.At(0).IntValue())
	assert.Equal(t, map[string]any{"llm.outcome": "success"}, points.At(0).Attributes().AsRaw(), "what is not known is no attribute")
}

func TestEachEndedSeriesIsAMetric(t *testing.T) {
	r := NewRecorder(DefaultConfig(), componenttest.NewNopTelemetrySettings(), component.NewDefaultBuildInfo())
	out := pmetric.NewMetrics()
	r.Record(out.ResourceMetrics(), Target{Resource: pcommon.NewMap()}, State{Ended: true, Readings: []llmengine.Reading{
		{Concept: llmengine.Waiting, Model: "a"}, {Concept: llmengine.Waiting, Model: "b"},
	}})
	metrics := out.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics()
	require.Equal(t, 2, metrics.Len())
	for i, model := range []string{"a", "b"} {
		list := metrics.At(i).Sum().DataPoints()
		require.Equal(t, 1, list.Len())
		assert.Equal(t, map[string]any{"gen_ai.request.model": model}, list.At(0).Attributes().AsRaw())
	}
}

func TestEndedSeriesHaveNoValue(t *testing.T) {
	for name, metric := range record(t, DefaultConfig(), State{Ended: true, Readings: []llmengine.Reading{
		{Concept: llmengine.Waiting, Value: 12}, {Concept: llmengine.KVUtilization, Value: 1},
	}}) {
		if metric.Type() == pmetric.MetricTypeSum {
			assert.True(t, metric.Sum().DataPoints().At(0).Flags().NoRecordedValue(), name)
		} else {
			assert.True(t, metric.Gauge().DataPoints().At(0).Flags().NoRecordedValue(), name)
		}
	}
	assert.Empty(t, record(t, DefaultConfig(), State{}), "nothing to say is nothing sent")
}

// TestPrometheusNames holds the names that recording rules, dashboards and alerts use.
func TestPrometheusNames(t *testing.T) {
	config := DefaultConfig()
	config.Metrics.LlmEngineKvCacheUsage.Enabled = true
	var readings []llmengine.Reading
	for c := range llmengine.NumConcepts {
		r := llmengine.Reading{Concept: c, Value: 1}
		if llmengine.Concepts[c].Kind == llmengine.Distribution {
			r.Histogram = &llmengine.Histogram{Counts: []uint64{1}}
		}
		readings = append(readings, r)
	}
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	var names []string
	for _, metric := range record(t, config, State{Status: llmengine.Ready, Readings: readings}) {
		var kind otlptranslator.MetricType = otlptranslator.MetricTypeGauge
		switch metric.Type() {
		case pmetric.MetricTypeSum:
			kind = otlptranslator.MetricTypeNonMonotonicCounter
			if metric.Sum().IsMonotonic() {
				kind = otlptranslator.MetricTypeMonotonicCounter
			}
		case pmetric.MetricTypeHistogram:
			kind = otlptranslator.MetricTypeHistogram
		}
		name, err := namer.Build(otlptranslator.Metric{Name: metric.Name(), Unit: metric.Unit(), Type: kind})
		require.NoError(t, err)
		names = append(names, name)
	}
	assert.ElementsMatch(t, []string{
		"gen_ai_server_request_duration_seconds", "gen_ai_server_time_per_output_token_seconds", "gen_ai_server_time_to_first_token_seconds",
		"llm_engine_batch_size", "llm_engine_batches_total", "llm_engine_kv_cache_limit", "llm_engine_kv_cache_usage",
		"llm_engine_kv_cache_utilization_ratio", "llm_engine_lora_adapters", "llm_engine_lora_limit", "llm_engine_model_load_duration_seconds",
		"llm_engine_model_loaded", "llm_engine_model_memory_usage_bytes", "llm_engine_preemptions_total", "llm_engine_prefix_cache_hit_ratio",
		"llm_engine_prefix_cache_hits_total", "llm_engine_prefix_cache_queries_total", "llm_engine_request_queue_duration_seconds",
		"llm_engine_requests_limit", "llm_engine_requests_running", "llm_engine_requests_total", "llm_engine_requests_waiting",
		"llm_engine_speculation_acceptance_ratio", "llm_engine_speculation_accepted_tokens_total", "llm_engine_speculation_draft_tokens_total",
		"llm_engine_status", "llm_engine_usage_cache_read_input_tokens_total", "llm_engine_usage_input_tokens_total",
		"llm_engine_usage_output_tokens_total",
	}, names)
}
