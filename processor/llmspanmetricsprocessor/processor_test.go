// SPDX-License-Identifier: Apache-2.0

package llmspanmetricsprocessor_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var background = context.Background()

// chats returns a number of spans of LLM requests. Those with different first numbers are different spans.
func chats(n, first int) ptrace.Traces {
	return tracetest.Make(tracetest.Shape{Spans: n, First: first})
}

// requests adds up llm.requests over the last point of every series.
func requests(sink *consumertest.MetricsSink) (total int64) {
	last := map[string]int64{}
	for _, metrics := range sink.AllMetrics() {
		for _, rm := range metrics.ResourceMetrics().All() {
			for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
				if m.Name() != "llm.requests" {
					continue
				}
				for _, p := range m.Sum().DataPoints().All() {
					key := p.StartTimestamp().String()
					for k, v := range p.Attributes().All() {
						key += k + v.AsString()
					}
					for k, v := range rm.Resource().Attributes().All() {
						key += k + v.AsString()
					}
					last[key] = p.IntValue()
				}
			}
		}
	}
	for _, n := range last {
		total += n
	}
	return total
}

// answer makes a traces consumer that answers with the errors in turn.
func answer(answers ...error) consumer.Traces {
	c, _ := consumer.NewTraces(func(context.Context, ptrace.Traces) error {
		err := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return err
	})
	return c
}

func TestWhatWasReadIsDeliveredAtTheEnd(t *testing.T) {
	p := startPipeline(t, nil)
	require.NoError(t, p.processor.ConsumeTraces(background, chats(20, 0)))
	assert.Empty(t, p.metrics.AllMetrics())
	p.stop(t)
	assert.EqualValues(t, 20, requests(p.metrics))
}

func TestMetricsComeAtEveryInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := startPipeline(t, map[string]any{"flush_interval": "1s", "decision_wait": "0s"})
		defer p.stop(t)
		require.NoError(t, p.processor.ConsumeTraces(background, chats(20, 0)))
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Len(t, p.metrics.AllMetrics(), 1)
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Len(t, p.metrics.AllMetrics(), 2)
	})
}

func TestOnlyWhatTheNextConsumerAcceptsIsCounted(t *testing.T) {
	refused := errors.New("try again")
	for name, test := range map[string]struct {
		commit  string
		answers []error
		sent    int
		counted int64
	}{
		"accepted":                           {"accepted", []error{nil}, 1, 10},
		"refused, and accepted on the retry": {"accepted", []error{refused, refused, nil}, 3, 10},
		"refused for good":                   {"accepted", []error{consumererror.NewPermanent(refused)}, 1, 10},
		"refused without a retry":            {"accepted", []error{refused}, 1, 0},
		"refused, but always counted":        {"always", []error{refused, nil}, 2, 10},
	} {
		t.Run(name, func(t *testing.T) {
			s, sink := newService(), new(consumertest.MetricsSink)
			c := s.newConnector(t, nil, sink)
			p := s.newProcessor(t, map[string]any{"commit": test.commit}, answer(test.answers...))
			start(t, c, p)
			for i := range test.sent {
				err := p.ConsumeTraces(background, chats(10, 0))
				assert.Equal(t, test.answers[min(i, len(test.answers)-1)], err, "the answer goes back to the sender")
			}
			stop(t, p, c)
			assert.Equal(t, test.counted, requests(sink))
		})
	}
}

func TestASpanThatComesThroughTwoPipelinesCountsOnce(t *testing.T) {
	s, sink := newService(), new(consumertest.MetricsSink)
	c := s.newConnector(t, nil, sink)
	first, second := s.newProcessor(t, nil, c), s.newProcessor(t, nil, c)
	start(t, c, first, second)
	require.NoError(t, first.ConsumeTraces(background, chats(10, 0)))
	require.NoError(t, second.ConsumeTraces(background, chats(10, 0)))
	require.NoError(t, second.ConsumeTraces(background, chats(10, 100)))
	stop(t, first)
	require.NoError(t, second.ConsumeTraces(background, chats(10, 200)), "the other pipeline goes on")
	stop(t, second, c)
	assert.EqualValues(t, 30, requests(sink))
}

func TestSpansAreReadBeforeTheyAreHandedOn(t *testing.T) {
	s, sink := newService(), new(consumertest.MetricsSink)
	c := s.newConnector(t, nil, sink)
	takes, err := consumer.NewTraces(func(_ context.Context, traces ptrace.Traces) error {
		ptrace.NewTraces().MoveTo(traces)
		return nil
	})
	require.NoError(t, err)
	p := s.newProcessor(t, nil, takes)
	start(t, c, p)
	require.NoError(t, p.ConsumeTraces(background, chats(10, 0)))
	stop(t, p, c)
	assert.EqualValues(t, 10, requests(sink))
}

func TestSharedSpansAreOnlyRead(t *testing.T) {
	p := startPipeline(t, nil)
	traces := chats(10, 0)
	traces.MarkReadOnly()
	require.NoError(t, p.processor.ConsumeTraces(background, traces))
	p.stop(t)
	assert.EqualValues(t, 10, requests(p.metrics))
	assert.False(t, p.processor.Capabilities().MutatesData)
}

// The collector gives a copy of shared spans to who says that it changes them.
func TestWhoEnrichesSpansSaysSo(t *testing.T) {
	p := startPipeline(t, map[string]any{"enrichment": map[string]any{"enabled": true}})
	p.stop(t)
	assert.True(t, p.processor.Capabilities().MutatesData)
}

func TestARetriedBatchIsEnrichedAndCountedOnce(t *testing.T) {
	s, sink, passed := newService(), new(consumertest.MetricsSink), new(consumertest.TracesSink)
	c := s.newConnector(t, nil, sink)
	refuses := true
	next, err := consumer.NewTraces(func(ctx context.Context, traces ptrace.Traces) error {
		if refuses {
			refuses = false
			return errors.New("try again")
		}
		return passed.ConsumeTraces(ctx, traces)
	})
	require.NoError(t, err)
	p := s.newProcessor(t, map[string]any{"enrichment": map[string]any{"enabled": true}}, next)
	start(t, c, p)
	traces := chats(10, 0)
	require.Error(t, p.ConsumeTraces(background, traces))
	require.NoError(t, p.ConsumeTraces(background, traces))
	stop(t, p, c)
	assert.EqualValues(t, 10, requests(sink))
	for _, span := range passed.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		outcome, _ := span.Attributes().Get("llm.outcome")
		assert.Equal(t, "success", outcome.AsString())
		_, again := span.Attributes().Get("llm.duplicate")
		assert.False(t, again)
	}
}

func TestAProcessorWithoutItsConnectorSaysWhatToAdd(t *testing.T) {
	s := newService()
	other := service{telemetry: s.telemetry, id: component.MustNewIDWithName("llm_span_metrics", "other")}
	c := other.newConnector(t, nil, consumertest.NewNop())
	start(t, c)
	defer stop(t, c)
	err := s.newProcessor(t, nil, consumertest.NewNop()).Start(background, componenttest.NewNopHost())
	require.Error(t, err)
	for _, part := range []string{
		`processor "llm_span_metrics"`, "connectors:\n  llm_span_metrics:\n", "exporters: [llm_span_metrics]",
		"receivers: [llm_span_metrics]", "there is llm_span_metrics/other",
	} {
		assert.ErrorContains(t, err, part)
	}
}

func TestSettingsOnBothSidesAreRefused(t *testing.T) {
	s := newService()
	c := s.newConnector(t, map[string]any{"flush_interval": "15s"}, consumertest.NewNop())
	start(t, c)
	defer stop(t, c)
	err := s.newProcessor(t, nil, c).Start(background, componenttest.NewNopHost())
	assert.EqualError(t, err, "connectors::llm_span_metrics sets flush_interval, but where a processor llm_span_metrics reads, "+
		"settings belong there: move them to processors::llm_span_metrics and leave connectors::llm_span_metrics empty")
}

func TestTwoServicesInOneProcessAreApart(t *testing.T) {
	first, second := startPipeline(t, nil), startPipeline(t, nil)
	require.NoError(t, first.processor.ConsumeTraces(background, chats(10, 0)))
	require.NoError(t, second.processor.ConsumeTraces(background, chats(5, 0)))
	first.stop(t)
	second.stop(t)
	assert.EqualValues(t, 10, requests(first.metrics))
	assert.EqualValues(t, 5, requests(second.metrics))
}

func TestHugeSpansAreReadWithinBounds(t *testing.T) {
	p := startPipeline(t, nil)
	traces := chats(1, 0)
	attributes := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes()
	attributes.PutStr("gen_ai.request.model", strings.Repeat("é", 1<<19))
	for i := range 10_000 {
		attributes.PutStr(fmt.Sprintf("gen_ai.custom.%d", i), "x")
	}
	require.NoError(t, p.processor.ConsumeTraces(background, traces))
	p.stop(t)
	require.EqualValues(t, 1, requests(p.metrics))
	metric := p.metrics.AllMetrics()[0].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
	model, _ := metric.Histogram().DataPoints().At(0).Attributes().Get("gen_ai.request.model")
	assert.Equal(t, strings.Repeat("é", 128), model.Str())
}

func TestShutdownWithoutStartIsSafe(t *testing.T) {
	s := newService()
	c := s.newConnector(t, nil, consumertest.NewNop())
	stop(t, s.newProcessor(t, nil, c), c, c)
}

func start(t *testing.T, components ...component.Component) {
	t.Helper()
	for _, c := range components {
		require.NoError(t, c.Start(background, componenttest.NewNopHost()))
	}
}

func stop(t *testing.T, components ...component.Component) {
	t.Helper()
	for _, c := range components {
		require.NoError(t, c.Shutdown(background))
	}
}
