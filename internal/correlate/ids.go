// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"hash/maphash"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// findSameID pairs requests of one id. What has no trace has no relatives.
func (f *Forest) findSameID() {
	f.ordered, f.polls, f.events = f.ordered[:0], f.polls[:0], f.events[:0]
	for _, i := range f.members {
		q := &f.requests[i]
		if q.MayYield && q.Signal == llm.Logs {
			f.events = append(f.events, i)
		}
		switch {
		case q.ID == "":
		case q.Duplicate == llm.Unique:
			f.ordered = append(f.ordered, i)
		case q.isPoll():
			f.polls = append(f.polls, i)
		default:
		}
	}
	global := false
	for i := range f.requests {
		q := &f.requests[i]
		if !q.Traits.Has(emitter.GlobalIDs) || q.ID == "" || q.TraceID.IsEmpty() || q.Duplicate != llm.Unique {
			continue
		}
		global = true
		if t := &f.traces[f.traceOf(q.TraceID)]; !t.tree {
			f.ordered = append(f.ordered, int32(i))
		}
	}
	if global {
		slices.SortFunc(f.ordered, func(i, j int32) int { return before(&f.requests[i], &f.requests[j]) })
	}
	x := &f.ids
	x.slots = cleared(x.slots, 2*len(f.ordered))
	x.first = x.first[:0]
	x.next = slices.Grow(x.next[:0], len(f.requests))[:len(f.requests)]
	x.kept = slices.Grow(x.kept[:0], len(f.requests))[:len(f.requests)]
	for _, i := range f.ordered {
		x.next[i], x.kept[i] = -1, i
		slot := f.idSlot(&f.requests[i])
		if *slot == 0 {
			*slot = i + 1
			continue
		}
		first := *slot - 1
		if x.next[first] < 0 {
			x.first = append(x.first, first)
		}
		// kept leads to the last one until all are found.
		x.next[x.kept[first]] = i
		x.kept[first] = i
	}
	for _, first := range x.first {
		x.kept[first] = first
	}
	f.sameID()
}

// idSlot returns the slot of a request's id, or the free one where it belongs.
func (f *Forest) idSlot(q *Request) *int32 {
	x := &f.ids
	hash := attr.Mix(maphash.String(f.seed, q.ID), uint64(q.Layer))
	mask := uint64(len(x.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s == 0 || haveOneKey(&f.requests[s-1], q) {
			return &x.slots[i]
		}
	}
}

func haveOneKey(a, b *Request) bool {
	global := a.Traits.Has(emitter.GlobalIDs)
	return a.ID == b.ID && a.Layer == b.Layer && global == b.Traits.Has(emitter.GlobalIDs) && (global || a.TraceID == b.TraceID)
}

// withEvents pairs the requests whose spans log events name with those.
func (f *Forest) withEvents() {
	for _, event := range f.events {
		if at := f.above[event]; at >= 0 && f.nodes[at].request >= 0 {
			f.join(f.nodes[at].request, event)
		}
	}
}

// polled pairs the requests of a trace with those that asked for their responses. There are few of these.
func (f *Forest) polled() {
	for _, poll := range f.polls {
		for _, i := range f.members {
			if f.join(i, poll) {
				break
			}
		}
	}
}

// sameID pairs the requests of one id that were found.
func (f *Forest) sameID() {
	x := &f.ids
	for _, first := range x.first {
		for i := x.next[first]; i >= 0; i = x.next[i] {
			if f.join(x.kept[first], i) && f.requests[i].Duplicate == llm.Unique {
				x.kept[first] = i
			}
		}
	}
}
