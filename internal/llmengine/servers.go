// SPDX-License-Identifier: Apache-2.0

package llmengine

// This file holds other engines for servers.

var tgi = Engine{
	Name:     "tgi",
	Title:    "Text Generation Inference",
	Source:   "huggingface/text-generation-inference router/src/server.rs, backends/v3/src @db931fcf",
	Prefixes: []string{"tgi_"},
	Model:    []string{"model_name", "model_id"},
	Rows: []Row{
		{Concept: Running, Names: []string{"tgi_batch_current_size"}},
		{Concept: Waiting, Names: []string{"tgi_queue_size"}},
		{Concept: Limit, Names: []string{"json_tgi_info_max_concurrent_requests"}},
		{Concept: KVUsage, Names: []string{"tgi_batch_current_max_tokens"}},
		{Concept: KVLimit, Names: []string{"tgi_batch_max_total_tokens", "tgi_batch_total_tokens"}, ZeroUnknown: true},
		{Concept: BatchSize, Names: []string{"tgi_batch_current_size"}},
		{Concept: Batches, Names: []string{"tgi_batch_inference_count"}, Attrs: [2]Attr{{Labels: []string{"method"}}}},
		{Concept: Requests, Names: []string{"tgi_request_success"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"tgi_request_failure"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"tgi_request_input_length"}, From: Sum},
		{Concept: OutputTokens, Names: []string{"tgi_request_generated_tokens"}, From: Sum},
		{Concept: AcceptedTokens, Names: []string{"tgi_request_skipped_tokens"}, From: Sum},
		{Concept: ModelLoaded, Names: []string{"json_tgi_info"}},
		{Concept: QueueDuration, Names: []string{"tgi_request_queue_duration"}, From: Buckets},
		{Concept: RequestDuration, Names: []string{"tgi_request_duration"}, From: Buckets},
		{Concept: TimePerOutputToken, Names: []string{"tgi_request_mean_time_per_token_duration"}, From: Buckets},
	},
	Known: underPrefix("tgi_", []string{
		"request_count", "request_inference_duration", "request_validation_duration", "request_max_new_tokens", "batch_concat*", "batch_next_*",
		"batch_inference_*", "batch_decode_duration", "batch_filter_duration", "batch_forward_duration", "batch_current_*",
	}),
	Path:    "/metrics",
	Lookups: []Lookup{{Path: "/info", Family: "json_tgi_info", Version: "version"}},
}

var tei = Engine{
	Name:     "tei",
	Title:    "Text Embeddings Inference",
	Source:   "huggingface/text-embeddings-inference core/src/{infer,queue}.rs, router/src/prometheus.rs @0d124dc",
	Prefixes: []string{"te_"},
	Model:    []string{"served_model_name", "model_id"},
	Rows: []Row{
		{Concept: Waiting, Names: []string{"te_queue_size"}},
		{Concept: Limit, Names: []string{"json_tei_info_max_concurrent_requests"}},
		{Concept: Batches, Names: []string{"te_batch_next_size"}, From: Count},
		{Concept: Requests, Names: []string{"te_request_success"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"te_request_failure"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"te_request_input_length"}, From: Sum},
		{Concept: ModelLoaded, Names: []string{"json_tei_info"}},
		{Concept: QueueDuration, Names: []string{"te_request_queue_duration"}, From: Buckets},
		{Concept: RequestDuration, Names: []string{"te_request_duration"}, From: Buckets},
	},
	Known: underPrefix("te_", []string{
		"request_count", "request_inference_duration", "request_tokenization_duration", "embed_*", "predict_*", "batch_next_*",
	}),
	Path:    "/metrics",
	Lookups: []Lookup{{Path: "/info", Family: "json_tei_info", Version: "version"}},
}

var lmdeploy = Engine{
	Name:     "lmdeploy",
	Title:    "LMDeploy",
	Source:   "InternLM/lmdeploy lmdeploy/metrics/loggers.py @1263d5cd",
	Prefixes: []string{"lmdeploy_"},
	Model:    []string{"model_name"},
	Index:    []string{"engine"},
	Rows: []Row{
		{Concept: Running, Names: []string{"lmdeploy:num_requests_running"}},
		{Concept: Waiting, Names: []string{"lmdeploy:num_requests_waiting"}, Plus: []string{"lmdeploy:num_api_requests_waiting"}},
		{Concept: KVUtilization, Names: []string{"lmdeploy:gpu_cache_usage_perc"}},
		{Concept: PrefixQueries, Names: []string{"lmdeploy:prompt_tokens_total"}, Attrs: fixed("device")},
		{Concept: PrefixHits, Names: []string{"lmdeploy:cached_tokens_total"}, Attrs: fixed("device")},
		{Concept: PrefixHitRatio, Names: []string{"lmdeploy:prefix_cache_hit_rate"}},
		{Concept: BatchSize, Names: []string{"lmdeploy:num_requests_running"}},
		{Concept: Batches, Names: []string{"lmdeploy:iteration_tokens_total"}, From: Count},
		{Concept: Requests, Names: []string{"lmdeploy:request_success_total"}, Attrs: finished},
		{Concept: Requests, Names: []string{"lmdeploy:num_requests_succeeded"}, Attrs: ended(success), Else: true}, // gauges that only grow
		{Concept: Requests, Names: []string{"lmdeploy:num_requests_failed"}, Attrs: ended(failure), Else: true},
		{Concept: InputTokens, Names: []string{"lmdeploy:prompt_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"lmdeploy:generation_tokens_total"}},
		{Concept: CachedInputTokens, Names: []string{"lmdeploy:cached_tokens_total"}},
		{Concept: DraftTokens, Names: []string{"lmdeploy:spec_decode_num_draft_tokens_total"}},
		{Concept: AcceptedTokens, Names: []string{"lmdeploy:spec_decode_num_accepted_tokens_total"}},
		{Concept: QueueDuration, Names: []string{"lmdeploy:request_queue_time_seconds"}, From: Buckets},
		{Concept: RequestDuration, Names: []string{"lmdeploy:e2e_request_latency_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"lmdeploy:time_to_first_token_seconds"}, From: Buckets},
		{Concept: TimePerOutputToken, Names: []string{"lmdeploy:time_per_output_token_seconds"}, From: Buckets},
		loadedOpenAIModels,
	},
	Known: underPrefix("lmdeploy_", []string{
		"num_api_requests_routed", "spec_decode_*", "request_prompt_tokens", "request_generation_tokens", "request_cached_tokens",
		"request_cache_hit_ratio", "iter_token_latency", "request_inference_time_seconds", "request_prefill_time_seconds", "request_decode_time_seconds",
		"*_info", "backend_config",
	}),
	Path:    "/metrics",
	Lookups: []Lookup{openAIModels},
}

var xinference = Engine{
	Name:     "xinference",
	Title:    "Xinference",
	Source:   "xorbitsai/inference xinference/core/metrics.py @0762840d",
	Prefixes: []string{"xinference_"},
	Role:     Wrapper,
	Model:    []string{"model_uid", "model", "model_name"},
	Rows: []Row{
		{Concept: Running, Names: []string{"xinference:model_serve_count"}},
		{Concept: Limit, Names: []string{"xinference:model_request_limit"}, ZeroUnknown: true},
		{Concept: Requests, Names: []string{"xinference:model_request_total"}, Minus: []string{"xinference:model_request_errors_total"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"xinference:model_request_errors_total"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"xinference:input_tokens_total_counter"}},
		{Concept: OutputTokens, Names: []string{"xinference:output_tokens_total_counter"}},
		{Concept: ModelLoaded, Names: []string{"xinference:model_status"}, Where: is("status", "READY", "ready", "running")},
		{Concept: ModelMemory, Names: []string{"xinference:model_gpu_memory_used_bytes"}, Attrs: fixed("gpu", "all")},
		{Concept: LoadDuration, Names: []string{"xinference:model_last_load_duration_seconds"}},
		{Concept: RequestDuration, Names: []string{"xinference:model_request_duration_seconds"}, From: Buckets},
	},
	Known: underPrefix("xinference_", []string{
		"generate_tokens_per_s", "time_to_first_token_ms", "supervisor_*", "workers_total", "models_loaded*", "worker_*", "*_info", "model_gpu_binding",
		"model_info",
	}),
	Path: "/metrics",
}
