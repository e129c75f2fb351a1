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

// Open loads the driver's library from path, or from where the dynamic linker finds it if path is empty. It starts it, which
// opens the device files. They are closed when the process ends. Starting takes seconds where the driver has to wake the devices.
func Open(path string) (*Reader, gpu.Driver, *DriverError) {
	var options []nvml.LibraryOption
	if path != "" {
		options = append(options, nvml.WithLibraryPath(path))
	}
	r := &Reader{
		library: nvml.New(options...), infos: map[string]gpu.Info{}, modes: map[string]gpu.Modes{},
		refused: map[string]map[string]int{}, layouts: map[string]string{},
	}
	r.gpm = baselines{library: r.library, of: map[string]baseline{}}
	if ret := r.library.Init(); ret != nvml.SUCCESS {
		return nil, gpu.Driver{}, &DriverError{callInit, int(ret)}
	}
	driver := r.driver()
	r.batch = newBatch(release(driver.Library))
	r.confidential = confidential(r.library)
	r.listsBadly = listsBadly(driver.Version)
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
	driver.Excluded = excluded(r.library)
	driver.MissingSymbols = symbols.Missing(symbolNames())
	return driver
}

// symbolNames returns the C functions that a collection may call.
func symbolNames() []string {
	names := []string{callInit, callCount, callHandle, callUUID, callFields}
	names = append(append(names, infoCalls...), modeCalls...)
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
	switch {
	case ret != nvml.SUCCESS:
		return gpu.Snapshot{}, &DriverError{callCount, int(ret)}
	case count == 0:
		// A device that appears later is seen only by a library that is loaded then.
		return gpu.Snapshot{}, &DriverError{callCount, gpu.CodeGPUNotFound}
	case count > gpu.MaxDevices:
		return gpu.Snapshot{}, &DriverError{callCount, gpu.CodeUnknown}
	}
	// A layout may come back under the same names: only the event says that it is another one.
	if changed := r.changed.Load(); changed != r.seen {
		r.seen = changed
		r.gpm.drop("")
		clear(r.refused)
	}
	if request.Again {
		clear(r.infos)
		clear(r.refused)
		r.confidential = confidential(r.library)
	}
	snapshot := gpu.Snapshot{Devices: make([]gpu.Device, 0, count)}
	closed, listed := 0, 0
	for index := range count {
		device, failed := r.readDevice(index, request, listed)
		listed += len(device.Processes)
		if failed != nil {
			return gpu.Snapshot{}, failed
		}
		if gpu.Closed(device.Lost) {
			closed++
		}
		snapshot.Devices = append(snapshot.Devices, device)
	}
	if closed == count {
		first := &snapshot.Devices[0]
		return gpu.Snapshot{}, &DriverError{first.LostCall, first.Lost}
	}
	return snapshot, nil
}

// readDevice reads one device; listed is the number of processes of devices before it. It fails if the driver is gone.
func (r *Reader) readDevice(index int, request gpu.Request, listed int) (gpu.Device, *DriverError) {
	device := gpu.Device{Index: index}
	handle, ret := r.library.DeviceGetHandleByIndex(index)
	if ret != nvml.SUCCESS {
		return lost(device, callHandle, ret)
	}
	uuid, ret := handle.GetUUID()
	if ret != nvml.SUCCESS || uuid == "" {
		return lost(device, callUUID, ret)
	}
	if _, known := r.infos[uuid]; !known {
		r.infos[uuid] = readInfo(handle, uuid)
	}
	device.Info = r.infos[uuid]
	reading := r.reading(&device, request)
	device.Readings = make([]gpu.Reading, 0, gpu.NumKeys)
	reading.listed, reading.listsBadly = listed, r.listsBadly
	code := reading.read(handle)
	if code == gpu.CodeSuccess {
		reading.readInstances(handle)
	}
	if code == gpu.CodeSuccess && request.Processes {
		reading.readProcesses(handle)
	}
	device.Lacks = reading.lacking()
	if len(device.Readings) == 0 && len(device.Errors) > 0 && device.Lost == 0 {
		device.Lost, device.LostCall = device.Errors[0].Code, device.Errors[0].Call
	}
	if gpu.DriverGone(code) {
		last := device.Errors[len(device.Errors)-1]
		return device, &DriverError{last.Call, last.Code}
	}
	return device, nil
}

// lost is a device that does not give its identity.
func lost(device gpu.Device, call string, ret nvml.Return) (gpu.Device, *DriverError) {
	code := int(ret)
	if ret == nvml.SUCCESS { // and nothing said
		code = gpu.CodeUnknown
	}
	if gpu.DriverGone(code) {
		return device, &DriverError{call, code}
	}
	device.Lost, device.LostCall = code, call
	device.Errors = []gpu.CallError{{Call: call, Code: code}}
	return device, nil
}

// reading prepares one collection from one device.
func (r *Reader) reading(device *gpu.Device, request gpu.Request) *reading {
	uuid := device.Info.UUID
	if r.refused[uuid] == nil {
		if len(r.refused) >= gpu.MaxDevices { // identities that are garbage
			clear(r.refused)
			clear(r.infos)
			clear(r.modes)
			clear(r.layouts)
		}
		r.refused[uuid] = map[string]int{}
	}
	device.Watermarks = request.Since[uuid]
	return &reading{
		device: device, want: request.Want, since: request.Since[uuid], refused: r.refused[uuid], modes: r.modes,
		confidential: r.confidential, batch: &r.batch, gpm: &r.gpm, layouts: r.layouts,
	}
}

// read makes the calls that are needed, up to the first answer that the device or the driver is gone. It returns that answer's
// code.
func (r *reading) read(handle nvml.Device) int {
	if code := r.readModes(handle); code != gpu.CodeSuccess {
		return code
	}
	if code := r.answered(callFields, r.readFields(handle)); code != gpu.CodeSuccess {
		return code
	}
	for i := range calls {
		c := &calls[i]
		if newer := older[c.name]; !r.lacks(c.keys) || r.isRefused(c.name) || newer != "" && !r.isRefused(newer) {
			continue
		}
		if code := r.answered(c.name, c.read(handle, r)); code != gpu.CodeSuccess {
			return code
		}
	}
	return gpu.CodeSuccess
}

// lacking returns the wanted quantities of which each source is unsupported.
func (r *reading) lacking() (keys gpu.KeySet) {
	var possible gpu.KeySet
	for i := range r.batch.fields {
		if code, refused := r.refused[r.batch.names[i]]; !refused || !gpu.Unsupported(code) {
			possible.Add(r.batch.fields[i].key)
		}
	}
	for i := range calls {
		if code, refused := r.refused[calls[i].name]; !refused || !gpu.Unsupported(code) {
			possible.Add(calls[i].keys...)
		}
	}
	for key := gpu.Key(1); int(key) <= gpu.NumKeys; key++ {
		if r.want.Has(key) && !possible.Has(key) {
			keys.Add(key)
		}
	}
	return keys
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
