// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// migCalls are the functions behind readInstances that return which instances there are.
var migCalls = []string{"nvmlDeviceGetMaxMigDeviceCount", "nvmlDeviceGetMigDeviceHandleByIndex", "nvmlDeviceGetGpuInstanceId", "nvmlDeviceGetComputeInstanceId"}

// maxInstances is more than a device has.
const maxInstances = 32

// readInstances reads the MIG devices of a device. Where the layout changed, the samples before are of other instances,
// though they may have the same names.
func (r *reading) readInstances(d nvml.Device) {
	uuid := r.device.Info.UUID
	if r.device.Modes.MIG != "enabled" && r.device.Modes.MIG != "disabling" {
		return
	}
	count, ret := d.GetMaxMigDeviceCount()
	if ret != nvml.SUCCESS {
		r.note(migCalls[0], int(ret))
		return
	}
	var handles []nvml.Device
	for i := range min(count, maxInstances) {
		handle, ret := d.GetMigDeviceHandleByIndex(i)
		if ret == nvml.ERROR_NOT_FOUND || ret == nvml.ERROR_INVALID_ARGUMENT {
			continue
		}
		if ret != nvml.SUCCESS {
			r.note(migCalls[1], int(ret))
			continue
		}
		if m, ok := r.instance(d, handle); ok {
			r.device.Instances = append(r.device.Instances, m)
			handles = append(handles, handle)
		}
	}
	layout := layoutOf(r.device.Instances)
	if before, known := r.layouts[uuid]; known && before != layout {
		r.gpm.drop(uuid)
	}
	r.layouts[uuid] = layout
	first := map[int]bool{} // memory and counters are of the GPU instance: the first compute instance has them
	for i := range r.device.Instances {
		m := &r.device.Instances[i]
		if first[m.GPUInstance] {
			continue
		}
		first[m.GPUInstance] = true
		r.readInstance(d, handles[i], m)
	}
	slices.SortFunc(r.device.Instances, func(a, b gpu.Instance) int { return cmp.Compare(a.UUID, b.UUID) })
}

func layoutOf(instances []gpu.Instance) string {
	names := make([]string, len(instances))
	for i, m := range instances {
		names[i] = m.UUID + " " + strconv.Itoa(m.GPUInstance) + " " + strconv.Itoa(m.ComputeInstance)
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// instance describes a MIG device; ok is false for one without an identity.
func (r *reading) instance(parent, handle nvml.Device) (m gpu.Instance, ok bool) {
	var ret nvml.Return
	if m.UUID, ret = handle.GetUUID(); ret != nvml.SUCCESS || m.UUID == "" || m.UUID == r.device.Info.UUID {
		return m, false
	}
	if m.GPUInstance, ret = handle.GetGpuInstanceId(); ret != nvml.SUCCESS || m.GPUInstance > 1<<16 {
		r.note(migCalls[2], int(ret))
		return m, false
	}
	if m.ComputeInstance, ret = handle.GetComputeInstanceId(); ret != nvml.SUCCESS || m.ComputeInstance > 1<<16 {
		r.note(migCalls[3], int(ret))
		return m, false
	}
	if name, ret := handle.GetName(); ret == nvml.SUCCESS {
		_, m.Profile, _ = strings.Cut(name, " MIG ")
	}
	m.ProfileID, m.Start = -1, -1
	if instance, ret := parent.GetGpuInstanceById(m.GPUInstance); ret == nvml.SUCCESS {
		if info, ret := instance.GetInfo(); ret == nvml.SUCCESS {
			m.ProfileID, m.Start = int(info.ProfileId), int(info.Placement.Start)
		}
	}
	return m, true
}

// readInstance reads memory and counters of a GPU instance.
func (r *reading) readInstance(parent, handle nvml.Device, m *gpu.Instance) {
	keep := func(reading gpu.Reading) {
		if r.want.Has(reading.Key) {
			m.Readings = append(m.Readings, reading)
		}
	}
	if memory, ret := handle.GetMemoryInfo_v2(); ret == nvml.SUCCESS {
		keep(gpu.Reading{Key: gpu.MemoryTotal, Raw: memory.Total})
		keep(gpu.Reading{Key: gpu.MemoryUsed, Raw: memory.Used})
		keep(gpu.Reading{Key: gpu.MemoryFree, Raw: memory.Free})
		keep(gpu.Reading{Key: gpu.MemoryReserved, Raw: memory.Reserved})
	}
	const call = callGPM + "(MIG)"
	if !slices.ContainsFunc(gpmKeys(), r.want.Has) || r.isRefused(call) {
		return
	}
	ret := r.gpm.read(r.device.Info.UUID+"/"+strconv.Itoa(m.GPUInstance), func(sample nvml.GpmSample) nvml.Return {
		return parent.GpmMigSampleGet(m.GPUInstance, sample)
	}, keep)
	r.note(call, int(ret))
}
