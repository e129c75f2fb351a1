package inference

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

const (
	// sameTime is the share of the shorter of two spans that both must have in common.
	sameTime = 0.9
	// maxFamily bounds the spans with one parent that are compared with each other.
	maxFamily = 512
)

// markSiblings finds calls that two instrumentations describe side by side: same parent, another scope, the
// same time and model, no other response id. Parallel calls of one scope look just like that and are never
// merged; of several, the first of one scope belongs to the first of the other.
func (r *resolver) markSiblings(requests []Request) {
	r.families(requests, func(members []int32) {
		members = members[:min(len(members), maxFamily)]
		for i, first := range members {
			kept := &requests[first]
			if kept.Duplicate != Unique {
				continue
			}
			for _, second := range members[i+1:] {
				other := &requests[second]
				if other.Duplicate != Unique || kept.hasBeside(other.scope) || other.hasBeside(kept.scope) ||
					!sameCall(kept, other) {
					continue
				}
				if better(other, kept) {
					kept, other = other, kept
				}
				other.Duplicate = Sibling
				kept.inherit(other)
				kept.beside = [2]string{other.scope, orElse(kept.beside[0], other.beside[0])}
			}
		}
	})
}

// hasBeside reports whether a span of that scope describes the request, too, or whether there are several.
func (q *Request) hasBeside(scope string) bool {
	return q.beside[0] == scope && scope != "" || q.beside[1] != ""
}

// sameCall reports whether two spans with the same parent describe one call.
func sameCall(a, b *Request) bool {
	if a.scope == b.scope || a.ID != "" && b.ID != "" && a.ID != b.ID {
		return false
	}
	shorter := min(a.End-a.Start, b.End-b.Start)
	common := secondsBetween(max(a.Start, b.Start), min(a.End, b.End))
	return common > 0 && common >= sameTime*secondsBetween(0, shorter) && sameModel(a, b)
}

// better reports whether a span tells more of a request than another; of equals, a client's is better than
// that of a framework, which calls through it.
func better(a, b *Request) bool {
	if x, y := a.facts(), b.facts(); x != y {
		return x > y
	}
	return !a.traits.Has(dialect.Framework) && b.traits.Has(dialect.Framework)
}

// facts counts what matters most in a request.
func (q *Request) facts() (n int) {
	for _, told := range [...]bool{q.ID != "", q.TTFT != Absent, q.OutputTokens != Absent} {
		if told {
			n++
		}
	}
	return n
}

// sameModel reports whether two requests can be to the same model: one names none, or they share a model but
// for its version and the provider before it.
func sameModel(a, b *Request) bool {
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
	layer Layer
	id    string
}

func (q *Request) key() requestID {
	key := requestID{layer: q.Layer, id: q.ID}
	if q.traits&globalIDs == 0 {
		key.trace = q.TraceID
	}
	return key
}
