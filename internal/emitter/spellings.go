// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"maps"
	"slices"
	"strings"

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
		"cache_hit_tokens", "cache.read_tokens", "cache_read.tokens", "cache.read", "cache_tokens", "input.cached", "input.cache_read", "prompt_tokens_cached",
		"prompt_tokens_details.cached_tokens", "prompt_tokens_details.cache_read", "input_tokens_details.cached_tokens",
		"prompt_token_details.cached_tokens", "prompt_token_details.cached_read_tokens", "input_token_details.cached_tokens", "input_token_details.cache_read",
		"details.cached_tokens", "details.cache_read_tokens", "details.cache_read_input_tokens", "details.cached_content_tokens",
	}},
	{fact.CacheWriteTokens, []string{
		"cache_creation_input_tokens", "cache_write_input_tokens", "cache_creation_tokens", "cache_write_tokens",
		"cache_creation.input_tokens", "cache.creation_input_tokens", "cache.write_input_tokens", "input_tokens.cache_write",
		"cache.write_tokens", "cache.creation_tokens", "cache.write", "cache.creation", "cache_creation.tokens", "cache_write.tokens", "input.cache_write", "input_tokens_cache_write",
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
		"output_reasoning", "output.reasoning", "reasoning_token_count", "thought_tokens", "thinking_tokens", "thoughts_tokens", "thoughts_token_count",
		"completion_tokens_details.reasoning_tokens", "completion_tokens_details.reasoning",
		"output_tokens_details.reasoning_tokens", "completion_token_details.reasoning_tokens",
		"output_token_details.reasoning_tokens", "output_token_details.reasoning",
		"details.reasoning_tokens", "details.thoughts_tokens",
	}},
}

// shortPrefixes are further prefixes under which people count tokens, and shortNames the names for that. They are no emitter's in
// particular. Tutorials and SDKs of one's own have them.
var (
	shortPrefixes = []string{
		"gen_ai.usage.", "llm.usage.", "gen_ai.response.usage.", "llm.response.usage.", "gen_ai.tokens.", "llm.tokens.", "gen_ai.token.",
		"llm.token.", "llm.token_count.", "gen_ai.token_usage.", "llm.token_usage.", "ai.usage.", "ai.tokens.", "usage.", "tokens.",
	}
	shortNames = []struct {
		fact  fact.Fact
		names []string
	}{
		{fact.InputTokens, []string{"input", "prompt", "input_tokens", "prompt_tokens"}},
		{fact.OutputTokens, []string{"output", "completion", "output_tokens", "completion_tokens"}},
		{fact.TotalTokens, []string{"total", "total_tokens"}},
		{fact.CacheReadTokens, []string{"cached", "cache_read"}},
		{fact.CacheWriteTokens, []string{"cache_write", "cache_creation"}},
		{fact.ReasoningTokens, []string{"reasoning", "thinking"}},
	}
	// wholeKeys are whole keys of the same kind.
	wholeKeys = map[string]fact.Fact{
		"gen_ai.input_tokens": fact.InputTokens, "llm.input_tokens": fact.InputTokens, "gen_ai.prompt_tokens": fact.InputTokens,
		"llm.prompt_tokens": fact.InputTokens, "gen_ai.output_tokens": fact.OutputTokens, "llm.output_tokens": fact.OutputTokens,
		"gen_ai.completion_tokens": fact.OutputTokens, "llm.completion_tokens": fact.OutputTokens,
		"gen_ai.total_tokens": fact.TotalTokens, "llm.total_tokens": fact.TotalTokens,
		"gen_ai.cached_tokens": fact.CacheReadTokens, "gen_ai.cache_read_tokens": fact.CacheReadTokens, "gen_ai.reasoning_tokens": fact.ReasoningTokens,
		"prompt_tokens": fact.InputTokens, "completion_tokens": fact.OutputTokens, "total_tokens": fact.TotalTokens,
		"tokens_in": fact.InputTokens, "tokens_out": fact.OutputTokens,
	}
	// camelNames are the providers' names as programs in JavaScript and Java write them.
	camelNames = map[string]fact.Fact{
		"inputTokens": fact.InputTokens, "promptTokens": fact.InputTokens, "outputTokens": fact.OutputTokens,
		"completionTokens": fact.OutputTokens, "totalTokens": fact.TotalTokens, "cachedInputTokens": fact.CacheReadTokens,
		"cacheReadInputTokens": fact.CacheReadTokens, "cacheCreationInputTokens": fact.CacheWriteTokens, "reasoningTokens": fact.ReasoningTokens,
	}
)

// short returns the rows of all these keys. Keys that open as those of others do, too, prove nothing.
func short() (rows []Attribute) {
	count := func(key string, of fact.Fact) {
		generic := !strings.HasPrefix(key, "gen_ai.") && !strings.HasPrefix(key, "llm.")
		rows = append(rows, Attribute{Key: key, Fact: of, Encoding: Count, Generic: generic})
	}
	for _, of := range shortNames {
		for _, name := range of.names {
			for _, prefix := range shortPrefixes {
				count(prefix+name, of.fact)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(camelNames)) {
		for _, prefix := range usagePrefixes {
			count(prefix+name, camelNames[name])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(wholeKeys)) {
		count(key, wholeKeys[key])
	}
	return rows
}

// firstTokenPrefixes and firstTokenNames make keys of the time to the first token whose names say the unit.
var (
	firstTokenPrefixes = []string{
		"", "gen_ai.", "gen_ai.response.", "gen_ai.server.", "gen_ai.stream.", "gen_ai.streaming.", "gen_ai.latency.", "llm.", "llm.response.",
		"llm.latency.", "llm.stream.",
	}
	firstTokenNames = map[string]Encoding{
		"ttft_ms": Milliseconds, "time_to_first_token_ms": Milliseconds, "time_to_first_chunk_ms": Milliseconds, "first_token_ms": Milliseconds,
		"first_token_latency_ms": Milliseconds, "ttft_seconds": Seconds, "time_to_first_token_seconds": Seconds,
		"time_to_first_token_us": Microseconds, "time_to_first_token_ns": Nanoseconds,
	}
)

// firstTokenEvents are the names of events that stand for the first token or the first part of an answer. They are people's own.
var firstTokenEvents = []string{
	"first token", "First token", "First Token", "FirstToken", "first_token", "first_token_received", "first_chunk", "first_token_generated",
	"gen_ai.first_token", "gen_ai.first_chunk", "gen_ai.response.first_token", "gen_ai.stream.first_token", "gen_ai.stream.first_chunk",
	"llm.first_token", "llm.first_chunk", "llm.stream.first_token", "llm.response.first_token", "response.first_token", "stream.first_token",
	"stream.first_chunk", "time_to_first_token",
}

// firstEvents returns the rows of all these events.
func firstEvents() (rows []Event) {
	for _, name := range firstTokenEvents {
		rows = append(rows, Event{Name: name, Fact: fact.TTFT})
	}
	return rows
}

// errorEvents returns the rows of events by which people note an error beside the exception of the conventions.
func errorEvents() (rows []Event) {
	for _, name := range []string{"error", "gen_ai.error", "llm.error"} {
		rows = append(rows,
			Event{Name: name, Attribute: "error.type", Fact: fact.ErrorType, Last: true},
			Event{Name: name, Attribute: "error.message", Fact: fact.Failed, Encoding: NotEmpty, Last: true},
			Event{Name: name, Attribute: "error.message", Fact: fact.ErrorMessage, Last: true})
	}
	return rows
}

// firstTokens returns the rows of all these keys.
func firstTokens() (rows []Attribute) {
	for _, name := range slices.Sorted(maps.Keys(firstTokenNames)) {
		for _, prefix := range firstTokenPrefixes {
			rows = append(rows, Attribute{Key: prefix + name, Fact: fact.TTFT, Encoding: firstTokenNames[name], Generic: prefix == ""})
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
	"outcome", "status", "result", "llm.status", "llm.response.status", "gen_ai.status", "gen_ai.response.status", "gen_ai.outcome",
}

// statusWords returns the rows of all these keys.
func statusWords() (rows []Attribute) {
	for _, key := range statusKeys {
		rows = append(rows,
			Attribute{Key: key, Fact: fact.Failed, Encoding: FailureWord, Generic: true},
			Attribute{Key: key, Fact: fact.ErrorType, Encoding: EndWord, Generic: true})
	}
	return rows
}

// endPrefixes are the prefixes under which people say how a call ended. The names are below, by what they say.
var endPrefixes = []string{"", "llm.", "llm.response.", "gen_ai.", "gen_ai.response."}

// endNames are the names under these prefixes, by what they say. Source: spans that people write themselves; error.kind and
// error.message of OpenTracing, error.name of errors in Node.js.
var endNames = []struct {
	fact     fact.Fact
	encoding Encoding
	names    []string
}{
	{fact.Failed, FalseOnly, []string{"success", "is_success", "ok"}},
	{fact.Failed, TrueOnly, []string{"failed", "is_error", "has_error"}},
	{fact.Failed, NotEmpty, []string{"error", "error.message", "error_message", "exception.type", "exception.message"}},
	{fact.ErrorType, Text, []string{"error.type", "error_type", "error.kind", "error.name", "error.code", "error_code"}},
	{fact.ErrorType, TimedOutFlag, []string{"timed_out", "timeout"}},
	{fact.ErrorType, CancelledFlag, []string{"cancelled_by_user", "canceled_by_user", "stopped_by_user", "client_disconnected"}},
	{fact.ErrorMessage, Text, []string{"error", "error.message", "error_message", "exception.message"}},
	{fact.HTTPStatus, Count, []string{"status_code", "http_status_code", "http.status_code"}},
}

// ends returns the rows of all these keys.
func ends() (rows []Attribute) {
	for _, e := range endNames {
		for _, name := range e.names {
			for _, prefix := range endPrefixes {
				rows = append(rows, Attribute{Key: prefix + name, Fact: e.fact, Encoding: e.encoding, Generic: true})
			}
		}
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
