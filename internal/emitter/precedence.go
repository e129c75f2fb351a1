// SPDX-License-Identifier: Apache-2.0

package emitter

import "github.com/otelcol-llm/otelcol-llm/internal/fact"

// Precedence orders the attributes and events that carry one fact, where the order matters. The first with a good value wins.
// What is not listed comes after, in the order of All and of the tables.
//
// The first are those that are defined most sharply or measured closest to the fact. A value inside a JSON
// attribute is written as key#path, an event as event:name.
var Precedence = map[fact.Fact][]string{
	fact.Operation: {"gen_ai.operation.name", "llm.request.type"},
	fact.Kind: {
		"litellm.call_type", "ai.operationId", "openinference.span.kind", "langfuse.observation.type", "mlflow.spanType",
		"genkit:metadata:subtype", "runinfo.component", "gen_ai.span.kind",
	},
	fact.Provider: {
		"gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider",
		"mlflow.llm.provider", "genkit:name",
	},
	fact.RequestModel: {
		"gen_ai.request.model", "llm.request.model_name", "llm.model_name", "embedding.model_name", "ai.model.id",
		"langfuse.observation.model.name", "mlflow.llm.model", "genkit:name", "llm.request.model",
		"gen_ai.model_name", "request_llm_model", "triton.model_name", "xinference.model_uid",
		"llm.invocation_parameters#model",
	},
	fact.ResponseModel: {
		"gen_ai.response.model", "llm.response.model_name", "ai.response.model", "llm_model", "litellm.provider.model",
	},
	fact.Stream: {
		"gen_ai.request.stream", "gen_ai.request.is_stream", "gen_ai.response.streaming", "gen_ai.is_streaming",
		"llm.is_streaming", "litellm.request.streaming", "langsmith.request.streaming", "spring.ai.chat.client.stream",
		"llm_stream", "llm_d.pd_proxy.decode.streaming", "gen_ai.response.total_chunks",
		"llm.invocation_parameters#stream", "langfuse.observation.model.parameters#stream", "request_data#stream",
	},
	fact.InputTokens: {
		"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt", "ai.usage.inputTokens",
		"ai.usage.promptTokens", "ai.usage.tokens", "llm.usage.prompt_tokens",
		"langfuse.observation.usage_details#input", "langfuse.observation.usage_details#prompt_tokens",
		"langfuse.observation.usage_details#input_tokens", "mlflow.chat.tokenUsage#input_tokens",
		"genkit:output#usage.inputTokens", "llm_prompt_tokens",
	},
	fact.OutputTokens: {
		"gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion",
		"ai.usage.outputTokens", "ai.usage.completionTokens", "llm.usage.completion_tokens",
		"langfuse.observation.usage_details#output", "langfuse.observation.usage_details#completion_tokens",
		"langfuse.observation.usage_details#output_tokens", "mlflow.chat.tokenUsage#output_tokens",
		"genkit:output#usage.outputTokens", "llm_completion_tokens",
	},
	fact.TotalTokens: {
		"gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens",
		"langfuse.observation.usage_details#total", "llm_total_tokens",
	},
	fact.CacheReadTokens: {
		"gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cached_tokens",
		"llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input",
		"gen_ai.usage.prompt_tokens_details.cached_tokens", "gen_ai.usage.prompt_tokens_details.cache_read",
		"gen_ai.usage.prompt_token_details.cached_read_tokens", "ai.usage.inputTokenDetails.cacheReadTokens",
		"ai.usage.cachedInputTokens", "gen_ai.usage.details.cache_read_tokens", "gen_ai.usage.input_tokens.cache_read",
	},
	fact.CacheWriteTokens: {
		"gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
		"gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens",
		"llm.token_count.prompt_details.cache_write", "llm.token_count.prompt_details.cache_creation",
		"gen_ai.usage.prompt_token_details.cached_write_tokens", "ai.usage.inputTokenDetails.cacheWriteTokens",
	},
	fact.ReasoningTokens: {
		"gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
		"llm.token_count.completion_details.reasoning", "gen_ai.usage.completion_tokens_details.reasoning_tokens",
		"gen_ai.usage.completion_tokens_details.reasoning", "gen_ai.usage.completion_token_details.reasoning_tokens",
		"ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens",
		"gen_ai.usage.details.reasoning_tokens", "llm.usage.reasoning_tokens",
	},
	fact.AudioInputTokens:  {"gen_ai.usage.audio.input_tokens", "gen_ai.usage.input_audio_tokens", "llm.token_count.prompt_details.audio"},
	fact.AudioOutputTokens: {"gen_ai.usage.audio.output_tokens", "gen_ai.usage.output_audio_tokens", "llm.token_count.completion_details.audio"},
	fact.TTFT: {
		"gen_ai.latency.time_to_first_token", "gen_ai.response.time_to_first_chunk",
		"gen_ai.client.operation.time_to_first_chunk", "agw.ai.time_to_first_token", "ai.response.msToFirstChunk",
		"ai.stream.msToFirstChunk", "gen_ai.server.time_to_first_token", "gen_ai.server.ttft",
		"gen_ai.response.time_to_first_token", "gen_ai.response.time_to_first_token_ms", "time_to_first_token_ms",
		"llm_d.pd_proxy.true_ttft_ms", "vllm.latency.ttft",
		"event:First Token Stream Event", "event:gen_ai.content.completion.chunk",
		"event:llm.content.completion.chunk", "event:ai.stream.firstChunk", "event:mlflow.chunk.item.0",
		"langfuse.observation.completion_start_time", "mastra.completion_start_time",
		"llm_time_to_first_token", "llm_first_token_duration", "gen_ai.user.time_to_first_token",
	},
	fact.Queue:   {"gen_ai.latency.time_in_queue", "queue_time", "vllm.latency.queue"},
	fact.Prefill: {"gen_ai.latency.time_in_model_prefill", "llm_d.pd_proxy.prefill_duration_ms", "vllm.latency.prefill"},
	fact.Decode:  {"gen_ai.latency.time_in_model_decode", "llm_d.pd_proxy.decode_duration_ms", "vllm.latency.decode"},
	fact.TimePerOutputToken: {
		"gen_ai.server.time_per_output_token", "agw.ai.time_per_output_token", "time_per_token",
	},
	fact.FinishReason: {
		"gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "llm.finish_reason",
		"ai.response.finishReason", "anthropic.message.stop_reason", "llm.response.finish_reason",
		"llm.response.stop_reason", "gen_ai.response.stop_reason", "gen_ai.completion.0.finish_reason",
		"genkit:output#finishReason", "stop_reason", "llm.stop_reason",
	},
	fact.ErrorType:  {"error.type", "gen_ai.error.type", "gen_ai.error.code"},
	fact.HTTPStatus: {"http.response.status_code", "http.status_code", "http.status"},
	fact.Retries:    {"http.request.resend_count", "gen_ai.number_of_retries", "retry.attempt"},
	fact.Cost: {
		"gen_ai.usage.cost", "gen_ai.usage.total_cost", "llm.cost.total", "litellm.cost.total",
		"gen_ai.cost.total_cost", "operation.cost", "agw.ai.usage.cost.total", "agw.usage.cost",
		"gen_ai.client.estimated_cost", "langfuse.observation.cost_details#total", "mlflow.llm.cost#total_cost",
		"mirascope.response.cost#total_cost", "mirascope.response.cost#totalCost",
	},
	fact.User: {
		"user.id", "enduser.id", "gen_ai.user.id", "gen_ai.user", "gen_ai.request.user", "llm.user",
		"langfuse.user.id", "litellm.end_user.id", "metadata.user_api_key_end_user_id",
		"metadata.user_api_key_user_id", "traceloop.association.properties.user_id", "llm_end_user_id", "jwt.sub",
	},
	fact.Tenant: {
		"litellm.team.id", "metadata.user_api_key_team_id", "gen_ai.team_id", "gen_ai.customer_id",
		"gen_ai.virtual_key_name", "agw.api_key.name",
	},
	fact.Session: {
		"gen_ai.conversation.id", "session.id", "langfuse.session.id",
		"traceloop.association.properties.session_id", "gcp.vertex.agent.session_id", "langsmith.trace.session_id",
	},
	// A plain request.id is not read: applications stamp it on all calls of one of their own requests.
	fact.RequestID: {
		"gen_ai.response.id", "gen_ai.request.id", "ai.response.id", "litellm.call_id", "rid", "anthropic.request.id",
		"triton.request_id", "llm_d.pd_proxy.request_id",
	},
	fact.Endpoint: {"openai.api.type", "http.route", "url.path", "http.path", "llm_d.pd_proxy.request_path"},
}
