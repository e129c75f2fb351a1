// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

var openInferenceFrameworks = Family{
	Name:   "openinference-frameworks",
	Title:  "OpenInference for LangChain, LlamaIndex, CrewAI, smolagents and other frameworks",
	Source: "Arize-ai/openinference @1fe497f1d; JS langchain 4.1.1 measured, over OpenAI's client with OpenInference and OpenTelemetry JS",
	Notes: "LangChain's spans are not current while it runs. Those of an instrumented client are beside the outermost of them, " +
		"and are counted. In a trace of their own, where nothing lies around both, each counts.",
	Scopes: []string{
		"openinference.instrumentation.langchain*", "openinference.instrumentation.llama_index*",
		"openinference.instrumentation.crewai*", "openinference.instrumentation.smolagents*",
		"openinference.instrumentation.dspy*", "openinference.instrumentation.openai_agents*",
		"openinference.instrumentation.autogen*", "openinference.instrumentation.beeai*",
		"openinference.instrumentation.claude_agent_sdk*", "openinference.instrumentation.guardrails*",
		"openinference.instrumentation.instructor*",
		"openinference.instrumentation.pydantic_ai*",
		"openinference.instrumentation.strands*",
		"@arizeai/openinference-instrumentation-langchain*", "@arizeai/openinference-instrumentation-claude-agent-sdk*",
	},
	Quirks: Framework,
	Attributes: []Attribute{
		// LangChain's parameters say "stream": false of streams, too. Source: measured, 4.1.1.
		{Key: "llm.invocation_parameters", Encoding: JSON, EmitterSpecific: true, JSONFields: []JSONField{
			{Path: "stream", Fact: fact.Stream, Encoding: TrueOnly},
			{Path: "model", Fact: fact.RequestModel},
			{Path: "service_tier", Fact: fact.ServiceTier},
		}},
	},
}

// openInferenceAgentsJS writes a span beside that of an instrumented client, which is further up.
var openInferenceAgentsJS = Family{
	Name:   "openinference-js-openai-agents",
	Title:  "OpenInference JS for the OpenAI Agents SDK",
	Source: "@arizeai/openinference-instrumentation-openai-agents 0.2.15 with @openai/agents 0.20.0, measured",
	Notes: "A stream that its caller leaves ends with status OK, without tokens and without a finish reason. A failed call of the " +
		"responses API shows no model. Times are whole milliseconds.",
	Scopes: []string{"@arizeai/openinference-instrumentation-openai-agents*"},
	Quirks: Framework | SilenceCancels,
}

// openInferenceBeeAI writes a span for every event of a call; that of success or error holds all of it. If no agent called the
// model, there is one around them. They are named after the event and numbered.
var openInferenceBeeAI = Family{
	Name:   "openinference-js-beeai",
	Title:  "OpenInference JS for BeeAI",
	Source: "@arizeai/openinference-instrumentation-beeai 1.5.30; beeai-framework 0.1.30 backend/chat.js for the events",
	Notes: "The events of a call are spans of their own, of which the last counts. Calls that agents make have no duration. " +
		"All spans are written when the agent is done, so that they lie around no span of a client library.",
	Scopes: []string{"@arizeai/openinference-instrumentation-beeai*"},
	Quirks: Framework,
	Spans: []Span{
		{Name: "*.chat.start-*", Class: llm.NoRequest},
		{Name: "*.chat.finish-*", Class: llm.NoRequest},
		{Name: "*.chat.success-*", Class: llm.Inference, Operation: "chat", Instant: true},
		{Name: "*.chat.error-*", Class: llm.Inference, Operation: "chat", Instant: true},
	},
	Attributes: []Attribute{
		{Key: "exception.type", Fact: fact.ErrorType, EmitterSpecific: true},
	},
}

// openInferenceTanStack ends what an aborted run leaves open with an error that differs from others by its message alone.
var openInferenceTanStack = Family{
	Name:   "openinference-tanstack-ai",
	Title:  "OpenInference for TanStack AI",
	Source: "@arizeai/openinference-tanstack-ai 0.2.13, measured",
	Notes:  "A run that is aborted with a reason of the application's own counts as an error.",
	Scopes: []string{"@arizeai/openinference-tanstack-ai*"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "tanstack.ai.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
	},
}

// openInferenceLiteLLM calls requests for images LLMs; their name is the function's.
var openInferenceLiteLLM = Family{
	Name:   "openinference-litellm",
	Title:  "OpenInference for LiteLLM",
	Source: "Arize-ai/openinference openinference-instrumentation-litellm/__init__.py @3c1211aa, first @009598cc",
	Scopes: []string{"openinference.instrumentation.litellm*"},
	Quirks: Framework | SilenceCancels,
	Spans: []Span{
		{Name: "image_generation", Class: llm.Media, Operation: "image_generation"},
		{Name: "aimage_generation", Class: llm.Media, Operation: "image_generation"},
	},
	Attributes: []Attribute{
		// The prompt's tokens of text, in older versions.
		{Key: "llm.token_count.prompt_details.cache_input", EmitterSpecific: true},
	},
}

// openInferenceADK keeps the way in which Google ADK nests its spans.
var openInferenceADK = Family{
	Name:   "openinference-google-adk",
	Title:  "OpenInference for Google ADK",
	Source: "Arize-ai/openinference @1fe497f1d",
	Scopes: []string{"openinference.instrumentation.google_adk*"},
	Quirks: Framework | RunsBelowCalls,
}

// openInferenceAgno sets status OK when a call begins, which a later error does not change.
var openInferenceAgno = Family{
	Name:  "openinference-agno",
	Title: "OpenInference for Agno",
	Source: "Arize-ai/openinference openinference-instrumentation-agno/_model_wrapper.py @af4353dc; " +
		"agno-agi/agno models/anthropic/claude.py for the counts",
	Notes:  "Failed calls have status OK up to 2026; the exception event marks them.",
	Scopes: []string{"openinference.instrumentation.agno*"},
	Quirks: Framework | ExceptionFails | ProviderCounts | SilenceCancels,
	Spans: []Span{
		{Name: "*.invoke_stream", Class: llm.Inference, Operation: "chat", Streamed: true},
		{Name: "*.ainvoke_stream", Class: llm.Inference, Operation: "chat", Streamed: true},
	},
}

// openInferenceHaystack calls components that build prompts LLMs.
var openInferenceHaystack = Family{
	Name:   "openinference-haystack",
	Title:  "OpenInference for Haystack",
	Source: "Arize-ai/openinference openinference-instrumentation-haystack/_wrappers.py @f070000b, @01188234",
	Scopes: []string{"openinference.instrumentation.haystack*"},
	Quirks: Framework | SilenceCancels,
	Spans: []Span{
		{Name: "*PromptBuilder", Class: llm.NoRequest},
		{Name: "*PromptBuilder.run", Class: llm.NoRequest},
	},
}

// openInferenceBedrock calls all commands LLMs, and hands on what Bedrock counts.
var openInferenceBedrock = Family{
	Name:  "openinference-js-bedrock",
	Title: "OpenInference JS for Bedrock",
	Source: "@arizeai/openinference-instrumentation-bedrock 0.5.1, first Arize-ai/openinference converse-*-attributes.ts " +
		"@066b3cbc, @0071b376; " +
		"@arizeai/openinference-instrumentation-bedrock-agent-runtime 1.2.1",
	Notes: "Its input tokens leave out the cached ones, which are added; of Converse they are in the total alone. What InvokeModel " +
		"asks for is " +
		"shown by the model's name.",
	Scopes: []string{
		"@arizeai/openinference-instrumentation-bedrock", "@arizeai/openinference-instrumentation-bedrock-agent*",
	},
	Provider: "aws.bedrock",
	Quirks:   SilenceCancels | ProviderCounts | ModelForOperation,
	Spans: []Span{
		{Name: "bedrock.invoke_model", Class: llm.Inference, Operation: "chat"},
	},
}

// openInferenceOpenAI writes a span for every request of the client, named after the response's class. It calls all but
// embeddings LLMs.
var openInferenceOpenAI = Family{
	Name:   "openinference-python-openai",
	Title:  "OpenInference Python for OpenAI",
	Source: "Arize-ai/openinference openinference-instrumentation-openai/_request.py @02db3d39, @5fccc2f2",
	Notes: "What is no request to a model is known by the class, as files and assistants are. A response that is fetched later counts " +
		"again, and so do files as speech. Up to 2024 it names no provider.",
	Scopes: []string{"openinference.instrumentation.openai"},
	Quirks: SilenceCancels,
	Spans: []Span{
		{Name: "Completion", Class: llm.Inference, Operation: "text_completion"},
		{Name: "ImagesResponse", Class: llm.Media, Operation: "image_generation"},
		{Name: "Transcription*", Class: llm.Media, Operation: "transcription"},
		{Name: "Translation*", Class: llm.Media, Operation: "translation"},
		{Name: "HttpxBinaryResponseContent", Class: llm.Media, Operation: "speech"},
		{Name: "Sync*Page*", Class: llm.NoRequest},
		{Name: "Async*Page*", Class: llm.NoRequest},
		{Name: "Model", Class: llm.NoRequest},
		{Name: "ModelDeleted", Class: llm.NoRequest},
		{Name: "ModerationCreateResponse", Class: llm.NoRequest},
		{Name: "InputTokenCountResponse", Class: llm.NoRequest},
		{Name: "File*", Class: llm.NoRequest},
		{Name: "Upload*", Class: llm.NoRequest},
		{Name: "Batch", Class: llm.NoRequest},
		{Name: "FineTuning*", Class: llm.NoRequest},
		{Name: "VectorStore*", Class: llm.NoRequest},
		{Name: "Assistant*", Class: llm.NoRequest},
		{Name: "Thread*", Class: llm.NoRequest},
		{Name: "Message", Class: llm.NoRequest},
		{Name: "MessageDeleted", Class: llm.NoRequest},
		{Name: "Run", Class: llm.NoRequest},
		{Name: "RunStep", Class: llm.NoRequest},
		{Name: "Conversation*", Class: llm.NoRequest},
	},
}

// openInferenceJSOpenAI writes the finish reason of each completion since 4.1. One that its caller left has content and none.
var openInferenceJSOpenAI = Family{
	Name:   "openinference-js-openai",
	Title:  "OpenInference JS for OpenAI",
	Source: "@arizeai/openinference-instrumentation-openai 4.2.7, measured; 4.0.5 and 4.1.1 read",
	Notes:  "A completion without a finish reason was left by its caller, from 4.1 on. Failed calls leave no span, and streams carry no usage.",
	Scopes: []string{"@arizeai/openinference-instrumentation-openai"},
	From:   "4.1",
	Quirks: SilenceCancels,
	Spans:  []Span{{Name: "OpenAI Chat Completions", Class: llm.Inference, Operation: "chat", Finishes: true}},
}

// openInferenceJSAnthropic does the same since 0.2.
var openInferenceJSAnthropic = Family{
	Name:     "openinference-js-anthropic",
	Title:    "OpenInference JS for Anthropic",
	Source:   "@arizeai/openinference-instrumentation-anthropic 0.2.8, measured; 0.1.22 read",
	Notes:    "A message without a finish reason was left by its caller, from 0.2 on.",
	Scopes:   []string{"@arizeai/openinference-instrumentation-anthropic"},
	From:     "0.2",
	Provider: "anthropic",
	Quirks:   SilenceCancels,
	Spans:    []Span{{Name: "Anthropic Messages", Class: llm.Inference, Operation: "chat", Finishes: true}},
}

// openInferenceAnthropic and the two below it name no provider in their versions of 2024.
var openInferenceAnthropic = Family{
	Name:     "openinference-anthropic",
	Title:    "OpenInference for Anthropic",
	Source:   "Arize-ai/openinference openinference-instrumentation-anthropic/_wrappers.py @000e70be; JS 0.2.8 measured",
	Scopes:   []string{"openinference.instrumentation.anthropic*", "@arizeai/openinference-instrumentation-anthropic*"},
	Provider: "anthropic",
	Quirks:   SilenceCancels,
}

var openInferenceGroq = Family{
	Name:     "openinference-python-groq",
	Title:    "OpenInference Python for Groq",
	Source:   "Arize-ai/openinference openinference-instrumentation-groq/_request_attributes_extractor.py @eae9e222",
	Scopes:   []string{"openinference.instrumentation.groq*"},
	Provider: "groq",
	Quirks:   SilenceCancels,
}

var openInferenceMistral = Family{
	Name:     "openinference-python-mistralai",
	Title:    "OpenInference Python for Mistral AI",
	Source:   "Arize-ai/openinference openinference-instrumentation-mistralai/_chat_wrapper.py @01fc366e",
	Scopes:   []string{"openinference.instrumentation.mistralai*"},
	Provider: "mistral_ai",
	Quirks:   SilenceCancels,
}

// openInferenceVertexAI names the provider google, if any, and the model with its whole path.
var openInferenceVertexAI = Family{
	Name:   "openinference-python-vertexai",
	Title:  "OpenInference Python for Vertex AI",
	Source: "Arize-ai/openinference openinference-instrumentation-vertexai/_wrapper.py @32e297dc, @1662fec6",
	Notes: "Its output tokens leave out reasoning, which is in the total. Predictions of other models than Gemini show nothing " +
		"but an answer.",
	Scopes:   []string{"openinference.instrumentation.vertexai*"},
	Provider: "gcp.vertex_ai",
	Quirks:   SilenceCancels,
	Attributes: []Attribute{
		{Key: "llm.provider", EmitterSpecific: true},
		{Key: "llm.system", EmitterSpecific: true},
		{Key: "llm.model_name", Fact: fact.RequestModel, Encoding: AfterSlashes, EmitterSpecific: true},
	},
}

// openInferencePythonBedrock calls all models LLMs, too, and understands the answers of some vendors' alone.
var openInferencePythonBedrock = Family{
	Name:  "openinference-python-bedrock",
	Title: "OpenInference Python for Bedrock",
	Source: "Arize-ai/openinference openinference-instrumentation-bedrock/__init__.py @02716a92, @3653b785, _wrappers.py @fe15a90c, " +
		"_converse_attributes.py @04f5e969, utils/anthropic/_attributes.py @da93c4ca",
	Notes:    "Cached tokens of Converse are in the total alone. The model's name shows what InvokeModel asks for.",
	Scopes:   []string{"openinference.instrumentation.bedrock*"},
	Provider: "aws.bedrock",
	Quirks:   SilenceCancels | ModelForOperation,
	Spans: []Span{
		// Streams of other vendors' models than Anthropic end their span when they begin.
		{Name: "bedrock.invoke_model*", Class: llm.Inference, Operation: "chat", Answered: true},
		{Name: "bedrock.converse*", Class: llm.Inference, Operation: "chat"},
	},
}

// openInference are Arize's instrumentations and those who write their keys. Spans are INTERNAL.
var openInference = Family{
	Name:  "openinference",
	Title: "OpenInference",
	Source: "Arize-ai/openinference @1fe497f1d (semantic conventions 0.1.32); " +
		"JS openai 4.2.7, anthropic 0.2.8 and vercel 3.2.1 measured",
	Notes: "JS: failed calls leave no span, and streams of OpenAI carry no usage. The span of a stream that its caller left " +
		"runs to the stream's end and looks complete.",
	Scopes: []string{"openinference.instrumentation.*", "@arizeai/openinference-instrumentation-*"},
	Quirks: SilenceCancels,
	Attributes: []Attribute{
		{Key: "openinference.span.kind", Fact: fact.Kind, Meanings: kinds},
		{Key: "llm.provider", Fact: fact.Provider},
		{Key: "llm.system", Fact: fact.Provider},
		{Key: "llm.request.model_name", Fact: fact.RequestModel},
		{Key: "llm.model_name", Fact: fact.RequestModel},
		{Key: "embedding.model_name", Fact: fact.RequestModel},
		{Key: "reranker.model_name", Fact: fact.RequestModel},
		{Key: "llm.response.model_name", Fact: fact.ResponseModel},
		{Key: "llm.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
		// JS for Bedrock.
		{Key: "llm.stop_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "llm.token_count.prompt", Fact: fact.InputTokens, Encoding: Count},
		{Key: "llm.token_count.completion", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "llm.token_count.total", Fact: fact.TotalTokens, Encoding: Count},
		{Key: "llm.token_count.prompt_details.cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "llm.token_count.prompt_details.cache_input", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "llm.token_count.prompt_details.cache_write", Fact: fact.CacheWriteTokens, Encoding: Count},
		// Envoy's spelling.
		{Key: "llm.token_count.prompt_details.cache_creation", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "llm.token_count.completion_details.reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "llm.token_count.prompt_details.audio", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "llm.token_count.completion_details.audio", Fact: fact.AudioOutputTokens, Encoding: Count},
		{Key: "llm.cost.total", Fact: fact.Cost, Encoding: USD},
		{Key: "llm.invocation_parameters", Encoding: JSON, JSONFields: []JSONField{
			{Path: "stream", Fact: fact.Stream, Encoding: Bool},
			{Path: "model", Fact: fact.RequestModel},
			{Path: "service_tier", Fact: fact.ServiceTier},
		}},
		{Key: "output.value", Fact: fact.Answered, Encoding: NotEmpty, Generic: true},
	},
	Events: []Event{
		{Name: "First Token Stream Event", Fact: fact.TTFT},
	},
}
