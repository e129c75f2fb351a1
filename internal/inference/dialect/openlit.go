package dialect

var openLITFrameworks = Dialect{
	Name:   "openlit-frameworks",
	Title:  "OpenLIT for LangChain, LlamaIndex, CrewAI, Haystack, Agno",
	Source: "openlit/openlit sdk/python @ad20b7b4 (1.45.0)",
	Scopes: []string{
		"openlit.instrumentation.langchain*", "openlit.instrumentation.llamaindex*",
		"openlit.instrumentation.crewai*", "openlit.instrumentation.haystack*", "openlit.instrumentation.agno*",
	},
	Traits: Framework | EstimatesTokens,
}

// openLIT names its scope after the library, but JS calls that of any OpenAI client instrumentation-vllm.
var openLIT = Dialect{
	Name:   "openlit",
	Title:  "OpenLIT",
	Source: "openlit/openlit sdk/python @ad20b7b4 (1.45.0); JS 1.15.0 measured",
	Notes: "Where a stream brings no usage its tokens are an estimate that nothing tells apart: counts of streams are marked as " +
		"estimates. Its time to the first token is the first chunk, which may hold no text yet. A cost of 0 means an unknown price.",
	Scopes: []string{"openlit*", "@openlit/*"},
	Traits: SilenceCancels | EstimatesTokens,
}
