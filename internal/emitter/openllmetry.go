// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// OpenLLMetry's instrumentations differ by library, and JS differs from Python.

var openLLMetryAnthropic = Family{
	Name:   "openllmetry-js-anthropic",
	Title:  "OpenLLMetry JS for Anthropic",
	Source: "traceloop/openllmetry-js @1faf69de (0.27.0), measured",
	Notes: "Its input tokens leave out the cached ones, which are added up to version 0.27, the last that was read. Later ones " +
		"are taken at the conventions' word. A stream that its caller left has 0 output tokens.",
	Scopes: []string{"@traceloop/instrumentation-anthropic"},
	Before: "0.28",
	Quirks: SilenceCancels | CountAtEnd,
	Attributes: []Attribute{
		{Key: "gen_ai.usage.cache_read.input_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "gen_ai.usage.cache_creation.input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
	},
}

var openLLMetryOpenAI = Family{
	Name:   "openllmetry-js-openai",
	Title:  "OpenLLMetry JS for OpenAI",
	Source: "traceloop/openllmetry-js @1faf69de (0.27.0), measured",
	Notes: "Streams carry the instrumentation's own token estimate instead of the provider's count, and nothing shows it. All its " +
		"counts are marked as estimates. Failed, left and dropped calls leave no span. Loading its tokenizer can stretch the " +
		"first span by seconds. Streams of the responses API end their span at once.",
	Scopes: []string{"@traceloop/instrumentation-openai"},
	Quirks: EstimatesTokens,
}

// openLLMetryBedrock writes a span for every command of Bedrock's runtime, guardrails included. It understands the body of
// InvokeModel alone, if it is text. Before, it called the vendor of the model the system.
var openLLMetryBedrock = Family{
	Name:  "openllmetry-js-bedrock",
	Title: "OpenLLMetry JS for Bedrock",
	Source: "@traceloop/instrumentation-bedrock 0.27.0, measured, and 0.22.6; traceloop/openllmetry-js " +
		"packages/instrumentation-bedrock/src/instrumentation.ts @0f18865c for the system",
	Notes: "Spans of Converse have neither tokens nor a finish reason, those of InvokeModel with a body of bytes no operation. What " +
		"InvokeModel asks for shows in the model's name.",
	Scopes:   []string{"@traceloop/instrumentation-bedrock"},
	Provider: "aws.bedrock",
	Quirks:   ModelForOperation,
	Spans: []Span{
		{Name: "bedrock.completion", Class: llm.Inference, Operation: "chat", NeedsModel: true},
		{Name: "text_completion *", Class: llm.Inference, Operation: "text_completion"},
	},
	Attributes: []Attribute{
		{Key: "gen_ai.system", EmitterSpecific: true},
	},
}

// openLLMetryPythonBedrock writes spans of these two calls alone, with attributes only when the response is there.
var openLLMetryPythonBedrock = Family{
	Name:     "openllmetry-python-bedrock",
	Title:    "OpenLLMetry Python for Bedrock",
	Source:   "traceloop/openllmetry opentelemetry-instrumentation-bedrock/__init__.py @48db3332, @01c3ae02, span_utils.py @fd5e4dc1",
	Notes:    "Failed calls have no attributes. Cached tokens are missing. Earlier versions called the vendor of the model the system.",
	Scopes:   []string{"opentelemetry.instrumentation.bedrock*"},
	Provider: "aws.bedrock",
	Quirks:   ModelForOperation,
	Spans: []Span{
		{Name: "bedrock.completion", Class: llm.Inference, Operation: "chat"},
		{Name: "bedrock.converse", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "gen_ai.system", EmitterSpecific: true},
		{Key: "llm.vendor", EmitterSpecific: true},
	},
}

var openLLMetryFrameworks = Family{
	Name:   "openllmetry-frameworks",
	Title:  "OpenLLMetry for LangChain, CrewAI, Haystack, Agno",
	Source: "traceloop/openllmetry @93429cfb9 (0.62.1), openllmetry-js @1faf69de (0.27.0; JS measured)",
	Notes:  "Where the client library is instrumented too, JS writes both spans side by side; the client's is counted.",
	Scopes: []string{
		"@traceloop/instrumentation-langchain*",
		"opentelemetry.instrumentation.langchain*", "opentelemetry.instrumentation.crewai*",
		"opentelemetry.instrumentation.haystack*", "opentelemetry.instrumentation.agno*",
	},
	Quirks: Framework,
}

// openLLMetryLlamaIndex calls all spans tasks, requests to models too, and those without a parent workflows.
var openLLMetryLlamaIndex = Family{
	Name:  "openllmetry-llamaindex",
	Title: "OpenLLMetry for LlamaIndex",
	Source: "traceloop/openllmetry opentelemetry-instrumentation-llamaindex/dispatcher_wrapper.py @10c609a5, span_utils.py @040a8e44 " +
		"for the operation; @traceloop/instrumentation-llamaindex 0.27.0, measured",
	Notes: "Embeddings are known by their class, in JavaScript by their method, and have no tokens. In JavaScript streams look like " +
		"other responses, and one that broke off looks like a whole one.",
	Scopes: []string{
		"opentelemetry.instrumentation.llamaindex*", "opentelemetry.instrumentation.llama_index*",
		"@traceloop/instrumentation-llamaindex*",
	},
	Quirks: Framework,
	Spans: []Span{
		{Name: "*Embedding.task", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "*Embedding.workflow", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "*.get_query_embedding", Class: llm.Embeddings, Operation: "embeddings"},
	},
	Attributes: []Attribute{
		{Key: "traceloop.span.kind", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"agent": agentRun, "tool": toolRun}},
	},
}

// openLLMetryGoogle ends the span of a stream that its caller left without a word, and with status OK.
var openLLMetryGoogle = Family{
	Name:   "openllmetry-js-google",
	Title:  "OpenLLMetry JS for Google Gen AI",
	Source: "@traceloop/instrumentation-google-generativeai 0.27.0",
	Notes:  "Its output tokens leave out reasoning, which is in the total.",
	Scopes: []string{"@traceloop/instrumentation-google-generativeai*"},
	Quirks: SilenceCancels,
}

var laminar = Family{
	Name:   "laminar",
	Title:  "Laminar",
	Source: "@lmnr-ai/lmnr 0.8.46, measured; lmnr-ai/lmnr-python src/lmnr/sdk for the keys of people and for replays",
	Notes:  "The code is OpenLLMetry's; streams carry no usage. Calls that a replay answers are not counted.",
	Scopes: []string{"lmnr*", "@lmnr-ai/*", "laminar*"},
	Attributes: []Attribute{
		{Key: "lmnr.span.type", Fact: fact.Kind, Meanings: kinds},
		// The type of what a replay answers is CACHED, and this its type otherwise.
		{Key: "lmnr.span.original_type", Fact: fact.Kind, Meanings: map[string]Meaning{"llm": none}},
		{Key: "lmnr.association.properties.user_id", Fact: fact.User, Generic: true},
		{Key: "lmnr.association.properties.session_id", Fact: fact.Session, Generic: true},
	},
}

// edotPython writes the conventions' keys. Its scope is the beginning of that of OpenLLMetry's instrumentation of OpenAI.
var edotPython = Family{
	Name:     "edot-python",
	Title:    "EDOT Python",
	Source:   "elastic/elastic-otel-python-instrumentations @935ab4f",
	Scopes:   []string{"opentelemetry.instrumentation.openai"},
	Resource: []Pair{{"telemetry.distro.name", "elastic"}},
}

// openLLMetryPython names no operation on spans of the responses API, before it took up the conventions' keys.
var openLLMetryPython = Family{
	Name:   "openllmetry-python-openai",
	Title:  "OpenLLMetry Python for OpenAI",
	Source: "traceloop/openllmetry opentelemetry/instrumentation/openai/v1/responses_wrappers.py",
	Notes:  "An event for every chunk of a stream.",
	Scopes: []string{"opentelemetry.instrumentation.openai.*"},
	Spans: []Span{
		{Name: "openai.response", Class: llm.Inference, Operation: "chat"},
	},
}

var openLLMetry = Family{
	Name:  "openllmetry",
	Title: "OpenLLMetry",
	Source: "traceloop/openllmetry packages/opentelemetry-instrumentation-* @93429cfb9 (0.62.1), semconv-ai 0.5.2; " +
		"traceloop/go-openllmetry semconv-ai/attributes.go @b4ed6f2a, traceloop-sdk/llm_span.go @37ff07db; " +
		"@traceloop/node-server-sdk 0.27.0 and its transformation of the Vercel AI SDK's spans",
	Scopes: []string{"opentelemetry.instrumentation.*", "@traceloop/*", "traceloop.tracer"},
	Attributes: []Attribute{
		// Of Go.
		{Key: "llm.vendor", Fact: fact.Provider},
		{Key: "llm.response.model", Fact: fact.ResponseModel},
		{Key: "traceloop.span.kind", Fact: fact.Kind, Meanings: map[string]Meaning{
			"workflow": none, "task": none, "agent": agentRun, "tool": toolRun, "unknown": {},
		}},
		{Key: "traceloop.entity.name", Fact: fact.ToolName},
		{Key: "traceloop.entity.name", Fact: fact.AgentName},
		{Key: "llm.response.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "llm.response.stop_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "traceloop.association.properties.user_id", Fact: fact.User, Generic: true},
		// What its SDK for JS makes of Vercel's telemetry metadata.
		{Key: "traceloop.association.properties.userId", Fact: fact.User, Generic: true},
		{Key: "traceloop.association.properties.session_id", Fact: fact.Session, Generic: true},
	},
	Events: []Event{
		{Name: "gen_ai.content.completion.chunk", Fact: fact.TTFT},
		{Name: "gen_ai.content.completion.chunk", Fact: fact.ChunkGaps},
		{Name: "llm.content.completion.chunk", Fact: fact.TTFT},
		{Name: "llm.content.completion.chunk", Fact: fact.ChunkGaps},
	},
}
