// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"slices"
	"strconv"
	"strings"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/nvml/symbols"
)

// Available reports whether this build can load the driver's library.
const Available = true

const (
	callInit   = "nvmlInit_v2"
	callCount  = "nvmlDeviceGetCount_v2"
	callHandle = "nvmlDeviceGetHandleByIndex_v2"
	callUUID   = "nvmlDeviceGetUUID"
	callFields = "nvmlDeviceGetFieldValues"
)

// Reader reads the devices of the loaded driver. It is not safe for concurrent use, and there is one in a
// process: the symbols of the first library that is loaded serve all.
type Reader struct {
	library nvml.Interface
	infos   map[string]gpu.Info
	batch   batch
	// unsupported holds, by device, the calls and fields that answered so once.
	unsupported map[string]map[string]bool
}

// Open loads the driver's library from path, or from where the dynamic linker finds it if path is empty, and
// starts it, which opens the device files. They are closed when the process ends. Starting takes seconds where
// the driver has to wake the devices.
func Open(path string) (*Reader, gpu.Driver, *DriverError) {
	var options []nvml.LibraryOption
	if path != "" {
		options = append(options, nvml.WithLibraryPath(path))
	}
	r := &Reader{
		library: nvml.New(options...), infos: map[string]gpu.Info{}, unsupported: map[string]map[string]bool{},
	}
	if ret := r.library.Init(); ret != nvml.SUCCESS {
		return nil, gpu.Driver{}, &DriverError{callInit, int(ret)}
	}
	driver := r.driver()
	r.batch = newBatch(release(driver.Library))
	return r, driver, nil
}

func (r *Reader) driver() (driver gpu.Driver) {
	if version, ret := r.library.SystemGetDriverVersion(); ret == nvml.SUCCESS {
		driver.Version = version
	}
	if version, ret := r.library.SystemGetNVMLVersion(); ret == nvml.SUCCESS {
		driver.Library = version
	}
	if version, ret := r.library.SystemGetCudaDriverVersion(); ret == nvml.SUCCESS {
		driver.CUDA = strconv.Itoa(version/1000) + "." + strconv.Itoa(version%1000/10)
	}
	driver.MissingSymbols = symbols.Missing(symbolNames())
	return driver
}

// symbolNames returns the C functions that a collection may call.
func symbolNames() []string {
	names := []string{callInit, callCount, callHandle, callUUID, callFields}
	names = append(names, infoCalls...)
	for _, c := range calls {
		name, _, _ := strings.Cut(c.name, "(")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Read collects what the request wants from each device. A device that fails does not keep others from being
// read. A DriverError says that there is nothing to be read until a fresh process loads the library anew.
func (r *Reader) Read(request gpu.Request) (gpu.Snapshot, *DriverError) {
	count, ret := r.library.DeviceGetCount()
	if ret != nvml.SUCCESS {
		return gpu.Snapshot{}, &DriverError{callCount, int(ret)}
	}
	if count == 0 {
		// A device that appears later is seen only by a library that is loaded then.
		return gpu.Snapshot{}, &DriverError{callCount, gpu.CodeGPUNotFound}
	}
	var snapshot gpu.Snapshot
	for index := range count {
		device, failed := r.readDevice(index, request)
		switch {
		case failed == nil:
			snapshot.Devices = append(snapshot.Devices, device)
		case gpu.DriverGone(failed.Code):
			return gpu.Snapshot{}, &DriverError{failed.Call, failed.Code}
		default:
			snapshot.Errors = append(snapshot.Errors, *failed)
		}
	}
	if len(snapshot.Devices) == 0 {
		return gpu.Snapshot{}, &DriverError{snapshot.Errors[0].Call, snapshot.Errors[0].Code}
	}
	return snapshot, nil
}

// readDevice reads one device. It fails if the driver does not let the device be identified, or is gone.
func (r *Reader) readDevice(index int, request gpu.Request) (gpu.Device, *gpu.CallError) {
	device := gpu.Device{Index: index}
	handle, ret := r.library.DeviceGetHandleByIndex(index)
	if ret != nvml.SUCCESS {
		return identified(device, callHandle, ret)
	}
	uuid, ret := handle.GetUUID()
	if ret != nvml.SUCCESS {
		return identified(device, callUUID, ret)
	}
	if _, known := r.infos[uuid]; !known {
		r.infos[uuid] = readInfo(handle, uuid)
		r.unsupported[uuid] = map[string]bool{}
	}
	device.Info = r.infos[uuid]
	reading := &reading{
		device: &device, want: request.Want, since: request.Since[uuid], unsupported: r.unsupported[uuid], batch: &r.batch,
	}
	device.Watermarks = reading.since
	device.Readings = make([]gpu.Reading, 0, gpu.NumKeys)
	if code := reading.read(handle); gpu.DriverGone(code) {
		last := device.Errors[len(device.Errors)-1]
		return device, &last
	}
	return device, nil
}

// identified sorts out a device that did not tell its identity: one that the driver lost is a device all the
// same, another failure is that of the call.
func identified(device gpu.Device, call string, ret nvml.Return) (gpu.Device, *gpu.CallError) {
	if gpu.DeviceGone(int(ret)) {
		device.Lost = int(ret)
		device.Errors = []gpu.CallError{{Call: call, Code: int(ret)}}
		return device, nil
	}
	return device, &gpu.CallError{Call: call, Code: int(ret)}
}

// reading is one collection from one device.
type reading struct {
	device      *gpu.Device
	want, have  gpu.KeySet
	since       gpu.Watermarks
	unsupported map[string]bool
	batch       *batch
}

// read makes the calls that are needed, up to the first answer that the device or the driver is gone, whose
// code it returns.
func (r *reading) read(handle nvml.Device) int {
	if code := r.answered(callFields, r.readFields(handle)); code != gpu.CodeSuccess {
		return code
	}
	for i := range calls {
		c := &calls[i]
		if !r.lacks(c.keys) || r.unsupported[c.name] {
			continue
		}
		if code := r.answered(c.name, c.read(handle, r)); code != gpu.CodeSuccess {
			return code
		}
	}
	return gpu.CodeSuccess
}

// answered notes how a call went. It returns the code if the device or the driver is gone.
func (r *reading) answered(name string, ret nvml.Return) int {
	code := int(ret)
	r.note(name, code)
	switch {
	case gpu.DeviceGone(code):
		r.device.Lost = code
		return code
	case gpu.DriverGone(code):
		return code
	}
	return gpu.CodeSuccess
}

func (r *reading) note(name string, code int) {
	switch {
	case code == gpu.CodeSuccess:
	case gpu.Unsupported(code):
		r.unsupported[name] = true
	default:
		r.device.Errors = append(r.device.Errors, gpu.CallError{Call: name, Code: code})
	}
}

// lacks reports whether one of the keys is wanted and not yet read.
func (r *reading) lacks(keys []gpu.Key) bool {
	for _, key := range keys {
		if r.want.Has(key) && !r.have.Has(key) {
			return true
		}
	}
	return false
}

// put keeps the readings of a call if it succeeded, and returns its answer.
func (r *reading) put(ret nvml.Return, readings ...gpu.Reading) nvml.Return {
	if ret == nvml.SUCCESS {
		r.keep(readings...)
	}
	return ret
}

// keep adds readings that are wanted and not yet there.
func (r *reading) keep(readings ...gpu.Reading) {
	for _, reading := range readings {
		if r.want.Has(reading.Key) && !r.have.Has(reading.Key) {
			r.have.Add(reading.Key)
			r.device.Readings = append(r.device.Readings, reading)
		}
	}
}
