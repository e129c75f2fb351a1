// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Relate sets Duplicate on all requests of a batch but one of those that describe the same. It gives that one what the others
// hold. The traces are those that the requests, connectors and stages were read from. If they are zero, the connectors hold all
// other spans that matter.
func (f *Forest) Relate(traces ptrace.Traces, requests []Request, connectors []Connector, stages []Stage) {
	f.staged, f.above = f.staged[:0], f.above[:0]
	if len(requests) == 0 {
		return
	}
	f.requests, f.connectors = requests, connectors
	f.joined = f.joined[:0]
	for i := range requests {
		f.joined = append(f.joined, int32(i))
	}
	trees, global := f.sortTraces(stages)
	if !trees && !global && len(connectors) == 0 {
		return
	}
	f.plant(traces, trees)
	f.fillTrees()
	f.nested, f.grouped = f.nested[:0], false
	f.giveStages(stages)
	f.placeLayers()
	f.giveExchanges()
	if trees || global {
		for i := range relations {
			relations[i].apply(f)
		}
	}
	f.findAncestry()
	f.nameModels()
	f.findMetered()
	f.requests, f.connectors = nil, nil
}

// relations are applied one after the other. A log or a step shows an end before a wrapper does. What two instrumentations
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
		name:       "step around",
		candidates: (*Forest).withinSteps,
		relates:    isWithin,
		merge:      (*Request).addAround,
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
		prefers:    (*Request).lessThan,
		rule:       llm.Resent,
		merge:      (*Request).inherit,
	}, {
		name:       "same id",
		candidates: (*Forest).sameID,
		relates:    haveOneID,
		prefers:    (*Request).lessThan,
		rule:       llm.SameID,
		merge:      (*Request).inherit,
	}, {
		name:       "log event of a span without tokens",
		candidates: (*Forest).withEvents,
		relates:    isNamedBy,
		rule:       llm.OtherSignal,
		merge:      (*Request).inheritTokens,
	}, {
		name:       "poll of a response in the background",
		candidates: (*Forest).polled,
		relates:    isPolledBy,
		merge:      (*Request).addPoll,
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

// findMetered sets Metered on all requests of which a span has tokens, or a cost.
func (f *Forest) findMetered() {
	for i := range f.requests {
		if q := &f.requests[i]; q.HasUsage() {
			f.requests[f.Neighbourhood(int32(i))].Metered = true
		}
	}
	for i := range f.requests {
		f.requests[i].Metered = f.requests[f.Neighbourhood(int32(i))].Metered
	}
}

// apply relates all candidates of a relation.
func (r *relation) apply(f *Forest) {
	f.relation = r
	r.candidates(f)
	if r.finish != nil {
		r.finish(f)
	}
}
