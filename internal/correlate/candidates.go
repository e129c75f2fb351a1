// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"bytes"
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

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

// withinSteps pairs the requests of families with steps around them with those, the nearest first.
func (f *Forest) withinSteps() {
	for _, i := range f.members {
		if f.requests[i].Traits.Has(emitter.StepsAround) {
			f.ancestors(f.above[i], func(step int32) bool { return step == i || !f.join(i, step) })
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

// failedBefore pairs each request with the one before it, among those side by side below one wrapper. Each may also have wrappers
// of its own.
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

// outermost returns the last of the wrappers that a request lies in, one directly in the other. Without one it returns its
// parent.
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
