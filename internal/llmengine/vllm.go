// SPDX-License-Identifier: Apache-2.0

package llmengine

// This file holds vLLM, its forks and its cache.

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

// vllmRows are the families of vLLM, whose forks write them under names of their own.
func vllmRows(prefix string) []Row {
	rows := []Row{
		{Concept: Running, Names: []string{"num_requests_running"}},
		{Concept: Waiting, Names: []string{"num_requests_waiting"}},
		{Concept: Waiting, Names: []string{"num_requests_waiting_by_reason"}, Attrs: [2]Attr{{Labels: []string{"reason"}}}},
		{Concept: KVUtilization, Names: []string{"kv_cache_usage_perc", "gpu_cache_usage_perc"}},
		// Blocks of models with several kinds of attention hold other numbers of tokens than block_size says. Newer versions say
		// the tokens.
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
