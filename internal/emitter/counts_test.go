// SPDX-License-Identifier: Apache-2.0

package emitter_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// Tables and words must say the same of a key, for whoever borrows it.
func TestTheWordsOfKeysSayWhatTablesDo(t *testing.T) {
	counted := map[fact.Fact]bool{}
	for of := range emitter.CountMeanings {
		counted[of.Fact] = true
	}
	words := 0
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			of, ok := emitter.CountOf(a.Key)
			if a.EmitterSpecific || a.Encoding == emitter.JSON {
				continue
			}
			if ok {
				words++
				assert.Equal(t, a.Fact, of.Fact, "%s of %s", a.Key, d.Name)
			} else {
				conventional := strings.HasPrefix(a.Key, "gen_ai.") || strings.HasPrefix(a.Key, "llm.")
				assert.False(t, conventional && counted[a.Fact], "%s of %s is a count whose words are not known", a.Key, d.Name)
			}
		}
	}
	assert.Greater(t, words, 50)
}

// Words of a key can stand in any order, and be written in any way.
func TestCountsAreReadByTheWordsOfTheirKeys(t *testing.T) {
	for key, want := range map[string]fact.Fact{
		"token.usage.input": fact.InputTokens, "gen_ai.usage.tokens.input": fact.InputTokens, "input_token_count": fact.InputTokens,
		"tokens_in": fact.InputTokens, "promptTokenCount": fact.InputTokens, "gen_ai.openai.usage.prompt_tokens": fact.InputTokens,
		"llm.usage.inputTokens": fact.InputTokens, "usage-metadata/prompt-token-count": fact.InputTokens,
		"tokens.output": fact.OutputTokens, "llm.generated_tokens": fact.OutputTokens, "gen_ai.usage.completionTokens": fact.OutputTokens,
		"usage.total": fact.TotalTokens, "totalTokenCount": fact.TotalTokens,
		"gen_ai.usage.input_tokens.cached_read": fact.CacheReadTokens, "gen_ai.usage.cache_read_prompt_tokens": fact.CacheReadTokens,
		"usage.cachedContentTokenCount": fact.CacheReadTokens, "llm.token_count.cached": fact.CacheReadTokens,
		"gen_ai.usage.prompt_tokens_details.cache_write_tokens": fact.CacheWriteTokens, "cacheCreationInputTokens": fact.CacheWriteTokens,
		"gen_ai.usage.cache_creation.ephemeral_1h_input_tokens": fact.CacheWriteHourTokens, "usage.ephemeral_1h_input_tokens": fact.CacheWriteHourTokens,
		"gen_ai.usage.output_tokens.thoughts": fact.ReasoningTokens, "usage.outputTokensDetails.reasoningTokens": fact.ReasoningTokens,
		"gen_ai.usage.internal_reasoning_tokens":   fact.ReasoningTokens,
		"usage.prompt_tokens_details.audio_tokens": fact.AudioInputTokens, "usage.output_image_tokens": fact.ImageOutputTokens,
		"usage.cached_audio_tokens": fact.AudioCacheReadTokens,
	} {
		of, ok := emitter.CountOf(key)
		assert.True(t, ok, key)
		assert.Equal(t, emitter.Counted{Fact: want}, of, key)
	}
	for _, key := range []string{"usage.cache_creation.ephemeral_5m_input_tokens", "llm.usage.cache_write_5m_tokens"} {
		of, _ := emitter.CountOf(key)
		assert.Equal(t, emitter.Counted{Fact: fact.CacheWriteTokens, Short: true}, of, key)
	}
	of, _ := emitter.CountOf("usage.candidatesTokenCount")
	assert.Equal(t, emitter.Counted{Fact: fact.OutputTokens, Parts: usage.Beside}, of)
}

// A word that is not known, or one side beside the other, can make something else of a key.
func TestOtherNumbersAreNoCounts(t *testing.T) {
	for _, key := range []string{
		"", "tokens", "usage", "gen_ai.usage", "input", "gen_ai.prompt", "llm.completions", "gen_ai.response.model",
		"gen_ai.request.max_tokens", "gen_ai.usage.input_token_limit", "gen_ai.usage.input_cost", "llm.output_tokens_per_second",
		"gen_ai.usage.completion_tokens_details.accepted_prediction_tokens", "gen_ai.agent.usage.input_tokens",
		"session.total_tokens", "cumulative_input_tokens", "gen_ai.usage.total_input_tokens", "usage.prompt_cache_miss_tokens",
		"usage.input_output_tokens", "gen_ai.prompt.0.tokens", "gen_ai.token.type", "usage.cache_creation.ephemeral_input_5m_1h_tokens",
		"gen_ai.usage.read_tokens", "gen_ai.usage.reasoning_input_tokens", "usage.audio_tokens", "usage.cached_output_tokens",
		"gen_ai.usage." + strings.Repeat("input_", 20) + "tokens",
	} {
		_, ok := emitter.CountOf(key)
		assert.False(t, ok, key)
	}
}

func TestReadingWordsAllocatesNothing(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { emitter.CountOf("gen_ai.usage.promptTokensDetails.cached_tokens") }))
}
