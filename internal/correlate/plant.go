// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// plant makes nodes of all spans of the traces that have a tree or connectors.
func (f *Forest) plant(traces ptrace.Traces, trees bool) {
	f.nodes = f.nodes[:0]
	if (trees || len(f.connectors) > 0) && traces != (ptrace.Traces{}) {
		last, of := pcommon.TraceID{}, int32(-1)
		for _, resourceSpans := range traces.ResourceSpans().All() {
			for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
				for _, span := range scopeSpans.Spans().All() {
					if id := span.TraceID(); id != last || of < 0 {
						last, of = id, f.traceOf(id)
					}
					if of >= 0 && (f.traces[of].tree || f.traces[of].connected) {
						n := bare(of, span.SpanID(), span.ParentSpanID())
						n.hop = HopOf(span)
						f.nodes = append(f.nodes, n)
					}
				}
			}
		}
	}
	spans := len(f.nodes)
	f.nodeSlots = cleared(f.nodeSlots, 2*(spans+len(f.connectors)+len(f.requests)))
	for i := range spans {
		f.keep(int32(i))
	}
	for i := range f.connectors {
		c := &f.connectors[i]
		of := f.traceOf(c.Trace)
		if of < 0 {
			continue
		}
		n := bare(of, c.Span, c.Parent)
		n.connector, n.separates, n.runs, n.hop = int32(i), c.Separates, c.Runs, c.Hop
		f.add(n)
	}
	for i := range f.requests {
		q := &f.requests[i]
		if q.TraceID.IsEmpty() {
			continue
		}
		// Without traces, requests and connectors are all that there is.
		of := f.traceOf(q.TraceID)
		if t := &f.traces[of]; (t.tree || t.connected) && traces == (ptrace.Traces{}) {
			n := bare(of, q.SpanID, q.ParentID)
			n.hop = q.Hop
			f.add(n)
		}
	}
	for i := range f.nodes {
		n := &f.nodes[i]
		n.up = f.find(n.trace, n.parent)
	}
	f.ordered = f.ordered[:0]
	for i := range f.nodes {
		if n := &f.nodes[i]; n.connector >= 0 && !n.separates && !f.connectors[n.connector].Bare {
			f.ordered = append(f.ordered, int32(i))
		}
	}
	slices.SortFunc(f.ordered, func(i, j int32) int { return bytes.Compare(f.nodes[i].span[:], f.nodes[j].span[:]) })
	for _, i := range f.ordered {
		f.connect(i)
	}
}

func bare(of int32, span, parent pcommon.SpanID) node {
	return node{trace: of, span: span, parent: parent, up: -1, request: -1, connector: -1, below: -1, next: -1}
}

// keep makes a node the one of its span, or adds what it shows to the one that is there.
func (f *Forest) keep(at int32) {
	n := &f.nodes[at]
	if slot := f.nodeSlot(n.trace, n.span); *slot == 0 {
		*slot = at + 1
	} else {
		f.merge(&f.nodes[*slot-1], n)
	}
}

// add adds a node, or what it shows to the one of its span.
func (f *Forest) add(n node) {
	if slot := f.nodeSlot(n.trace, n.span); *slot == 0 {
		f.nodes = append(f.nodes, n)
		*slot = int32(len(f.nodes))
	} else {
		f.merge(&f.nodes[*slot-1], &n)
	}
}

// merge adds what a node shows to another one of its span. Of a span that comes twice the greater parent stays. So the order does
// not matter.
func (f *Forest) merge(kept, other *node) {
	if bytes.Compare(kept.parent[:], other.parent[:]) < 0 {
		kept.parent = other.parent
	}
	if other.connector >= 0 && (kept.connector < 0 || f.connectors[other.connector].saysMore(&f.connectors[kept.connector])) {
		kept.connector = other.connector
	}
	kept.separates, kept.runs, kept.hop = kept.separates || other.separates, kept.runs || other.runs, kept.hop.and(other.hop)
}

// saysMore reports whether a connector is kept, and not another one of the same span.
func (c *Connector) saysMore(other *Connector) bool {
	if c.Bare != other.Bare {
		return other.Bare
	}
	if c.Outcome != other.Outcome {
		return c.Outcome > other.Outcome
	}
	return cmp.Or(cmp.Compare(c.Model, other.Model), cmp.Compare(c.Class, other.Class)) > 0
}

func (f *Forest) nodeSlot(of int32, span pcommon.SpanID) *int32 {
	mask := uint64(len(f.nodeSlots) - 1)
	// Both halves of the product, since span ids that differ in their first or last bytes alone are common.
	high, low := bits.Mul64(binary.LittleEndian.Uint64(span[:])^f.secret, 0x9E3779B97F4A7C15+2*uint64(of))
	for i := (high ^ low) & mask; ; i = (i + 1) & mask {
		s := f.nodeSlots[i]
		if s == 0 {
			return &f.nodeSlots[i]
		}
		if n := &f.nodes[s-1]; n.span == span && n.trace == of {
			return &f.nodeSlots[i]
		}
	}
}

// find returns the node of a span, or -1.
func (f *Forest) find(of int32, span pcommon.SpanID) int32 {
	if span.IsEmpty() {
		return -1
	}
	return *f.nodeSlot(of, span) - 1
}

// connect makes a node a link, below its parent.
func (f *Forest) connect(at int32) {
	n := &f.nodes[at]
	if n.link {
		return
	}
	n.link = true
	if up := n.up; up >= 0 {
		n.next, f.nodes[up].below = f.nodes[up].below, at
	}
}

// fillTrees brings the requests of each tree together, in the order of before.
func (f *Forest) fillTrees() {
	n := len(f.requests)
	f.above, f.root, f.around = f.above[:0], f.root[:0], f.around[:0]
	f.members = f.members[:0]
	at := int32(0)
	for i := range f.traces {
		t := &f.traces[i]
		t.from, t.to = at, at
		if t.tree {
			at += t.requests
		}
	}
	f.members = slices.Grow(f.members, int(at))[:at]
	f.order = slices.Grow(f.order[:0], n)[:n]
	for i := range f.requests {
		q := &f.requests[i]
		above := int32(-1)
		if !q.TraceID.IsEmpty() {
			of := f.traceOf(q.TraceID)
			if t := &f.traces[of]; t.tree || t.connected {
				above = f.find(of, q.ParentID)
				q.parentCame = above >= 0
				if t.tree {
					f.members[t.to] = int32(i)
					t.to++
				}
			}
		}
		f.above, f.root, f.around = append(f.above, above), append(f.root, int32(i)), append(f.around, q.ParentID)
	}
	for i := range f.traces {
		t := &f.traces[i]
		members := f.members[t.from:t.to]
		slices.SortFunc(members, func(i, j int32) int { return before(&f.requests[i], &f.requests[j]) })
		for at, m := range members {
			f.order[m] = int32(at)
			q := &f.requests[m]
			if own := f.find(int32(i), q.SpanID); own >= 0 {
				f.nodes[own].request = m
			}
		}
	}
}
