// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Spans lie around each other in any way here, in circles and twice, too. The forest would find the same ones around a request.
func TestSpansAroundARequestAreThoseOfTheForest(t *testing.T) {
	waited := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 1))
		span := func() pcommon.SpanID { return pcommon.SpanID{byte(r.IntN(6))} }
		hop := func() correlate.Hop { return correlate.Hop{Serves: r.IntN(8) == 0, Remote: r.IntN(8) == 0} }
		table, trace := New(testOptions()), pcommon.TraceID{1}
		b := &correlate.Batch{}
		q := b.Add()
		q.TraceID, q.SpanID, q.ParentID, q.Class, q.Hop = trace, pcommon.SpanID{1}, span(), llm.Inference, hop()
		require.Equal(t, 1, table.Enter(b, 0, time.Duration(r.IntN(5))))
		for range 1 + r.IntN(5) {
			later := &correlate.Batch{}
			later.Connectors = []correlate.Connector{{Trace: trace, Span: span(), Parent: span(), Hop: hop(), Bare: true}}
			table.Enter(later, 0, time.Duration(r.IntN(100)))
		}
		own := table.ownerOf(trace, table.traceHash(trace))
		g := table.groups.at(own.group)
		require.True(t, table.isApart(g))
		n := table.nodes.at(g.first)

		want := n.arrived
		var connectors []correlate.Connector
		var arrived []time.Duration
		for at := g.between; at != 0; at = table.between.at(at).next {
			s := table.between.at(at)
			connectors = append(connectors, correlate.Connector{Trace: s.trace, Span: s.span, Parent: s.parent, Hop: s.hop, Bare: true})
			arrived = append(arrived, s.arrived)
		}
		layer := q.Layer
		forest := correlate.NewForest()
		forest.Relate(ptrace.Traces{}, b.Described, connectors, nil)
		forest.Around(0, func(connector int32) { want = max(want, arrived[connector]) })
		require.Equal(t, want, table.arrivedAround(g, n), "seed %d", seed)
		require.Equal(t, layer, q.Layer)
		require.Nil(t, q.Ancestry)
		require.Equal(t, llm.Unique, q.Duplicate)
		if want > n.arrived {
			waited++
		}
	}
	require.Positive(t, waited)
}
