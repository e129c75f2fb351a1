// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// withoutOutput takes off an engine's id of one output the number of the output, which some versions write before that of the
// request, as in 1_chatcmpl-42.
func withoutOutput(id string) string {
	digits := 0
	for digits < len(id) && isDigit(id[digits]) {
		digits++
	}
	if digits > 0 && digits+1 < len(id) && id[digits] == '_' {
		return id[digits+1:]
	}
	return id
}

// mergeByID marks requests that carry the id of another one of their layer. Clients and gateways describe
// such a request twice. Engines write one span for each output or phase of a request, which belong together. What has no
// trace has no relatives.
func (r *resolver) mergeByID(requests []node) {
	for i := range requests {
		q := &requests[i]
		if q.ID == "" || q.TraceID.IsEmpty() || q.Duplicate != llm.Unique ||
			!r.traces.busy(q.TraceID) && q.traits&globalIDs == 0 {
			continue
		}
		key := q.key()
		first, again := r.ids[key]
		if !again {
			r.ids[key] = int32(i)
			continue
		}
		kept := &requests[first]
		switch {
		case q.SpanID == kept.SpanID && q.TraceID == kept.TraceID:
			q.Duplicate = llm.Resent
		case q.Layer != llm.Server:
			if better(q, kept) {
				q, kept = kept, q
				r.ids[key] = int32(i)
			}
			q.Duplicate = llm.SameID
			kept.inherit(q)
		case kept.Start >= q.End:
			q.Duplicate = llm.Sequence
			kept.addPhase(q)
		case q.Start >= kept.End:
			kept.Duplicate = llm.Sequence
			q.addPhase(kept)
			r.ids[key] = int32(i)
		default:
			q.Duplicate = llm.Sequence
			kept.addOutput(q)
		}
	}
	for i := range requests {
		phase := &requests[i]
		if phase.Class != llm.Supplement || phase.Layer != llm.Server || phase.ID == "" || phase.TraceID.IsEmpty() {
			continue
		}
		if kept, ok := r.ids[phase.key()]; ok {
			requests[kept].addPrefill(phase)
		}
	}
}

// mergePhases adds to engines' requests that took over what another engine had read of the prompt the request in which that
// one did, which generated a single token. Both lie side by side.
func (r *resolver) mergePhases(requests []node) {
	r.families(requests, func(members []int32) {
		members = members[:min(len(members), maxFamily)]
		for i, index := range members {
			q := &requests[index]
			if !q.tookOver || q.Duplicate != llm.Unique {
				continue
			}
			for j := i - 1; j >= 0; j-- {
				if prefill := &requests[members[j]]; prefill.prefills(q) {
					prefill.Duplicate = llm.Sequence
					q.addPhase(prefill)
					break
				}
			}
		}
	})
}

// prefills reports whether a request can be the one in which the prompt of another one was read.
func (q *node) prefills(other *node) bool {
	return q.Duplicate == llm.Unique && q.Emitter == other.Emitter && !q.tookOver && q.OutputTokens <= 1 &&
		q.InputTokens == other.InputTokens && q.End <= other.Start
}

// addOutput adds a further output of the same engine request: the prompt was read once, the outputs add
// up, and the request took as long as its slowest output.
func (q *node) addOutput(other *node) {
	if other.OutputTokens != llm.Absent {
		q.OutputTokens = max(q.OutputTokens, 0) + other.OutputTokens
	}
	q.Sequences++
	q.Duration = max(q.Duration, other.Duration)
	q.End = max(q.End, other.End)
	if other.TTFT != llm.Absent && (q.TTFT == llm.Absent || other.TTFT < q.TTFT) {
		q.TTFT = other.TTFT
	}
	q.ErrorType = orElse(q.ErrorType, other.ErrorType)
	q.Outcome = max(q.Outcome, other.Outcome)
}

// addPhase adds the phase before: an engine that read the prompt for the one that generated the output.
func (q *node) addPhase(prefill *node) {
	if whole := secondsBetween(prefill.Start, q.End); q.Duration != llm.Absent && prefill.Duration != llm.Absent {
		q.Duration, q.Start = whole, prefill.Start
	}
	q.addPrefill(prefill)
}

// addPrefill takes the times of the side that read the prompt.
func (q *node) addPrefill(prefill *node) {
	q.InputTokens = max(q.InputTokens, prefill.InputTokens)
	q.CacheReadTokens = max(q.CacheReadTokens, prefill.CacheReadTokens)
	for _, time := range [...]struct{ mine, others *float64 }{
		{&q.TTFT, &prefill.TTFT}, {&q.Queue, &prefill.Queue}, {&q.Prefill, &prefill.Prefill},
	} {
		if plausible(*time.others, q.Duration) {
			*time.mine = *time.others
		}
	}
}
