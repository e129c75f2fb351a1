package dialect

var pydanticAI = Dialect{
	Name:   "pydantic-ai",
	Title:  "Pydantic AI",
	Source: "pydantic/pydantic-ai pydantic_ai_slim/pydantic_ai/_instrumentation.py, usage.py @4fda38988, providers/google.py",
	Scopes: []string{"pydantic-ai*", "pydantic_ai*"},
	Traits: Framework,
	Attributes: []Attribute{
		{Key: "gen_ai.usage.details.cache_read_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.details.cache_write_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.details.reasoning_tokens", Field: ReasoningTokens, Form: Count},
		// The providers' own names, of old versions and of Logfire's Google integration.
		{Key: "gen_ai.usage.details.cache_read_input_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.details.cache_creation_input_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.details.cached_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.details.cached_content_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.details.thoughts_tokens", Field: ReasoningTokens, Form: Count},
		{Key: "gen_ai.usage.details.input_audio_tokens", Field: AudioInputTokens, Form: Count},
		{Key: "gen_ai.usage.details.output_audio_tokens", Field: AudioOutputTokens, Form: Count},
		{Key: "gen_ai.usage.details.cache_audio_read_tokens", Field: AudioCacheReadTokens, Form: Count},
		{Key: "operation.cost", Field: Cost, Form: USD},
	},
}

// logfire writes two spans for a stream: one that ends when the stream begins, and a log of zero length with
// the usage when it ends.
var logfire = Dialect{
	Name:  "logfire",
	Title: "Logfire's LLM instrumentations",
	Source: "pydantic/logfire logfire/_internal/integrations/llm_providers/llm_provider.py @e484a6b5 (4.41.0), usage.py @3cb749f1, " +
		"integrations/openai_agents.py @4ab7e054; of 2024 and 2025 llm_provider.py @0501cc03 and tests/otel_integrations/test_openai.py",
	Notes: "The log span at the end of a stream adds tokens, cost and duration to the request if both are in one batch, else " +
		"tokens and cost to the counters; it is never counted itself.",
	Scopes: []string{"logfire*"},
	Spans: []Span{
		// Of the OpenAI Agents SDK, which name no operation before there is a response.
		{Name: "Chat completion with {gen_ai.request.model!r}", Class: Inference, Operation: "chat"},
		{Name: "Responses API*", Class: Inference, Operation: "chat"},
		// Of versions before 2026, which name no operation, and of a stream or a failure nothing but the model.
		{Name: "Chat Completion with *", Class: Inference, Operation: "chat"},
		{Name: "Message with *", Class: Inference, Operation: "chat"},
		{Name: "Completion with *", Class: Inference, Operation: "text_completion"},
		{Name: "Embedding Creation with *", Class: Embeddings, Operation: "embeddings"},
		{Name: "Image Generation with *", Class: Media, Operation: "image_generation"},
	},
	Attributes: []Attribute{
		{Key: "logfire.span_type", Field: Kind, Own: true, Kinds: map[string]Meaning{
			"log": supplement, "pending_span": none,
		}},
		{Key: "request_data", Form: JSON, Own: true, Inside: []Inside{
			{Path: "stream", Field: Stream, Form: Bool},
			{Path: "model", Field: RequestModel},
		}},
		// Before there were counts of their own.
		{Key: "response_data", Form: JSON, Own: true, Inside: []Inside{
			{Path: "usage.prompt_tokens", Field: InputTokens, Form: Count},
			{Path: "usage.completion_tokens", Field: OutputTokens, Form: Count},
		}},
		{Key: "duration", Field: Measured, Form: Elapsed, Own: true},
		// The provider's usage as it came. The input is counted with cached tokens, whoever the provider is.
		{Key: "gen_ai.usage.raw", Form: JSON, Inside: []Inside{
			{Path: "prompt_tokens_details.cached_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "input_tokens_details.cached_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "cache_read_input_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "input_tokens_details.cache_write_tokens", Field: CacheWriteTokens, Form: Count},
			{Path: "cache_creation_input_tokens", Field: CacheWriteTokens, Form: Count},
			{Path: "completion_tokens_details.reasoning_tokens", Field: ReasoningTokens, Form: Count},
			{Path: "output_tokens_details.reasoning_tokens", Field: ReasoningTokens, Form: Count},
			{Path: "prompt_tokens_details.audio_tokens", Field: AudioInputTokens, Form: Count},
			{Path: "completion_tokens_details.audio_tokens", Field: AudioOutputTokens, Form: Count},
		}},
	},
}

// springAI writes all values as text. Its tools are of the operation framework up to 2.0.
var springAI = Dialect{
	Name:  "spring-ai",
	Title: "Spring AI",
	Source: "spring-projects/spring-ai @fd3fd6ec70 (2.0.2-SNAPSHOT), spring-ai-model and spring-ai-commons observations @01fd663b (2.1), " +
		"issue 6411; its bridge's scope was not read",
	Notes: "Numbers, booleans and lists as text. Up to 1.1 a model that runs tools itself counts the tokens of its earlier calls again on the " +
		"span of each further one, which nothing tells; from 2.0 on each span has its own.",
	Scopes: []string{"org.springframework.ai*", "org.springframework.boot*"},
	Attributes: []Attribute{
		{Key: "spring.ai.kind", Field: Kind, Kinds: map[string]Meaning{
			"chat_client": none, "advisor": none, "vector_store": none, "tool_call": toolRun,
		}},
		{Key: "spring.ai.tool.definition.name", Field: ToolName},
		{Key: "spring.ai.chat.client.stream", Field: Stream, Form: Bool},
		// The class of the exception, or none.
		{Key: "error", Field: ErrorType, Own: true},
	},
}

// langChain4j has the scope of whoever bridges Micrometer's observations, as Spring Boot does.
var langChain4j = Dialect{
	Name:   "langchain4j",
	Title:  "LangChain4j",
	Source: "langchain4j/langchain4j @b8b809ed57 (1.20.0-beta30), langchain4j-observation ChatModelDocumentation.java @f89aef64",
	Notes:  "Token counts stand under bare names; finish reasons and ids are not told.",
	Scopes: []string{"dev.langchain4j*"},
	Attributes: []Attribute{
		{Key: "input_tokens", Field: InputTokens, Form: Count, Common: true},
		{Key: "output_tokens", Field: OutputTokens, Form: Count, Common: true},
		{Key: "outcome", Field: Failed, Form: Failure, Common: true},
	},
}

var quarkus = Dialect{
	Name:   "quarkus-langchain4j",
	Title:  "Quarkus LangChain4j",
	Source: "quarkiverse/quarkus-langchain4j @bf6b33894",
	Notes:  "Failures have an exception event and status UNSET.",
	Scopes: []string{"io.quarkiverse.langchain4j*", "io.quarkus.opentelemetry*"},
	Attributes: []Attribute{
		{Key: "gen_ai.client.estimated_cost", Field: Cost, Form: USD},
	},
}

// ag2 tells the model and the usage of all calls of a conversation on the conversation, too.
var ag2 = Dialect{
	Name:  "ag2",
	Title: "AG2",
	Source: "ag2ai/ag2 autogen/opentelemetry/instrumentators @0684effd, agent_instrumentators/chat.py @09caf6a8; " +
		"ag2/middleware/builtin/telemetry.py @03870a1c, ag2/config/anthropic/mappers.py @0d6bec1f, gemini/mappers.py @23a2e3e9, " +
		"openai/mappers.py @001ba2db",
	Notes: "`record_usage` repeats or adds up what calls took, has no duration and is not read; so calls that compact the history " +
		"do not count.",
	Scopes: []string{"opentelemetry.instrumentation.ag2*"},
	Traits: Framework | ProviderCounts | ProviderThoughts,
	Attributes: []Attribute{
		{Key: "ag2.span.type", Field: Kind, Kinds: map[string]Meaning{
			"llm": chat, "agent": agentRun, "tool": toolRun, "conversation": none, "multi_conversation": none,
			"speaker_selection": none, "handoff": none, "human_input": none, "code_execution": none,
			"usage": none, "envelope": none, "channel": none, "task": none, "agent_lifetime": none, "agent_event": none,
		}},
		{Key: "gen_ai.usage.thinking_tokens", Field: ReasoningTokens, Form: Count},
	},
}

// agentOps writes the kind of span under a key of its own, and the operation under one that it shares with nobody.
var agentOps = Dialect{
	Name:   "agentops",
	Title:  "AgentOps",
	Source: "AgentOps-AI/agentops agentops/semconv @ef381d2a, agentops/instrumentation/anthropic @691c1fbf",
	Scopes: []string{"agentops*"},
	Attributes: []Attribute{
		{Key: "agentops.span.kind", Field: Kind, Kinds: map[string]Meaning{
			"llm": chat, "llm.call": chat, "agent": agentRun, "tool": toolRun, "session": none, "task": none, "operation": none,
			"workflow": none, "workflow.step": none, "team": none, "chain": none, "guardrail": none, "http": none,
			"agent.action": none, "agent.thinking": none, "agent.decision": none,
		}},
		{Key: "gen_ai.request.type", Field: Operation},
		{Key: "gen_ai.request.streaming", Field: Stream, Form: Bool},
		{Key: "gen_ai.streaming.time_to_first_token", Field: TTFT, Form: Seconds},
	},
}

// eino calls the outermost span a workflow, even where that is one call of a model, and writes the usage of calls
// on what runs around them, too. The component tells what a span is.
var eino = Dialect{
	Name:   "eino",
	Title:  "Eino",
	Source: "cloudwego/eino-ext callbacks/apmplus/apmplus.go @17595b20, callbacks/otel/handler.go @733f679b, callbacks/tls @1eded48f",
	Notes: "APMPlus and TLS callbacks name no provider. APMPlus' time to the first token ends when the stream is handed over, " +
		"before there is a token, and is not read. Streams of the OpenTelemetry callbacks tell neither model nor usage.",
	Scopes: []string{"github.com/cloudwego/eino-ext/*"},
	Traits: Framework,
	Spans: []Span{
		// The OpenTelemetry callbacks call what stores documents embeddings, beside the embeddings that it asks for.
		{Name: "Indexer", Class: NoRequest},
	},
	Attributes: []Attribute{
		{Key: "runinfo.component", Field: Kind, Kinds: map[string]Meaning{
			"chatmodel": chat, "agenticmodel": chat, "embedding": embeddings, "tool": toolRun, "toolsnode": none,
			"chattemplate": none, "agenticchattemplate": none, "retriever": none, "indexer": none, "loader": none,
			"documenttransformer": none, "lambda": none, "graph": none, "chain": none, "workflow": none, "passthrough": none,
		}},
		{Key: "gen_ai.span.kind", Field: Kind, Own: true, Kinds: map[string]Meaning{"chatmodel": chat, "embedding": embeddings}},
		{Key: "gen_ai.session.id", Field: Session},
	},
}

// trpcAgent and the one below write the framework's name in the place of the provider's.
var trpcAgent = Dialect{
	Name:   "trpc-agent-go",
	Title:  "tRPC-Agent-Go",
	Source: "trpc-group/trpc-agent-go internal/telemetry/trace.go @a75738ee, metric_chat.go @0207c75f, telemetry/semconv/trace @0382194d",
	Notes:  "It names no provider. The time to the first token is that to the first answer of any kind, streamed or not.",
	Traits: Framework | TTFTOfAny,
	Attributes: []Attribute{
		{Key: "trpc.go.agent.invocation_id", Marks: true},
		{Key: "trpc.go.agent.runner.user_id", Field: User},
		{Key: "trpc_agent_go.client.time_to_first_token", Field: TTFT, Form: Seconds, Marks: true},
		{Key: "gen_ai.usage.input_tokens.cached", Field: CacheReadTokens, Form: Count},
	},
}

// trpcAgentAnthropic is told by the keys that no other of its models' adapters writes.
var trpcAgentAnthropic = Dialect{
	Name:   "trpc-agent-go-anthropic",
	Title:  "tRPC-Agent-Go for Anthropic and Bedrock",
	Source: "trpc-group/trpc-agent-go model/anthropic/anthropic.go @02b64e9f, model/bedrock; internal/telemetry/trace.go @a75738ee",
	Notes:  "Its input tokens leave out the cached ones, which are added.",
	Traits: Framework | TTFTOfAny | InputExcludesCache,
	Attributes: []Attribute{
		{Key: "gen_ai.usage.input_tokens.cache_read", Field: CacheReadTokens, Form: Count, Marks: true},
		{Key: "gen_ai.usage.input_tokens.cache_creation", Field: CacheWriteTokens, Form: Count, Marks: true},
	},
}

var semanticKernel = Dialect{
	Name:   "semantic-kernel",
	Title:  "Microsoft Semantic Kernel",
	Source: "microsoft/semantic-kernel @b39d95a344 (Python 1.44.1), .NET ModelDiagnostics.cs @15d1751d, older @037139f4",
	Notes:  ".NET writes `N/A` for ids and finish reasons that it does not know.",
	Scopes: []string{"semantic_kernel*", "Microsoft.SemanticKernel*"},
	Traits: Framework,
	Attributes: []Attribute{
		// Of .NET before it took up the conventions' names; -1 is an unknown number.
		{Key: "gen_ai.response.prompt_tokens", Field: InputTokens, Form: Count},
		{Key: "gen_ai.response.completion_tokens", Field: OutputTokens, Form: Count},
	},
}

var agentFramework = Dialect{
	Name:   "microsoft-agent-framework",
	Title:  "Microsoft Agent Framework",
	Source: "microsoft/agent-framework @5eb3eb745",
	Scopes: []string{"agent_framework*"},
	Traits: Framework,
}

// agentFrameworkNET writes its spans with Microsoft.Extensions.AI.
var agentFrameworkNET = Dialect{
	Name:   "microsoft-agent-framework-net",
	Title:  "Microsoft Agent Framework for .NET",
	Source: "microsoft/agent-framework dotnet/src/Microsoft.Agents.AI/OpenTelemetryAgent.cs @04f9a486",
	Scopes: []string{"Experimental.Microsoft.Agents.AI*"},
	Traits: SilenceCancels | Framework,
}

var azureInference = Dialect{
	Name:  "azure-ai-inference",
	Title: "Azure AI Inference",
	Source: "Azure/azure-sdk-for-python azure/ai/inference/tracing.py @40c143ea, azure/core/tracing/ext/opentelemetry_span/__init__.py " +
		"@046539e1; azure-sdk-for-net OpenTelemetryScope.cs @ec80e2ae and, " +
		"for the operation `Complete`, @08eece8e; azure-sdk-for-js ai-inference-rest tracingHelper.ts @26e21075",
	// In Python the scope of all of Azure's SDKs.
	Scopes: []string{"azure.ai.inference*", "Azure.AI.Inference*", "azure.core.tracing.ext.opentelemetry_span*"},
	Traits: OperationForModel,
}

// adk writes call_llm, and in Python and Go generate_content below it.
var adk = Dialect{
	Name:  "google-adk",
	Title: "Google ADK",
	Source: "google/adk-python src/google/adk/telemetry/tracing.py, for Python before 2.3 its tests of trace_call_llm and those of " +
		"Arize-ai/openinference openinference-instrumentation-google-adk; adk-go @0a51e153 (2.0.0) and JS 2.0.0 measured",
	Notes: "Python before 2.3 counts output without reasoning, which is added. JS leaves no LLM span of a failed call, and counts output without reasoning. In Python, tools and the agents to which an " +
		"answer hands over run below the `call_llm` of that answer; their calls count for themselves.",
	Scopes: []string{"gcp.vertex.agent*"},
	Traits: Framework | RunsBelowCalls,
	Spans: []Span{
		{Name: "call_llm", Class: Inference, Operation: "generate_content"},
		// Up to 1.x, without attributes.
		{Name: "agent_run *", Class: NoRequest},
	},
	Attributes: []Attribute{
		{Key: "gcp.vertex.agent.session_id", Field: Session},
		{Key: "gen_ai.usage.experimental.reasoning_tokens", Field: ThoughtTokens, Form: Count},
	},
}

// genkit writes keys with colons. Its output attribute holds the whole answer, in the form of Genkit and in the provider's,
// of which only the usage, the model, the id and the finish reason are read. Anthropic's counts are handed on.
var genkit = Dialect{
	Name:  "genkit",
	Title: "Genkit",
	Source: "firebase/genkit @77656d5e6; JS 1.42.0 and Go 1.4.0 measured, @genkit-ai/anthropic 0.3.0 lib/runner, google-genai and " +
		"compat-oai 1.42.0; issue 5412",
	Notes:  "Go reports no usage of streams. The input tokens of the Anthropic plugin leave out the cached ones, which are added.",
	Scopes: []string{"genkit*"},
	Traits: ProviderCounts,
	Attributes: []Attribute{
		{Key: "genkit:metadata:subtype", Field: Kind, Marks: true, Kinds: map[string]Meaning{
			"model": generate, "embedder": embeddings, "reranker": rerank, "background-model": {Class: Media},
			"util": none, "flow": none, "tool": toolRun, "tool.v2": toolRun, "retriever": none, "indexer": none,
			"prompt": none, "executable-prompt": none, "evaluator": none, "custom": none, "resource": none,
		}},
		{Key: "genkit:type", Field: Kind, Marks: true, Kinds: map[string]Meaning{
			"util": none, "flow": none, "flowstep": none, "prompttemplate": none,
		}},
		{Key: "genkit:name", Field: Provider, Form: BeforeSlash},
		{Key: "genkit:name", Field: RequestModel, Form: AfterSlash},
		{Key: "genkit:state", Field: Failed, Form: Failure},
		{Key: "genkit:output", Form: JSON, Inside: []Inside{
			{Path: "usage.inputTokens", Field: InputTokens, Form: Count},
			{Path: "usage.outputTokens", Field: OutputTokens, Form: Count},
			{Path: "usage.totalTokens", Field: TotalTokens, Form: Count},
			{Path: "usage.cachedContentTokens", Field: CacheReadTokens, Form: Count},
			{Path: "usage.thoughtsTokens", Field: ReasoningTokens, Form: Count},
			{Path: "finishReason", Field: FinishReason},
			{Path: "candidates.0.finishReason", Field: FinishReason},
			{Path: "raw.model", Field: ResponseModel},
			{Path: "custom.model", Field: ResponseModel},
			{Path: "custom.modelVersion", Field: ResponseModel},
			{Path: "raw.id", Field: ResponseID},
			{Path: "custom.id", Field: ResponseID},
			{Path: "custom.responseId", Field: ResponseID},
			{Path: "raw.usage.cache_read_input_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "raw.usage.cache_creation_input_tokens", Field: CacheWriteTokens, Form: Count},
			{Path: "raw.usage.prompt_tokens_details.cached_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "raw.usage.completion_tokens_details.reasoning_tokens", Field: ReasoningTokens, Form: Count},
		}},
	},
}

var geminiCLI = Dialect{
	Name:   "gemini-cli",
	Title:  "Gemini CLI",
	Source: "@google/gemini-cli 0.61, measured",
	Scopes: []string{"gemini-cli*"},
}

// strands writes whole milliseconds under a key that others write in seconds.
var strands = Dialect{
	Name:   "strands",
	Title:  "Strands Agents",
	Source: "strands-agents/sdk-python @1232230d, src/strands/telemetry/tracer.py @6fecdce4 (first versions); JS 1.19.0 measured, sdk-typescript src/telemetry/tracer.ts @075972fb",
	Notes: "A call that its caller left has status OK and no usage. JS names its scope and the provider after the service; the " +
		"latter is not read.",
	Scopes: []string{"strands.telemetry*", "strands-agents*", "strands"},
	Traits: SilenceCancels | Framework | ServiceForProvider,
	Spans: []Span{
		// The first versions name no operation, and tell the model and the usage of all calls on the agent, too.
		{Name: "Model invoke", Class: Inference, Operation: "chat"},
		{Name: "*", Class: NoRequest},
	},
	Attributes: []Attribute{
		{Key: "gen_ai.event.start_time", Marks: true},
		{Key: "gen_ai.server.time_to_first_token", Field: TTFT, Form: Milliseconds, Own: true},
	},
}

// mastra used to call the span of a model's whole loop chat, and now that of each call; the operation tells which.
var mastra = Dialect{
	Name:  "mastra",
	Title: "Mastra",
	Source: "@mastra/core 1.71.0 with @mastra/otel-exporter 1.4.0, measured; before, mastra-ai/mastra " +
		"observability/otel-exporter/src/gen-ai-semantics.ts @087c72fa, @28da7259, and pull request 23910",
	Notes: "Failed calls have status OK; finish reason `error` tells them. A call that its caller left goes on to its end. Times are whole " +
		"milliseconds. Before September 2026 one span stands for all calls of a loop of tools, with the sum of their tokens, and counts as " +
		"one request.",
	Scopes: []string{"@mastra/*", "mastra*"},
	Traits: SilenceCancels | TTFTOfAny,
	Attributes: []Attribute{
		{Key: "mastra.span.type", Field: Kind, Kinds: map[string]Meaning{
			"agent_run": agentRun, "model_step": none, "model_chunk": none, "tool_call": toolRun, "mcp_tool_call": toolRun,
			"provider_tool_call": toolRun, "client_tool_call": toolRun, "workflow_run": none, "workflow_step": none,
			"processor_run": none,
		}},
		{Key: "gen_ai.usage.cached_input_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.cache_write_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.audio_input_tokens", Field: AudioInputTokens, Form: Count},
		{Key: "gen_ai.usage.audio_output_tokens", Field: AudioOutputTokens, Form: Count},
		{Key: "mastra.completion_start_time", Field: TTFT, Form: Instant},
	},
}

// dify, and the Alibaba family below, classify spans with gen_ai.span.kind and count nanoseconds.
var dify = Dialect{
	Name:   "dify",
	Title:  "Dify",
	Source: "langgenius/dify parser @017dca47, semconv @6960f043; its scope was not read",
	Notes:  "The time to the first token is written on the workflow, which is no request.",
	Scopes: []string{"dify*"},
	Attributes: []Attribute{
		{Key: "gen_ai.response.time_to_first_token", Field: TTFT, Form: Nanoseconds, Own: true},
	},
}

// loongSuiteGo writes the message of an error where its type belongs.
var loongSuiteGo = Dialect{
	Name:  "loongsuite-go",
	Title: "Alibaba LoongSuite for Go",
	Source: "alibaba/loongsuite-go pkg/inst-api-semconv/instrumenter/ai, pkg/rules/openai @0032f3c7, pkg/rules/ollama @817b9d5e, " +
		"pkg/inst-api/utils/scope.go @0d8fc2d0",
	Scopes: []string{
		"loongsuite.instrumentation.openai", "loongsuite.instrumentation.ollama", "loongsuite.instrumentation.langchain",
		"loongsuite.instrumentation.eino", "loongsuite.instrumentation.adk-go", "loongsuite.instrumentation.trpc-agent-go",
	},
	Attributes: []Attribute{
		{Key: "error.type", Field: ErrorMessage, Own: true},
		{Key: "error.type", Field: Failed, Form: Present, Own: true},
		{Key: "error.type", Own: true},
	},
}

var arms = Dialect{
	Name:  "loongsuite",
	Title: "Alibaba LoongSuite and ARMS",
	Source: "alibaba/loongsuite-python-agent util-genai/span_utils.py @934aef07, @1ea52aef, extended_span_utils.py @20bb40be; other scopes " +
		"than that of its GenAI utilities were not read",
	Scopes: []string{"*loongsuite*"},
	Attributes: []Attribute{
		{Key: "gen_ai.span.kind", Field: Kind, Kinds: kinds},
		{Key: "gen_ai.user.time_to_first_token", Field: TTFT, Form: Nanoseconds, Marks: true},
		{Key: "gen_ai.response.time_to_first_token", Field: TTFT, Form: Nanoseconds, Own: true},
	},
}

// tanStackAI writes to a tracer of the application's.
var tanStackAI = Dialect{
	Name:   "tanstack-ai",
	Title:  "TanStack AI",
	Source: "TanStack/ai packages/ai/src/middlewares/otel.ts @014e1043",
	Notes: "Each pass through the loop is a request, the span around them all is none. A request's span lasts until the tools that its " +
		"answer asked for are done.",
	Spans: []Span{{Name: "*", Class: NoRequest}},
	Attributes: []Attribute{
		{Key: "tanstack.ai.iteration", Marks: true},
		{Key: "tanstack.ai.iterations", Marks: true},
		{Key: "tanstack.ai.completion.reason", Field: ErrorType, Marks: true},
		{Key: "tanstack.ai.tool.outcome", Field: Kind, Marks: true, Kinds: map[string]Meaning{
			"success": toolRun, "error": toolRun, "unknown": toolRun,
		}},
	},
}

// pipecat names its spans after the kind of service.
var pipecat = Dialect{
	Name:   "pipecat",
	Title:  "Pipecat",
	Source: "pipecat-ai/pipecat src/pipecat/utils/tracing/service_attributes.py @0287a02f, service_decorators.py @01b7a93e",
	Notes: "An answer that the user interrupts ends without usage and counts as cancelled. Speech recognition is not counted: its spans " +
		"are of single transcripts.",
	Scopes: []string{"pipecat*"},
	Traits: SilenceCancels | Framework,
	// In real time, where it may tell no usage.
	Spans: []Span{{Name: "llm_response", Class: Inference, Operation: "chat", Answered: true}},
	Attributes: []Attribute{
		{Key: "metrics.ttfb", Field: TTFT, Form: Seconds, Own: true},
		{Key: "stream", Field: Stream, Form: Bool, Own: true},
		{Key: "output", Field: Answered, Form: Present, Own: true},
	},
}

// liveKit names no operation before 2026. The span of a request has one below it for each attempt.
var liveKit = Dialect{
	Name:  "livekit-agents",
	Title: "LiveKit Agents",
	Source: "livekit/agents livekit-agents/livekit/agents/llm/llm.py, telemetry/trace_types.py @020428e1, telemetry/gen_ai.py, " +
		"metrics/base.py LLMMetrics",
	Notes:  "An answer that the user interrupts counts as cancelled.",
	Scopes: []string{"livekit-agents*"},
	Traits: SilenceCancels | Framework,
	Spans:  []Span{{Name: "llm_request", Class: Inference, Operation: "chat"}},
	Attributes: []Attribute{
		{Key: "lk.llm_metrics", Form: JSON, Inside: []Inside{
			{Path: "request_id", Field: ResponseID},
			{Path: "ttft", Field: TTFT, Form: Seconds},
			{Path: "cancelled", Field: ErrorType, Form: Abandoned},
			{Path: "prompt_cached_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "metadata.model_provider", Field: Provider},
		}},
	},
}

// openClaw writes a span of the tokens of a whole run beside those of its calls.
var openClaw = Dialect{
	Name:  "openclaw",
	Title: "OpenClaw",
	Source: "openclaw/openclaw extensions/diagnostics-otel/src/service-recorders-usage.ts @00dcb4ad, service.ts, " +
		"service-genai-attributes.ts",
	Notes:  "`openclaw.model.usage` is the sum of a run and not read. Earlier versions tell no tokens elsewhere.",
	Scopes: []string{"openclaw"},
	Traits: Framework,
	Spans: []Span{
		{Name: "openclaw.model.usage", Class: NoRequest},
		{Name: "openclaw.model.call", Class: Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "openclaw.model_call.time_to_first_byte_ms", Field: TTFT, Form: Milliseconds},
	},
}

// copilotChat is GitHub Copilot Chat in Visual Studio Code.
var copilotChat = Dialect{
	Name:  "copilot-chat",
	Title: "GitHub Copilot Chat",
	Source: "microsoft/vscode-copilot-chat src/platform/otel/common/genAiAttributes.ts @7f4ee0e3, chatMLFetcher.ts and the " +
		"providers of models of one's own, docs/monitoring",
	Scopes:   []string{"copilot-chat*"},
	Resource: []Pair{{"service.name", "copilot-chat"}},
	Attributes: []Attribute{
		{Key: "copilot_chat.time_to_first_token", Field: TTFT, Form: Milliseconds, Marks: true},
		{Key: "copilot_chat.chat_session_id", Field: Session},
	},
}

// rubyLLM is an instrumentation of RubyLLM.
var rubyLLM = Dialect{
	Name:  "ruby-llm",
	Title: "RubyLLM",
	Source: "thoughtbot/opentelemetry-instrumentation-ruby_llm lib/opentelemetry/instrumentation/ruby_llm/patches/chat.rb " +
		"@23c4d38c, patches/embedding.rb @8da3544f",
	Notes: "With RubyLLM 1.x each further request of a turn lies below the one before, whose span tells the last one's tokens: " +
		"only the last is counted.",
	Scopes: []string{"OpenTelemetry::Instrumentation::RubyLLM*"},
}

// nemoAgentToolkit writes no model but the step's name.
var nemoAgentToolkit = Dialect{
	Name:  "nemo-agent-toolkit",
	Title: "NVIDIA NeMo Agent Toolkit",
	Source: "NVIDIA/NeMo-Agent-Toolkit packages/nvidia_nat_core/src/nat/observability/exporter/span_exporter.py @d85d74c2, " +
		"packages/nvidia_nat_opentelemetry span_converter.py, packages/nvidia_nat_langchain callback_handler.py @d7018a91",
	Notes:  "With LangChain, failed calls have no span.",
	Scopes: []string{"nat"},
	Traits: Framework,
	Attributes: []Attribute{
		{Key: "nat.subspan.name", Field: RequestModel, Own: true},
	},
}
