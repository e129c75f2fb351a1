// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// samples is a call that reads what the driver put into one of its sample buffers since the last reading. It gives the mean and
// the greatest value. A key of zero stands for a value that is not wanted. Utilization is in per cent, power in milliwatts.
func samples(name string, kind nvml.SamplingType, buffer gpu.Buffer, mean, peak gpu.Key) call {
	unit := uint64(10_000)
	if kind == nvml.TOTAL_POWER_SAMPLES {
		unit = 1
	}
	var keys []gpu.Key
	for _, key := range []gpu.Key{mean, peak} {
		if key != 0 {
			keys = append(keys, key)
		}
	}
	return call{"nvmlDeviceGetSamples(" + name + ")", keys, func(d nvml.Device, r *reading) nvml.Return {
		since := r.since[buffer]
		tag, values, ret := d.GetSamples(kind, since)
		if ret == nvml.ERROR_NOT_FOUND || ret == nvml.ERROR_NO_DATA {
			return nvml.SUCCESS // nothing new
		}
		if ret != nvml.SUCCESS {
			return ret
		}
		window := summarize(tag, values, since, func(raw uint64) bool { return keys[0].Plausible(raw * unit) })
		if window.count == 0 {
			return nvml.SUCCESS
		}
		r.device.Watermarks[buffer] = window.newest
		if mean != 0 {
			r.keep(gpu.Reading{Key: mean, Raw: window.sum * unit / window.count})
		}
		if peak != 0 {
			r.keep(gpu.Reading{Key: peak, Raw: window.max * unit})
		}
		return ret
	}}
}

// window is what a run of samples comes to. newest is a time stamp in microseconds.
type window struct{ count, sum, max, newest uint64 }

// summarize takes samples newer than since. The driver takes them at a fixed rate, so that their plain mean is
// the mean over time. go-nvml does not cut the slice to what the driver filled: samples without a time stamp
// are not real.
func summarize(tag nvml.ValueType, values []nvml.Sample, since uint64, plausible func(raw uint64) bool) window {
	var w window
	for i := range values {
		if values[i].TimeStamp == 0 || values[i].TimeStamp <= since {
			continue
		}
		raw, ok := decode(tag, values[i].SampleValue)
		if !ok || raw > 1<<32 || !plausible(raw) {
			continue
		}
		w.count++
		w.sum += raw
		w.max = max(w.max, raw)
		w.newest = max(w.newest, values[i].TimeStamp)
	}
	return w
}
