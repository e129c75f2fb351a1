package dialect

// OpenLLMetry's instrumentations differ by library, and JS differs from Python.

var openLLMetryAnthropic = Dialect{
	Name:   "openllmetry-js-anthropic",
	Title:  "OpenLLMetry JS for Anthropic",
	Source: "traceloop/openllmetry-js @1faf69de (0.27.0), measured",
	Notes:  "Its input tokens leave out the cached ones, which are added. A failed stream leaves no span.",
	Scopes: []string{"@traceloop/instrumentation-anthropic"},
	Traits: InputExcludesCache,
}

var openLLMetryOpenAI = Dialect{
	Name:   "openllmetry-js-openai",
	Title:  "OpenLLMetry JS for OpenAI",
	Source: "traceloop/openllmetry-js @1faf69de (0.27.0), measured",
	Notes: "Streams carry the instrumentation's own token estimate instead of the provider's count, with nothing to tell it by: all its " +
		"counts are marked as estimates. Failed, left and dropped calls leave no span; loading its tokenizer can stretch the " +
		"first span by seconds, and streams of the responses API end their span at once.",
	Scopes: []string{"@traceloop/instrumentation-openai"},
	Traits: EstimatesTokens,
}

var openLLMetryFrameworks = Dialect{
	Name:   "openllmetry-frameworks",
	Title:  "OpenLLMetry for LangChain, CrewAI, Haystack, Agno, LlamaIndex in JS",
	Source: "traceloop/openllmetry @93429cfb9 (0.62.1), openllmetry-js @1faf69de (0.27.0; JS measured)",
	Notes:  "Where the client library is instrumented too, JS writes both spans side by side; the client's is counted.",
	Scopes: []string{
		"@traceloop/instrumentation-langchain*", "@traceloop/instrumentation-llamaindex*",
		"opentelemetry.instrumentation.langchain*", "opentelemetry.instrumentation.crewai*",
		"opentelemetry.instrumentation.haystack*", "opentelemetry.instrumentation.agno*",
	},
	Traits: Framework,
}

// openLLMetryLlamaIndex calls all spans tasks, requests to models too, and those without a parent workflows.
var openLLMetryLlamaIndex = Dialect{
	Name:  "openllmetry-python-llamaindex",
	Title: "OpenLLMetry Python for LlamaIndex",
	Source: "traceloop/openllmetry opentelemetry-instrumentation-llamaindex/dispatcher_wrapper.py @10c609a5, span_utils.py @040a8e44 " +
		"for the operation",
	Notes:  "Embeddings are known by their class and tell no tokens.",
	Scopes: []string{"opentelemetry.instrumentation.llamaindex*", "opentelemetry.instrumentation.llama_index*"},
	Traits: Framework,
	Spans: []Span{
		{Name: "*Embedding.task", Class: Embeddings, Operation: "embeddings"},
		{Name: "*Embedding.workflow", Class: Embeddings, Operation: "embeddings"},
	},
	Attributes: []Attribute{
		{Key: "traceloop.span.kind", Field: Kind, Own: true, Kinds: map[string]Meaning{"agent": agentRun, "tool": toolRun}},
	},
}

var laminar = Dialect{
	Name:   "laminar",
	Title:  "Laminar",
	Source: "@lmnr-ai/lmnr 0.8.46, measured; lmnr-ai/lmnr-python src/lmnr/sdk for the keys of people and for replays",
	Notes:  "The code is OpenLLMetry's; streams carry no usage. Calls that a replay answers are not counted.",
	Scopes: []string{"lmnr*", "@lmnr-ai/*", "laminar*"},
	Attributes: []Attribute{
		{Key: "lmnr.span.type", Field: Kind, Kinds: kinds},
		// The type of what a replay answers is CACHED, and this its type otherwise.
		{Key: "lmnr.span.original_type", Field: Kind, Kinds: map[string]Meaning{"llm": none}},
		{Key: "lmnr.association.properties.user_id", Field: User, Common: true},
		{Key: "lmnr.association.properties.session_id", Field: Session, Common: true},
	},
}

// edotPython writes the conventions' keys. Its scope is the beginning of that of OpenLLMetry's instrumentation of OpenAI.
var edotPython = Dialect{
	Name:     "edot-python",
	Title:    "EDOT Python",
	Source:   "elastic/elastic-otel-python-instrumentations @935ab4f",
	Scopes:   []string{"opentelemetry.instrumentation.openai"},
	Resource: []Pair{{"telemetry.distro.name", "elastic"}},
}

// openLLMetryPython names no operation on spans of the responses API, before it took up the conventions' keys.
var openLLMetryPython = Dialect{
	Name:   "openllmetry-python-openai",
	Title:  "OpenLLMetry Python for OpenAI",
	Source: "traceloop/openllmetry opentelemetry/instrumentation/openai/v1/responses_wrappers.py",
	Notes:  "An event for every chunk of a stream.",
	Scopes: []string{"opentelemetry.instrumentation.openai.*"},
	Spans: []Span{
		{Name: "openai.response", Class: Inference, Operation: "chat"},
	},
}

var openLLMetry = Dialect{
	Name:  "openllmetry",
	Title: "OpenLLMetry",
	Source: "traceloop/openllmetry packages/opentelemetry-instrumentation-* @93429cfb9 (0.62.1), semconv-ai 0.5.2; " +
		"traceloop/go-openllmetry semconv-ai/attributes.go @b4ed6f2a, traceloop-sdk/llm_span.go @37ff07db",
	Scopes: []string{"opentelemetry.instrumentation.*", "@traceloop/*", "traceloop.tracer"},
	Attributes: []Attribute{
		// Of Go.
		{Key: "llm.vendor", Field: Provider},
		{Key: "llm.response.model", Field: ResponseModel},
		{Key: "traceloop.span.kind", Field: Kind, Kinds: map[string]Meaning{
			"workflow": none, "task": none, "agent": agentRun, "tool": toolRun, "unknown": {},
		}},
		{Key: "traceloop.entity.name", Field: ToolName},
		{Key: "traceloop.entity.name", Field: AgentName},
		{Key: "llm.response.finish_reason", Field: FinishReason, Form: TextList},
		{Key: "llm.response.stop_reason", Field: FinishReason, Form: TextList},
		{Key: "traceloop.association.properties.user_id", Field: User, Common: true},
		{Key: "traceloop.association.properties.session_id", Field: Session, Common: true},
	},
	Events: []Event{
		{Name: "gen_ai.content.completion.chunk", Field: TTFT},
		{Name: "gen_ai.content.completion.chunk", Field: ChunkGaps},
		{Name: "llm.content.completion.chunk", Field: TTFT},
		{Name: "llm.content.completion.chunk", Field: ChunkGaps},
	},
}
