// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"bytes"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// spansApart is the number of spans beside a request up to which those around it are found without a forest.
const spansApart = 16

// isApart reports whether a group needs no forest. It has no more than one request, which succeeded, and few other spans, all
// ordinary ones. What failed may be an attempt, and then it matters whether its parent came.
func (t *Table) isApart(g *group) bool {
	if g.nodes > 1 || g.joining || g.spans > spansApart {
		return false
	}
	if g.nodes == 0 {
		return true
	}
	k := t.kinds.entries.at(t.nodes.at(g.first).kind)
	return k.outcome == llm.Success && !k.traits.Has(emitter.GlobalIDs)
}

// arrivedAround returns the last arrival of a request and of the spans around it that correlate.Forest.Around leads to.
func (t *Table) arrivedAround(g *group, n *node) time.Duration {
	last, above := n.arrived, n.parent
	for range spansApart {
		if above.IsEmpty() {
			break
		}
		var around *between
		hop, parent := correlate.Hop{}, pcommon.SpanID{}
		for at := g.between; at != 0; {
			s := t.between.at(at)
			at = s.next
			if s.span != above || s.trace != n.trace {
				continue
			}
			if around == nil {
				around = s
			}
			if bytes.Compare(parent[:], s.parent[:]) < 0 {
				parent = s.parent
			}
			hop.Serves, hop.Remote = hop.Serves || s.hop.Serves, hop.Remote || s.hop.Remote
		}
		if around == nil {
			break
		}
		last = max(last, around.arrived)
		if above == n.span { // A span that comes twice shows what both show.
			own := t.kinds.entries.at(n.kind).hop()
			hop.Serves, hop.Remote = hop.Serves || own.Serves, hop.Remote || own.Remote
			if bytes.Compare(parent[:], n.parent[:]) < 0 {
				parent = n.parent
			}
		}
		if hop != (correlate.Hop{}) {
			break
		}
		above = parent
	}
	return last
}
