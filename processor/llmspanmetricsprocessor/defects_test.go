// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Defects that connectors which derive metrics from spans are known for, each with a test that shows its absence. Tested
// elsewhere, where those things are: metrics of the last interval, overflow sets in use, spans without service.name, exemplars'
// times.

// points returns the data points of all batches by the name of their metric.
func points(sink *consumertest.MetricsSink) (counters map[string][]pmetric.NumberDataPoint, histograms map[string][]pmetric.HistogramDataPoint) {
	counters, histograms = map[string][]pmetric.NumberDataPoint{}, map[string][]pmetric.HistogramDataPoint{}
	for _, metrics := range sink.AllMetrics() {
		for _, rm := range metrics.ResourceMetrics().All() {
			for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
				switch m.Type() {
				case pmetric.MetricTypeSum:
					for _, p := range m.Sum().DataPoints().All() {
						counters[m.Name()] = append(counters[m.Name()], p)
					}
				case pmetric.MetricTypeHistogram:
					for _, p := range m.Histogram().DataPoints().All() {
						histograms[m.Name()] = append(histograms[m.Name()], p)
					}
				}
			}
		}
	}
	return counters, histograms
}

func TestAllMetricsAgreeAtTheFirstDelivery(t *testing.T) {
	p := startPipeline(t, nil)
	require.NoError(t, p.processor.ConsumeTraces(background, chats(7, 0)))
	p.stop(t)
	counters, histograms := points(p.metrics)
	assert.EqualValues(t, 7, counters["llm.requests"][0].IntValue())
	assert.EqualValues(t, 7, histograms["gen_ai.client.operation.duration"][0].Count())
	assert.EqualValues(t, 7*340, counters["llm.usage.output_tokens"][0].IntValue())
}

func TestScopesDoNotTakeEachOthersName(t *testing.T) {
	p := startPipeline(t, nil)
	traces := chats(1, 0)
	chats(1, 1).ResourceSpans().At(0).ScopeSpans().MoveAndAppendTo(traces.ResourceSpans().At(0).ScopeSpans())
	traces.ResourceSpans().At(0).ScopeSpans().At(1).Scope().SetName("another")
	require.NoError(t, p.processor.ConsumeTraces(background, traces))
	p.stop(t)
	counters, _ := points(p.metrics)
	require.Len(t, counters["llm.requests"], 1)
	for key, value := range counters["llm.requests"][0].Attributes().All() {
		assert.NotContains(t, []string{"another", "opentelemetry.instrumentation.openai_v2"}, value.AsString(), key)
	}
}

func TestDeltaSeriesOfTwoResourcesHaveStartTimesOfTheirOwnWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := startPipeline(t, map[string]any{"temporality": "delta", "flush_interval": "10s"})
		begin := time.Now()
		for i, name := range []string{"first", "second"} {
			traces := chats(1, i)
			traces.ResourceSpans().At(0).Resource().Attributes().PutStr("service.name", name)
			require.NoError(t, p.processor.ConsumeTraces(background, traces))
			time.Sleep(10 * time.Second)
			synctest.Wait()
		}
		p.stop(t)
		counters, _ := points(p.metrics)
		require.Len(t, counters["llm.requests"], 2)
		for i, point := range counters["llm.requests"] {
			assert.Equal(t, begin.Add(time.Duration(i)*10*time.Second).UTC(), point.StartTimestamp().AsTime())
			assert.Equal(t, begin.Add(time.Duration(i+1)*10*time.Second).UTC(), point.Timestamp().AsTime())
		}
	})
}

// Texts that were cut within a character are no UTF-8. Exporters and receivers refuse them, and what comes along with them.
func TestTextsThatAreNoUTF8AreWrittenSoThatTheyCanBeTold(t *testing.T) {
	p := startPipeline(t, nil)
	traces := chats(2, 0)
	traces.ResourceSpans().At(0).Resource().Attributes().PutStr("service.name", "caf\xc3")
	spans := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	spans.At(0).Attributes().PutStr("gen_ai.request.model", "modèle \xe2\x82")
	spans.At(1).Attributes().PutStr("gen_ai.request.model", "modèle \xe2")
	require.NoError(t, p.processor.ConsumeTraces(background, traces))
	p.stop(t)
	service, _ := p.metrics.AllMetrics()[0].ResourceMetrics().At(0).Resource().Attributes().Get("service.name")
	assert.Equal(t, `caf\xc3`, service.Str())
	var models []string
	counters, _ := points(p.metrics)
	for _, point := range counters["llm.requests"] {
		model, _ := point.Attributes().Get("gen_ai.request.model")
		models = append(models, model.Str())
	}
	assert.ElementsMatch(t, []string{`modèle \xe2\x82`, `modèle \xe2`}, models)
}

func TestNothingOfTheSpansIsKept(t *testing.T) {
	p := startPipeline(t, nil)
	traces := chats(5, 0)
	require.NoError(t, p.processor.ConsumeTraces(background, traces))
	// What the spans' memory holds afterwards belongs to somebody else.
	traces.ResourceSpans().At(0).Resource().Attributes().PutStr("service.name", "overwritten")
	traces.ResourceSpans().RemoveIf(func(ptrace.ResourceSpans) bool { return true })
	p.stop(t)
	name, _ := p.metrics.AllMetrics()[0].ResourceMetrics().At(0).Resource().Attributes().Get("service.name")
	assert.Equal(t, "service-0", name.Str())
}

func TestManySendersDeliveriesAndTheEndTogetherLoseNothing(t *testing.T) {
	const senders, batches, size = 4, 40, 10
	s, sink := newService(), new(consumertest.MetricsSink)
	c := s.newConnector(t, nil, sink)
	first := s.newProcessor(t, map[string]any{"flush_interval": "100ms"}, c)
	second := s.newProcessor(t, map[string]any{"flush_interval": "100ms"}, c)
	start(t, c, first, second)
	var group sync.WaitGroup
	for n := range senders {
		group.Go(func() {
			for b := range batches {
				p := first
				if b%2 == 0 {
					p = second
				}
				assert.NoError(t, p.ConsumeTraces(background, chats(size, (n*batches+b)*size)))
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	group.Wait()
	stop(t, []component.Component{first, second, c}...)
	assert.EqualValues(t, senders*batches*size, requests(sink))
}
