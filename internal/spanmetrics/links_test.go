// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// link is a span of an agent framework: a call, or something between calls.
type link struct {
	operation  string
	id, parent byte
	// from and to are seconds, input tokens.
	from, to float64
	input    int64
	response string
	// url and status are those of an HTTP request.
	url    string
	status int64
}

// named gives the response an id.
func (l link) named(response string) link {
	l.response = response
	return l
}

// spanOf returns a span id as SDKs make them up.
func spanOf(id byte) pcommon.SpanID {
	return pcommon.SpanID{id, 0x5c, 0xe1, 0x92, 0x07, 0x3f, 0xd8, id ^ 0xa6}
}

// sent is a batch of one span that comes after a time.
func (l link) sent(after time.Duration) arrival {
	traces := ptrace.NewTraces()
	resource := traces.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "shop")
	scope := resource.ScopeSpans().AppendEmpty()
	scope.Scope().SetName("own.agent")
	span := scope.Spans().AppendEmpty()
	span.SetTraceID(pcommon.TraceID{7})
	span.SetSpanID(spanOf(l.id))
	if l.parent != 0 {
		span.SetParentSpanID(spanOf(l.parent))
	}
	at := func(seconds float64) pcommon.Timestamp {
		return pcommon.NewTimestampFromTime(tracetest.Start.Add(time.Duration(seconds * float64(time.Second))))
	}
	span.SetStartTimestamp(at(l.from))
	span.SetEndTimestamp(at(l.to))
	if l.status != 0 {
		span.SetKind(ptrace.SpanKindClient)
		span.Attributes().PutStr("http.request.method", "POST")
		if l.url != "" {
			span.Attributes().PutStr("url.full", l.url)
		}
		span.Attributes().PutInt("http.response.status_code", l.status)
		if l.status >= 400 {
			span.Status().SetCode(ptrace.StatusCodeError)
		}
	} else {
		span.Attributes().PutStr("gen_ai.operation.name", l.operation)
	}
	if l.operation == "chat" {
		span.Attributes().PutStr("gen_ai.request.model", "m")
	}
	if l.response != "" {
		span.Attributes().PutStr("gen_ai.response.id", l.response)
	}
	if l.input > 0 {
		span.Attributes().PutInt("gen_ai.usage.input_tokens", l.input)
		span.Attributes().PutInt("gen_ai.usage.output_tokens", 1)
	}
	return arrival{at: after, traces: traces}
}

// Spans between a call and what describes it again come in any order. They may come when the call was counted long ago.
func TestWhatLiesAroundACountedCallIsKnownByLateLinks(t *testing.T) {
	call := link{operation: "chat", id: 5, parent: 4, from: 1, to: 2, input: 10}
	step, agent := link{operation: "chain", id: 4, parent: 3, to: 3}, link{operation: "invoke_agent", id: 3, parent: 2, to: 3}
	wrapper := link{operation: "chat", id: 2, to: 40, input: 10}
	tool := link{operation: "execute_tool", id: 4, parent: 2, from: 0.5, to: 3}
	for name, test := range map[string]struct {
		arrivals []arrival
		requests uint64
		input    float64
	}{
		"links after the call": {
			[]arrival{call.sent(0), step.sent(20 * time.Second), agent.sent(40 * time.Second), wrapper.sent(60 * time.Second)}, 1, 10,
		},
		"links in the other order": {
			[]arrival{call.sent(0), agent.sent(20 * time.Second), step.sent(24 * time.Second), wrapper.sent(60 * time.Second)}, 1, 10,
		},
		"links with the wrapper": {
			[]arrival{call.sent(0), agent.sent(60 * time.Second), step.sent(60 * time.Second), wrapper.sent(60 * time.Second)}, 1, 10,
		},
		"the wrapper first": {
			[]arrival{wrapper.sent(0), agent.sent(20 * time.Second), step.sent(40 * time.Second), call.sent(60 * time.Second)}, 1, 10,
		},
		"a tool between": {
			[]arrival{call.sent(0), tool.sent(20 * time.Second), wrapper.sent(60 * time.Second)}, 2, 20,
		},
		// The wrapper's tokens are the sum of both calls: the second one must not get them.
		"a second call with the wrapper": {
			[]arrival{
				call.sent(0), step.sent(20 * time.Second), agent.sent(20 * time.Second),
				link{operation: "chat", id: 6, parent: 2, from: 30, to: 39}.sent(58 * time.Second),
				link{operation: "chat", id: 2, to: 40, input: 30}.sent(60 * time.Second),
			}, 2, 10,
		},
		"a second call with the wrapper and the links": {
			[]arrival{
				call.sent(0),
				link{operation: "chat", id: 6, parent: 2, from: 30, to: 39}.sent(58 * time.Second),
				step.sent(60 * time.Second), agent.sent(60 * time.Second),
				link{operation: "chat", id: 2, to: 40, input: 30}.sent(60 * time.Second),
			}, 2, 10,
		},
	} {
		t.Run(name, func(t *testing.T) {
			e, now := arrive(t, waitingOptions(), test.arrivals)
			all := settled(t)(e, now)
			assert.Equal(t, test.requests, e.Stats().Requests)
			assert.InDelta(t, test.input, all.perMetric()["llm.usage.input_tokens"].sum, 0)
		})
	}
}

// A span that holds a time of a request keeps it waiting for the others. It may come before it or after it.
func TestStagesKeepTheirRequestWaiting(t *testing.T) {
	cases := batchCases(t)
	spans := spansOf(cases["sglang"]...)
	want := metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(spans)}})
	// The first one is the request, the others lie below it.
	for name, times := range map[string][]time.Duration{
		"after the request":       {0, 5 * time.Second, 6 * time.Second, 6 * time.Second},
		"long before the request": {50 * time.Second, 0, 0, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			var arrivals []arrival
			for second := range 60 {
				for i, at := range times {
					if at == time.Duration(second)*time.Second {
						arrivals = append(arrivals, arrival{at: at, traces: tracesOf(spans[i : i+1])})
					}
				}
			}
			requireEqual(t, want, metricsOf(t, waitingOptions(), arrivals))
		})
	}
}

// The root span of an engine that writes it at the end is alone in its trace.
func TestLoneRequestsCountAtOnceAndOnce(t *testing.T) {
	alone := func(parent byte) ptrace.Traces {
		traces := output(1, 10, "")
		span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
		if parent != 0 {
			span.SetParentSpanID(pcommon.SpanID{parent})
		}
		return traces
	}
	e := New(waitingOptions(), epoch)
	e.Commit(e.Read(alone(0)), epoch)
	assert.EqualValues(t, 1, e.Stats().Requests)
	e.Commit(e.Read(alone(0)), epoch.Add(time.Second))
	assert.EqualValues(t, 1, e.Stats().Requests)
	assert.EqualValues(t, 1, e.Stats().Duplicates[llm.Resent])
	requireAccount(t, e)

	e = New(waitingOptions(), epoch)
	e.Commit(e.Read(alone(9)), epoch)
	assert.Zero(t, e.Stats().Requests, "a caller's span can name its model")
	assert.Equal(t, 1, e.Stats().Waiting.Requests)
}
