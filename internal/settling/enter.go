// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Enter takes the requests of a batch from one on, and at its end the spans between them. It stops at one for which there is no
// room before others were taken out, and returns its index. Else it returns their number. Of those that are lone it takes none,
// and of spans that are held already it sets Duplicate to Resent.
func (t *Table) Enter(b *correlate.Batch, from int, now time.Duration) int {
	t.mu.Lock()
	defer t.unlock()
	now = t.at(now)
	t.holdPlaces(b)
	defer t.releasePlaces()
	for i := from; i < len(b.Described); i++ {
		if q := &b.Described[i]; !q.Lone() && !t.enter(b, q, now) {
			return i
		}
	}
	for i := range b.Ordinary {
		t.enterOrdinary(&b.Ordinary[i], now)
	}
	for i := range b.Connectors {
		t.enterConnector(&b.Connectors[i], now)
	}
	for i := range b.Stages {
		t.enterStage(&b.Stages[i], now)
	}
	return len(b.Described)
}

// holdPlaces makes room for the numbers of a batch's resources, each of which is held until all requests are entered.
func (t *Table) holdPlaces(b *correlate.Batch) {
	n := len(b.Resources) / max(b.Stride, 1)
	for len(t.placeOf) < n {
		t.placeOf = append(t.placeOf, 0)
	}
}

func (t *Table) placeOfResource(b *correlate.Batch, resource int32) uint32 {
	for int(resource) >= len(t.placeOf) {
		t.placeOf = append(t.placeOf, 0)
	}
	if t.placeOf[resource] == 0 {
		t.placeOf[resource] = t.places.hold(t.places.find(b.Resource(resource)))
	}
	return t.placeOf[resource]
}

func (t *Table) releasePlaces() {
	for i, number := range t.placeOf {
		if number != 0 {
			t.places.release(number)
			t.placeOf[i] = 0
		}
	}
	t.placeOf = t.placeOf[:0]
}

// enter reports whether there was room for a request.
func (t *Table) enter(b *correlate.Batch, q *correlate.Request, now time.Duration) bool {
	if t.pressed() {
		return false
	}
	hash := t.traceHash(&q.TraceID)
	own, free := t.find(traceKey, halvesOf(&q.TraceID), uint32(hash))
	global := q.ID != "" && q.Traits.Has(emitter.GlobalIDs)
	if own == (owner{}) && !global {
		place, n := t.add(b, q, now)
		n.unfinished = q.Unfinished()
		t.stand(place, n, uint32(hash), free)
		return true
	}
	var other uint32
	var globalID halves
	if global {
		globalID.high = q.IDHash()
		globalID.low = attr.Mix(globalID.high, uint64(q.Layer)+1)
		named, _ := t.find(idKey, globalID, uint32(globalID.low))
		other = named.group
	}
	number := own.group
	if t.fills(number, number, other) || t.fills(other, number, other) {
		return false
	}
	if t.resent(own, q) {
		q.Duplicate = llm.Resent
		return true
	}
	number = t.groupOf(own, &q.TraceID, hash)
	switch {
	case other == 0:
	case number == 0:
		number = other
		t.addKey(number, traceKey, halvesOf(&q.TraceID), uint32(hash))
	case number != other:
		number = t.join(number, other)
	default:
	}
	if number == 0 {
		number = t.newGroup(&q.TraceID, hash)
	}
	if global && other == 0 {
		t.addKey(number, idKey, globalID, uint32(globalID.low))
	}
	place, _ := t.add(b, q, now)
	t.addTo(number, place, now)
	t.lookAt(number, now+t.options.Wait)
	return true
}

// fills reports whether a request of one or two groups has to wait. It does if one of them has no room for it.
func (t *Table) fills(number, a, b uint32) bool {
	if number == 0 {
		return false
	}
	g := t.groups.at(number)
	if g.nodes < int32(t.options.Group) && (!g.taken || a == b || b == 0) {
		return false
	}
	if !g.taken && !g.full {
		g.full = true
		t.full = append(t.full, number)
	}
	return true
}

// add adds a node for a request.
func (t *Table) add(b *correlate.Batch, q *correlate.Request, now time.Duration) (uint32, *node) {
	resource := t.placeOfResource(b, q.Resource)
	place := t.nodes.take()
	n := t.nodes.at(place)
	t.pack(n, b, q, resource)
	n.arrived = now
	return place, n
}

// maxWalk is the number of nodes that are compared with one that comes, to find one that came twice.
const maxWalk = 64

// resent reports whether the span of a request is held already, as far as the first ones show. The forest finds the others.
func (t *Table) resent(own owner, q *correlate.Request) bool {
	if q.SpanID.IsEmpty() {
		return false
	}
	at := own.node
	if own.group != 0 {
		at = t.groups.at(own.group).first
	}
	for range maxWalk {
		if at == 0 {
			return false
		}
		if n := t.nodes.at(at); n.span == q.SpanID && n.trace == q.TraceID && n.start == q.Start && n.end == q.End {
			if k := t.kinds.entries.at(n.kind); k.class == q.Class && k.layer == q.Layer && k.scope() == q.Scope {
				return true
			}
		}
		if own.node != 0 {
			return false
		}
		at = t.nodes.at(at).next
	}
	return false
}

// enterConnector takes a span of an LLM application that is no request.
func (t *Table) enterConnector(c *correlate.Connector, now time.Duration) {
	if c.Trace.IsEmpty() {
		return
	}
	hash := t.traceHash(&c.Trace)
	own := t.ownerOf(&c.Trace, hash)
	if own == (owner{}) && t.spans() < t.options.Spans {
		own.group = t.newGroup(&c.Trace, hash)
	}
	s, g := t.span(own, &c.Trace, hash, now)
	if s == nil {
		return
	}
	s.kind, s.span, s.parent, s.separates, s.runs, s.hop, s.service = connector, c.Span, c.Parent, c.Separates, c.Runs, c.Hop, c.Service
	if c.Bare {
		s.kind = bare
	}
	s.model = t.texts.hold(c.Model + c.ErrorType) // none has both
	s.outcome, s.end = c.Outcome, c.End
	g.lasting = g.lasting || c.Model != "" // which a later request takes
	g.joining = true
}

// enterStage takes a time of a request that another span holds, if anything of its trace is held.
func (t *Table) enterStage(c *correlate.Stage, now time.Duration) {
	hash := t.traceHash(&c.Trace)
	own := t.ownerOf(&c.Trace, hash)
	if own == (owner{}) {
		return
	}
	if s, g := t.span(own, &c.Trace, hash, now); s != nil {
		s.kind, s.parent, s.length, s.end = stage, c.Parent, c.Length, c.End
		g.lasting, g.joining = true, true
	}
}

// enterOrdinary takes a span of no LLM application, if anything of its trace is held.
func (t *Table) enterOrdinary(o *correlate.Ordinary, now time.Duration) {
	hash := t.traceHash(&o.Trace)
	own := t.ownerOf(&o.Trace, hash)
	if own == (owner{}) {
		return
	}
	if own.node != 0 && t.spans() < t.options.Spans && t.lay(t.nodes.at(own.node), own.node, o, now) {
		return
	}
	if s, _ := t.span(own, &o.Trace, hash, now); s != nil {
		s.kind, s.span, s.parent, s.hop = bare, o.Span, o.Parent, o.Hop
	}
}

// span returns one more span between the requests of a trace, and their group. It is nil if there is no room.
func (t *Table) span(own owner, trace *pcommon.TraceID, hash uint64, now time.Duration) (*between, *group) {
	if t.spans() >= t.options.Spans || own.group != 0 && t.groups.at(own.group).spans >= int32(betweenOfGroup*t.options.Group) {
		t.stats.Dropped++
		return nil, nil
	}
	number := t.groupOf(own, trace, hash)
	g := t.groups.at(number)
	s := t.addBetween(g)
	s.trace, s.arrived = *trace, now
	g.latest = now
	t.lookAt(number, now+t.options.Wait)
	return s, g
}
