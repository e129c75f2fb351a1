// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// shown is what the spans around a request show of it.
type shown struct {
	rule     llm.Rule
	layer    llm.Layer
	model    string
	ancestry Ancestry
	around   []pcommon.SpanID
}

// Spans that were sent twice, or whose ids are not unique, differ in their parents and in all else.
func TestSpansOfOneIDShowTheSameInWhateverOrder(t *testing.T) {
	ambiguous := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		id := func(from, to byte) pcommon.SpanID { return pcommon.SpanID{from + byte(r.IntN(int(to-from)))} }
		// The spans further outside have the smaller ids: circles end in any of their spans.
		var connectors []Connector
		spans := map[pcommon.SpanID]int{}
		for range 3 + r.IntN(6) {
			span := id(2, 6)
			spans[span]++
			connectors = append(connectors, Connector{
				Trace: pcommon.TraceID{1}, Span: span, Parent: id(0, span[0]), Bare: r.IntN(2) == 0, Separates: r.IntN(9) == 0,
				Runs: r.IntN(9) == 0, Model: []string{"", "a", "b"}[r.IntN(3)], Hop: Hop{Serves: r.IntN(9) == 0, Remote: r.IntN(9) == 0},
			})
		}
		for _, n := range spans {
			ambiguous += n - 1
		}
		of := func() (all []shown) {
			var m made
			m.add(1, 0, "a")
			inner := m.add(9, 5, "b")
			inner.Layer = llm.Gateway
			f := NewForest()
			f.Relate(ptrace.Traces{}, m.related, connectors, nil)
			for i := range m.related {
				q := &m.related[i]
				s := shown{rule: q.Duplicate, layer: q.Layer, model: q.RequestModel}
				if q.Ancestry != nil {
					s.ancestry = *q.Ancestry
				}
				f.Around(int32(i), func(connector int32) { s.around = append(s.around, connectors[connector].Span) })
				all = append(all, s)
			}
			return all
		}
		want := of()
		for range 5 {
			r.Shuffle(len(connectors), func(i, j int) { connectors[i], connectors[j] = connectors[j], connectors[i] })
			require.Equal(t, want, of(), "seed %d", seed)
		}
	}
	require.Positive(t, ambiguous)
}
