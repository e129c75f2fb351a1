// SPDX-License-Identifier: Apache-2.0

package emitter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// Programs without a table name the same few things, each in its own way.
func TestNamesAreReadByTheWordsOfTheirKeys(t *testing.T) {
	for key, want := range map[string]fact.Fact{
		"llm.model": fact.RequestModel, "llm.model.id": fact.RequestModel, "llm.model_name": fact.RequestModel, "gen_ai.modelId": fact.RequestModel,
		"ai.request.model": fact.RequestModel, "llm.request_model": fact.RequestModel, "openai.model": fact.RequestModel,
		"llm.response.model_id": fact.ResponseModel, "ai.responseModel": fact.ResponseModel,
		"llm.provider.id": fact.Provider, "gen_ai.system_name": fact.Provider, "llm.vendor": fact.Provider, "ai.model.provider": fact.Provider,
		"llm.stream": fact.Stream, "gen_ai.request.streaming": fact.Stream, "llm.is_streaming": fact.Stream,
		"llm.stop_reason": fact.FinishReason, "ai.response.finish_reason": fact.FinishReason, "gen_ai.finishReasons": fact.FinishReason,
		"llm.response_id": fact.RequestID, "ai.response.id": fact.RequestID,
		"llm.cost_usd": fact.Cost, "llm.cost.usd": fact.Cost, "gen_ai.response.cost_usd": fact.Cost, "llm.est_usd": fact.Cost,
		"gen_ai.usage.total_cost_usd": fact.Cost, "llm.cost_cents": fact.Cost,
		"llm.retry_count": fact.Retries, "gen_ai.request.retries": fact.Retries,
	} {
		of, ok := emitter.NameOf(key)
		assert.True(t, ok, key)
		assert.Equal(t, want, of.Fact, key)
	}
	for key, want := range map[string]emitter.Encoding{
		"ttft_ms": emitter.Milliseconds, "llm.timeToFirstTokenMs": emitter.Milliseconds, "ms_to_first_chunk": emitter.Milliseconds,
		"gen_ai.first_token_latency_ms": emitter.Milliseconds, "time_to_first_token_in_seconds": emitter.Seconds, "gen_ai.response.ttft_s": emitter.Seconds,
		"llm.ttft_us": emitter.Microseconds, "time_to_first_token.ns": emitter.Nanoseconds,
		"ttft": emitter.Duration, "llm.time_to_first_token": emitter.Duration,
	} {
		of, ok := emitter.NameOf(key)
		assert.True(t, ok, key)
		assert.Equal(t, emitter.Said{Fact: fact.TTFT, Encoding: want}, of, key)
	}
	dollars, _ := emitter.NameOf("llm.cost_usd")
	cents, _ := emitter.NameOf("llm.cost_cents")
	assert.Equal(t, emitter.USD, dollars.Encoding)
	assert.Equal(t, emitter.USCents, cents.Encoding)
}

// Without a word for models a key can be about anything. An amount without a currency is none, and a part is not the whole.
func TestOtherNamesSayNothing(t *testing.T) {
	for _, key := range []string{
		"avg_ttft_ms", "time_to_first_byte_ms", "ttft_ms_p99", "max_time_to_first_token_ms", "time_per_token_ms",
		"", "model", "model.name", "provider", "request.id", "llm.request.id", "stream", "llm", "gen_ai.cost", "llm.cost", "llm.cost.total",
		"llm.cost.input_usd", "llm.usage.output_cost_usd", "llm.cost_eur", "llm.cost_budget_usd", "llm.model.version", "llm.model.fallback",
		"llm.fallback_provider", "llm.routing_reason", "llm.stream.id", "agent.model", "db.system", "llm.model.temperature", "gen_ai.agent.model",
	} {
		_, ok := emitter.NameOf(key)
		assert.False(t, ok, key)
	}
}

// Tables and words must say the same of a key, for whoever borrows it.
func TestTheWordsOfNamesSayWhatTablesDo(t *testing.T) {
	words := 0
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			if of, ok := emitter.NameOf(a.Key); ok && !a.EmitterSpecific && a.Encoding != emitter.JSON {
				words++
				assert.Equal(t, a.Fact, of.Fact, "%s of %s", a.Key, d.Name)
			}
		}
	}
	assert.Greater(t, words, 30)
}

func TestReadingNamesAllocatesNothing(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { emitter.NameOf("gen_ai.response.modelName") }))
}
