// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// logfire writes two spans for a stream. One ends when the stream begins. The other is a log of zero length with the usage when
// it ends.
var logfire = Family{
	Name:  "logfire",
	Title: "Logfire's LLM instrumentations",
	Source: "pydantic/logfire logfire/_internal/integrations/llm_providers/llm_provider.py @e484a6b5 (4.41.0), usage.py @3cb749f1, " +
		"integrations/openai_agents.py @4ab7e054; of 2024 and 2025 llm_provider.py @0501cc03 and tests/otel_integrations/test_openai.py",
	Notes: "The log span at the end of a stream adds tokens, cost and duration to the request. It has to come within a minute. Else it " +
		"adds tokens and cost to the counters. It is never counted itself.",
	Scopes: []string{"logfire*"},
	Quirks: EndsElsewhere,
	Spans: []Span{
		// Of the OpenAI Agents SDK, which name no operation before there is a response.
		{Name: "Chat completion with {gen_ai.request.model!r}", Class: llm.Inference, Operation: "chat"},
		{Name: "Responses API*", Class: llm.Inference, Operation: "chat"},
		// Of versions before 2026, which name no operation, and of a stream or a failure nothing but the model.
		{Name: "Chat Completion with *", Class: llm.Inference, Operation: "chat"},
		{Name: "Message with *", Class: llm.Inference, Operation: "chat"},
		{Name: "Completion with *", Class: llm.Inference, Operation: "text_completion"},
		{Name: "Embedding Creation with *", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "Image Generation with *", Class: llm.Media, Operation: "image_generation"},
	},
	Attributes: []Attribute{
		{Key: "logfire.span_type", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"log": supplement, "pending_span": none,
		}},
		{Key: "request_data", Encoding: JSON, EmitterSpecific: true, JSONFields: []JSONField{
			{Path: "stream", Fact: fact.Stream, Encoding: Bool},
			{Path: "model", Fact: fact.RequestModel},
		}},
		// Before there were counts of their own.
		{Key: "response_data", Encoding: JSON, EmitterSpecific: true, JSONFields: []JSONField{
			{Path: "usage.prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "usage.completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
		}},
		{Key: "duration", Fact: fact.Duration, Encoding: Elapsed, EmitterSpecific: true},
		// The provider's usage as it came. The input is counted with cached tokens, whoever the provider is.
		{Key: "gen_ai.usage.raw", Encoding: JSON, JSONFields: []JSONField{
			{Path: "prompt_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "input_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "input_tokens_details.cache_write_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "completion_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "output_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "prompt_tokens_details.audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
			{Path: "completion_tokens_details.audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		}},
	},
}

// agentOps writes the kind of span under a key of its own. It writes the operation under one that it shares with nobody.
var agentOps = Family{
	Name:   "agentops",
	Title:  "AgentOps",
	Source: "AgentOps-AI/agentops agentops/semconv @ef381d2a, agentops/instrumentation/anthropic @691c1fbf",
	Scopes: []string{"agentops*"},
	Attributes: []Attribute{
		{Key: "agentops.span.kind", Fact: fact.Kind, Meanings: map[string]Meaning{
			"llm": chat, "llm.call": chat, "agent": agentRun, "tool": toolRun, "session": none, "task": none, "operation": none,
			"workflow": none, "workflow.step": none, "team": none, "chain": none, "guardrail": none, "http": none,
			"agent.action": none, "agent.thinking": none, "agent.decision": none,
		}},
		{Key: "gen_ai.request.type", Fact: fact.Operation},
		{Key: "gen_ai.request.streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "gen_ai.streaming.time_to_first_token", Fact: fact.TTFT, Encoding: Seconds},
	},
}

// langfuse writes JSON into attributes. The input and output counts of its JS SDK and its LangChain handlers leave out their
// parts. Users' own counts are meant to do so. Those of its Python wrapper of OpenAI contain them.
var langfuse = Family{
	Name:  "langfuse",
	Title: "Langfuse SDK",
	Source: "langfuse/langfuse-python @c3c6a09e (4.14.3), langchain/CallbackHandler.py @aaebde4d, langfuse-js @0d5a8d0e (5.11.1, measured); " +
		"langfuse.com/docs/observability/features/token-and-cost-tracking for counts that users give",
	Notes: "Failed calls have status UNSET and a level; failed streams leave no span. A stream that its caller left looks like a " +
		"whole one without usage. No provider, and no usage of embeddings. Its LangChain handlers' spans are not current while LangChain runs. Those of an instrumented client are beside the outermost of them.",
	Scopes: []string{"langfuse*", "@langfuse/*"},
	Quirks: SilenceCancels | Framework,
	Spans: []Span{
		{Name: "OpenAI.embeddings*", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "OpenAI.completions*", Class: llm.Inference, Operation: "text_completion"},
	},
	Attributes: []Attribute{
		{Key: "langfuse.observation.type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"generation": chat, "embedding": embeddings, "span": none, "event": none, "agent": agentRun, "tool": toolRun,
			"chain": none, "retriever": none, "evaluator": none, "guardrail": none,
		}},
		{Key: "langfuse.observation.model.name", Fact: fact.RequestModel},
		{Key: "langfuse.observation.model.parameters", Encoding: JSON, JSONFields: []JSONField{
			{Path: "stream", Fact: fact.Stream, Encoding: Bool},
			{Path: "service_tier", Fact: fact.ServiceTier},
		}},
		{Key: "langfuse.observation.usage_details", Encoding: JSON, JSONFields: []JSONField{
			{Path: "input", Fact: fact.InputTokens, Encoding: CountWithoutParts},
			{Path: "prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "input_tokens", Fact: fact.InputTokens, Encoding: CountWithoutParts},
			{Path: "output", Fact: fact.OutputTokens, Encoding: CountWithoutParts},
			{Path: "completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "output_tokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "total", Fact: fact.TotalTokens, Encoding: Count},
			{Path: "total_tokens", Fact: fact.TotalTokens, Encoding: Count},
			{Path: "input_cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "input_cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "input_priority_cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "input_flex_cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "prompt_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "input_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			// Of Vertex AI, through LangChain.
			{Path: "cached_content_token_count", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "thoughts_token_count", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "input_cache_creation", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "output_reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "output_reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "output_priority_reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "output_flex_reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "completion_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "output_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "input_audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
			{Path: "input_audio", Fact: fact.AudioInputTokens, Encoding: Count},
			{Path: "prompt_tokens_details.audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
			{Path: "output_audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
			{Path: "output_audio", Fact: fact.AudioOutputTokens, Encoding: Count},
			{Path: "completion_tokens_details.audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		}},
		{Key: "langfuse.observation.cost_details", Encoding: JSON, JSONFields: []JSONField{
			{Path: "total", Fact: fact.Cost, Encoding: USD},
		}},
		{Key: "langfuse.observation.completion_start_time", Fact: fact.TTFT, Encoding: Instant},
		{Key: "langfuse.observation.level", Fact: fact.Failed, Encoding: FailureWord},
		{Key: "langfuse.observation.status_message", Fact: fact.ErrorMessage},
		{Key: "langfuse.observation.output", Fact: fact.Answered, Encoding: NotEmpty},
		{Key: "langfuse.user.id", Fact: fact.User},
		{Key: "langfuse.session.id", Fact: fact.Session},
	},
}

// ddTrace writes the conventions' keys beside those of its integrations, with Datadog's kinds of spans as operations. The provider
// of an address that it does not know is unknown, while the integration is there.
var ddTrace = Family{
	Name:   "dd-trace",
	Title:  "Datadog dd-trace over OTLP",
	Source: "dd-trace 6.21.0 for JS, measured, packages/dd-trace/src/llmobs/gen-ai-tags.js, opentelemetry/trace/otlp_transformer.js",
	Notes: "With `OTEL_TRACES_EXPORTER=otlp`, with and without LLM Observability. A stream of chat completions that its caller left " +
		"looks like a whole one without usage. Only OpenAI's integration shows streams.",
	Scopes: []string{"dd-trace-js"},
	Spans: []Span{
		{Name: "createChatCompletion", Class: llm.Inference, Operation: "chat"},
		{Name: "createCompletion", Class: llm.Inference, Operation: "text_completion"},
		{Name: "createResponse", Class: llm.Inference, Operation: "chat", CountsAtEnd: true},
		{Name: "createEmbedding", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "Messages.create", Class: llm.Inference, Operation: "chat", CountsAtEnd: true},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "_dd.llmobs.artificial_gen_ai_tags", Identifies: true},
		{Key: "_dd.integration", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "openai.request.model", Fact: fact.RequestModel},
		{Key: "openai.response.model", Fact: fact.ResponseModel},
		{Key: "openai.response.id", Fact: fact.RequestID},
		{Key: "openai.request.stream", Fact: fact.Stream, Encoding: NotEmpty},
		{Key: "anthropic.request.model", Fact: fact.RequestModel},
	},
}

// langSmith calls prompts "chat" and retrievers "embeddings"; its own kind attribute is right.
var langSmith = Family{
	Name:  "langsmith",
	Title: "LangSmith",
	Source: "langchain-ai/langsmith-sdk python/langsmith/_internal/otel @bc8dd672a (0.11.1); JS 0.11.8 measured, 0.12.0 " +
		"lib/wrappers and utils/usage.js",
	Notes: "JS sets status OK on failed calls; the exception event marks them. Python prints token details as a Python dictionary. Of " +
		"cache writes for five minutes and for an hour in one request only the former are read.",
	Scopes: []string{"langsmith*"},
	Quirks: ExceptionFails | Framework,
	Attributes: []Attribute{
		{Key: "langsmith.span.kind", Fact: fact.Kind, Meanings: kinds, Identifies: true},
		{Key: "langsmith.request.streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "gen_ai.usage.input_token_details", Encoding: JSON, JSONFields: []JSONField{
			{Path: "cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "priority_cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "flex_cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "ephemeral_5m_input_tokens", Fact: fact.CacheWriteTokens, Encoding: NonZeroCount},
			{Path: "ephemeral_1hr_input_tokens", Fact: fact.CacheWriteTokens, Encoding: NonZeroCount},
			{Path: "ephemeral_1hr_input_tokens", Fact: fact.CacheWriteHourTokens, Encoding: Count},
			{Path: "cache_creation", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "audio", Fact: fact.AudioInputTokens, Encoding: Count},
		}},
		{Key: "gen_ai.usage.output_token_details", Encoding: JSON, JSONFields: []JSONField{
			{Path: "reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "priority_reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "flex_reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "audio", Fact: fact.AudioOutputTokens, Encoding: Count},
		}},
		{Key: "langsmith.trace.session_id", Fact: fact.Session},
	},
}

// monocle writes what takes part in a call as numbered entities, and what came back into an event. Around the client of a framework
// it writes the framework's call, too.
var monocle = Family{
	Name:  "monocle",
	Title: "Monocle",
	Source: "monocle2ai/monocle apptrace/src/monocle_apptrace/instrumentation common/constants.py, common/stream_processor.py, " +
		"metamodel/openai, metamodel/anthropic, metamodel/gemini @850a6099; monocle2ai 0.1.2 for TypeScript, measured",
	Notes: "Streams look like other responses. TypeScript counts no tokens, and takes OpenAI behind an address of one's own for Azure. " +
		"A stream that broke off looks like a whole one. Python also writes the conventions' keys with `MONOCLE_OTEL_GENAI_SEMCONV=true`.",
	Scopes: []string{"monocle_apptrace*", "MonocleInstrumentation"},
	Quirks: Framework | ProviderCounts,
	Spans:  []Span{{Name: "*", Class: llm.NoRequest}},
	Attributes: []Attribute{
		{Key: "span.type", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"inference": chat, "inference.framework": chat, "inference.modelapi": chat,
			"embedding": embeddings, "embedding.modelapi": embeddings,
			"workflow": none, "generic": none, "retrieval": none, "http.process": none, "http.send": none, "agentic.delegation": none,
			"agentic.turn": agentRun, "agentic.invocation": agentRun, "agentic.tool.invocation": toolRun, "agentic.mcp.invocation": toolRun,
		}},
		{Key: "entity.1.type", Fact: fact.Provider, Encoding: AfterDots, EmitterSpecific: true},
		{Key: "entity.2.name", Fact: fact.RequestModel, EmitterSpecific: true},
	},
	Events: []Event{
		{Name: "metadata", Attribute: "prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Name: "metadata", Attribute: "completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Name: "metadata", Attribute: "total_tokens", Fact: fact.TotalTokens, Encoding: Count},
		{Name: "metadata", Attribute: "cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Name: "metadata", Attribute: "thoughts_tokens", Fact: fact.ThoughtTokens, Encoding: Count},
		{Name: "metadata", Attribute: "reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Name: "metadata", Attribute: "finish_reason", Fact: fact.FinishReason, Encoding: TextList},
	},
}

// mlflow writes the JSON text of every value, plain strings included.
var mlflow = Family{
	Name:   "mlflow",
	Title:  "MLflow",
	Source: "mlflow/mlflow tracing/constant.py @00449464, the translator to OpenTelemetry @ae915b4d; its scope was not read",
	Scopes: []string{"mlflow*"},
	Attributes: []Attribute{
		{Key: "mlflow.spanType", Fact: fact.Kind, Meanings: kinds, Identifies: true},
		{Key: "mlflow.llm.provider", Fact: fact.Provider},
		{Key: "mlflow.llm.model", Fact: fact.RequestModel},
		{Key: "mlflow.chat.tokenUsage", Encoding: JSON, JSONFields: []JSONField{
			{Path: "input_tokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "output_tokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "total_tokens", Fact: fact.TotalTokens, Encoding: Count},
			{Path: "cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		}},
		{Key: "mlflow.llm.cost", Encoding: JSON, JSONFields: []JSONField{
			{Path: "total_cost", Fact: fact.Cost, Encoding: USD},
		}},
		{Key: "mlflow.spanOutputs", Fact: fact.Answered, Encoding: NotEmpty},
	},
	Events: []Event{
		{Name: "mlflow.chunk.item.0", Fact: fact.TTFT},
		{Name: "mlflow.chunk.item.*", Fact: fact.ChunkGaps},
	},
}

var sentry = Family{
	Name:  "sentry",
	Title: "Sentry Node SDK",
	Source: "@sentry/node 10.78.0, measured; getsentry/sentry-javascript packages/core/src/tracing @74959436, " +
		"google-genai @b21e46ea, ai/gen-ai-attributes.ts @006be848; @sentry/server-utils 11.12.0 ai and integrations/aws-sdk",
	Notes: "Version 11 sends spans to Sentry alone. OTLP has those of version 10 at most, or of its parts that are used by others. " +
		"A broken stream has status UNSET and no end mark, like one that its caller left. It is taken for the latter. Only the " +
		"total has Anthropic's cached tokens and Google's thoughts.",
	Scopes: []string{"@sentry/*", "sentry*"},
	Quirks: SilenceCancels,
	Spans: []Span{
		// Google's chats are made without a request.
		{Name: "chat * create", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "gen_ai.usage.input_tokens.cached", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.input_tokens.cache_write", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_tokens.reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
		// What LangChain got from Anthropic.
		{Key: "gen_ai.response.stop_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "gen_ai.response.text", Fact: fact.Answered, Encoding: NotEmpty},
		{Key: "gen_ai.response.tool_calls", Fact: fact.Answered, Encoding: NotEmpty},
	},
}

// langtrace calls everything that is not a database or a framework an LLM.
var langtrace = Family{
	Name:  "langtrace",
	Title: "Langtrace",
	Source: "Scale3-Labs/langtrace-python-sdk instrumentation/openai/patch.py @b5b32be0, utils/llm.py @0201e302; " +
		"langtrace-trace-attributes @fd30809a",
	Notes: "Where a stream brings no usage its tokens are an estimate, and nothing shows it. Versions before 2.0 name no operation and " +
		"are not read.",
	Scopes: []string{"langtrace*", "@langtrase/*"},
	Attributes: []Attribute{
		{Key: "langtrace.service.type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"framework": none, "vectordb": none, "vector_db": none,
		}},
		{Key: "gen_ai.response_id", Fact: fact.RequestID},
	},
}

// respan adds the type of what it logs to spans of others, too. Their own keys show the calls of models.
var respan = Family{
	Name:  "respan",
	Title: "Respan (KeywordsAI)",
	Source: "respanai/respan python-sdks/respan-sdk constants/llm_logging.py @4f31653a, " +
		"javascript-sdks/instrumentations/respan-instrumentation-pi @7b48a1da; @keywordsai/tracing 1.0.44, measured",
	Notes:  "Its older package KeywordsAI sends spans of OpenLLMetry 0.14, and only of calls within its workflows and tasks.",
	Scopes: []string{"@respan/*", "respan*"},
	Attributes: []Attribute{
		{Key: "respan.entity.log_type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"embedding": embeddings, "transcription": transcript, "speech": speech, "agent": agentRun, "tool": toolRun,
			"workflow": none, "task": none, "handoff": none, "guardrail": none, "function": none, "score": none,
		}},
		{Key: "llm.usage.cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "respan.metadata.time_to_first_token_ms", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "respan.metadata.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "respan.metadata.response_id", Fact: fact.RequestID},
		{Key: "respan.customer_params.customer_identifier", Fact: fact.User, Generic: true},
		{Key: "respan.threads.thread_identifier", Fact: fact.Session, Generic: true},
	},
}

// agento11y hands on the counts of providers as they are.
var agento11y = Family{
	Name:   "grafana-agento11y",
	Title:  "Grafana Agento11y",
	Source: "grafana/sigil-sdk go/agento11y/client.go, go-providers/anthropic/mapper.go @7aefff46",
	Notes:  "Times to the first token are on its metrics alone.",
	Scopes: []string{"github.com/grafana/sigil-sdk*"},
	Quirks: ProviderCounts,
}

// netraDSPy calls all that it wraps a call.
var netraDSPy = Family{
	Name:   "netra-dspy",
	Title:  "Netra for DSPy",
	Source: "KeyValueSoftwareSystems/netra-sdk-py netra/instrumentation/dspy/wrappers.py, utils.py @ed2f3c1",
	Notes:  "DSPy calls models through LiteLLM. Modules are no requests.",
	Scopes: []string{"netra.instrumentation.dspy*"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "gen_ai.operation.name", EmitterSpecific: true},
		{Key: "dspy.span_kind", Fact: fact.Kind, Meanings: kinds},
	},
}
