// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// anthropicSDK are the spans that Anthropic's own SDKs write.
var anthropicSDK = Family{
	Name:  "anthropic-sdk",
	Title: "Anthropic SDK",
	Source: "@anthropic-ai/sdk 0.137.0 and 1.12.0, measured; github.com/anthropics/anthropic-sdk-go 1.84.0 internal/telemetry, " +
		"internal/tracing",
	Notes: "The tokens of compactions, which the usage leaves out, are not read. Status OK on success; a stream that its caller " +
		"leaves ends with status UNSET and input tokens only. The SDK writes these " +
		"spans whenever OpenTelemetry is set up, so that any other Anthropic instrumentation is a second description.",
	Scopes: []string{"com.anthropic.sdk.*"},
	Quirks: SilenceCancels,
	Attributes: []Attribute{
		{Key: "anthropic.message.stop_reason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "anthropic.request.id", Fact: fact.RequestID},
	},
}

// mistralSDK are the spans that Mistral's own SDK writes. It calls a completion by an agent the run of an agent. So it calls a
// conversation, which may call models and tools on Mistral's side. What such a response contains are spans below it.
var mistralSDK = Family{
	Name:   "mistral-sdk",
	Title:  "Mistral SDK",
	Source: "@mistralai/mistralai 2.7.0 esm/extra/observability/otel.js, esm/hooks/tracing.js, and measured",
	Notes: "A call of the agents' or conversations' interface is one request. It has the tokens of all that ran on Mistral's side. Streams " +
		"look like other responses. One that fails after a part of the answer has no tokens and no finish reason. So has one that its caller left. " +
		"One without any answer looks like that, too. A failure without Mistral's error object has no type. Each attempt counts.",
	Scopes: []string{"mistralai_sdk_tracer"},
	Spans:  []Span{{Name: "chat *", Class: llm.Inference, Operation: "chat", Finishes: true}},
	Quirks: SilenceCancels | StepSpans | NoResponseFails,
	Attributes: []Attribute{
		{Key: "gen_ai.operation.name", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{
			"chat": chat, "invoke_agent": chat, "text_completion": completion, "embeddings": embeddings, "generate_content": generate,
			"create_agent": none, "execute_tool": toolRun,
		}},
		{Key: "gen_ai.operation.name", EmitterSpecific: true},
		// Of text recognition.
		{Key: "mistral_ai.ocr.usage.pages_processed", Fact: fact.Answered, Encoding: NotEmpty},
	},
}

// claudeAPI are the spans that the Claude API sends of its own side of a request. They lie below that of the client.
var claudeAPI = Family{
	Name:     "claude-api",
	Title:    "Claude API",
	Source:   "platform.claude.com/docs/en/api/opentelemetry/spans (beta, October 2026)",
	Notes:    "A status UNSET means that the caller left.",
	Scopes:   []string{"com.anthropic.claude-platform*"},
	Quirks:   SilenceCancels,
	Layer:    llm.Server,
	Provider: "anthropic",
}

// openTelemetryJS ends the span of an abandoned call without a word, if at all.
var openTelemetryJS = Family{
	Name:  "opentelemetry-js",
	Title: "OpenTelemetry JS, EDOT Node.js",
	Source: "open-telemetry/opentelemetry-js-contrib @fd4d8ae8f, instrumentation-aws-sdk bedrock-runtime.ts @15bc6e32 and aws-sdk.ts " +
		"@25a22fc1; instrumentation-openai 0.20.0 and 0.22.0 measured",
	Notes: "A stream that fails or is left leaves no span at all. Token counts of Bedrock's InvokeModel can be guesses from the number of " +
		"characters, and nothing shows it. The model's name shows what it asks for.",
	Scopes: []string{
		"@opentelemetry/instrumentation-openai", "@opentelemetry/instrumentation-aws-sdk",
		"@elastic/opentelemetry-instrumentation-openai",
	},
	Quirks: SilenceCancels | ModelForOperation,
	Spans: []Span{
		// Their bodies are understood for some models only.
		{Name: "BedrockRuntime.InvokeModelWithResponseStream", Class: llm.Inference, Operation: "chat", Streamed: true, Answered: true},
		{Name: "BedrockRuntime.InvokeModel", Class: llm.Inference, Operation: "chat", Answered: true},
	},
}

var openTelemetry = Family{
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

var openTelemetryFrameworks = Family{
	Name:  "opentelemetry-frameworks",
	Title: "OpenTelemetry Python for agents and frameworks, AWS and Microsoft distributions for OpenAI Agents, LangChain",
	Source: "open-telemetry/opentelemetry-python-contrib @466ae4c00 (openai-agents-v2 0.2.0.dev), opentelemetry-python-genai @4f5a2fb9, " +
		"instrumentation/*/pyproject.toml @46348a3c for the packages; " +
		"@aws/aws-distro-opentelemetry-node-autoinstrumentation 0.13.0 instrumentation-langchain, instrumentation-openai-agents; " +
		"microsoft/opentelemetry-distro-python src/microsoft/opentelemetry/_genai @0814c240, @9ab4376a; @microsoft/opentelemetry 1.4.0",
	Scopes: []string{
		"opentelemetry.instrumentation.openai_agents*", "opentelemetry.instrumentation.genai.langchain*",
		"opentelemetry.instrumentation.genai.openai_agents*", "opentelemetry.instrumentation.genai.agno*",
		"opentelemetry.instrumentation.genai.agentscope*", "opentelemetry.instrumentation.genai.claude_agent_sdk*",
		"opentelemetry.instrumentation.genai.crewai*", "opentelemetry.instrumentation.genai.dspy*",
		"opentelemetry.instrumentation.genai.haystack*", "opentelemetry.instrumentation.genai.llama_index*",
		"opentelemetry.instrumentation.genai.qwen_agent*", "opentelemetry.instrumentation.genai.qwenpaw*",
		"opentelemetry.instrumentation.genai.smolagents*", "microsoft.opentelemetry._genai*",
		"microsoft-otel-langchain", "microsoft-otel-openai-agents", "@aws/aws-distro-opentelemetry-instrumentation-langchain",
		"@aws/aws-distro-opentelemetry-instrumentation-openai-agents",
	},
	Quirks: Framework,
}

// openTelemetryEBPF sees the HTTP requests of programs that nobody instruments. It writes its name on the resource, under a key
// that was renamed, and leaves the scope empty. A tool that an answer asks for is a separate span, with the request's times. So
// it is no run of the tool.
var openTelemetryEBPF = Family{
	Name:  "opentelemetry-ebpf",
	Title: "OpenTelemetry eBPF Instrumentation (OBI)",
	Source: "open-telemetry/opentelemetry-ebpf-instrumentation pkg/export/otel/tracesgen/tracesgen_test.go @75ce307a, " +
		"pkg/ebpf/common/http/ollama.go @56fd7ea9, openai.go @f86134d1, anthropic.go @56fd7ea9, rerank.go @02047b28, " +
		"pkg/appolly/app/request (span.go)",
	Notes: "Client spans of OpenAI, Anthropic, Gemini, Bedrock, Qwen, Ollama, compatible gateways, embeddings and rerankers, without any " +
		"change to programs. Programs that send spans of their own are left out. There is no time to the first token. The input of " +
		"Bedrock leaves out cached tokens; the tokens of a reranker are all input.",
	Resource: []Pair{{"otel.scope.name", "go.opentelemetry.io/obi"}, {"otel.library.name", "go.opentelemetry.io/obi"}},
	Spans:    []Span{{Name: "execute_tool *", Class: llm.NoRequest}},
}

// openTelemetryPHP does not write the conventions' keys.
var openTelemetryPHP = Family{
	Name:   "opentelemetry-php",
	Title:  "OpenTelemetry PHP for OpenAI",
	Source: "open-telemetry/opentelemetry-php-contrib src/Instrumentation/OpenAIPHP/src @261c2d04, @8f65b2e0",
	Notes: "The span of a stream ends when the stream begins, so that it has neither a duration nor tokens. The responses " +
		"API is not traced.",
	Scopes:   []string{"io.opentelemetry.contrib.php.openaiphp"},
	Provider: "openai",
	Spans: []Span{
		{Name: "openai chat/createStreamed", Class: llm.Inference, Operation: "chat", Streamed: true, Instant: true},
		{Name: "openai completions/createStreamed", Class: llm.Inference, Operation: "text_completion", Streamed: true, Instant: true},
	},
	Attributes: []Attribute{
		{Key: "openai.resource", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"chat/create": chat, "chat/createstreamed": chat.streamed(), "completions/create": completion,
			"completions/createstreamed": completion.streamed(), "edits/create": completion, "embeddings/create": embeddings,
			"images/create": image, "images/edit": image, "images/variation": image, "audio/speech": speech,
			"audio/transcribe": transcript, "audio/translate": translation,
			"models/list": none, "models/retrieve": none, "models/delete": none,
		}},
		{Key: "openai.model", Fact: fact.RequestModel},
		{Key: "openai.stream", Fact: fact.Stream, Encoding: Bool},
		{Key: "openai.user", Fact: fact.User},
		{Key: "openai.usage.prompt_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "openai.usage.completion_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "openai.usage.total_tokens", Fact: fact.TotalTokens, Encoding: Count},
	},
}

// extensionsAI writes finish reasons as JSON text, and the stream flag only if true.
var extensionsAI = Family{
	Name:  "microsoft-extensions-ai",
	Title: "Microsoft.Extensions.AI",
	Source: "dotnet/extensions src/Libraries/Microsoft.Extensions.AI/OpenTelemetryConsts.cs @5862342c9a (10.10), " +
		"OpenTelemetryImageGenerator.cs and OpenTelemetrySpeechToTextClient.cs @0afaa766; its OpenTelemetryConsts.cs of 9.0; " +
		"OpenTelemetryRealtimeClientSession.cs of 10.x",
	Notes: "Images and speech are of the operation generate_content, and nothing else is. Responses of realtime sessions have " +
		"no times. Where sensitive data is written down, what is sent to such a session counts as a cancelled request.",
	Scopes: []string{"Experimental.Microsoft.Extensions.AI*", "Microsoft.Extensions.AI*"},
	Quirks: SilenceCancels,
	Spans: []Span{
		{Name: "generate_content*", Class: llm.Media, Operation: "generate_content"},
		// Responses of a realtime session are written when they are done.
		{Name: "realtime*", Class: llm.Inference, Operation: "chat", Instant: true},
	},
	Attributes: []Attribute{
		// Of 9.0 and its previews.
		{Key: "gen_ai.response.input_tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "gen_ai.response.output_tokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.input_text_tokens", Fact: fact.TextInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.input_audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_text_tokens", Fact: fact.TextOutputTokens, Encoding: Count},
		{Key: "gen_ai.usage.output_audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
	},
}

var azureInference = Family{
	Name:  "azure-ai-inference",
	Title: "Azure AI Inference",
	Source: "Azure/azure-sdk-for-python azure/ai/inference/tracing.py @40c143ea, azure/core/tracing/ext/opentelemetry_span/__init__.py " +
		"@046539e1; azure-sdk-for-net OpenTelemetryScope.cs @ec80e2ae and, " +
		"for the operation `Complete`, @08eece8e; azure-sdk-for-js ai-inference-rest tracingHelper.ts @26e21075",
	// In Python the scope of all of Azure's SDKs.
	Scopes: []string{"azure.ai.inference*", "Azure.AI.Inference*", "azure.core.tracing.ext.opentelemetry_span*"},
	Quirks: OperationForModel,
}

// compiledGo are the instrumentations that a Go program is compiled with.
var compiledGo = Family{
	Name:  "opentelemetry-go-compile",
	Title: "OpenTelemetry Go compile-time instrumentation",
	Source: "open-telemetry/opentelemetry-go-compile-instrumentation semconv/genai.go GenAIResponseTimeToFirstToken(microseconds), " +
		"issue 603; @7e576e0e middleware.go, streaming.go",
	Notes:  "Times are whole microseconds. A stream that broke looks like one that its caller left.",
	Scopes: []string{"github.com/open-telemetry/opentelemetry-go-compile-instrumentation/*"},
	Quirks: SilenceCancels,
	Attributes: []Attribute{
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Encoding: Microseconds, EmitterSpecific: true},
	},
}

// loongSuiteGo writes the message of an error where its type belongs.
var loongSuiteGo = Family{
	Name:  "loongsuite-go",
	Title: "Alibaba LoongSuite for Go",
	Source: "alibaba/loongsuite-go pkg/inst-api-semconv/instrumenter/ai, pkg/rules/openai @0032f3c7, pkg/rules/ollama @817b9d5e, " +
		"pkg/inst-api/utils/scope.go @0d8fc2d0",
	Scopes: []string{
		"loongsuite.instrumentation.openai", "loongsuite.instrumentation.ollama", "loongsuite.instrumentation.langchain",
		"loongsuite.instrumentation.eino", "loongsuite.instrumentation.adk-go", "loongsuite.instrumentation.trpc-agent-go",
	},
	Attributes: []Attribute{
		{Key: "error.type", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "error.type", Fact: fact.Failed, Encoding: NotEmpty, EmitterSpecific: true},
		{Key: "error.type", EmitterSpecific: true},
	},
}

var arms = Family{
	Name:  "loongsuite",
	Title: "Alibaba LoongSuite and ARMS",
	Source: "alibaba/loongsuite-python-agent util-genai/span_utils.py @934aef07, @1ea52aef, extended_span_utils.py @20bb40be; other scopes " +
		"than that of its GenAI utilities were not read",
	Scopes: []string{"*loongsuite*"},
	Attributes: []Attribute{
		{Key: "gen_ai.span.kind", Fact: fact.Kind, Meanings: kinds},
		{Key: "gen_ai.user.time_to_first_token", Fact: fact.TTFT, Encoding: Nanoseconds, Identifies: true},
		{Key: "gen_ai.response.time_to_first_token", Fact: fact.TTFT, Encoding: Nanoseconds, EmitterSpecific: true},
	},
}

// rubyLLM is an instrumentation of RubyLLM.
var rubyLLM = Family{
	Name:  "ruby-llm",
	Title: "RubyLLM",
	Source: "thoughtbot/opentelemetry-instrumentation-ruby_llm lib/opentelemetry/instrumentation/ruby_llm/patches/chat.rb " +
		"@23c4d38c, patches/embedding.rb @8da3544f",
	Notes: "With RubyLLM 1.x each further request of a turn lies below the one before. " +
		"That one's span has the last one's tokens, so only the last is counted.",
	Scopes: []string{"OpenTelemetry::Instrumentation::RubyLLM*"},
}
