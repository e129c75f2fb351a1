// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	// sameTime is the share of the shorter of two spans that both must have in common.
	sameTime = 0.9
	// EndTolerance is how much apart the spans of a framework and of the client beside it may end.
	EndTolerance = 50 * time.Millisecond
	// together is how much apart spans may end that end together, as far as can be told.
	together = 10 * time.Millisecond
)

// isBesideRequest reports whether a supplement is a span beside its request. Those of engines and of families with steps lie
// below it.
func (q *Request) isBesideRequest() bool {
	return q.Layer != llm.Server && !q.Traits.Has(emitter.StepSpans)
}

// isLogOf reports whether a log tells the end of a request: of one of its scope that shows none, to the same model.
func isLogOf(q, log *Request) bool {
	return q.Scope == log.Scope && q.Duplicate == llm.Unique && !q.Ended && q.Start <= log.Start && sameModel(q, log)
}

// isBrokenOff reports whether the failure that a span handles is that of a request: it stands beside it and begins when that ends.
func isBrokenOff(q, handler *Request) bool {
	apart := max(q.End, handler.Start) - min(q.End, handler.Start)
	return q.Emitter == handler.Emitter && q.Duplicate == llm.Unique && q.ParentID == handler.ParentID && uint64(apart) <= uint64(EndTolerance)
}

// mayBeStep reports whether a request is a step if it lies below another one of its family.
func (q *Request) mayBeStep() bool {
	return (q.Layer == llm.Server || q.Traits.Has(emitter.StepSpans)) &&
		(q.Duplicate == llm.Unique || q.Duplicate == llm.Supplemented) && !q.Breaks
}

// isStepOf reports whether a request is a step of another one around it.
func isStepOf(whole, step *Request) bool {
	return whole.Duplicate == llm.Unique && whole.Layer == step.Layer && whole.Emitter == step.Emitter &&
		(whole.Class == step.Class || step.Class == llm.Supplement)
}

// isInside reports whether a request around another one describes the same.
func isInside(inner, outer *Request) bool {
	return outer.Duplicate != llm.Sequence && outer.Layer == inner.Layer && outer.Class == inner.Class
}

func bothCount(a, b *Request) bool { return a.Duplicate == llm.Unique && b.Duplicate == llm.Unique }

// isSameSpan reports whether a span came twice.
func isSameSpan(a, b *Request) bool {
	return bothCount(a, b) && a.SpanID == b.SpanID && a.TraceID == b.TraceID
}

// haveOneID reports whether two spans of one id describe one call: of a client or gateway they do.
func haveOneID(a, b *Request) bool { return bothCount(a, b) && a.Layer != llm.Server }

// areSequences reports whether two spans of one id are outputs or phases of an engine's request.
func areSequences(a, b *Request) bool { return bothCount(a, b) && a.Layer == llm.Server }

// isEarlierPhase reports whether a span is the phase before another one, which counts.
func isEarlierPhase(q, later *Request) bool { return later.Start >= q.End && q.Start < later.End }

// isPrefilledBy reports whether a request can be the one in which the prompt of another one was read: it generated a single
// token.
func isPrefilledBy(q, prefill *Request) bool {
	return bothCount(q, prefill) && prefill.Emitter == q.Emitter && !prefill.PrefilledElsewhere && prefill.Number[fact.OutputTokens] <= 1 &&
		prefill.Number[fact.InputTokens] == q.Number[fact.InputTokens] && prefill.End <= q.Start
}

// describeOneCall reports whether two spans describe one call and neither is found to describe another one.
func describeOneCall(a, b *Request) bool {
	return bothCount(a, b) && !a.hasMerged(b.Scope) && !b.hasMerged(a.Scope) && sameCall(a, b)
}

// mayBeFurtherUp reports whether another span can describe a framework's call from further above.
func mayBeFurtherUp(inner, outer *Request) bool {
	return inner.Layer == outer.Layer && inner.Class == outer.Class && inner.ParentID != outer.ParentID && !outer.ParentID.IsEmpty() &&
		outer.Duplicate == llm.Unique && endsApart(inner, outer) <= uint64(EndTolerance) && sameCall(inner, outer)
}

// isRetryOf reports whether a request is the failed one before, sent again: they share an id, or spans like them are attempts of
// what their parent stands for.
func isRetryOf(q, failed *Request) bool {
	switch {
	case failed.Outcome != llm.Error, q.Scope != failed.Scope:
		return false
	case q.Call != "" && q.Call == failed.Call:
		return true
	case q.ParentID.IsEmpty() || q.Start < failed.End:
		return false
	default:
		return q.Traits.Has(emitter.SpanPerAttempt) || q.wrapped
	}
}

// endsApart is the time between the ends of two requests, in nanoseconds. Made-up times are further apart than a
// time.Duration can tell.
func endsApart(a, b *Request) uint64 { return uint64(max(a.End, b.End) - min(a.End, b.End)) }

// distance orders pairs of spans by how likely they describe one call: they end together, and alike.
func distance(a, b *Request) uint64 {
	d := endsApart(a, b) / uint64(together) * 2
	if a.Outcome != b.Outcome {
		d++
	}
	return d
}

// hasMerged reports whether a span of that scope describes the request, too, or whether there are several.
func (q *Request) hasMerged(scope string) bool {
	return q.MergedScopes[0] == scope && scope != "" || q.MergedScopes[1] != ""
}

// sameCall reports whether two spans can describe one call by what they tell.
func sameCall(a, b *Request) bool {
	if a.Scope == b.Scope || a.ID != "" && b.ID != "" && a.ID != b.ID {
		return false
	}
	shorter := min(a.End-a.Start, b.End-b.Start)
	common := llm.SecondsBetween(max(a.Start, b.Start), min(a.End, b.End))
	return common > 0 && common >= sameTime*llm.SecondsBetween(0, shorter) && sameModel(a, b)
}

// lessThan reports whether another span tells more of a request; of equals, a client's is better than that of a framework,
// which calls through it.
func (q *Request) lessThan(other *Request) bool {
	if mine, others := q.facts(), other.facts(); mine != others {
		return mine < others
	}
	return q.Traits.Has(emitter.Framework) && !other.Traits.Has(emitter.Framework)
}

// facts counts what matters most in a request.
func (q *Request) facts() (n int) {
	for _, told := range [...]bool{q.ID != "", q.Number[fact.TTFT] != llm.Absent, q.Number[fact.OutputTokens] != llm.Absent} {
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

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Unfinished reports whether a request that was related shows that something is to come that describes it: after an attempt that
// failed the next one, after a span that shows no end the one that carries it, after a prefill the request that it was for, and
// after a supplement its request.
func (q *Request) Unfinished() bool {
	switch {
	case q.Duplicate == llm.Supplemented:
		return !q.Merged && !q.IsLog()
	case q.Duplicate != llm.Unique:
		return false
	case q.Outcome == llm.Error && !q.parentCame && (q.Traits.Has(emitter.SpanPerAttempt) || q.Call != ""):
		return true
	case !q.Ended && q.Traits.Has(emitter.EndsElsewhere):
		return true
	default:
		output := q.Number[fact.OutputTokens]
		return q.Traits.Has(emitter.SpanPerOutput) && output != llm.Absent && output <= 1
	}
}
