// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// relation is one way in which two spans describe one request. Its rows are all that is known of them.
type relation struct {
	name string
	// candidates joins pairs of requests, the likeliest first.
	candidates func(f *Forest)
	// relates reports whether two candidates describe one request.
	relates func(kept, other *Request) bool
	// prefers reports whether the other one is to be kept; nil keeps the first.
	prefers func(kept, other *Request) bool
	// rule is what becomes of the other one, unless it never counts anyway.
	rule llm.Rule
	// merge gives the request that is kept what the other one holds.
	merge func(kept, other *Request)
	// finish does what only all pairs together decide; nil does nothing.
	finish func(f *Forest)
}

// relations are applied one after the other: a log or a step shows an end before a wrapper does, what two instrumentations
// describe is one request before attempts are counted.
var relations = []relation{
	{
		name:       "stream log",
		candidates: (*Forest).openBeforeLogs,
		relates:    isLogOf,
		merge:      (*Request).addLog,
	}, {
		name:       "step",
		candidates: (*Forest).enclosingSteps,
		relates:    isStepOf,
		rule:       llm.Sequence,
		merge:      (*Request).addStep,
	}, {
		name:       "response that broke off",
		candidates: (*Forest).endedBeforeBreaks,
		relates:    isBrokenOff,
		merge:      (*Request).addBreak,
	}, {
		name:       "part without usage",
		candidates: (*Forest).aroundUnmetered,
		relates:    isPartOf,
		rule:       llm.Sequence,
		merge:      (*Request).addPart,
	}, {
		name:       "wrapper",
		candidates: (*Forest).enclosing,
		relates:    isInside,
		rule:       llm.Wrapper,
		finish:     (*Forest).giveWrapped,
	}, {
		name:       "same span",
		candidates: (*Forest).findSameID,
		relates:    isSameSpan,
		rule:       llm.Resent,
	}, {
		name:       "copy under another id",
		candidates: (*Forest).copies,
		relates:    isCopyOf,
		rule:       llm.Resent,
	}, {
		name:       "same id",
		candidates: (*Forest).sameID,
		relates:    haveOneID,
		prefers:    (*Request).lessThan,
		rule:       llm.SameID,
		merge:      (*Request).inherit,
	}, {
		name:       "output or phase of an engine's request",
		candidates: (*Forest).sameID,
		relates:    areSequences,
		prefers:    isEarlierPhase,
		rule:       llm.Sequence,
		merge:      (*Request).addSequence,
		finish:     (*Forest).givePrefills,
	}, {
		name:       "prefill",
		candidates: (*Forest).earlierInGroup,
		relates:    isPrefilledBy,
		rule:       llm.Sequence,
		merge:      (*Request).addPhase,
	}, {
		name:       "side by side",
		candidates: (*Forest).sideBySide,
		relates:    describeOneCall,
		prefers:    (*Request).lessThan,
		rule:       llm.Sibling,
		merge:      (*Request).addSibling,
	}, {
		name:       "framework beside its client further up",
		candidates: (*Forest).frameworksAndClients,
		relates:    describeOneCall,
		prefers:    (*Request).lessThan,
		rule:       llm.Sibling,
		merge:      (*Request).addSibling,
	}, {
		name:       "attempt",
		candidates: (*Forest).failedBefore,
		relates:    isRetryOf,
		rule:       llm.Attempt,
		merge:      (*Request).addAttempt,
	},
}

// apply relates all candidates of a relation.
func (r *relation) apply(f *Forest) {
	f.relation = r
	r.candidates(f)
	if r.finish != nil {
		r.finish(f)
	}
}

// join merges two candidates of the relation that is applied if they are related.
func (f *Forest) join(kept, other int32) (related bool) {
	r, q, o := f.relation, &f.requests[kept], &f.requests[other]
	if !r.relates(q, o) {
		return false
	}
	f.unite(kept, other)
	if r.prefers != nil && r.prefers(q, o) {
		kept, other, q, o = other, kept, o, q
	}
	if o.Duplicate == llm.Unique {
		o.Duplicate = r.rule
	}
	if r.rule == llm.Sibling {
		f.root[other] = kept
	}
	if r.merge != nil {
		r.merge(q, o)
	}
	return true
}
