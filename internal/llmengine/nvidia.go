// SPDX-License-Identifier: Apache-2.0

package llmengine

// This file holds the engines of NVIDIA, and what wraps them.

var tensorRTLLM = Engine{
	Name:     "tensorrt-llm",
	Title:    "TensorRT-LLM",
	Source:   "NVIDIA/TensorRT-LLM tensorrt_llm/metrics/collector.py @050f80de; JSON of tensorrt_llm/serve/openai_server.py",
	Prefixes: []string{"trtllm_"},
	Model:    []string{"model_name"},
	Rows: []Row{
		{Concept: Running, Names: []string{"trtllm_num_requests_running", "json_trtllm_numActiveRequests"}},
		{Concept: Waiting, Names: []string{"trtllm_num_requests_waiting", "json_trtllm_numQueuedRequests"}},
		{Concept: Limit, Names: []string{"trtllm_max_num_active_requests", "json_trtllm_maxNumActiveRequests"}, ZeroUnknown: true},
		{Concept: KVUtilization, Names: []string{"trtllm_kv_cache_utilization"}},
		{Concept: KVUsage, Names: []string{"trtllm_kv_cache_used_blocks"}, Times: []Term{{Name: "trtllm_kv_cache_tokens_per_block"}}},
		{Concept: KVLimit, Names: []string{"trtllm_kv_cache_max_blocks"}, Times: []Term{{Name: "trtllm_kv_cache_tokens_per_block"}}, ZeroUnknown: true},
		{Concept: KVUsage, Names: []string{"json_trtllm_kvCacheStats_usedNumBlocks"}, Times: []Term{{Name: "json_trtllm_kvCacheStats_tokensPerBlock"}}, Else: true},
		{Concept: KVLimit, Names: []string{"json_trtllm_kvCacheStats_maxNumBlocks"}, Times: []Term{{Name: "json_trtllm_kvCacheStats_tokensPerBlock"}}, ZeroUnknown: true, Else: true},
		{Concept: PrefixQueries, Names: []string{"trtllm_kv_cache_reused_blocks_total"}, Plus: []string{"trtllm_kv_cache_missed_blocks_total"}, Times: []Term{{Name: "trtllm_kv_cache_tokens_per_block"}}, Attrs: fixed("device")},
		{Concept: PrefixHits, Names: []string{"trtllm_kv_cache_reused_blocks_total"}, Times: []Term{{Name: "trtllm_kv_cache_tokens_per_block"}}, Attrs: fixed("device")},
		{Concept: PrefixHitRatio, Names: []string{"trtllm_kv_cache_hit_rate", "json_trtllm_kvCacheStats_cacheHitRate"}}, // since the start
		{Concept: BatchSize, Names: []string{"trtllm_num_scheduled_requests", "trtllm_scheduled_batch_size", "json_trtllm_inflightBatchingStats_numScheduledRequests"}},
		{Concept: Requests, Names: []string{"trtllm_request_success_total"}, Attrs: finished},
		{Concept: Requests, Names: []string{"trtllm_request_error_total"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"trtllm_prompt_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"trtllm_generation_tokens_total"}},
		{Concept: CachedInputTokens, Names: []string{"trtllm_prompt_cached_tokens_total"}},
		// The newer ones have a series for each place in the draft.
		{Concept: DraftTokens, Names: []string{"trtllm_spec_decode_drafted_tokens_total", "trtllm_spec_decode_num_draft_tokens_total"}},
		{Concept: AcceptedTokens, Names: []string{"trtllm_spec_decode_accepted_tokens_total", "trtllm_spec_decode_num_accepted_tokens_total"}},
		{Concept: ModelMemory, Names: []string{"trtllm_gpu_memory_usage_bytes", "json_trtllm_gpuMemUsage"}, Attrs: fixed("gpu", "all")},
		{Concept: ModelMemory, Names: []string{"trtllm_cpu_memory_usage_bytes", "json_trtllm_cpuMemUsage"}, Attrs: fixed("cpu", "all")},
		{Concept: QueueDuration, Names: []string{"trtllm_request_queue_time_seconds"}, From: Buckets},
		{Concept: RequestDuration, Names: []string{"trtllm_e2e_request_latency_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"trtllm_time_to_first_token_seconds"}, From: Buckets},
		{Concept: TimePerOutputToken, Names: []string{"trtllm_time_per_output_token_seconds"}, From: Buckets},
		loadedOpenAIModels,
	},
	Known: underPrefix("trtllm_", []string{
		"request_prefill_time_seconds", "request_decode_time_seconds", "request_inference_time_seconds", "prompt_cache_hit_tokens",
		"prompt_cached_tokens_per_request", "prompt_cached_tokens", "spec_decode_*", "*_perplexity", "ep_*", "kv_cache_host_utilization", "kv_cache_iter_*", "kv_cache_gen_*",
		"kv_cache_onboard_*", "kv_cache_offload_*", "kv_cache_disk_*", "kv_cache_intra_*", "kv_cache_free_blocks", "num_requests_completed",
		"iteration_latency_seconds", "pinned_memory_usage_bytes", "max_batch_size_*", "max_num_tokens_runtime", "num_context_requests",
		"num_generation_requests", "num_paused_requests", "total_context_tokens", "avg_decoded_tokens_per_iter", "prefill_batch_*", "*_info",
	}),
	Path: "/prometheus/metrics",
	Lookups: []Lookup{
		openAIModels, {Path: "/version", Family: "json_trtllm_version", Version: "version"},
	},
}

// tensorRTLLMStats is the other page of TensorRT-LLM. Reading it takes statistics away from other readers.
var tensorRTLLMStats = Lookup{Path: "/metrics", Family: "json_trtllm", Last: true, State: true}

var triton = Engine{
	Name:     "triton",
	Title:    "Triton, with TensorRT-LLM or without",
	Source:   "triton-inference-server/server docs/user_guide/metrics.md @e1db8a60; tensorrtllm_backend README.md @0b9d7d5",
	Prefixes: []string{"nv_inference_", "nv_trt_llm_", "nv_"},
	Model:    []string{"model"},
	Rows: []Row{
		{Concept: Running, Names: []string{"nv_trt_llm_request_metrics"}, Where: is("request_type", "scheduled")},
		{Concept: Waiting, Names: []string{"nv_trt_llm_request_metrics"}, Where: is("request_type", "waiting")},
		{Concept: Waiting, Names: []string{"nv_inference_pending_request_count"}, Else: true},
		{Concept: Limit, Names: []string{"nv_trt_llm_request_metrics"}, Where: is("request_type", "max"), ZeroUnknown: true},
		{Concept: KVUtilization, Names: []string{"nv_trt_llm_kv_cache_block_metrics"}, Where: is("kv_cache_block_type", "fraction")},
		{Concept: KVUsage, Names: []string{"nv_trt_llm_kv_cache_block_metrics"}, Where: is("kv_cache_block_type", "used"), Times: tritonTokensPerBlock},
		{Concept: KVLimit, Names: []string{"nv_trt_llm_kv_cache_block_metrics"}, Where: is("kv_cache_block_type", "max"), Times: tritonTokensPerBlock, ZeroUnknown: true},
		{Concept: BatchSize, Names: []string{"nv_trt_llm_inflight_batcher_metrics"}, Where: is("inflight_batcher_specific_metric", "generation_requests")},
		{Concept: Batches, Names: []string{"nv_inference_exec_count"}},
		{Concept: Requests, Names: []string{"nv_inference_request_success"}, Attrs: ended(success)},
		{Concept: Requests, Names: []string{"nv_inference_request_failure"}, Attrs: [2]Attr{{Labels: []string{"reason"}, Words: []Word{{"CANCELED", cancelled}}, Rest: failure, Fixed: failure}}},
		{Concept: ModelMemory, Names: []string{"nv_trt_llm_runtime_memory_metrics"}, Where: is("memory_type", "gpu"), Attrs: fixed("gpu", "all")},
		{Concept: ModelMemory, Names: []string{"nv_trt_llm_runtime_memory_metrics"}, Where: is("memory_type", "cpu"), Attrs: fixed("cpu", "all")},
		{Concept: LoadDuration, Names: []string{"nv_model_load_duration_secs"}},
		{Concept: TimeToFirstToken, Names: []string{"nv_inference_first_response_histogram_ms"}, From: Buckets, Factor: 1e-3},
	},
	Known: []string{
		"nv_inference_count", "nv_inference_*_duration_us", "nv_inference_*_summary_us", "nv_trt_llm_disaggregated_serving_metrics",
		"nv_trt_llm_general_metrics", "nv_trt_llm_v1_metrics", "nv_gpu_*", "nv_cpu_*", "nv_energy_*", "nv_cache_*", "nv_pinned_memory_*", "nv_response_*",
		"nv_llm_*",
	},
	Path: "/metrics",
}

var tritonTokensPerBlock = []Term{{Name: "nv_trt_llm_kv_cache_block_metrics", Where: is("kv_cache_block_type", "tokens_per")}}

var nim = Engine{
	Name:    "nim",
	Title:   "NVIDIA NIM",
	Source:  "docs.nvidia.com/nim/large-language-models observability page of 2025; path of 2024: /metrics",
	Role:    Wrapper, // where vLLM's own names are on the page, too, they count
	Require: "model_name",
	Model:   []string{"model_name"},
	Rows: []Row{
		{Concept: Running, Names: []string{"num_requests_running"}},
		{Concept: Waiting, Names: []string{"num_requests_waiting"}},
		{Concept: Limit, Names: []string{"num_request_max"}, ZeroUnknown: true},
		{Concept: KVUtilization, Names: []string{"gpu_cache_usage_perc"}},
		{Concept: BatchSize, Names: []string{"num_requests_running"}},
		{Concept: Requests, Names: []string{"request_finish_total", "request_success_total"}, Attrs: [2]Attr{
			{Labels: finished[0].Labels, Words: outcomes, Rest: success, Fixed: success}, finished[1],
		}},
		{Concept: Requests, Names: []string{"request_failure_total"}, Attrs: ended(failure)},
		{Concept: InputTokens, Names: []string{"prompt_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"generation_tokens_total"}},
		{Concept: RequestDuration, Names: []string{"e2e_request_latency_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"time_to_first_token_seconds"}, From: Buckets},
		{Concept: TimePerOutputToken, Names: []string{"time_per_output_token_seconds"}, From: Buckets},
		loadedOpenAIModels,
	},
	Path:    "/v1/metrics",
	Lookups: []Lookup{openAIModels},
}

var dynamo = Engine{
	Name:     "dynamo",
	Title:    "Dynamo",
	Source:   "ai-dynamo/dynamo docs/observability/metrics.md @0b71cf84 (2025); newer names from AIPerf's reference of server metrics (2026)",
	Prefixes: []string{"dynamo_frontend_", "dynamo_component_", "dynamo_"},
	Role:     Wrapper,
	Model:    []string{"model"},
	Index:    []string{"dp_rank"},
	Only:     is("dynamo_endpoint", "", "generate"),
	Rows: []Row{
		{Concept: Running, Names: []string{"dynamo_component_inflight_requests", "dynamo_frontend_inflight_requests"}},
		{Concept: Limit, Names: []string{"dynamo_frontend_model_max_num_seqs"}, ZeroUnknown: true},
		{Concept: KVUtilization, Names: []string{"dynamo_component_gpu_cache_usage_percent", "dynamo_component_kvstats_gpu_cache_usage_percent"}, Given: dynamoBlocks},
		{Concept: KVLimit, Names: []string{"dynamo_frontend_model_total_kv_blocks"}, Times: []Term{{Name: "dynamo_frontend_model_kv_cache_block_size"}}, ZeroUnknown: true},
		{Concept: PrefixHitRatio, Names: []string{"dynamo_component_kvstats_gpu_prefix_cache_hit_rate"}, Given: dynamoBlocks},
		{Concept: Requests, Names: []string{"dynamo_frontend_requests_total"}, Attrs: [2]Attr{outcomeOf("status")}},
		{Concept: Requests, Names: []string{"dynamo_component_requests_total"}, Minus: []string{"dynamo_component_errors_total"}, Attrs: ended(success), Else: true},
		{Concept: Requests, Names: []string{"dynamo_component_errors_total"}, Attrs: ended(failure), Else: true},
		{Concept: InputTokens, Names: []string{"dynamo_frontend_input_sequence_tokens"}, From: Sum},
		{Concept: OutputTokens, Names: []string{"dynamo_frontend_output_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"dynamo_frontend_output_sequence_tokens"}, From: Sum, Else: true},
		{Concept: CachedInputTokens, Names: []string{"dynamo_frontend_cached_tokens"}, From: Sum},
		{Concept: LoadDuration, Names: []string{"dynamo_component_model_load_time_seconds"}, ZeroUnknown: true},
		{Concept: RequestDuration, Names: []string{"dynamo_frontend_request_duration_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"dynamo_frontend_time_to_first_token_seconds"}, From: Buckets},
		{Concept: TimePerOutputToken, Names: []string{"dynamo_frontend_inter_token_latency_seconds"}, From: Buckets},
	},
	// dynamo_frontend_queued_requests counts until the first token: no queue.
	Known: []string{"dynamo_*"},
	Path:  "/metrics",
}

// dynamoBlocks are 0 as long as a worker does not know its cache.
var dynamoBlocks = []string{"dynamo_component_total_blocks", "dynamo_component_kvstats_total_blocks"}
