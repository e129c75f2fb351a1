// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Spans lie around each other in any way here, in circles, too. The forest would find the same ones around a request.
func TestSpansAroundARequestAreThoseOfTheForest(t *testing.T) {
	waited := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		span := func() pcommon.SpanID { return pcommon.SpanID{byte(r.IntN(8))} }
		hop := func() correlate.Hop { return correlate.Hop{Serves: r.IntN(8) == 0, Remote: r.IntN(8) == 0} }
		h, trace := newHarness(t, testOptions()), pcommon.TraceID{1}
		table := h.table
		b := &correlate.Batch{}
		q := b.Add()
		q.TraceID, q.SpanID, q.ParentID, q.Class, q.Hop = trace, pcommon.SpanID{1}, span(), llm.Inference, hop()
		now := time.Duration(r.IntN(5)) * time.Microsecond
		require.Equal(t, 1, table.Enter(b, 0, now))
		want := now
		var connectors []correlate.Connector
		var arrived []time.Duration
		for _, id := range r.Perm(6)[:1+r.IntN(6)] {
			now += time.Duration(r.IntN(100)) * time.Microsecond
			connectors = append(connectors, correlate.Connector{
				Trace: trace, Span: pcommon.SpanID{byte(2 + id)}, Parent: span(), Hop: hop(), Bare: true,
			})
			arrived = append(arrived, now)
			h.enter(batchOfSpans(connectors[len(connectors)-1]), now)
		}
		own := table.ownerOf(&trace, table.traceHash(&trace))
		require.NotZero(t, own.node)

		layer := q.Layer
		forest := correlate.NewForest()
		forest.Relate(ptrace.Traces{}, b.Described, connectors, nil)
		forest.Around(0, func(connector int32) { want = max(want, arrived[connector]) })
		n := table.nodes.at(own.node)
		require.Equal(t, want, n.latest, "seed %d", seed)
		require.Equal(t, layer, q.Layer)
		require.Nil(t, q.Ancestry)
		require.Equal(t, llm.Unique, q.Duplicate)
		if want > n.arrived {
			waited++
		}

		// Those that are moved to a group are still the same.
		table.groupOf(own, &trace, table.traceHash(&trace))
		g := table.groups.at(table.ownerOf(&trace, table.traceHash(&trace)).group)
		at := g.between
		for i, c := range connectors {
			s := table.between.at(at)
			got := correlate.Connector{Trace: s.trace, Span: s.span, Parent: s.parent, Hop: s.hop, Bare: s.kind == bare}
			require.Equal(t, c, got)
			require.Equal(t, arrived[i], s.arrived)
			at = s.next
		}
		require.Zero(t, at)
	}
	require.Positive(t, waited)
}

func batchOfSpans(spans ...correlate.Connector) *correlate.Batch {
	return &correlate.Batch{Connectors: spans}
}

func bareSpan(trace, span, parent uint64) correlate.Connector {
	q := request(trace, span, parent)
	return correlate.Connector{Trace: q.TraceID, Span: q.SpanID, Parent: q.ParentID, Bare: true}
}

func TestWhatLiesAroundARequestProlongsItsWait(t *testing.T) {
	h := newHarness(t, testOptions())
	around, beside := request(1, 9, 8), request(2, 9, 8)
	h.enter(batchOf(around, beside), 0)
	h.enter(batchOfSpans(bareSpan(1, 8, 7), bareSpan(2, 7, 6)), 3*time.Second)
	assert.Equal(t, 2, h.table.Stats().Spans)
	h.settle(Due, 7*time.Second)
	assert.Equal(t, map[string]time.Duration{name(beside): 7 * time.Second}, h.left)
	assert.Equal(t, 2, h.table.Stats().Spans, "what came later may lie around what comes now")
	h.settle(Due, 10*time.Second-1)
	assert.Len(t, h.left, 1)
	h.settle(Due, 10*time.Second)
	assert.Len(t, h.left, 2)
	h.settle(Due, 10*time.Second+h.table.Tick())
	h.requireEmpty()
}

// A span that comes again and again does not hold a request for good.
func TestWhatLiesAroundARequestProlongsItsWaitForAWhile(t *testing.T) {
	h := newHarness(t, testOptions())
	q := request(1, 9, 1)
	h.enter(batchOf(q), 0)
	outer := uint64(1)
	for now := 5 * time.Second; len(h.left) == 0; now += 5 * time.Second {
		require.Less(t, now, 75*time.Second)
		h.enter(batchOfSpans(bareSpan(1, outer, outer+1)), now)
		outer++
		h.settle(Due, now)
	}
	h.settle(Due, 5*time.Minute)
	h.requireEmpty()
}

// Requests with more spans beside them than they carry are in groups, and so are those with other requests.
func TestRequestsGetAGroupOnceTheyNeedIt(t *testing.T) {
	h := newHarness(t, testOptions())
	q := request(1, 900, 899)
	h.enter(batchOf(q), 0)
	for i := range uint64(maxBeside + 1) {
		h.enter(batchOfSpans(bareSpan(1, 100+i, 99)), time.Second)
		own := h.table.ownerOf(&q.TraceID, h.table.traceHash(&q.TraceID))
		assert.Equal(t, i < maxBeside, own.node != 0, i)
		assert.EqualValues(t, i+1, h.table.Stats().Spans)
	}
	h.settle(Due, 8*time.Second)
	assert.Len(t, h.left, 1)

	second, later := request(2, 2, 3), request(2, 5, 4)
	h.enter(batchOf(second), 10*time.Second)
	h.enter(batchOfSpans(bareSpan(2, 3, 4), bareSpan(2, 4, 0)), 11*time.Second)
	h.enter(batchOf(later), 12*time.Second)
	assert.Equal(t, 2, h.table.Stats().Spans)
	h.settle(Stopped, 12*time.Second)
	h.requireEmpty()
}
