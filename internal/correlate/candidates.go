// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// nesting is a request and one above it of its layer and class.
type nesting struct {
	inner, outer int32
	// only is set if the inner one is the call that the outer one describes, not one of several.
	only bool
}

// pair is two requests that may describe one call.
type pair struct {
	first, second int32
	// rank is the lower the likelier they do: of equals, it is the order in which they were found.
	rank uint64
}

// openBeforeLogs pairs the requests that began before a log with it, the last ones first.
func (f *Forest) openBeforeLogs() {
	f.eachTree(func(members []int32) {
		for at, log := range members {
			if q := &f.requests[log]; q.Class != llm.Supplement || !q.isBesideRequest() {
				continue
			}
			for at+1 < len(members) && f.requests[members[at+1]].Start == f.requests[log].Start {
				at++ // Of those that begin together the log need not be the last.
			}
			for ; at >= 0; at-- {
				if members[at] != log && f.join(members[at], log) {
					break
				}
			}
		}
	})
}

// enclosingSteps pairs the requests around a step with it, the outermost first. Steps come in the order of their ends, since of
// the attempts of a request the last one decides.
func (f *Forest) enclosingSteps() {
	f.ordered = f.ordered[:0]
	for _, i := range f.members {
		if f.requests[i].mayBeStep() {
			f.ordered = append(f.ordered, i)
		}
	}
	slices.SortFunc(f.ordered, func(i, j int32) int {
		a, b := &f.requests[i], &f.requests[j]
		return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Start, b.Start), bytes.Compare(a.SpanID[:], b.SpanID[:]))
	})
	var above [maxDepth]int32
	for _, step := range f.ordered {
		n := 0
		f.ancestors(f.above[step], func(i int32) bool {
			above[n] = i
			n++
			return true
		})
		for n--; n >= 0; n-- {
			if above[n] != step && f.join(above[n], step) {
				break
			}
		}
	}
}

// endedBeforeBreaks pairs the requests that began before the failure of a response was handled with that, the last ones first.
func (f *Forest) endedBeforeBreaks() {
	f.eachTree(func(members []int32) {
		for at, i := range members {
			if !f.requests[i].Breaks {
				continue
			}
			for at--; at >= 0 && !f.join(members[at], i); at-- {
			}
		}
	})
}

// aroundUnmetered pairs the requests around each span without usage with it, the nearest first.
func (f *Forest) aroundUnmetered() {
	for _, part := range f.members {
		if f.requests[part].Unmetered {
			f.ancestors(f.above[part], func(whole int32) bool { return whole == part || !f.join(whole, part) })
		}
	}
}

// enclosing pairs each request that counts with those around it, the nearest first.
func (f *Forest) enclosing() {
	for _, inner := range f.members {
		if f.requests[inner].Duplicate != llm.Unique {
			continue
		}
		f.ancestors(f.above[inner], func(outer int32) bool {
			if outer != inner && f.join(inner, outer) {
				f.nested = append(f.nested, nesting{inner: inner, outer: outer})
			}
			return true
		})
	}
}

// ids finds requests by their ids: within their layer, and within their trace unless ids of their emitter have no equal.
type ids struct {
	slots []int32 // the first request of an id plus one; 0 is free
	// next leads to the next request of the same id, or is -1; kept is the one that counts, by the first.
	next, kept []int32
	// first are the first requests of ids that several have.
	first []int32
}

// findSameID pairs requests of one id. What has no trace has no relatives.
func (f *Forest) findSameID() {
	f.ordered = f.ordered[:0]
	for _, i := range f.members {
		if q := &f.requests[i]; q.ID != "" && q.Duplicate == llm.Unique {
			f.ordered = append(f.ordered, i)
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

// earlierInGroup pairs requests whose prompt was read elsewhere with those beside them that began before, the last ones first.
func (f *Forest) earlierInGroup() {
	if !slices.ContainsFunc(f.members, func(i int32) bool { return f.requests[i].PrefilledElsewhere }) {
		return
	}
	f.eachGroup(func(members []int32) {
		members = members[:min(len(members), maxGroup)]
		for at, i := range members {
			if !f.requests[i].PrefilledElsewhere {
				continue
			}
			for at--; at >= 0 && !f.join(i, members[at]); at-- {
			}
		}
	})
}

// addPair notes two requests of those that are compared, of which there are no more than maxGroup.
func (f *Forest) addPair(first, second int32) {
	const found = maxGroup * maxGroup
	rank := distance(&f.requests[first], &f.requests[second])*found + uint64(len(f.pairs))
	f.pairs = append(f.pairs, pair{first, second, rank})
}

// pairOff pairs what was found, those first that end together. So of the attempts of a framework's call the last one is its
// answer.
func (f *Forest) pairOff() {
	slices.SortFunc(f.pairs, func(x, y pair) int { return cmp.Compare(x.rank, y.rank) })
	for _, x := range f.pairs {
		f.join(f.rootOf(x.first), f.rootOf(x.second))
	}
}

// rootOf returns the request that a request was merged into as a description side by side, or itself.
func (f *Forest) rootOf(i int32) int32 {
	for f.root[i] != i {
		i = f.root[i]
	}
	return i
}

// sideBySide pairs calls that two instrumentations may describe side by side: same parent, another scope, the same time and
// model, no other response id. Parallel calls of one scope look just like that and are never merged; of several, those belong
// together that end together.
func (f *Forest) sideBySide() {
	f.eachGroup(func(members []int32) {
		members = members[:min(len(members), maxGroup)]
		f.pairs = f.pairs[:0]
		for at, first := range members {
			for _, second := range members[at+1:] {
				if sameCall(&f.requests[first], &f.requests[second]) {
					f.addPair(first, second)
				}
			}
		}
		f.pairOff()
	})
}

// copies pairs requests side by side that were written twice. Clocks of milliseconds make parallel calls look so, too: there,
// only those count as copies that come with a copy each.
func (f *Forest) copies() {
	f.eachGroup(func(members []int32) {
		members = members[:min(len(members), maxGroup)]
		for at, first := range members {
			for _, second := range members[at+1:] {
				a, b := &f.requests[first], &f.requests[second]
				if a.Start != b.Start {
					break
				}
				if areAlike(a, b) && (!a.coarse() || f.eachHasCopy(members, a.Scope)) {
					f.join(first, second)
				}
			}
		}
	})
}

// eachHasCopy reports whether all requests of a scope have one that is alike.
func (f *Forest) eachHasCopy(members []int32, scope string) bool {
	for _, i := range members {
		if f.requests[i].Scope == scope && !slices.ContainsFunc(members, func(j int32) bool { return j != i && areAlike(&f.requests[i], &f.requests[j]) }) {
			return false
		}
	}
	return true
}

// frameworksAndClients pairs calls of clients with those of frameworks whose spans are not current while they run. The
// client's span is beside the outermost of the framework's, or beside what that lies in.
func (f *Forest) frameworksAndClients() {
	f.eachTree(func(members []int32) {
		if !f.severalScopes(members) {
			return
		}
		f.pairs = f.pairs[:0]
		// Those that begin together come one after the other.
		for at, first := range members {
			for _, second := range members[at+1:] {
				a, b := &f.requests[first], &f.requests[second]
				if uint64(b.Start-a.Start) > uint64(EndTolerance) {
					break
				}
				if endsApart(a, b) > uint64(EndTolerance) {
					f.addFurtherUp(first, second)
				}
			}
		}
		// So do those that end together.
		f.ordered = append(f.ordered[:0], members...)
		slices.SortFunc(f.ordered, func(i, j int32) int {
			return cmp.Or(cmp.Compare(f.requests[i].End, f.requests[j].End), int(f.order[i]-f.order[j]))
		})
		for at, first := range f.ordered {
			for _, second := range f.ordered[at+1:] {
				if endsApart(&f.requests[first], &f.requests[second]) > uint64(EndTolerance) {
					break
				}
				f.addFurtherUp(first, second)
			}
		}
		if len(f.pairs) > 0 {
			f.pairOff()
		}
	})
}

func (f *Forest) severalScopes(members []int32) bool {
	return slices.ContainsFunc(members, func(i int32) bool { return f.requests[i].Scope != f.requests[members[0]].Scope })
}

// addFurtherUp notes two requests of which one may be a framework's and the other its client's, further up in the trace.
func (f *Forest) addFurtherUp(i, j int32) {
	a, b := &f.requests[i], &f.requests[j]
	if a.Layer != b.Layer || a.Class != b.Class || a.ParentID == b.ParentID || !bothCount(a, b) || !sameCall(a, b) {
		return
	}
	inner, client := i, j
	if b.Traits.Has(emitter.Framework) && !a.Traits.Has(emitter.Framework) {
		inner, client = j, i
	}
	within := f.mayBeAround(inner, client)
	if !within && f.mayBeAround(client, inner) {
		inner, client, within = client, inner, true
	}
	framework := f.requests[inner].Traits.Has(emitter.Framework)
	switch {
	case within && framework && isTimedAlike(a, b), within && f.belowConnector(inner) && beginTogether(a, b) && isTimedAlike(a, b) && !areCountedApart(a, b),
		endsApart(a, b) <= uint64(EndTolerance) && areCountedAlike(a, b):
		f.addPair(client, inner) // Of equals the client's is kept.
	default:
	}
}

// belowConnector reports whether a request's parent is an agent, a chain or a step of an LLM application.
func (f *Forest) belowConnector(i int32) bool {
	if f.above[i] < 0 {
		return false
	}
	above := f.nodes[f.above[i]].connector
	return above >= 0 && !f.connectors[above].Bare
}

// mayBeAround reports whether a request's parent lies around a framework's request. Spans that end later may still be missing
// from the batch: then the parent may enclose it.
func (f *Forest) mayBeAround(first, second int32) bool {
	inner, outer := &f.requests[first], &f.requests[second]
	if inner.ParentID == outer.ParentID {
		return !outer.ParentID.IsEmpty()
	}
	if inner.ParentID.IsEmpty() || outer.ParentID.IsEmpty() {
		return false
	}
	at := f.above[first]
	for depth := 1; depth < maxDepth; depth++ {
		if at < 0 {
			return f.above[second] < 0 && inner.Service == outer.Service
		}
		parent := f.nodes[at].parent
		if parent == outer.ParentID {
			return true
		}
		if parent.IsEmpty() {
			return false
		}
		at = f.nodes[at].up
	}
	return false
}

// failedBefore pairs each request with the one before it, among those side by side below one wrapper, be it that each has
// wrappers of its own.
func (f *Forest) failedBefore() {
	if len(f.nested) > 0 {
		f.grouped = false
	}
	for _, i := range f.members {
		q := &f.requests[i]
		q.wrapped = f.wrapperAt(f.above[i], q, false) >= 0
		if len(f.nested) > 0 {
			f.around[i] = f.outermost(i)
		}
	}
	f.eachGroup(func(members []int32) {
		last := int32(-1)
		for _, i := range members {
			if f.requests[i].Duplicate != llm.Unique {
				continue
			}
			if last >= 0 {
				f.join(i, last)
			}
			last = i
		}
	})
}

// wrapperAt returns the node if it is a wrapper, of the request's layer and class if asked for, or -1.
func (f *Forest) wrapperAt(at int32, q *Request, alike bool) int32 {
	if at < 0 || f.nodes[at].request < 0 {
		return -1
	}
	w := &f.requests[f.nodes[at].request]
	if w.Duplicate != llm.Wrapper || alike && (w.Layer != q.Layer || w.Class != q.Class) {
		return -1
	}
	return at
}

// outermost returns the last of the wrappers that a request lies in, one directly in the other, or else its parent.
func (f *Forest) outermost(i int32) pcommon.SpanID {
	q := &f.requests[i]
	at := f.above[i]
	span := q.ParentID
	for range maxDepth {
		inner := f.wrapperAt(at, q, true)
		if inner < 0 {
			break
		}
		outer := f.wrapperAt(f.nodes[inner].up, q, true)
		if outer < 0 {
			break
		}
		at, span = outer, f.nodes[outer].span
	}
	return span
}
