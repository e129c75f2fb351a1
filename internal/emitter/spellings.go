// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"maps"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// usagePrefixes are the prefixes under which emitters of the conventions' vocabularies count tokens.
var usagePrefixes = []string{"gen_ai.usage.", "llm.usage."}

// usageNames are the names under these prefixes, by what they count. They are those of the conventions of all times, of the
// providers' interfaces, and what emitters made of both. Emitters mix them freely, so that each is read under each prefix.
// Source: the tables of this package; planetf1/otelite issue 117 for cache_creation_tokens, dd-trace for reasoning_output_tokens,
// usage.cache_creation of Anthropic's Messages API for ephemeral_1h_input_tokens, DeepSeek's interface for prompt_cache_hit_tokens.
// Langfuse's usage details are the source of input_cache_read.
var usageNames = []struct {
	fact  fact.Fact
	names []string
}{
	{fact.InputTokens, []string{"prompt_tokens", "input_tokens", "input_token_count", "prompt_token_count"}},
	{fact.OutputTokens, []string{
		"completion_tokens", "output_tokens", "output_token_count", "completion_token_count", "candidates_token_count",
	}},
	{fact.TotalTokens, []string{"total_tokens", "total_token_count"}},
	{fact.CacheReadTokens, []string{
		"cache_read_input_tokens", "cached_tokens", "cache_read_tokens", "cached_input_tokens", "input_cached_tokens",
		"cache_read.input_tokens", "cache.read_input_tokens", "cache_input_tokens", "cached_content_token_count",
		"cached_content_tokens", "input_tokens.cached", "input_tokens_cached", "input_tokens_cache_read",
		"input_cache_read", "input_cache_read_tokens", "prompt_cached_tokens", "cached_prompt_tokens", "prompt_cache_hit_tokens",
		"cache_hit_tokens", "cache.read_tokens", "cache_read.tokens",
		"prompt_tokens_details.cached_tokens", "prompt_tokens_details.cache_read", "input_tokens_details.cached_tokens",
		"prompt_token_details.cached_tokens", "prompt_token_details.cached_read_tokens", "input_token_details.cached_tokens", "input_token_details.cache_read",
		"details.cached_tokens", "details.cache_read_tokens", "details.cache_read_input_tokens", "details.cached_content_tokens",
	}},
	{fact.CacheWriteTokens, []string{
		"cache_creation_input_tokens", "cache_write_input_tokens", "cache_creation_tokens", "cache_write_tokens",
		"cache_creation.input_tokens", "cache.creation_input_tokens", "cache.write_input_tokens", "input_tokens.cache_write",
		"cache.write_tokens", "cache.creation_tokens", "input_tokens_cache_write",
		"input_tokens_cache_creation", "input_cache_write", "input_cache_write_tokens", "input_cache_creation",
		"prompt_tokens_details.cache_write", "prompt_token_details.cached_write_tokens", "prompt_tokens_details.cache_creation", "input_tokens_details.cache_write_tokens",
		"input_tokens_details.cache_creation_tokens", "input_token_details.cache_creation",
		"details.cache_write_tokens", "details.cache_creation_input_tokens",
	}},
	{fact.CacheWriteHourTokens, []string{
		"cache_creation.ephemeral_1h_input_tokens", "cache_creation.ephemeral_1h.input_tokens", "cache_creation_1h_tokens",
		"cache_creation_1h_input_tokens", "ephemeral_1h_input_tokens", "details.ephemeral_1h_input_tokens",
	}},
	{fact.ReasoningTokens, []string{
		"reasoning_tokens", "reasoning_output_tokens", "reasoning.output_tokens", "output_reasoning_tokens", "output_tokens.reasoning",
		"output_tokens_reasoning", "completion_reasoning_tokens", "thinking.output_tokens", "output_tokens.thinking",
		"thinking_tokens", "thoughts_tokens", "thoughts_token_count",
		"completion_tokens_details.reasoning_tokens", "completion_tokens_details.reasoning",
		"output_tokens_details.reasoning_tokens", "completion_token_details.reasoning_tokens",
		"output_token_details.reasoning_tokens", "output_token_details.reasoning",
		"details.reasoning_tokens", "details.thoughts_tokens",
	}},
}

// firstTokenPrefixes and firstTokenNames make keys of the time to the first token whose names say the unit.
var (
	firstTokenPrefixes = []string{"gen_ai.", "gen_ai.response.", "gen_ai.server.", "llm.", "llm.response."}
	firstTokenNames    = map[string]Encoding{
		"ttft_ms": Milliseconds, "time_to_first_token_ms": Milliseconds, "time_to_first_chunk_ms": Milliseconds,
		"ttft_seconds": Seconds, "time_to_first_token_seconds": Seconds,
	}
)

// firstTokens returns the rows of all these keys.
func firstTokens() (rows []Attribute) {
	for _, name := range slices.Sorted(maps.Keys(firstTokenNames)) {
		for _, prefix := range firstTokenPrefixes {
			rows = append(rows, Attribute{Key: prefix + name, Fact: fact.TTFT, Encoding: firstTokenNames[name]})
		}
	}
	return rows
}

// tierPrefixes and tierNames make the keys of the service tier. What the response says counts before what was asked for.
// Source: openai.* of the conventions, @anthropic-ai/sdk 0.137.0 for anthropic.*, OpenLLMetry and Bifrost for gen_ai.*.
var (
	tierPrefixes = []string{"", "openai.", "gen_ai.openai.", "anthropic.", "gen_ai.anthropic.", "gen_ai.", "llm.", "aws.bedrock."}
	tierNames    = []string{"response.service_tier", "service_tier", "request.service_tier"}
)

// serviceTiers returns the rows of all these keys.
func serviceTiers() (rows []Attribute) {
	for _, name := range tierNames {
		for _, prefix := range tierPrefixes {
			rows = append(rows, Attribute{Key: prefix + name, Fact: fact.ServiceTier, Generic: prefix == ""})
		}
	}
	return rows
}

// statusKeys are attributes that hold a word for how a call ended. Sources: the Responses API of OpenAI for the words, LangChain4j for
// outcome, spans that people write themselves. llm.outcome is missing: enrichment writes it for what several spans show together.
var statusKeys = []string{
	"outcome", "status", "llm.status", "llm.response.status", "gen_ai.status", "gen_ai.response.status", "gen_ai.outcome",
}

// statusWords returns the rows of all these keys.
func statusWords() (rows []Attribute) {
	for _, key := range statusKeys {
		rows = append(rows,
			Attribute{Key: key, Fact: fact.Failed, Encoding: FailureWord, Generic: true},
			Attribute{Key: key, Fact: fact.ErrorType, Encoding: CancelWord, Generic: true})
	}
	return rows
}

// partsOf says of names where the parts of their count are. Source: UsageMetadata of the Gemini API, whose candidates leave out
// the thoughts.
var partsOf = map[string]usage.Place{"candidates_token_count": usage.Beside}

// spelled returns the rows of all these names.
func spelled() (rows []Attribute) {
	for _, prefix := range usagePrefixes {
		for _, count := range usageNames {
			for _, name := range count.names {
				rows = append(rows, Attribute{Key: prefix + name, Fact: count.fact, Encoding: Count, Parts: partsOf[name]})
			}
		}
	}
	return rows
}
