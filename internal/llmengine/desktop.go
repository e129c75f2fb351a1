// SPDX-License-Identifier: Apache-2.0

package llmengine

// This file holds engines for machines of one person.

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
