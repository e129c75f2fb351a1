// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// call says which quantities one function of the driver gives. A call is made only while one of its quantities is wanted and
// not yet read. So a later call is the fallback of an earlier one and of the fields.
type call struct {
	// name is the function's C name, with an argument in parentheses where one function has several rows.
	name string
	keys []gpu.Key
	read func(d nvml.Device, r *reading) nvml.Return
}

// number is a call that returns one number in the unit of its quantity.
func number[T ~int | ~int32 | ~uint32 | ~uint64](name string, key gpu.Key, get func(nvml.Device) (T, nvml.Return)) call {
	return call{name, []gpu.Key{key}, func(d nvml.Device, r *reading) nvml.Return {
		value, ret := get(d)
		return r.put(ret, gpu.Reading{Key: key, Raw: uint64(value)})
	}}
}

func clock(name string, key gpu.Key, domain nvml.ClockType) call {
	return number("nvmlDeviceGetClockInfo("+name+")", key, func(d nvml.Device) (uint32, nvml.Return) {
		return d.GetClockInfo(domain)
	})
}

func maxClock(name string, key gpu.Key, domain nvml.ClockType) call {
	return number("nvmlDeviceGetMaxClockInfo("+name+")", key, func(d nvml.Device) (uint32, nvml.Return) {
		return d.GetMaxClockInfo(domain)
	})
}

func threshold(name string, key gpu.Key, kind nvml.TemperatureThresholds) call {
	return number("nvmlDeviceGetTemperatureThreshold("+name+")", key, func(d nvml.Device) (uint32, nvml.Return) {
		return d.GetTemperatureThreshold(kind)
	})
}

// throughput is a call that takes 20 ms. The driver's header says KB/s, and KiB where it means that.
func throughput(name string, key gpu.Key, direction nvml.PcieUtilCounter) call {
	return number("nvmlDeviceGetPcieThroughput("+name+")", key, func(d nvml.Device) (uint32, nvml.Return) {
		return d.GetPcieThroughput(direction)
	})
}

func ecc(name string, key gpu.Key, kind nvml.MemoryErrorType) call {
	return number("nvmlDeviceGetTotalEccErrors("+name+")", key, func(d nvml.Device) (uint64, nvml.Return) {
		return d.GetTotalEccErrors(kind, nvml.VOLATILE_ECC)
	})
}

// located reads the ECC errors of one place in the device. A key of zero stands for a value that there is not.
func located(name string, corrected, uncorrected gpu.Key, place nvml.MemoryLocation) call {
	keys := []gpu.Key{uncorrected}
	if corrected != 0 {
		keys = append(keys, corrected)
	}
	return call{"nvmlDeviceGetMemoryErrorCounter(" + name + ")", keys, func(d nvml.Device, r *reading) nvml.Return {
		if corrected != 0 {
			count, ret := d.GetMemoryErrorCounter(nvml.MEMORY_ERROR_TYPE_CORRECTED, nvml.VOLATILE_ECC, place)
			if ret := r.put(ret, gpu.Reading{Key: corrected, Raw: count}); ret != nvml.SUCCESS {
				return ret
			}
		}
		count, ret := d.GetMemoryErrorCounter(nvml.MEMORY_ERROR_TYPE_UNCORRECTED, nvml.VOLATILE_ECC, place)
		return r.put(ret, gpu.Reading{Key: uncorrected, Raw: count})
	}}
}

// percent makes parts per million of the driver's per cent.
func percent(value uint32) uint64 { return uint64(value) * 10_000 }

func bit(set bool) uint64 {
	if set {
		return 1
	}
	return 0
}
