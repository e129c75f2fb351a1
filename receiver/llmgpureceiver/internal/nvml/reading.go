// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"sync/atomic"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// Reader reads the devices of the loaded driver. It is not safe for concurrent use. There is one in a process, since the symbols
// of the first library that is loaded serve all.
type Reader struct {
	library nvml.Interface
	infos   map[string]gpu.Info
	batch   batch
	modes   map[string]gpu.Modes
	// refused holds, by device, the calls and fields that are not asked again, with what they answered.
	refused map[string]map[string]int
	// confidential is the mode of confidential computing, which is the machine's.
	confidential string
	// listsBadly says that this driver's newest list of processes has another form.
	listsBadly bool
	gpm        baselines
	layouts    map[string]string // of MIG instances at the last reading, by device
	// changed counts the changes of MIG layouts that the driver reported, and seen those that the last reading knew.
	changed atomic.Uint64
	seen    uint64
}

const (
	callInit   = "nvmlInit_v2"
	callCount  = "nvmlDeviceGetCount_v2"
	callHandle = "nvmlDeviceGetHandleByIndex_v2"
	callUUID   = "nvmlDeviceGetUUID"
	callFields = "nvmlDeviceGetFieldValues"
	// callLinks reads the fields of NVLinks, by the same function.
	callLinks = callFields + "(links)"
)

// reading is one collection from one device.
type reading struct {
	device       *gpu.Device
	want, have   gpu.KeySet
	since        gpu.Watermarks
	refused      map[string]int
	modes        map[string]gpu.Modes // at the last reading, by device
	confidential string
	batch        *batch
	links        []link // those of the device, once they were asked for
	listed       int    // processes of the devices before it
	listsBadly   bool
	gpm          *baselines
	layouts      map[string]string
}

// answered notes how a call went. It returns the code if the device or the driver is gone.
func (r *reading) answered(name string, ret nvml.Return) int {
	code := int(ret)
	r.note(name, code)
	switch {
	case gpu.DeviceGone(code):
		r.device.Lost, r.device.LostCall = code, name
		return code
	case gpu.DriverGone(code):
		return code
	}
	return gpu.CodeSuccess
}

// note keeps in mind what is not to be asked again, and counts what failed. A call that is forbidden is both.
func (r *reading) note(name string, code int) {
	if code == gpu.CodeSuccess {
		return
	}
	if gpu.Unsupported(code) || gpu.Closed(code) {
		r.refused[name] = code
	}
	if !gpu.Unsupported(code) {
		r.device.Errors = append(r.device.Errors, gpu.CallError{Call: name, Code: code})
	}
}

func (r *reading) isRefused(name string) bool {
	_, refused := r.refused[name]
	return refused
}

// put keeps the readings of a call if it succeeded, and returns its answer.
func (r *reading) put(ret nvml.Return, readings ...gpu.Reading) nvml.Return {
	if ret == nvml.SUCCESS {
		r.keep(readings...)
	}
	return ret
}

// keep adds readings that are wanted and not yet there. One that its quantity cannot be leaves the place to a later
// source.
func (r *reading) keep(readings ...gpu.Reading) {
	for _, reading := range readings {
		switch {
		case !r.want.Has(reading.Key) || r.have.Has(reading.Key):
		case !reading.Key.Plausible(reading.Raw):
			r.device.Dropped = append(r.device.Dropped, reading.Key)
		default:
			r.have.Add(reading.Key)
			r.device.Readings = append(r.device.Readings, reading)
		}
	}
}

// batch holds what a call for field values needs, to be used again for the next device.
type batch struct {
	fields []field  // those of the loaded library
	names  []string // of the fields, in their order
	values []nvml.FieldValue
	asked  []int // which field each value is
}

// baseline is the sample before.
type baseline struct {
	sample nvml.GpmSample
	at     time.Time
}

// baselines are the samples before, of devices and MIG instances.
type baselines struct {
	library nvml.Interface
	of      map[string]baseline
	answer  nvml.GpmMetricsGetType // kept, since it is large
}

// link is one NVLink of a device.
type link struct {
	number uint8
	active bool
}
