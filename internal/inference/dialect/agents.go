package dialect

// codex writes a span for each event of a response, and names it after the event. That of the last one has the usage; the
// request lies around it, and has the model.
var codex = Dialect{
	Name:  "codex",
	Title: "Codex CLI",
	Source: "openai/codex codex-rs/otel/src/events/session_telemetry.rs @0136a731, provider.rs @058195b9, core/src/session/turn.rs, " +
		"pull request 19432, issue 46826",
	Notes: "The last event's span adds tokens to the request, and tells its end, if both are in one batch; else the tokens go into the " +
		"counters without a model, and the duration contains the tools that the answer called. Failures are not told, and each attempt " +
		"counts. Before April 2026 there are no tokens.",
	// The tracer has the name of the service.
	Scopes: []string{"codex*", "Codex*"},
	Traits: RunsBelowCalls | TellingSteps,
	Spans: []Span{
		{Name: "try_run_sampling_request", Class: Inference, Operation: "chat", Streamed: true},
		// Agents that a call starts run below it.
		{Name: "handle_tool_call*", Class: NoRequest},
		{Name: "session_loop", Class: NoRequest},
	},
	Attributes: []Attribute{
		// Common, since they open as the keys of source code do, which any span can have.
		{Key: "codex.usage.total_tokens", Field: Kind, Form: Count, Common: true, Kinds: map[string]Meaning{AnyNumber: supplement}},
		{Key: "codex.usage.reasoning_output_tokens", Field: ReasoningTokens, Form: Count, Common: true},
		{Key: "model", Field: RequestModel, Own: true},
	},
}

// nemoGuardrails calls the operation what the rail calls its task.
var nemoGuardrails = Dialect{
	Name:  "nemo-guardrails",
	Title: "NVIDIA NeMo Guardrails",
	Source: "NVIDIA/NeMo-Guardrails nemoguardrails/tracing/span_extractors.py, spans.py, constants.py (2026), tracing/adapters/opentelemetry.py " +
		"@124097f8, guardrails/telemetry.py",
	Notes: "Answers out of its own cache are no requests. The operation is the rail's task. In its legacy format, tokens stand under keys " +
		"with the model's name in them, which are not read.",
	Scopes: []string{"nemo-guardrails*", "nemo_guardrails*", "nemoguardrails*"},
	Traits: Framework,
	Spans: []Span{
		{Name: "LLM: *", Class: Inference, Operation: "chat", NamesModel: true},
	},
	Attributes: []Attribute{
		{Key: "llm.cache.hit", Field: Kind, Form: Bool, Kinds: map[string]Meaning{"true": none, "false": chat}},
	},
}

// guardrailsAI calls the calls of models guardrails, as it does its validators.
var guardrailsAI = Dialect{
	Name:   "guardrails-ai",
	Title:  "Guardrails AI",
	Source: "guardrails-ai/guardrails guardrails/telemetry/runner_tracing.py @1ba15f2b, open_inference.py @09070d96, llm_providers.py",
	Notes:  "It names no provider. The span of a stream ends when the stream begins, and has no tokens.",
	Scopes: []string{"guardrails-ai*"},
	Traits: Framework,
	Spans: []Span{
		{Name: "call", Class: Inference, Operation: "chat"},
		{Name: "*", Class: NoRequest},
	},
	Attributes: []Attribute{
		{Key: "openinference.span.kind", Own: true},
	},
}

// agentScope counts cached tokens under keys of its own.
var agentScope = Dialect{
	Name:  "agentscope",
	Title: "AgentScope",
	Source: "agentscope-ai/agentscope src/agentscope/tracing/_extractor.py @034d3228 (1.x), middleware/_tracing/_extractor.py @3545b19f (2.x), " +
		"model/_anthropic/_model.py @071dd876",
	Notes:  "Streams are not told from other responses. An answer that its caller interrupted has the finish reason `interrupted` from 2.x on.",
	Scopes: []string{"agentscope"},
	Traits: Framework | ProviderCounts,
	Attributes: []Attribute{
		{Key: "agentscope.usage.cache_input_tokens", Field: CacheReadTokens, Form: Count, Marks: true},
		{Key: "agentscope.usage.cache_creation_input_tokens", Field: CacheWriteTokens, Form: Count, Marks: true},
		{Key: "agentscope.usage.cached_tokens", Field: CacheReadTokens, Form: Count, Marks: true},
	},
}

// openTelemetryPHP does not write the conventions' keys.
var openTelemetryPHP = Dialect{
	Name:     "opentelemetry-php",
	Title:    "OpenTelemetry PHP for OpenAI",
	Source:   "open-telemetry/opentelemetry-php-contrib src/Instrumentation/OpenAIPHP/src @261c2d04, @8f65b2e0",
	Notes:    "The span of a stream ends when the stream begins, so that it tells no duration, and has no tokens. The responses API is not traced.",
	Scopes:   []string{"io.opentelemetry.contrib.php.openaiphp"},
	Provider: "openai",
	Spans: []Span{
		{Name: "openai chat/createStreamed", Class: Inference, Operation: "chat", Streamed: true, Instant: true},
		{Name: "openai completions/createStreamed", Class: Inference, Operation: "text_completion", Streamed: true, Instant: true},
	},
	Attributes: []Attribute{
		{Key: "openai.resource", Field: Kind, Marks: true, Kinds: map[string]Meaning{
			"chat/create": chat, "chat/createstreamed": chat.streamed(), "completions/create": completion,
			"completions/createstreamed": completion.streamed(), "edits/create": completion, "embeddings/create": embeddings,
			"images/create": image, "images/edit": image, "images/variation": image, "audio/speech": speech,
			"audio/transcribe": transcript, "audio/translate": translation,
			"models/list": none, "models/retrieve": none, "models/delete": none,
		}},
		{Key: "openai.model", Field: RequestModel},
		{Key: "openai.stream", Field: Stream, Form: Bool},
		{Key: "openai.user", Field: User},
		{Key: "openai.usage.prompt_tokens", Field: InputTokens, Form: Count},
		{Key: "openai.usage.completion_tokens", Field: OutputTokens, Form: Count},
		{Key: "openai.usage.total_tokens", Field: TotalTokens, Form: Count},
	},
}

// langflow calls its components what they are about: those that only make a model or an embedder are LLMs and embeddings, too.
var langflow = Dialect{
	Name:   "langflow",
	Title:  "Langflow",
	Source: "langflow-ai/langflow src/backend/base/langflow/services/tracing/arize_phoenix.py @0112280b, trace_type of its components",
	Notes:  "Its own spans are components and not counted: it sets up OpenInference for LangChain, whose spans are.",
	Scopes: []string{"langflow.services.tracing*"},
	Spans: []Span{
		{Name: "*", Class: NoRequest},
	},
	Attributes: []Attribute{
		{Key: "openinference.span.kind", Own: true},
	},
}

// reqLLM writes the conventions' keys.
var reqLLM = Dialect{
	Name:   "req-llm",
	Title:  "ReqLLM",
	Source: "agentjido/req_llm lib/req_llm/open_telemetry.ex @13efdba0, open_telemetry/attributes.ex @70489b43, usage/normalize.ex @a636c552",
	Notes:  "The input tokens of Anthropic and Bedrock leave out the cached ones, which are added.",
	Scopes: []string{"req_llm"},
	Traits: ProviderCounts,
}

// mcpAgent adds up what all calls of a run took. Calls of Anthropic's and OpenAI's API have spans of OpenLLMetry, which it
// sets up, some of them in traces of their own.
var mcpAgent = Dialect{
	Name:  "mcp-agent",
	Title: "mcp-agent",
	Source: "lastmile-ai/mcp-agent src/mcp_agent/workflows/llm/augmented_llm_anthropic.py @07c7f728, augmented_llm_openai.py @00104ba7, " +
		"augmented_llm_azure.py @0fb21aba, tracing/tracer.py @1ffa26b0",
	Notes: "Its spans of agents that call Anthropic, OpenAI, Ollama or LM Studio are not counted: OpenLLMetry's spans of the calls are. " +
		"Other models' calls have no spans, so that a run of an agent counts as one request with the sum of their tokens.",
	// The tracer has the name of the service.
	Scopes: []string{"mcp-agent*", "mcp_agent*"},
	Traits: Framework,
	Spans: []Span{
		{Name: "AnthropicAugmentedLLM.*", Class: NoRequest},
		{Name: "OpenAIAugmentedLLM.*", Class: NoRequest},
		{Name: "OllamaAugmentedLLM.*", Class: NoRequest},
		{Name: "LMStudioAugmentedLLM.*", Class: NoRequest},
	},
	Attributes: []Attribute{
		{Key: "request_params.max_iterations", Marks: true},
	},
}

// mirascope tells cached and reasoning tokens in a copy of the usage. Functions that it traces have the copy, too.
var mirascope = Dialect{
	Name:  "mirascope",
	Title: "Mirascope",
	Source: "Mirascope/mirascope python/mirascope/ops/_internal/instrumentation/llm/common.py @10b1d365, model.py @0875b8e9, " +
		"serialize.py @e70d54e7, llm/providers/anthropic/_utils/decode.py @0236fff8, typescript/src/ops/_internal/instrumentation/common.ts @428559e2",
	Notes: "Models' names begin with the provider. Streams are not told from other responses; those of Anthropic leave cached tokens " +
		"out of the input, which nothing tells.",
	Scopes: []string{"mirascope.llm"},
	Traits: Framework,
	Attributes: []Attribute{
		{Key: "mirascope.response.usage", Form: JSON, Inside: []Inside{
			{Path: "cache_read_tokens", Field: CacheReadTokens, Form: Count},
			{Path: "cacheReadTokens", Field: CacheReadTokens, Form: Count},
			{Path: "cache_write_tokens", Field: CacheWriteTokens, Form: Count},
			{Path: "cacheWriteTokens", Field: CacheWriteTokens, Form: Count},
			{Path: "reasoning_tokens", Field: ReasoningTokens, Form: Count},
			{Path: "reasoningTokens", Field: ReasoningTokens, Form: Count},
		}},
	},
}

// axLLM tells the usage in events, of which a stream has one for each chunk, each with all tokens so far.
var axLLM = Dialect{
	Name:   "ax",
	Title:  "Ax",
	Source: "ax-llm/ax src/ax/ai/base.ts @fabc76d5, src/ax/trace/trace.ts @a8a08dc2",
	Notes: "It does not tell cached tokens, nor does the input of Anthropic contain them. Vertex AI is called Gemini. Failures are told only " +
		"by versions that tell the response's model, too.",
	Traits: ProviderThoughts,
	Attributes: []Attribute{
		// The tracer is the application's own.
		{Key: "gen_ai.request.llm_is_streaming", Field: Stream, Form: Bool, Marks: true},
	},
	Events: []Event{
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.input_tokens", Field: InputTokens, Form: Count, Last: true},
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.output_tokens", Field: OutputTokens, Form: Count, Last: true},
		{Name: "gen_ai.usage", Attribute: "gen_ai.usage.thoughts_tokens", Field: ReasoningTokens, Form: Count, Last: true},
	},
}
