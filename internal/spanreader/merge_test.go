// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

const estimator = "@traceloop/instrumentation-openai"

func usage(input, output int) []any {
	return []any{"gen_ai.usage.input_tokens", input, "gen_ai.usage.output_tokens", output}
}

func TestWhatAWrapperSaysOfSeveralCallsIsGivenToNone(t *testing.T) {
	wrapper := chat("m", append(usage(34, 40), "gen_ai.response.id", "r", "gen_ai.usage.cost", 0.5, "user.id", "u",
		"gen_ai.response.time_to_first_chunk", 0.001)...)
	got := resolve(t,
		spanOf{scope: framework, id: 1, to: 100, attributes: wrapper},
		spanOf{scope: client, id: 2, parent: 1, to: 40, attributes: chat("m")},
		spanOf{scope: client, id: 3, parent: 1, from: 50, to: 90, attributes: chat("m")},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Unique, 3: llm.Unique}, rules(got))
	for _, id := range []uint64{2, 3} {
		q := got[id]
		assert.Equal(t, "u", q.User, "holds for each")
		assert.Empty(t, q.ID)
		assert.Equal(t, float64(llm.Absent), q.Number[fact.InputTokens])
		assert.Equal(t, float64(llm.Absent), q.Number[fact.Cost])
		assert.Equal(t, float64(llm.Absent), q.Number[fact.TTFT])
	}
}

func TestWhatAWrapperSaysOfACallThatWasSentAgainIsGivenToTheLast(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, to: 100, attributes: chat("m", usage(17, 20)...)},
		spanOf{scope: client, id: 2, parent: 1, to: 40, failed: true, attributes: chat("m")},
		spanOf{scope: client, id: 3, parent: 1, from: 50, to: 90, attributes: chat("m")},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Attempt, 3: llm.Unique}, rules(got))
	assert.Equal(t, float64(17), got[3].Number[fact.InputTokens])
	assert.Equal(t, float64(20), got[3].Number[fact.OutputTokens])
}

func TestCountsTakeThePlaceOfEstimates(t *testing.T) {
	estimated := chat("m", append(usage(13, 41), "gen_ai.response.id", "r", "gen_ai.usage.reasoning_tokens", 30)...)
	for name, c := range map[string]struct {
		exact         []any
		input, output float64
		estimated     bool
	}{
		"both":        {usage(17, 20), 17, 20, false},
		"output only": {[]any{"gen_ai.usage.output_tokens", 20}, 13, 20, true},
		"none":        {nil, 13, 41, true},
	} {
		for _, nested := range []bool{false, true} {
			other := spanOf{scope: framework, id: 2, parent: 9, to: 102, attributes: chat("m", c.exact...)}
			estimate := spanOf{scope: estimator, id: 1, parent: 9, from: 1, to: 100, attributes: estimated}
			if nested {
				estimate.parent = 2
			}
			q := resolve(t, estimate, other)[1]
			assert.Equal(t, llm.Unique, q.Duplicate, name)
			assert.Equal(t, c.input, q.Number[fact.InputTokens], name)
			assert.Equal(t, c.output, q.Number[fact.OutputTokens], name)
			assert.Equal(t, c.estimated, q.Estimated, name)
		}
	}
}

// Three calls at once, each described by two instrumentations, one of which estimates the tokens.
func TestParallelCallsHaveTheServersTokensInWhateverOrderTheirSpansStand(t *testing.T) {
	const parallel = "871065774668d71bdcebfc13d5ebce9e"
	singles := singleSpans(tracetest.Load(t, "captures/openllmetry-langchain.jsonl"))
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		random.Shuffle(len(singles), func(i, j int) { singles[i], singles[j] = singles[j], singles[i] })
		again := make([]ptrace.Traces, len(singles))
		for i, one := range singles {
			again[i] = ptrace.NewTraces()
			one.CopyTo(again[i])
		}
		counted, _ := countedByTrace(r, mergeAll(again))
		require.Len(t, counted[parallel], 3)
		input, output := 0.0, 0.0
		for i := range counted[parallel] {
			input += counted[parallel][i].Number[fact.InputTokens]
			output += counted[parallel][i].Number[fact.OutputTokens]
		}
		require.Equal(t, [2]float64{51, 60}, [2]float64{input, output})
	}
}

func TestASpanThatShowsNoEndEndsAsTheOneAroundIt(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, to: 100, failed: true, attributes: chat("m", "error.type", "RateLimitError")},
		spanOf{scope: client, id: 2, parent: 1, to: 40, attributes: chat("m")},
	)
	q := got[2]
	assert.Equal(t, llm.Error, q.Outcome)
	assert.Equal(t, "RateLimitError", q.ErrorType)
	assert.Equal(t, 0.1, q.Number[fact.Duration])

	got = resolve(t,
		spanOf{scope: framework, id: 1, to: 100, failed: true, attributes: chat("m", "error.type", "OutputParserException")},
		spanOf{scope: client, id: 2, parent: 1, to: 40, attributes: chat("m", usage(17, 20)...)},
	)
	q = got[2]
	assert.Equal(t, llm.Success, q.Outcome, "the framework failed at what it made of the answer")
	assert.Equal(t, 0.04, q.Number[fact.Duration])
}
