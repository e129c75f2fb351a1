// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Measures are facts, and after them what is no fact of one request.
const (
	// judged is 1 for each target that a request is judged by.
	judged = fact.Facts + iota
	// inputByModality and the like are each the first of ofModality measures. Those are the tokens of unknown modality, then
	// those of each llm.Modality.
	inputByModality
	outputByModality    = inputByModality + ofModality
	cacheReadByModality = outputByModality + ofModality
	measures            = cacheReadByModality + ofModality
)

// Concurrent reports whether a measure is one of concurrency, which only gauges have.
func Concurrent(m fact.Fact) bool { return m == fact.ConcurrencyMean || m == fact.ConcurrencyMax }

// Beside reports whether a measure is that of spans that are no requests.
func Beside(m fact.Fact) bool {
	switch m {
	case fact.Batches, fact.BatchSize, fact.ModelLoad, fact.ToolDuration, fact.AgentDuration:
		return true
	default:
		return false
	}
}

// Judges reports whether a measure counts requests by target.
func Judges(m fact.Fact) bool { return m == judged }

// MaxNumbers is the number of attributes that can be measured.
const MaxNumbers = 32

// Number returns the measure of the attribute with that index, below MaxNumbers, in spanreader.Options.Numbers.
func Number(index int) fact.Fact { return measures + fact.Fact(index) }

// whole reports whether a measure's values are whole numbers.
func whole(m fact.Fact) bool {
	if m >= fact.Facts {
		return m == judged || OfModality(m)
	}
	kind := m.Row().Type
	return kind == fact.Count || kind == fact.Texts
}

// several reports whether a request has several values of a measure.
func several(m fact.Fact) bool { return m == fact.TimePerOutputChunk }

// measurements are all measures of one request, and after them the user's numbers; llm.Absent or NaN where the
// request lacks.
type measurements [measures + MaxNumbers]float64

func (m *measurements) take(q *llm.Request) {
	*(*[fact.Numbers]float64)(m[:]) = q.Number
	m[fact.Requests] = 1
	m[fact.TimePerOutputToken] = PerOutputToken(q)
	m[fact.OutputTokenRate] = outputTokenRate(q)
	m[fact.TimePerOutputChunk], m[fact.FinishReason], m[judged] = llm.Absent, llm.Absent, llm.Absent
	m[fact.Batches], m[fact.BatchSize], m[fact.ModelLoad] = llm.Absent, llm.Absent, llm.Absent
	m[fact.ToolDuration], m[fact.AgentDuration] = llm.Absent, llm.Absent
	if len(q.UserNumbers) > 0 {
		copy(m[measures:], q.UserNumbers)
	}
}

// derived reports whether a measure is one that derive takes.
func derived(m fact.Fact) bool {
	switch m {
	case fact.TotalTokens, fact.ModelDuration, fact.TotalTokenRate, fact.ConcurrencyMean, fact.ConcurrencyMax:
		return true
	default:
		return false
	}
}

// derive takes what follows from other measures and no metric needs by default.
func (m *measurements) derive(q *llm.Request) {
	m[fact.TotalTokens] = totalTokens(q)
	m[fact.ModelDuration] = modelDuration(q)
	m[fact.TotalTokenRate] = ratio(m[fact.TotalTokens], m[fact.ModelDuration])
	m[fact.ConcurrencyMean], m[fact.ConcurrencyMax] = q.Number[fact.Duration], q.Number[fact.Duration]
}

// empty makes all measures absent.
func (m *measurements) empty() {
	for i := range m {
		m[i] = llm.Absent
		if fact.Fact(i) >= measures {
			m[i] = math.NaN()
		}
	}
}

// added are the facts of a further part of a request that totals take.
var added = [...]fact.Fact{
	fact.InputTokens, fact.OutputTokens, fact.CacheReadTokens, fact.CacheWriteTokens, fact.CacheWriteHourTokens,
	fact.ReasoningTokens, fact.Cost,
}

// takeRest takes what a further part adds to a request that was counted before.
func (m *measurements) takeRest(q *llm.Request) {
	m.empty()
	for _, f := range added {
		m[f] = q.Number[f]
	}
	if input, output := q.Number[fact.InputTokens], q.Number[fact.OutputTokens]; input != llm.Absent || output != llm.Absent {
		m[fact.TotalTokens] = max(input, 0) + max(output, 0)
	}
}

// takeAside takes a number that is no request.
func (m *measurements) takeAside(a *llm.NonRequest) {
	m.empty()
	m[asideMeasures[a.Kind]] = a.Value
	if a.Kind == llm.BatchSize {
		m[fact.Batches] = 1
	}
}

var asideMeasures = map[llm.NonRequestKind]fact.Fact{
	llm.BatchSize: fact.BatchSize, llm.ModelLoad: fact.ModelLoad, llm.ToolRun: fact.ToolDuration, llm.AgentRun: fact.AgentDuration,
}

// totalTokens adds input and output up. Where text is generated, one without the other is no total.
func totalTokens(q *llm.Request) float64 {
	if q.Class == llm.Inference && (q.Number[fact.InputTokens] == llm.Absent || q.Number[fact.OutputTokens] == llm.Absent) ||
		q.Number[fact.InputTokens] == llm.Absent && q.Number[fact.OutputTokens] == llm.Absent {
		return llm.Absent
	}
	return float64(max(q.Number[fact.InputTokens], 0) + max(q.Number[fact.OutputTokens], 0))
}

func modelDuration(q *llm.Request) float64 {
	if q.Number[fact.Duration] == llm.Absent || q.Number[fact.Queue] == llm.Absent {
		return q.Number[fact.Duration]
	}
	return max(0, q.Number[fact.Duration]-q.Number[fact.Queue])
}

// ratio divides what is known by what is known and no zero.
func ratio(dividend, divisor float64) float64 {
	if dividend < 0 || divisor <= 0 {
		return llm.Absent
	}
	return dividend / divisor
}

// PerOutputToken spreads the time after the first token over the other tokens, in seconds, or returns
// llm.Absent. The engine's own decode time is exact; else it is what remains of the duration. Outputs that were
// generated side by side share the time, so that there is no such number for them.
func PerOutputToken(q *llm.Request) float64 {
	if q.Number[fact.OutputTokens] < 2 || q.Sequences > 1 {
		return llm.Absent
	}
	after := q.Number[fact.Decode]
	if after == llm.Absent && q.Number[fact.TTFT] != llm.Absent && q.Number[fact.Duration] != llm.Absent {
		after = q.Number[fact.Duration] - q.RetryTime - q.Number[fact.TTFT]
	}
	if after <= 0 {
		return llm.Absent
	}
	return after / float64(q.Number[fact.OutputTokens]-1)
}

// outputTokenRate divides the output by the time that it took to generate. That is the whole duration where the first token's
// time is not known.
func outputTokenRate(q *llm.Request) float64 {
	if q.Number[fact.OutputTokens] < 1 || q.Number[fact.Duration] == llm.Absent {
		return llm.Absent
	}
	generation := q.Number[fact.Duration] - q.RetryTime
	if q.Number[fact.TTFT] != llm.Absent && q.Number[fact.TTFT] < q.Number[fact.Duration] {
		generation -= q.Number[fact.TTFT]
	}
	if generation <= 0 {
		return llm.Absent
	}
	return q.Number[fact.OutputTokens] / generation
}

// OfModality reports whether a measure is that of the tokens of one modality.
func OfModality(m fact.Fact) bool { return m >= inputByModality && m < measures }

// ofModality is the number of measures of a split: the tokens of unknown modality, then those of each modality.
const ofModality = 1 + fact.Fact(llm.Modalities)
