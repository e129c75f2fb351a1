// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	// sameTime is the share of the shorter of two spans that both must have in common.
	sameTime = 0.9
	// maxFamily bounds the spans with one parent that are compared with each other.
	maxFamily = 512
)

// pair is two requests that may describe one call.
type pair struct {
	first, second int32
	// rank is the lower the likelier they do: of equals, it is the order in which they were found.
	rank uint64
}

// addPair notes two requests of those that are compared, of which there are no more than maxFamily.
func (r *resolver) addPair(requests []node, first, second int32) {
	const found = maxFamily * maxFamily
	rank := distance(&requests[first], &requests[second])*found + uint64(len(r.pairs))
	r.pairs = append(r.pairs, pair{first, second, rank})
}

// markSiblings finds calls that two instrumentations describe side by side: same parent, another scope, the
// same time and model, no other response id. Parallel calls of one scope look just like that and are never
// merged; of several, those belong together that end together.
func (r *resolver) markSiblings(requests []node) {
	r.families(requests, func(members []int32) {
		members = members[:min(len(members), maxFamily)]
		r.pairs = r.pairs[:0]
		for i, first := range members {
			for _, second := range members[i+1:] {
				if sameCall(&requests[first], &requests[second]) {
					r.addPair(requests, first, second)
				}
			}
		}
		r.pairOff(requests)
	})
	r.markCousins(requests)
}

// markCousins finds calls of frameworks whose spans are not current while they run: the span of the client is beside the
// outermost of theirs, or beside what that lies in.
func (r *resolver) markCousins(requests []node) {
	r.eachTrace(requests, func(members []int32) {
		if !slices.ContainsFunc(members, func(i int32) bool { return requests[i].mayBeInner() }) {
			return
		}
		r.pairs, r.byStart = r.pairs[:0], append(r.byStart[:0], members...)
		slices.SortFunc(r.byStart, func(i, j int32) int {
			return cmp.Or(cmp.Compare(requests[i].Start, requests[j].Start), cmp.Compare(i, j))
		})
		for _, first := range r.byStart {
			inner := &requests[first]
			if !inner.mayBeInner() {
				continue
			}
			for _, second := range r.byStart {
				if outer := &requests[second]; inner.mayBeCousin(outer) && r.mayBeAround(inner, outer) {
					r.addPair(requests, first, second)
				}
			}
		}
		r.pairOff(requests)
	})
}

// mayBeInner reports whether a request is a framework's, which another span can describe from further above.
func (q *node) mayBeInner() bool { return q.Duplicate == llm.Unique && q.traits.Has(dialect.Framework) }

// mayBeCousin reports whether another span can describe a framework's call from further above.
func (q *node) mayBeCousin(other *node) bool {
	return q.Layer == other.Layer && q.Class == other.Class && q.ParentID != other.ParentID && !other.ParentID.IsEmpty() &&
		other.Duplicate == llm.Unique && endsApart(q, other) <= uint64(sibling) && sameCall(q, other)
}

// mayBeAround reports whether a request's parent lies around a framework's request. If the batch has neither the parent nor all
// of what is around the other one, which end later, it may.
func (r *resolver) mayBeAround(inner, outer *node) bool {
	at := spanKey{inner.TraceID, inner.ParentID}
	for depth := 0; !at.span.IsEmpty() && depth < maxDepth; depth++ {
		if at.span == outer.ParentID {
			return true
		}
		parent, known := r.parentOf(at)
		if !known {
			_, known = r.parentOf(spanKey{outer.TraceID, outer.ParentID})
			return !known && inner.Resource == outer.Resource
		}
		at.span = parent
	}
	return false
}

// parentOf returns a span's parent if the batch has the span, be it a wall.
func (r *resolver) parentOf(span spanKey) (parent pcommon.SpanID, known bool) {
	if parent, known = r.parents[span]; !known {
		parent, known = r.walls[span]
	}
	return parent, known
}

// pairOff merges what the pairs describe, those first that end together. So of the attempts of a framework's call the last one
// is its answer.
func (r *resolver) pairOff(requests []node) {
	slices.SortFunc(r.pairs, func(x, y pair) int { return cmp.Compare(x.rank, y.rank) })
	for _, x := range r.pairs {
		first, second := r.keptOf(x.first), r.keptOf(x.second)
		if loser := mergeSiblings(&requests[first], &requests[second]); loser == &requests[first] {
			r.keeper[first] = second
		} else if loser != nil {
			r.keeper[second] = first
		}
	}
}

// keptOf returns the request that a request was merged into, or itself.
func (r *resolver) keptOf(i int32) int32 {
	for r.keeper[i] != i {
		i = r.keeper[i]
	}
	return i
}

// mergeSiblings marks one of two spans that describe the same call and returns it, unless one of them is found to describe
// another one.
func mergeSiblings(kept, other *node) (loser *node) {
	if kept.Duplicate != llm.Unique || other.Duplicate != llm.Unique || kept.hasBeside(other.scope) || other.hasBeside(kept.scope) ||
		!sameCall(kept, other) {
		return nil
	}
	if better(other, kept) {
		kept, other = other, kept
	}
	other.Duplicate = llm.Sibling
	kept.inherit(other)
	kept.beside = [2]string{other.scope, orElse(kept.beside[0], other.beside[0])}
	return other
}

// endsApart is the time between the ends of two requests, in nanoseconds. Made-up times are further apart than a
// time.Duration can tell.
func endsApart(a, b *node) uint64 { return uint64(max(a.End, b.End) - min(a.End, b.End)) }

// together is how much apart spans may end that end together, as far as can be told.
const together = 10 * time.Millisecond

// distance orders pairs of spans by how likely they describe one call: they end together, and alike.
func distance(a, b *node) uint64 {
	d := endsApart(a, b) / uint64(together) * 2
	if a.Outcome != b.Outcome {
		d++
	}
	return d
}

// hasBeside reports whether a span of that scope describes the request, too, or whether there are several.
func (q *node) hasBeside(scope string) bool {
	return q.beside[0] == scope && scope != "" || q.beside[1] != ""
}

// sameCall reports whether two spans with the same parent describe one call.
func sameCall(a, b *node) bool {
	if a.scope == b.scope || a.ID != "" && b.ID != "" && a.ID != b.ID {
		return false
	}
	shorter := min(a.End-a.Start, b.End-b.Start)
	common := secondsBetween(max(a.Start, b.Start), min(a.End, b.End))
	return common > 0 && common >= sameTime*secondsBetween(0, shorter) && sameModel(a, b)
}

// better reports whether a span tells more of a request than another; of equals, a client's is better than
// that of a framework, which calls through it.
func better(a, b *node) bool {
	if x, y := a.facts(), b.facts(); x != y {
		return x > y
	}
	return !a.traits.Has(dialect.Framework) && b.traits.Has(dialect.Framework)
}

// facts counts what matters most in a request.
func (q *node) facts() (n int) {
	for _, told := range [...]bool{q.ID != "", q.TTFT != llm.Absent, q.OutputTokens != llm.Absent} {
		if told {
			n++
		}
	}
	return n
}

// sameModel reports whether two requests can be to the same model: one names none, or they share a model but
// for its version and the provider before it.
func sameModel(a, b *node) bool {
	named := false
	for _, x := range [...]string{a.RequestModel, a.ResponseModel} {
		for _, y := range [...]string{b.RequestModel, b.ResponseModel} {
			if x == "" || y == "" {
				continue
			}
			named = true
			if sameFamily(x, y) {
				return true
			}
		}
	}
	return !named
}

// sameFamily reports whether a model's name is another's, or that with a version.
func sameFamily(a, b string) bool {
	a, b = a[strings.LastIndexByte(a, '/')+1:], b[strings.LastIndexByte(b, '/')+1:]
	if len(a) > len(b) {
		a, b = b, a
	}
	version, ok := strings.CutPrefix(b, a)
	return ok && (version == "" || len(version) > 1 && strings.IndexByte("-@:.", version[0]) >= 0 && isDigit(version[1]))
}

// requestID is a request's id within its layer, and within its trace unless ids of its emitter have no equal.
type requestID struct {
	trace pcommon.TraceID
	layer llm.Layer
	id    string
}

func (q *node) key() requestID {
	key := requestID{layer: q.Layer, id: q.ID}
	if q.traits&globalIDs == 0 {
		key.trace = q.TraceID
	}
	return key
}
