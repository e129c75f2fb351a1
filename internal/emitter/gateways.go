// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// llmD is the inference scheduler of llm-d and its sidecar for prefill and decode apart.
var llmD = Family{
	Name:  "llm-d",
	Title: "llm-d",
	Source: "llm-d/llm-d-inference-scheduler @520af478 (2026-05-17), " +
		"kubernetes-sigs/gateway-api-inference-extension @84436a96",
	Notes: "The sidecar's span is the request; its decode step has the times. Scheduling spans name the model, but are no requests. " +
		"The requests below them, " +
		"the sidecar's and the engines', take the name from them.",
	Scopes: []string{"llm-d*", "github.com/llm-d/*", "gateway-api-inference-extension*"},
	Layer:  llm.Gateway,
	Quirks: StepSpans,
	Spans: []Span{
		{Name: "llm_d.pd_proxy.request", Class: llm.Inference},
		{Name: "llm_d.pd_proxy.decode", Class: llm.Inference},
		// The later names of these two.
		{Name: "forward_request", Class: llm.Inference},
		{Name: "decode", Class: llm.Inference},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		// The sidecar writes these when the decode step ends, to that step's span: it began after the first two.
		{Key: "llm_d.pd_proxy.true_ttft_ms", Fact: fact.TTFT, Encoding: ElapsedMilliseconds},
		{Key: "llm_d.pd_proxy.prefill_duration_ms", Fact: fact.Prefill, Encoding: ElapsedMilliseconds},
		{Key: "llm_d.pd_proxy.decode_duration_ms", Fact: fact.Decode, Encoding: Milliseconds},
		{Key: "llm_d.pd_proxy.request_id", Fact: fact.RequestID, Identifies: true},
		{Key: "llm_d.pd_proxy.request_path", Fact: fact.Endpoint, Identifies: true},
		{Key: "llm_d.pd_proxy.decode.streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "llm_d.pd_proxy.error", Fact: fact.ErrorMessage},
		{Key: "llm_d.pd_proxy.error", Fact: fact.Failed, Encoding: NotEmpty},
		{Key: "target_model", Fact: fact.ResponseModel, EmitterSpecific: true},
	},
}

// dynamo is known by the service's name, which is its scope, or by keys that only its frontend writes. The frontend's HTTP span is the
// request; which one of its interfaces was called shows in the path alone.
var dynamo = Family{
	Name:  "dynamo",
	Title: "NVIDIA Dynamo",
	Source: "ai-dynamo/dynamo lib/runtime/src/logging.rs @b4d7ad45, lib/llm/src/http/service/metrics.rs @0014908a, " +
		"lib/backend-common/src/adapter.rs @80ede450",
	Notes: "The frontend's span is the request. It does not show whether the response was streamed. Earlier versions do not show " +
		"failures either. The workers' `engine.generate` is not counted, their engines' own spans are.",
	Scopes: []string{"dynamo", "dynamo-*", "dynamo_*"},
	Layer:  llm.Gateway,
	Quirks: EngineClock,
	Spans: []Span{
		{Name: "engine.generate", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "uri", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"/v1/chat/completions": chat, "/v1/completions": completion, "/v1/responses": chat, "/v1/messages": chat,
			// As Anthropic's clients call it.
			"/v1/messages?beta=true": chat,
			"/v1/embeddings":         embeddings, "/v1/rerank": rerank, "/v1/images/generations": image, "/v1/audio/speech": speech,
		}},
		{Key: "uri", Fact: fact.Endpoint, EmitterSpecific: true},
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "request_id", Fact: fact.RequestID, EmitterSpecific: true},
		{Key: "input_tokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "output_tokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		// Times are texts.
		{Key: "ttft_ms", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
		{Key: "avg_itl_ms", Fact: fact.TimePerOutputToken, Encoding: Milliseconds, Identifies: true},
		{Key: "decode_worker_id", Identifies: true},
		{Key: "request.outcome", Fact: fact.ErrorType, Encoding: ErrorUnlessSuccess, EmitterSpecific: true},
	},
}

// liteLLM is the LiteLLM proxy and library: the classic callback and the second version of its tracing.
var liteLLM = Family{
	Name:  "litellm",
	Title: "LiteLLM",
	Source: "BerriAI/litellm litellm/integrations/opentelemetry.py @00145a6c, @d59f8f95; " +
		"litellm/integrations/otel @eca6c31d, @f489a673, emitter.py @05bac28f, model/semconv.py @0012d9a7; PR 27418",
	Notes: "The raw provider call below `litellm_request` is not counted. The second version is known by its keys. Where " +
		"the classic one has no spans it writes to spans of the application or proxy. Keys show these, too.",
	Scopes: []string{"litellm*"},
	Layer:  llm.Gateway,
	Spans: []Span{
		{Name: "raw_gen_ai_request", Class: llm.NoRequest},
		// What failed before or after the call; the call has a span of its own.
		{Name: "Failed Proxy Server Request", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "litellm.call_id", Fact: fact.RequestID, Identifies: true},
		// Its router sends a request again under the same id.
		{Key: "litellm.call_id", Fact: fact.CallID},
		// What it has no operation for, the second version calls chat.
		{Key: "litellm.call_type", Fact: fact.Kind, Identifies: true, Meanings: liteLLMCalls},
		{Key: "llm.request.type", Fact: fact.Kind, EmitterSpecific: true, Meanings: liteLLMCalls},
		{Key: "litellm.request.streaming", Fact: fact.Stream, Encoding: Bool, Identifies: true},
		{Key: "litellm.provider.model", Fact: fact.ResponseModel, Identifies: true},
		{Key: "litellm.cost.total", Fact: fact.Cost, Encoding: USD, Identifies: true},
		// Without a span of its own, the classic callback writes to the one that it finds, of whatever scope.
		{Key: "gen_ai.cost.total_cost", Fact: fact.Cost, Encoding: USD, Identifies: true},
		{Key: "exception", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "hidden_params", Encoding: JSON, EmitterSpecific: true, JSONFields: []JSONField{
			{Path: "response_cost", Fact: fact.Cost, Encoding: USD},
		}},
		{Key: "litellm.team.id", Fact: fact.Tenant},
		{Key: "litellm.end_user.id", Fact: fact.User},
		{Key: "metadata.user_api_key_team_id", Fact: fact.Tenant},
		{Key: "metadata.user_api_key_end_user_id", Fact: fact.User},
		{Key: "metadata.user_api_key_user_id", Fact: fact.User},
	},
}

// liteLLMCalls are the call types that hold more than an operation.
var liteLLMCalls = withAsync(map[string]Meaning{
	"rerank": rerank, "embedding": embeddings, "image_generation": image, "image_edit": image, "speech": speech,
	"transcription": transcript, "search": none,
	"create_file": none, "file_list": none, "file_retrieve": none, "file_delete": none, "file_content": none,
	// A finished batch has the usage of all its requests each time that somebody looks.
	"create_batch": none, "retrieve_batch": none, "cancel_batch": none,
	"create_fine_tuning_job": none, "cancel_fine_tuning_job": none, "list_fine_tuning_jobs": none,
	"retrieve_fine_tuning_job": none,
	"get_assistants":           none, "create_assistants": none, "delete_assistant": none, "create_thread": none,
	"get_thread": none, "get_messages": none,
	"video_list": none, "video_retrieve": none, "video_content": none, "video_delete": none,
	"create_container": none, "list_containers": none, "retrieve_container": none, "delete_container": none,
})

// withAsync adds LiteLLM's names of the same calls made asynchronously.
func withAsync(calls map[string]Meaning) map[string]Meaning {
	both := make(map[string]Meaning, 2*len(calls))
	for name, meaning := range calls {
		both[name], both["a"+name] = meaning, meaning
	}
	return both
}

var envoy = Family{
	Name:  "envoy-ai-gateway",
	Title: "Envoy AI Gateway",
	Source: "envoyproxy/ai-gateway internal/tracing/openinference, internal/tracing/otelgenai @c217da8a5 (v1.1), " +
		"internal/tracing/otelgenai/anthropic.go @1d72f339",
	Notes:  "Both of its vocabularies. It writes the event of the first token when a stream ends. So there is no time to the first token.",
	Scopes: []string{"envoyproxy/ai-gateway*"},
	Layer:  llm.Gateway,
	// OpenInference's vocabulary has a total, in which cached tokens are.
	Quirks: TTFTAtEnd | MessagesCounts,
	// With OpenInference's vocabulary all but embeddings and reranking are of the kind LLM.
	Spans: []Span{
		{Name: "Completion", Class: llm.Inference, Operation: "text_completion"},
		{Name: "Images*Response", Class: llm.Media, Operation: "image_generation"},
		{Name: "Transcription", Class: llm.Media, Operation: "transcription"},
		{Name: "Translation", Class: llm.Media, Operation: "translation"},
		{Name: "CountTokens", Class: llm.NoRequest},
		{Name: "*File", Class: llm.NoRequest},
		{Name: "*FileContent", Class: llm.NoRequest},
		{Name: "*Batch", Class: llm.NoRequest},
		{Name: "*Batches", Class: llm.NoRequest},
	},
}

var agentgateway = Family{
	Name:   "agentgateway",
	Title:  "agentgateway",
	Source: "agentgateway/agentgateway @75b4e6ce6",
	Scopes: []string{"agentgateway*"},
	Layer:  llm.Gateway,
	Attributes: []Attribute{
		{Key: "agw.ai.time_to_first_token", Fact: fact.TTFT, Encoding: Seconds, Identifies: true},
		{Key: "agw.ai.time_per_output_token", Fact: fact.TimePerOutputToken, Encoding: Seconds, Identifies: true},
		{Key: "agw.ai.usage.cost.total", Fact: fact.Cost, Encoding: USD, Identifies: true},
		{Key: "agw.usage.cost", Fact: fact.Cost, Encoding: USD, Identifies: true},
		// Its audio tokens have Microsoft.Extensions.AI's keys.
		{Key: "gen_ai.usage.output_image_tokens", Fact: fact.ImageOutputTokens, Encoding: Count},
		{Key: "agw.api_key.name", Fact: fact.Tenant},
		{Key: "jwt.sub", Fact: fact.User, Generic: true},
		{Key: "retry.attempt", Fact: fact.Retries, Encoding: Count, EmitterSpecific: true},
		{Key: "http.status", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "error", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "error", Fact: fact.Failed, Encoding: NotEmpty, EmitterSpecific: true},
	},
}

// bifrost is known by its resource, since its scope is the service's name.
var bifrost = Family{
	Name:  "bifrost",
	Title: "Bifrost",
	Source: "maximhq/bifrost core/schemas/trace.go @005997b3 and later, core/schemas/bifrost.go, core/bifrost.go " +
		"executeRequestWithRetries, plugins/otel/converter.go @c31bdc82, openinference.go @0d215c27",
	Notes: "A span per attempt: failed ones below the same HTTP span are retries of the last. With OpenInference's vocabulary further " +
		"attempts show only how they ended, and all calls but embeddings are chats.",
	Scopes:   []string{"bifrost"},
	Resource: []Pair{{"telemetry.sdk.name", "bifrost"}},
	Layer:    llm.Gateway,
	Quirks:   SpanPerAttempt,
	Spans: []Span{
		{Name: "http.request", Class: llm.NoRequest},
		{Name: "llm.call", Class: llm.Inference, Operation: "chat"},
		{Name: "retry.attempt.*", Class: llm.Inference, Operation: "chat"},
		{Name: "llm.embedding*", Class: llm.Embeddings, Operation: "embeddings"},
	},
	Attributes: []Attribute{
		// The spans of all its calls have the same name; the later versions name the operation, too.
		{Key: "request.type", Fact: fact.Operation, EmitterSpecific: true},
		// Further attempts are chains, as the HTTP span is.
		{Key: "openinference.span.kind", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"llm": chat, "embedding": embeddings, "tool": toolRun, "agent": agentRun,
		}},
		{Key: "exception.type", Fact: fact.ErrorType, EmitterSpecific: true},
		{Key: "exception.message", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Encoding: MillisOrNanos, EmitterSpecific: true},
		{Key: "gen_ai.response.total_chunks", Fact: fact.Stream, Encoding: NotEmpty},
		{Key: "gen_ai.usage.prompt_token_details.cached_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.prompt_token_details.cached_write_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "gen_ai.usage.completion_token_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "gen_ai.usage.prompt_token_details.text_tokens", Fact: fact.TextInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.prompt_token_details.image_tokens", Fact: fact.ImageInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.prompt_token_details.audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.completion_token_details.text_tokens", Fact: fact.TextOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.completion_token_details.image_tokens", Fact: fact.ImageOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.completion_token_details.audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		// Those of transcriptions and of the responses API.
		{Key: "gen_ai.usage.input_token_details.text_tokens", Fact: fact.TextInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.input_token_details.image_tokens", Fact: fact.ImageInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.input_token_details.audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_token_details.text_tokens", Fact: fact.TextOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_token_details.image_tokens", Fact: fact.ImageOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_token_details.audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		{Key: "gen_ai.error.type", Fact: fact.ErrorType},
		{Key: "gen_ai.error.code", Fact: fact.ErrorType},
		{Key: "gen_ai.error", Fact: fact.ErrorMessage},
		{Key: "gen_ai.error", Fact: fact.Failed, Encoding: NotEmpty},
		{Key: "gen_ai.number_of_retries", Fact: fact.Retries, Encoding: Count},
		{Key: "gen_ai.team_id", Fact: fact.Tenant},
		{Key: "gen_ai.customer_id", Fact: fact.Tenant},
		{Key: "gen_ai.virtual_key_name", Fact: fact.Tenant},
		{Key: "bifrost.retries", Fact: fact.Retries, Encoding: Count},
		{Key: "bifrost.team.id", Fact: fact.Tenant},
		{Key: "bifrost.customer.id", Fact: fact.Tenant},
		{Key: "bifrost.virtual_key.name", Fact: fact.Tenant},
		{Key: "bifrost.user.id", Fact: fact.User},
	},
}

// apisix writes all numbers as text, and a time to the first token for every response.
var apisix = Family{
	Name:   "apisix",
	Title:  "Apache APISIX",
	Source: "apache/apisix @f519a0f04 (3.18.0)",
	Notes:  "HTTP spans with LLM keys; without them a span is no request.",
	Layer:  llm.Gateway,
	Attributes: []Attribute{
		{Key: "request_llm_model", Fact: fact.RequestModel, Identifies: true, Layer: llm.Gateway},
		{Key: "request_type", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"ai_chat": {Class: llm.Inference, Stream: llm.NotStreamed}, "ai_stream": {Class: llm.Inference, Stream: llm.Streamed},
			"traditional_http": none,
		}},
		{Key: "llm_model", Fact: fact.ResponseModel, EmitterSpecific: true},
		{Key: "llm_stream", Fact: fact.Stream, Encoding: Bool},
		{Key: "llm_time_to_first_token", Fact: fact.TTFT, Encoding: Milliseconds, Identifies: true, Layer: llm.Gateway},
		{Key: "llm_prompt_tokens", Fact: fact.InputTokens, Encoding: Count, Identifies: true},
		{Key: "llm_completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "llm_total_tokens", Fact: fact.TotalTokens, Encoding: Count},
		{Key: "llm_cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "llm_cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "llm_reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "llm_end_user_id", Fact: fact.User},
	},
}

var higress = Family{
	Name:   "higress",
	Title:  "Higress",
	Source: "alibaba/higress @4e0d6914 (2.2.1)",
	Notes: "Spans of its Envoy with numbers as text. Those of any other Envoy, as Istio's, are read alike if they have such " +
		"attributes. The response flags show a caller who left.",
	Scopes: []string{"Envoy", "envoy"},
	// Which attributes are on the spans is a matter of its configuration.
	Resource: []Pair{{"service.name", "higress-gateway*"}, {"telemetry.sdk.name", "envoy"}},
	Layer:    llm.Gateway,
	Attributes: []Attribute{
		{Key: "llm_first_token_duration", Fact: fact.TTFT, Encoding: Milliseconds, Identifies: true, Layer: llm.Gateway},
		{Key: "llm_service_duration", Fact: fact.None, Identifies: true, Layer: llm.Gateway},
		{Key: "gen_ai.model_name", Fact: fact.RequestModel},
		{Key: "chat_id", Fact: fact.RequestID, EmitterSpecific: true},
		// Envoy's mark of a server error and of a request without any response.
		{Key: "error", Fact: fact.Failed, Encoding: NotEmpty, EmitterSpecific: true},
		// Nothing else shows a caller who leaves a stream midway.
		{Key: "response_flags", Fact: fact.ErrorType, Encoding: EnvoyFlags, EmitterSpecific: true},
	},
}

// plano gives each of its parts a service of its own; that of the calls of models is this.
var plano = Family{
	Name:  "plano",
	Title: "Plano (Arch)",
	Source: "katanemo/archgw crates/brightstaff/src/handlers/llm/mod.rs, streaming.rs, tracing/constants.rs @4228da2a and later, " +
		"docs of its tracing",
	Notes: "The model is that of the response, if there is one. Its spans do not show streaming. Requests that it refuses, or that reach no " +
		"provider, are not counted.",
	Resource: []Pair{{"service.name", "plano(llm)"}, {"service.name", "archgw(llm)"}},
	Layer:    llm.Gateway,
	Quirks:   TTFTOfAny | ProviderCounts,
	Spans: []Span{
		{Name: "POST /v1/chat/completions *", Class: llm.Inference, Operation: "chat"},
		{Name: "POST /v1/messages *", Class: llm.Inference, Operation: "chat"},
		{Name: "POST /v1/responses *", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "llm.model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "llm.time_to_first_token", Fact: fact.TTFT, Encoding: WholeMilliseconds, EmitterSpecific: true},
		{Key: "llm.usage.cached_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "llm.usage.cache_creation_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "llm.usage.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "plano.session_id", Fact: fact.Session},
	},
}

var kong = Family{
	Name:     "kong",
	Title:    "Kong AI Gateway",
	Source:   "Kong/docs @0156b3e5 (3.13); the spans of the enterprise edition were not seen",
	Scopes:   []string{"kong*"},
	Resource: []Pair{{"service.name", "kong"}, {"service.name", "kong-*"}},
	Layer:    llm.Gateway,
	Spans:    []Span{{Name: "kong.gen_ai", Class: llm.Inference}},
}

var traceloopHub = Family{
	Name:   "traceloop-hub",
	Title:  "Traceloop Hub",
	Source: "traceloop/hub src/pipelines/otel.rs @632a6f06 and its form of May 2026, src/providers/provider.rs",
	Notes:  "It does not show whether the response was streamed. Streams have only the usage that the provider sent.",
	Scopes: []string{"traceloop_hub"},
	Layer:  llm.Gateway,
}

// tensorZero writes the keys of either conventions to one span for each attempt at a provider. It lies below that of the model.
var tensorZero = Family{
	Name:  "tensorzero",
	Title: "TensorZero",
	Source: "tensorzero/tensorzero tensorzero-core/src/model.rs, its tests e2e/otel.rs @044dd0d8 for scope, status and events; " +
		"observability/mod.rs @132ebfe2",
	Notes: "The span `model_provider_inference` is the request: failed ones below the same model are retries of the last. Errors have " +
		"no name. Nothing shows the end of a stream that broke or was left, or the time to first token. Embeddings and " +
		"answers out of its cache have no such span.",
	Scopes:   []string{"tensorzero"},
	Resource: []Pair{{"service.name", "tensorzero-gateway"}},
	Layer:    llm.Gateway,
	Quirks:   SpanPerAttempt,
	Attributes: []Attribute{
		{Key: "stream", Fact: fact.Stream, Encoding: Bool, EmitterSpecific: true},
	},
}

// semanticRouter is vLLM's router before its engines, to which it hands the trace on.
var semanticRouter = Family{
	Name:  "vllm-semantic-router",
	Title: "vLLM Semantic Router",
	Source: "vllm-project/semantic-router src/semantic-router/pkg/observability/tracing/tracing.go @1dd03884, pkg/extproc: " +
		"attributes and end of the upstream span, of 2026",
	Notes: "The upstream request is the request. Earlier versions have only the model's name there, which the engines below in " +
		"the same batch take. They end that span with the response's headers.",
	Scopes: []string{"semantic-router"},
	Layer:  llm.Gateway,
	Spans:  []Span{{Name: "*", Class: llm.NoRequest}},
	Attributes: []Attribute{
		{Key: "model.name", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "response.streaming", Fact: fact.Stream, Encoding: Bool, EmitterSpecific: true},
	},
}

// tokenHub writes a span for each HTTP request to a provider.
var tokenHub = Family{
	Name:   "tokenhub",
	Title:  "TokenHub",
	Source: "jordanhubbard/tokenhub internal/providers/http.go @04bdf28e",
	Notes:  "Its spans show duration, HTTP status and streams, and neither model nor tokens. A stream that broke off looks like a whole one.",
	Scopes: []string{"tokenhub.providers"},
	Layer:  llm.Gateway,
	Spans: []Span{
		{Name: "provider.request", Class: llm.Inference},
		{Name: "provider.stream", Class: llm.Inference, Streamed: true},
	},
}

// nexus writes all attributes as text, and no kinds of spans.
var nexus = Family{
	Name:   "nexus",
	Title:  "Nexus",
	Source: "grafbase/nexus crates/llm/src/server/tracing.rs, tracing/stream.rs, crates/telemetry/src/tracing.rs @3cb8c47",
	Notes:  "Its spans show neither providers nor cached tokens. A stream that its caller left looks like a whole one.",
	Scopes: []string{"nexus"},
	Layer:  llm.Gateway,
	Spans: []Span{
		{Name: "llm:chat_completion", Class: llm.Inference, Operation: "chat"},
		{Name: "llm:chat_completion_stream", Class: llm.Inference, Operation: "chat", Streamed: true},
		{Name: "llm:*", Class: llm.NoRequest},
		{Name: "*", Class: llm.NoRequest},
	},
}

// vllmRouter writes a SERVER span for each request, and one below it for each engine that it tries.
var vllmRouter = Family{
	Name:   "vllm-production-stack",
	Title:  "vLLM production stack",
	Source: "vllm-project/production-stack src/vllm_router/services/request_service/request.py, experimental/otel/tracing.py @a6c01db0",
	Notes:  "Its spans show no tokens: those are on the spans of the engines. Whether the response was streamed is only on the spans below.",
	Scopes: []string{"vllm-router"},
	Layer:  llm.Gateway,
	Spans: []Span{
		{Name: "router *", Class: llm.Inference},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "vllm.model", Fact: fact.RequestModel, Identifies: true},
		{Key: "http.target", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"/v1/chat/completions": chat, "/v1/completions": completion, "/v1/responses": chat, "/v1/messages": chat, "/v1/embeddings": embeddings,
			"/v1/rerank": rerank, "/rerank": rerank, "/v1/audio/transcriptions": transcript, "/v1/images/generations": image,
		}},
		{Key: "http.target", Fact: fact.Endpoint, EmitterSpecific: true},
	},
}
