// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

const efficiencyUID = "otelcol-llm-efficiency"

func efficiency() grafana.Board {
	return grafana.Board{
		UID: efficiencyUID, Title: "Efficiency",
		Description: "What do we get for the GPUs that we pay? Tokens of our own engines against energy, GPUs and money. It puts together what " +
			"engines' spans and the GPU receiver say of one cluster.",
		Variables: []grafana.Variable{grafana.Cluster, grafana.Host},
		Rows: []grafana.Row{
			{Title: "At a glance", Panels: efficiencyStats()},
			{Title: "What comes out of what goes in?", Panels: efficiencyRatios()},
			{Title: "What is paid and idle?", Panels: efficiencyIdle()},
			{Title: "Do busy GPUs do useful work?", Panels: efficiencyWork()},
		},
	}
}

// What engines put out, and what GPUs take in.
var (
	tokensOut  = perSecond(`llm.usage.output_tokens llm_layer="server"`, "")
	requestsIn = perSecond(`llm.requests llm_layer="server"`, "")
	watts      = `sum(<hw.power>)`
	gpus       = `count(<hw.power>)`
	// idle are GPUs that did nothing for some minutes.
	idle = `(max_over_time(<hw.gpu.utilization hw_gpu_task="general">[$__rate_interval]) < 0.05)`
)

const noEngines = "No engines, or no GPUs"

func efficiencyStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Tokens per joule?", Kind: grafana.Stat, Unit: "short", Width: 6, Decimals: 2, Empty: noEngines,
			Help: "Output tokens per joule of all GPUs that are selected. It rises with the size of batches, and falls with idle GPUs and long " +
				"prompts. Compare with itself over weeks, not with other models.",
			Queries: []grafana.Query{{Text: ratio(tokensOut, watts), Legend: "Tokens per joule"}},
		},
		{
			Title: "Tokens per GPU?", Kind: grafana.Stat, Unit: "si:tok/s", Width: 6, Empty: noEngines,
			Help: "Output tokens per second and GPU, idle ones included: what a rented GPU brings. Half of last week's with as much traffic: too " +
				"many replicas, or a slow engine.",
			Queries: []grafana.Query{{Text: ratio(tokensOut, gpus), Legend: "Tokens per GPU"}},
		},
		{
			Title: "Energy per request?", Kind: grafana.Stat, Unit: "joule", Width: 6, Empty: noEngines,
			Help:    "Joules of the GPUs per request that engines served. A kilowatt hour is 3.6 million joules.",
			Queries: []grafana.Query{{Text: ratio(watts, requestsIn), Legend: "Joules per request"}},
		},
		{
			Title: "How many GPUs are idle?", Kind: grafana.Stat, Unit: "short", Width: 6, Empty: noGPU,
			Help:    "GPUs that did nothing lately. They are paid all the same: give them back, or let a batch job have them.",
			Queries: []grafana.Query{{Text: "count(" + idle + ") or 0 * " + gpus, Legend: "Idle"}},
		},
	}
}

const noGPU = "No GPUs"

func efficiencyRatios() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many tokens per joule?", Unit: "short", Width: 12, Empty: noEngines,
			Help:    "Output tokens per joule of all GPUs that are selected. A fall at constant traffic: smaller batches, longer prompts, or throttling.",
			Queries: []grafana.Query{{Text: ratio(tokensOut, watts), Legend: "tokens per joule"}},
		},
		{
			Title: "Do tokens follow the GPUs?", Unit: "percentunit", Width: 12, Empty: noEngines,
			Help: "Mean utilization, and output tokens as a share of their most in the time that is shown. Busy GPUs without tokens: an engine hangs, " +
				"or somebody else uses them.",
			Queries: []grafana.Query{
				{Text: `avg(<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "GPUs busy"},
				{Text: tokensOut + " / max_over_time((" + tokensOut + ")[$__range:$__interval])", Legend: "tokens, of their most"},
			},
		},
		{
			Title: "What does a token cost?", Unit: "currencyUSD", Width: 12, Empty: "No prices",
			Help: "US dollars per million output tokens of engines, at the prices that you set for them. Set them by what a GPU hour costs, and " +
				"compare with what a provider asks.",
			Queries: []grafana.Query{{
				Text:   ratio("1e6 * "+perSecond(`llm.cost llm_layer="server"`, model), perSecond(`llm.usage.output_tokens llm_layer="server"`, model)),
				Legend: modelLegend,
			}},
		},
		{
			Title: "Which engine brings how much?", Unit: "si:tok/s", Width: 12, Stacked: true, Empty: noEngines,
			Help:    "Output tokens per second by engine. One that brings less than its siblings with as many GPUs is the one to look at.",
			Queries: []grafana.Query{{Text: perSecond(`llm.usage.output_tokens llm_layer="server"`, "service_instance_id"), Legend: "{{service_instance_id}}"}},
		},
	}
}

func efficiencyIdle() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How much power do idle GPUs take?", Unit: "watt", Width: 12, Empty: noGPU,
			Help: "Power of all GPUs, and of those that did nothing lately. A loaded model takes power and memory though nobody asks it.",
			Queries: []grafana.Query{
				{Text: watts, Legend: "all"},
				{Text: "sum(<hw.power> and on (host_name, hw_id) " + idle + ") or 0 * " + watts, Legend: "idle"},
			},
		},
		{
			Title: "Which GPUs are idle, with memory held?", Unit: "bytes", Width: 12, Empty: "None",
			Help: "Memory in use on GPUs that did nothing lately. Somebody holds them: an engine without requests, a notebook that was forgotten.",
			Queries: []grafana.Query{{
				Text:   "sum by (host_name) (<hw.gpu.memory.usage> and on (host_name, hw_id) " + idle + ") or 0 * sum by (host_name) (<hw.gpu.memory.usage>)",
				Legend: "{{host_name}}",
			}},
		},
	}
}

func efficiencyWork() []grafana.Panel {
	const none = "No GPU from Hopper on"
	return []grafana.Panel{
		{
			Title: "How much of a busy GPU works?", Unit: "percentunit", Width: 12, Max: 1, Empty: none,
			Help: "Kernels say that something ran, the others how much of the GPU it took. Busy kernels, idle multiprocessors: batches are too " +
				"small. Memory at its limit: decoding is bound by memory, and a larger batch costs little.",
			Queries: []grafana.Query{
				{Text: `avg(<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "kernels"},
				{Text: `avg(<nvidia.gpu.sm.active>)`, Legend: "multiprocessors"},
				{Text: `avg(<nvidia.gpu.tensor.active>)`, Legend: "tensor cores"},
				{Text: `avg(<nvidia.gpu.dram.bandwidth.utilization>)`, Legend: "memory bandwidth"},
			},
		},
		{
			Title: "Which engine gets most out of a joule?", Unit: "short", Width: 12, Empty: "No engine has GPUs for itself",
			Help: "Output tokens per joule of the GPUs that a pod has for itself. Pods of one deployment should be alike: one that is lower gets " +
				"fewer requests, or its GPU is slowed down.",
			Queries: []grafana.Query{{
				Text: ratio(`sum by (k8s_namespace_name, k8s_pod_name) (rate(<llm.usage.output_tokens llm_layer="server">[$__rate_interval]))`,
					`sum by (k8s_namespace_name, k8s_pod_name) (rate(<hw.energy k8s_pod_name!="">[$__rate_interval]))`),
				Legend: "{{k8s_pod_name}}",
			}},
		},
	}
}
