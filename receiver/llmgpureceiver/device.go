// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"cmp"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// unifiedMemory are the quantities that would report the host's memory on a device without its own.
var unifiedMemory = map[gpu.Key]bool{
	gpu.MemoryTotal: true, gpu.MemoryUsed: true, gpu.MemoryReserved: true, gpu.MemoryFree: true,
	gpu.BAR1Total: true, gpu.BAR1Used: true,
}

// recordDevice makes the data points of one device.
func recordDevice(b *builder, o *gpu.Observation, driver gpu.Driver, now time.Time) {
	ts, id, name := pcommon.NewTimestampFromTime(now), o.Info.UUID, cmp.Or(o.Info.PCIAddress, o.Info.UUID)
	for _, p := range o.Points {
		if record := recorders[p.Key]; record != nil && (o.Memory != gpu.MemoryUnified || !unifiedMemory[p.Key]) {
			setStart(b, p.Start)
			record(b, ts, id, name, p)
		}
	}
	setStart(b, time.Time{})
	total, known := o.Raw(gpu.MemoryTotal)
	if used, ok := o.Raw(gpu.MemoryUsed); ok && known && o.Memory != gpu.MemoryUnified {
		b.RecordHwGpuMemoryUtilizationDataPoint(ts, float64(used)/float64(total), id, name, typeGPU)
	}
	if o.Lost != 0 || len(o.Points) > 0 {
		recordStatus(b, ts, id, name, o.Status)
	}
	recordInfo(b, ts, id, name, o, driver)
}

// recordInstances makes the data points of the MIG instances of a device. All are levels.
func recordInstances(b *builder, o *gpu.Observation, now time.Time) {
	ts, name := pcommon.NewTimestampFromTime(now), cmp.Or(o.Info.PCIAddress, o.Info.UUID)
	for i := range o.Instances {
		m := &o.Instances[i]
		var total, used uint64
		for _, reading := range m.Readings {
			switch reading.Key {
			case gpu.MemoryTotal:
				total = reading.Raw
			case gpu.MemoryUsed:
				used = reading.Raw
			}
			if record := recorders[reading.Key]; record != nil {
				record(b, ts, m.UUID, name, gpu.Point{Key: reading.Key, Raw: reading.Raw})
			}
		}
		if total > 0 {
			b.RecordHwGpuMemoryUtilizationDataPoint(ts, float64(used)/float64(total), m.UUID, name, typeGPU)
		}
		b.RecordNvidiaGpuMigInfoDataPoint(ts, 1, m.UUID, name, typeGPU, o.Info.UUID, m.Profile, int64(m.GPUInstance), int64(m.ComputeInstance))
	}
}

// setStart sets the start time of the points that follow; the zero time is none.
func setStart(b *builder, start time.Time) {
	var ts stamp
	if !start.IsZero() {
		ts = pcommon.NewTimestampFromTime(start)
	}
	b.Reset(metadata.WithStartTime(ts))
}

var states = map[gpu.Status]metadata.AttributeHwState{
	gpu.StatusOK: metadata.AttributeHwStateOk, gpu.StatusDegraded: metadata.AttributeHwStateDegraded,
	gpu.StatusPredictedFailure: metadata.AttributeHwStatePredictedFailure, gpu.StatusFailed: metadata.AttributeHwStateFailed,
}

func recordStatus(b *builder, ts stamp, id, name string, status gpu.Status) {
	for state := metadata.AttributeHwStateOk; state <= metadata.AttributeHwStateFailed; state++ {
		b.RecordHwStatusDataPoint(ts, one(states[status] == state), id, name, typeGPU, state)
	}
}

func recordInfo(b *builder, ts stamp, id, name string, o *gpu.Observation, driver gpu.Driver) {
	var options []metadata.MetricAttributeOption
	if o.Index >= 0 {
		options = append(options, metadata.WithNvidiaGpuIndexMetricAttribute(int64(o.Index)))
	}
	for _, attribute := range []struct {
		value string
		with  func(string) metadata.MetricAttributeOption
	}{
		{o.Info.Model, metadata.WithHwModelMetricAttribute},
		{o.Info.Serial, metadata.WithHwSerialNumberMetricAttribute},
		{o.Info.VBIOS, metadata.WithHwFirmwareVersionMetricAttribute},
		{driver.Version, metadata.WithHwDriverVersionMetricAttribute},
		{driver.CUDA, metadata.WithNvidiaCudaVersionMetricAttribute},
		{o.Info.Architecture, metadata.WithNvidiaGpuArchitectureMetricAttribute},
		{o.Info.ComputeCapability, metadata.WithNvidiaGpuComputeCapabilityMetricAttribute},
		{o.Info.PCIAddress, metadata.WithNvidiaGpuPciAddressMetricAttribute},
		{memoryTypes[o.Memory], metadata.WithNvidiaGpuMemoryTypeMetricAttribute},
		{o.Info.Virtualization, metadata.WithNvidiaGpuVirtualizationModeMetricAttribute},
		{o.Modes.MIG, metadata.WithNvidiaGpuMigModeMetricAttribute},
		{o.Modes.ECC, metadata.WithNvidiaGpuEccModeMetricAttribute},
		{o.Modes.Persistence, metadata.WithNvidiaGpuPersistenceModeMetricAttribute},
		{o.Modes.ConfidentialCompute, metadata.WithNvidiaGpuConfidentialComputeModeMetricAttribute},
		{o.Modes.FabricCluster, metadata.WithNvidiaGpuFabricClusterMetricAttribute},
		{o.Modes.FabricClique, metadata.WithNvidiaGpuFabricCliqueMetricAttribute},
	} {
		if attribute.value != "" {
			options = append(options, attribute.with(attribute.value))
		}
	}
	b.RecordNvidiaGpuInfoDataPoint(ts, 1, id, name, typeGPU, metadata.AttributeHwVendorNVIDIA, options...)
}

// memoryTypes name whose memory a device works in; there is none for a device that does not report it.
var memoryTypes = map[gpu.Memory]string{gpu.MemoryDedicated: "dedicated", gpu.MemoryUnified: "unified"}
