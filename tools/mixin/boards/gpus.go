// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

const (
	// fleetUID and gpuUID are the boards of GPUs.
	fleetUID = "otelcol-llm-gpus"
	gpuUID   = "otelcol-llm-gpu"
)

const (
	ofDevice     = "host_name, hw_name"
	deviceLegend = "{{host_name}} {{hw_name}}"
	noGPUs       = "No GPUs"
)

// anyRed colours what should be zero.
var anyRed = []grafana.Step{{From: 1, Color: "red"}}

// throttled is the share of the time in which reasons hold the clocks down. They overlap: the greatest counts.
func throttled(reasons, labels string) string {
	return `max by (` + labels + `) (rate(<nvidia.gpu.throttle.time nvidia_gpu_throttle_reason=~"` + reasons + `">[$__rate_interval]))`
}

const heat = "software_thermal|hardware_thermal|hardware_power_brake"

func gpuFleet() grafana.Board {
	return grafana.Board{
		UID: fleetUID, Title: "GPU fleet",
		Description: "Which GPU is unwell, idle or held back? All hosts with GPUs, for those who run them.",
		Variables:   []grafana.Variable{grafana.Host, grafana.GPU},
		Rows: []grafana.Row{
			{Title: "At a glance", Panels: fleetStats()},
			{Title: "Which GPU is unwell?", Panels: fleetHealth()},
			{Title: "Do they work?", Panels: fleetWork()},
		},
	}
}

func fleetStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many GPUs?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: noGPUs,
			Help:    "GPUs that answer the driver, `nvidia.gpu.count`. Fewer than yesterday: see those that are missing.",
			Queries: []grafana.Query{{Text: `sum(<nvidia.gpu.count nvidia_gpu_source="nvml">)`, Legend: "GPUs"}},
		},
		{
			Title: "Missing?", Kind: grafana.Stat, Unit: "short", Width: 4, Steps: anyRed, Empty: noGPUs,
			Help: "GPUs that were seen or should be there, and do not answer. Any but zero: the table below names it, the runbook says what " +
				"to do.",
			Queries: []grafana.Query{{Text: `sum(<nvidia.gpu.count nvidia_gpu_source="expected">) - sum(<nvidia.gpu.count nvidia_gpu_source="nvml">)`, Legend: "Missing"}},
		},
		{
			Title: "Not ok?", Kind: grafana.Stat, Unit: "short", Width: 4, Steps: anyRed, Empty: noGPUs,
			Help:    "GPUs whose `hw.status` is degraded, predicted_failure or failed. The collector's log has the cause of each.",
			Queries: []grafana.Query{{Text: `sum(<hw.status hw_state!="ok">)`, Legend: "Not ok"}},
		},
		{
			Title: "How busy?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Empty: noGPUs,
			Help:    "Mean share of the time in which a kernel ran. Busy says little of how much of a GPU is used: compare with power.",
			Queries: []grafana.Query{{Text: `avg(<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "Busy"}},
		},
		{
			Title: "How much power?", Kind: grafana.Stat, Unit: "watt", Width: 4, Empty: noGPUs,
			Help:    "Power draw of all GPUs. Near the sum of their limits they work hard; near idle power, 60 to 120 W each, they wait.",
			Queries: []grafana.Query{{Text: `sum(<hw.power>)`, Legend: "Power"}},
		},
		{
			Title: "Slowed by heat?", Kind: grafana.Stat, Unit: "short", Width: 4, Steps: anyRed, Empty: noGPUs,
			Help:    "GPUs that heat or a power brake slows down for more than a tenth of the time. See their cooling.",
			Queries: []grafana.Query{{Text: `count(` + throttled(heat, ofDevice) + ` > 0.1) or 0 * sum(<nvidia.gpu.count nvidia_gpu_source="nvml">)`, Legend: "GPUs"}},
		},
	}
}

func fleetHealth() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How is each GPU?", Kind: grafana.Table, Unit: "short", Width: 24, Height: 10, SortBy: "Not ok",
			Help: "One row for each GPU, the unwell ones first. A GPU that is gone stays for an hour, with a dash for what it no longer says.",
			Columns: []grafana.Column{
				{Label: "host_name", Title: "Host"}, {Label: "hw_name", Title: "GPU", More: gpuUID, Variable: "gpu"},
			},
			Queries: []grafana.Query{
				{Text: `max by (` + ofDevice + `) (<hw.status hw_state!="ok">)`, Legend: "Not ok", Steps: anyRed},
				{Text: `avg by (` + ofDevice + `) (<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "Busy", Unit: "percentunit"},
				{Text: `max by (` + ofDevice + `) (<hw.gpu.memory.utilization>)`, Legend: "Memory", Unit: "percentunit"},
				{Text: `max by (` + ofDevice + `) (<hw.power>)`, Legend: "Power", Unit: "watt"},
				{Text: `max by (` + ofDevice + `) (<hw.temperature hw_sensor_location="gpu">)`, Legend: "Temperature", Unit: "celsius"},
				{Text: `max by (` + ofDevice + `) (<hw.errors error_type="uncorrected">)`, Legend: "Uncorrected errors", Steps: anyRed},
				{Text: throttled(heat, ofDevice), Legend: "Slowed by heat", Unit: "percentunit", Steps: errorSteps},
			},
		},
		{
			Title: "Since when is one unwell?", Unit: "short", Width: 12, Stacked: true, Empty: noGPUs,
			Help:    "GPUs by verdict, without those that are ok. A step up is one GPU: the collector's log has the cause.",
			Queries: []grafana.Query{{Text: `sum by (hw_state) (<hw.status hw_state!="ok">)`, Legend: "{{hw_state}}"}},
		},
		{
			Title: "Do all answer?", Unit: "short", Width: 12, Empty: noGPUs,
			Help: "GPUs by who counts: nvml are those that answer, expected those that were seen or should be, pci those on the bus where " +
				"the collector sees it. They should lie on each other.",
			Queries: []grafana.Query{{Text: `sum by (nvidia_gpu_source) (<nvidia.gpu.count>)`, Legend: "{{nvidia_gpu_source}}"}},
		},
	}
}

func fleetWork() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which host is busy?", Unit: "percentunit", Width: 8, Max: 1, Empty: noGPUs,
			Help:    "Mean utilization of the GPUs of each host. One host at 100 % while others rest: requests are spread unevenly.",
			Queries: []grafana.Query{{Text: `avg by (host_name) (<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "{{host_name}}"}},
		},
		{
			Title: "Where does the power go?", Unit: "watt", Width: 8, Stacked: true, Empty: noGPUs,
			Help:    "Power draw by host. The same requests at more power: longer prompts, less caching, or another model.",
			Queries: []grafana.Query{{Text: `sum by (host_name) (<hw.power>)`, Legend: "{{host_name}}"}},
		},
		{
			Title: "What holds clocks down?", Unit: "percentunit", Width: 8, Empty: noGPUs,
			Help:    "Worst GPU by reason, as a share of the time; reasons overlap. power_cap is usual at full load, thermal ones are not.",
			Queries: []grafana.Query{{Text: throttled(".+", "nvidia_gpu_throttle_reason"), Legend: "{{nvidia_gpu_throttle_reason}}"}},
		},
	}
}

func gpuDetail() grafana.Board {
	return grafana.Board{
		UID: gpuUID, Title: "GPU detail",
		Description: "What is this GPU doing, and what is wrong with it? For one GPU, or few of a host side by side.",
		Variables:   []grafana.Variable{grafana.Host, grafana.GPU},
		Rows: []grafana.Row{
			{Title: "Is it well?", Panels: gpuHealth()},
			{Title: "What does it do?", Panels: gpuWork()},
			{Title: "What holds it back?", Panels: gpuLimits()},
			{Title: "How are its links?", Panels: gpuLinks()},
		},
	}
}

func gpuHealth() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "What is the verdict?", Kind: grafana.Timeline, Unit: "short", Width: 12, Empty: noGPUs,
			Help: "`hw.status`: 0 ok, 1 predicted failure, 2 degraded, 3 failed. The collector's log names the cause of each change.",
			States: []grafana.State{
				{Value: "0", Text: "ok", Color: "green"},
				{Value: "1", Text: "predicted failure", Color: "yellow"},
				{Value: "2", Text: "degraded", Color: "orange"},
				{Value: "3", Text: "failed", Color: "red"},
			},
			Queries: []grafana.Query{{
				Text: `max by (` + ofDevice + `) (
  <hw.status hw_state="failed"> * 3
  or <hw.status hw_state="degraded"> * 2
  or <hw.status hw_state="predicted_failure">
)`, Legend: deviceLegend,
			}},
		},
		{
			Title: "Memory errors?", Unit: "short", Width: 6, Empty: noGPUs,
			Help:    "ECC errors since the driver was loaded. Corrected ones are usual; an uncorrected one ended a process: see the runbook.",
			Queries: []grafana.Query{{Text: `sum by (` + ofDevice + `, error_type) (<hw.errors>)`, Legend: deviceLegend + " {{error_type}}"}},
		},
		{
			Title: "Is it to be repaired?", Unit: "short", Width: 6, Empty: noGPUs,
			Help: "Rows that were replaced, by the errors that led to it, and whether one waits for a reset. A failure of the replacement " +
				"means a new GPU.",
			Queries: []grafana.Query{
				{Text: `sum by (` + ofDevice + `, error_type) (<nvidia.gpu.row_remaps>)`, Legend: deviceLegend + " rows {{error_type}}"},
				{Text: `max by (` + ofDevice + `) (<nvidia.gpu.row_remap.pending>)`, Legend: deviceLegend + " pending"},
				{Text: `max by (` + ofDevice + `) (<nvidia.gpu.row_remap.failure>)`, Legend: deviceLegend + " failed"},
			},
		},
	}
}

func gpuWork() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Is it busy?", Unit: "percentunit", Width: 8, Max: 1, Empty: noGPUs,
			Help: "Share of the time in which a kernel ran, and in which the memory was read or written. Decoding is bound by memory, " +
				"prefill by compute.",
			Queries: []grafana.Query{
				{Text: `avg by (` + ofDevice + `) (<hw.gpu.utilization hw_gpu_task="general">)`, Legend: deviceLegend + " kernels"},
				{Text: `avg by (` + ofDevice + `) (<nvidia.gpu.memory.bandwidth.utilization>)`, Legend: deviceLegend + " memory"},
			},
		},
		{
			Title: "How full is the memory?", Unit: "bytes", Width: 8, Empty: noGPUs,
			Help: "Memory in use, and all there is. Engines reserve their share at the start, so a flat line near the top is usual.",
			Queries: []grafana.Query{
				{Text: `max by (` + ofDevice + `) (<hw.gpu.memory.usage>)`, Legend: deviceLegend + " used"},
				{Text: `max by (` + ofDevice + `) (<hw.gpu.memory.limit>)`, Legend: deviceLegend + " all"},
			},
		},
		{
			Title: "How much power?", Unit: "watt", Width: 8, Empty: noGPUs,
			Help: "Power draw, its peak between collections, and the limit. At the limit the clocks give way: that is work, not a fault.",
			Queries: []grafana.Query{
				{Text: `max by (` + ofDevice + `) (<hw.power>)`, Legend: deviceLegend},
				{Text: `max by (` + ofDevice + `) (<nvidia.gpu.power.max>)`, Legend: deviceLegend + " peak"},
				{Text: `max by (` + ofDevice + `) (<nvidia.gpu.power.limit nvidia_gpu_power_limit_type="enforced">)`, Legend: deviceLegend + " limit"},
			},
		},
	}
}

func gpuLimits() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Why is it slowed down?", Unit: "percentunit", Width: 8, Max: 1, Empty: noGPUs,
			Help:    "Share of the time by reason; reasons overlap. power_cap is usual at full load; thermal and power brake mean cooling or supply.",
			Queries: []grafana.Query{{Text: throttled(".+", ofDevice+", nvidia_gpu_throttle_reason"), Legend: deviceLegend + " {{nvidia_gpu_throttle_reason}}"}},
		},
		{
			Title: "At which clock?", Unit: "hertz", Width: 8, Empty: noGPUs,
			Help:    "Clock of the processors. One GPU of a tensor-parallel group below the others makes all of them wait.",
			Queries: []grafana.Query{{Text: `max by (` + ofDevice + `) (<nvidia.gpu.clock.frequency nvidia_gpu_clock_domain="sm">)`, Legend: deviceLegend}},
		},
		{
			Title: "How hot?", Unit: "celsius", Width: 8, Empty: noGPUs,
			Help:    "Temperature of the chip and of its memory. From some 85 °C on clocks give way: compare with its neighbours, see the airflow.",
			Queries: []grafana.Query{{Text: `max by (` + ofDevice + `, hw_sensor_location) (<hw.temperature>)`, Legend: deviceLegend + " {{hw_sensor_location}}"}},
		},
	}
}

func gpuLinks() []grafana.Panel {
	const none = "No NVLink"
	return []grafana.Panel{
		{
			Title: "What goes over NVLink?", Unit: "Bps", Width: 8, Empty: none,
			Help:    "Payload over all NVLinks. Within a tensor-parallel group all are alike; one that is lower has a link down.",
			Queries: []grafana.Query{{Text: `sum by (` + ofDevice + `, network_io_direction) (rate(<nvidia.gpu.nvlink.io>[$__rate_interval]))`, Legend: deviceLegend + " {{network_io_direction}}"}},
		},
		{
			Title: "Do links fail?", Unit: "cps", Width: 8, Empty: none,
			Help: "NVLink errors per second, and PCIe replays. A few corrected ones are usual; a steady rate is a bad link or cable.",
			Queries: []grafana.Query{
				{Text: `sum by (` + ofDevice + `) (rate(<nvidia.gpu.nvlink.errors>[$__rate_interval]))`, Legend: deviceLegend + " NVLink"},
				{Text: `sum by (` + ofDevice + `) (rate(<nvidia.gpu.pcie.replays>[$__rate_interval]))`, Legend: deviceLegend + " PCIe"},
			},
		},
		{
			Title: "Which links are up?", Unit: "short", Width: 8, Empty: none,
			Help: "NVLinks by state, and issues of the fabric. A GPU with fewer links up than its neighbours is degraded: see the fabric " +
				"manager.",
			Queries: []grafana.Query{
				{Text: `sum by (` + ofDevice + `, nvidia_gpu_nvlink_state) (<nvidia.gpu.nvlink.links>)`, Legend: deviceLegend + " {{nvidia_gpu_nvlink_state}}"},
				{Text: `sum by (` + ofDevice + `) (<nvidia.gpu.fabric.health>)`, Legend: deviceLegend + " fabric issues"},
			},
		},
	}
}
