// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// truth is what the model server saw; see testdata/captures/README.md.
type truth struct {
	Emitters map[string]struct{ Cases []truthCase }
}

type truthCase struct {
	Case   string
	Client struct {
		ClientMs float64
		Outcome  string
	}
	TraceIDs []string
	Requests []truthRequest
}

type truthRequest struct {
	Endpoint, Model           string
	Stream                    bool
	Status                    int
	InputTokens, OutputTokens float64
	CachedInputTokens         float64
	ReasoningTokens           float64
	UsageSent                 bool
	TTFTMs                    *float64
	TotalMs                   float64
	StartUnixMs               int64
	ClientCancelled, Dropped  bool
}

// limits are what the spans of an emitter lack, as its family's notes say.
type limits struct {
	// noUsage emitters leave out token counts, at least of some streams.
	noUsage bool
	// noCached and noReasoning emitters leave out those parts.
	noCached, noReasoning bool
	// noTTFT emitters do not measure the first token, firstChunk emitters measure the first chunk.
	noTTFT, firstChunk bool
	// slow cases are those whose span lasts as long as the emitter was busy, not as the caller waited.
	slow []string
	// wholeProgram emitters are programs of their own, whose start and end the caller waited for, too. They measure the first
	// token from the last attempt on.
	wholeProgram bool
	// eachAttempt emitters write spans of attempts that nothing lies around, which count each.
	eachAttempt bool
	// thinned captures lack the spans of further attempts.
	thinned bool
	// noModel cases show no model.
	noModel []string
	// untold cases end in a way that no span shows.
	untold []string
	// ambiguous cases are successes to the server while their caller stopped reading.
	ambiguous []string
}

var emitterLimits = map[string]limits{
	"openllmetry-openai": {
		noTTFT: true, noUsage: true, noCached: true, noReasoning: true, slow: []string{"responses_stream"},
	},
	"openllmetry-langchain":   {noTTFT: true, noCached: true, noReasoning: true},
	"openinference-openai":    {noTTFT: true, noUsage: true, slow: []string{"cancelled_stream"}},
	"openinference-anthropic": {noReasoning: true, ambiguous: []string{"cancelled_stream"}},
	"otel-openai":             {noTTFT: true, noCached: true, noReasoning: true},
	"anthropic-sdk":           {noReasoning: true},
	"vercel-ai7":              {noReasoning: true},
	"langfuse-openai":         {noUsage: true, firstChunk: true},
	"openlit":                 {noReasoning: true, firstChunk: true},
	"genkit-go":               {noTTFT: true},
	"mastra":                  {slow: []string{"cancelled_stream", "error_429_stream"}},
	"claude-code":             {wholeProgram: true, noReasoning: true},
	"codex": {
		wholeProgram: true, noTTFT: true, untold: []string{"cancelled_stream"}, thinned: true,
	},
	"livekit": {noReasoning: true},
	"mistral-sdk": {
		noTTFT: true, noUsage: true, noCached: true, noReasoning: true, eachAttempt: true,
		// The span of a stream that breaks off looks like that of one that ends.
		untold: []string{"tool_call_stream", "cancelled_stream", "dropped_stream", "stream_error_event"},
	},
	"ax": {noReasoning: true, firstChunk: true},
	"stack-agents-openai": {
		noTTFT: true,
		// A failed call of the responses API shows no model.
		noModel: []string{"responses_error_429"},
	},
}

// calls returns the requests that decided a call: those that were not sent again.
func (c *truthCase) calls() (last []truthRequest) {
	for i := range c.Requests {
		if c.Requests[i].Status >= 400 && i+1 < len(c.Requests) {
			continue
		}
		last = append(last, c.Requests[i])
	}
	return last
}

func (c *truthCase) outcome(q *truthRequest) llm.Outcome {
	switch {
	case q.ClientCancelled:
		return llm.Cancelled
	case q.Status >= 400 || q.Dropped || c.Case == "stream_error_event":
		return llm.Error
	default:
		return llm.Success
	}
}

func TestCapturedRequestsAreCountedOnceAndReadAsTheServerSawThem(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(tracetest.Root(), "testdata", "captures", "expected.json"))
	require.NoError(t, err)
	var all truth
	require.NoError(t, json.Unmarshal(raw, &all))
	for emitter, one := range all.Emitters {
		t.Run(emitter, func(t *testing.T) {
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			counted, spans := countedByTrace(r, mergeAll(tracetest.Load(t, "captures/"+emitter+".jsonl")))
			for i := range one.Cases {
				c := &one.Cases[i]
				var requests []llm.Request
				describing := 0
				for _, id := range c.TraceIDs {
					requests = append(requests, counted[id]...)
					describing += spans[id]
				}
				if describing == 0 {
					continue // the emitter left no span of the request
				}
				if slices.Contains(emitterLimits[emitter].untold, c.Case) {
					continue
				}
				t.Run(c.Case, func(t *testing.T) { c.check(t, emitterLimits[emitter], requests) })
			}
		})
	}
}

// countedByTrace returns the requests that count, and the number of all spans that describe requests.
func countedByTrace(r *spanreader.Reader, traces ptrace.Traces) (counted map[string][]llm.Request, spans map[string]int) {
	counted, spans = map[string][]llm.Request{}, map[string]int{}
	b := r.NewBatch()
	r.Read(traces, b)
	for _, q := range b.Requests {
		spans[q.TraceID.String()]++
		if q.Duplicate == llm.Unique {
			counted[q.TraceID.String()] = append(counted[q.TraceID.String()], q)
		}
	}
	return counted, spans
}

func mergeAll(all []ptrace.Traces) ptrace.Traces {
	merged := ptrace.NewTraces()
	for _, traces := range all {
		traces.ResourceSpans().MoveAndAppendTo(merged.ResourceSpans())
	}
	return merged
}

func (c *truthCase) check(t *testing.T, lacks limits, requests []llm.Request) {
	t.Helper()
	calls := c.calls()
	if lacks.eachAttempt {
		calls = c.Requests
	}
	if lacks.thinned && len(requests) > 0 {
		calls = calls[:min(len(calls), len(requests))]
	}
	if !assert.Len(t, requests, len(calls), "each call counts once") {
		return
	}
	for i := range calls {
		want, got := &calls[i], &requests[i]
		if !slices.Contains(lacks.noModel, c.Case) {
			assert.Contains(t, got.RequestModel, want.Model)
		}
		if !slices.Contains(lacks.ambiguous, c.Case) {
			assert.Equal(t, c.outcome(want).String(), got.Outcome.String(), "outcome, error type %q", got.ErrorType)
		}
		if got.Outcome == llm.Success && want.UsageSent {
			want.checkTokens(t, lacks, got)
		}
		want.checkTTFT(t, lacks, got)
		if !slices.Contains(lacks.slow, c.Case) && len(calls) == 1 && !lacks.wholeProgram {
			assert.InDelta(t, c.Client.ClientMs/1000, got.Number[fact.Duration], 0.030, "duration")
		}
	}
}

func (want *truthRequest) checkTokens(t *testing.T, lacks limits, got *llm.Request) {
	t.Helper()
	if got.Estimated || lacks.noUsage && got.Number[fact.InputTokens] == llm.Absent {
		return
	}
	input := want.InputTokens
	if want.Endpoint == "/v1/messages" {
		// Anthropic's interface leaves cached tokens out of the input.
		input += want.CachedInputTokens
	}
	assert.Equal(t, input, got.Number[fact.InputTokens], "input tokens")
	if want.OutputTokens > 0 {
		assert.Equal(t, want.OutputTokens, got.Number[fact.OutputTokens], "output tokens")
	}
	if !lacks.noCached {
		assert.Equal(t, want.CachedInputTokens, max(got.Number[fact.CacheReadTokens], 0), "cached tokens")
	}
	if !lacks.noReasoning {
		assert.Equal(t, want.ReasoningTokens, max(got.Number[fact.ReasoningTokens], 0), "reasoning tokens")
	}
}

// checkTTFT compares with the server's time, which begins when the request reached it.
func (want *truthRequest) checkTTFT(t *testing.T, lacks limits, got *llm.Request) {
	t.Helper()
	if got.Number[fact.TTFT] == llm.Absent {
		assert.True(t, lacks.noTTFT || want.TTFTMs == nil || got.Outcome != llm.Success, "no time to the first token")
		return
	}
	require.NotNil(t, want.TTFTMs, "time to the first token of a response without a stream")
	before := max(time.UnixMilli(want.StartUnixMs).Sub(got.Start.AsTime()).Seconds(), 0)
	if lacks.firstChunk && got.Number[fact.TTFT] < *want.TTFTMs/1000 {
		return
	}
	tolerance := 0.015
	if lacks.wholeProgram {
		before, tolerance = min(before, max(got.Number[fact.TTFT]-*want.TTFTMs/1000, 0)), 0.020
	}
	assert.InDelta(t, before+*want.TTFTMs/1000, got.Number[fact.TTFT], tolerance, "time to the first token")
}
