package dialect

// anthropicSDK are the spans that Anthropic's own SDKs write.
var anthropicSDK = Dialect{
	Name:   "anthropic-sdk",
	Title:  "Anthropic SDK",
	Source: "@anthropic-ai/sdk 0.137.0 and 1.12.0, measured",
	Notes: "Status OK on success; a stream that its caller leaves ends with status UNSET and input tokens only. The SDK writes these " +
		"spans whenever OpenTelemetry is set up, so that any other Anthropic instrumentation is a second description.",
	Scopes: []string{"com.anthropic.sdk.*"},
	Traits: SilenceCancels,
	Attributes: []Attribute{
		{Key: "anthropic.message.stop_reason", Field: FinishReason, Form: TextList},
		{Key: "anthropic.request.id", Field: ResponseID},
	},
}

// claudeAPI are the spans that the Claude API sends of its own side of a request, below that of the client.
var claudeAPI = Dialect{
	Name:     "claude-api",
	Title:    "Claude API",
	Source:   "platform.claude.com/docs/en/api/opentelemetry/spans (beta, October 2026)",
	Scopes:   []string{"com.anthropic.claude-platform*"},
	Layer:    Server,
	Provider: "anthropic",
}

// claudeCode counts under short names of its own, input without cached tokens.
var claudeCode = Dialect{
	Name:   "claude-code",
	Title:  "Claude Code",
	Source: "code.claude.com/docs/en/monitoring-usage, traces (beta); anthropics/claude-code issues 50776 and 54172",
	Notes:  "One span for all attempts of a request. The number of attempts is not read: it counts from 1.",
	Scopes: []string{"com.anthropic.claude_code*"},
	Traits: InputExcludesCache,
	Spans: []Span{
		{Name: "claude_code.llm_request", Class: Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "input_tokens", Field: InputTokens, Form: Count, Own: true},
		{Key: "output_tokens", Field: OutputTokens, Form: Count, Own: true},
		{Key: "cache_read_tokens", Field: CacheReadTokens, Form: Count, Own: true},
		{Key: "cache_creation_tokens", Field: CacheWriteTokens, Form: Count, Own: true},
		{Key: "ttft_ms", Field: TTFT, Form: Milliseconds, Own: true},
		{Key: "request_id", Field: ResponseID, Own: true},
		{Key: "stop_reason", Field: FinishReason, Form: TextList, Own: true},
		{Key: "status_code", Field: HTTPStatus, Form: Count, Own: true},
		{Key: "error", Field: Failed, Form: Present, Own: true},
		{Key: "error", Field: ErrorMessage, Own: true},
	},
}

// openTelemetryJS ends the span of an abandoned call without a word, if at all.
var openTelemetryJS = Dialect{
	Name:  "opentelemetry-js",
	Title: "OpenTelemetry JS, EDOT Node.js",
	Source: "open-telemetry/opentelemetry-js-contrib @fd4d8ae8f, instrumentation-aws-sdk bedrock-runtime.ts @15bc6e32 and aws-sdk.ts " +
		"@25a22fc1; instrumentation-openai 0.20.0 and 0.22.0 measured",
	Notes: "A stream that fails or is left leaves no span at all. Token counts of Bedrock's InvokeModel can be guesses from the number of " +
		"characters, which nothing tells; what it asks for is told by the model's name.",
	Scopes: []string{
		"@opentelemetry/instrumentation-openai", "@opentelemetry/instrumentation-aws-sdk",
		"@elastic/opentelemetry-instrumentation-openai",
	},
	Traits: SilenceCancels | ModelForOperation,
	Spans: []Span{
		// Their bodies are understood for some models only.
		{Name: "BedrockRuntime.InvokeModelWithResponseStream", Class: Inference, Operation: "chat", Streamed: true, Answered: true},
		{Name: "BedrockRuntime.InvokeModel", Class: Inference, Operation: "chat", Answered: true},
	},
}

var openTelemetry = Dialect{
	Name:  "opentelemetry",
	Title: "OpenTelemetry Python and Java, GenAI utilities, EDOT Java",
	Source: "open-telemetry/opentelemetry-python-contrib @466ae4c00, opentelemetry-python-genai @4f5a2fb9, " +
		"opentelemetry-java-instrumentation @3300ac688, elastic-otel-java openai-client-instrumentation @d3a104fc",
	Notes: "A stream that is not read to its end may leave no span. google-genai marks errors without a status, and writes 0 " +
		"tokens for an unknown number.",
	Scopes: []string{
		"opentelemetry.instrumentation.openai_v2", "opentelemetry.instrumentation.google_genai",
		"opentelemetry.instrumentation.vertexai", "opentelemetry.instrumentation.botocore*",
		"opentelemetry.util.genai*", "opentelemetry.instrumentation.genai*", "io.opentelemetry.openai-java-*",
		"io.opentelemetry.aws-sdk-*", "openai-client",
	},
}

var openTelemetryFrameworks = Dialect{
	Name:   "opentelemetry-frameworks",
	Title:  "OpenTelemetry Python for the OpenAI Agents SDK, LangChain",
	Source: "open-telemetry/opentelemetry-python-contrib @466ae4c00 (openai-agents-v2 0.2.0.dev), opentelemetry-python-genai @4f5a2fb9",
	Scopes: []string{
		"opentelemetry.instrumentation.openai_agents*", "opentelemetry.instrumentation.genai.langchain*",
		"opentelemetry.instrumentation.genai.openai_agents*",
	},
	Traits: Framework,
}

// extensionsAI writes finish reasons as JSON text, and the stream flag only if true.
var extensionsAI = Dialect{
	Name:  "microsoft-extensions-ai",
	Title: "Microsoft.Extensions.AI",
	Source: "dotnet/extensions src/Libraries/Microsoft.Extensions.AI/OpenTelemetryConsts.cs @5862342c9a (10.10), " +
		"OpenTelemetryImageGenerator.cs and OpenTelemetrySpeechToTextClient.cs @0afaa766; its OpenTelemetryConsts.cs of 9.0; " +
		"OpenTelemetryRealtimeClientSession.cs of 10.x",
	Notes: "Images and speech are of the operation generate_content, and nothing else is. Responses of realtime sessions have no " +
		"times; where sensitive data is written down, what is sent to such a session counts as a cancelled request.",
	Scopes: []string{"Experimental.Microsoft.Extensions.AI*", "Microsoft.Extensions.AI*"},
	Traits: SilenceCancels,
	Spans: []Span{
		{Name: "generate_content*", Class: Media, Operation: "generate_content"},
		// Responses of a realtime session are written when they are done.
		{Name: "realtime*", Class: Inference, Operation: "chat", Instant: true},
	},
	Attributes: []Attribute{
		// Of 9.0 and its previews.
		{Key: "gen_ai.response.input_tokens", Field: InputTokens, Form: Count},
		{Key: "gen_ai.response.output_tokens", Field: OutputTokens, Form: Count},
		{Key: "gen_ai.usage.input_text_tokens", Field: TextInputTokens, Form: Count},
		{Key: "gen_ai.usage.input_audio_tokens", Field: AudioInputTokens, Form: Count},
		{Key: "gen_ai.usage.output_text_tokens", Field: TextOutputTokens, Form: Count},
		{Key: "gen_ai.usage.output_audio_tokens", Field: AudioOutputTokens, Form: Count},
	},
}
