// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"slices"
)

// unite makes the neighbourhoods of two requests one.
func (f *Forest) unite(a, b int32) {
	if a, b = f.Neighbourhood(a), f.Neighbourhood(b); a != b {
		f.joined[max(a, b)] = min(a, b)
	}
}

// Neighbourhood returns the first of the requests that describe the same call as one of those that were related last.
func (f *Forest) Neighbourhood(i int32) int32 {
	for f.joined[i] != i {
		f.joined[i] = f.joined[f.joined[i]]
		i = f.joined[i]
	}
	return i
}

// Staged returns the request that a stage is a time of, of those that were related last, or -1.
func (f *Forest) Staged(stage int) int32 {
	if stage >= len(f.staged) {
		return -1
	}
	return f.staged[stage]
}

// Around calls yield for each connector around a request, of those that were related last. The nearest comes first, and the last is
// the one by which the process was entered, if it is there.
func (f *Forest) Around(i int32, yield func(connector int32)) {
	if int(i) >= len(f.above) {
		return
	}
	at := f.above[i]
	for depth := 0; at >= 0 && depth < maxDepth; depth++ {
		n := &f.nodes[at]
		if n.connector >= 0 {
			yield(n.connector)
		}
		if n.hop.any() {
			return
		}
		at = n.up
	}
}

// ancestors calls yield for each request at or above a node, the nearest first, until it returns false. The way ends where a
// connector separates calls.
func (f *Forest) ancestors(at int32, yield func(index int32) bool) {
	for depth := 0; at >= 0 && depth < maxDepth; depth++ {
		n := &f.nodes[at]
		if n.request >= 0 && !yield(n.request) {
			return
		}
		if n.separates {
			return
		}
		at = n.up
	}
}

// eachTree calls yield for the requests of each tree, no more of it than can be compared with each other.
func (f *Forest) eachTree(yield func(members []int32)) {
	for i := range f.traces {
		if t := &f.traces[i]; t.to > t.from {
			yield(f.members[t.from:min(t.to, t.from+maxGroup)])
		}
	}
}

// eachGroup calls yield for the requests side by side of each tree, if there are several. They are of one layer and class.
func (f *Forest) eachGroup(yield func(members []int32)) {
	if !f.grouped {
		f.groups = append(f.groups[:0], f.members...)
		for i := range f.traces {
			t := &f.traces[i]
			slices.SortFunc(f.groups[t.from:t.to], f.byGroup)
		}
		f.grouped = true
	}
	for i := range f.traces {
		t := &f.traces[i]
		members := f.groups[t.from:t.to]
		for from := 0; from < len(members); {
			to := from + 1
			for to < len(members) && f.sameGroup(members[from], members[to]) {
				to++
			}
			if to-from > 1 {
				yield(members[from:to])
			}
			from = to
		}
	}
}

func (f *Forest) byGroup(i, j int32) int {
	if c := slices.Compare(f.around[i][:], f.around[j][:]); c != 0 {
		return c
	}
	a, b := &f.requests[i], &f.requests[j]
	if a.Layer != b.Layer {
		return int(a.Layer) - int(b.Layer)
	}
	if a.Class != b.Class {
		return int(a.Class) - int(b.Class)
	}
	return int(f.order[i] - f.order[j])
}

func (f *Forest) sameGroup(i, j int32) bool {
	a, b := &f.requests[i], &f.requests[j]
	return f.around[i] == f.around[j] && a.Layer == b.Layer && a.Class == b.Class
}
