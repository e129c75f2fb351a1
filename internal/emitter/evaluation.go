// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// These are platforms that evaluate answers, and trace for that. Those in observability.go watch programs.

// truLens writes what a call cost on the function's span that its authors marked. That may lie around an instrumented client.
var truLens = Family{
	Name:   "trulens",
	Title:  "TruLens",
	Source: "truera/trulens @97f531aee: src/otel/semconv trace.py, src/core otel/instrument.py; its port to TypeScript",
	Notes: "Calls that an evaluation makes are spans of the evaluation and are not counted. Costs have a currency of their own and are " +
		"not read.",
	Scopes: []string{"trulens*"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "ai.observability.span_type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"generation": chat, "reranking": rerank, "record_root": none, "eval_root": none, "eval": none, "retrieval": none,
			"graph_task": none, "graph_node": none, "workflow_step": none, "agent": agentRun, "tool": toolRun, "mcp": toolRun,
		}},
		{Key: "ai.observability.cost.model", Fact: fact.RequestModel},
		{Key: "ai.observability.reranking.model_name", Fact: fact.RequestModel},
		{Key: "ai.observability.cost.num_prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "ai.observability.cost.num_completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "ai.observability.cost.num_reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "ai.observability.cost.num_tokens", Fact: fact.TotalTokens, Encoding: Count},
		{Key: "ai.observability.generation.is_streaming", Fact: fact.Stream, Encoding: Bool},
		{Key: "ai.observability.generation.time_to_first_token_ms", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "ai.observability.call.error", Fact: fact.Failed, Encoding: NotEmpty},
	},
}

// braintrust writes JSON into attributes. What a span is comes as a JSON object of one member, in the spelling of each language.
// Its processors write braintrust.parent on the spans of others, too.
var braintrust = Family{
	Name:  "braintrust",
	Title: "Braintrust SDKs for Go, Ruby, Java",
	Source: "braintrust-sdk-go 0.2.0 for OpenAI measured; trace/contrib @121a757d, openai/embeddings.go and bedrockruntime @b683b9d7, counttokens.go " +
		"@453247e7; braintrust-sdk-ruby contrib/openai @05f8dc96, moderations.rb @3b2b07a7; braintrust-sdk-java " +
		"InstrumentationSemConv.java @c3bfb01a",
	Notes: "Go ends the span of a call that the provider refused with status UNSET and nothing of an answer. A stream that broke off " +
		"looks like one that its caller left. Of other interfaces than chat completions both look like a whole one without usage. Ruby's `stream` and " +
		"Go for OpenAI note the first token when the stream ends. Java's input tokens of Anthropic leave out cached ones, and nothing shows it. " +
		"Finish reasons are there for " +
		"chat completions, Anthropic and Bedrock only.",
	Scopes: []string{"braintrust*"},
	Quirks: TTFTOfAny | TTFTAtEnd | NoResponseFails,
	Spans: []Span{
		// All of them are called LLMs, and in older versions of Go nothing.
		{Name: "*.moderations.create", Class: llm.NoRequest},
		{Name: "*.count_tokens", Class: llm.NoRequest},
		{Name: "*.embeddings.create", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "embed_content", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "Embeddings", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "*.chat.completions.create", Class: llm.Inference, Operation: "chat"},
		{Name: "*.responses.create", Class: llm.Inference, Operation: "chat"},
		{Name: "*.messages.create", Class: llm.Inference, Operation: "chat"},
		{Name: "Chat Completion", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "braintrust.span_attributes", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			`{"type":"llm"}`: chat, `{"type": "llm"}`: chat, `{"type":"tool"}`: toolRun, `{"type": "tool"}`: toolRun,
			`{"type":"task"}`: none, `{"type":"eval"}`: none, `{"type":"score"}`: none, `{"type":"function"}`: none,
		}},
		{Key: "braintrust.metadata", Encoding: JSON, JSONFields: []JSONField{
			{Path: "provider", Fact: fact.Provider},
			{Path: "model", Fact: fact.RequestModel},
			{Path: "endpoint", Fact: fact.Endpoint},
			{Path: "stream", Fact: fact.Stream, Encoding: Bool},
			{Path: "id", Fact: fact.RequestID},
			{Path: "user", Fact: fact.User},
			{Path: "stop_reason", Fact: fact.FinishReason, Encoding: TextList},
		}},
		{Key: "braintrust.output_json", Fact: fact.Answered, Encoding: NotEmpty},
		{Key: "braintrust.output_json", Encoding: JSON, JSONFields: []JSONField{
			{Path: "0.finish_reason", Fact: fact.FinishReason, Encoding: FinishOrNull},
		}},
		{Key: "braintrust.metrics", Encoding: JSON, JSONFields: []JSONField{
			{Path: "prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "tokens", Fact: fact.TotalTokens, Encoding: Count},
			{Path: "prompt_cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "prompt_cache_creation_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
			{Path: "completion_reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "prompt_audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
			{Path: "completion_audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
			{Path: "time_to_first_token", Fact: fact.TTFT, Encoding: Seconds},
		}},
	},
}

// weave writes the conventions' keys, and hands on what a provider counts.
var weave = Family{
	Name:  "weave",
	Title: "W&B Weave",
	Source: "wandb/weave weave/session/adapters/anthropic.py @604d8c6f, weave/session/session_otel.py, " +
		"weave/integrations/claude_agent_sdk; the same in JS",
	Notes:  "Of the Claude Agent SDK the last call of a turn has the tokens of all.",
	Scopes: []string{"weave.*"},
	Quirks: Framework | ProviderCounts,
}

// langWatch names no operation where it traces clients itself. Its SDKs write the type on the spans of others, too. What is of no
// type of theirs is a component or a span.
var langWatch = Family{
	Name:  "langwatch",
	Title: "LangWatch",
	Source: "langwatch/langwatch python-sdk/src/langwatch/openai.py @384981f7, telemetry/span.py @002bbf36, sdk-go/instrumentation/openai " +
		"@89189b01; the numbers' names by its own tests; langwatch 0.16.1 for TypeScript, its handler for LangChain, measured",
	Notes: "Python's own tracing writes no usage of streams, and the first token in a form that is not read. TypeScript's handler for " +
		"LangChain does not show streams. A stream that its caller left has no span.",
	Scopes: []string{"langwatch*", "github.com/langwatch/*"},
	Attributes: []Attribute{
		{Key: "langwatch.span.type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"llm": chat, "agent": agentRun, "tool": toolRun, "chain": none, "rag": none, "guardrail": none, "evaluation": none,
			"workflow": none,
		}},
		{Key: "gen_ai.request.model", Fact: fact.Provider, Encoding: BeforeSlash, EmitterSpecific: true},
		{Key: "langwatch.metrics", Encoding: JSON, JSONFields: []JSONField{
			{Path: "prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
			{Path: "cost", Fact: fact.Cost, Encoding: USD},
			// Of TypeScript.
			{Path: "value.promptTokens", Fact: fact.InputTokens, Encoding: Count},
			{Path: "value.completionTokens", Fact: fact.OutputTokens, Encoding: Count},
			{Path: "value.cost", Fact: fact.Cost, Encoding: USD},
		}},
		{Key: "langwatch.params", Encoding: JSON, JSONFields: []JSONField{
			{Path: "stream", Fact: fact.Stream, Encoding: Bool},
		}},
	},
}

// traceAI writes OpenInference's keys, and the conventions' in later versions for Python, under kinds of its own.
var traceAI = Family{
	Name:  "traceai",
	Title: "Future AGI traceAI",
	Source: "future-agi/traceAI python/fi_instrumentation/fi_types.py, python/frameworks/openai @003cc7aa, " +
		"typescript/packages/fi-semantic-conventions, java SemanticConventions",
	Scopes: []string{"traceai*", "@traceai/*", "fi_instrumentation*", "ai.traceai*"},
	Attributes: []Attribute{
		{Key: "fi.span.kind", Fact: fact.Kind, Identifies: true, Meanings: kinds},
		{Key: "llm.response.id", Fact: fact.RequestID},
		{Key: "llm.response.finish_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "gen_ai.usage.cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
	},
}

// confidentAI has its users write its keys by hand, beside or instead of the conventions'.
var confidentAI = Family{
	Name:   "confident-ai",
	Title:  "DeepEval and Confident AI",
	Source: "confident-ai/deepeval deepeval/tracing/otel/attributes.py @d5555575, exporter.py",
	Scopes: []string{"deepeval*", "confident*"},
	Attributes: []Attribute{
		{Key: "confident.span.type", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"llm": chat, "agent": agentRun, "tool": toolRun, "retriever": none,
		}},
		{Key: "confident.span.provider", Fact: fact.Provider},
		{Key: "confident.llm.model", Fact: fact.RequestModel},
		{Key: "confident.llm.input_token_count", Fact: fact.InputTokens, Encoding: Count},
		{Key: "confident.llm.output_token_count", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "confident.tool.name", Fact: fact.ToolName},
		{Key: "confident.agent.name", Fact: fact.AgentName},
		{Key: "confident.trace.user_id", Fact: fact.User},
		{Key: "confident.trace.thread_id", Fact: fact.Session},
	},
}

// promptfoo evaluates answers. It calls the runs of agents chats; its id shows which provider is one.
var promptfoo = Family{
	Name:  "promptfoo",
	Title: "promptfoo",
	Source: "promptfoo 0.121.20 dist/src: withGenAISpan, emitTurnMarkerSpan and openTurnSpan in util, claude-agent-sdk, codex-sdk, " +
		"codex-app-server",
	Notes: "What its cache answered is not counted. Nor are runs of the Claude Agent SDK and of Codex. Their turns repeat the " +
		"first counts of a message, or add up all of a run.",
	Scopes: []string{"promptfoo.*"},
	Quirks: Framework,
	Spans: []Span{
		{Name: "gen_ai.turn *", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "promptfoo.cache_hit", Fact: fact.Kind, Meanings: map[string]Meaning{"true": none}},
		{Key: "promptfoo.provider.id", Fact: fact.Kind, Meanings: map[string]Meaning{
			"anthropic:claude-agent-sdk": agentRun, "openai:codex-sdk": agentRun, "openai:codex-app-server": agentRun,
		}},
	},
}

// judgeval counts input without cached tokens, whatever the provider.
var judgeval = Family{
	Name:  "judgeval",
	Title: "Judgment Labs judgeval",
	Source: "JudgmentLabs/judgeval src/judgeval/judgment_attribute_keys.py, instrumentation/llm/llm_anthropic/messages.py, " +
		"llm_openai/chat_completions.py @0e6fac2b",
	Notes:  "Its spans name no provider. Streams look like other responses.",
	Scopes: []string{"judgeval*"},
	Attributes: []Attribute{
		{Key: "judgment.span_kind", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"llm": chat, "tool": toolRun, "agent": agentRun, "span": none, "function": none, "chain": none, "retriever": none,
		}},
		{Key: "judgment.llm.provider", Fact: fact.Provider},
		{Key: "judgment.llm.model", Fact: fact.RequestModel},
		{Key: "judgment.usage.non_cached_input_tokens", Fact: fact.InputTokens, Encoding: Count, Parts: usage.Beside},
		{Key: "judgment.usage.cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "judgment.usage.cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "judgment.usage.output_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "judgment.usage.total_cost_usd", Fact: fact.Cost, Encoding: USD},
		{Key: "judgment.session_id", Fact: fact.Session},
	},
}

// agenta counts in floating point, and writes nothing for streams.
var agenta = Family{
	Name:   "agenta",
	Title:  "Agenta",
	Source: "Agenta-AI/agenta sdks/python/agenta/sdk/litellm/litellm.py, engines/tracing/attributes.py, tracing.py @753af3838e",
	Notes:  "Its handler for LiteLLM names no provider, and never ends the span of a stream.",
	Scopes: []string{"agenta.tracer"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "ag.type.node", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"chat": chat, "completion": completion, "embedding": embeddings, "rerank": rerank, "agent": agentRun, "tool": toolRun,
			"workflow": none, "chain": none, "task": none, "query": none,
		}},
		{Key: "ag.meta.configuration.model", Fact: fact.RequestModel},
		{Key: "ag.metrics.unit.tokens.prompt", Fact: fact.InputTokens, Encoding: Count, Parts: usage.Within},
		{Key: "ag.metrics.unit.tokens.completion", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "ag.metrics.unit.tokens.total", Fact: fact.TotalTokens, Encoding: Count},
		{Key: "ag.metrics.unit.tokens.cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "ag.metrics.unit.costs.total", Fact: fact.Cost, Encoding: USD},
	},
}
