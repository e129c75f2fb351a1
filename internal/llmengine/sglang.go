// SPDX-License-Identifier: Apache-2.0

package llmengine

// This file holds SGLang.

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

const gibibyte = 1 << 30

// sglangTiers: "total" of older versions is none.
var sglangTiers = []Word{{"device", "device"}, {"host", "host"}, {"storage.*", "storage"}}

var sglangPhases = []Word{{"prefill.*", "prefill"}, {"decode.*", "decode"}}
