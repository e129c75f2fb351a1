// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

func TestOfAWrapperAndTheCallInsideTheCallCounts(t *testing.T) {
	got := resolve(t,
		spanOf{scope: other, id: 1, to: 100, attributes: chat("m", "gen_ai.response.time_to_first_chunk", 0.03, "user.id", "u")},
		spanOf{scope: "app", id: 2, parent: 1, to: 95},
		spanOf{scope: client, id: 3, parent: 2, from: 1, to: 90, attributes: chat("m", "gen_ai.usage.output_tokens", 5)},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 3: llm.Unique}, rules(got))
	assert.Equal(t, 0.03, got[3].Number[fact.TTFT], "inherited")
	assert.Equal(t, "u", got[3].User, "inherited")
	assert.Equal(t, 0.089, got[3].Number[fact.Duration], "its own")
}

func TestACallBeforeAFallbackIsNotOfTheModelThatAnswered(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, to: 200, attributes: chat("b", "gen_ai.response.model", "b-2026", "gen_ai.provider.name", "p", "user.id", "u")},
		spanOf{scope: client, id: 2, parent: 1, to: 50, failed: true, attributes: chat("a")},
		spanOf{scope: other, id: 3, parent: 1, from: 51, to: 199, attributes: chat("b")},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Unique, 3: llm.Unique}, rules(got))
	assert.Empty(t, got[2].ResponseModel+got[2].Provider)
	assert.Equal(t, "u", got[2].User)
	assert.Equal(t, "b-2026", got[3].ResponseModel)
	assert.Equal(t, "p", got[3].Provider)
}

// The wrapper shows the end of the response, too, but has the time of a call before as well.
func TestALogInsideAWrapperBelongsToItsCall(t *testing.T) {
	stream := func(kind string, more ...any) map[string]any {
		return chat("m", append(more, "logfire.span_type", kind)...)
	}
	got, batch := resolveBatch(t,
		spanOf{scope: "pydantic-ai", id: 1, to: 200, attributes: chat("m", "gen_ai.usage.output_tokens", 20)},
		spanOf{scope: client, id: 2, parent: 1, to: 50, failed: true, attributes: chat("other")},
		spanOf{scope: "logfire.openai", id: 3, parent: 1, from: 51, to: 60, attributes: stream("span")},
		spanOf{scope: "logfire.openai", id: 4, parent: 1, from: 190, to: 190, attributes: stream("log", "gen_ai.usage.output_tokens", 20)},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Unique, 3: llm.Unique, 4: llm.Supplemented}, rules(got))
	assert.Equal(t, float64(20), got[3].Number[fact.OutputTokens])
	assert.Equal(t, 0.139, got[3].Number[fact.Duration])
	for i := range batch.Requests {
		assert.False(t, batch.Continues(i), "the log's tokens are the call's")
	}
}

func TestEachCallInsideAWrapperCounts(t *testing.T) {
	got := resolve(t,
		spanOf{scope: client, id: 1, to: 100, attributes: chat("m", "gen_ai.usage.output_tokens", 10)},
		spanOf{scope: client, id: 2, parent: 1, to: 40, attributes: chat("m", "gen_ai.usage.output_tokens", 4)},
		spanOf{scope: client, id: 3, parent: 1, from: 50, to: 90, attributes: chat("m", "gen_ai.usage.output_tokens", 6)},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Unique, 3: llm.Unique}, rules(got))
	assert.Equal(t, float64(4), got[2].Number[fact.OutputTokens])
}

func TestOnlyTheInnermostOfNestedWrappersCounts(t *testing.T) {
	got := resolve(t,
		spanOf{scope: client, id: 3, parent: 2, to: 100, attributes: chat("m")},
		spanOf{scope: other, id: 2, parent: 1, to: 100, attributes: chat("m", "gen_ai.usage.input_tokens", 3)},
		spanOf{scope: framework, id: 1, to: 100, attributes: chat("m", "gen_ai.provider.name", "openai")},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Wrapper, 3: llm.Unique}, rules(got))
	assert.Equal(t, float64(3), got[3].Number[fact.InputTokens])
	assert.Equal(t, "openai", got[3].Provider)
}

func TestAnEmbeddingInsideAChatIsARequestOfItsOwn(t *testing.T) {
	got := resolve(t,
		spanOf{scope: client, id: 1, to: 100, attributes: chat("m")},
		spanOf{scope: client, id: 2, parent: 1, to: 40, attributes: map[string]any{"gen_ai.operation.name": "embeddings"}},
	)
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Unique}, rules(got))
}

func TestTwoInstrumentationsSideBySideDescribeOneCall(t *testing.T) {
	got := resolve(t,
		spanOf{scope: "app", id: 9, to: 110},
		spanOf{scope: framework, id: 1, parent: 9, to: 100, attributes: chat("gpt-4o", "gen_ai.usage.output_tokens", 5)},
		spanOf{scope: client, id: 2, parent: 9, from: 3, to: 98, attributes: chat("gpt-4o", "gen_ai.response.id", "r", "gen_ai.response.model", "gpt-4o-2024-08-06")},
	)
	assert.Equal(t, applied{1: llm.Sibling, 2: llm.Unique}, rules(got))
	assert.Equal(t, float64(5), got[2].Number[fact.OutputTokens], "inherited")
}

func TestParallelCallsOfTwoInstrumentationsPairOff(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, parent: 9, from: 0, to: 100, attributes: chat("m", "gen_ai.usage.output_tokens", 1)},
		spanOf{scope: framework, id: 2, parent: 9, from: 1, to: 101, attributes: chat("m", "gen_ai.usage.output_tokens", 2)},
		spanOf{scope: client, id: 3, parent: 9, from: 2, to: 99, attributes: chat("m", "gen_ai.response.id", "a")},
		spanOf{scope: client, id: 4, parent: 9, from: 3, to: 100, attributes: chat("m", "gen_ai.response.id", "b")},
	)
	assert.Equal(t, applied{1: llm.Sibling, 2: llm.Sibling, 3: llm.Unique, 4: llm.Unique}, rules(got))
	assert.Equal(t, float64(1), got[3].Number[fact.OutputTokens])
	assert.Equal(t, float64(2), got[4].Number[fact.OutputTokens])
}

func TestOfParallelCallsThoseThatEndTogetherBelongTogether(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, parent: 9, from: 0, to: 200, failed: true, attributes: chat("m")},
		spanOf{scope: framework, id: 2, parent: 9, from: 1, to: 101, attributes: chat("m", "gen_ai.usage.output_tokens", 2)},
		spanOf{scope: client, id: 3, parent: 9, from: 2, to: 100, attributes: chat("m", "gen_ai.response.id", "a")},
		spanOf{scope: client, id: 4, parent: 9, from: 3, to: 199, failed: true, attributes: chat("m")},
	)
	assert.Equal(t, applied{1: llm.Sibling, 2: llm.Sibling, 3: llm.Unique, 4: llm.Unique}, rules(got))
	assert.Equal(t, float64(2), got[3].Number[fact.OutputTokens])
	assert.Equal(t, llm.Error, got[4].Outcome)
}

func TestAFrameworksCallIsTheLastOfTheClientsAttemptsBesideIt(t *testing.T) {
	got := resolve(t,
		spanOf{scope: client, id: 1, parent: 9, from: 0, to: 20, failed: true, attributes: chat("m")},
		spanOf{scope: framework, id: 2, parent: 9, from: 1, to: 201, attributes: chat("m", "gen_ai.usage.output_tokens", 2)},
		spanOf{scope: client, id: 3, parent: 9, from: 100, to: 200, attributes: chat("m", "gen_ai.usage.output_tokens", 2)},
	)
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Sibling, 3: llm.Unique}, rules(got))
}

// A framework whose spans are not current leaves its client's beside the outermost of them.
func TestAFrameworksCallAndThatOfItsClientFurtherUpAreOne(t *testing.T) {
	var (
		app      = spanOf{scope: "app", id: 9, to: 110}
		chain    = spanOf{scope: framework, id: 8, parent: 9, to: 105, attributes: map[string]any{"traceloop.span.kind": "workflow"}}
		tool     = spanOf{scope: framework, id: 7, parent: 8, to: 104, attributes: map[string]any{"gen_ai.operation.name": "execute_tool"}}
		inTool   = spanOf{scope: framework, id: 1, parent: 7, from: 3, to: 100, attributes: chat("m")}
		inChain  = spanOf{scope: framework, id: 1, parent: 8, from: 3, to: 100, attributes: chat("m")}
		theCall  = spanOf{scope: client, id: 2, parent: 9, from: 2, to: 98, attributes: chat("m", "gen_ai.usage.output_tokens", 5)}
		one      = applied{1: llm.Sibling, 2: llm.Unique}
		two      = applied{1: llm.Unique, 2: llm.Unique}
		noParent = theCall
		earlier  = theCall
		sideways = theCall
	)
	noParent.parent, earlier.to, sideways.parent = 0, 40, 6
	plain, step := inChain, chain
	plain.scope, step.attributes = other, nil
	other5, late := plain, plain
	other5.attributes, late.from = chat("m", "gen_ai.usage.output_tokens", 9), 60
	assert.Equal(t, one, rules(resolve(t, theCall, inChain, chain, app)))
	assert.Equal(t, one, rules(resolve(t, theCall, inChain, chain)), "what lies around all of them comes last")
	assert.Equal(t, one, rules(resolve(t, theCall, inChain)), "and so may the framework's own")
	assert.Equal(t, one, rules(resolve(t, theCall, inTool, tool, chain, app)))
	assert.Equal(t, one, rules(resolve(t, theCall, plain, chain, app)), "a framework that no table lists")
	assert.Equal(t, two, rules(resolve(t, theCall, plain, step, app)), "what is below a span of no LLM application shows nothing")
	assert.Equal(t, two, rules(resolve(t, theCall, other5, chain, app)), "other tokens")
	assert.Equal(t, two, rules(resolve(t, theCall, late, chain, app)), "begun later")
	assert.Equal(t, two, rules(resolve(t, earlier, inChain, chain, app)))
	assert.Equal(t, two, rules(resolve(t, noParent, inChain, chain, app)))
	assert.Equal(t, two, rules(resolve(t, sideways, inChain, chain, app, spanOf{scope: "app", id: 6, parent: 9, to: 100})))
}

func TestTwoFrameworksInstrumentationsAboveOneClientDescribeOneCall(t *testing.T) {
	const second = "langfuse-sdk"
	got := resolve(t,
		spanOf{scope: "app", id: 9, to: 110},
		spanOf{scope: framework, id: 8, parent: 9, to: 105, attributes: map[string]any{"traceloop.span.kind": "workflow"}},
		spanOf{scope: second, id: 7, parent: 9, to: 105, attributes: map[string]any{"langfuse.observation.type": "chain"}},
		spanOf{scope: framework, id: 1, parent: 8, to: 100, attributes: chat("m")},
		spanOf{scope: second, id: 2, parent: 7, to: 100, attributes: chat("m", "gen_ai.usage.output_tokens", 5)},
		spanOf{scope: client, id: 3, parent: 9, to: 99, attributes: chat("m")},
	)
	assert.Equal(t, applied{1: llm.Sibling, 2: llm.Unique, 3: llm.Sibling}, rules(got))
}

func TestThreeInstrumentationsSideBySideDescribeOneCall(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, parent: 9, to: 100, attributes: chat("m", "user.id", "u")},
		spanOf{scope: client, id: 2, parent: 9, from: 1, to: 99, attributes: chat("m", "gen_ai.usage.output_tokens", 5)},
		spanOf{scope: other, id: 3, parent: 9, from: 2, to: 98, attributes: chat("m", "gen_ai.response.id", "r")},
	)
	unique := 0
	for id := range got {
		if got[id].Duplicate == llm.Unique {
			unique++
			assert.Equal(t, "r", got[id].ID)
			assert.Equal(t, "u", got[id].User)
			assert.Equal(t, float64(5), got[id].Number[fact.OutputTokens])
		}
	}
	assert.Equal(t, 1, unique)
}

func TestSpansSideBySideThatDifferAreDifferentCalls(t *testing.T) {
	for name, second := range map[string]spanOf{
		"same scope":    {scope: client, to: 100, attributes: chat("gpt-4o")},
		"another model": {scope: other, to: 100, attributes: chat("gpt-4o-mini")},
		"another id":    {scope: other, to: 100, attributes: chat("gpt-4o", "gen_ai.response.id", "b")},
		"another time":  {scope: other, from: 50, to: 150, attributes: chat("gpt-4o")},
		"another class": {scope: other, to: 100, attributes: map[string]any{"gen_ai.operation.name": "embeddings"}},
		"another layer": {scope: gateway, to: 100, attributes: chat("gpt-4o")},
	} {
		second.id, second.parent = 2, 9
		got := resolve(t, second,
			spanOf{scope: client, id: 1, parent: 9, to: 100, attributes: chat("gpt-4o", "gen_ai.response.id", "a")})
		assert.Equal(t, applied{1: llm.Unique, 2: llm.Unique}, rules(got), name)
	}
}

func TestTheSameResponseIDInOneLayerCountsOnce(t *testing.T) {
	got := resolve(t,
		spanOf{scope: other, id: 1, to: 100, attributes: chat("m", "gen_ai.response.id", "r")},
		spanOf{scope: client, id: 2, from: 5, to: 50, attributes: chat("m", "gen_ai.response.id", "r", "gen_ai.usage.output_tokens", 5)},
		spanOf{scope: gateway, id: 3, to: 100, attributes: chat("m", "gen_ai.response.id", "r")},
		spanOf{scope: client, id: 4, trace: 2, to: 100, attributes: chat("m", "gen_ai.response.id", "r")},
	)
	assert.Equal(t, applied{1: llm.SameID, 2: llm.Unique, 3: llm.Unique, 4: llm.Unique}, rules(got))
}

func TestClientGatewayAndEngineMeasureOneCallEach(t *testing.T) {
	got := resolve(t,
		spanOf{scope: client, id: 1, to: 100, attributes: chat("llama")},
		spanOf{scope: gateway, id: 2, parent: 1, from: 2, to: 98, attributes: chat("llama")},
		spanOf{
			scope: engine, name: "llm_request", id: 3, parent: 2, from: 4, to: 96, kind: ptrace.SpanKindServer,
			attributes: map[string]any{"gen_ai.usage.completion_tokens": 5},
		},
	)
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Unique, 3: llm.Unique}, rules(got))
	assert.Equal(t, "llama", got[3].RequestModel, "the engine names none: it is the caller's")
}

func engineSpan(id, from, to uint64, requestID string, more ...any) spanOf {
	attributes := chat("", append(more, "gen_ai.request.id", requestID)...)
	delete(attributes, "gen_ai.operation.name")
	delete(attributes, "gen_ai.request.model")
	return spanOf{scope: engine, name: "llm_request", id: id, parent: 9, from: from, to: to, kind: ptrace.SpanKindServer, attributes: attributes}
}

func TestTheOutputsOfOneEngineRequestAddUp(t *testing.T) {
	got := resolve(t,
		engineSpan(1, 0, 80, "r", "gen_ai.usage.prompt_tokens", 10, "gen_ai.usage.completion_tokens", 5, "gen_ai.latency.time_to_first_token", 0.03),
		engineSpan(2, 0, 90, "r", "gen_ai.usage.prompt_tokens", 10, "gen_ai.usage.completion_tokens", 7, "gen_ai.latency.time_to_first_token", 0.02),
		engineSpan(3, 0, 90, "another", "gen_ai.usage.prompt_tokens", 10, "gen_ai.usage.completion_tokens", 7),
	)
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Sequence, 3: llm.Unique}, rules(got))
	q := got[1]
	assert.Equal(t, float64(10), q.Number[fact.InputTokens])
	assert.Equal(t, float64(12), q.Number[fact.OutputTokens])
	assert.Equal(t, int32(2), q.Sequences)
	assert.Equal(t, 0.09, q.Number[fact.Duration])
	assert.Equal(t, 0.02, q.Number[fact.TTFT])
}

func TestThePhasesOfOneEngineRequestFollowEachOther(t *testing.T) {
	got := resolve(t,
		engineSpan(2, 45, 100, "r", "gen_ai.usage.prompt_tokens", 10, "gen_ai.usage.completion_tokens", 7, "gen_ai.latency.time_to_first_token", 0.001),
		engineSpan(1, 0, 40, "r", "gen_ai.usage.prompt_tokens", 10, "gen_ai.usage.completion_tokens", 1, "gen_ai.latency.time_to_first_token", 0.038),
	)
	assert.Equal(t, applied{1: llm.Sequence, 2: llm.Unique}, rules(got))
	q := got[2]
	assert.Equal(t, float64(7), q.Number[fact.OutputTokens])
	assert.Equal(t, 0.1, q.Number[fact.Duration])
	assert.Equal(t, 0.038, q.Number[fact.TTFT])
}

func TestOfPrefillAndDecodeSidesTheDecodeSideCounts(t *testing.T) {
	side := func(id uint64, trace byte, name string, ttft float64) spanOf {
		return spanOf{scope: "sglang server", name: name, id: id, trace: trace, to: 100, attributes: map[string]any{
			"rid": "5f0c8a1e99b24b", "gen_ai.usage.prompt_tokens": 10, "gen_ai.usage.completion_tokens": 7,
			"gen_ai.latency.time_to_first_token": ttft,
		}}
	}
	got := resolve(t, side(1, 1, "prefill Req 5f0c8a1e", 0.02), side(2, 2, "decode Req 5f0c8a1e", 0.05))
	assert.Equal(t, applied{1: llm.Supplemented, 2: llm.Unique}, rules(got))
	assert.Equal(t, 0.02, got[2].Number[fact.TTFT])
	assert.Equal(t, float64(7), got[2].Number[fact.OutputTokens])
}

func TestTheStepsOfAnEnsembleAreOneRequest(t *testing.T) {
	step := func(id, parent, from, to uint64, model string) spanOf {
		return spanOf{
			scope: "triton-server", name: model, id: id, parent: parent, from: from, to: to,
			kind: ptrace.SpanKindServer, attributes: map[string]any{"triton.model_name": model, "triton.request_id": "r"},
		}
	}
	got := resolve(t,
		spanOf{scope: "triton-server", name: "InferRequest", id: 1, to: 100},
		step(2, 1, 0, 99, "ensemble"), step(3, 2, 1, 10, "tokenizer"), step(4, 2, 11, 98, "llama"),
	)
	assert.Equal(t, applied{2: llm.Unique, 3: llm.Sequence, 4: llm.Sequence}, rules(got))
}

func TestOneOfAnEngineWithinAnotherCounts(t *testing.T) {
	server := func(scope, name string, id, parent uint64) spanOf {
		return spanOf{scope: scope, name: name, id: id, parent: parent, to: 100 - id, kind: ptrace.SpanKindServer}
	}
	spans := []spanOf{server("triton-server", "ensemble", 1, 0), server(engine, "llm_request", 2, 1), server("triton-server", "model", 3, 2)}
	want := applied{1: llm.Wrapper, 2: llm.Unique, 3: llm.Sequence}
	assert.Equal(t, want, rules(resolve(t, spans...)))
	slices.Reverse(spans)
	assert.Equal(t, want, rules(resolve(t, spans...)))
}

func TestFailedAttemptsAreRetriesOfTheLast(t *testing.T) {
	attempt := func(id, from, to uint64, failed bool) spanOf {
		return spanOf{
			scope: "ai", name: "ai.generateText.doGenerate", id: id, parent: 1, from: from, to: to, failed: failed,
			attributes: map[string]any{"ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m"},
		}
	}
	got := resolve(t, attempt(4, 60, 100, false), attempt(2, 0, 10, true), attempt(3, 20, 30, true))
	assert.Equal(t, applied{2: llm.Attempt, 3: llm.Attempt, 4: llm.Unique}, rules(got))
	q := got[4]
	assert.Equal(t, float64(2), q.Number[fact.Retries])
	assert.Equal(t, 0.1, q.Number[fact.Duration], "the caller waited for all attempts")
	assert.InDelta(t, 0.06, q.RetryTime, 1e-9)

	got = resolve(t, attempt(2, 0, 10, true), attempt(3, 20, 30, true))
	assert.Equal(t, applied{2: llm.Attempt, 3: llm.Unique}, rules(got), "when all failed, the last decides")

	got = resolve(t, attempt(2, 0, 10, false), attempt(3, 20, 30, false))
	assert.Equal(t, applied{2: llm.Unique, 3: llm.Unique}, rules(got), "steps of a loop are no attempts")
}

func TestAttemptsInsideAWrapperAreOneRequest(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, to: 100, attributes: chat("m")},
		spanOf{scope: client, id: 2, parent: 1, to: 40, failed: true, attributes: chat("m")},
		spanOf{scope: client, id: 3, parent: 1, from: 50, to: 90, attributes: chat("m")},
	)
	assert.Equal(t, applied{1: llm.Wrapper, 2: llm.Attempt, 3: llm.Unique}, rules(got))
}

// LiteLLM tries again by another of its functions, which is instrumented, too.
func TestAttemptsThatHaveWrappersOfTheirOwnAreOneRequest(t *testing.T) {
	got := resolve(t,
		spanOf{scope: framework, id: 1, to: 100, attributes: chat("m")},
		spanOf{scope: other, id: 2, parent: 1, from: 1, to: 99, attributes: chat("m")},
		spanOf{scope: client, id: 3, parent: 2, from: 2, to: 40, failed: true, attributes: chat("m")},
		spanOf{scope: other, id: 4, parent: 2, from: 45, to: 98, attributes: chat("m")},
		spanOf{scope: client, id: 5, parent: 4, from: 50, to: 90, attributes: chat("m")},
	)
	assert.Equal(t, applied{
		1: llm.Wrapper, 2: llm.Wrapper, 3: llm.Attempt, 4: llm.Wrapper, 5: llm.Unique,
	}, rules(got))
	assert.Equal(t, float64(1), got[5].Number[fact.Retries])
}

func TestAnApplicationThatTriesAgainMakesTwoRequests(t *testing.T) {
	got := resolve(t,
		spanOf{scope: "app", id: 1, to: 100},
		spanOf{scope: client, id: 2, parent: 1, to: 40, failed: true, attributes: chat("m")},
		spanOf{scope: client, id: 3, parent: 1, from: 50, to: 90, attributes: chat("m")},
	)
	assert.Equal(t, applied{2: llm.Unique, 3: llm.Unique}, rules(got))
}

func TestSpansThatAreTheirOwnAncestorsComeToAnEnd(t *testing.T) {
	got := resolve(t,
		spanOf{scope: client, id: 1, parent: 2, to: 100, attributes: chat("m")},
		spanOf{scope: client, id: 2, parent: 1, to: 100, attributes: chat("m")},
		spanOf{scope: client, id: 3, parent: 3, to: 100, attributes: chat("m")},
	)
	assert.Equal(t, llm.Unique, got[3].Duplicate)
	counted := 0
	for _, id := range []uint64{1, 2} {
		if got[id].Duplicate == llm.Unique {
			counted++
		}
	}
	assert.Equal(t, 1, counted)
}

// A step of a call that an unlisted library writes, such as an attempt, does not show how it ended.
func TestAFailureWithoutUsageInsideACallIsAPartOfIt(t *testing.T) {
	attempt := spanOf{
		scope: other, id: 2, parent: 1, from: 1, to: 40, failed: true,
		attributes: map[string]any{"gen_ai.system": "openai", "gen_ai.request.model": "m", "error.type": "429"}, kind: ptrace.SpanKindClient,
	}
	call := spanOf{scope: client, id: 1, to: 100, attributes: chat("m", usage(17, 20)...)}
	got := resolve(t, attempt, call)
	assert.Equal(t, applied{1: llm.Unique, 2: llm.Sequence}, rules(got))
	assert.Equal(t, llm.Success, got[1].Outcome)

	alone := resolve(t, attempt)
	assert.Equal(t, applied{2: llm.Unique}, rules(alone))
	assert.Equal(t, llm.Error, alone[2].Outcome)
}

func TestWhatNothingShowsToBeACallIsCountedByScopeAndReason(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	b := r.NewBatch()
	r.Read(tracesOf(t,
		spanOf{scope: "a", id: 1, to: 100, attributes: map[string]any{"gen_ai.request.model": "m"}},
		spanOf{scope: "a", id: 2, to: 100, attributes: map[string]any{"gen_ai.request.model": "m", "gen_ai.system": "openai"}},
		spanOf{scope: "b", id: 3, to: 100, attributes: map[string]any{"gen_ai.system": "openai"}},
		spanOf{scope: "b", id: 4, to: 100, attributes: map[string]any{"db.system": "redis"}},
	), b)
	assert.Empty(t, b.Requests)
	assert.Equal(t, []llm.Dismissal{{Scope: "a", Reason: llm.SkipUnproven, Count: 2}, {Scope: "b", Reason: llm.SkipNoModel, Count: 1}}, b.Dismissed)
}
