// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// ag2 writes the model and the usage of all calls of a conversation to the conversation, too.
var ag2 = Family{
	Name:  "ag2",
	Title: "AG2",
	Source: "ag2ai/ag2 autogen/opentelemetry/instrumentators @0684effd, agent_instrumentators/chat.py @09caf6a8; " +
		"ag2/middleware/builtin/telemetry.py @03870a1c, ag2/config/anthropic/mappers.py @0d6bec1f, gemini/mappers.py @23a2e3e9, " +
		"openai/mappers.py @001ba2db",
	Notes:  "`record_usage` repeats or adds up what calls took, has no duration and is not read. So calls that compact the history do not count.",
	Scopes: []string{"opentelemetry.instrumentation.ag2*"},
	Quirks: Framework | ProviderCounts | ProviderThoughts,
	Attributes: []Attribute{
		{Key: "ag2.span.type", Fact: fact.Kind, Meanings: map[string]Meaning{
			"llm": chat, "agent": agentRun, "tool": toolRun, "conversation": none, "multi_conversation": none,
			"speaker_selection": none, "handoff": none, "human_input": none, "code_execution": none,
			"usage": none, "envelope": none, "channel": none, "task": none, "agent_lifetime": none, "agent_event": none,
		}},
		{Key: "gen_ai.usage.thinking_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
	},
}

var agentFramework = Family{
	Name:   "microsoft-agent-framework",
	Title:  "Microsoft Agent Framework",
	Source: "microsoft/agent-framework @5eb3eb745",
	Scopes: []string{"agent_framework*"},
	Quirks: Framework | SilenceCancels,
}

// agentFrameworkNET writes its spans with Microsoft.Extensions.AI.
var agentFrameworkNET = Family{
	Name:   "microsoft-agent-framework-net",
	Title:  "Microsoft Agent Framework for .NET",
	Source: "microsoft/agent-framework dotnet/src/Microsoft.Agents.AI/OpenTelemetryAgent.cs @04f9a486",
	Scopes: []string{"Experimental.Microsoft.Agents.AI*"},
	Quirks: SilenceCancels | Framework,
}

// agent365 are spans that the authors of an agent open around its calls.
var agent365 = Family{
	Name:   "agent-365",
	Title:  "Microsoft Agent 365",
	Source: "@microsoft/agents-a365-observability 1.0.0 dist/cjs/tracing: scopes/InferenceScope.js, contracts.js, constants.js",
	Notes:  "Its spans show neither streams nor cached tokens.",
	Scopes: []string{"Agent365Sdk*"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "microsoft.tenant.id", Fact: fact.Tenant, EmitterSpecific: true},
		{Key: "microsoft.session.id", Fact: fact.Session, EmitterSpecific: true},
	},
}

// adk writes call_llm, and in Python and Go generate_content below it.
var adk = Family{
	Name:  "google-adk",
	Title: "Google ADK",
	Source: "google/adk-python src/google/adk/telemetry/tracing.py, for Python before 2.3 its tests of trace_call_llm and those of " +
		"Arize-ai/openinference openinference-instrumentation-google-adk; adk-go @0a51e153 (2.0.0) and JS 2.0.0 measured",
	Notes: "Python before 2.3 and JS count output without reasoning, which is added. JS shows it and cached tokens only where content is " +
		"recorded. Of a failed call JS leaves a bare span. A stream of JS or Go that broke off looks like one that its caller left. In " +
		"Python, tools and the agents to which an answer hands over run below the `call_llm` of that answer. Their calls count for " +
		"themselves.",
	Scopes: []string{"gcp.vertex.agent*"},
	Quirks: Framework | RunsBelowCalls | SilenceCancels | ModelAtAnswer,
	Spans: []Span{
		{Name: "call_llm", Class: llm.Inference, Operation: "generate_content"},
		// Up to 1.x, without attributes.
		{Name: "agent_run *", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "gcp.vertex.agent.session_id", Fact: fact.Session},
		{Key: "gen_ai.usage.experimental.reasoning_tokens", Fact: fact.ThoughtTokens, Encoding: Count},
		{Key: "gcp.vertex.agent.llm_response", Encoding: JSON, JSONFields: []JSONField{
			// Of JS.
			{Path: "usageMetadata.cachedContentTokenCount", Fact: fact.CacheReadTokens, Encoding: Count},
			{Path: "usageMetadata.thoughtsTokenCount", Fact: fact.ThoughtTokens, Encoding: Count},
			// The last part of an answer that did not come to its end.
			{Path: "partial", Fact: fact.ErrorType, Encoding: CancelledFlag},
		}},
	},
}

// strands writes whole milliseconds under a key that others write in seconds.
var strands = Family{
	Name:  "strands",
	Title: "Strands Agents",
	Source: "strands-agents/sdk-python @1232230d, src/strands/telemetry/tracer.py @6fecdce4 (first versions); JS 1.19.0 measured, " +
		"sdk-typescript src/telemetry/tracer.ts @075972fb",
	Notes: "A call that its caller left has status OK and no usage. JS names its scope and the provider after the service; the " +
		"latter is not read.",
	Scopes: []string{"strands.telemetry*", "strands-agents*", "strands"},
	Quirks: SilenceCancels | Framework | ServiceForProvider,
	Spans: []Span{
		// The first versions name no operation, and write the model and the usage of all calls to the agent, too.
		{Name: "Model invoke", Class: llm.Inference, Operation: "chat"},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "gen_ai.event.start_time", Identifies: true},
		{Key: "gen_ai.server.time_to_first_token", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
	},
}

// mastra used to call the span of a model's whole loop chat, and now that of each call. The operation shows which.
var mastra = Family{
	Name:  "mastra",
	Title: "Mastra",
	Source: "@mastra/core 1.71.0 with @mastra/otel-exporter 1.4.0, measured; before, mastra-ai/mastra " +
		"observability/otel-exporter/src/gen-ai-semantics.ts @087c72fa, @28da7259, and pull request 23910",
	Notes: "Failed calls have status OK; finish reason `error` marks them. A call that its caller left shows nothing of an answer. Times are whole " +
		"milliseconds. The step around a call shows whether it was streamed. Before September 2026 one span stands for all calls of " +
		"a loop of tools. It has the sum of their tokens, and counts as one request.",
	Scopes: []string{"@mastra/*", "mastra*"},
	Quirks: SilenceCancels | TTFTOfAny | StepsAround,
	Attributes: []Attribute{
		{Key: "mastra.span.type", Fact: fact.Kind, Meanings: map[string]Meaning{
			"agent_run": agentRun, "model_step": supplement, "model_chunk": none, "tool_call": toolRun, "mcp_tool_call": toolRun,
			"provider_tool_call": toolRun, "client_tool_call": toolRun, "workflow_run": none, "workflow_step": none,
			"processor_run": none,
		}},
		// On the step around the request.
		{Key: "mastra.metadata.headers", Encoding: JSON, JSONFields: []JSONField{
			{Path: "content-type", Fact: fact.Stream, Encoding: StreamedType},
		}},
		{Key: "gen_ai.usage.cached_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "gen_ai.usage.cache_write_tokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "gen_ai.usage.audio_input_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.audio_output_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
		{Key: "mastra.completion_start_time", Fact: fact.TTFT, Encoding: Instant},
	},
}

// agentScope counts cached tokens under keys of its own.
var agentScope = Family{
	Name:  "agentscope",
	Title: "AgentScope",
	Source: "agentscope-ai/agentscope src/agentscope/tracing/_extractor.py @034d3228 (1.x), middleware/_tracing/_extractor.py " +
		"@3545b19f (2.x), " +
		"model/_anthropic/_model.py @071dd876",
	Notes: "Streams look like other responses. An answer that its caller interrupted has the finish reason `interrupted` " +
		"from 2.x on.",
	Scopes: []string{"agentscope"},
	Quirks: Framework | ProviderCounts,
	Attributes: []Attribute{
		{Key: "agentscope.usage.cache_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count, Identifies: true},
		{Key: "agentscope.usage.cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, Identifies: true},
		{Key: "agentscope.usage.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count, Identifies: true},
	},
}

// mcpAgent adds up what all calls of a run took. Calls of Anthropic's and OpenAI's API have spans of OpenLLMetry, which it sets
// up. Some of them are in traces of their own.
var mcpAgent = Family{
	Name:  "mcp-agent",
	Title: "mcp-agent",
	Source: "lastmile-ai/mcp-agent src/mcp_agent/workflows/llm/augmented_llm_anthropic.py @07c7f728, augmented_llm_openai.py @00104ba7, " +
		"augmented_llm_azure.py @0fb21aba, tracing/tracer.py @1ffa26b0",
	Notes: "Its spans of agents that call Anthropic, OpenAI, Ollama or LM Studio are not counted. OpenLLMetry's spans of the calls are. " +
		"Other models' calls have no spans. So a run of an agent counts as one request with the sum of their tokens.",
	// The tracer has the name of the service.
	Scopes: []string{"mcp-agent*", "mcp_agent*"},
	Quirks: Framework,
	Spans: []Span{
		{Name: "AnthropicAugmentedLLM.*", Class: llm.NoRequest},
		{Name: "OpenAIAugmentedLLM.*", Class: llm.NoRequest},
		{Name: "OllamaAugmentedLLM.*", Class: llm.NoRequest},
		{Name: "LMStudioAugmentedLLM.*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "request_params.max_iterations", Identifies: true},
	},
}

// nemoAgentToolkit writes no model but the step's name.
var nemoAgentToolkit = Family{
	Name:  "nemo-agent-toolkit",
	Title: "NVIDIA NeMo Agent Toolkit",
	Source: "NVIDIA/NeMo-Agent-Toolkit packages/nvidia_nat_core/src/nat/observability/exporter/span_exporter.py @d85d74c2, " +
		"packages/nvidia_nat_opentelemetry span_converter.py, packages/nvidia_nat_langchain callback_handler.py @d7018a91",
	Notes:  "With LangChain, failed calls have no span.",
	Scopes: []string{"nat"},
	Quirks: Framework,
	Attributes: []Attribute{
		{Key: "nat.subspan.name", Fact: fact.RequestModel, EmitterSpecific: true},
	},
}

// trpcAgent writes the framework's name in the place of the provider's.
var trpcAgent = Family{
	Name:  "trpc-agent-go",
	Title: "tRPC-Agent-Go",
	Source: "trpc-group/trpc-agent-go internal/telemetry/trace.go @a75738ee, metric_chat.go @0207c75f, telemetry/semconv/trace @0382194d, " +
		"model/anthropic/anthropic.go @02b64e9f, model/bedrock",
	Notes: "It names no provider. The time to the first token is that to the first answer of any kind, streamed or not. " +
		"Input tokens of Anthropic and Bedrock leave out the cached ones, which are added.",
	Quirks: Framework | TTFTOfAny,
	Attributes: []Attribute{
		{Key: "trpc.go.agent.invocation_id", Identifies: true},
		{Key: "trpc.go.agent.runner.user_id", Fact: fact.User},
		{Key: "trpc_agent_go.client.time_to_first_token", Fact: fact.TTFT, Encoding: Seconds, Identifies: true},
		{Key: "gen_ai.usage.input_tokens.cached", Fact: fact.CacheReadTokens, Encoding: Count},
		// Of its adapters for Anthropic and Bedrock alone.
		{Key: "gen_ai.usage.input_tokens.cache_read", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "gen_ai.usage.input_tokens.cache_creation", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
	},
}

// voltAgent writes what it knows of a call under its own keys. All spans below an agent carry the agent's kind, too.
var voltAgent = Family{
	Name:   "voltagent",
	Title:  "VoltAgent",
	Source: "@voltagent/core 2.10.0 dist/index.mjs: AgentTraceContext, createLLMSpan, recordLLMUsage",
	Notes: "One span stands for each attempt of a whole loop of tools. It has the tokens of its last call, and counts as one request. " +
		"generateObject and streamObject have no span of their own and are not counted. Nor are embeddings, whose spans " +
		"contain the search and name no model. A stream that its caller leaves has no span.",
	Scopes: []string{"@voltagent/*"},
	Quirks: SpanPerAttempt | Framework,
	Spans: []Span{
		{Name: "llm:stream*", Class: llm.Inference, Operation: "chat", Streamed: true},
		{Name: "llm:*", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		// Names the model that could not be made; no request was sent.
		{Key: "llm.model_resolution_failed", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"true": none}},
		{Key: "span.type", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"tool": toolRun}},
		// Only agents have a state.
		{Key: "agent.state", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"running": agentRun, "completed": agentRun, "error": agentRun, "cancelled": agentRun,
		}},
		{Key: "subagent.name", Fact: fact.AgentName, EmitterSpecific: true},
		{Key: "entity.name", Fact: fact.AgentName, EmitterSpecific: true},
		{Key: "tool.name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "llm.model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "llm.stream", Fact: fact.Stream, Encoding: Bool, EmitterSpecific: true},
		{Key: "llm.usage.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "usage.cost", Fact: fact.Cost, Encoding: USD, EmitterSpecific: true},
		{Key: "conversation.id", Fact: fact.Session, EmitterSpecific: true},
	},
}
