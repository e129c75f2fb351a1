// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// nesting is a request and one above it of its layer and class.
type nesting struct {
	inner, outer int32
	// only tells that the inner one is the call that the outer one describes, not one of several.
	only bool
}

// markWrappers marks each request that has a descendant of its layer and class, and lets the descendant
// inherit what it does not tell itself.
func (r *resolver) markWrappers(requests []node) {
	r.markSteps(requests)
	for i := range requests {
		inner := &requests[i]
		if !r.traces.busy(inner.TraceID) || inner.Duplicate != llm.Unique {
			continue
		}
		r.ancestors(spanKey{inner.TraceID, inner.ParentID}, func(index int32) bool {
			outer := &requests[index]
			if outer != inner && outer.Duplicate != llm.Sequence && outer.Layer == inner.Layer && outer.Class == inner.Class {
				outer.Duplicate = llm.Wrapper
				r.nested = append(r.nested, nesting{inner: int32(i), outer: index})
			}
			return true
		})
	}
	r.giveWrapped(requests)
}

// markSteps marks what lies below a request of its own engine, or of a family with steps: it is a step of that request. Steps
// are added in the order of their ends, since the last one decides.
func (r *resolver) markSteps(requests []node) {
	r.steps = r.steps[:0]
	for i := range requests {
		step := &requests[i]
		if !step.mayBeStep() || !r.traces.busy(step.TraceID) {
			continue
		}
		whole := int32(i)
		r.ancestors(spanKey{step.TraceID, step.ParentID}, func(index int32) bool {
			if q := &requests[index]; q != step && step.stepOf(q) && q.Duplicate == llm.Unique {
				whole = index
			}
			return true
		})
		if whole != int32(i) {
			r.steps = append(r.steps, nesting{inner: int32(i), outer: whole})
		}
	}
	slices.SortFunc(r.steps, func(x, y nesting) int {
		a, b := &requests[x.inner], &requests[y.inner]
		return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Start, b.Start), slices.Compare(a.SpanID[:], b.SpanID[:]))
	})
	for _, s := range r.steps {
		requests[s.outer].addStep(&requests[s.inner])
	}
}

// mayBeStep reports whether a request is a step if it lies below another one of its family.
func (q *node) mayBeStep() bool {
	return (q.Layer == llm.Server || q.traits.Has(dialect.TellingSteps)) &&
		(q.Duplicate == llm.Unique || q.Duplicate == llm.Supplemented)
}

// stepOf reports whether a request is a step of another one above it.
func (q *node) stepOf(whole *node) bool {
	return whole.Layer == q.Layer && whole.Emitter == q.Emitter && (whole.Class == q.Class || q.Class == llm.Supplement)
}

// addStep adds what a step tells. Where a step fails the whole does, although engines may mark the step alone. Of the attempts
// of a request the last one decides: one that fails in the middle of an answer is the last if the request ends with it.
func (q *node) addStep(step *node) {
	if step.Duplicate == llm.Unique {
		step.Duplicate = llm.Sequence
	}
	q.fillTimes(step)
	attempt := step.Class == llm.Supplement && step.traits.Has(dialect.TellingSteps)
	if answered := q.OutputTokens > 0 || q.TTFT != llm.Absent; attempt && answered && step.Outcome != llm.Success &&
		endsApart(q, step) > uint64(sibling) {
		step.given = true
		return // A later one answered.
	}
	switch {
	case q.Outcome == llm.Success && step.Outcome != llm.Success, attempt && q.byAttempt:
		q.Outcome, q.ErrorType = step.Outcome, step.ErrorType
		q.byAttempt = attempt
	default:
	}
	if step.traits.Has(dialect.TellingSteps) {
		q.ID = orElse(q.ID, step.ID)
		if q.Stream == llm.StreamUnknown {
			q.Stream = step.Stream
		}
		if attempt {
			q.takeEnd(step)
		}
	}
}

// takeEnd takes what the last event of a response tells. The response lasted until then, whatever the request's span waits
// for after it.
func (q *node) takeEnd(last *node) {
	last.given = true
	if last.Duration == llm.Absent {
		return // It stands for a moment of the request.
	}
	if whole := secondsBetween(q.Start, last.End); whole > 0 && whole <= maxDuration.Seconds() {
		q.Duration, q.End = whole, last.End
	}
	q.inherit(last)
}

// giveWrapped gives calls what the wrappers around them tell. What a wrapper tells of one response, its id, tokens, cost
// and times, belongs to the only call inside, or to the only one that did not fail; of several calls it is the sum, which
// each of them would count again.
func (r *resolver) giveWrapped(requests []node) {
	for _, n := range r.nested {
		if inner, outer := &requests[n.inner], &requests[n.outer]; inner.Duplicate == llm.Unique {
			outer.calls++
			if inner.Outcome != llm.Error {
				outer.answered++
			}
		}
	}
	// An outcome can be inherited, too, so all is decided before.
	for i := range r.nested {
		n := &r.nested[i]
		inner, outer := &requests[n.inner], &requests[n.outer]
		n.only = outer.calls == 1 || outer.answered == 1 && inner.Outcome != llm.Error
	}
	for _, n := range r.nested {
		switch inner, outer := &requests[n.inner], &requests[n.outer]; {
		case inner.Duplicate != llm.Unique:
		case n.only:
			inner.inherit(outer)
		default:
			inner.inheritShared(outer)
		}
	}
}

// markAttempts marks failed attempts of requests that were sent again. Attempts lie side by side below one
// wrapper, be it that each has wrappers of its own, and each begins after the one before failed; the last one decides.
func (r *resolver) markAttempts(requests []node) {
	if len(r.nested) > 0 {
		for _, i := range r.order {
			r.around[i] = r.outermost(requests, &requests[i])
		}
		r.sortOrder(requests)
	}
	r.families(requests, func(members []int32) {
		var last *node
		attempts := int64(0)
		for _, i := range members {
			q := &requests[i]
			if q.Duplicate != llm.Unique {
				continue
			}
			if last != nil && last.Outcome == llm.Error && q.scope == last.scope && r.retries(requests, q, last) {
				last.Duplicate = llm.Attempt
				attempts++
				q.addAttempt(last, attempts)
			} else {
				attempts = 0
			}
			last = q
		}
	})
}

// outermost returns the last of the wrappers that a request lies in, one directly in the other, or else its parent.
func (r *resolver) outermost(requests []node, q *node) pcommon.SpanID {
	wrapper := func(span pcommon.SpanID) *node {
		i, ok := r.bySpan[spanKey{q.TraceID, span}]
		if !ok || requests[i].Duplicate != llm.Wrapper || requests[i].Layer != q.Layer || requests[i].Class != q.Class {
			return nil
		}
		return &requests[i]
	}
	at := q.ParentID
	for range maxDepth {
		inner := wrapper(at)
		if inner == nil || wrapper(inner.ParentID) == nil {
			break
		}
		at = inner.ParentID
	}
	return at
}

// addAttempt adds the failed attempts before, the last of which is given: the caller waited for them, too. Some emitters
// name the model on the first attempt alone.
func (q *node) addAttempt(failed *node, attempts int64) {
	q.Retries = max(q.Retries, attempts)
	if q.RequestModel == "" && q.ResponseModel == "" {
		q.inheritNames(failed)
	}
	waited := secondsBetween(failed.Start, q.Start)
	if q.Duration == llm.Absent || failed.Duration == llm.Absent || waited+q.Duration > maxDuration.Seconds() {
		return
	}
	q.Start = failed.Start
	q.Duration += waited
	q.RetryTime += waited
}

// retries reports whether a request is the one before, sent again: they share an id, or spans like them are attempts of what
// their parent stands for.
func (r *resolver) retries(requests []node, q, before *node) bool {
	if q.call != "" && q.call == before.call {
		return true
	}
	if q.ParentID.IsEmpty() || q.Start < before.End {
		return false
	}
	if q.traits&spanPerAttempt != 0 {
		return true
	}
	parent, ok := r.bySpan[spanKey{q.TraceID, q.ParentID}]
	return ok && requests[parent].Duplicate == llm.Wrapper
}

// nameModels gives requests of gateways and engines that name no model that of what is above them: a request or a
// scheduler.
func (r *resolver) nameModels(requests []node) {
	for _, layer := range [...]llm.Layer{llm.Gateway, llm.Server} {
		for i := range requests {
			if q := &requests[i]; q.Layer == layer && q.RequestModel == "" && q.ResponseModel == "" && !q.TraceID.IsEmpty() {
				q.RequestModel = r.modelAbove(requests, spanKey{q.TraceID, q.ParentID})
			}
		}
	}
}

// modelAbove returns the model that a span names, or the nearest one above it that names one.
func (r *resolver) modelAbove(requests []node, at spanKey) string {
	for depth := 0; !at.span.IsEmpty() && depth < maxDepth; depth++ {
		parent := r.parents[at]
		if i, ok := r.bySpan[at]; ok {
			if model := orElse(requests[i].RequestModel, requests[i].ResponseModel); model != "" {
				return model
			}
			parent = requests[i].ParentID
		}
		if l := r.links.at(at); l != nil {
			if l.model != "" {
				return l.model
			}
			parent = l.parent
		}
		at.span = parent
	}
	return ""
}
