// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"cmp"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

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

// sideBySide pairs calls that two instrumentations may describe side by side. They have the same parent, another scope, the same
// time and model, no other response id. Parallel calls of one scope look just like that and are never merged. Of several, those
// belong together that end together.
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

// copies pairs requests side by side that were written twice. Clocks of milliseconds make parallel calls look so, too. There,
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

// addFurtherUp notes two requests. One of them may be a framework's and the other its client's, further up in the trace.
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
