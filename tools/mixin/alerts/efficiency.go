// SPDX-License-Identifier: Apache-2.0

package alerts

import "fmt"

// Engines' spans, engines' own metrics and GPUs meet by their owner. It is the pod, where the GPU's points carry one. Else it is
// the service, as on a host without Kubernetes. A GPU whose points carry an owner belongs to that owner alone. Shared GPUs have
// none, and what they do is in none of these rules. So the rules' names say "exclusive". An owner that
// has others besides is left out where tokens are divided: they come from all of its GPUs.
const (
	byPod     = "k8s_namespace_name, k8s_pod_name"
	byService = "service_name"
	byOwner   = byPod + ", " + byService
)

// perOwner adds up a query by owner. In text, %s stands for the matcher by which a series has an owner of that kind.
func perOwner(aggregate, text, further string) string {
	if further != "" {
		further = ", " + further
	}
	return fmt.Sprintf("%s by (%s) (%s)\nor\n%s by (%s) (%s)",
		aggregate, byPod+further, fmt.Sprintf(text, `k8s_pod_name!=""`),
		aggregate, byService+further, fmt.Sprintf(text, `k8s_pod_name="", service_name!=""`))
}

// alsoShared are owners that also have GPUs, or parts of GPUs, whose energy is not theirs alone. Pods have shared ones and MIG
// instances, services those on which they are one of several.
const alsoShared = `
  count by (` + byPod + `) (<nvidia.gpu.allocation nvidia_gpu_allocation_sharing="shared"> or <nvidia.gpu.allocation hw_parent!="">)
  or
  count by (` + byService + `) (<nvidia.gpu.process.memory.usage service_name!=""> unless on (host_name, hw_id) <hw.energy service_name!="">)
`

// Names of what is recorded by owner, which others build on.
const (
	ownedEnergy = "llm_gpu:watts:exclusive"
	ownedGPUs   = "llm_gpu:devices:exclusive"
	ownedTokens = "llm_gpu:output_tokens:rate5m_exclusive"
	modelWatts  = "llm_gpu_model:watts:exclusive"
	modelGPUs   = "llm_gpu_model:devices:exclusive"
	modelTokens = "llm_gpu_model:output_tokens:rate5m_exclusive"
)

// shareOf splits what an owner has among its models by their output tokens.
func shareOf(what string) string {
	return `sum by (gen_ai_request_model) (
  ` + ownedTokens + `
  / on (` + byOwner + `) group_left () (sum by (` + byOwner + `) (` + ownedTokens + `) > 0)
  * on (` + byOwner + `) group_left () ` + what + `
)`
}

func efficiencyFile() File {
	return File{Name: "efficiency", Groups: []Group{
		{Name: "llm-gpu-owners", Recordings: ownerRecordings()},
		{Name: "llm-gpu-models", Recordings: modelRecordings()},
		{Name: "llm-gpu-causes", Recordings: causeRecordings()},
	}}
}

// ownerRecordings are what each owner of GPUs gets for them.
func ownerRecordings() []Recording {
	return []Recording{
		{
			Record: ownedEnergy, Text: perOwner("sum", "rate(<hw.energy %s>[5m])", ""),
			Comment: "Watts of the GPUs that a pod, or else a service, has for itself.",
		},
		{
			Record: ownedGPUs, Text: perOwner("count", "<hw.energy %s>", ""),
			Comment: "GPUs that a pod, or else a service, has for itself.",
		},
		{
			Record: ownedTokens, Text: "(\n" + perOwner("sum", `rate(<llm.usage.output_tokens llm_layer="server", %s>[5m])`, "gen_ai_request_model") +
				"\n)\nunless on (" + byOwner + ") (" + alsoShared + ")",
			Comment: "Output tokens per second by owner and model, as the engines' spans say. Only owners that share no GPU and have no MIG instance.",
		},
		{
			Record: "llm_gpu:tokens_per_joule:exclusive",
			Text:   "sum by (" + byOwner + ") (" + ownedTokens + ")\n/ on (" + byOwner + ")\n(" + ownedEnergy + " > 0)",
			Comment: "Output tokens per joule. Energy is the GPUs' alone, without the host and cooling. All of it counts, that of reading prompts " +
				"and of idling, too.",
		},
		{
			Record:  "llm_gpu:tokens_per_gpu_second:exclusive",
			Text:    "sum by (" + byOwner + ") (" + ownedTokens + ")\n/ on (" + byOwner + ")\n(" + ownedGPUs + " > 0)",
			Comment: "Output tokens per second and GPU.",
		},
		{
			Record:  "llm_gpu:idle_allocated:ratio_rate1h_exclusive",
			Text:    perOwner("avg", `rate(<nvidia.gpu.state.time nvidia_gpu_state="idle_allocated", %s>[1h])`, ""),
			Comment: "Share of the last hour in which an owner's GPUs did nothing.",
		},
		{
			Record:  "llm_gpu:idle_allocated_usd_per_hour:exclusive",
			Text:    "llm_gpu:idle_allocated:ratio_rate1h_exclusive * on (" + byOwner + ") " + ownedGPUs + " * <threshold:gpu_hour_price>",
			Comment: "US dollars an hour that GPUs cost while they do nothing, at the price of gpu_hour_price.",
		},
	}
}

// modelRecordings are what each model costs. An owner with several models splits its GPUs among them by output tokens.
func modelRecordings() []Recording {
	return []Recording{
		{
			Record:  modelTokens,
			Text:    "sum by (gen_ai_request_model) (" + ownedTokens + " and on (" + byOwner + ") " + ownedEnergy + ")",
			Comment: "Output tokens per second of a model, by engines that have their GPUs for themselves.",
		},
		{
			Record: modelWatts, Text: shareOf(ownedEnergy),
			Comment: "Watts of a model. An engine with several models splits its GPUs among them by output tokens; one without tokens is of no model.",
		},
		{
			Record: modelGPUs, Text: shareOf(ownedGPUs),
			Comment: "GPUs of a model, split in the same way.",
		},
		{
			Record:  "llm_gpu_model:joules_per_million_output_tokens:exclusive",
			Text:    "1e6 * " + modelWatts + " / (" + modelTokens + " > 0)",
			Comment: "Joules for a million output tokens of a model. A kilowatt hour is 3.6 million joules.",
		},
		{
			Record: "llm_gpu_model:usd_per_million_output_tokens:exclusive",
			Text:   "1e6 / 3600 * <threshold:gpu_hour_price> * " + modelGPUs + " / (" + modelTokens + " > 0)",
			Comment: "US dollars for a million output tokens of a model. Each GPU costs gpu_hour_price, busy or not. What reading the " +
				"prompts takes is in it.",
		},
	}
}

// causeRecordings put what GPUs suffer beside what requests feel.
func causeRecordings() []Recording {
	throttled := "llm_gpu:throttled:ratio_rate5m_exclusive"
	perToken := "llm_gpu:time_per_output_token:mean5m"
	return []Recording{
		{
			Record:  "llm_gpu:memory_held:ratio_exclusive",
			Text:    perOwner("avg", "<hw.gpu.memory.utilization %s>", ""),
			Comment: "Share of the GPUs' memory that their owner holds.",
		},
		{
			Record: "llm_gpu:memory_held_unused:ratio_exclusive",
			Text: "llm_gpu:memory_held:ratio_exclusive\n* on (" + byOwner + ")\n(1 - (\n" +
				perOwner("avg", "<llm.engine.kv_cache.utilization %s>", "") + "\n))",
			Comment: "Share of the GPUs' memory that their owner holds, times the part of the KV cache that is empty. High all day means that the cache, " +
				"or the GPU, is larger than the traffic needs. The weights are in it, so that it never reaches 0.",
		},
		{
			Record: "llm_gpu:imbalance:ratio_exclusive",
			Text: "1 - (\n" + perOwner("min", `avg_over_time(<hw.gpu.utilization hw_gpu_task="general", %s>[5m])`, "") + "\n)\n/ on (" + byOwner + ")\n((\n" +
				perOwner("max", `avg_over_time(<hw.gpu.utilization hw_gpu_task="general", %s>[5m])`, "") + "\n) > 0)",
			Comment: "How far the least busy GPU of an owner is behind the busiest. GPUs of one tensor-parallel group work in step. A large value is a slow " +
				"link, a GPU that throttles, or one that the engine does not use.",
		},
		{
			Record:  throttled,
			Text:    perOwner("max", `rate(<nvidia.gpu.throttle.time %s>[5m])`, ""),
			Comment: "Share of the time for which the most throttled GPU of an owner was slowed down, by its strongest reason.",
		},
		{
			Record: perToken,
			Text: "(\n" + perOwner("sum", "rate(<gen_ai.server.time_per_output_token:sum %s>[5m])", "") + "\n)\n/ on (" + byOwner + ")\n((\n" +
				perOwner("sum", "rate(<gen_ai.server.time_per_output_token:count %s>[5m])", "") + "\n) > 0)",
			Comment: "Mean time per output token by owner, in seconds.",
		},
		{
			Record:  "llm_gpu:time_per_output_token_throttled:mean5m_exclusive",
			Text:    perToken + " and on (" + byOwner + ") " + throttled + " > <threshold:gpu_throttled_ratio>",
			Comment: "The same, of owners whose GPUs are throttled: compare with those whose GPUs are not.",
		},
		{
			Record: "llm_gpu:failed_requests_after_xid:rate5m_exclusive",
			Text: "(\n" + perOwner("sum", `rate(<llm.requests llm_layer="server", llm_outcome="error", %s>[5m])`, "") + "\n)\nand on (" + byOwner + ")\n((\n" +
				perOwner("max", "time() - <nvidia.gpu.xid.last_timestamp %s>", "") + "\n) < 900)",
			Comment: "Failed requests per second of engines whose GPU reported an XID within a quarter of an hour.",
		},
		{
			Record:  "llm_gpu:failed_while_held:devices_exclusive",
			Text:    "(\n" + perOwner("sum", `<hw.status hw_state="failed", %s>`, "") + "\n) > 0",
			Comment: "GPUs that failed or are gone while their owner still holds them.",
		},
	}
}
