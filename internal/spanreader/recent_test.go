// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func spanID(n uint64) (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], n)
	return id
}

// call is a client's request in trace 1.
func call(span, parent uint64) *llm.Request {
	return &llm.Request{
		Class: llm.Inference, Layer: llm.Client,
		TraceID: pcommon.TraceID{15: 1}, SpanID: spanID(span), ParentID: spanID(parent),
	}
}

func admit(r *settling.Recent, q *llm.Request, now time.Time) llm.Rule {
	alone := spanreader.BatchOf(q)
	r.Mark(&alone.Batch, now)
	return alone.Requests[0].Duplicate
}

func TestARepeatedSpanIsNotCountedAgain(t *testing.T) {
	r := settling.NewRecent(100, time.Minute)
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon))
	assert.Equal(t, llm.Resent, admit(r, call(1, 0), noon))
}

func TestASecondSpanWithTheIDOfACountedRequestIsNotCounted(t *testing.T) {
	r := settling.NewRecent(100, time.Minute)
	first, second, gateway := call(1, 0), call(2, 0), call(3, 0)
	first.ID, second.ID, gateway.ID = "resp-1", "resp-1", "resp-1"
	gateway.Layer = llm.Gateway
	assert.Equal(t, llm.Unique, admit(r, first, noon))
	assert.Equal(t, llm.SameID, admit(r, second, noon))
	assert.Equal(t, llm.Unique, admit(r, gateway, noon), "another layer is another measurement")
}

func TestAWrapperThatComesAfterTheCallsBelowItIsNotCounted(t *testing.T) {
	r := settling.NewRecent(100, time.Minute)
	assert.Equal(t, llm.Unique, admit(r, call(2, 1), noon))
	assert.Equal(t, llm.Wrapper, admit(r, call(1, 0), noon))
	assert.Equal(t, llm.Unique, admit(r, call(3, 1), noon), "a second call below the wrapper")
	assert.Equal(t, llm.Wrapper, admit(r, call(1, 0), noon), "the wrapper again")
}

func TestACallThatComesAfterItsWrapperWasCountedIsNotCounted(t *testing.T) {
	r := settling.NewRecent(100, time.Minute)
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon))
	assert.Equal(t, llm.Wrapper, admit(r, call(2, 1), noon))
	embedding := call(3, 1)
	embedding.Class = llm.Embeddings
	assert.Equal(t, llm.Unique, admit(r, embedding, noon), "another kind of request")
}

func TestAFrameworkBesideACountedClientIsNotCounted(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	recent := settling.NewRecent(100, time.Minute)
	admitSpan := func(s spanOf) llm.Rule {
		b := r.NewBatch()
		r.Read(tracesOf(t, s), b)
		recent.Mark(&b.Batch, noon)
		return b.Requests[0].Duplicate
	}
	assert.Equal(t, llm.Unique, admitSpan(spanOf{scope: framework, id: 1, parent: 9, to: 10, attributes: chat("m")}))
	assert.Equal(t, llm.Unique, admitSpan(spanOf{scope: client, id: 2, parent: 9, from: 20, to: 100, attributes: chat("m")}))
	assert.Equal(t, llm.Sibling, admitSpan(spanOf{scope: framework, id: 3, parent: 9, from: 18, to: 104, attributes: chat("m")}))
	assert.Equal(t, llm.Sibling, admitSpan(spanOf{scope: framework, id: 7, parent: 9, from: 18, to: 104, attributes: chat("openai/m")}))
	assert.Equal(t, llm.Unique, admitSpan(spanOf{scope: framework, id: 4, parent: 9, from: 18, to: 104, attributes: chat("other")}))
	assert.Equal(t, llm.Unique, admitSpan(spanOf{scope: framework, id: 5, parent: 8, from: 18, to: 104, attributes: chat("m")}))
	assert.Equal(t, llm.Unique, admitSpan(spanOf{scope: framework, id: 6, parent: 9, from: 200, to: 300, attributes: chat("m")}))
}

func TestAnEngineBelowAClientIsAMeasurementOfItsOwn(t *testing.T) {
	r := settling.NewRecent(100, time.Minute)
	engine := call(2, 1)
	engine.Layer = llm.Server
	assert.Equal(t, llm.Unique, admit(r, engine, noon))
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon))
}

func TestTheWindowForgetsWhatIsOld(t *testing.T) {
	r := settling.NewRecent(100, time.Minute)
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon))
	assert.Equal(t, llm.Resent, admit(r, call(1, 0), noon.Add(time.Minute)), "kept for its age at least")
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon.Add(10*time.Minute)))
}

func TestTheWindowHoldsAsManyAsItPromises(t *testing.T) {
	const size = 1600
	r := settling.NewRecent(size, time.Hour)
	for i := range uint64(size / 2) {
		assert.Equal(t, llm.Unique, admit(r, call(i+1, 0), noon))
	}
	for i := range uint64(size / 2) {
		assert.Equal(t, llm.Resent, admit(r, call(i+1, 0), noon))
	}
}

func TestWithoutAWindowNothingIsRemembered(t *testing.T) {
	r := settling.NewRecent(0, time.Minute)
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon))
	assert.Equal(t, llm.Unique, admit(r, call(1, 0), noon))
}

func TestRememberingAllocatesNothingInTheSteadyState(t *testing.T) {
	r := settling.NewRecent(1000, time.Hour)
	q := call(1, 7)
	q.ID = "resp"
	next, b := uint64(0), spanreader.BatchOf(q)
	assert.Zero(t, testing.AllocsPerRun(5000, func() {
		next++
		b.Requests[0].SpanID, b.Requests[0].Duplicate = spanID(next), llm.Unique
		r.Mark(&b.Batch, noon)
	}))
}

// Spans of one call come through different senders at the same time: one of each pair must see the other.
func TestAWrapperAndItsCallThatComeAtOnceCountOnce(t *testing.T) {
	const calls = 5_000
	r := settling.NewRecent(4*calls, time.Minute)
	for trace := range uint64(calls) {
		var senders sync.WaitGroup
		var counted atomic.Int64
		start := make(chan struct{})
		for _, q := range []*llm.Request{call(1, 0), call(2, 1)} {
			binary.BigEndian.PutUint64(q.TraceID[8:], trace+1)
			senders.Go(func() {
				<-start
				if admit(r, q, noon) == llm.Unique {
					counted.Add(1)
				}
			})
		}
		close(start)
		senders.Wait()
		require.EqualValues(t, 1, counted.Load(), "trace %d", trace)
	}
}

// batches reads each list of spans as a batch, the way that the engine does. It returns what became of each request.
func batches(t *testing.T, all ...[]spanOf) map[uint64]llm.Rule {
	t.Helper()
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	recent := settling.NewRecent(1000, time.Minute)
	became := map[uint64]llm.Rule{}
	for _, spans := range all {
		b := r.NewBatch()
		r.Read(tracesOf(t, spans...), b)
		recent.Mark(&b.Batch, noon)
		for i := range b.Requests {
			q := &b.Requests[i]
			became[binary.BigEndian.Uint64(q.SpanID[:])] = q.Duplicate
		}
	}
	return became
}

func TestWrappersThatAreFurtherAwayAreFoundAcrossBatches(t *testing.T) {
	var (
		outer = spanOf{scope: framework, id: 1, to: 100, attributes: chat("m")}
		agent = spanOf{scope: framework, id: 2, parent: 1, to: 99, attributes: map[string]any{"gen_ai.operation.name": "invoke_agent"}}
		step  = spanOf{scope: framework, id: 3, parent: 2, to: 98, attributes: map[string]any{"gen_ai.operation.name": "agent_step"}}
		inner = spanOf{scope: client, id: 4, parent: 3, to: 97, attributes: chat("m")}
	)
	innerCounts := applied{1: llm.Wrapper, 4: llm.Unique}
	for name, split := range map[string][][]spanOf{
		"together":                  {{inner, step, agent, outer}},
		"the wrapper comes alone":   {{inner, step, agent}, {outer}},
		"the call comes alone":      {{inner}, {step, agent, outer}},
		"cut in the middle":         {{inner, step}, {agent, outer}},
		"the wrapper comes twice":   {{inner, step, agent}, {outer}, {outer}},
		"the spans between, before": {{inner, agent, step}, {outer}},
	} {
		assert.Equal(t, innerCounts, batches(t, split...), name)
	}
	assert.Equal(t, applied{1: llm.Unique, 4: llm.Wrapper}, batches(t, []spanOf{outer}, []spanOf{inner, step, agent}),
		"what comes first counts")
}

func TestEachOfSeveralWrappersIsFoundAcrossBatches(t *testing.T) {
	var (
		outer       = spanOf{scope: framework, id: 1, to: 100, attributes: chat("m")}
		middle      = spanOf{scope: other, id: 2, parent: 1, to: 99, attributes: chat("m")}
		inner       = spanOf{scope: client, id: 3, parent: 2, to: 98, attributes: chat("m")}
		innerCounts = applied{1: llm.Wrapper, 2: llm.Wrapper, 3: llm.Unique}
	)
	assert.Equal(t, innerCounts, batches(t, []spanOf{inner}, []spanOf{middle}, []spanOf{outer}))
	assert.Equal(t, innerCounts, batches(t, []spanOf{inner, middle}, []spanOf{outer}))
	assert.Equal(t, innerCounts, batches(t, []spanOf{inner}, []spanOf{middle, outer}))
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Wrapper, 3: llm.Wrapper},
		batches(t, []spanOf{outer}, []spanOf{middle}, []spanOf{inner}), "what comes first counts")
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Wrapper, 3: llm.Wrapper},
		batches(t, []spanOf{outer}, []spanOf{inner, middle}), "what comes first counts")
}

func TestAClientBesideACountedFrameworkIsNotCounted(t *testing.T) {
	f := spanOf{scope: framework, id: 1, parent: 9, to: 104, attributes: chat("m")}
	c := spanOf{scope: client, id: 2, parent: 9, from: 2, to: 98, attributes: chat("m")}
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Sibling}, batches(t, []spanOf{f}, []spanOf{c}))
}

func TestAFrameworksCallAndThatOfItsClientFurtherUpAreOneAcrossBatches(t *testing.T) {
	before := spanOf{scope: framework, id: 5, trace: 2, to: 10, attributes: chat("m")}
	chain := spanOf{scope: framework, id: 8, parent: 9, to: 105, attributes: map[string]any{"traceloop.span.kind": "workflow"}}
	c := spanOf{scope: client, id: 2, parent: 9, from: 2, to: 98, attributes: chat("m")}
	f := spanOf{scope: framework, id: 1, parent: 8, to: 104, attributes: chat("m")}
	assert.Equal(t, applied{5: llm.Unique, 1: llm.Sibling, 2: llm.Unique},
		batches(t, []spanOf{before}, []spanOf{c}, []spanOf{f, chain}))
}

// The first framework's span of all comes without its client's.
func TestCallsThatTheirBatchShowsFromBothSidesAreNotThatOfAFrameworkBefore(t *testing.T) {
	beside := func(span, to uint64, scope string) spanOf {
		return spanOf{scope: scope, id: span, parent: 9, to: to, attributes: chat("m")}
	}
	got := batches(t, []spanOf{beside(1, 80, framework)},
		[]spanOf{beside(2, 93, client), beside(3, 93, framework), beside(4, 94, client), beside(5, 95, framework)})
	assert.Equal(t, applied{
		1: llm.Unique, 2: llm.Unique, 3: llm.Sibling, 4: llm.Unique, 5: llm.Sibling,
	}, got)
}

func TestAFrameworkThatWasFoundInABatchIsFoundAgainAlone(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	recent := settling.NewRecent(100, time.Minute)
	beside := []spanOf{
		{scope: framework, id: 1, parent: 9, to: 100, attributes: chat("m")},
		{scope: client, id: 2, parent: 9, from: 2, to: 98, attributes: chat("m", "gen_ai.response.id", "r")},
	}
	b := r.NewBatch()
	r.Read(tracesOf(t, beside...), b)
	assert.Equal(t, llm.Sibling, b.Requests[0].Duplicate)
	recent.Mark(&b.Batch, noon)
	assert.Equal(t, llm.Unique, b.Requests[1].Duplicate)

	b.Reset()
	r.Read(tracesOf(t, beside[0]), b)
	recent.Mark(&b.Batch, noon)
	assert.Equal(t, llm.Sibling, b.Requests[0].Duplicate)
}
