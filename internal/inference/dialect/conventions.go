// SPDX-License-Identifier: Apache-2.0

package dialect

import "slices"

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
		{Key: "gen_ai.operation.name", Field: Operation},
		{Key: "gen_ai.provider.name", Field: Provider},
		{Key: "gen_ai.request.model", Field: RequestModel},
		{Key: "gen_ai.response.model", Field: ResponseModel},
		{Key: "gen_ai.response.id", Field: ResponseID},
		{Key: "gen_ai.response.finish_reasons", Field: FinishReason, Form: TextList},
		{Key: "gen_ai.request.stream", Field: Stream, Form: Bool},
		{Key: "gen_ai.response.time_to_first_chunk", Field: TTFT, Form: Seconds},
		{Key: InputKey, Field: InputTokens, Form: Count},
		{Key: "gen_ai.usage.output_tokens", Field: OutputTokens, Form: Count},
		{Key: "gen_ai.usage.cache_read.input_tokens", Field: CacheReadTokens, Form: Count},
		// This name came when the conventions had settled that the input contains cached tokens.
		{Key: "gen_ai.usage.cache_write.input_tokens", Field: CacheWriteTokens, Form: Count, Cached: CacheWithin},
		{Key: "gen_ai.usage.cache_creation.input_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.reasoning.output_tokens", Field: ReasoningTokens, Form: Count},
		{Key: "gen_ai.usage.text.input_tokens", Field: TextInputTokens, Form: Count},
		{Key: "gen_ai.usage.image.input_tokens", Field: ImageInputTokens, Form: Count},
		{Key: "gen_ai.usage.audio.input_tokens", Field: AudioInputTokens, Form: Count},
		{Key: "gen_ai.usage.text.output_tokens", Field: TextOutputTokens, Form: Count},
		{Key: "gen_ai.usage.image.output_tokens", Field: ImageOutputTokens, Form: Count},
		{Key: "gen_ai.usage.audio.output_tokens", Field: AudioOutputTokens, Form: Count},
		{Key: "gen_ai.usage.text.cache_read.input_tokens", Field: TextCacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.image.cache_read.input_tokens", Field: ImageCacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.audio.cache_read.input_tokens", Field: AudioCacheReadTokens, Form: Count},
		{Key: "gen_ai.conversation.id", Field: Session},
		{Key: "gen_ai.tool.name", Field: ToolName},
		{Key: "gen_ai.agent.name", Field: AgentName},
		{Key: "gen_ai.output.messages", Field: Answered, Form: Present},
		{Key: "openai.api.type", Field: Endpoint},
		{Key: "server.address", Field: ServerAddress, Common: true},
		{Key: "server.port", Field: ServerPort, Form: Count, Common: true},
		{Key: "error.type", Field: ErrorType, Common: true},
		{Key: "http.response.status_code", Field: HTTPStatus, Form: Count, Common: true},
		{Key: "http.request.resend_count", Field: Retries, Form: Count, Common: true},
		{Key: "http.route", Field: Endpoint, Common: true},
		{Key: "url.path", Field: Endpoint, Common: true},
		{Key: "user.id", Field: User, Common: true},
		{Key: "session.id", Field: Session, Common: true},
	},
	Events: []Event{
		{Name: "gen_ai.choice", Attribute: "finish_reason", Field: FinishReason, Form: TextList},
	},
}

// oldConventions are the names that the conventions used up to v1.36 and that many emitters still
// write, and names that several emitters share without any convention.
var oldConventions = Dialect{
	Name:   "old-conventions",
	Title:  "Earlier GenAI conventions",
	Source: "open-telemetry/semantic-conventions v1.26.0 to v1.36.0 model/gen-ai; traceloop semconv-ai 0.5.2",
	Attributes: slices.Concat(spelled(), []Attribute{
		{Key: "gen_ai.system", Field: Provider},
		{Key: "llm.request.type", Field: Operation},
		{Key: "llm.request.model", Field: RequestModel},
		{Key: "gen_ai.response.finish_reason", Field: FinishReason, Form: TextList},
		{Key: "gen_ai.completion.0.finish_reason", Field: FinishReason, Form: TextList},
		{Key: "gen_ai.completion.0.content", Field: Answered, Form: Present},
		{Key: "gen_ai.request.is_stream", Field: Stream, Form: Bool},
		{Key: "gen_ai.response.streaming", Field: Stream, Form: Bool},
		{Key: "gen_ai.is_streaming", Field: Stream, Form: Bool},
		{Key: "llm.is_streaming", Field: Stream, Form: Bool},
		// Metrics' names, which some write on spans.
		{Key: "gen_ai.client.operation.time_to_first_chunk", Field: TTFT, Form: Seconds},
		{Key: "gen_ai.client.operation.time_per_output_chunk", Field: ChunkGap, Form: Seconds},
		{Key: "gen_ai.server.time_to_first_token", Field: TTFT, Form: Seconds},
		{Key: "gen_ai.server.time_per_output_token", Field: TimePerToken, Form: Seconds},
		{Key: "gen_ai.server.ttft", Field: TTFT, Form: Seconds},
		{Key: "gen_ai.response.time_to_first_token", Field: TTFT, Form: Seconds},
		{Key: "gen_ai.response.time_to_first_token_ms", Field: TTFT, Form: Milliseconds},
		{Key: "time_to_first_token_ms", Field: TTFT, Form: Milliseconds},
		{Key: "gen_ai.usage.cost", Field: Cost, Form: USD},
		{Key: "gen_ai.usage.total_cost", Field: Cost, Form: USD},
		{Key: "gen_ai.user.id", Field: User},
		{Key: "gen_ai.user", Field: User},
		{Key: "gen_ai.request.user", Field: User},
		{Key: "llm.user", Field: User},
		{Key: "http.status_code", Field: HTTPStatus, Form: Count, Common: true},
		{Key: "http.path", Field: Endpoint, Common: true},
		{Key: "enduser.id", Field: User, Common: true},
		// Words of many for how a call ended.
		{Key: "success", Field: Failed, Form: Denied, Common: true},
		{Key: "error", Field: Failed, Form: Affirmed, Common: true},
		{Key: "cancelled", Field: ErrorType, Form: Abandoned, Common: true},
		{Key: "canceled", Field: ErrorType, Form: Abandoned, Common: true},
		{Key: "aborted", Field: ErrorType, Form: Abandoned, Common: true},
		{Key: "*.cancelled", Field: ErrorType, Form: Abandoned, Common: true},
		{Key: "*.canceled", Field: ErrorType, Form: Abandoned, Common: true},
		{Key: "*.aborted", Field: ErrorType, Form: Abandoned, Common: true},
	}),
}
