// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// perToken prices know what tokens cost.
type perToken struct{}

func (perToken) Cost(q *llm.Request, _ *llm.ModalityTokens) (float64, llm.Assumed, bool) {
	return float64(max(q.Number[fact.InputTokens], 0)) + 2*float64(max(q.Number[fact.OutputTokens], 0)), 0, true
}

// output returns vLLM's span of one output of a request.
func output(span byte, output int64, state string) ptrace.Traces {
	traces := ptrace.NewTraces()
	ss := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	ss.Scope().SetName("vllm.llm_engine")
	s := ss.Spans().AppendEmpty()
	s.SetName("llm_request")
	s.SetTraceID(pcommon.TraceID{1})
	s.SetSpanID(pcommon.SpanID{span})
	s.TraceState().FromRaw(state)
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(tracetest.Start))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(tracetest.Start.Add(time.Second)))
	s.Attributes().PutStr("gen_ai.request.id", "cmpl-1")
	s.Attributes().PutInt("gen_ai.usage.prompt_tokens", 100)
	s.Attributes().PutInt("gen_ai.usage.completion_tokens", output)
	return traces
}

// Engines write a span for each output of a request when it ends. So they come in different batches.
func TestAnOutputThatComesLaterAddsItsTokensToTotalsAlone(t *testing.T) {
	options := testOptions()
	options.Recent = RecentWindow{Size: 100, Age: time.Minute}
	e := New(options, epoch)
	e.SetPrices(perToken{})
	for _, traces := range []ptrace.Traces{output(1, 10, ""), output(2, 5, ""), output(2, 5, "")} {
		e.Commit(e.Read(traces), epoch)
	}
	metrics := gather(t, e, epoch.Add(time.Second))
	total := func(name string) int64 { return metrics[name].Sum().DataPoints().At(0).IntValue() }
	assert.EqualValues(t, 1, total("llm.requests"))
	assert.EqualValues(t, 100, total("llm.usage.input_tokens"), "the prompt was read once")
	assert.EqualValues(t, 15, total("llm.usage.output_tokens"), "a span that is sent again adds nothing")
	assert.InDelta(t, 100+2*15, metrics["llm.cost"].Sum().DataPoints().At(0).DoubleValue(), 1e-9)
	assert.EqualValues(t, 1, metrics["gen_ai.server.request.duration"].Histogram().DataPoints().At(0).Count())
}

func TestALaterOutputOfASampledRequestWeighsAsMuchAsThatOnAverage(t *testing.T) {
	const calls = 400
	options := testOptions()
	options.Recent = RecentWindow{Size: 10 * calls, Age: time.Minute}
	e := New(options, epoch)
	for call := range calls {
		for i := range 2 {
			traces := output(0, 1, "ot=th:55555555555555") // two of three are kept
			span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
			span.SetTraceID(pcommon.TraceID{1, byte(call >> 8), byte(call)})
			span.SetSpanID(pcommon.SpanID{byte(call * 37), byte(i + 1), byte(call >> 8), byte(call)})
			e.Commit(e.Read(traces), epoch)
		}
	}
	metrics := gather(t, e, epoch.Add(time.Second))
	assert.InDelta(t, 1.5*calls, metrics["llm.requests"].Sum().DataPoints().At(0).IntValue(), 1, "exact but for what is carried on")
	assert.InDelta(t, 3*calls, metrics["llm.usage.output_tokens"].Sum().DataPoints().At(0).IntValue(), 0.01*calls)
}

// logfire returns a span of Logfire's. It is the call, which ends when its stream begins, or the log of what the stream brought.
func logfire(span byte, kind string, tokens int64) ptrace.Traces {
	traces := ptrace.NewTraces()
	ss := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	ss.Scope().SetName("logfire.openai")
	s := ss.Spans().AppendEmpty()
	s.SetTraceID(pcommon.TraceID{1})
	s.SetSpanID(pcommon.SpanID{span})
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(tracetest.Start.Add(time.Duration(span) * time.Second)))
	s.SetEndTimestamp(s.StartTimestamp())
	s.Attributes().PutStr("logfire.span_type", kind)
	s.Attributes().PutStr("gen_ai.operation.name", "chat")
	s.Attributes().PutStr("gen_ai.request.model", "m")
	if tokens > 0 {
		s.Attributes().PutInt("gen_ai.usage.input_tokens", tokens)
		s.Attributes().PutInt("gen_ai.usage.output_tokens", 2*tokens)
		s.Attributes().PutDouble("operation.cost", 0.5)
	}
	return traces
}

// The log comes seconds after the call, mostly in another batch.
func TestTheLogOfAStreamThatComesLaterAddsItsTokensToTotalsAlone(t *testing.T) {
	both := logfire(1, "span", 0)
	logfire(2, "log", 10).ResourceSpans().MoveAndAppendTo(both.ResourceSpans())
	for name, batches := range map[string][]ptrace.Traces{
		"apart":            {logfire(1, "span", 0), logfire(2, "log", 10)},
		"sent again":       {logfire(1, "span", 0), logfire(2, "log", 10), logfire(2, "log", 10)},
		"the log first":    {logfire(2, "log", 10), logfire(1, "span", 0)},
		"together":         {both},
		"together and log": {both, logfire(2, "log", 10)},
	} {
		t.Run(name, func(t *testing.T) {
			options := testOptions()
			options.Recent = RecentWindow{Size: 100, Age: time.Minute}
			e := New(options, epoch)
			for _, traces := range batches {
				e.Commit(e.Read(traces), epoch)
			}
			metrics := gather(t, e, epoch.Add(time.Second))
			total := func(name string) int64 { return metrics[name].Sum().DataPoints().At(0).IntValue() }
			assert.EqualValues(t, 1, total("llm.requests"))
			assert.EqualValues(t, 10, total("llm.usage.input_tokens"))
			assert.EqualValues(t, 20, total("llm.usage.output_tokens"))
			assert.InDelta(t, 0.5, metrics["llm.cost"].Sum().DataPoints().At(0).DoubleValue(), 1e-9)
		})
	}
}
