package dialect

var pydanticAI = Dialect{
	Name:   "pydantic-ai",
	Title:  "Pydantic AI",
	Source: "pydantic/pydantic-ai pydantic_ai_slim/pydantic_ai/_instrumentation.py, usage.py @4fda38988",
	Scopes: []string{"pydantic-ai*", "pydantic_ai*"},
	Traits: Framework,
	Attributes: []Attribute{
		{Key: "gen_ai.usage.details.cache_read_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.details.reasoning_tokens", Field: ReasoningTokens, Form: Count},
		{Key: "gen_ai.usage.details.input_audio_tokens", Field: AudioInputTokens, Form: Count},
		{Key: "gen_ai.usage.details.output_audio_tokens", Field: AudioOutputTokens, Form: Count},
		{Key: "gen_ai.usage.details.cache_audio_read_tokens", Field: AudioCacheReadTokens, Form: Count},
		{Key: "operation.cost", Field: Cost, Form: USD},
	},
}

// logfire writes two spans for a stream: one that ends when the stream begins, and a log of zero length with
// the usage when it ends.
var logfire = Dialect{
	Name:   "logfire",
	Title:  "Logfire's LLM instrumentations",
	Source: "pydantic/logfire logfire/_internal/integrations/llm_providers/llm_provider.py @e484a6b5 (4.41.0)",
	Notes: "The log span at the end of a stream adds tokens, cost and duration to the request if both are in one batch, else " +
		"tokens and cost to the counters; it is never counted itself.",
	Scopes: []string{"logfire*"},
	Attributes: []Attribute{
		{Key: "logfire.span_type", Field: Kind, Own: true, Kinds: map[string]Meaning{
			"log": supplement, "pending_span": none,
		}},
		{Key: "request_data", Form: JSON, Own: true, Inside: []Inside{
			{Path: "stream", Field: Stream, Form: Bool},
		}},
		{Key: "duration", Field: Measured, Form: Elapsed, Own: true},
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
	Source: "Azure/azure-sdk-for-python azure/ai/inference/tracing.py @40c143ea; azure-sdk-for-net OpenTelemetryScope.cs @ec80e2ae and, " +
		"for the operation `Complete`, @08eece8e; azure-sdk-for-js ai-inference-rest tracingHelper.ts @26e21075",
	Scopes: []string{"azure.ai.inference*", "Azure.AI.Inference*"},
	Traits: OperationForModel,
}

// adk writes call_llm, and in Python and Go generate_content below it.
var adk = Dialect{
	Name:   "google-adk",
	Title:  "Google ADK",
	Source: "google/adk-python src/google/adk/telemetry/tracing.py; adk-go @0a51e153 (2.0.0) and JS 2.0.0 measured",
	Notes: "JS leaves no LLM span of a failed call, and counts output without reasoning. In Python, tools and the agents to which an " +
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
	},
}

// genkit writes keys with colons. Its output attribute holds the whole answer, of which only the usage is read.
var genkit = Dialect{
	Name:   "genkit",
	Title:  "Genkit",
	Source: "firebase/genkit @77656d5e6; JS 1.42.0 and Go 1.4.0 measured",
	Notes:  "Go reports no usage of streams.",
	Scopes: []string{"genkit*"},
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
			{Path: "raw.model", Field: ResponseModel},
			{Path: "custom.model", Field: ResponseModel},
			{Path: "custom.id", Field: ResponseID},
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
	Source: "strands-agents/sdk-python @1232230d; JS 1.19.0 measured, sdk-typescript src/telemetry/tracer.ts @075972fb",
	Notes: "A call that its caller left has status OK and no usage. JS names its scope and the provider after the service; the " +
		"latter is not read.",
	Scopes: []string{"strands.telemetry*", "strands-agents*", "strands"},
	Traits: SilenceCancels | Framework | ServiceForProvider,
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

var arms = Dialect{
	Name:   "loongsuite",
	Title:  "Alibaba LoongSuite and ARMS",
	Source: "alibaba/loongsuite-python-agent; its scopes were not read",
	Scopes: []string{"*loongsuite*"},
	Attributes: []Attribute{
		{Key: "gen_ai.span.kind", Field: Kind, Kinds: kinds},
		{Key: "gen_ai.user.time_to_first_token", Field: TTFT, Form: Nanoseconds, Marks: true},
		{Key: "gen_ai.response.time_to_first_token", Field: TTFT, Form: Nanoseconds, Own: true},
	},
}
