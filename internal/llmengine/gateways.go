// SPDX-License-Identifier: Apache-2.0

package llmengine

// This file holds gateways and routers, which stand before engines.

var productionStack = Engine{
	Name:   "production-stack",
	Title:  "vLLM production-stack router",
	Source: "vllm-project/production-stack src/vllm_router/services/metrics_service/__init__.py @0c740a25",
	Role:   Gateway,
	// Its families repeat its engines' and bear vLLM's names: none is read, or sums would double.
	Model: []string{"model"},
	Path:  "/metrics",
}

var sglangRouter = Engine{
	Name:     "sglang-router",
	Title:    "SGLang router",
	Source:   "sgl-project/sglang issues #12970, #15758",
	Prefixes: []string{"sglang_router_", "sgl_router_", "smg_"},
	Role:     Gateway,
	Known:    []string{"sglang_router_*", "sgl_router_*", "smg_*"},
	Path:     "/metrics",
}

// endpointPicker is that of the Gateway API inference extension, which llm-d took over. Averages over its pool are not read: they
// are its engines' own numbers.
var endpointPicker = Engine{
	Name:     "endpoint-picker",
	Title:    "Endpoint picker (llm-d, Gateway API)",
	Source:   "llm-d/llm-d-router docs/metrics.md, pkg/epp/metrics/metrics.go @ebab6879; kubernetes-sigs/gateway-api-inference-extension v1.5.0",
	Prefixes: []string{"llm_d_epp_", "llm_d_router_epp_", "llm_d_inference_scheduler_", "inference_pool_", "inference_objective_", "inference_extension_", "inference_model_"},
	Role:     Gateway,
	Model:    []string{"model_name"},
	Rows: []Row{
		{Concept: Running, Names: []string{"llm_d_epp_request_running", "llm_d_router_epp_request_running", "inference_objective_running_requests", "inference_model_running_requests"}},
		{Concept: Waiting, Names: []string{"llm_d_epp_flow_control_queue_size", "llm_d_router_epp_flow_control_queue_size", "inference_extension_flow_control_queue_size"}},
		{Concept: Requests, Names: []string{"llm_d_epp_request_total"}, Minus: []string{"llm_d_epp_request_error_total"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"llm_d_epp_request_error_total"}, Attrs: ended(failure)},
		{Concept: Requests, Names: []string{"inference_objective_request_total"}, Minus: []string{"inference_objective_request_error_total"}, Attrs: ended(success), Else: true},
		{Concept: Requests, Names: []string{"inference_model_request_total"}, Minus: []string{"inference_model_request_error_total"}, Attrs: ended(success), Else: true},
		{Concept: Requests, Names: []string{"inference_objective_request_error_total", "inference_model_request_error_total"}, Attrs: ended(failure), Else: true},
		{Concept: InputTokens, Names: []string{"llm_d_epp_request_input_tokens", "inference_objective_input_tokens", "inference_model_input_tokens"}, From: Sum},
		{Concept: OutputTokens, Names: []string{"llm_d_epp_request_output_tokens", "inference_objective_output_tokens", "inference_model_output_tokens"}, From: Sum},
		{Concept: CachedInputTokens, Names: []string{"llm_d_epp_request_cached_tokens", "inference_objective_prompt_cached_tokens"}, From: Sum},
	},
	Known: []string{
		"llm_d_epp_*", "llm_d_router_epp_*", "llm_d_inference_scheduler_*", "inference_pool_*", "inference_objective_*", "inference_extension_*", "inference_model_*",
	},
	Path: "/metrics",
}

var litellm = Engine{
	Name:     "litellm",
	Title:    "LiteLLM proxy",
	Source:   "BerriAI/litellm docs/my-website/docs/proxy/prometheus.md",
	Prefixes: []string{"litellm_"},
	Role:     Gateway,
	Model:    []string{"requested_model", "model"},
	Rows: []Row{
		{Concept: Running, Names: []string{"litellm_in_flight_requests"}},
		{Concept: Requests, Names: []string{"litellm_proxy_total_requests_metric_total"}, Minus: []string{"litellm_proxy_failed_requests_metric_total"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"litellm_proxy_failed_requests_metric_total"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"litellm_input_tokens_metric_total", "litellm_input_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"litellm_output_tokens_metric_total", "litellm_output_tokens_total"}},
	},
	Known: []string{"litellm_*"},
	Path:  "/metrics",
}

var bifrost = Engine{
	Name:     "bifrost",
	Title:    "Bifrost",
	Source:   "maximhq/bifrost telemetry plugin, stored files",
	Prefixes: []string{"bifrost_"},
	Role:     Gateway,
	Model:    []string{"model"},
	Rows: []Row{
		{Concept: Requests, Names: []string{"bifrost_success_requests_total"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"bifrost_error_requests_total"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"bifrost_input_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"bifrost_output_tokens_total"}},
	},
	Known: []string{"bifrost_*"},
	Path:  "/metrics",
}

// envoyAIGateway writes the conventions' names, as any instrumented program may: a label of its own decides.
var envoyAIGateway = Engine{
	Name:    "envoy-ai-gateway",
	Title:   "Envoy AI Gateway",
	Source:  "envoyproxy/ai-gateway internal/metrics/genai.go @c217da8a",
	Role:    Gateway,
	Require: "gen_ai_original_model",
	Model:   []string{"gen_ai_request_model"},
	Rows: []Row{
		{
			Concept: Requests, Names: []string{"gen_ai_server_request_duration_seconds", "gen_ai_server_request_duration"}, From: Count,
			Attrs: [2]Attr{{Labels: []string{"error_type"}, Words: []Word{{".*", failure}}, Fixed: success}},
		},
		{Concept: InputTokens, Names: []string{"gen_ai_client_token_usage_token", "gen_ai_client_token_usage"}, From: Sum, Where: is("gen_ai_token_type", "input")},
		{Concept: OutputTokens, Names: []string{"gen_ai_client_token_usage_token", "gen_ai_client_token_usage"}, From: Sum, Where: is("gen_ai_token_type", "output")},
		{Concept: CachedInputTokens, Names: []string{"gen_ai_client_token_usage_token", "gen_ai_client_token_usage"}, From: Sum, Where: is("gen_ai_token_type", "cached_input")},
	},
	Path: "/metrics",
}
