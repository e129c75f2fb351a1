package dialect

// openInference are Arize's instrumentations and those who write their keys. Spans are INTERNAL;
// failures often leave no span at all.
var openInference = Dialect{
	Name: "openinference",
	Source: "Arize-ai/openinference @1fe497f1d (semantic conventions 0.1.32); " +
		"JS openai 4.2.7, anthropic 0.2.8, langchain 4.1.1 measured",
	Scopes: []string{"openinference.instrumentation.*", "@arizeai/openinference-instrumentation-*"},
	Attributes: []Attribute{
		{Key: "openinference.span.kind", Field: Kind, Kinds: map[string]Meaning{
			"llm":       {Inference, "chat"},
			"embedding": {Embeddings, "embeddings"},
			"reranker":  {Rerank, "rerank"},
			"agent":     {Class: NoRequest},
			"chain":     {Class: NoRequest},
			"tool":      {Class: NoRequest},
			"retriever": {Class: NoRequest},
			"guardrail": {Class: NoRequest},
			"evaluator": {Class: NoRequest},
			"prompt":    {Class: NoRequest},
		}},
		{Key: "llm.provider", Field: Provider},
		{Key: "llm.system", Field: Provider},
		{Key: "llm.request.model_name", Field: RequestModel},
		{Key: "llm.model_name", Field: RequestModel},
		{Key: "embedding.model_name", Field: RequestModel},
		{Key: "llm.response.model_name", Field: ResponseModel},
		{Key: "llm.finish_reason", Field: FinishReason, Form: TextList},
		{Key: "llm.token_count.prompt", Field: InputTokens, Form: Count},
		{Key: "llm.token_count.completion", Field: OutputTokens, Form: Count},
		{Key: "llm.token_count.total", Field: TotalTokens, Form: Count},
		{Key: "llm.token_count.prompt_details.cache_read", Field: CacheReadTokens, Form: Count},
		{Key: "llm.token_count.prompt_details.cache_input", Field: CacheReadTokens, Form: Count},
		{Key: "llm.token_count.prompt_details.cache_write", Field: CacheWriteTokens, Form: Count},
		{Key: "llm.token_count.prompt_details.cache_creation", Field: CacheWriteTokens, Form: Count},
		{Key: "llm.token_count.completion_details.reasoning", Field: ReasoningTokens, Form: Count},
		{Key: "llm.invocation_parameters", Form: JSON, Inside: []Inside{
			{Path: "stream", Field: Stream, Form: Bool},
		}},
	},
	Events: []Event{
		{Name: "First Token Stream Event", Field: TTFT},
	},
}
