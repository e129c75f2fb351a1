package dialect

// semconv is the current form of the OpenTelemetry GenAI conventions, as their own
// instrumentations and many SDKs write them.
var semconv = Dialect{
	Name:   "opentelemetry",
	Source: "open-telemetry/semantic-conventions v1.41.1 model/gen-ai; open-telemetry/semantic-conventions-genai main of 2026-10-09",
	Scopes: []string{
		"com.anthropic.sdk.*",
		"opentelemetry.instrumentation.openai_v2",
		"opentelemetry.instrumentation.google_genai",
		"opentelemetry.instrumentation.vertexai",
		"opentelemetry.util.genai*",
		"@opentelemetry/instrumentation-openai",
		"@opentelemetry/instrumentation-aws-sdk",
		"io.opentelemetry.*",
		"Experimental.Microsoft.Extensions.AI",
	},
	Attributes: []Attribute{
		{Key: "gen_ai.operation.name", Field: Operation},
		{Key: "gen_ai.provider.name", Field: Provider},
		{Key: "gen_ai.request.model", Field: RequestModel},
		{Key: "gen_ai.response.model", Field: ResponseModel},
		{Key: "gen_ai.response.id", Field: ResponseID},
		{Key: "gen_ai.response.finish_reasons", Field: FinishReason, Form: TextList},
		{Key: "gen_ai.request.stream", Field: Stream, Form: Bool},
		{Key: "gen_ai.response.time_to_first_chunk", Field: TTFT, Form: Seconds},
		{Key: "gen_ai.usage.input_tokens", Field: InputTokens, Form: Count},
		{Key: "gen_ai.usage.output_tokens", Field: OutputTokens, Form: Count},
		{Key: "gen_ai.usage.cache_read.input_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.cache_write.input_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.cache_creation.input_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.reasoning.output_tokens", Field: ReasoningTokens, Form: Count},
		{Key: "server.address", Field: ServerAddress, Common: true},
		{Key: "server.port", Field: ServerPort, Form: Count, Common: true},
		{Key: "error.type", Field: ErrorType, Common: true},
		{Key: "http.response.status_code", Field: HTTPStatus, Form: Count, Common: true},
	},
}

// semconvOld are the names that the conventions used up to v1.36 and that many emitters still
// write.
var semconvOld = Dialect{
	Name:   "opentelemetry-old",
	Source: "open-telemetry/semantic-conventions v1.26.0 to v1.36.0 model/gen-ai",
	Attributes: []Attribute{
		{Key: "gen_ai.system", Field: Provider},
		{Key: "gen_ai.usage.prompt_tokens", Field: InputTokens, Form: Count},
		{Key: "gen_ai.usage.completion_tokens", Field: OutputTokens, Form: Count},
		{Key: "gen_ai.usage.total_tokens", Field: TotalTokens, Form: Count},
		{Key: "llm.usage.total_tokens", Field: TotalTokens, Form: Count},
		{Key: "gen_ai.usage.cache_read_input_tokens", Field: CacheReadTokens, Form: Count},
		{Key: "gen_ai.usage.cache_creation_input_tokens", Field: CacheWriteTokens, Form: Count},
		{Key: "gen_ai.usage.reasoning_tokens", Field: ReasoningTokens, Form: Count},
		{Key: "http.status_code", Field: HTTPStatus, Form: Count, Common: true},
	},
}
