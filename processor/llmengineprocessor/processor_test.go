// SPDX-License-Identifier: Apache-2.0

package llmengineprocessor

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otelcol-llm/otelcol-llm/internal/enginemetrics"
	"github.com/otelcol-llm/otelcol-llm/processor/llmengineprocessor/internal/metadata"
)

func started(t *testing.T, change func(*Config)) *engineProcessor {
	t.Helper()
	config := createDefaultConfig().(*Config)
	if change != nil {
		change(config)
	}
	p := newProcessor(config, processortest.NewNopSettings(metadata.Type))
	p.now = func() time.Time { return time.Unix(1_796_000_100, 0) }
	require.NoError(t, p.start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, p.shutdown(t.Context())) })
	return p
}

// scrape is what the Prometheus receiver makes of a target.
type scrape struct {
	metrics  pmetric.Metrics
	resource pmetric.ResourceMetrics
	list     pmetric.MetricSlice
}

func newScrape(job string) *scrape {
	s := &scrape{metrics: pmetric.NewMetrics()}
	s.resource = s.metrics.ResourceMetrics().AppendEmpty()
	s.resource.Resource().Attributes().PutStr("service.name", job)
	s.resource.Resource().Attributes().PutStr("service.instance.id", "10.0.0.1:8000")
	s.resource.Resource().Attributes().PutStr("k8s.pod.name", job+"-0")
	scope := s.resource.ScopeMetrics().AppendEmpty()
	scope.Scope().SetName("github.com/open-telemetry/opentelemetry-collector-contrib/receiver/prometheusreceiver")
	s.list = scope.Metrics()
	return s
}

const at = pcommon.Timestamp(1_796_000_050e9)

func (s *scrape) gauge(name string, value float64, labels ...string) pmetric.NumberDataPoint {
	return point(metricOf(s.list, name, func(m pmetric.Metric) { m.SetEmptyGauge() }).Gauge().DataPoints(), value, labels)
}

func (s *scrape) counter(name string, value float64, labels ...string) pmetric.NumberDataPoint {
	return point(metricOf(s.list, name, func(m pmetric.Metric) { m.SetEmptySum().SetIsMonotonic(true) }).Sum().DataPoints(), value, labels)
}

func metricOf(list pmetric.MetricSlice, name string, become func(pmetric.Metric)) pmetric.Metric {
	for _, metric := range list.All() {
		if metric.Name() == name {
			return metric
		}
	}
	metric := list.AppendEmpty()
	metric.SetName(name)
	become(metric)
	return metric
}

func point(points pmetric.NumberDataPointSlice, value float64, labels []string) pmetric.NumberDataPoint {
	p := points.AppendEmpty()
	p.SetDoubleValue(value)
	p.SetTimestamp(at)
	for i := 0; i < len(labels); i += 2 {
		p.Attributes().PutStr(labels[i], labels[i+1])
	}
	return p
}

// vocabulary are the resources that were added.
func vocabulary(metrics pmetric.Metrics) (added []pmetric.ResourceMetrics) {
	for _, rm := range metrics.ResourceMetrics().All() {
		if isVocabulary(rm) {
			added = append(added, rm)
		}
	}
	return added
}

func metricNamed(t *testing.T, rm pmetric.ResourceMetrics, name string) pmetric.Metric {
	t.Helper()
	for _, metric := range rm.ScopeMetrics().At(0).Metrics().All() {
		if metric.Name() == name {
			return metric
		}
	}
	require.Fail(t, "no metric "+name)
	return pmetric.Metric{}
}

func stateOf(t *testing.T, rm pmetric.ResourceMetrics) string {
	t.Helper()
	for _, p := range metricNamed(t, rm, "llm.engine.status").Sum().DataPoints().All() {
		if p.IntValue() == 1 {
			state, _ := p.Attributes().Get("llm.engine.state")
			return state.Str()
		}
	}
	return ""
}

func vllmScrape() *scrape {
	s := newScrape("chat")
	s.gauge("up", 1)
	s.gauge("vllm:num_requests_waiting", 7, "engine", "0", "model_name", "m")
	s.counter("vllm:prompt_tokens_total", 30, "engine", "0", "model_name", "m")
	s.gauge("vllm:prompt_tokens_created", 1_796_000_000, "engine", "0", "model_name", "m")
	s.gauge("process_start_time_seconds", 1_795_999_999)
	s.counter("http_requests_total", 5, "code", "200")
	return s
}

func TestTheVocabularyIsAdded(t *testing.T) {
	p := started(t, nil)
	s := vllmScrape()
	before := pmetric.NewResourceMetrics()
	s.resource.CopyTo(before)
	out, err := p.process(t.Context(), s.metrics)
	require.NoError(t, err)
	require.Equal(t, 2, out.ResourceMetrics().Len())
	assert.Equal(t, before, out.ResourceMetrics().At(0), "what came stays as it is")

	added := vocabulary(out)[0]
	assert.Equal(t, map[string]any{
		"service.name": "chat", "service.instance.id": "10.0.0.1:8000", "k8s.pod.name": "chat-0", "llm.engine.name": "vllm",
	}, added.Resource().Attributes().AsRaw())
	assert.Equal(t, "ready", stateOf(t, added))
	waiting := metricNamed(t, added, "llm.engine.requests.waiting").Sum().DataPoints().At(0)
	assert.Equal(t, int64(7), waiting.IntValue())
	assert.Equal(t, at, waiting.Timestamp())
	tokens := metricNamed(t, added, "llm.engine.usage.input_tokens").Sum().DataPoints().At(0)
	assert.Equal(t, pcommon.Timestamp(1_795_999_999e9), tokens.StartTimestamp(), "of the process")
}

func TestAStartTimeOfTheReceiverCounts(t *testing.T) {
	s := vllmScrape()
	s.counter("vllm:generation_tokens_total", 3, "model_name", "m").SetStartTimestamp(17)
	out, err := started(t, nil).process(t.Context(), s.metrics)
	require.NoError(t, err)
	tokens := metricNamed(t, vocabulary(out)[0], "llm.engine.usage.output_tokens").Sum().DataPoints().At(0)
	assert.Equal(t, pcommon.Timestamp(17), tokens.StartTimestamp())
}

func TestTwoProcessorsInARowAddOnce(t *testing.T) {
	first, second := started(t, nil), started(t, nil)
	out, err := first.process(t.Context(), vllmScrape().metrics)
	require.NoError(t, err)
	want := pmetric.NewMetrics()
	out.CopyTo(want)
	out, err = second.process(t.Context(), out)
	require.NoError(t, err)
	assert.Equal(t, want, out)
}

func TestInsteadOfTheSource(t *testing.T) {
	out, err := started(t, func(c *Config) { c.KeepSource = false }).process(t.Context(), vllmScrape().metrics)
	require.NoError(t, err)
	var names []string
	for _, metric := range out.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		names = append(names, metric.Name())
	}
	assert.ElementsMatch(t, []string{"up", "process_start_time_seconds", "http_requests_total"}, names, "what is not an engine's stays")
	assert.Len(t, vocabulary(out), 1)
}

func TestOnlyTheVocabulary(t *testing.T) {
	s := vllmScrape()
	s.gauge("scrape_samples_scraped", 5)
	s.gauge("vllm:a_name_of_tomorrow", 5, "model_name", "m")
	other := newScrape("node")
	other.counter("http_requests_total", 5, "code", "200")
	other.resource.MoveTo(s.metrics.ResourceMetrics().AppendEmpty())
	out, err := started(t, func(c *Config) { c.KeepSource, c.KeepOthers = false, false }).process(t.Context(), s.metrics)
	require.NoError(t, err)
	var names []string
	for _, rm := range out.ResourceMetrics().All() {
		if !isVocabulary(rm) {
			for _, metric := range rm.ScopeMetrics().At(0).Metrics().All() {
				names = append(names, metric.Name())
			}
		}
	}
	assert.ElementsMatch(t, []string{"up", "scrape_samples_scraped", "http_requests_total"}, names, "of the other target all")
	assert.Len(t, vocabulary(out), 1)
}

func TestWhatIsNoEnginePasses(t *testing.T) {
	s := newScrape("node")
	s.gauge("up", 0)
	s.counter("prompt_tokens_total", 1)
	before := pmetric.NewMetrics()
	s.metrics.CopyTo(before)
	out, err := started(t, func(c *Config) { c.KeepSource = false }).process(t.Context(), s.metrics)
	require.NoError(t, err)
	assert.Equal(t, before, out)
}

func TestADeadTarget(t *testing.T) {
	p := started(t, nil)
	_, err := p.process(t.Context(), vllmScrape().metrics)
	require.NoError(t, err)

	// The Prometheus receiver's first failed scrape ends the series.
	s := newScrape("chat")
	s.gauge("up", 0)
	ended := s.gauge("vllm:num_requests_waiting", 0, "engine", "0", "model_name", "m")
	ended.SetFlags(pmetric.DefaultDataPointFlags.WithNoRecordedValue(true))
	out, err := p.process(t.Context(), s.metrics)
	require.NoError(t, err)
	added := vocabulary(out)
	require.Len(t, added, 2)
	assert.Equal(t, "unreachable", stateOf(t, added[0]))
	waiting := metricNamed(t, added[1], "llm.engine.requests.waiting").Sum().DataPoints().At(0)
	assert.True(t, waiting.Flags().NoRecordedValue())
	attributes := waiting.Attributes().AsRaw()
	assert.Equal(t, map[string]any{"gen_ai.request.model": "m"}, attributes, "the same series")

	// Later ones have up alone.
	s = newScrape("chat")
	s.gauge("up", 0)
	out, err = p.process(t.Context(), s.metrics)
	require.NoError(t, err)
	assert.Equal(t, "unreachable", stateOf(t, vocabulary(out)[0]))
}

func TestANamedTargetThatNeverAnswered(t *testing.T) {
	s := newScrape("chat")
	s.resource.Resource().Attributes().PutStr("llm-d.ai/engine-type", "sglang")
	s.gauge("up", 0)
	out, err := started(t, func(c *Config) { c.EngineAttribute = "llm-d.ai/engine-type" }).process(t.Context(), s.metrics)
	require.NoError(t, err)
	added := vocabulary(out)
	require.Len(t, added, 1)
	assert.Equal(t, "unreachable", stateOf(t, added[0]))
	assert.Equal(t, "sglang", added[0].Resource().Attributes().AsRaw()["llm.engine.name"])
}

func TestTheModelOfATarget(t *testing.T) {
	s := newScrape("embed")
	s.gauge("te_queue_size", 4, "gen_ai_request_model", "bge")
	out, err := started(t, nil).process(t.Context(), s.metrics)
	require.NoError(t, err)
	waiting := metricNamed(t, vocabulary(out)[0], "llm.engine.requests.waiting").Sum().DataPoints().At(0)
	assert.Equal(t, map[string]any{"gen_ai.request.model": "bge"}, waiting.Attributes().AsRaw())
}

func TestARayNode(t *testing.T) {
	s := newScrape("ray")
	s.gauge("ray_vllm:num_requests_running", 1, "ReplicaId", "aa", "model_name", "m")
	s.gauge("ray_vllm:num_requests_running", 2, "ReplicaId", "bb", "model_name", "m")
	out, err := started(t, nil).process(t.Context(), s.metrics)
	require.NoError(t, err)
	var instances []any
	for _, rm := range vocabulary(out) {
		instances = append(instances, rm.Resource().Attributes().AsRaw()["service.instance.id"])
	}
	assert.Equal(t, []any{"10.0.0.1:8000/aa", "10.0.0.1:8000/bb"}, instances)
}

func TestHistograms(t *testing.T) {
	s := newScrape("chat")
	metric := s.list.AppendEmpty()
	metric.SetName("vllm:time_to_first_token_seconds")
	p := metric.SetEmptyHistogram().DataPoints().AppendEmpty()
	p.Attributes().PutStr("model_name", "m")
	p.SetCount(6)
	p.SetSum(2.5)
	p.ExplicitBounds().FromRaw([]float64{0.1, 1})
	p.BucketCounts().FromRaw([]uint64{1, 2, 3})
	out, err := started(t, func(c *Config) { c.Histograms = true }).process(t.Context(), s.metrics)
	require.NoError(t, err)
	got := metricNamed(t, vocabulary(out)[0], "gen_ai.server.time_to_first_token").Histogram().DataPoints().At(0)
	assert.Equal(t, []uint64{1, 2, 3}, got.BucketCounts().AsRaw())
	assert.Equal(t, []float64{0.1, 1}, got.ExplicitBounds().AsRaw())
	assert.Equal(t, 2.5, got.Sum())
	assert.Equal(t, enginemetrics.ScopeName, vocabulary(out)[0].ScopeMetrics().At(0).Scope().Name())
}

// A hundred thousand series are read in part, in time that is not felt, and all of them pass.
func TestManySeriesAreBounded(t *testing.T) {
	s := vllmScrape()
	waiting := metricOf(s.list, "vllm:num_requests_running", func(m pmetric.Metric) { m.SetEmptyGauge() }).Gauge().DataPoints()
	for i := range 100_000 {
		point(waiting, 1, []string{"engine", strconv.Itoa(i), "model_name", "m"})
	}
	before := s.metrics.DataPointCount()
	begin := time.Now()
	out, err := started(t, nil).process(t.Context(), s.metrics)
	require.NoError(t, err)
	added := out.DataPointCount() - before
	assert.Positive(t, added)
	assert.LessOrEqual(t, added, 2_100)
	assert.Less(t, time.Since(begin), 20*time.Second)
}

// Types that are not the engine's, families that come twice, and values that are none disturb nothing else.
func TestOddMetrics(t *testing.T) {
	s := vllmScrape()
	s.gauge("vllm:num_requests_waiting", 3, "engine", "1", "model_name", "m") // a second family of one name
	s.counter("vllm:num_requests_running", 2, "engine", "0", "model_name", "m")
	s.gauge("vllm:kv_cache_usage_perc", math.NaN(), "engine", "0", "model_name", "m")
	metricOf(s.list, "vllm:generation_tokens_total", func(m pmetric.Metric) {
		m.SetEmptyExponentialHistogram().DataPoints().AppendEmpty().SetCount(5)
	})
	metricOf(s.list, "vllm:num_preemptions_total", func(m pmetric.Metric) { m.SetEmptyHistogram().DataPoints().AppendEmpty().SetCount(5) })
	out, err := started(t, nil).process(t.Context(), s.metrics)
	require.NoError(t, err)
	added := vocabulary(out)[0]
	assert.Equal(t, 2, metricNamed(t, added, "llm.engine.requests.waiting").Sum().DataPoints().Len())
	assert.Equal(t, int64(2), metricNamed(t, added, "llm.engine.requests.running").Sum().DataPoints().At(0).IntValue())
	for _, metric := range added.ScopeMetrics().At(0).Metrics().All() {
		assert.NotContains(t, []string{"llm.engine.kv_cache.utilization", "llm.engine.usage.output_tokens", "llm.engine.preemptions"}, metric.Name())
	}
}
