// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"math"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// callGPM compares two samples of the performance counters that GPUs have from Hopper on. It takes no lock and no privilege.
const callGPM = "nvmlGpmMetricsGet"

const (
	// gpmApart is how far two samples must be apart; so says the driver's header.
	gpmApart = 100 * time.Millisecond
	// gpmOld is how old the first of two samples may be.
	gpmOld = 10 * time.Minute
	// mebibyte is what the driver counts rates in.
	mebibyte = 1024 * kibibyte
)

// gpmMetrics are the driver's metrics, NVML_GPM_METRIC_* of its header, in per cent, and rates in MiB/s. Of rates, unit is the
// key's raw unit in bytes.
var gpmMetrics = []struct {
	id   nvml.GpmMetricId
	key  gpu.Key
	unit float64
}{
	{nvml.GPM_METRIC_GRAPHICS_UTIL, gpu.UtilizationMean, 0},
	{nvml.GPM_METRIC_SM_UTIL, gpu.SMActive, 0},
	{nvml.GPM_METRIC_SM_OCCUPANCY, gpu.SMOccupancy, 0},
	{nvml.GPM_METRIC_ANY_TENSOR_UTIL, gpu.TensorActive, 0},
	{nvml.GPM_METRIC_DRAM_BW_UTIL, gpu.DRAMUtilization, 0},
	{nvml.GPM_METRIC_INTEGER_UTIL, gpu.PipeInteger, 0},
	{nvml.GPM_METRIC_FP64_UTIL, gpu.PipeFP64, 0},
	{nvml.GPM_METRIC_FP32_UTIL, gpu.PipeFP32, 0},
	{nvml.GPM_METRIC_FP16_UTIL, gpu.PipeFP16, 0},
	{nvml.GPM_METRIC_DFMA_TENSOR_UTIL, gpu.PipeTensorDFMA, 0},
	{nvml.GPM_METRIC_HMMA_TENSOR_UTIL, gpu.PipeTensorHMMA, 0},
	{nvml.GPM_METRIC_DMMA_TENSOR_UTIL, gpu.PipeTensorDMMA, 0},
	{nvml.GPM_METRIC_IMMA_TENSOR_UTIL, gpu.PipeTensorIMMA, 0},
	{nvml.GPM_METRIC_PCIE_TX_PER_SEC, gpu.PCIeTransmitRate, 1e3},
	{nvml.GPM_METRIC_PCIE_RX_PER_SEC, gpu.PCIeReceiveRate, 1e3},
	{nvml.GPM_METRIC_NVLINK_TOTAL_TX_PER_SEC, gpu.NVLinkTransmitRate, 1},
	{nvml.GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC, gpu.NVLinkReceiveRate, 1},
}

func gpmKeys() (keys []gpu.Key) {
	for i := range gpmMetrics {
		keys = append(keys, gpmMetrics[i].key)
	}
	return keys
}

// drop forgets the samples whose names begin with a prefix.
func (b *baselines) drop(prefix string) {
	for name, old := range b.of {
		if len(name) >= len(prefix) && name[:len(prefix)] == prefix {
			_ = old.sample.Free()
			delete(b.of, name)
		}
	}
}

// readGPM takes a sample of a device, and compares it with the one before. The first time there is nothing to read.
func readGPM(d nvml.Device, r *reading) nvml.Return {
	support, ret := d.GpmQueryDeviceSupport()
	switch {
	case ret != nvml.SUCCESS:
		return ret
	case support.IsSupportedDevice == 0:
		return nvml.ERROR_NOT_SUPPORTED
	}
	return r.gpm.read(r.device.Info.UUID, d.GpmSampleGet, func(reading gpu.Reading) { r.keep(reading) })
}

// read takes a sample under a name, and gives what the driver reads from it and the one before.
func (b *baselines) read(name string, take func(nvml.GpmSample) nvml.Return, keep func(gpu.Reading)) nvml.Return {
	before, known := b.of[name]
	if known && time.Since(before.at) < gpmApart {
		return nvml.SUCCESS
	}
	if !known && len(b.of) >= gpu.MaxDevices*2 { // identities that are garbage
		b.drop("")
	}
	sample, ret := b.library.GpmSampleAlloc()
	if ret != nvml.SUCCESS {
		return ret
	}
	if ret := take(sample); ret != nvml.SUCCESS {
		_ = sample.Free()
		return ret
	}
	b.of[name] = baseline{sample, time.Now()}
	if !known {
		return nvml.SUCCESS
	}
	defer func() { _ = before.sample.Free() }()
	if time.Since(before.at) > gpmOld {
		return nvml.SUCCESS
	}
	b.answer.NumMetrics, b.answer.Sample1, b.answer.Sample2 = uint32(len(gpmMetrics)), before.sample, sample
	for i := range gpmMetrics {
		b.answer.Metrics[i] = nvml.GpmMetric{MetricId: uint32(gpmMetrics[i].id)}
	}
	if ret := b.library.GpmMetricsGet(&b.answer); ret != nvml.SUCCESS {
		return ret
	}
	for i := range gpmMetrics {
		if raw, ok := gpmRaw(b.answer.Metrics[i], gpmMetrics[i].unit); ok {
			keep(gpu.Reading{Key: gpmMetrics[i].key, Raw: raw})
		}
	}
	return nvml.SUCCESS
}

// gpmRaw returns a metric in the unit of its key. A little more than 100 % is rounding. What is no number is garbage, which is
// kept out by a value that no key can have.
func gpmRaw(m nvml.GpmMetric, unit float64) (raw uint64, ok bool) {
	switch value := m.Value; {
	case m.NvmlReturn != uint32(nvml.SUCCESS):
		return 0, false
	case !(value >= 0 && value < 1e12):
		return math.MaxUint64, true
	case unit != 0:
		return uint64(value * mebibyte / unit), true
	case value > 100 && value < 100.5:
		return 1e6, true
	default:
		return uint64(value*10_000 + 0.5), true
	}
}
