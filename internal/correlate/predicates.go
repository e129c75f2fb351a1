// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	// sameTime is the share of the shorter of two spans that both must have in common.
	sameTime = 0.9
	// EndTolerance is how much apart the spans of a framework and of the client beside it may end.
	EndTolerance = 50 * time.Millisecond
	// together is how much apart spans may end that are taken to end together.
	together = 10 * time.Millisecond
)

// isBesideRequest reports whether a supplement is a span beside its request. Those of engines and of families with steps lie
// below it, or around it.
func (q *Request) isBesideRequest() bool {
	return q.Layer != llm.Server && !q.Traits.Has(emitter.StepSpans) && !q.isAroundRequest() && !q.isPoll()
}

// isWithin reports whether a step around a request says how its response came.
func isWithin(q, step *Request) bool {
	return step.isAroundRequest() && step.Stream != llm.StreamUnknown && q.Duplicate == llm.Unique && q.Emitter == step.Emitter
}

// isLogOf reports whether a log has the end of a request. The request is of the same scope and model, and shows no end.
func isLogOf(q, log *Request) bool {
	return q.Scope == log.Scope && q.Duplicate == llm.Unique && !q.Ended && q.Start <= log.Start && sameModel(q, log)
}

// isBrokenOff reports whether the failure that a span handles is that of a request. The span stands beside it and begins when
// that ends.
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

// isPartOf reports whether a span without usage is a part of the request around it. It may be one of its attempts.
func isPartOf(whole, part *Request) bool {
	return part.Unmetered && !whole.Unmetered && part.Duplicate == llm.Unique && whole.Duplicate == llm.Unique &&
		whole.Layer == part.Layer && whole.Class == part.Class && !whole.Service.Differs(part.Service)
}

// isInside reports whether a request around another one describes the same.
func isInside(inner, outer *Request) bool {
	// A log event that may yield to its span must not take the span's place.
	return !inner.MayYield && outer.Duplicate != llm.Sequence && outer.Layer == inner.Layer && outer.Class == inner.Class && !outer.Service.Differs(inner.Service)
}

func bothCount(a, b *Request) bool { return a.Duplicate == llm.Unique && b.Duplicate == llm.Unique }

// isSameSpan reports whether a span came twice.
func isSameSpan(a, b *Request) bool {
	return bothCount(a, b) && a.SpanID == b.SpanID && a.TraceID == b.TraceID
}

// haveOneID reports whether two spans of one id describe one call. Those of a client or gateway do, unless they come from two
// services, each of which measures the call.
func haveOneID(a, b *Request) bool {
	return bothCount(a, b) && a.Layer != llm.Server && !a.Service.Differs(b.Service)
}

// isNamedBy reports whether a log event that may yield says the tokens of the span that it names. A span around the request has none
// of its own either, but is of another kind or model.
func isNamedBy(q, event *Request) bool {
	return bothCount(q, event) && q.Signal == llm.Spans && !q.MayYield && q.SpanID == event.ParentID && q.Class == event.Class &&
		q.Layer == event.Layer && !q.HasUsage() && event.HasUsage() && sameModel(q, event)
}

// isPolledBy reports whether a poll is for a request's response.
func isPolledBy(q, poll *Request) bool {
	return q.ID == poll.ID && q.TraceID == poll.TraceID && q.Duplicate == llm.Unique && q.Layer == poll.Layer && !q.Service.Differs(poll.Service)
}

// areSequences reports whether two spans of one id are outputs or phases of an engine's request.
func areSequences(a, b *Request) bool { return bothCount(a, b) && a.Layer == llm.Server }

// isEarlierPhase reports whether a span is the phase before another one, which counts.
func isEarlierPhase(q, later *Request) bool { return later.Start >= q.End && q.Start < later.End }

// isPrefilledBy reports whether a request can be the one in which the prompt of another one was read. It generated a single
// token.
func isPrefilledBy(q, prefill *Request) bool {
	return bothCount(q, prefill) && prefill.Emitter == q.Emitter && !prefill.PrefilledElsewhere && prefill.Number[fact.OutputTokens] <= 1 &&
		prefill.Number[fact.InputTokens] == q.Number[fact.InputTokens] && prefill.End <= q.Start
}

// describeOneCall reports whether two spans describe one call and neither is found to describe another one.
func describeOneCall(a, b *Request) bool {
	return bothCount(a, b) && !a.hasMerged(b.Scope) && !b.hasMerged(a.Scope) && sameCall(a, b)
}

// isTimedAlike reports whether the times of two spans are those of one call. They end together. Or they begin together, and one
// of them ends when the stream begins and shows no end of it.
func isTimedAlike(a, b *Request) bool {
	if endsApart(a, b) <= uint64(EndTolerance) {
		return true
	}
	if a.End > b.End {
		a, b = b, a
	}
	return beginTogether(a, b) && !a.Ended && a.Outcome == llm.Success
}

// beginTogether reports whether two spans begin at about the same time.
func beginTogether(a, b *Request) bool {
	return uint64(max(a.Start, b.Start)-min(a.Start, b.Start)) <= uint64(EndTolerance)
}

// areCountedAlike reports whether two spans count the same tokens, and not none.
func areCountedAlike(a, b *Request) bool {
	return a.Number[fact.InputTokens] > 0 && a.Number[fact.InputTokens] == b.Number[fact.InputTokens] &&
		a.Number[fact.OutputTokens] > 0 && a.Number[fact.OutputTokens] == b.Number[fact.OutputTokens]
}

// areCountedApart reports whether two spans count tokens that cannot be of one call. Estimates show nothing.
func areCountedApart(a, b *Request) bool {
	apart := func(whole fact.Fact, parts ...fact.Fact) bool {
		x, y := a.Number[whole], b.Number[whole]
		if x == llm.Absent || y == llm.Absent || a.Estimated || b.Estimated {
			return false
		}
		left := 0.0
		for _, part := range parts {
			left += max(a.Number[part], b.Number[part], 0)
		}
		return x != y && x != y+left && y != x+left
	}
	return apart(fact.InputTokens, fact.CacheReadTokens, fact.CacheWriteTokens) || apart(fact.OutputTokens, fact.ReasoningTokens)
}

// isCopyOf reports whether a request was written a second time under another id.
func isCopyOf(a, b *Request) bool { return bothCount(a, b) && areAlike(a, b) }

// areAlike reports whether two spans of one parent are alike but for their ids, to the nanosecond. Outputs of an engine's request
// may be.
func areAlike(a, b *Request) bool {
	if a.Start != b.Start || a.End != b.End || a.Start == a.End || a.Scope != b.Scope || a.ParentID != b.ParentID || a.Layer != b.Layer ||
		a.Class != b.Class || a.Traits.Has(emitter.SpanPerOutput) || a.Service != b.Service {
		return false
	}
	if a.Operation != b.Operation || a.RequestModel != b.RequestModel || a.Outcome != b.Outcome || a.ErrorType != b.ErrorType {
		return false
	}
	if !a.coarse() { // To the nanosecond, one may say less than the other.
		return agree(a.ID, b.ID) && agree(a.ResponseModel, b.ResponseModel) && countAlike(a, b, fact.InputTokens) && countAlike(a, b, fact.OutputTokens)
	}
	return a.ID == b.ID && a.ResponseModel == b.ResponseModel &&
		a.Number[fact.InputTokens] == b.Number[fact.InputTokens] && a.Number[fact.OutputTokens] == b.Number[fact.OutputTokens]
}

// agree reports whether two texts are the same, or one says nothing.
func agree(a, b string) bool { return a == b || a == "" || b == "" }

// countAlike reports whether two spans count the same tokens, or one of them none.
func countAlike(a, b *Request, tokens fact.Fact) bool {
	return a.Number[tokens] == b.Number[tokens] || a.Number[tokens] == llm.Absent || b.Number[tokens] == llm.Absent
}

// coarse reports whether a span's clock shows no more than milliseconds.
func (q *Request) coarse() bool {
	const unit = pcommon.Timestamp(time.Millisecond)
	return q.Start%unit == 0 && q.End%unit == 0
}

// isRetryOf reports whether a request is the failed one before, sent again. They share an id, or spans like them are attempts of
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
// time.Duration can hold.
func endsApart(a, b *Request) uint64 { return uint64(max(a.End, b.End) - min(a.End, b.End)) }

// distance orders pairs of spans by how likely they describe one call. Such count the same tokens, and end together and alike.
func distance(a, b *Request) uint64 {
	const farthest = 1 << 42 // above what follows from any two times
	d := endsApart(a, b) / uint64(together) * 2
	if a.Outcome != b.Outcome {
		d++
	}
	switch {
	case areCountedAlike(a, b):
	case areCountedApart(a, b):
		d += 2 * farthest
	default:
		d += farthest
	}
	return d
}

// hasMerged reports whether a span of that scope describes the request, too, or whether there are several.
func (q *Request) hasMerged(scope string) bool {
	return q.MergedScopes[0] == scope && scope != "" || q.MergedScopes[1] != ""
}

// sameCall reports whether two spans can describe one call by what they hold.
func sameCall(a, b *Request) bool {
	if a.Scope == b.Scope || a.ID != "" && b.ID != "" && a.ID != b.ID || a.Service.Differs(b.Service) {
		return false
	}
	shorter := min(a.End-a.Start, b.End-b.Start)
	common := llm.SecondsBetween(max(a.Start, b.Start), min(a.End, b.End))
	return common > 0 && common >= sameTime*llm.SecondsBetween(0, shorter) && sameModel(a, b)
}

// lessThan reports whether another span holds more of a request. Of equals, a client's is better than that of a framework, which
// calls through it.
func (q *Request) lessThan(other *Request) bool {
	if q.Signal != other.Signal && q.MayYield != other.MayYield {
		return q.MayYield // It does not count where the other one is.
	}
	if mine, others := q.facts(), other.facts(); mine != others {
		return mine < others
	}
	if q.Signal != other.Signal {
		return q.Signal == llm.Logs // Its span has the times of all attempts.
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

// sameModel reports whether two requests can be to the same model. One names none, or they share a model but for its version and
// the provider before it.
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

// Unfinished reports whether a request that was related shows that something is to come that describes it. After an attempt that
// failed that is the next one, or the call's own span. After a span without an end it is the one that carries it. After a prefill it is the request that
// it was for. After a supplement that lies below its request, it is that request.
func (q *Request) Unfinished() bool {
	switch {
	case q.Duplicate == llm.Supplemented:
		return !q.Merged && !q.isBesideRequest() && !q.isAroundRequest() && !q.isPoll()
	case q.Duplicate != llm.Unique:
		return false
	case q.Outcome == llm.Error && !q.parentCame && (q.mayBeAttempt() || q.Call != ""):
		return true
	case !q.Ended && (q.Traits.Has(emitter.EndsElsewhere) || q.ID != "" && emitter.FinishReasons[q.FinishReason] == emitter.FinishNothing):
		return true // A response in the background is asked for again by its id.
	default:
		output := q.Number[fact.OutputTokens]
		apart := q.Traits.Has(emitter.SpanPerOutput) || q.Traits.Has(emitter.PrefillsApart)
		return apart && output != llm.Absent && output <= 1
	}
}

// mayBeAttempt reports whether a request that failed may be an attempt of what its parent stands for. That is in its own process.
func (q *Request) mayBeAttempt() bool {
	if q.ParentID.IsEmpty() {
		return false
	}
	return q.Traits.Has(emitter.SpanPerAttempt) || q.Signal == llm.Spans && q.Layer != llm.Server && !q.Hop.any()
}
