// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Traces that never settle: whatever comes, all requests are counted, at no more than the memory of the bound.
func TestTracesThatNeverSettleAreBounded(t *testing.T) {
	tracetest.Long(t)
	const spans, batch = 100_000, 500
	for name, change := range map[string]func(*rand.Rand, ptrace.Span, int){
		"a million traces, each with a failed attempt": func(_ *rand.Rand, span ptrace.Span, _ int) {
			span.Status().SetCode(ptrace.StatusCodeError)
			span.Attributes().PutStr("error.type", "timeout")
		},
		"one trace": func(_ *rand.Rand, span ptrace.Span, _ int) {
			span.SetTraceID(pcommon.TraceID{1})
			span.SetParentSpanID(pcommon.SpanID{2})
		},
		"one trace of calls without parents": func(_ *rand.Rand, span ptrace.Span, _ int) {
			span.SetTraceID(pcommon.TraceID{1})
			span.SetParentSpanID(pcommon.SpanID{})
		},
		"random traces and parents": func(r *rand.Rand, span ptrace.Span, number int) {
			var trace pcommon.TraceID
			binary.BigEndian.PutUint64(trace[:], 1+r.Uint64N(2000))
			span.SetTraceID(trace)
			parent := span.SpanID()
			binary.BigEndian.PutUint64(parent[:], 1+r.Uint64N(uint64(number)+1))
			span.SetParentSpanID(parent)
		},
		"texts that are never the same": func(r *rand.Rand, span ptrace.Span, _ int) {
			for _, key := range []string{"gen_ai.response.id", "gen_ai.request.model", "gen_ai.response.model", "server.address"} {
				text := make([]byte, 200)
				for i := range text {
					text[i] = 'a' + byte(r.IntN(26))
				}
				span.Attributes().PutStr(key, string(text))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := waitingOptions()
			options.Instruments = onByDefault(options.Instruments)
			options.Waiting.Requests, options.Waiting.Bytes, options.Waiting.Spans = 10_000, 8<<20, 10_000
			options.Recent.Size = 1 << 12
			e := New(options, epoch)
			r := rand.New(rand.NewPCG(1, 2))
			now, before := epoch, liveHeap()
			most := 0
			for first := 0; first < spans; first += batch {
				traces := tracetest.Make(tracetest.Shape{Spans: batch, Sets: 10, First: first})
				if name == "a million traces, each with a failed attempt" {
					traces.ResourceSpans().At(0).ScopeSpans().At(0).Scope().SetName("bifrost")
				}
				changeAll(traces, func(span ptrace.Span, i int) { change(r, span, first+i) })
				now = now.Add(time.Millisecond)
				e.Commit(e.Read(traces), now)
				held := e.Stats().Waiting
				most = max(most, held.Bytes)
				require.LessOrEqual(t, held.Requests, options.Waiting.Requests)
			}
			requireAccount(t, e)
			s := e.Stats()
			assert.EqualValues(t, spans, s.Described)
			// One request may be above the bound, and what it needs.
			assert.LessOrEqual(t, most, options.Waiting.Bytes+4096)
			assert.Less(t, int64(liveHeap())-int64(before), int64(4*options.Waiting.Bytes), "memory of the whole engine")
			e.SettleAll(now)
			assert.Zero(t, e.Stats().Waiting.Requests)
			requireAccount(t, e)
			if name != "random traces and parents" { // some of which are wrappers
				assert.EqualValues(t, spans, e.Stats().Requests)
			}
			runtime.KeepAlive(e)
		})
	}
}

// One trace of agents, tools and calls never ends. All calls are counted, at no more than the memory of the bounds. With SOAK set
// it has a million spans.
func TestSoakOfATraceThatNeverEnds(t *testing.T) {
	const batch = 500
	spans := 50_000
	if os.Getenv("SOAK") != "" {
		spans = 1_000_000
	}
	options := waitingOptions()
	options.Instruments = onByDefault(options.Instruments)
	options.Waiting.Requests, options.Waiting.Bytes, options.Waiting.Spans = 10_000, 8<<20, 10_000
	options.Recent.Size = 1 << 12
	e := New(options, epoch)
	traces := tracetest.Make(tracetest.Shape{Spans: batch, Sets: 10})
	now, before, calls := epoch, liveHeap(), uint64(0)
	for first := 0; first < spans; first += batch {
		changeAll(traces, func(span ptrace.Span, i int) {
			number := uint64(first + i)
			var id, parent pcommon.SpanID
			binary.BigEndian.PutUint64(id[:], number+1)
			binary.BigEndian.PutUint64(parent[:], number/8*8+1)
			span.SetTraceID(pcommon.TraceID{1})
			span.SetSpanID(id)
			span.SetParentSpanID(parent)
			operation := "chat"
			switch number % 8 {
			case 0: // its own parent
				operation = "invoke_agent"
			case 1:
				operation = "execute_tool"
			default:
				calls++
			}
			span.Attributes().PutStr("gen_ai.operation.name", operation)
			span.Attributes().PutStr("gen_ai.response.id", strconv.FormatUint(number, 36))
		})
		now = now.Add(time.Millisecond)
		e.Commit(e.Read(traces), now)
		held := e.Stats().Waiting
		require.LessOrEqual(t, held.Requests, options.Waiting.Requests)
		require.LessOrEqual(t, held.Spans, options.Waiting.Spans)
		require.LessOrEqual(t, held.Bytes, options.Waiting.Bytes+4096)
	}
	assert.Less(t, int64(liveHeap())-int64(before), int64(4*options.Waiting.Bytes), "memory of the whole engine")
	e.SettleAll(now)
	requireAccount(t, e)
	assert.Equal(t, calls, e.Stats().Requests)
	c := newCollected()
	c.collect(t, e, now.Add(time.Second))
	assert.InDelta(t, float64(calls), c.perSeries().perMetric()["llm.requests"].sum, 0)
}
