// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// endedEarly is a share of another span's duration. A span that shows no end and is shorter did not last as long as the request.
// Some instrumentations end it when the stream begins.
const endedEarly = 0.5

// brokenOff is the error type of a response that broke off, where nothing names the failure.
const brokenOff = "stream_error"

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// giveStages gives engines' requests the times of the stages below them.
func (f *Forest) giveStages(stages []Stage) {
	for i := range stages {
		s := &stages[i]
		f.staged = append(f.staged, -1)
		of := f.traceOf(s.Trace)
		if of < 0 {
			continue
		}
		f.ancestors(f.find(of, s.Parent), func(index int32) bool {
			q := &f.requests[index]
			if q.Layer != llm.Server {
				return true
			}
			f.staged[i] = index
			length := s.Length
			if length == llm.Absent && q.QueueBegan != 0 {
				length = llm.SecondsBetween(q.QueueBegan, s.End)
			}
			if q.Number[fact.Queue] == llm.Absent && llm.Plausible(length, q.Number[fact.Duration]) {
				q.Number[fact.Queue] = length
			}
			return false
		})
	}
}

// addLog adds the values of a log that ends a stream whose span ended when the stream began.
func (q *Request) addLog(log *Request) {
	log.Merged = true
	q.Stream = llm.Streamed
	if whole := llm.SecondsBetween(q.Start, log.End); whole > q.Number[fact.Duration] && whole <= llm.MaxDuration.Seconds() {
		q.Number[fact.Duration], q.End = whole, log.End
	}
	q.inherit(log)
}

// addStep adds the values of a step. Where a step fails the whole does, although engines may mark the step alone. Of the attempts
// of a request the last one decides. One that fails in the middle of an answer is the last if the request ends with it.
func (q *Request) addStep(step *Request) {
	if step.Duplicate == llm.Unique {
		step.Duplicate = llm.Sequence
	}
	step.Merged = true
	q.fillTimes(step)
	attempt := step.Class == llm.Supplement && step.Traits.Has(emitter.StepSpans)
	if answered := q.Number[fact.OutputTokens] > 0 || q.Number[fact.TTFT] != llm.Absent; attempt && answered && step.Outcome != llm.Success &&
		endsApart(q, step) > uint64(EndTolerance) {
		return // A later one answered.
	}
	switch {
	case q.Outcome == llm.Success && step.Outcome != llm.Success, attempt && q.byAttempt:
		q.Outcome, q.ErrorType = step.Outcome, step.ErrorType
		q.byAttempt = attempt
	default:
	}
	if step.Traits.Has(emitter.StepSpans) {
		q.ID = orElse(q.ID, step.ID)
		if q.Stream == llm.StreamUnknown {
			q.Stream = step.Stream
		}
		if attempt {
			q.takeEnd(step)
		}
	}
}

// addAround adds how the response came. A time to the first token of one that was not streamed is that of the whole.
func (q *Request) addAround(step *Request) {
	step.Merged = true
	if q.Stream = step.Stream; q.Stream == llm.NotStreamed {
		q.Number[fact.TTFT], q.Number[fact.TimePerOutputChunk] = llm.Absent, llm.Absent
	}
}

// addPart adds what a part without usage says of the call. How it ended, the whole says.
func (q *Request) addPart(part *Request) { q.inheritTexts(part, fact.SameModel) }

// addBreak makes a request one whose response broke off.
func (q *Request) addBreak(handler *Request) {
	handler.Merged, q.Ended = true, true
	if q.Outcome == llm.Success {
		q.Outcome, q.ErrorType = llm.Error, orElse(handler.ErrorType, brokenOff)
	}
}

// takeEnd takes the values of the last event of a response. The response lasted until then, whatever the request's span waits
// for after it.
func (q *Request) takeEnd(last *Request) {
	if last.Number[fact.Duration] == llm.Absent {
		return // It stands for a moment of the request.
	}
	if whole := llm.SecondsBetween(q.Start, last.End); whole > 0 && whole <= llm.MaxDuration.Seconds() {
		q.Number[fact.Duration], q.End = whole, last.End
	}
	q.inherit(last)
}

// giveWrapped gives calls the values of the wrappers around them. A wrapper's id, tokens, cost and times belong to the only call
// inside, or to the only successful one. Of several calls they are the sum, which each of them would count again.
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
		n.only = !outer.CountedBelow && (outer.calls == 1 || outer.answered == 1 && inner.Outcome != llm.Error)
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
	q.Number[fact.Retries] = max(q.Number[fact.Retries], float64(q.attempts))
	if q.RequestModel == "" && q.ResponseModel == "" {
		q.inheritTexts(failed, fact.SameModel)
	}
	waited := llm.SecondsBetween(failed.Start, q.Start)
	if q.Signal == llm.Logs && q.Number[fact.Duration] == llm.Absent {
		q.Start = min(q.Start, failed.Start) // Another event says when the last attempt began.
		return
	}
	if q.Number[fact.Duration] == llm.Absent || failed.Number[fact.Duration] == llm.Absent || waited+q.Number[fact.Duration] > llm.MaxDuration.Seconds() {
		return
	}
	q.Start = failed.Start
	q.Number[fact.Duration] += waited
	q.RetryTime += waited
}

// addOutput adds a further output of the same engine request. The prompt was read once, the outputs add up, and the request took
// as long as its slowest output.
func (q *Request) addOutput(other *Request) {
	c := q.Counts()
	if q.Spare > 0 {
		c.Input, c.CacheRead, c.Cache, c.Spare = q.Number[fact.InputTokens], q.Number[fact.CacheReadTokens], usage.Within, usage.NoSpare
	}
	c.Output = sum(q.Number[fact.OutputTokens], other.Number[fact.OutputTokens])
	c.Reasoning = sum(c.Reasoning, other.Number[fact.ReasoningTokens])
	c.Total, c.Thoughts = llm.Absent, usage.Within
	q.SetCounts(c)
	q.Sequences++
	q.Number[fact.Duration] = max(q.Number[fact.Duration], other.Number[fact.Duration])
	q.End = max(q.End, other.End)
	if other.Number[fact.TTFT] != llm.Absent && (q.Number[fact.TTFT] == llm.Absent || other.Number[fact.TTFT] < q.Number[fact.TTFT]) {
		q.Number[fact.TTFT] = other.Number[fact.TTFT]
	}
	q.ErrorType = orElse(q.ErrorType, other.ErrorType)
	q.Outcome = max(q.Outcome, other.Outcome)
}

// sum adds two counts, either of which may be absent.
func sum(a, b float64) float64 {
	if a == llm.Absent || b == llm.Absent {
		return max(a, b)
	}
	return a + b
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
			kept := f.ids.kept[slot-1]
			f.unite(kept, int32(i))
			phase.Merged = true
			f.requests[kept].addPrefill(phase)
		}
	}
}

// addSibling adds what another instrumentation holds of the same call.
func (q *Request) addSibling(other *Request) {
	q.inherit(other)
	q.MergedScopes = [2]string{other.Scope, orElse(q.MergedScopes[0], other.MergedScopes[0])}
}

// addPhase adds the phase before: an engine that read the prompt for the one that generated the output.
func (q *Request) addPhase(prefill *Request) {
	if whole := llm.SecondsBetween(prefill.Start, q.End); q.Number[fact.Duration] != llm.Absent && prefill.Number[fact.Duration] != llm.Absent {
		q.Number[fact.Duration], q.Start = whole, prefill.Start
	}
	q.addPrefill(prefill)
}

// addPrefill takes the times of the side that read the prompt.
func (q *Request) addPrefill(prefill *Request) {
	q.Number[fact.InputTokens] = max(q.Number[fact.InputTokens], prefill.Number[fact.InputTokens])
	q.Number[fact.CacheReadTokens] = max(q.Number[fact.CacheReadTokens], prefill.Number[fact.CacheReadTokens])
	for _, f := range [...]fact.Fact{fact.TTFT, fact.Queue, fact.Prefill} {
		if llm.Plausible(prefill.Number[f], q.Number[fact.Duration]) {
			q.Number[f] = prefill.Number[f]
		}
	}
}

// The facts of each merge policy; see package fact.
var (
	filledTexts = of(func(_ fact.Fact, r *fact.Row) bool { return r.Merge == fact.Fill && r.Type == fact.Text })
	filled      = of(func(f fact.Fact, r *fact.Row) bool { return r.Merge == fact.Fill && f < fact.Numbers })
	filledTimes = of(func(_ fact.Fact, r *fact.Row) bool { return r.Merge == fact.FillTime })
	greatest    = of(func(_ fact.Fact, r *fact.Row) bool { return r.Merge == fact.Greatest })
)

func of(policy func(fact.Fact, *fact.Row) bool) (facts []fact.Fact) {
	for f := fact.None + 1; f < fact.Carried; f++ {
		if policy(f, f.Row()) {
			facts = append(facts, f)
		}
	}
	return facts
}

// inherit fills in what a span lacks from another one that describes the same request.
func (q *Request) inherit(other *Request) {
	q.inheritTexts(other, fact.OnlyCall)
	for i, number := range other.UserNumbers {
		if math.IsNaN(q.UserNumbers[i]) {
			q.UserNumbers[i] = number
		}
	}
	if q.FinishReason == "" {
		q.FinishReason, q.FinishRange = other.FinishReason, other.FinishRange
	}
	q.inheritTokens(other)
	for _, f := range greatest {
		q.Number[f] = max(q.Number[f], other.Number[f])
	}
	for _, f := range filled {
		if q.Number[f] == llm.Absent {
			q.Number[f] = other.Number[f]
		}
	}
	if q.Number[fact.Duration] == llm.Absent {
		q.Start, q.End, q.Number[fact.Duration] = other.Start, other.End, other.Number[fact.Duration]
	}
	switch {
	case q.Outcome != llm.Success:
	case !q.Ended && other.Ended:
		q.inheritEnd(other)
	case other.Outcome == llm.Cancelled:
		// A client sees no more of a stream that its caller left than that it ended.
		q.Outcome, q.ErrorType = llm.Cancelled, other.ErrorType
	default:
	}
	q.fillTimes(other)
	if q.Signal != other.Signal {
		q.Weight = 1 // Log events are not sampled.
	}
	if q.GapRange[0] == q.GapRange[1] {
		q.GapRange = other.GapRange
	}
}

// addPoll adds what a poll found. How it ended itself says nothing of the response.
func (q *Request) addPoll(poll *Request) {
	poll.Merged = true
	if poll.Outcome != llm.Success {
		return
	}
	if !q.Ended && poll.Ended && poll.FinishReason != "" {
		q.FinishReason, q.FinishRange = poll.FinishReason, poll.FinishRange
	}
	q.inherit(poll)
}

// inheritShared fills in what holds for each of several calls that one span encloses. Those to another model than it names,
// as before a fallback, were not what it says of model and provider.
func (q *Request) inheritShared(other *Request) {
	if sameModel(q, other) {
		q.inheritTexts(other, fact.SameModel)
	} else {
		q.inheritTexts(other, fact.EachCall)
	}
}

// inheritTexts fills in the texts that hold at least that widely, and what else is shared as they are.
func (q *Request) inheritTexts(other *Request, shared fact.Shared) {
	if shared <= fact.SameModel && q.ServerAddress == "" {
		q.Number[fact.ServerPort] = other.Number[fact.ServerPort]
	}
	for _, f := range filledTexts {
		if text := q.Text(f); *text == "" && f.Row().Shared >= shared {
			*text = *other.Text(f)
		}
	}
	if q.Stream == llm.StreamUnknown {
		q.Stream = other.Stream
	}
	for i, value := range other.Dimensions {
		if q.Dimensions[i].IsAbsent() {
			q.Dimensions[i] = value
		}
	}
}

// inheritEnd takes how the request ended from a span that shows its end. Where this one ended when the stream began, the other
// one's duration is the request's. A call that its client gave up stays so. Spans around it may go on to the end of the stream.
func (q *Request) inheritEnd(other *Request) {
	q.Ended = true
	q.Outcome, q.ErrorType = other.Outcome, other.ErrorType
	if q.Number[fact.Duration] < endedEarly*other.Number[fact.Duration] {
		q.Number[fact.Duration], q.End = other.Number[fact.Duration], other.End
		if whole := llm.SecondsBetween(q.Start, q.End); whole > 0 && whole < q.Number[fact.Duration] {
			q.Number[fact.Duration] = whole // It began later.
		}
	}
}

// inheritTokens joins the other's counts with the request's own, and puts them in the place of mere estimates. Emitters that
// estimate are off by a factor of two, while the other's counts are the provider's.
func (q *Request) inheritTokens(other *Request) {
	own, others := q.Counts(), other.Counts()
	replace := q.Estimated && !other.Estimated
	told := own.Input == usage.Absent && others.Input != usage.Absent || own.Output == usage.Absent && others.Output != usage.Absent
	if replace {
		exact := (own.Input == usage.Absent || others.Input != usage.Absent) && (own.Output == usage.Absent || others.Output != usage.Absent)
		dropWholes(&own, &others)
		q.ModalityIndex = 0
		q.Estimated = !exact
	} else if told {
		q.Estimated = q.Estimated || other.Estimated
	}
	if own.CacheWrite <= 0 || q.Number[fact.CacheWriteHourTokens] == llm.Absent {
		q.Number[fact.CacheWriteHourTokens] = other.Number[fact.CacheWriteHourTokens]
	}
	q.SetCounts(usage.Join(own, others))
	q.inheritModalities(other)
}

// fillTimes takes the other's times where there are none, if they fit.
func (q *Request) fillTimes(other *Request) {
	for _, f := range filledTimes {
		if q.Number[f] == llm.Absent && llm.Plausible(other.Number[f], q.Number[fact.Duration]) {
			q.Number[f] = other.Number[f]
		}
	}
}

// inheritModalities takes the other's modalities where there are none, if both count the same tokens.
func (q *Request) inheritModalities(other *Request) {
	if q.ModalityIndex == 0 && q.Number[fact.InputTokens] == other.Number[fact.InputTokens] && q.Number[fact.OutputTokens] == other.Number[fact.OutputTokens] {
		q.ModalityIndex = other.ModalityIndex
	}
}
