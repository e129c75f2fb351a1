// SPDX-License-Identifier: Apache-2.0

package llmengine

import "slices"

// engines are in the order of the generated page.
var engines = []*Engine{
	&vllm, &aphrodite, &sglang, &tensorRTLLM, &triton, &nim, &tgi, &tei, &llamaCPP, &ollama, &lmStudio, &lmdeploy, &xinference,
	&vllmMLX, &lmcache, &dynamo, &endpointPicker, &productionStack, &sglangRouter, &litellm, &bifrost, &envoyAIGateway,
}

// openAIModels is the list of served models. Elements with a parent are LoRA adapters; several names of one model share a root.
var openAIModels = Lookup{Path: "/v1/models", Family: "json_openai_models", Root: "data"}

var loadedOpenAIModels = Row{
	Concept: ModelLoaded, Names: []string{"json_openai_models"}, Where: is("parent", ""), Once: "root", Model: []string{"id"},
}

// vllmRows are the families of vLLM, whose forks write them under names of their own.
func vllmRows(prefix string) []Row {
	rows := []Row{
		{Concept: Running, Names: []string{"num_requests_running"}},
		{Concept: Waiting, Names: []string{"num_requests_waiting"}},
		{Concept: Waiting, Names: []string{"num_requests_waiting_by_reason"}, Attrs: [2]Attr{{Labels: []string{"reason"}}}},
		{Concept: KVUtilization, Names: []string{"kv_cache_usage_perc", "gpu_cache_usage_perc"}},
		// Blocks of models with several kinds of attention hold other numbers of tokens than block_size says: newer versions say the tokens.
		{Concept: KVLimit, Names: []string{"cache_config_info"}, From: Labels, Labels: []string{"kv_cache_size_tokens"}, ZeroUnknown: true},
		{Concept: KVLimit, Names: []string{"cache_config_info"}, From: Labels, Labels: []string{"block_size", "num_gpu_blocks"}, ZeroUnknown: true, Else: true},
		{Concept: PrefixQueries, Names: []string{"prefix_cache_queries", "gpu_prefix_cache_queries"}, Attrs: fixed("device")},
		{Concept: PrefixHits, Names: []string{"prefix_cache_hits", "gpu_prefix_cache_hits"}, Attrs: fixed("device")},
		{Concept: PrefixQueries, Names: []string{"external_prefix_cache_queries"}, Attrs: fixed("external")},
		{Concept: PrefixHits, Names: []string{"external_prefix_cache_hits"}, Attrs: fixed("external")},
		{Concept: PrefixHitRatio, Names: []string{"gpu_prefix_cache_hit_rate"}}, // V0; -1 without prefix cache
		{Concept: Preemptions, Names: []string{"num_preemptions"}},
		{Concept: BatchSize, Names: []string{"num_requests_running"}},
		{Concept: Batches, Names: []string{"iteration_tokens_total"}, From: Count},
		{Concept: Requests, Names: []string{"request_success"}, Attrs: finished},
		{Concept: InputTokens, Names: []string{"prompt_tokens"}},
		{Concept: OutputTokens, Names: []string{"generation_tokens"}},
		{Concept: CachedInputTokens, Names: []string{"prompt_tokens_cached"}},
		{Concept: DraftTokens, Names: []string{"spec_decode_num_draft_tokens"}},
		{Concept: AcceptedTokens, Names: []string{"spec_decode_num_accepted_tokens"}},
		{Concept: LoRAAdapters, Names: []string{"lora_requests_info"}, From: Items, Labels: []string{"running_lora_adapters"}, Newest: true, Attrs: fixed("running")},
		{Concept: LoRAAdapters, Names: []string{"lora_requests_info"}, From: Items, Labels: []string{"waiting_lora_adapters"}, Newest: true, Attrs: fixed("waiting")},
		{Concept: LoRALimit, Names: []string{"lora_requests_info"}, From: Labels, Labels: []string{"max_lora"}, Newest: true},
		{Concept: Asleep, Names: []string{"engine_sleep_state"}, Where: is("sleep_state", "awake"), Inverted: true},
		{Concept: Unhealthy, Names: []string{"engine_healthy"}, Inverted: true},
		{Concept: QueueDuration, Names: []string{"request_queue_time_seconds"}, From: Buckets},
		{Concept: RequestDuration, Names: []string{"e2e_request_latency_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"time_to_first_token_seconds"}, From: Buckets},
		// The first is a mean of each request, as the conventions have it; the others are gaps between tokens.
		{Concept: TimePerOutputToken, Names: []string{"request_time_per_output_token_seconds", "inter_token_latency_seconds", "time_per_output_token_seconds"}, From: Buckets},
	}
	for i := range rows {
		for j, name := range rows[i].Names {
			rows[i].Names[j] = prefix + name
		}
	}
	return append(rows, loadedOpenAIModels)
}

// vllmKnown are families of vLLM that the vocabulary has no place for.
var vllmKnown = []string{
	"request_prompt_tokens", "request_generation_tokens", "request_params_*", "request_max_num_generation_tokens", "max_num_generation_tokens",
	"request_prefill_*", "request_decode_time_seconds", "request_inference_time_seconds", "prompt_tokens_by_source", "prompt_tokens_recomputed",
	"mm_cache_*", "corrupted_requests", "num_requests_swapped", "cpu_cache_usage_perc", "cpu_prefix_cache_hit_rate", "avg_*",
	"time_in_queue_requests", "model_forward_time_milliseconds", "model_execute_time_milliseconds", "tokens_total",
	"spec_decode_num_drafts", "spec_decode_num_accepted_tokens_per_pos", "spec_decode_num_emitted_tokens", "spec_decode_draft_acceptance_rate",
	"spec_decode_efficiency", "estimated_*", "hf3fs_*", "kv_block_*", "kv_offload_*", "nixl_*", "websocket_*", "eplb_*", "*_info",
}

func underPrefix(prefix string, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = prefix + name
	}
	return out
}

var vllm = Engine{
	Name:     "vllm",
	Title:    "vLLM",
	Source:   "vllm-project/vllm vllm/v1/metrics/loggers.py @005a810b (0.9), docs/usage/metrics.md @044a0565; V0 from Datadog's fixture @15e9e488; Ray from @5b8d70d4",
	Prefixes: []string{"vllm_"},
	Foreign:  "server", // written by the router of production-stack about its engines
	Model:    []string{"model_name"},
	Index:    []string{"engine"},
	Rows:     vllmRows("vllm:"),
	Known:    underPrefix("vllm_", vllmKnown),
	Path:     "/metrics",
	Lookups:  []Lookup{openAIModels, {Path: "/version", Family: "json_vllm_version", Version: "version"}},
}

var aphrodite = Engine{
	Name:     "aphrodite",
	Title:    "Aphrodite",
	Source:   "aphrodite-engine/aphrodite-engine aphrodite/v1/metrics/loggers.py @b42eeec2",
	Prefixes: []string{"aphrodite_"},
	Model:    []string{"model_name"},
	Index:    []string{"engine"},
	Rows:     vllmRows("aphrodite:"),
	Known:    underPrefix("aphrodite_", vllmKnown),
	Path:     "/metrics",
	Lookups:  []Lookup{openAIModels, {Path: "/version", Family: "json_vllm_version", Version: "version"}},
}

var productionStack = Engine{
	Name:   "production-stack",
	Title:  "vLLM production-stack router",
	Source: "vllm-project/production-stack src/vllm_router/services/metrics_service/__init__.py @0c740a25",
	Role:   Gateway,
	// Its families repeat its engines' and bear vLLM's names: none is read, or sums would double.
	Model: []string{"model"},
	Path:  "/metrics",
}

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

const gibibyte = 1 << 30

var sglang = Engine{
	Name:     "sglang",
	Title:    "SGLang",
	Source:   "sgl-project/sglang python/sglang/srt/observability/metrics_collector.py @016d8605",
	Prefixes: []string{"sglang_"},
	Model:    []string{"model_name"},
	Index:    []string{"dp_rank"},
	Instance: []string{"worker_addr"}, // written by its router about its engines
	Rank:     []string{"tp_rank", "pp_rank", "moe_ep_rank"},
	Only:     is("priority", ""), // the total; each priority has a series beside it
	Rows: []Row{
		{Concept: Running, Names: []string{"sglang:num_running_reqs"}},
		{Concept: Waiting, Names: []string{"sglang:num_queue_reqs"}, Plus: []string{
			"sglang:num_grammar_queue_reqs", "sglang:num_prefill_bootstrap_queue_reqs", "sglang:num_decode_prealloc_queue_reqs",
			"sglang:num_decode_transfer_queue_reqs",
		}},
		{Concept: KVUtilization, Names: []string{"sglang:token_usage", "sglang:full_token_usage"}},
		{Concept: KVUsage, Names: []string{"sglang:kv_used_tokens", "sglang:num_used_tokens"}},
		{Concept: KVLimit, Names: []string{"sglang:max_total_num_tokens"}, ZeroUnknown: true},
		{Concept: KVLimit, Names: []string{"sglang:num_pages"}, Times: []Term{{Name: "sglang:page_size"}}, ZeroUnknown: true, Else: true},                        // since 0.5.11
		{Concept: KVLimit, Names: []string{"sglang:cache_config_info"}, From: Labels, Labels: []string{"page_size", "num_pages"}, ZeroUnknown: true, Else: true}, // until 0.5.10
		{Concept: PrefixQueries, Names: []string{"sglang:prompt_tokens_total"}},
		{Concept: PrefixHits, Names: []string{"sglang:cached_tokens_total"}, Attrs: [2]Attr{{Labels: []string{"cache_source"}, Words: sglangTiers}}},
		{Concept: PrefixHitRatio, Names: []string{"sglang:cache_hit_rate"}}, // of the last prefill batch
		{Concept: Preemptions, Names: []string{"sglang:num_retracted_requests_total"}},
		{Concept: BatchSize, Names: []string{"sglang:num_running_reqs"}},
		{Concept: Batches, Names: []string{"sglang:cuda_graph_passes_total"}, Attrs: [2]Attr{{Labels: []string{"mode"}, Words: sglangPhases}}},
		// Some of the aborted requests are counted here, too (those that ran), so that neither says how requests ended.
		{Concept: Requests, Names: []string{"sglang:num_requests_total"}},
		{Concept: InputTokens, Names: []string{"sglang:prompt_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"sglang:generation_tokens_total"}},
		{Concept: CachedInputTokens, Names: []string{"sglang:cached_tokens_total"}},
		{Concept: AcceptanceRatio, Names: []string{"sglang:spec_accept_rate"}, ZeroUnknown: true},
		{Concept: LoRAAdapters, Names: []string{"sglang:lora_pool_slots_used"}, Attrs: fixed("running")},
		{Concept: LoRALimit, Names: []string{"sglang:lora_pool_slots_total"}},
		{Concept: LoadDuration, Names: []string{"sglang:startup_time_seconds"}, Attrs: [2]Attr{{Labels: []string{"phase"}}}},
		{Concept: LoadDuration, Names: []string{"sglang:weight_load_duration_seconds"}, Attrs: fixed("load_weight"), Else: true},
		{Concept: ModelMemory, Names: []string{"sglang:weight_memory_usage_gb"}, Factor: gibibyte, Attrs: fixed("gpu", "weights")},
		{Concept: ModelMemory, Names: []string{"sglang:kv_cache_memory_usage_gb"}, Factor: gibibyte, Attrs: fixed("gpu", "kv_cache")},
		{Concept: ModelMemory, Names: []string{"sglang:graph_memory_usage_gb"}, Factor: gibibyte, Attrs: fixed("gpu", "graph")},
		{Concept: QueueDuration, Names: []string{"sglang:queue_time_seconds"}, From: Buckets},
		{Concept: RequestDuration, Names: []string{"sglang:e2e_request_latency_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"sglang:time_to_first_token_seconds"}, From: Buckets},
		{Concept: TimePerOutputToken, Names: []string{"sglang:time_per_output_token_seconds", "sglang:inter_token_latency_seconds"}, From: Buckets},
		loadedOpenAIModels,
	},
	Known: underPrefix("sglang_", []string{
		"gen_throughput", "decode_sum_seq_lens", "swa_*", "mamba_*", "kv_available_tokens", "kv_evictable_tokens", "spec_*", "num_retracted_*",
		"num_paused_reqs", "num_prefill_inflight_queue_reqs", "kv_transfer_*", "pending_prealloc_token_usage", "num_bootstrap_failed_reqs",
		"num_transfer_failed_reqs", "num_prefill_retries", "utilization", "fwd_occupancy", "new_token_ratio", "is_cuda_graph", "lora_pool_utilization",
		"hicache_*", "num_streaming_sessions", "streaming_session_held_tokens", "num_unique_running_routing_keys", "routing_key_*",
		"per_stage_req_latency_seconds", "grammar_*", "num_grammar_*", "eplb_*", "realtime_tokens", "prefill_*", "forward_execution_seconds",
		"estimated_*", "dp_cooperation_*", "max_total_num_tokens_swa", "max_running_requests_under_SLO", "context_len",
		"startup_*", "prompt_tokens_histogram", "uncached_prompt_tokens_histogram", "generation_tokens_histogram", "get_loads_duration_seconds",
		"num_so_requests", "num_aborted_requests", "prefetch*", "backup*", "encoder_*", "eviction_*", "evicted_tokens", "load_back_*",
		"func_latency_seconds", "*_info", "page_size", "engine_*", "router_*",
	}),
	Path:    "/metrics",
	Lookups: []Lookup{openAIModels},
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

// sglangTiers: "total" of older versions is none.
var sglangTiers = []Word{{"device", "device"}, {"host", "host"}, {"storage.*", "storage"}}

var sglangPhases = []Word{{"prefill.*", "prefill"}, {"decode.*", "decode"}}

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

var llamaCPP = Engine{
	Name:     "llama.cpp",
	Title:    "llama.cpp server",
	Source:   "ggml-org/llama.cpp tools/server/README.md @00dc8057; to_metrics of a fork of the same month",
	Prefixes: []string{"llamacpp_"},
	Model:    []string{"model"},
	Rows: []Row{
		{Concept: Running, Names: []string{"llamacpp:requests_processing"}},
		{Concept: Waiting, Names: []string{"llamacpp:requests_deferred"}},
		{Concept: Limit, Names: []string{"json_llamacpp_props_total_slots"}},
		{Concept: KVUtilization, Names: []string{"llamacpp:kv_cache_usage_ratio"}}, // until 2025
		{Concept: KVUsage, Names: []string{"llamacpp:kv_cache_tokens"}},            // until 2025
		{Concept: PrefixQueries, Names: []string{"llamacpp:prompt_tokens_cached_total"}, Plus: []string{"llamacpp:prompt_tokens_total"}, Attrs: fixed("device")},
		{Concept: PrefixHits, Names: []string{"llamacpp:prompt_tokens_cached_total"}, Attrs: fixed("device")},
		{Concept: BatchSize, Names: []string{"llamacpp:n_busy_slots_per_decode"}}, // mean since the start
		{Concept: Batches, Names: []string{"llamacpp:n_decode_total"}},
		{Concept: InputTokens, Names: []string{"llamacpp:prompt_tokens_total"}, Plus: []string{"llamacpp:prompt_tokens_cached_total"}},
		{Concept: OutputTokens, Names: []string{"llamacpp:tokens_predicted_total"}},
		{Concept: CachedInputTokens, Names: []string{"llamacpp:prompt_tokens_cached_total"}},
		{Concept: DraftTokens, Names: []string{"llamacpp:spec_decode_num_draft_tokens_total"}, ZeroUnknown: true},
		{Concept: AcceptedTokens, Names: []string{"llamacpp:spec_decode_num_accepted_tokens_total"}, ZeroUnknown: true},
		{Concept: Asleep, Names: []string{"json_llamacpp_props_is_sleeping"}},
		loadedOpenAIModels,
	},
	Known: underPrefix("llamacpp_", []string{
		"prompt_seconds", "tokens_predicted_seconds", "prompt_tokens_seconds", "predicted_tokens_seconds", "n_tokens_max", "n_past_max", "spec_decode_num_*",
	}),
	Path: "/metrics",
	Lookups: []Lookup{
		openAIModels, {Path: "/props", Family: "json_llamacpp_props", Version: "build_info"},
	},
}

var ollama = Engine{
	Name:     "ollama",
	Title:    "Ollama",
	Source:   "ollama/ollama server/routes.go, api/types.go @fb307609; names of the open pull requests #16998 and #11159, which wait for them",
	Prefixes: []string{"ollama_"},
	Model:    []string{"model"},
	Rows: []Row{
		{Concept: ModelLoaded, Names: []string{"json_ollama_ps"}, Model: []string{"name", "model"}},
		{Concept: ModelMemory, Names: []string{"json_ollama_ps_size_vram"}, Attrs: fixed("gpu", "all"), Model: []string{"name", "model"}},
		{Concept: ModelMemory, Names: []string{"json_ollama_ps_size"}, Minus: []string{"json_ollama_ps_size_vram"}, Attrs: fixed("cpu", "all"), Model: []string{"name", "model"}},
		{Concept: Waiting, Names: []string{"ollama_requests_queued"}},
		{Concept: InputTokens, Names: []string{"ollama_prompt_eval_total"}},
		{Concept: OutputTokens, Names: []string{"ollama_eval_total"}},
	},
	Known: underPrefix("ollama_", []string{
		"queue_capacity", "models_loaded", "total_duration*", "load_duration*", "prompt_eval_duration*", "eval_duration*", "build_info", "peak_memory_bytes",
		"model_list_*", "model_pull_*", "model_requests",
	}),
	Lookups: []Lookup{
		{Path: "/api/ps", Family: "json_ollama_ps", Root: "models", State: true},
		{Path: "/api/version", Family: "json_ollama_version", Version: "version"},
	},
}

var lmStudio = Engine{
	Name:   "lmstudio",
	Title:  "LM Studio",
	Source: "lmstudio-ai/docs 1_developer/2_rest @c6854fb",
	Model:  []string{"id"},
	Rows: []Row{
		{Concept: ModelLoaded, Names: []string{"json_lmstudio_models"}, Where: is("state", "loaded")},
	},
	Lookups: []Lookup{{Path: "/api/v0/models", Family: "json_lmstudio_models", Root: "data", State: true}},
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

var vllmMLX = Engine{
	Name:     "vllm-mlx",
	Title:    "vllm-mlx",
	Source:   "waybarrios/vllm-mlx vllm_mlx/metrics.py @4b654c0",
	Prefixes: []string{"vllm_mlx_"},
	Model:    []string{"model_name", "model"},
	Rows: []Row{
		{Concept: Running, Names: []string{"vllm_mlx_scheduler_running_requests"}},
		{Concept: Waiting, Names: []string{"vllm_mlx_scheduler_waiting_requests"}},
		{Concept: KVUtilization, Names: []string{"vllm_mlx_cache_utilization_ratio"}},
		{Concept: PrefixHitRatio, Names: []string{"vllm_mlx_cache_hit_rate"}}, // since the start or a reset
		{Concept: BatchSize, Names: []string{"vllm_mlx_scheduler_running_requests"}},
		{Concept: Batches, Names: []string{"vllm_mlx_engine_steps_executed"}},
		{Concept: Requests, Names: []string{"vllm_mlx_inference_requests_total"}, Attrs: [2]Attr{outcomeOf("result")}},
		{Concept: InputTokens, Names: []string{"vllm_mlx_prompt_tokens_total"}},
		{Concept: OutputTokens, Names: []string{"vllm_mlx_completion_tokens_total"}},
		{Concept: ModelLoaded, Names: []string{"vllm_mlx_model_loaded"}},
		{Concept: ModelMemory, Names: []string{"vllm_mlx_metal_memory_bytes"}, Where: is("kind", "active"), Attrs: fixed("gpu", "all")},
		{Concept: RequestDuration, Names: []string{"vllm_mlx_inference_request_duration_seconds"}, From: Buckets},
		{Concept: TimeToFirstToken, Names: []string{"vllm_mlx_inference_ttft_seconds"}, From: Buckets},
	},
	Known: underPrefix("vllm_mlx_", []string{
		"http_*", "embedding_truncated", "engine_type", "engine_is_mllm", "engine_uptime_seconds", "cache_*", "model_registry_*", "mcp_*",
	}),
	Path: "/metrics",
}

var lmcache = Engine{
	Name:     "lmcache",
	Title:    "LMCache, on its engine's page",
	Source:   "LMCache docs, observability pages; lmcache/observability.py of 0.3.13",
	Prefixes: []string{"lmcache_"},
	Role:     AddOn,
	Model:    []string{"model_name", "model"},
	Rank:     []string{"worker_id"}, // each worker holds its part of the same tokens
	Rows: []Row{
		{Concept: PrefixQueries, Names: []string{"lmcache:num_lookup_tokens", "lmcache:num_requested_tokens"}, Attrs: fixed("external")},
		{Concept: PrefixHits, Names: []string{"lmcache:num_lookup_hits", "lmcache:num_hit_tokens"}, Attrs: fixed("external")},
	},
	Known: []string{"lmcache_*"},
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

// JSONPages are documents that are an engine's whole page, by the engine's name.
func JSONPages(engine *Engine) (pages []Lookup) {
	if engine == &tensorRTLLM {
		return []Lookup{tensorRTLLMStats}
	}
	return slices.DeleteFunc(slices.Clone(engine.Lookups), func(l Lookup) bool { return !l.State })
}

// Engines are all kinds that are known.
func Engines() []*Engine { return engines }

// ByName finds an engine by its name.
func ByName(name string) *Engine {
	for _, e := range engines {
		if e.Name == name {
			return e
		}
	}
	return nil
}
