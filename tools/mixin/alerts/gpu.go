// SPDX-License-Identifier: Apache-2.0

package alerts

func gpuFile() File {
	return File{Name: "gpu", Groups: []Group{
		{Name: "llm-gpu-health", Alerts: gpuHealth()},
		{Name: "llm-gpu-work", Alerts: gpuWork()},
		{Name: "llm-gpu-use", Alerts: gpuUse()},
		{Name: "llm-gpu-reading", Alerts: gpuReading()},
	}}
}

// device are the labels by which alerts identify a device.
const device = "host_name, hw_id, hw_name"

// gpuHealth are alerts about GPUs that are unwell. They look at levels: the first error of a series is no increase.
func gpuHealth() []Alert {
	return []Alert{
		{
			Name: "LLMGPUFailed", Text: `max by (` + device + `) (<hw.status hw_state="failed">) > 0`,
			Severity: Page,
			Summary:  "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} failed",
			Action:   "It does not answer, is gone, or needs a reset. Take it out of service: the collector's log has the cause, dmesg the Xid.",
		},
		{
			Name: "LLMGPUGone",
			Text: `(
  max by (host_name) (max_over_time(<nvidia.gpu.count nvidia_gpu_source="expected">[1d]))
  - max by (host_name) (<nvidia.gpu.count nvidia_gpu_source="nvml">)
)
> 0`,
			For: after15m, Severity: Ticket,
			Summary: "{{ $value }} GPUs of {{ $labels.host_name }} are missing since yesterday",
			Action:  "The host had more GPUs within a day than answer now. See lspci and dmesg; reset or reboot, else have it repaired.",
		},
		{
			Name:     "LLMGPURecoveryNeeded",
			Text:     `max by (` + device + `, nvidia_gpu_recovery_action) (<nvidia.gpu.recovery_action nvidia_gpu_recovery_action!="none">) > 0`,
			Severity: Ticket,
			Summary:  "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} asks for {{ $labels.nvidia_gpu_recovery_action }}",
			Action:   "Drain its workloads, then do what the driver asks for.",
		},
		{
			Name: "LLMGPUMemoryErrors", Text: `max by (` + device + `) (<hw.errors error_type="uncorrected">) > 0`,
			Severity: Ticket,
			Summary:  "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} has {{ $value }} uncorrected memory errors",
			Action:   "Requests on it failed, or answers may be wrong. Reset the GPU; if errors come back, have it replaced.",
		},
		{
			Name: "LLMGPURepairPending",
			Text: `max by (` + device + `) (<nvidia.gpu.row_remap.pending>) > 0
or
max by (` + device + `) (<nvidia.gpu.row_remap.failure>) > 0
or
max by (` + device + `) (<nvidia.gpu.repair.pending>) > 0`,
			Severity: Ticket,
			Summary:  "The memory of GPU {{ $labels.hw_name }} of {{ $labels.host_name }} is to be repaired",
			Action:   "A row, channel or processor waits for a reset, or could not be replaced. Drain and reset; if it failed, have the GPU replaced.",
		},
		{
			Name: "LLMGPUFabric",
			Text: `max by (` + device + `) (<nvidia.gpu.fabric.state nvidia_gpu_fabric_state!="completed">) > 0
or
max by (` + device + `) (<nvidia.gpu.fabric.health>) > 0`,
			For: after15m, Severity: Ticket,
			Summary: "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} is not well in its NVLink fabric",
			Action:  "Engines over several GPUs fail or are slow. See the fabric manager's service and log, and nvidia.gpu.fabric.health.",
		},
	}
}

// gpuWork are alerts about GPUs that are well, and held back.
func gpuWork() []Alert {
	return []Alert{
		{
			Name: "LLMGPUThrottled",
			// Reasons overlap: the greatest, not the sum.
			Text: `max by (` + device + `) (rate(<nvidia.gpu.throttle.time nvidia_gpu_throttle_reason=~"software_thermal|hardware_thermal|hardware_power_brake">[10m]))
> <threshold:gpu_throttled_ratio>`,
			For: after15m, Severity: Ticket,
			Summary: "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} is slowed down {{ $value | humanizePercentage }} of the time",
			Action:  "By heat or by a power brake: see the cooling, the room and the power supply. Its replicas answer late.",
		},
		{
			Name: "LLMGPUMemoryFull",
			Text: `max by (` + device + `) (<hw.gpu.memory.utilization>) > <threshold:gpu_memory_ratio>`,
			For:  after15m, Severity: Ticket,
			Summary: "The memory of GPU {{ $labels.hw_name }} of {{ $labels.host_name }} is {{ $value | humanizePercentage }} full",
			Action:  "The next allocation may fail. See which processes hold it, and lower the share that the engine reserves.",
		},
	}
}

// severeXIDs are the codes for which NVIDIA's catalogue asks for more than a look at the program. The receiver's table has the
// same.
const severeXIDs = "46|48|54|62|64|74|78|79|95|109|110|119|120|136|140|142|143|144|145|146|147|148|149|150|151|155|156|158"

// owned are the labels of a device and of whom it belongs to alone.
const owned = device + ", k8s_namespace_name, k8s_pod_name, service_name"

// gpuUse are alerts about whom GPUs belong to.
func gpuUse() []Alert {
	return []Alert{
		{
			Name:     "LLMGPUXID",
			Text:     `time() - max by (` + owned + `, nvidia_gpu_xid) (<nvidia.gpu.xid.last_timestamp nvidia_gpu_xid=~"` + severeXIDs + `">) < 900`,
			Severity: Page,
			Summary:  "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} reported XID {{ $labels.nvidia_gpu_xid }}",
			Action:   "Requests on it fail, or soon will. The collector's log record of the event says what to do; see NVIDIA's catalogue of XID errors.",
		},
		{
			Name: "LLMGPUGoneWhileHeld",
			Text: `max by (host_name, hw_id, k8s_namespace_name, k8s_pod_name) (<nvidia.gpu.allocation>)
and on (host_name, hw_id)
(max by (host_name, hw_id) (<hw.status hw_state="failed">) > 0)`,
			Severity: Page,
			Summary:  "Pod {{ $labels.k8s_pod_name }} holds a GPU of {{ $labels.host_name }} that failed",
			Action:   "Its requests fail while it looks alive. Delete the pod, so that it gets another GPU, and cordon the node.",
		},
		{
			Name: "LLMGPUIdleAllocated",
			Text: `max by (` + owned + `) (increase(<nvidia.gpu.state.time nvidia_gpu_state="idle_allocated">[6h])) / 21600
> <threshold:gpu_idle_ratio>`,
			Severity: Ticket,
			Summary:  "GPU {{ $labels.hw_name }} of {{ $labels.host_name }} is allocated and did nothing for six hours",
			Action:   "Ask its owner whether it is needed; scale the engine to zero, or give the GPU back.",
		},
		{
			Name: "LLMGPUBusyWithoutTokens",
			Text: `(avg by (k8s_namespace_name, k8s_pod_name) (<hw.gpu.utilization hw_gpu_task="general", k8s_pod_name!="">) > <threshold:gpu_busy_ratio>)
and on (k8s_namespace_name, k8s_pod_name)
(sum by (k8s_namespace_name, k8s_pod_name) (rate(<llm.usage.output_tokens llm_layer="server", k8s_pod_name!="">[15m])) == 0)`,
			For: after15m, Severity: Ticket,
			Summary: "The GPUs of {{ $labels.k8s_pod_name }} are busy, and it puts out no tokens",
			Action:  "The engine hangs, or its spans are lost. See its log and the collector's; restart the engine if requests time out.",
		},
	}
}

// gpuReading are alerts about the receiver.
func gpuReading() []Alert {
	return []Alert{
		{
			Name: "LLMGPUsNotRead",
			Text: `(max by (job, instance) (<otelcol_llm_gpu_up>) == 0)
and
(max by (job, instance) (max_over_time(<otelcol_llm_gpu_up>[1d])) > 0)`,
			For: after15m, Severity: Ticket,
			Summary: "{{ $labels.instance }} cannot read its GPUs any more",
			Action:  "Its log says why: reason and what to do. A driver that does not answer may hold up the engines, too.",
		},
		{
			Name: "LLMGPUDriverHangs", Text: `max by (job, instance) (<otelcol_llm_gpu_hung>) > 0`,
			For: after5m, Severity: Page,
			Summary: "The GPU driver of {{ $labels.instance }} does not answer",
			Action:  "See dmesg for Xid. Move its requests elsewhere; what hangs in the driver cannot be killed, so reboot the host.",
		},
	}
}
