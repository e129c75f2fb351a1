// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	spanPerAttempt = dialect.SpanPerAttempt
	globalIDs      = dialect.GlobalIDs
)

// endedEarly is the share of another span's duration below which a span that shows no end did not last as
// long as the request: some instrumentations end it when the stream begins.
const endedEarly = 0.5

// inherit fills in what a span does not tell from another one that describes the same request.
func (q *node) inherit(other *node) {
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
	if !q.ended && q.Outcome == llm.Success && other.ended {
		q.inheritEnd(other)
	}
	q.fillTimes(other)
	if q.GapRange[0] == q.GapRange[1] {
		q.GapRange = other.GapRange
	}
}

// inheritShared fills in what holds for each of several calls that one span encloses. Those to another model than it names,
// as before a fallback, were not what it says of model and provider.
func (q *node) inheritShared(other *node) {
	if sameModel(q, other) {
		q.inheritNames(other)
	} else {
		q.inheritPeople(other)
	}
}

// inheritNames fills in what the request is to and on whose behalf it was made.
func (q *node) inheritNames(other *node) {
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
func (q *node) inheritPeople(other *node) {
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
func (q *node) inheritEnd(other *node) {
	q.ended = true
	q.Outcome, q.ErrorType = other.Outcome, other.ErrorType
	if q.Duration < endedEarly*other.Duration {
		q.Duration, q.End = other.Duration, other.End
		if whole := secondsBetween(q.Start, q.End); whole > 0 && whole < q.Duration {
			q.Duration = whole // It began later.
		}
	}
}

// inheritTokens takes the other's counts where there are none, and in the place of mere estimates: emitters that estimate
// are off by a factor of two, while the other's counts are the provider's.
func (q *node) inheritTokens(other *node) {
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
func (q *node) fillTimes(other *node) {
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
		if *time.mine == llm.Absent && plausible(time.others, q.Duration) {
			*time.mine = time.others
		}
	}
}

// giveParts gives requests the times that stages below them tell.
func (r *resolver) giveParts(b *Batch) {
	for i := range b.parts {
		p := &b.parts[i]
		r.ancestors(p.trace, func(index int32) bool {
			q := &b.nodes[index]
			if q.Layer != llm.Server {
				return true
			}
			length := p.length
			if length == llm.Absent && q.queueBegan != 0 {
				length = secondsBetween(q.queueBegan, pcommon.Timestamp(p.end))
			}
			if p.field == fact.Queue && q.Queue == llm.Absent && plausible(length, q.Duration) {
				q.Queue = length
			}
			return false
		})
	}
}

// giveSupplements gives requests what a further span tells of them: the log that ends a stream whose span
// ended when the stream began.
func (r *resolver) giveSupplements(requests []node) {
	r.eachTrace(requests, func(members []int32) {
		for _, i := range members {
			if more := &requests[i]; more.Class == llm.Supplement && more.besideRequest() {
				supplement(requests, members, more)
			}
		}
	})
}

// besideRequest reports whether a supplement is a span beside its request. Those of engines and of families with steps lie
// below it.
func (q *node) besideRequest() bool {
	return q.Layer != llm.Server && !q.traits.Has(dialect.TellingSteps)
}

// supplement adds a log to the last request of its trace that began before it, shows no end and is to the same
// model.
func supplement(requests []node, trace []int32, more *node) {
	var best *node
	for _, i := range trace {
		q := &requests[i]
		if q.scope == more.scope && q.Duplicate == llm.Unique && !q.ended &&
			q.Start <= more.Start && sameModel(q, more) && (best == nil || q.Start > best.Start) {
			best = q
		}
	}
	if best == nil {
		return
	}
	more.given = true
	best.Stream = llm.Streamed
	if whole := secondsBetween(best.Start, more.End); whole > best.Duration && whole <= maxDuration.Seconds() {
		best.Duration, best.End = whole, more.End
	}
	best.inherit(more)
}
