// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

var pydanticAI = Family{
	Name:   "pydantic-ai",
	Title:  "Pydantic AI",
	Source: "pydantic/pydantic-ai pydantic_ai_slim/pydantic_ai/_instrumentation.py, usage.py @4fda38988, providers/google.py",
	Scopes: []string{"pydantic-ai*", "pydantic_ai*"},
	Quirks: Framework | SilenceCancels,
	Attributes: []Attribute{
		{Key: "gen_ai.usage.details.cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.cache_write_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		// The providers' own names, of old versions and of Logfire's Google integration.
		{Key: "gen_ai.usage.details.cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.cached_content_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.thoughts_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.input_audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.output_audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.details.cache_audio_read_tokens", Fact: fact.AudioCacheReadTokens, Encoding: Count},
		{Key: "operation.cost", Fact: fact.Cost, Encoding: USD},
	},
}

// springAI writes all values as text. Its tools are of the operation framework up to 2.0.
var springAI = Family{
	Name:  "spring-ai",
	Title: "Spring AI",
	Source: "spring-projects/spring-ai @fd3fd6ec70 (2.0.2-SNAPSHOT), spring-ai-model and spring-ai-commons observations @01fd663b (2.1), " +
		"issue 6411; its bridge's scope was not read",
	Notes: "Numbers, booleans and lists as text. Up to 1.1 a model may run tools itself. Then the span of each further call " +
		"also counts the tokens of the earlier ones, and nothing shows it. From 2.0 on each span has its own.",
	Scopes: []string{"org.springframework.ai*", "org.springframework.boot*"},
	Attributes: []Attribute{
		{Key: "spring.ai.kind", Fact: fact.Kind, Meanings: map[string]Meaning{
			"chat_client": none, "advisor": none, "vector_store": none, "tool_call": toolRun,
		}},
		// Of Embabel, around and after the calls.
		{Key: "embabel.event.type", Fact: fact.Kind, Meanings: map[string]Meaning{
			"llm_call": none, "llm_invocation": none, "embedding": none, "planning": none, "planning_ready": none, "agent_process": none,
		}},
		{Key: "spring.ai.tool.definition.name", Fact: fact.ToolName},
		{Key: "spring.ai.chat.client.stream", Fact: fact.Stream, Encoding: Bool},
		// The class of the exception, or none.
		{Key: "error", Fact: fact.ErrorType, EmitterSpecific: true},
	},
}

// langChain4j has the scope of whoever bridges Micrometer's observations, as Spring Boot does.
var langChain4j = Family{
	Name:   "langchain4j",
	Title:  "LangChain4j",
	Source: "langchain4j/langchain4j @b8b809ed57 (1.20.0-beta30), langchain4j-observation ChatModelDocumentation.java @f89aef64",
	Notes:  "Token counts stand under bare names; finish reasons and ids are missing.",
	Scopes: []string{"dev.langchain4j*"},
	Attributes: []Attribute{
		{Key: "input_tokens", Fact: fact.InputTokens, Encoding: Count, Generic: true},
		{Key: "output_tokens", Fact: fact.OutputTokens, Encoding: Count, Generic: true},
	},
}

var quarkus = Family{
	Name:   "quarkus-langchain4j",
	Title:  "Quarkus LangChain4j",
	Source: "quarkiverse/quarkus-langchain4j @bf6b33894",
	Notes:  "Failures have an exception event and status UNSET.",
	Scopes: []string{"io.quarkiverse.langchain4j*", "io.quarkus.opentelemetry*"},
	Attributes: []Attribute{
		{Key: "gen_ai.client.estimated_cost", Fact: fact.Cost, Encoding: USD},
	},
}

// eino calls the outermost span a workflow, even where that is one call of a model. It writes the usage of calls on what runs
// around them, too. The component shows what a span is.
var eino = Family{
	Name:   "eino",
	Title:  "Eino",
	Source: "cloudwego/eino-ext callbacks/apmplus/apmplus.go @17595b20, callbacks/otel/handler.go @733f679b, callbacks/tls @1eded48f",
	Notes: "APMPlus and TLS callbacks name no provider. APMPlus' time to the first token is not read. It ends when the stream " +
		"is handed over, before there is a token. Streams of the OpenTelemetry callbacks have neither model nor usage.",
	Scopes: []string{"github.com/cloudwego/eino-ext/*"},
	Quirks: Framework,
	Spans: []Span{
		// The OpenTelemetry callbacks call what stores documents embeddings, beside the embeddings that it asks for.
		{Name: "Indexer", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "runinfo.component", Fact: fact.Kind, Meanings: map[string]Meaning{
			"chatmodel": chat, "agenticmodel": chat, "embedding": embeddings, "tool": toolRun, "toolsnode": none,
			"chattemplate": none, "agenticchattemplate": none, "retriever": none, "indexer": none, "loader": none,
			"documenttransformer": none, "lambda": none, "graph": none, "chain": none, "workflow": none, "passthrough": none,
		}},
		{Key: "gen_ai.span.kind", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"chatmodel": chat, "embedding": embeddings}},
		{Key: "gen_ai.session.id", Fact: fact.Session},
	},
}

var semanticKernel = Family{
	Name:   "semantic-kernel",
	Title:  "Microsoft Semantic Kernel",
	Source: "microsoft/semantic-kernel @b39d95a344 (Python 1.44.1), .NET ModelDiagnostics.cs @15d1751d, older @037139f4",
	Notes:  ".NET writes `N/A` for ids and finish reasons that it does not know.",
	Scopes: []string{"semantic_kernel*", "Microsoft.SemanticKernel*"},
	Quirks: Framework,
	Attributes: []Attribute{
		// Of .NET before it took up the conventions' names; -1 is an unknown number.
		{Key: "gen_ai.response.prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "gen_ai.response.completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
	},
}

// genkit writes keys with colons. Its output attribute holds the whole answer, in the form of Genkit and in the provider's.
// Only the usage, the model, the id and the finish reason are read. Anthropic's counts are handed on.
var genkit = Family{
	Name:  "genkit",
	Title: "Genkit",
	Source: "firebase/genkit @77656d5e6; JS 1.42.0 and Go 1.4.0 measured, @genkit-ai/anthropic 0.3.0 lib/runner, google-genai and " +
		"compat-oai 1.42.0; issue 5412",
	Notes:  "Go reports no usage of streams. The input tokens of the Anthropic plugin leave out the cached ones, which are added.",
	Scopes: []string{"genkit*"},
	Quirks: ProviderCounts,
	Attributes: []Attribute{
		{Key: "genkit:metadata:subtype", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"model": generate, "embedder": embeddings, "reranker": rerank, "background-model": {Class: llm.Media},
			"util": none, "flow": none, "tool": toolRun, "tool.v2": toolRun, "retriever": none, "indexer": none,
			"prompt": none, "executable-prompt": none, "evaluator": none, "custom": none, "resource": none,
		}},
		{Key: "genkit:type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"util": none, "flow": none, "flowstep": none, "prompttemplate": none,
		}},
		{Key: "genkit:name", Fact: fact.Provider, Encoding: BeforeSlash},
		{Key: "genkit:name", Fact: fact.RequestModel, Encoding: AfterSlash},
		{Key: "genkit:state", Fact: fact.Failed, Encoding: FailureWord},
		{Key: "genkit:output", Encoding: JSON, JSONFields: []JSONField{
			{Path: "usage.inputTokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "usage.outputTokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "usage.totalTokens", Fact: fact.TotalTokens, Encoding: Count},
			{Path: "usage.cachedContentTokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "usage.thoughtsTokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "finishReason", Fact: fact.FinishReason},
			{Path: "candidates.0.finishReason", Fact: fact.FinishReason},
			{Path: "raw.model", Fact: fact.ResponseModel},
			{Path: "custom.model", Fact: fact.ResponseModel},
			{Path: "custom.modelVersion", Fact: fact.ResponseModel},
			{Path: "raw.id", Fact: fact.RequestID},
			{Path: "custom.id", Fact: fact.RequestID},
			{Path: "custom.responseId", Fact: fact.RequestID},
			{Path: "raw.usage.cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "raw.usage.cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "raw.usage.cache_creation.ephemeral_1h_input_tokens", Fact: fact.CacheWriteHourTokens, Encoding: Count},
			{Path: "raw.usage.service_tier", Fact: fact.ServiceTier},
			{Path: "raw.service_tier", Fact: fact.ServiceTier},
			{Path: "raw.usage.prompt_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "raw.usage.completion_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		}},
	},
}

// dify, and the Alibaba family below, classify spans with gen_ai.span.kind and count nanoseconds.
var dify = Family{
	Name:     "dify",
	Title:    "Dify",
	Source:   "langgenius/dify parser @017dca47, semconv @6960f043; its scope was not read",
	Notes:    "The time to the first token is written on the workflow, which is no request.",
	Scopes:   []string{"dify*"},
	Resource: []Pair{{"service.name", "dify*"}},
	Attributes: []Attribute{
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Encoding: Nanoseconds, EmitterSpecific: true},
	},
}

// langflow calls its components what they are about. Those that only make a model or an embedder are LLMs and embeddings, too.
var langflow = Family{
	Name:   "langflow",
	Title:  "Langflow",
	Source: "langflow-ai/langflow src/backend/base/langflow/services/tracing/arize_phoenix.py @0112280b, trace_type of its components",
	Notes:  "Its own spans are components and not counted: it sets up OpenInference for LangChain, whose spans are.",
	Scopes: []string{"langflow.services.tracing*"},
	Spans: []Span{
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "openinference.span.kind", EmitterSpecific: true},
	},
}

// tanStackAI writes to a tracer of the application's.
var tanStackAI = Family{
	Name:   "tanstack-ai",
	Title:  "TanStack AI",
	Source: "TanStack/ai packages/ai/src/middlewares/otel.ts @014e1043",
	Notes: "Each pass through the loop is a request, the span around them all is none. A request's span lasts until the tools that its " +
		"answer asked for are done.",
	Spans: []Span{{Name: "*", Class: llm.NoRequest}},
	Attributes: []Attribute{
		{Key: "tanstack.ai.iteration", Identifies: true},
		{Key: "tanstack.ai.iterations", Identifies: true},
		{Key: "tanstack.ai.completion.reason", Fact: fact.ErrorType, Identifies: true},
		{Key: "tanstack.ai.tool.outcome", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"success": toolRun, "error": toolRun, "unknown": toolRun,
		}},
	},
}

// reqLLM writes the conventions' keys.
var reqLLM = Family{
	Name:   "req-llm",
	Title:  "ReqLLM",
	Source: "agentjido/req_llm lib/req_llm/open_telemetry.ex @13efdba0, open_telemetry/attributes.ex @70489b43, usage/normalize.ex @a636c552",
	Notes:  "The input tokens of Anthropic and Bedrock leave out the cached ones, which are added.",
	Scopes: []string{"req_llm"},
	Quirks: ProviderCounts,
}

// mirascope writes cached and reasoning tokens in a copy of the usage. Functions that it traces have the copy, too.
var mirascope = Family{
	Name:  "mirascope",
	Title: "Mirascope",
	Source: "Mirascope/mirascope python/mirascope/ops/_internal/instrumentation/llm/common.py @10b1d365, model.py @0875b8e9, " +
		"serialize.py @e70d54e7, llm/providers/anthropic/_utils/decode.py @0236fff8, " +
		"typescript/src/ops/_internal/instrumentation/common.ts @428559e2",
	Notes: "Models' names begin with the provider. Streams look like other responses. Those of Anthropic leave cached tokens " +
		"out of the input, and nothing shows it.",
	Scopes: []string{"mirascope.llm"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "mirascope.response.cost", Encoding: JSON, JSONFields: []JSONField{
			{Path: "total_cost", Fact: fact.Cost, Encoding: USCentHundredths},
			{Path: "totalCost", Fact: fact.Cost, Encoding: USCentHundredths},
		}},
		{Key: "mirascope.response.usage", Encoding: JSON, JSONFields: []JSONField{
			{Path: "cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "cacheReadTokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "cache_write_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "cacheWriteTokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "reasoningTokens", Fact: fact.ReasoningTokens, Encoding: Count},
		}},
	},
}

// axLLM writes the usage in events. A stream has one for each chunk, each with all tokens so far.
var axLLM = Family{
	Name:   "ax",
	Title:  "Ax",
	Source: "ax-llm/ax src/ax/ai/base.ts @fabc76d5, src/ax/trace/trace.ts @a8a08dc2; @ax-llm/ax 24.0.21, measured",
	Notes: "Of OpenAI it counts cached tokens in the total alone, of Anthropic nowhere. Vertex AI is called Gemini. Failures are " +
		"shown only " +
		"by versions that also name the response's model.",
	Quirks: ProviderThoughts | CacheInTotal,
	Attributes: []Attribute{
		// The tracer is the application's own.
		{Key: "gen_ai.request.llm_is_streaming", Fact: fact.Stream, Encoding: Bool, Identifies: true},
	},
	Events: []Event{
		{Name: "stream.chunk", Fact: fact.TTFT},
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.input_tokens", Fact: fact.InputTokens, Encoding: Count, Last: true},
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.output_tokens", Fact: fact.OutputTokens, Encoding: Count, Last: true},
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.total_tokens", Fact: fact.TotalTokens, Encoding: Count, Last: true},
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.thoughts_tokens", Fact: fact.ReasoningTokens, Encoding: Count, Last: true},
	},
}

// effectAI has the scope of all of Effect's spans where Effect exports them itself. Else, as with @effect/opentelemetry, it has
// the name of the service.
var effectAI = Family{
	Name:  "effect-ai",
	Title: "Effect AI",
	Source: "effect 4.1.0 src/ai/LanguageModel.ts, src/observability/OtlpTracer.ts; @effect/opentelemetry 4.0.1 src/OtelTracer.ts; " +
		"@effect/ai 0.37.0, @effect/ai-openai 0.41.0 and 4.0.0-beta.106, @effect/ai-anthropic 0.27.0 and 4.0.0-beta.106",
	Notes: "Anthropic's input tokens leave out cached ones, " +
		"and nothing shows it. Embeddings are not counted: their spans name neither model nor provider.",
	Scopes: []string{"effect"},
	// Where the scope has the name of the service.
	Resource: []Pair{{"telemetry.sdk.name", "@effect/opentelemetry"}},
	Quirks:   SilenceCancels,
	Spans: []Span{
		{Name: "LanguageModel.streamText", Class: llm.Inference, Operation: "chat", Streamed: true, NeedsModel: true},
	},
	Attributes: []Attribute{
		// Common, since any span of Effect's can have them. The status is that of a success.
		{Key: "effect.fiber.interrupted", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
		{Key: "status.interrupted", Fact: fact.ErrorType, Encoding: CancelledFlag, Generic: true},
	},
}

// promptFlow writes sums of tokens on all spans under other keys, which are not read.
var promptFlow = Family{
	Name:   "promptflow",
	Title:  "Prompt flow",
	Source: "microsoft/promptflow src/promptflow-tracing/promptflow/tracing/_trace.py @6e76ef49b",
	Notes:  "Its spans name no provider. Tokens of streams are its own count.",
	Scopes: []string{"promptflow"},
	Quirks: Framework,
	Spans:  []Span{{Name: "*", Class: llm.NoRequest}},
	Attributes: []Attribute{
		{Key: "span_type", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"llm": chat, "embedding": embeddings, "flow": none, "function": none, "tool": toolRun, "retrieval": none,
			"prompty": none, //nolint:misspell // Prompty is a format of files
		}},
		{Key: "inputs", Encoding: JSON, EmitterSpecific: true, JSONFields: []JSONField{
			{Path: "model", Fact: fact.RequestModel},
			{Path: "stream", Fact: fact.Stream, Encoding: Bool},
		}},
	},
}
