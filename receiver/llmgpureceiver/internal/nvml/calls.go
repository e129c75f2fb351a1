// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"fmt"
	"strconv"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

var calls = []call{
	{"nvmlDeviceGetMemoryInfo_v2", []gpu.Key{gpu.MemoryTotal, gpu.MemoryUsed, gpu.MemoryFree, gpu.MemoryReserved}, readMemory},
	{"nvmlDeviceGetMemoryInfo", []gpu.Key{gpu.MemoryTotal, gpu.MemoryUsed, gpu.MemoryFree}, readMemoryV1},
	{"nvmlDeviceGetBAR1MemoryInfo", []gpu.Key{gpu.BAR1Total, gpu.BAR1Used}, readBAR1},

	samples("GPU_UTILIZATION", nvml.GPU_UTILIZATION_SAMPLES, gpu.BufferUtilization, gpu.UtilizationMean, gpu.UtilizationMax),
	samples("MEMORY_UTILIZATION", nvml.MEMORY_UTILIZATION_SAMPLES, gpu.BufferMemoryBusy, gpu.MemoryBusy, 0),
	samples("TOTAL_POWER", nvml.TOTAL_POWER_SAMPLES, gpu.BufferPower, 0, gpu.PowerMax),
	{"nvmlDeviceGetUtilizationRates", []gpu.Key{gpu.UtilizationMean, gpu.MemoryBusy}, readUtilizationRates},
	{"nvmlDeviceGetEncoderUtilization", []gpu.Key{gpu.EncoderUtilization}, readEncoder},
	{"nvmlDeviceGetDecoderUtilization", []gpu.Key{gpu.DecoderUtilization}, readDecoder},
	{"nvmlDeviceGetJpgUtilization", []gpu.Key{gpu.JPEGUtilization}, readJPEG},
	{"nvmlDeviceGetOfaUtilization", []gpu.Key{gpu.OFAUtilization}, readOFA},
	{"nvmlDeviceGetEncoderStats", []gpu.Key{gpu.EncoderSessions}, readEncoderStats},

	number("nvmlDeviceGetPowerUsage", gpu.PowerDraw, nvml.Device.GetPowerUsage),
	number("nvmlDeviceGetEnforcedPowerLimit", gpu.PowerLimit, nvml.Device.GetEnforcedPowerLimit),
	number("nvmlDeviceGetPowerManagementDefaultLimit", gpu.PowerLimitDefault, nvml.Device.GetPowerManagementDefaultLimit),
	{"nvmlDeviceGetPowerManagementLimitConstraints", []gpu.Key{gpu.PowerLimitMin, gpu.PowerLimitMax}, readPowerLimits},
	number("nvmlDeviceGetTotalEnergyConsumption", gpu.Energy, nvml.Device.GetTotalEnergyConsumption),

	{"nvmlDeviceGetTemperatureV", []gpu.Key{gpu.TemperatureGPU}, readTemperature},
	number("nvmlDeviceGetTemperature", gpu.TemperatureGPU, func(d nvml.Device) (uint32, nvml.Return) {
		return d.GetTemperature(nvml.TEMPERATURE_GPU)
	}),
	{"nvmlDeviceGetMarginTemperature", []gpu.Key{gpu.TemperatureMargin}, readMargin},
	threshold("SHUTDOWN", gpu.TemperatureShutdown, nvml.TEMPERATURE_THRESHOLD_SHUTDOWN),
	threshold("SLOWDOWN", gpu.TemperatureSlowdown, nvml.TEMPERATURE_THRESHOLD_SLOWDOWN),
	number("nvmlDeviceGetFanSpeed", gpu.FanSpeed, nvml.Device.GetFanSpeed),

	clock("GRAPHICS", gpu.ClockGraphics, nvml.CLOCK_GRAPHICS),
	clock("SM", gpu.ClockSM, nvml.CLOCK_SM),
	clock("MEM", gpu.ClockMemory, nvml.CLOCK_MEM),
	clock("VIDEO", gpu.ClockVideo, nvml.CLOCK_VIDEO),
	maxClock("GRAPHICS", gpu.ClockMaxGraphics, nvml.CLOCK_GRAPHICS),
	maxClock("SM", gpu.ClockMaxSM, nvml.CLOCK_SM),
	maxClock("MEM", gpu.ClockMaxMemory, nvml.CLOCK_MEM),
	maxClock("VIDEO", gpu.ClockMaxVideo, nvml.CLOCK_VIDEO),
	number("nvmlDeviceGetCurrentClocksEventReasons", gpu.ThrottleReasons, nvml.Device.GetCurrentClocksEventReasons),
	// The name of the same before driver 535.
	number("nvmlDeviceGetCurrentClocksThrottleReasons", gpu.ThrottleReasons, nvml.Device.GetCurrentClocksThrottleReasons),
	{"nvmlDeviceGetPerformanceState", []gpu.Key{gpu.PerformanceState}, readPerformanceState},

	{callGPM, gpmKeys(), readGPM},
	number("nvmlDeviceGetPcieReplayCounter", gpu.PCIeReplays, nvml.Device.GetPcieReplayCounter),
	throughput("TX", gpu.PCIeTransmitRate, nvml.PCIE_UTIL_TX_BYTES),
	throughput("RX", gpu.PCIeReceiveRate, nvml.PCIE_UTIL_RX_BYTES),
	number("nvmlDeviceGetCurrPcieLinkWidth", gpu.LinkWidth, nvml.Device.GetCurrPcieLinkWidth),
	number("nvmlDeviceGetMaxPcieLinkWidth", gpu.LinkWidthMax, nvml.Device.GetMaxPcieLinkWidth),
	number("nvmlDeviceGetCurrPcieLinkGeneration", gpu.LinkGeneration, nvml.Device.GetCurrPcieLinkGeneration),
	number("nvmlDeviceGetMaxPcieLinkGeneration", gpu.LinkGenerationMax, nvml.Device.GetMaxPcieLinkGeneration),

	{"nvmlDeviceGetNvLinkState", []gpu.Key{gpu.NVLinkActive, gpu.NVLinkInactive}, readLinks},
	{callLinks, linkKeys(), readLinkFields},
	{"nvmlDeviceGetGpuFabricInfoV", []gpu.Key{gpu.FabricState, gpu.FabricStatus, gpu.FabricHealth, gpu.FabricUnhealthy}, readFabric},

	ecc("CORRECTED", gpu.ECCCorrected, nvml.MEMORY_ERROR_TYPE_CORRECTED),
	ecc("UNCORRECTED", gpu.ECCUncorrected, nvml.MEMORY_ERROR_TYPE_UNCORRECTED),
	{"nvmlDeviceGetSramEccErrorStatus", []gpu.Key{
		gpu.SRAMThresholdExceeded, gpu.SRAMCorrected, gpu.SRAMUncorrectedParity, gpu.SRAMUncorrectedSECDED,
		gpu.SRAMAggregateL2, gpu.SRAMAggregateSM, gpu.SRAMAggregatePCIe, gpu.SRAMAggregateMicrocontroller, gpu.SRAMAggregateOther,
	}, readSRAM},
	{"nvmlDeviceGetRepairStatus", []gpu.Key{gpu.RepairPendingChannel, gpu.RepairPendingTPC}, readRepair},
	located("L1_CACHE", gpu.ECCCorrectedL1, gpu.ECCUncorrectedL1, nvml.MEMORY_LOCATION_L1_CACHE),
	located("L2_CACHE", gpu.ECCCorrectedL2, gpu.ECCUncorrectedL2, nvml.MEMORY_LOCATION_L2_CACHE),
	located("DRAM", gpu.ECCCorrectedDRAM, gpu.ECCUncorrectedDRAM, nvml.MEMORY_LOCATION_DRAM),
	located("REGISTER_FILE", gpu.ECCCorrectedRegisters, gpu.ECCUncorrectedRegisters, nvml.MEMORY_LOCATION_REGISTER_FILE),
	located("TEXTURE_MEMORY", gpu.ECCCorrectedTexture, gpu.ECCUncorrectedTexture, nvml.MEMORY_LOCATION_TEXTURE_MEMORY),
	located("TEXTURE_SHM", gpu.ECCCorrectedShared, gpu.ECCUncorrectedShared, nvml.MEMORY_LOCATION_TEXTURE_SHM),
	located("CBU", 0, gpu.ECCUncorrectedCBU, nvml.MEMORY_LOCATION_CBU),
	located("SRAM", gpu.ECCCorrectedSRAM, gpu.ECCUncorrectedSRAM, nvml.MEMORY_LOCATION_SRAM),
	{"nvmlDeviceGetRemappedRows", []gpu.Key{gpu.RemapsCorrectable, gpu.RemapsUncorrectable, gpu.RemapPending, gpu.RemapFailure}, readRemaps},
}

// older names calls that give the same as a newer one in another way. The first version counts what the driver reserves as used.
// They are made only where the newer one is unsupported.
var older = map[string]string{"nvmlDeviceGetMemoryInfo": "nvmlDeviceGetMemoryInfo_v2"}

func readMemory(d nvml.Device, r *reading) nvml.Return {
	m, ret := d.GetMemoryInfo_v2()
	return r.put(ret, gpu.Reading{Key: gpu.MemoryTotal, Raw: m.Total}, gpu.Reading{Key: gpu.MemoryUsed, Raw: m.Used},
		gpu.Reading{Key: gpu.MemoryFree, Raw: m.Free}, gpu.Reading{Key: gpu.MemoryReserved, Raw: m.Reserved})
}

func readMemoryV1(d nvml.Device, r *reading) nvml.Return {
	m, ret := d.GetMemoryInfo()
	return r.put(ret, gpu.Reading{Key: gpu.MemoryTotal, Raw: m.Total}, gpu.Reading{Key: gpu.MemoryUsed, Raw: m.Used},
		gpu.Reading{Key: gpu.MemoryFree, Raw: m.Free})
}

func readBAR1(d nvml.Device, r *reading) nvml.Return {
	m, ret := d.GetBAR1MemoryInfo()
	return r.put(ret, gpu.Reading{Key: gpu.BAR1Total, Raw: m.Bar1Total}, gpu.Reading{Key: gpu.BAR1Used, Raw: m.Bar1Used})
}

func readUtilizationRates(d nvml.Device, r *reading) nvml.Return {
	u, ret := d.GetUtilizationRates()
	return r.put(ret, gpu.Reading{Key: gpu.UtilizationMean, Raw: percent(u.Gpu)}, gpu.Reading{Key: gpu.MemoryBusy, Raw: percent(u.Memory)})
}

func readEncoder(d nvml.Device, r *reading) nvml.Return {
	u, _, ret := d.GetEncoderUtilization()
	return r.put(ret, gpu.Reading{Key: gpu.EncoderUtilization, Raw: percent(u)})
}

func readDecoder(d nvml.Device, r *reading) nvml.Return {
	u, _, ret := d.GetDecoderUtilization()
	return r.put(ret, gpu.Reading{Key: gpu.DecoderUtilization, Raw: percent(u)})
}

func readJPEG(d nvml.Device, r *reading) nvml.Return {
	u, _, ret := d.GetJpgUtilization()
	return r.put(ret, gpu.Reading{Key: gpu.JPEGUtilization, Raw: percent(u)})
}

func readOFA(d nvml.Device, r *reading) nvml.Return {
	u, _, ret := d.GetOfaUtilization()
	return r.put(ret, gpu.Reading{Key: gpu.OFAUtilization, Raw: percent(u)})
}

func readEncoderStats(d nvml.Device, r *reading) nvml.Return {
	sessions, _, _, ret := d.GetEncoderStats()
	return r.put(ret, gpu.Reading{Key: gpu.EncoderSessions, Raw: uint64(sessions)})
}

func readPerformanceState(d nvml.Device, r *reading) nvml.Return {
	state, ret := d.GetPerformanceState()
	if ret == nvml.SUCCESS && state == nvml.PSTATE_UNKNOWN {
		return ret
	}
	return r.put(ret, gpu.Reading{Key: gpu.PerformanceState, Raw: uint64(state)})
}

func readPowerLimits(d nvml.Device, r *reading) nvml.Return {
	least, greatest, ret := d.GetPowerManagementLimitConstraints()
	return r.put(ret, gpu.Reading{Key: gpu.PowerLimitMin, Raw: uint64(least)}, gpu.Reading{Key: gpu.PowerLimitMax, Raw: uint64(greatest)})
}

func readTemperature(d nvml.Device, r *reading) nvml.Return {
	t, ret := d.GetTemperatureV().V1()
	return r.put(ret, gpu.Reading{Key: gpu.TemperatureGPU, Raw: uint64(t.Temperature)})
}

func readMargin(d nvml.Device, r *reading) nvml.Return {
	t, ret := d.GetMarginTemperature()
	return r.put(ret, gpu.Reading{Key: gpu.TemperatureMargin, Raw: uint64(t.MarginTemperature)})
}

// readFabric reads the registration with the NVLink fabric and the fabric's health. Of the health, drivers before 570 have only
// the mask. The registration's error counts only when it is completed.
func readFabric(d nvml.Device, r *reading) nvml.Return {
	info, ret := d.GetGpuFabricInfoV().V3()
	if ret == nvml.ERROR_ARGUMENT_VERSION_MISMATCH || ret == nvml.ERROR_DEPRECATED {
		var older nvml.GpuFabricInfo_v2
		older, ret = d.GetGpuFabricInfoV().V2()
		info = nvml.GpuFabricInfo_v3{
			ClusterUuid: older.ClusterUuid, Status: older.Status, CliqueId: older.CliqueId, State: older.State,
			HealthMask: older.HealthMask,
		}
	}
	if ret != nvml.SUCCESS {
		return ret
	}
	if info.State == nvml.GPU_FABRIC_STATE_NOT_SUPPORTED {
		return nvml.ERROR_NOT_SUPPORTED
	}
	state := uint64(info.State)
	if info.State == nvml.GPU_FABRIC_STATE_COMPLETED {
		if info.Status != uint32(nvml.SUCCESS) {
			state = gpu.FabricFailed
		}
		r.keep(gpu.Reading{Key: gpu.FabricStatus, Raw: uint64(info.Status)})
		if info.ClusterUuid != [16]uint8{} {
			r.device.Modes.FabricCluster = fmt.Sprintf("%x-%x-%x-%x-%x", info.ClusterUuid[:4], info.ClusterUuid[4:6],
				info.ClusterUuid[6:8], info.ClusterUuid[8:10], info.ClusterUuid[10:])
			r.device.Modes.FabricClique = strconv.Itoa(int(info.CliqueId))
		}
	}
	r.keep(gpu.Reading{Key: gpu.FabricState, Raw: state}, gpu.Reading{Key: gpu.FabricHealth, Raw: uint64(info.HealthMask)})
	if info.HealthSummary != nvml.GPU_FABRIC_HEALTH_SUMMARY_NOT_SUPPORTED {
		r.keep(gpu.Reading{Key: gpu.FabricUnhealthy, Raw: bit(info.HealthSummary != nvml.GPU_FABRIC_HEALTH_SUMMARY_HEALTHY)})
	}
	return ret
}

func readSRAM(d nvml.Device, r *reading) nvml.Return {
	s, ret := d.GetSramEccErrorStatus()
	return r.put(ret, gpu.Reading{Key: gpu.SRAMThresholdExceeded, Raw: bit(s.BThresholdExceeded != 0)},
		gpu.Reading{Key: gpu.SRAMCorrected, Raw: s.VolatileCor}, gpu.Reading{Key: gpu.SRAMUncorrectedParity, Raw: s.VolatileUncParity},
		gpu.Reading{Key: gpu.SRAMUncorrectedSECDED, Raw: s.VolatileUncSecDed},
		gpu.Reading{Key: gpu.SRAMAggregateL2, Raw: s.AggregateUncBucketL2}, gpu.Reading{Key: gpu.SRAMAggregateSM, Raw: s.AggregateUncBucketSm},
		gpu.Reading{Key: gpu.SRAMAggregatePCIe, Raw: s.AggregateUncBucketPcie},
		gpu.Reading{Key: gpu.SRAMAggregateMicrocontroller, Raw: s.AggregateUncBucketMcu},
		gpu.Reading{Key: gpu.SRAMAggregateOther, Raw: s.AggregateUncBucketOther})
}

func readRepair(d nvml.Device, r *reading) nvml.Return {
	status, ret := d.GetRepairStatus()
	return r.put(ret, gpu.Reading{Key: gpu.RepairPendingChannel, Raw: bit(status.BChannelRepairPending != 0)},
		gpu.Reading{Key: gpu.RepairPendingTPC, Raw: bit(status.BTpcRepairPending != 0)})
}

func readRemaps(d nvml.Device, r *reading) nvml.Return {
	correctable, uncorrectable, pending, failure, ret := d.GetRemappedRows()
	return r.put(ret, gpu.Reading{Key: gpu.RemapsCorrectable, Raw: uint64(correctable)},
		gpu.Reading{Key: gpu.RemapsUncorrectable, Raw: uint64(uncorrectable)},
		gpu.Reading{Key: gpu.RemapPending, Raw: bit(pending)}, gpu.Reading{Key: gpu.RemapFailure, Raw: bit(failure)})
}
