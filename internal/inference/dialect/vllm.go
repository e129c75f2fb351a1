package dialect

// vllm is the vLLM engine. It writes one SERVER span per finished request, sets no status, and
// names no model (V1), operation or provider. An aborted request leaves no span.
var vllm = Dialect{
	Name: "vllm",
	Source: "vllm-project/vllm vllm/tracing/utils.py @0bf3270f, vllm/v1/engine/output_processor.py @40eeb0c5; " +
		"V0 vllm/engine/llm_engine.py",
	Scopes:   []string{"vllm.*"},
	Layer:    Server,
	Provider: "vllm",
	Spans: []Span{
		{Name: "llm_request", Class: Inference},
		// Start-up and other internal functions are traced under the same scope.
		{Name: "*", Class: NoRequest},
	},
	Attributes: []Attribute{
		// The engine's own clock is closer to the token than any client's.
		{Key: "gen_ai.latency.time_to_first_token", Field: TTFT, Form: Seconds, Priority: 1, Layer: Server},
		{Key: "gen_ai.latency.time_in_queue", Field: Queue, Form: Seconds, Layer: Server},
		{Key: "gen_ai.latency.time_in_model_prefill", Field: Prefill, Form: Seconds, Layer: Server},
		{Key: "gen_ai.latency.time_in_model_decode", Field: Decode, Form: Seconds, Layer: Server},
		{Key: "gen_ai.request.id", Field: ResponseID},
		{Key: "gen_ai.usage.cached_tokens", Field: CacheReadTokens, Form: Count},
	},
}
