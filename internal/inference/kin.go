// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Spans of one call come in different batches, the inner ones first. What is between a call and a wrapper around it tells
// that one lies within the other, whichever of the two it comes with.

// link is a span of an LLM application that is no request that counts: an agent, chain, step or wrapper. What separates
// the calls above and below it, as the run of a tool does, is none.
type link struct {
	span   spanKey
	parent pcommon.SpanID
	// model is the model that the span names, if it does.
	model string
}

// kin are spans around a request that its parent is not.
type kin struct {
	// above are ancestors of the parent, as far as links lead to them.
	above relatives
	// below are links that lead to the request.
	below relatives
}

// relatives is a small set of spans; what it has no room for is left out.
type relatives struct {
	spans [4]pcommon.SpanID
	n     uint8
}

func (s *relatives) add(span pcommon.SpanID) (room bool) {
	if int(s.n) == len(s.spans) {
		return false
	}
	s.spans[s.n] = span
	s.n++
	return true
}

func (s *relatives) all() []pcommon.SpanID { return s.spans[:s.n] }

// findKin notes the kin of all requests that count.
func (r *resolver) findKin(b *Batch) {
	for _, n := range r.nested {
		outer := &b.nodes[n.outer]
		b.links = append(b.links, link{span: spanKey{outer.TraceID, outer.SpanID}, parent: outer.ParentID})
	}
	if len(b.links) == 0 {
		return
	}
	r.kin = r.kin[:0]
	r.links.index(b.links)
	for i := range b.nodes {
		q := &b.nodes[i]
		if q.Duplicate != llm.Unique || q.Layer == llm.Server || q.TraceID.IsEmpty() {
			continue
		}
		at := spanKey{q.TraceID, q.ParentID}
		for {
			l := r.links.at(at)
			if l == nil || l.parent.IsEmpty() || !r.kinOf(q).above.add(l.parent) {
				break
			}
			at.span = l.parent
		}
		r.findBelow(q, spanKey{q.TraceID, q.SpanID})
	}
}

// findBelow adds the links that lead to a span to a request's kin, as long as there is room.
func (r *resolver) findBelow(q *node, span spanKey) {
	for i := r.links.firstBelow(span); i >= 0; i = r.links.next[i] {
		below := r.links.all[i].span
		if !r.kinOf(q).below.add(below.span) {
			return
		}
		r.findBelow(q, below)
	}
}

// kinOf returns a request's kin. Those that are handed out stay valid when the slice grows.
func (r *resolver) kinOf(q *node) *kin {
	if q.kin == nil {
		r.kin = append(r.kin, kin{})
		q.kin = &r.kin[len(r.kin)-1]
	}
	return q.kin
}

// linkTable finds links by their span and by their parent. Like traceTable it costs a few nanoseconds for each.
type linkTable struct {
	secret uint64
	all    []link
	// bySpan and byParent are indexes into all plus one; 0 is free. next leads to a further link with the same parent, or
	// is -1.
	bySpan, byParent, next []int32
}

func (t *linkTable) index(links []link) {
	size := 16
	for size < 2*len(links) {
		size *= 2
	}
	t.bySpan, t.byParent = cleared(t.bySpan, size), cleared(t.byParent, size)
	t.all, t.next = links, t.next[:0]
	for i := range links {
		l := &links[i]
		t.next = append(t.next, -1)
		own := t.slot(t.bySpan, l.span, func(other *link) bool { return other.span == l.span })
		if *own != 0 {
			continue // again
		}
		*own = int32(i + 1)
		first := t.parentSlot(spanKey{l.span.trace, l.parent})
		t.next[i] = *first - 1
		*first = int32(i + 1)
	}
}

// at returns the link that is a span, or nil.
func (t *linkTable) at(span spanKey) *link {
	if len(t.all) == 0 {
		return nil
	}
	if i := *t.slot(t.bySpan, span, func(l *link) bool { return l.span == span }); i != 0 {
		return &t.all[i-1]
	}
	return nil
}

// firstBelow returns the index of a link whose parent is a span, or -1; see next.
func (t *linkTable) firstBelow(span spanKey) int32 { return *t.parentSlot(span) - 1 }

func (t *linkTable) parentSlot(parent spanKey) *int32 {
	return t.slot(t.byParent, parent, func(l *link) bool { return l.span.trace == parent.trace && l.parent == parent.span })
}

// slot returns the slot with a link that fits, or the free one where it belongs.
func (t *linkTable) slot(slots []int32, key spanKey, fits func(*link) bool) *int32 {
	mask := uint64(len(slots) - 1)
	hash := attr.Mix(attr.Mix(t.secret, binary.LittleEndian.Uint64(key.trace[8:])), binary.LittleEndian.Uint64(key.span[:]))
	for i := hash & mask; ; i = (i + 1) & mask {
		if slots[i] == 0 || fits(&t.all[slots[i]-1]) {
			return &slots[i]
		}
	}
}
