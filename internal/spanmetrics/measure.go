// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Measure is a number that a request has.
type Measure uint8

// The measures. Times are in seconds.
const (
	// Requests is 1.
	Requests Measure = iota
	Duration
	TTFT
	Queue
	Prefill
	Decode
	InputTokens
	OutputTokens
	CacheReadTokens
	CacheWriteTokens
	ReasoningTokens
	// TotalTokens are input and output together.
	TotalTokens
	// ModelDuration is the duration without the time in the queue, as far as that is known.
	ModelDuration
	// TotalTokenRate is the number of input and output tokens per second of ModelDuration.
	TotalTokenRate
	// ConcurrencyMean and ConcurrencyMax are of the requests that ended since the last collection; they are measured by
	// gauges alone.
	ConcurrencyMean
	ConcurrencyMax
	// TimePerOutputToken is the time per output token after the first.
	TimePerOutputToken
	// OutputTokenRate is the number of output tokens per second of generation.
	OutputTokenRate
	// ChunkGaps are the times between each two chunks of a stream; the only measure with several values.
	ChunkGaps
	// Cost is in US dollars.
	Cost
	Retries
	// Judged is 1 for each target that the request is judged by.
	Judged
	// FinishReasons is 1 for each reason why an output ended.
	FinishReasons
	// BatchSize and ModelLoad are told by spans that are no requests. Batches is 1 for each batch.
	Batches
	BatchSize
	ModelLoad
	// ToolRun and AgentRun are the times that a tool or an agent ran, which is no request either.
	ToolRun
	AgentRun
	// inputByModality and the like are each the first of ofModality measures: the tokens of unknown modality, then those of
	// each llm.Modality.
	inputByModality
	outputByModality    = inputByModality + ofModality
	cacheReadByModality = outputByModality + ofModality
	measures            = cacheReadByModality + ofModality
)

// Concurrent reports whether the measure is one of concurrency, which only gauges have.
func (m Measure) Concurrent() bool { return m == ConcurrencyMean || m == ConcurrencyMax }

// Beside reports whether the measure is told by spans that are no requests.
func (m Measure) Beside() bool { return m >= Batches && m <= AgentRun }

// MaxNumbers is the number of attributes that can be measured.
const MaxNumbers = 32

// Number returns the measure of the attribute with that index, below MaxNumbers, in inference.Options.Numbers.
func Number(index int) Measure { return measures + Measure(index) }

// whole reports whether the measure's values are whole numbers.
func (m Measure) whole() bool {
	switch m {
	case Requests, InputTokens, OutputTokens, CacheReadTokens, CacheWriteTokens, ReasoningTokens, TotalTokens,
		Retries, ConcurrencyMax, Judged, FinishReasons, Batches, BatchSize:
		return true
	default:
		return m.OfModality()
	}
}

// measurements are all measures of one request, and after them the user's numbers; llm.Absent or NaN where the
// request does not tell.
type measurements [measures + MaxNumbers]float64

func (m *measurements) take(q *llm.Request) {
	m[Requests] = 1
	m[Duration] = q.Duration
	m[TTFT] = q.TTFT
	m[Queue] = q.Queue
	m[Prefill] = q.Prefill
	m[Decode] = q.Decode
	m[InputTokens] = float64(q.InputTokens)
	m[OutputTokens] = float64(q.OutputTokens)
	m[CacheReadTokens] = float64(q.CacheReadTokens)
	m[CacheWriteTokens] = float64(q.CacheWriteTokens)
	m[ReasoningTokens] = float64(q.ReasoningTokens)
	m[TimePerOutputToken] = PerOutputToken(q)
	m[OutputTokenRate] = outputTokenRate(q)
	m[ChunkGaps] = llm.Absent
	m[Cost] = q.Cost
	m[Retries] = float64(q.Retries)
	m[Judged] = llm.Absent
	m[FinishReasons] = llm.Absent
	m[Batches] = llm.Absent
	m[BatchSize] = llm.Absent
	m[ModelLoad] = llm.Absent
	m[ToolRun] = llm.Absent
	m[AgentRun] = llm.Absent
	copy(m[measures:], q.Numbers)
}

// derived reports whether the measure is one that derive takes.
func (m Measure) derived() bool { return m >= TotalTokens && m <= ConcurrencyMax }

// derive takes what follows from other measures and no metric needs by default.
func (m *measurements) derive(q *llm.Request) {
	m[TotalTokens] = totalTokens(q)
	m[ModelDuration] = modelDuration(q)
	m[TotalTokenRate] = ratio(m[TotalTokens], m[ModelDuration])
	m[ConcurrencyMean], m[ConcurrencyMax] = q.Duration, q.Duration
}

// empty makes all measures absent.
func (m *measurements) empty() {
	for i := range m {
		m[i] = llm.Absent
		if Measure(i) >= measures {
			m[i] = math.NaN()
		}
	}
}

// takeRest takes the tokens of a further part of a request that was counted before.
func (m *measurements) takeRest(q *llm.Request) {
	m.empty()
	m[InputTokens] = float64(q.InputTokens)
	m[OutputTokens] = float64(q.OutputTokens)
	m[CacheReadTokens] = float64(q.CacheReadTokens)
	m[CacheWriteTokens] = float64(q.CacheWriteTokens)
	if q.InputTokens != llm.Absent || q.OutputTokens != llm.Absent {
		m[TotalTokens] = float64(max(q.InputTokens, 0) + max(q.OutputTokens, 0))
	}
	m[ReasoningTokens] = float64(q.ReasoningTokens)
	m[Cost] = q.Cost
}

// takeAside takes what a span tells that is no request.
func (m *measurements) takeAside(a *llm.Aside) {
	m.empty()
	m[asideMeasures[a.Kind]] = a.Value
	if a.Kind == llm.BatchSize {
		m[Batches] = 1
	}
}

var asideMeasures = map[llm.AsideKind]Measure{
	llm.BatchSize: BatchSize, llm.ModelLoad: ModelLoad, llm.ToolRun: ToolRun, llm.AgentRun: AgentRun,
}

// totalTokens adds input and output up. Where text is generated, one without the other is no total.
func totalTokens(q *llm.Request) float64 {
	if q.Class == llm.Inference && (q.InputTokens == llm.Absent || q.OutputTokens == llm.Absent) ||
		q.InputTokens == llm.Absent && q.OutputTokens == llm.Absent {
		return llm.Absent
	}
	return float64(max(q.InputTokens, 0) + max(q.OutputTokens, 0))
}

func modelDuration(q *llm.Request) float64 {
	if q.Duration == llm.Absent || q.Queue == llm.Absent {
		return q.Duration
	}
	return max(0, q.Duration-q.Queue)
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
	if q.OutputTokens < 2 || q.Sequences > 1 {
		return llm.Absent
	}
	after := q.Decode
	if after == llm.Absent && q.TTFT != llm.Absent && q.Duration != llm.Absent {
		after = q.Duration - q.RetryTime - q.TTFT
	}
	if after <= 0 {
		return llm.Absent
	}
	return after / float64(q.OutputTokens-1)
}

// outputTokenRate divides the output by the time that it took to generate, which is the whole duration
// where the first token's time is not known.
func outputTokenRate(q *llm.Request) float64 {
	if q.OutputTokens < 1 || q.Duration == llm.Absent {
		return llm.Absent
	}
	generation := q.Duration - q.RetryTime
	if q.TTFT != llm.Absent && q.TTFT < q.Duration {
		generation -= q.TTFT
	}
	if generation <= 0 {
		return llm.Absent
	}
	return float64(q.OutputTokens) / generation
}
