// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// InputKey is the conventions' key of the input tokens.
const InputKey = "gen_ai.usage.input_tokens"

// conventions is the current form of the OpenTelemetry GenAI conventions. It belongs to no scope: these
// keys are read on every span.
var conventions = Dialect{
	Name:  "conventions",
	Title: "OpenTelemetry GenAI conventions",
	Source: "open-telemetry/semantic-conventions v1.41.1 model/gen-ai; " +
		"open-telemetry/semantic-conventions-genai main of 2026-10-09",
	Attributes: []Attribute{
		{Key: "gen_ai.operation.name", Fact: fact.Operation},
		{Key: "gen_ai.provider.name", Fact: fact.Provider},
		{Key: "gen_ai.request.model", Fact: fact.RequestModel},
		{Key: "gen_ai.response.model", Fact: fact.ResponseModel},
		{Key: "gen_ai.response.id", Fact: fact.RequestID},
		{Key: "gen_ai.response.finish_reasons", Fact: fact.FinishReason, Form: TextList},
		{Key: "gen_ai.request.stream", Fact: fact.Stream, Form: Bool},
		{Key: "gen_ai.response.time_to_first_chunk", Fact: fact.TTFT, Form: Seconds},
		{Key: InputKey, Fact: fact.InputTokens, Form: Count},
		{Key: "gen_ai.usage.output_tokens", Fact: fact.OutputTokens, Form: Count},
		{Key: "gen_ai.usage.cache_read.input_tokens", Fact: fact.CacheReadTokens, Form: Count},
		// This name came when the conventions had settled that the input contains cached tokens.
		{Key: "gen_ai.usage.cache_write.input_tokens", Fact: fact.CacheWriteTokens, Form: Count, Cached: CacheWithin},
		{Key: "gen_ai.usage.cache_creation.input_tokens", Fact: fact.CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.reasoning.output_tokens", Fact: fact.ReasoningTokens, Form: Count},
		{Key: "gen_ai.usage.text.input_tokens", Fact: fact.TextInputTokens, Form: Count},
		{Key: "gen_ai.usage.image.input_tokens", Fact: fact.ImageInputTokens, Form: Count},
		{Key: "gen_ai.usage.audio.input_tokens", Fact: fact.AudioInputTokens, Form: Count},
		{Key: "gen_ai.usage.text.output_tokens", Fact: fact.TextOutputTokens, Form: Count},
		{Key: "gen_ai.usage.image.output_tokens", Fact: fact.ImageOutputTokens, Form: Count},
		{Key: "gen_ai.usage.audio.output_tokens", Fact: fact.AudioOutputTokens, Form: Count},
		{Key: "gen_ai.usage.text.cache_read.input_tokens", Fact: fact.TextCacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.image.cache_read.input_tokens", Fact: fact.ImageCacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.audio.cache_read.input_tokens", Fact: fact.AudioCacheReadTokens, Form: Count},
		{Key: "gen_ai.conversation.id", Fact: fact.Session},
		{Key: "gen_ai.tool.name", Fact: fact.ToolName},
		{Key: "gen_ai.agent.name", Fact: fact.AgentName},
		{Key: "gen_ai.output.messages", Fact: fact.Answered, Form: Present},
		{Key: "openai.api.type", Fact: fact.Endpoint},
		{Key: "server.address", Fact: fact.ServerAddress, Common: true},
		{Key: "server.port", Fact: fact.ServerPort, Form: Count, Common: true},
		{Key: "error.type", Fact: fact.ErrorType, Common: true},
		{Key: "http.response.status_code", Fact: fact.HTTPStatus, Form: Count, Common: true},
		{Key: "http.request.resend_count", Fact: fact.Retries, Form: Count, Common: true},
		{Key: "http.route", Fact: fact.Endpoint, Common: true},
		{Key: "url.path", Fact: fact.Endpoint, Common: true},
		{Key: "user.id", Fact: fact.User, Common: true},
		{Key: "session.id", Fact: fact.Session, Common: true},
	},
	Events: []Event{
		{Name: "gen_ai.choice", Attribute: "finish_reason", Fact: fact.FinishReason, Form: TextList},
	},
}

// oldConventions are the names that the conventions used up to v1.36 and that many emitters still
// write, and names that several emitters share without any convention.
var oldConventions = Dialect{
	Name:   "old-conventions",
	Title:  "Earlier GenAI conventions",
	Source: "open-telemetry/semantic-conventions v1.26.0 to v1.36.0 model/gen-ai; traceloop semconv-ai 0.5.2",
	Attributes: slices.Concat(spelled(), serviceTiers(), []Attribute{
		{Key: "gen_ai.system", Fact: fact.Provider},
		{Key: "llm.request.type", Fact: fact.Operation},
		{Key: "llm.request.model", Fact: fact.RequestModel},
		{Key: "gen_ai.response.finish_reason", Fact: fact.FinishReason, Form: TextList},
		{Key: "gen_ai.completion.0.finish_reason", Fact: fact.FinishReason, Form: TextList},
		{Key: "gen_ai.completion.0.content", Fact: fact.Answered, Form: Present},
		{Key: "gen_ai.request.is_stream", Fact: fact.Stream, Form: Bool},
		{Key: "gen_ai.response.streaming", Fact: fact.Stream, Form: Bool},
		{Key: "gen_ai.is_streaming", Fact: fact.Stream, Form: Bool},
		{Key: "llm.is_streaming", Fact: fact.Stream, Form: Bool},
		// Metrics' names, which some write on spans.
		{Key: "gen_ai.client.operation.time_to_first_chunk", Fact: fact.TTFT, Form: Seconds},
		{Key: "gen_ai.client.operation.time_per_output_chunk", Fact: fact.TimePerOutputChunk, Form: Seconds},
		{Key: "gen_ai.server.time_to_first_token", Fact: fact.TTFT, Form: Seconds},
		{Key: "gen_ai.server.time_per_output_token", Fact: fact.TimePerOutputToken, Form: Seconds},
		{Key: "gen_ai.server.ttft", Fact: fact.TTFT, Form: Seconds},
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Form: Seconds},
		{Key: "gen_ai.response.time_to_first_token_ms", Fact: fact.TTFT, Form: Milliseconds},
		{Key: "time_to_first_token_ms", Fact: fact.TTFT, Form: Milliseconds},
		{Key: "gen_ai.usage.cost", Fact: fact.Cost, Form: USD},
		{Key: "gen_ai.usage.total_cost", Fact: fact.Cost, Form: USD},
		{Key: "gen_ai.user.id", Fact: fact.User},
		{Key: "gen_ai.user", Fact: fact.User},
		{Key: "gen_ai.request.user", Fact: fact.User},
		{Key: "llm.user", Fact: fact.User},
		{Key: "http.status_code", Fact: fact.HTTPStatus, Form: Count, Common: true},
		{Key: "http.path", Fact: fact.Endpoint, Common: true},
		{Key: "enduser.id", Fact: fact.User, Common: true},
		// Words of many for how a call ended.
		{Key: "success", Fact: fact.Failed, Form: Denied, Common: true},
		{Key: "error", Fact: fact.Failed, Form: Affirmed, Common: true},
		{Key: "cancelled", Fact: fact.ErrorType, Form: Abandoned, Common: true},
		{Key: "canceled", Fact: fact.ErrorType, Form: Abandoned, Common: true},
		{Key: "aborted", Fact: fact.ErrorType, Form: Abandoned, Common: true},
		{Key: "*.cancelled", Fact: fact.ErrorType, Form: Abandoned, Common: true},
		{Key: "*.canceled", Fact: fact.ErrorType, Form: Abandoned, Common: true},
		{Key: "*.aborted", Fact: fact.ErrorType, Form: Abandoned, Common: true},
	}),
}
