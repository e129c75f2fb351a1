// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"hash/maphash"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// resolver finds the spans of one batch that describe the same request. Its tables are kept for the
// next batch.
type resolver struct {
	traces  traceTable
	parents map[spanKey]pcommon.SpanID
	// walls are the parents of those that parents has not.
	walls  map[spanKey]pcommon.SpanID
	bySpan map[spanKey]int32
	ids    map[requestID]int32
	// order are the requests of busy traces, those side by side one after the other.
	order []int32
	// around is what each request lies in, beside others: its parent.
	around []pcommon.SpanID
	// keeper is the request that each one was merged into as a sibling, or itself.
	keeper []int32
	// nested are the requests of busy traces with those above them, the nearest first.
	nested []nesting
	// steps are the steps of requests, with these.
	steps []nesting
	pairs []pair
	// byStart are the requests of one trace.
	byStart []int32
	// kin are those of the batch's requests, which links lead to.
	kin   []kin
	links linkTable
}

type spanKey struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

// maxDepth bounds the way from a span to its ancestors; spans can form a circle.
const maxDepth = 64

// mark sets Duplicate on all requests but one of those that describe the same, and gives that one what
// the others tell.
func (r *resolver) mark(traces ptrace.Traces, b *Batch) {
	requests := b.nodes
	if len(requests) == 0 {
		return
	}
	r.nested = r.nested[:0]
	busy, global := r.traces.count(requests, b.parts)
	if !busy && !global && len(b.links) == 0 {
		return
	}
	if r.parents == nil {
		r.parents = map[spanKey]pcommon.SpanID{}
		r.walls = map[spanKey]pcommon.SpanID{}
		r.bySpan = map[spanKey]int32{}
		r.ids = map[requestID]int32{}
	}
	phases := false
	if busy {
		r.index(traces, b)
		r.giveParts(b)
		phases = r.sort(requests)
		r.giveSupplements(requests)
		r.markWrappers(requests)
	}
	r.mergeByID(requests)
	if busy {
		if phases {
			r.mergePhases(requests)
		}
		r.markSiblings(requests)
		r.markAttempts(requests)
	}
	r.findKin(b)
	r.nameModels(requests)
	r.forget()
}

// forget lets go of the batch's strings.
func (r *resolver) forget() {
	clear(r.parents)
	clear(r.walls)
	clear(r.bySpan)
	clear(r.ids)
	r.links.all = nil
}

// index notes the parents of all spans of busy traces. Walls have none.
func (r *resolver) index(traces ptrace.Traces, b *Batch) {
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				if r.traces.busy(span.TraceID()) {
					r.parents[spanKey{span.TraceID(), span.SpanID()}] = span.ParentSpanID()
				}
			}
		}
	}
	for _, wall := range b.walls {
		if parent, ok := r.parents[wall]; ok {
			r.walls[wall] = parent
			delete(r.parents, wall)
		}
	}
	for i := range b.nodes {
		q := &b.nodes[i]
		if r.traces.busy(q.TraceID) {
			r.bySpan[spanKey{q.TraceID, q.SpanID}] = int32(i)
		}
	}
}

// ancestors calls yield for each request above a span, the nearest first, until it returns false.
func (r *resolver) ancestors(from spanKey, yield func(index int32) bool) {
	for at, depth := from, 0; !at.span.IsEmpty() && depth < maxDepth; depth++ {
		if i, ok := r.bySpan[at]; ok && !yield(i) {
			return
		}
		at.span = r.parents[at]
	}
}

// sort brings requests with the same parent together, in the order in which they began, and reports whether any of them
// took over what another one had read.
func (r *resolver) sort(requests []node) (phases bool) {
	r.order = r.order[:0]
	for i := range requests {
		if r.traces.busy(requests[i].TraceID) {
			r.order = append(r.order, int32(i))
			phases = phases || requests[i].tookOver
		}
	}
	r.around, r.keeper = r.around[:0], r.keeper[:0]
	for i := range requests {
		r.around, r.keeper = append(r.around, requests[i].ParentID), append(r.keeper, int32(i))
	}
	r.sortOrder(requests)
	return phases
}

func (r *resolver) sortOrder(requests []node) {
	slices.SortFunc(r.order, func(i, j int32) int {
		a, b := &requests[i], &requests[j]
		return cmp.Or(
			slices.Compare(a.TraceID[:], b.TraceID[:]), slices.Compare(r.around[i][:], r.around[j][:]),
			cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Start, b.Start), cmp.Compare(i, j),
		)
	})
}

// families calls yield for each run of requests side by side of one trace, layer and class.
func (r *resolver) families(requests []node, yield func(members []int32)) {
	for from := 0; from < len(r.order); {
		to := from + 1
		first := &requests[r.order[from]]
		for to < len(r.order) {
			q := &requests[r.order[to]]
			if q.TraceID != first.TraceID || r.around[r.order[to]] != r.around[r.order[from]] || q.Layer != first.Layer || q.Class != first.Class {
				break
			}
			to++
		}
		if to-from > 1 {
			yield(r.order[from:to])
		}
		from = to
	}
}

// eachTrace calls yield for the requests of each busy trace, no more of it than can be compared with each other.
func (r *resolver) eachTrace(requests []node, yield func(members []int32)) {
	for from := 0; from < len(r.order); {
		to := from + 1
		for to < len(r.order) && requests[r.order[to]].TraceID == requests[r.order[from]].TraceID {
			to++
		}
		yield(r.order[from:min(to, from+maxFamily)])
		from = to
	}
}

// traceTable counts the requests of each trace. It is a set with open addressing that costs a few
// nanoseconds for a trace with one request, which is the usual case.
type traceTable struct {
	seed    maphash.Seed
	slots   []int32 // index into entries plus one; 0 is free
	entries []traceEntry
}

type traceEntry struct {
	trace pcommon.TraceID
	busy  bool
}

// count notes all traces, and reports whether any is busy: it has several requests, or a part of one on
// another span. Traces without an id are never busy. Global tells that ids reach across traces.
func (t *traceTable) count(requests []node, parts []part) (busy, global bool) {
	size := 16
	for size < 2*len(requests) {
		size *= 2
	}
	t.slots = cleared(t.slots, size)
	t.entries = t.entries[:0]
	for i := range requests {
		q := &requests[i]
		global = global || q.traits&globalIDs != 0
		if q.TraceID.IsEmpty() {
			continue
		}
		slot := t.at(q.TraceID)
		if *slot == 0 {
			t.entries = append(t.entries, traceEntry{trace: q.TraceID})
			*slot = int32(len(t.entries))
			continue
		}
		t.entries[*slot-1].busy, busy = true, true
	}
	for i := range parts {
		if slot := t.at(parts[i].trace.trace); *slot != 0 {
			t.entries[*slot-1].busy, busy = true, true
		}
	}
	return busy, global
}

// cleared returns a table of zeros of that size, in the same memory if there is enough of it. A small batch after a large one
// clears no more than it uses.
func cleared(table []int32, size int) []int32 {
	if cap(table) < size {
		return make([]int32, size)
	}
	table = table[:size]
	clear(table)
	return table
}

// at returns the slot of a trace, or the free one where it belongs.
func (t *traceTable) at(trace pcommon.TraceID) *int32 {
	mask := uint64(len(t.slots) - 1)
	for i := maphash.Bytes(t.seed, trace[:]) & mask; ; i = (i + 1) & mask {
		if t.slots[i] == 0 || t.entries[t.slots[i]-1].trace == trace {
			return &t.slots[i]
		}
	}
}

func (t *traceTable) busy(trace pcommon.TraceID) bool {
	slot := *t.at(trace)
	return slot != 0 && t.entries[slot-1].busy
}
