// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/nvml"
)

// entry says how the fake driver's control file names a quantity that a call gives. It also says how many raw units make one of
// the file's.
type entry struct {
	name string
	per  uint64
}

const percent = 10_000 // parts per million

var entries = map[gpu.Key]entry{
	gpu.UtilizationMean: {"utilization.gpu", percent}, gpu.MemoryBusy: {"utilization.memory", percent},
	gpu.EncoderUtilization: {"utilization.encoder", percent}, gpu.DecoderUtilization: {"utilization.decoder", percent},
	gpu.MemoryTotal: {"memory.total", 1}, gpu.MemoryUsed: {"memory.used", 1}, gpu.MemoryReserved: {"memory.reserved", 1},
	gpu.JPEGUtilization: {"utilization.jpeg", percent}, gpu.OFAUtilization: {"utilization.ofa", percent}, gpu.EncoderSessions: {"encoder.sessions", 1},
	gpu.RepairPendingChannel: {"repair.channel", 1}, gpu.RepairPendingTPC: {"repair.tpc", 1},
	gpu.FabricStatus: {"fabric.status", 1}, gpu.FabricHealth: {"fabric.mask", 1},
	gpu.BAR1Total: {"bar1.total", 1}, gpu.BAR1Used: {"bar1.used", 1},
	gpu.PowerDraw: {"power", 1}, gpu.PowerLimit: {"power.limit", 1},
	gpu.PowerLimitDefault: {"power.limit.default", 1}, gpu.PowerLimitMin: {"power.limit.min", 1}, gpu.PowerLimitMax: {"power.limit.max", 1}, gpu.Energy: {"energy", 1},
	gpu.TemperatureGPU: {"temperature", 1}, gpu.TemperatureMargin: {"temperature.margin", 1},
	gpu.TemperatureShutdown: {"temperature.threshold.0", 1}, gpu.TemperatureSlowdown: {"temperature.threshold.1", 1},
	gpu.FanSpeed:      {"fan", 1},
	gpu.ClockGraphics: {"clock.0", 1}, gpu.ClockSM: {"clock.1", 1}, gpu.ClockMemory: {"clock.2", 1}, gpu.ClockVideo: {"clock.3", 1},
	gpu.ClockMaxGraphics: {"clock.max.0", 1}, gpu.ClockMaxSM: {"clock.max.1", 1}, gpu.ClockMaxMemory: {"clock.max.2", 1},
	gpu.ClockMaxVideo: {"clock.max.3", 1}, gpu.ThrottleReasons: {"throttle.reasons", 1}, gpu.PerformanceState: {"pstate", 1},
	gpu.PCIeReplays: {"pcie.replays", 1}, gpu.PCIeTransmitRate: {"pcie.throughput.0", 1}, gpu.PCIeReceiveRate: {"pcie.throughput.1", 1}, gpu.LinkWidth: {"pcie.width", 1}, gpu.LinkWidthMax: {"pcie.width.max", 1},
	gpu.LinkGeneration: {"pcie.generation", 1}, gpu.LinkGenerationMax: {"pcie.generation.max", 1},
	gpu.NVLinkActive: {"nvlink.active", 1}, gpu.FabricState: {"fabric.state", 1},
	gpu.ECCCorrected: {"ecc.0", 1}, gpu.ECCUncorrected: {"ecc.1", 1}, gpu.SRAMThresholdExceeded: {"ecc.sram.exceeded", 1},
	gpu.RemapsCorrectable: {"remap.correctable", 1}, gpu.RemapsUncorrectable: {"remap.uncorrectable", 1},
	gpu.RemapPending: {"remap.pending", 1}, gpu.RemapFailure: {"remap.failure", 1},
}

// renumbered are the fields whose number depends on the release of the library.
var renumbered = map[gpu.Key]string{
	gpu.ThrottleSoftwareThermal: "throttle.time.software_thermal", gpu.ThrottleHardwareThermal: "throttle.time.hardware_thermal",
	gpu.ThrottleHardwarePowerBrake: "throttle.time.power_brake",
}

// buffers are the fake driver's numbers of the sample buffers: nvmlSamplingType_t.
var buffers = map[string]entry{
	"TOTAL_POWER": {"samples.0", 1}, "GPU_UTILIZATION": {"samples.1", percent}, "MEMORY_UTILIZATION": {"samples.2", percent},
}

// profile writes the answers of a device as a control file of the fake driver. Sample buffers are cut down to what
// the receiver makes of them.
func profile(driver gpu.Driver, device *nvml.Surveyed) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Captured by gpucheck.\ndriver %s\nlibrary %s\n", driver.Version, driver.Library)
	var major, minor int
	if n, _ := fmt.Sscanf(driver.CUDA, "%d.%d", &major, &minor); n == 2 {
		fmt.Fprintf(&b, "cuda %d\n", major*1000+minor*10)
	}
	fmt.Fprintf(&b, "count 1\nuuid GPU-00000000-0000-4000-8000-00000000000%%d\nname %s\ncompute_capability %s\n",
		device.Info.Model, device.Info.ComputeCapability)
	if device.Info.VBIOS != "" {
		fmt.Fprintf(&b, "vbios %s\n", device.Info.VBIOS)
	}
	var written gpu.KeySet
	for _, answer := range device.Answers {
		writeAnswer(&b, answer, &written)
	}
	return b.Bytes()
}

// writeAnswer writes what a call gave. Of calls that give the same quantity the first counts, as in a collection.
func writeAnswer(b *bytes.Buffer, answer nvml.Answer, written *gpu.KeySet) {
	call, argument, _ := strings.Cut(strings.TrimSuffix(answer.Source, ")"), "(")
	if buffer, ok := buffers[argument]; ok && len(answer.Readings) > 0 {
		b.WriteString(buffer.name)
		for _, reading := range answer.Readings {
			fmt.Fprintf(b, " %d", reading.Raw/buffer.per)
		}
		b.WriteString("\n")
		return
	}
	links := uint64(0)
	for _, reading := range answer.Readings {
		spec, _ := reading.Key.Spec()
		switch {
		case call == "nvmlDeviceGetFieldValues" && renumbered[reading.Key] != "" && argument != "75":
			fmt.Fprintf(b, "%s ull %d\n", renumbered[reading.Key], reading.Raw)
		case call == "nvmlDeviceGetFieldValues":
			kind := "ull"
			if spec.Signed {
				kind = "sll"
			}
			fmt.Fprintf(b, "field.%s %s %d\n", argument, kind, int64(inFieldUnit(argument, reading.Raw)))
		case reading.Key == gpu.FabricUnhealthy:
			fmt.Fprintf(b, "fabric.health %d\n", reading.Raw+1)
		case entries[reading.Key].name != "" && !written.Has(reading.Key):
			written.Add(reading.Key)
			fmt.Fprintf(b, "%s %d\n", entries[reading.Key].name, int64(reading.Raw)/int64(entries[reading.Key].per))
		}
		if call == "nvmlDeviceGetNvLinkState" {
			links += reading.Raw
		}
	}
	if links > 0 {
		fmt.Fprintf(b, "nvlink.links %d\n", links)
	}
}

// inFieldUnit undoes the conversion of the fields that the driver gives in KiB.
func inFieldUnit(field string, raw uint64) uint64 {
	if number, _, _ := strings.Cut(field, "@"); number == "138" || number == "139" {
		return raw / 1024
	}
	return raw
}
