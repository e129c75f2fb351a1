// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// endedEarly is the share of another span's duration below which a span that shows no end did not last as
// long as the request: some instrumentations end it when the stream begins.
const endedEarly = 0.5

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// giveStages gives engines' requests the times that stages below them tell.
func (f *Forest) giveStages(stages []Stage) {
	for i := range stages {
		s := &stages[i]
		of := f.traceOf(s.Trace)
		if of < 0 {
			continue
		}
		f.ancestors(f.find(of, s.Parent), func(index int32) bool {
			q := &f.requests[index]
			if q.Layer != llm.Server {
				return true
			}
			length := s.Length
			if length == llm.Absent && q.QueueBegan != 0 {
				length = llm.SecondsBetween(q.QueueBegan, s.End)
			}
			if q.Queue == llm.Absent && llm.Plausible(length, q.Duration) {
				q.Queue = length
			}
			return false
		})
	}
}

// addLog adds what a log tells that ends a stream whose span ended when the stream began.
func (q *Request) addLog(log *Request) {
	log.Merged = true
	q.Stream = llm.Streamed
	if whole := llm.SecondsBetween(q.Start, log.End); whole > q.Duration && whole <= llm.MaxDuration.Seconds() {
		q.Duration, q.End = whole, log.End
	}
	q.inherit(log)
}

// addStep adds what a step tells. Where a step fails the whole does, although engines may mark the step alone. Of the attempts
// of a request the last one decides: one that fails in the middle of an answer is the last if the request ends with it.
func (q *Request) addStep(step *Request) {
	if step.Duplicate == llm.Unique {
		step.Duplicate = llm.Sequence
	}
	q.fillTimes(step)
	attempt := step.Class == llm.Supplement && step.Traits.Has(dialect.TellingSteps)
	if answered := q.OutputTokens > 0 || q.TTFT != llm.Absent; attempt && answered && step.Outcome != llm.Success &&
		endsApart(q, step) > uint64(EndTolerance) {
		step.Merged = true
		return // A later one answered.
	}
	switch {
	case q.Outcome == llm.Success && step.Outcome != llm.Success, attempt && q.byAttempt:
		q.Outcome, q.ErrorType = step.Outcome, step.ErrorType
		q.byAttempt = attempt
	default:
	}
	if step.Traits.Has(dialect.TellingSteps) {
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
func (q *Request) takeEnd(last *Request) {
	last.Merged = true
	if last.Duration == llm.Absent {
		return // It stands for a moment of the request.
	}
	if whole := llm.SecondsBetween(q.Start, last.End); whole > 0 && whole <= llm.MaxDuration.Seconds() {
		q.Duration, q.End = whole, last.End
	}
	q.inherit(last)
}

// giveWrapped gives calls what the wrappers around them tell. What a wrapper tells of one response, its id, tokens, cost
// and times, belongs to the only call inside, or to the only one that did not fail; of several calls it is the sum, which
// each of them would count again.
func (f *Forest) giveWrapped() {
	for _, n := range f.nested {
		if inner, outer := &f.requests[n.inner], &f.requests[n.outer]; inner.Duplicate == llm.Unique {
			outer.calls++
			if inner.Outcome != llm.Error {
				outer.answered++
			}
		}
	}
	// An outcome can be inherited, too, so all is decided before.
	for i := range f.nested {
		n := &f.nested[i]
		inner, outer := &f.requests[n.inner], &f.requests[n.outer]
		n.only = outer.calls == 1 || outer.answered == 1 && inner.Outcome != llm.Error
	}
	for _, n := range f.nested {
		switch inner, outer := &f.requests[n.inner], &f.requests[n.outer]; {
		case inner.Duplicate != llm.Unique:
		case n.only:
			inner.inherit(outer)
		default:
			inner.inheritShared(outer)
		}
	}
}

// addAttempt adds the failed attempts before, the last of which is given: the caller waited for them, too. Some emitters
// name the model on the first attempt alone.
func (q *Request) addAttempt(failed *Request) {
	q.attempts = failed.attempts + 1
	q.Retries = max(q.Retries, int64(q.attempts))
	if q.RequestModel == "" && q.ResponseModel == "" {
		q.inheritNames(failed)
	}
	waited := llm.SecondsBetween(failed.Start, q.Start)
	if q.Duration == llm.Absent || failed.Duration == llm.Absent || waited+q.Duration > llm.MaxDuration.Seconds() {
		return
	}
	q.Start = failed.Start
	q.Duration += waited
	q.RetryTime += waited
}

// addOutput adds a further output of the same engine request: the prompt was read once, the outputs add
// up, and the request took as long as its slowest output.
func (q *Request) addOutput(other *Request) {
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

// addSequence adds a further output of an engine's request, or the phase before.
func (q *Request) addSequence(other *Request) {
	if q.Start >= other.End {
		q.addPhase(other)
	} else {
		q.addOutput(other)
	}
}

// givePrefills gives engines' requests the times of those that read the prompt for them.
func (f *Forest) givePrefills() {
	if len(f.ordered) == 0 {
		return
	}
	for i := range f.requests {
		phase := &f.requests[i]
		if phase.Class != llm.Supplement || phase.Layer != llm.Server || phase.ID == "" || phase.TraceID.IsEmpty() {
			continue
		}
		if slot := *f.idSlot(phase); slot != 0 {
			f.requests[f.ids.kept[slot-1]].addPrefill(phase)
		}
	}
}

// addSibling adds what another instrumentation tells of the same call.
func (q *Request) addSibling(other *Request) {
	q.inherit(other)
	q.MergedScopes = [2]string{other.Scope, orElse(q.MergedScopes[0], other.MergedScopes[0])}
}

// addPhase adds the phase before: an engine that read the prompt for the one that generated the output.
func (q *Request) addPhase(prefill *Request) {
	if whole := llm.SecondsBetween(prefill.Start, q.End); q.Duration != llm.Absent && prefill.Duration != llm.Absent {
		q.Duration, q.Start = whole, prefill.Start
	}
	q.addPrefill(prefill)
}

// addPrefill takes the times of the side that read the prompt.
func (q *Request) addPrefill(prefill *Request) {
	q.InputTokens = max(q.InputTokens, prefill.InputTokens)
	q.CacheReadTokens = max(q.CacheReadTokens, prefill.CacheReadTokens)
	for _, time := range [...]struct{ mine, others *float64 }{
		{&q.TTFT, &prefill.TTFT}, {&q.Queue, &prefill.Queue}, {&q.Prefill, &prefill.Prefill},
	} {
		if llm.Plausible(*time.others, q.Duration) {
			*time.mine = *time.others
		}
	}
}

// inherit fills in what a span does not tell from another one that describes the same request.
func (q *Request) inherit(other *Request) {
	q.inheritNames(other)
	q.ID = orElse(q.ID, other.ID)
	for i, number := range other.Numbers {
		if math.IsNaN(q.Numbers[i]) {
			q.Numbers[i] = number
		}
	}
	if q.FinishReason == "" {
		q.FinishReason, q.FinishRange = other.FinishReason, other.FinishRange
	}
	q.inheritTokens(other)
	q.Retries = max(q.Retries, other.Retries)
	if q.Cost == llm.Absent {
		q.Cost = other.Cost
	}
	if q.Duration == llm.Absent {
		q.Start, q.End, q.Duration = other.Start, other.End, other.Duration
	}
	if !q.Ended && q.Outcome == llm.Success && other.Ended {
		q.inheritEnd(other)
	}
	q.fillTimes(other)
	if q.GapRange[0] == q.GapRange[1] {
		q.GapRange = other.GapRange
	}
}

// inheritShared fills in what holds for each of several calls that one span encloses. Those to another model than it names,
// as before a fallback, were not what it says of model and provider.
func (q *Request) inheritShared(other *Request) {
	if sameModel(q, other) {
		q.inheritNames(other)
	} else {
		q.inheritPeople(other)
	}
}

// inheritNames fills in what the request is to and on whose behalf it was made.
func (q *Request) inheritNames(other *Request) {
	q.Provider = orElse(q.Provider, other.Provider)
	q.RequestModel = orElse(q.RequestModel, other.RequestModel)
	q.ResponseModel = orElse(q.ResponseModel, other.ResponseModel)
	if q.ServerAddress == "" {
		q.ServerAddress, q.ServerPort = other.ServerAddress, other.ServerPort
	}
	q.Endpoint = orElse(q.Endpoint, other.Endpoint)
	q.inheritPeople(other)
}

// inheritPeople fills in on whose behalf the request was made, and what else is no matter of the model.
func (q *Request) inheritPeople(other *Request) {
	q.User = orElse(q.User, other.User)
	q.Tenant = orElse(q.Tenant, other.Tenant)
	q.Session = orElse(q.Session, other.Session)
	if q.Stream == llm.StreamUnknown {
		q.Stream = other.Stream
	}
	for i, value := range other.Dimensions {
		if q.Dimensions[i].IsAbsent() {
			q.Dimensions[i] = value
		}
	}
}

// inheritEnd takes how the request ended from a span that shows its end. Where this one ended when the stream began, the
// other one's duration is the request's. A call that its client gave up stays so: spans around it may go on to the end of
// the stream.
func (q *Request) inheritEnd(other *Request) {
	q.Ended = true
	q.Outcome, q.ErrorType = other.Outcome, other.ErrorType
	if q.Duration < endedEarly*other.Duration {
		q.Duration, q.End = other.Duration, other.End
		if whole := llm.SecondsBetween(q.Start, q.End); whole > 0 && whole < q.Duration {
			q.Duration = whole // It began later.
		}
	}
}

// inheritTokens takes the other's counts where there are none, and in the place of mere estimates: emitters that estimate
// are off by a factor of two, while the other's counts are the provider's.
func (q *Request) inheritTokens(other *Request) {
	replace := q.Estimated && !other.Estimated
	exact, told := true, false
	for _, count := range [...]struct {
		mine, others *int64
		whole        bool
	}{
		{&q.InputTokens, &other.InputTokens, true},
		{&q.OutputTokens, &other.OutputTokens, true},
		{&q.CacheReadTokens, &other.CacheReadTokens, false},
		{&q.CacheWriteTokens, &other.CacheWriteTokens, false},
		{&q.ReasoningTokens, &other.ReasoningTokens, false},
	} {
		switch {
		case *count.others == llm.Absent:
			exact = exact && (*count.mine == llm.Absent || !count.whole)
		case *count.mine == llm.Absent || replace:
			*count.mine = *count.others
			told = told || count.whole
		}
	}
	if replace {
		q.ModalityIndex = 0
	}
	q.inheritModalities(other)
	switch {
	case replace:
		q.Estimated = !exact
	case told:
		q.Estimated = q.Estimated || other.Estimated
	}
}

// fillTimes takes the other's times where there are none, if they fit.
func (q *Request) fillTimes(other *Request) {
	for _, time := range [...]struct {
		mine   *float64
		others float64
	}{
		{&q.TTFT, other.TTFT},
		{&q.Queue, other.Queue},
		{&q.Prefill, other.Prefill},
		{&q.Decode, other.Decode},
		{&q.TimePerToken, other.TimePerToken},
		{&q.ChunkGap, other.ChunkGap},
	} {
		if *time.mine == llm.Absent && llm.Plausible(time.others, q.Duration) {
			*time.mine = time.others
		}
	}
}

// inheritModalities takes the other's modalities where there are none, if both count the same tokens.
func (q *Request) inheritModalities(other *Request) {
	if q.ModalityIndex == 0 && q.InputTokens == other.InputTokens && q.OutputTokens == other.OutputTokens {
		q.ModalityIndex = other.ModalityIndex
	}
}
