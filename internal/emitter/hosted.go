// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

var openRouter = Family{
	Name:     "openrouter",
	Title:    "OpenRouter broadcast",
	Source:   "OpenRouter's documentation of its OTLP destination; no source is public",
	Resource: []Pair{{"service.name", "openrouter"}},
	Scopes:   []string{"openrouter*"},
	Layer:    llm.Gateway,
}

// vercelGateway writes the request to the root of its trace, which lies in a trace of its own. Those of the attempts below
// name the model and the error, but no operation and no tokens.
var vercelGateway = Family{
	Name:   "vercel-ai-gateway",
	Title:  "Vercel AI Gateway",
	Source: "vercel.com/docs/ai-gateway/observability-and-spend/trace-drains (2026-09-08)",
	Notes:  "The root span is the request, whichever providers it tried. Costs are read as US dollars.",
	Layer:  llm.Gateway,
	Attributes: []Attribute{
		// Reranking is called retrieval, and images and video are what generate_content stands for.
		{Key: "gen_ai.operation.name", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"chat": chat, "text_completion": completion, "embeddings": embeddings, "retrieval": rerank,
			"generate_content": {Class: llm.Media, Operation: "generate_content"},
		}},
		{Key: "gen_ai.operation.name", EmitterSpecific: true},
		{Key: "vercel.ai_gateway.request.id", Identifies: true},
		{Key: "vercel.ai_gateway.region", Identifies: true},
		{Key: "vercel.ai_gateway.generation.id", Fact: fact.RequestID, Identifies: true},
		{Key: "vercel.ai_gateway.cost.total", Fact: fact.Cost, Encoding: USD},
		{Key: "vercel.ai_gateway.user.id", Fact: fact.User},
		{Key: "vercel.ai_gateway.api_key.name", Fact: fact.Tenant},
	},
}

// cloudflareGateway names no operation.
var cloudflareGateway = Family{
	Name:  "cloudflare-ai-gateway",
	Title: "Cloudflare AI Gateway",
	Source: "cloudflare/cloudflare-docs src/content/docs/ai-gateway/observability/otel-integration.mdx @9ba40eef; the provider's " +
		"key is the conventions' on spans that were seen",
	Notes: "Operation, finish reason, streaming and failures are missing. Without the prompt and the answer, a span is taken " +
		"for a client's if it has the conventions' provider key.",
	Layer: llm.Gateway,
	Attributes: []Attribute{
		{Key: "gen_ai.model.provider", Fact: fact.Provider, Identifies: true, Layer: llm.Gateway},
		{Key: "gen_ai.prompt_json", Identifies: true, Layer: llm.Gateway},
		{Key: "gen_ai.completion_json", Fact: fact.Answered, Encoding: NotEmpty, Identifies: true, Layer: llm.Gateway},
	},
}

// trueFoundry writes a span for the request to it, named after the API. Below it is one for each call of a model.
var trueFoundry = Family{
	Name:   "truefoundry",
	Title:  "TrueFoundry AI Gateway",
	Source: "truefoundry.com/docs/ai-gateway, span attributes and trace inspection of request logs; no source is public",
	Notes:  "The `Model` spans are the requests. What the gateway refuses or answers itself is not counted.",
	Resource: []Pair{
		{"service.name", "tfy-llm-gateway"},
	},
	Layer: llm.Gateway,
	Attributes: []Attribute{
		{Key: "tfy.span_type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"chatcompletion": none, "completion": none, "embedding": none, "rerank": none, "createmodelresponse": none,
			"agentresponse": none, "mcp": none, "mcpgateway": none, "guardrail": none,
		}},
		{Key: "tfy.model.request_type", Fact: fact.Kind, Meanings: map[string]Meaning{
			"chatcompletion": chat, "completion": completion, "embedding": embeddings, "rerank": rerank,
			"createmodelresponse": chat, "agentresponse": none, "mcpgateway": none,
		}},
		{Key: "tfy.request.model_name", Fact: fact.RequestModel},
		{Key: "tfy.model.name", Fact: fact.ResponseModel},
		{Key: "tfy.model.streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "tfy.model.metric.input_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "tfy.model.metric.output_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "tfy.model.metric.cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "tfy.model.metric.cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "tfy.model.metric.cost_in_usd", Fact: fact.Cost, Encoding: USD},
		{Key: "tfy.model.metric.time_to_first_token_in_ms", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "tfy.model.metric.inter_token_latency_in_ms", Fact: fact.TimePerOutputToken, Encoding: Milliseconds},
		{Key: "tfy.error_message", Fact: fact.ErrorMessage},
		{Key: "tfy.error_message", Fact: fact.Failed, Encoding: NotEmpty},
		{Key: "tfy.request.conversation_id", Fact: fact.Session},
	},
}

// portkey exports its logs as spans in two ways. Its analytics stand under their columns' names, with a service and scope that
// its configuration names. Complete logs have some keys of the conventions.
var portkey = Family{
	Name:  "portkey",
	Title: "Portkey",
	Source: "Portkey-AI/gateway src/services/winky/libs/openTelemetry.ts, index.ts, deriveTimingMetrics @8d9dcb79; " +
		"portkey.ai/docs/product/enterprise-offering/otel for later versions",
	Notes: "The enterprise gateway writes these spans, the open one none. Spans of its analytics and of complete logs describe " +
		"the same requests: only one of both should be exported. Of streams " +
		"they end with the response's headers; analytics have the whole duration. What its cache answered is not counted. " +
		"Costs are US cents.",
	Scopes:   []string{"portkey"},
	Resource: []Pair{{"service.name", "portkey"}},
	Layer:    llm.Gateway,
	Quirks:   ModelForOperation,
	Spans: []Span{
		{Name: "llm", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "ai_org_auth_hash", Identifies: true},
		// Its rows of MCP calls have the same columns.
		{Key: "source", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"mcp": none}},
		{Key: "cache_status", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"hit": none, "semantic hit": none}},
		{Key: "ai_org", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "ai_model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "req_units", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "res_units", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "response_status_code", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "stream_mode", Fact: fact.Stream, Encoding: Bool, EmitterSpecific: true},
		{Key: "response_time", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
		{Key: "ttlt", Fact: fact.Duration, Encoding: ElapsedMilliseconds, EmitterSpecific: true},
		// With cost_currency USD beside it.
		{Key: "cost", Fact: fact.Cost, Encoding: USCents, EmitterSpecific: true},
		{Key: "internal_trace_id", Fact: fact.CallID, EmitterSpecific: true},
		{Key: "_user", Fact: fact.User, EmitterSpecific: true},
		{Key: "workspace_slug", Fact: fact.Tenant, EmitterSpecific: true},
		{Key: "gen_ai.response.input_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "gen_ai.response.output_tokens", Fact: fact.OutputTokens, Encoding: Count},
		// The HTTP status as a number.
		{Key: "error.type", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
	},
}
