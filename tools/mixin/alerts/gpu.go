// SPDX-License-Identifier: Apache-2.0

package alerts

func gpuFile() File {
	return File{Name: "gpu", Groups: []Group{
		{Name: "llm-gpu-health", Alerts: gpuHealth()},
		{Name: "llm-gpu-work", Alerts: gpuWork()},
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
