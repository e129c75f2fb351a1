// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// conventions is the current form of the OpenTelemetry GenAI conventions. It belongs to no scope: these
// keys are read on every span.
var conventions = Family{
	Name:  "conventions",
	Title: "OpenTelemetry GenAI conventions",
	Source: "open-telemetry/semantic-conventions v1.41.1 model/gen-ai; " +
		"open-telemetry/semantic-conventions-genai main of 2026-10-09",
	Logs: detailsLogs,
	Attributes: []Attribute{
		{Key: "gen_ai.operation.name", Fact: fact.Operation},
		{Key: "gen_ai.provider.name", Fact: fact.Provider},
		{Key: "gen_ai.request.model", Fact: fact.RequestModel},
		{Key: "gen_ai.response.model", Fact: fact.ResponseModel},
		{Key: "gen_ai.response.id", Fact: fact.RequestID},
		{Key: "gen_ai.response.finish_reasons", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "gen_ai.request.stream", Fact: fact.Stream, Encoding: Bool},
		{Key: "gen_ai.response.time_to_first_chunk", Fact: fact.TTFT, Encoding: Seconds},
		{Key: InputKey, Fact: fact.InputTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.cache_read.input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		// This name came when the conventions had settled that the input contains cached tokens.
		{Key: "gen_ai.usage.cache_write.input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, Parts: usage.Within},
		{Key: "gen_ai.usage.cache_creation.input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "gen_ai.usage.reasoning.output_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "gen_ai.usage.text.input_tokens", Fact: fact.TextInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.image.input_tokens", Fact: fact.ImageInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.audio.input_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.text.output_tokens", Fact: fact.TextOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.image.output_tokens", Fact: fact.ImageOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.audio.output_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.text.cache_read.input_tokens", Fact: fact.TextCacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.image.cache_read.input_tokens", Fact: fact.ImageCacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.audio.cache_read.input_tokens", Fact: fact.AudioCacheReadTokens, Encoding: Count},
		{Key: "gen_ai.conversation.id", Fact: fact.Session},
		{Key: "gen_ai.tool.name", Fact: fact.ToolName},
		{Key: "gen_ai.agent.name", Fact: fact.AgentName},
		{Key: "gen_ai.output.messages", Fact: fact.Answered, Encoding: NotEmpty},
		{Key: "openai.api.type", Fact: fact.Endpoint},
		{Key: "server.address", Fact: fact.ServerAddress, Generic: true},
		{Key: "server.port", Fact: fact.ServerPort, Encoding: Count, Generic: true},
		{Key: "error.type", Fact: fact.ErrorType, Generic: true},
		{Key: "http.response.status_code", Fact: fact.HTTPStatus, Encoding: Count, Generic: true},
		{Key: "http.request.resend_count", Fact: fact.Retries, Encoding: Count, Generic: true},
		{Key: "http.route", Fact: fact.Endpoint, Generic: true},
		{Key: "url.path", Fact: fact.Endpoint, Generic: true},
		{Key: "user.id", Fact: fact.User, Generic: true},
		{Key: "session.id", Fact: fact.Session, Generic: true},
	},
	Events: []Event{
		{Name: "gen_ai.choice", Attribute: "finish_reason", Fact: fact.FinishReason, Encoding: TextList},
	},
}

// oldConventions are the names that the conventions used up to v1.36 and that many emitters still write. Beside them are names
// that several emitters share without any convention.
var oldConventions = Family{
	Name:  "old-conventions",
	Title: "Earlier GenAI conventions",
	Source: "open-telemetry/semantic-conventions v1.26.0 to v1.36.0 model/gen-ai; traceloop semconv-ai 0.5.2; " +
		"signalfx/splunk-otel-python-contrib util/opentelemetry-util-genai emitters/span.py @9f5af26",
	Events: slices.Concat(firstEvents(), errorEvents()),
	Attributes: slices.Concat(counts(), usageObjects(), serviceTiers(), []Attribute{
		{Key: "gen_ai.system", Fact: fact.Provider},
		// Of LangChain's and LiteLLM's metadata, under whatever prefix it is handed on, and of people's own.
		{Key: "*ls_provider", Fact: fact.Provider, Generic: true},
		{Key: "metadata.ls_provider", Fact: fact.Provider, Generic: true},
		{Key: "langsmith.metadata.ls_provider", Fact: fact.Provider, Generic: true},
		{Key: "*ls_model_name", Fact: fact.RequestModel, Generic: true},
		{Key: "metadata.ls_model_name", Fact: fact.RequestModel, Generic: true},
		{Key: "langsmith.metadata.ls_model_name", Fact: fact.RequestModel, Generic: true},
		{Key: "*custom_llm_provider", Fact: fact.Provider, Generic: true},
		{Key: "*model_provider", Fact: fact.Provider, Generic: true},
		{Key: "llm.request.type", Fact: fact.Operation},
		{Key: "llm.request.model", Fact: fact.RequestModel},
		{Key: "gen_ai.response.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
		// Splunk's instrumentations: cancelled, interrupted and failed, without a status for the first two.
		{Key: "gen_ai.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "gen_ai.completion.0.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "gen_ai.completion.0.content", Fact: fact.Answered, Encoding: NotEmpty},
		{Key: "gen_ai.request.is_stream", Fact: fact.Stream, Encoding: Bool},
		{Key: "gen_ai.response.streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "gen_ai.is_streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "llm.is_streaming", Fact: fact.Stream, Encoding: Bool},
		// Metrics' names, which some write on spans.
		{Key: "gen_ai.client.operation.time_to_first_chunk", Fact: fact.TTFT, Encoding: Seconds},
		{Key: "gen_ai.client.operation.time_per_output_chunk", Fact: fact.TimePerOutputChunk, Encoding: Seconds},
		{Key: "gen_ai.server.time_to_first_token", Fact: fact.TTFT, Encoding: FractionalSeconds},
		{Key: "gen_ai.server.time_per_output_token", Fact: fact.TimePerOutputToken, Encoding: Seconds},
		{Key: "gen_ai.server.ttft", Fact: fact.TTFT, Encoding: Seconds},
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Encoding: FractionalSeconds},
		{Key: "gen_ai.response.time_to_first_token_ms", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "time_to_first_token_ms", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "gen_ai.usage.cost", Fact: fact.Cost, Encoding: USD},
		{Key: "gen_ai.usage.total_cost", Fact: fact.Cost, Encoding: USD},
		{Key: "gen_ai.user.id", Fact: fact.User},
		{Key: "gen_ai.user", Fact: fact.User},
		{Key: "gen_ai.request.user", Fact: fact.User},
		{Key: "llm.user", Fact: fact.User},
		{Key: "http.status_code", Fact: fact.HTTPStatus, Encoding: Count, Generic: true},
		{Key: "http.path", Fact: fact.Endpoint, Generic: true},
		{Key: "enduser.id", Fact: fact.User, Generic: true},
		// Words of many for how a call ended; further ones are those of ends.
		// Of exporters to formats without a status. Source: OpenTelemetry specification, mapping to non-OTLP formats.
		{Key: "otel.status_code", Fact: fact.Failed, Encoding: FailureWord, Generic: true},
		{Key: "*cancelled", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
		{Key: "*canceled", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
		{Key: "*aborted", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
		{Key: "interrupted", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
		{Key: "*.interrupted", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
		// Of many kinds of programs, each under a prefix of its own.
		{Key: "*span.kind", Fact: fact.Kind, Generic: true, Meanings: kinds},
		{Key: "*span_kind", Fact: fact.Kind, Generic: true, Meanings: kinds},
	}, statusWords(), ends(), cacheHits()),
}
