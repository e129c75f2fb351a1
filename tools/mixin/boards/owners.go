// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

const ownersUID = "otelcol-llm-owners"

const (
	// ofPod is who has a GPU in Kubernetes, ofOwner who has it anywhere.
	ofPod       = "k8s_namespace_name, k8s_pod_name"
	ofOwner     = ofPod + ", service_name"
	ownerLegend = "{{k8s_namespace_name}} {{k8s_pod_name}} {{service_name}}"
	noOwners    = "No owners: pods::enabled or processes::enabled"
)

func gpuOwners() grafana.Board {
	return grafana.Board{
		UID: ownersUID, Title: "GPU owners",
		Description: "Who has which GPU, and what do they do with it? Pods and engines beside their GPUs, with `pods` and `processes` of " +
			"the receiver `llm_gpu` switched on.",
		Variables: []grafana.Variable{grafana.Cluster, grafana.Host, grafana.GPU},
		Rows: []grafana.Row{
			{Title: "At a glance", Panels: ownerStats()},
			{Title: "Who has what?", Panels: ownerTable()},
			{Title: "What do they do with it?", Panels: ownerWork()},
			{Title: "What happened to it?", Panels: ownerEvents()},
		},
	}
}

// inState is the share of GPUs in a state, by how long they were in it.
func inState(state string) string {
	return `sum (rate(<nvidia.gpu.state.time nvidia_gpu_state="` + state + `">[$__rate_interval]))`
}

func ownerStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many GPUs have an owner?", Kind: grafana.Stat, Unit: "short", Width: 6, Empty: noOwners,
			Help: "GPUs and MIG instances that pods were given. Fewer than there are: the rest is free, or used by processes outside of " +
				"Kubernetes.",
			Queries: []grafana.Query{{Text: `count(count by (host_name, hw_id) (<nvidia.gpu.allocation>))`, Legend: "GPUs"}},
		},
		{
			Title: "How many GPUs work?", Kind: grafana.Stat, Unit: "short", Width: 6, Decimals: 1, Empty: noGPU,
			Help:    "GPUs that were active, as a sum of their shares of the time. Half of a day at work counts as half a GPU.",
			Queries: []grafana.Query{{Text: inState("active"), Legend: "Active"}},
		},
		{
			Title: "How many are had and idle?", Kind: grafana.Stat, Unit: "short", Width: 6, Decimals: 1, Steps: anyRed, Empty: noGPU,
			Help: "GPUs that somebody has and that did nothing, as a sum of their shares of the time. They are paid: the table below says who " +
				"has them.",
			Queries: []grafana.Query{{Text: inState("idle_allocated"), Legend: "Idle, allocated"}},
		},
		{
			Title: "How many are free?", Kind: grafana.Stat, Unit: "short", Width: 6, Decimals: 1, Empty: noGPU,
			Help:    "GPUs that nobody has. Pods that wait for a GPU while some are free ask for another kind, or for several on one node.",
			Queries: []grafana.Query{{Text: inState("idle_free"), Legend: "Free"}},
		},
	}
}

func ownerTable() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "What does each owner get?", Kind: grafana.Table, Unit: "short", Width: 24, Height: 10, SortBy: "Idle",
			Help: "One row for each pod or engine that has GPUs for itself, those that waste most first. GPUs that several share are in none: " +
				"see the next panel. Little memory and much idle time: a smaller GPU or a MIG instance would do.",
			Columns: []grafana.Column{
				{Label: "k8s_namespace_name", Title: "Namespace"}, {Label: "k8s_pod_name", Title: "Pod"}, {Label: "service_name", Title: "Service"},
			},
			Queries: []grafana.Query{
				{Text: `count by (` + ofOwner + `) (<hw.power k8s_pod_name!="">)`, Legend: "GPUs"},
				{Text: `avg by (` + ofOwner + `) (<hw.gpu.utilization hw_gpu_task="general", k8s_pod_name!="">)`, Legend: "Busy", Unit: "percentunit"},
				{Text: `avg by (` + ofOwner + `) (<hw.gpu.memory.utilization k8s_pod_name!="">)`, Legend: "Memory", Unit: "percentunit"},
				{Text: `sum by (` + ofOwner + `) (<hw.power k8s_pod_name!="">)`, Legend: "Power", Unit: "watt"},
				{
					Text:   `avg by (` + ofOwner + `) (rate(<nvidia.gpu.state.time nvidia_gpu_state="idle_allocated", k8s_pod_name!="">[$__rate_interval]))`,
					Legend: "Idle", Unit: "percentunit", Steps: []grafana.Step{{From: 0.5, Color: "yellow"}, {From: 0.95, Color: "red"}},
				},
				{Text: `max by (` + ofOwner + `) (rate(<nvidia.gpu.throttle.time nvidia_gpu_throttle_reason=~"` + heat + `", k8s_pod_name!="">[$__rate_interval]))`, Legend: "Slowed by heat", Unit: "percentunit", Steps: errorSteps},
			},
		},
		{
			Title: "Which GPU was given to whom?", Kind: grafana.Table, Unit: "short", Width: 24, Height: 8,
			Help: "What the kubelet gave to containers. A GPU with several rows is shared: its values are of all of them together.",
			Columns: []grafana.Column{
				{Label: "host_name", Title: "Host"},
				{Label: "hw_name", Title: "GPU", More: gpuUID, Variable: "gpu"},
				{Label: "k8s_namespace_name", Title: "Namespace"},
				{Label: "k8s_pod_name", Title: "Pod"},
				{Label: "nvidia_gpu_allocation_sharing", Title: "Sharing"},
			},
			Queries: []grafana.Query{{
				Text:   `sum by (host_name, hw_name, ` + ofPod + `, nvidia_gpu_allocation_sharing) (<nvidia.gpu.allocation>)`,
				Legend: "GPUs and instances",
			}},
		},
	}
}

func ownerWork() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Where does the time go?", Unit: "short", Width: 12, Stacked: true, Empty: noGPU,
			Help: "GPUs by state. Waste is what is allocated and idle: it grows at night where engines do not scale down.",
			Queries: []grafana.Query{
				{Text: inState("active"), Legend: "active"},
				{Text: inState("idle_allocated"), Legend: "idle, allocated"},
				{Text: inState("idle_free"), Legend: "idle, free"},
			},
		},
		{
			Title: "Who wastes most?", Unit: "short", Width: 12, Stacked: true, Empty: "Nobody",
			Help:    "GPUs that an owner has and does not use, as a sum of their shares of the time.",
			Queries: []grafana.Query{{Text: `sum by (` + ofOwner + `) (rate(<nvidia.gpu.state.time nvidia_gpu_state="idle_allocated", k8s_pod_name!="">[$__rate_interval]))`, Legend: ownerLegend}},
		},
		{
			Title: "Who holds the memory?", Unit: "bytes", Width: 12, Stacked: true, Empty: noOwners,
			Help: "Memory by what the process is: the engine, or nothing where it is of none that is known. Engines reserve their share at the " +
				"start, busy or not.",
			Queries: []grafana.Query{{
				Text: `label_replace(
  sum by (llm_engine_name, gen_ai_request_model) (<nvidia.gpu.process.memory.usage>),
  "llm_engine_name", "others", "llm_engine_name", ""
)`, Legend: "{{llm_engine_name}} {{gen_ai_request_model}}",
			}},
		},
		{
			Title: "Do the GPUs of one owner work alike?", Unit: "percentunit", Width: 12, Max: 1, Empty: noOwners,
			Help: "Multiprocessors at work, of each GPU of an owner. GPUs of one tensor-parallel group work in step: one that is behind has a slow " +
				"link or throttles, and all wait for it.",
			Queries: []grafana.Query{{Text: `avg by (` + ofPod + `, hw_name) (<nvidia.gpu.sm.active k8s_pod_name!="">)`, Legend: "{{k8s_pod_name}} {{hw_name}}"}},
		},
	}
}

func ownerEvents() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which errors did the driver report?", Unit: "short", Width: 12, Empty: "No XID",
			Help: "XID errors by code. 13, 31 and 43 are errors of a program, 48, 94 and 95 of memory, 79 is a GPU off the bus. The collector's " +
				"log records say what to do.",
			Queries: []grafana.Query{{Text: `sum by (` + ofDevice + `, nvidia_gpu_xid) (<nvidia.gpu.xid.errors>)`, Legend: deviceLegend + " XID {{nvidia_gpu_xid}}"}},
		},
		{
			Title: "Whose GPU is unwell?", Unit: "short", Width: 12, Stacked: true, Empty: "None",
			Help:    "GPUs that are not ok, by the owner that has them for itself. Move its requests elsewhere before the GPU is reset.",
			Queries: []grafana.Query{{Text: `sum by (` + ofPod + `) (<hw.status hw_state!="ok", k8s_pod_name!="">)`, Legend: "{{k8s_pod_name}}"}},
		},
	}
}
