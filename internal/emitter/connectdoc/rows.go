// SPDX-License-Identifier: Apache-2.0

package main

// row is one thing to connect.
type row struct {
	title string
	// families are names of families whose cases show what its spans hold. It is empty for what has no spans of its own.
	families []string
	// set is what to set there, as Markdown. COLLECTOR stands for the collector's host.
	set string
	// but is what to know besides, as Markdown.
	but string
}

// section is rows of one kind.
type section struct {
	title string
	rows  []row
}

const (
	setPython = "`opentelemetry-instrument` with `OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4317`"
	setNode   = "`NODE_OPTIONS=--require @opentelemetry/auto-instrumentations-node/register`, `OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4318`"
)

var sections = []section{
	{"Inference engines", []row{
		{
			"vLLM",
			[]string{"vllm"},
			"`vllm serve MODEL --otlp-traces-endpoint grpc://COLLECTOR:4317`, `OTEL_SERVICE_NAME`, `OTEL_EXPORTER_OTLP_TRACES_INSECURE=true`; " +
				"OpenTelemetry's SDK and OTLP exporter must be installed beside it",
			"V1 names no model unless a calling span does: set `reading::default_model`. Aborted requests leave no span. Queue and KV cache: " +
				"[`llm_engine`](../receiver/llmenginereceiver/README.md)",
		},
		{
			"SGLang",
			[]string{"sglang"},
			"`python -m sglang.launch_server … --enable-trace --otlp-traces-endpoint COLLECTOR:4317`", "Of failures it reports aborts alone",
		},
		{
			"Text Generation Inference",
			[]string{"tgi"},
			"`--otlp-endpoint http://COLLECTOR:4317 --otlp-service-name NAME`, NAME beginning with `text-generation-inference`",
			"No model, no token counts: set `reading::default_model`",
		},
		{"TensorRT-LLM", []string{"tensorrt-llm"}, "`trtllm-serve … --otlp_traces_endpoint http://COLLECTOR:4317`, with `return_perf_metrics: true`", ""},
		{
			"Triton",
			[]string{"triton"},
			"`--trace-config mode=opentelemetry --trace-config opentelemetry,url=http://COLLECTOR:4318/v1/traces --trace-config level=TIMESTAMPS --trace-config rate=1`",
			"No tokens at all; `rate` above 1 samples",
		},
		{"NVIDIA Dynamo", []string{"dynamo"}, "`OTEL_EXPORT_ENABLED=1`, `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://COLLECTOR:4317`", "Its engines' spans are counted beside its own, in another layer"},
		{
			"Ollama",
			[]string{"opentelemetry-ebpf"},
			"Has no spans. Instrument the program that calls it, as for OpenAI's SDK below, with `baseURL` http://localhost:11434/v1. Or run [OpenTelemetry eBPF " +
				"Instrumentation](https://opentelemetry.io/docs/zero-code/obi/) beside that program, with `OTEL_EBPF_HTTP_OLLAMA_ENABLED=true` and " +
				"`OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4318`: [examples/obi](../examples/obi)",
			"The columns are eBPF's, which needs root. Models in memory: [`llm_engine`](../receiver/llmenginereceiver/README.md)",
		},
		{"llama.cpp, LMDeploy, LocalAI", nil, "Have no spans: instrument the callers, and read their pages with [`llm_engine`](../receiver/llmenginereceiver/README.md)", ""},
		{"Llama Stack", []string{"opentelemetry"}, "`opentelemetry-instrument llama stack run …` with `OTEL_EXPORTER_OTLP_ENDPOINT`", "Its own metrics' names: [examples/llama-stack](../examples/llama-stack)"},
	}},
	{"Gateways", []row{
		{"LiteLLM", []string{"litellm"}, "`litellm_settings: {callbacks: [otel]}`, `OTEL_EXPORTER=otlp_grpc`, `OTEL_ENDPOINT=http://COLLECTOR:4317`", ""},
		{"Envoy AI Gateway", []string{"envoy-ai-gateway"}, "in the Helm chart, `extProc.extraEnvVars`: `OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4317`", ""},
		{"agentgateway", []string{"agentgateway"}, "`config: {tracing: {otlpEndpoint: \"http://COLLECTOR:4317\", randomSampling: true}}`", ""},
		{"Bifrost", []string{"bifrost"}, "plugin `otel`: `{service_name: bifrost, collector_url: \"COLLECTOR:4317\", trace_type: genai_extension, protocol: grpc}`", "A span an attempt"},
		{"OpenRouter", []string{"openrouter"}, "Broadcast, destination OpenTelemetry Collector: an address of the collector that the internet reaches, with TLS and an authenticator", ""},
	}},
	{"SDKs and frameworks", []row{
		{"OpenAI's and others' SDKs, OpenTelemetry for Python", []string{"opentelemetry"}, setPython + "; package `opentelemetry-instrumentation-openai-v2` or that of another client", "Prompts are off by default"},
		{"OpenAI's SDK, OpenTelemetry for Node", []string{"opentelemetry-js"}, setNode, "No span for streams that break or are abandoned"},
		{"Anthropic's SDK for TypeScript", []string{"anthropic-sdk"}, "traces by itself into the global tracer provider; " + setNode, ""},
		{"OpenLLMetry, Python", []string{"openllmetry-python-openai"}, "`Traceloop.init(app_name=…)`, `TRACELOOP_BASE_URL=http://COLLECTOR:4318`, `TRACELOOP_TRACE_CONTENT=false`", ""},
		{"OpenLLMetry, JavaScript", []string{"openllmetry-js-openai", "openllmetry-js-anthropic"}, "`traceloop.initialize({appName, baseUrl: \"http://COLLECTOR:4318\"})`", "Failed calls of OpenAI leave no span; token counts of streams are its estimates"},
		{"OpenInference, Python", []string{"openinference-python-openai"}, "`OpenAIInstrumentor().instrument()`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OPENINFERENCE_HIDE_INPUTS=true`, `OPENINFERENCE_HIDE_OUTPUTS=true`", ""},
		{"OpenInference, JavaScript", []string{"openinference-anthropic", "openinference"}, "`new OpenAIInstrumentation()` of `@arizeai/openinference-instrumentation-openai`", "Streams of OpenAI come without tokens; failed calls leave no span"},
		{"LangChain", []string{"openllmetry-frameworks", "openinference-frameworks"}, "an instrumentation of OpenLLMetry or OpenInference as above", "Counted once with that of the client below it"},
		{"LangSmith's OpenTelemetry export", []string{"langsmith"}, "`LANGSMITH_TRACING=true`, `LANGSMITH_OTEL_ENABLED=true`, `OTEL_EXPORTER_OTLP_ENDPOINT`", ""},
		{"Vercel AI SDK 4 to 6", []string{"vercel-ai"}, "`experimental_telemetry: {isEnabled: true, recordInputs: false, recordOutputs: false}` on each call", ""},
		{"Vercel AI SDK 7", []string{"vercel-ai-7"}, "`registerTelemetry(new OpenTelemetry())` of `ai` and `@ai-sdk/otel`, once", ""},
		{"Pydantic AI", []string{"pydantic-ai"}, "`Agent.instrument_all()`, `OTEL_EXPORTER_OTLP_ENDPOINT`", ""},
		{"Spring AI", []string{"spring-ai"}, "Actuator, `micrometer-tracing-bridge-otel`, `opentelemetry-exporter-otlp`; `management.otlp.tracing.endpoint=http://COLLECTOR:4318/v1/traces`, `management.tracing.sampling.probability=1.0`", ""},
		{".NET, Microsoft.Extensions.AI", []string{"microsoft-extensions-ai"}, "`.UseOpenTelemetry()` on the chat client, `AddSource(\"Experimental.Microsoft.Extensions.AI\")` on the tracer provider", ""},
		{"AWS Bedrock AgentCore", []string{"strands"}, "ADOT's `opentelemetry-instrument`, `DISABLE_ADOT_OBSERVABILITY=true`, `OTEL_EXPORTER_OTLP_ENDPOINT` of a collector that the runtime reaches", "Configuration: [examples/agentcore](../examples/agentcore)"},
		{"n8n", nil, "`N8N_OTEL_ENABLED=true`, `N8N_OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4318`", "Its spans are of workflows and nodes (2.41.3): no model, no tokens. Count at a gateway that its models are called by"},
		{"Opik, Weave and PostHog for JavaScript", nil, "nothing: they send to their own services", "No spans over OTLP (opik 2.0.40, weave 0.11.1); `@posthog/ai` 8.13.1 hands on those of others. Use another instrumentation beside them"},
		{"Langfuse's SDK", []string{"langfuse"}, "its span processor beside an OTLP exporter to the collector, or the collector in front of Langfuse: [examples/llm-backend](../examples/llm-backend)", ""},
	}},
	{"Coding agents", []row{
		{
			"Claude Code",
			[]string{"claude-code"},
			"`CLAUDE_CODE_ENABLE_TELEMETRY=1`, `CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1`, `OTEL_TRACES_EXPORTER=otlp`, `OTEL_EXPORTER_OTLP_PROTOCOL=grpc`, `OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4317`",
			"Traces are a beta of it; set centrally in its managed settings",
		},
		{"Codex", []string{"codex"}, "`~/.codex/config.toml`: `[otel]` with `trace_exporter = { otlp-grpc = { endpoint = \"http://COLLECTOR:4317\" } }`", ""},
		{"Gemini CLI", []string{"gemini-cli"}, "`settings.json`: `\"telemetry\": {\"enabled\": true, \"target\": \"local\", \"otlpEndpoint\": \"http://COLLECTOR:4317\", \"logPrompts\": false}`", ""},
		{"goose", []string{"goose"}, "`OTEL_EXPORTER_OTLP_ENDPOINT=http://COLLECTOR:4318`", "Failures and interruptions do not show, and durations end where streams begin"},
	}},
}
