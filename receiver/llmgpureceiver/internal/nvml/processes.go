// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

/*
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// As in the driver's header. go-nvml asks again and again for a list that does not fit, and takes no list of the newer form.
typedef uint64_t llm_number;
typedef struct { unsigned int pid; llm_number memory; unsigned int gi, ci; } llm_process;
typedef struct { unsigned int pid; llm_number memory; } llm_process_v1;
typedef struct { unsigned int pid; llm_number stamp; unsigned int sm, mem, enc, dec; } llm_sample;
typedef struct { llm_number stamp; unsigned int pid, sm, mem, enc, dec, jpg, ofa; } llm_sample_new;
typedef struct { unsigned int version, count; llm_number since; llm_sample_new *samples; } llm_samples;

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned int *count, llm_process *out);
int nvmlDeviceGetComputeRunningProcesses_v2(void *device, unsigned int *count, llm_process *out);
int nvmlDeviceGetComputeRunningProcesses(void *device, unsigned int *count, llm_process_v1 *out);
int nvmlDeviceGetProcessUtilization(void *device, llm_sample *out, unsigned int *count, llm_number since);
int nvmlDeviceGetProcessesUtilizationInfo(void *device, llm_samples *in);

enum { llm_insufficient_size = 7, llm_memory = 20 };

static int llm_list(void *device, int version, unsigned int *count, llm_process *out) {
  unsigned int room = *count;
  if (version == 3) return nvmlDeviceGetComputeRunningProcesses_v3(device, count, out);
  if (version == 2) return nvmlDeviceGetComputeRunningProcesses_v2(device, count, out);
  llm_process_v1 *old = calloc(room + 1, sizeof *old);
  if (old == NULL) return llm_memory;
  int ret = nvmlDeviceGetComputeRunningProcesses(device, count, old);
  for (unsigned int i = 0; ret == 0 && i < *count && i < room; i++) out[i] = (llm_process){old[i].pid, old[i].memory, ~0u, ~0u};
  free(old);
  return ret;
}

// The newer function knows cards for which the older one has nothing.
static int llm_utilization(void *device, int newer, llm_number since, unsigned int *count, llm_sample *out) {
  unsigned int room = *count;
  if (!newer) return nvmlDeviceGetProcessUtilization(device, out, count, since);
  llm_samples in = {(unsigned int)sizeof in | 1u << 24, room, since, calloc(room + 1, sizeof *in.samples)};
  if (in.samples == NULL) return llm_memory;
  int ret = nvmlDeviceGetProcessesUtilizationInfo(device, &in);
  *count = in.count;
  for (unsigned int i = 0; ret == 0 && i < in.count && i < room; i++)
    out[i] = (llm_sample){in.samples[i].pid, in.samples[i].stamp, in.samples[i].sm, in.samples[i].mem, in.samples[i].enc, in.samples[i].dec};
  free(in.samples);
  return ret;
}
*/
import "C" //nolint:gci,gocritic // they take C for another package

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unsafe" //nolint:gocritic // takes C for unsafe

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

const (
	callProcesses   = "nvmlDeviceGetComputeRunningProcesses"
	callUtilization = "nvmlDeviceGetProcessUtilization"
	callNewerUsage  = "nvmlDeviceGetProcessesUtilizationInfo"

	// maxListed bounds the processes that are read of a device. Beyond it they are only counted. maxProcesses bounds those of all
	// devices that are listed.
	maxListed, maxProcesses = 4096, 1024
)

// processCalls are the functions behind readProcesses, the newest first.
var processCalls = []string{callProcesses + "_v3", callProcesses + "_v2", callProcesses}

// listsBadly reports whether a driver has another list of processes under the name of the third version: 535.43 to 535.86.
func listsBadly(driver string) bool {
	minor, found := strings.CutPrefix(driver, "535.")
	return found && (minor < "98" || len(minor) > 2 && minor[2] != '.') && !strings.HasPrefix(minor, "1")
}

// pointer returns the driver's pointer in a handle of go-nvml, which has it as its only field.
func pointer(d nvml.Device) unsafe.Pointer {
	value := reflect.ValueOf(d)
	if value.Kind() != reflect.Struct || value.NumField() != 1 || value.Field(0).Kind() != reflect.Pointer {
		return nil
	}
	return value.Field(0).UnsafePointer()
}

// readProcesses lists the processes of a device, and what they used of it.
func (r *reading) readProcesses(d nvml.Device) {
	device := pointer(d)
	if device == nil {
		return
	}
	for i, name := range processCalls {
		if r.isRefused(name) || i == 0 && r.listsBadly {
			continue
		}
		processes, count, ret := listed(device, len(processCalls)-i)
		if ret == nvml.ERROR_INSUFFICIENT_SIZE && count > maxListed {
			r.device.ProcessesKnown, r.device.Omitted = true, count
			return
		}
		r.note(name, int(ret))
		if ret != nvml.SUCCESS {
			if gpu.Unsupported(int(ret)) {
				continue
			}
			return
		}
		r.device.ProcessesKnown = true
		r.device.Processes = processes
		break
	}
	slices.SortStableFunc(r.device.Processes, func(a, b gpu.Process) int { return cmp.Compare(b.Memory, a.Memory) })
	if left := max(maxProcesses-r.listed, 0); len(r.device.Processes) > left {
		r.device.Omitted = len(r.device.Processes) - left
		r.device.Processes = r.device.Processes[:left]
	}
	if len(r.device.Processes) > 0 {
		r.readUsage(device)
	}
}

// listed returns the processes of a device, each once, and how many the driver has.
func listed(device unsafe.Pointer, version int) (processes []gpu.Process, has int, ret nvml.Return) {
	room := C.uint(64)
	for range 4 {
		count := room
		list := make([]C.llm_process, room)
		ret := C.llm_list(device, C.int(version), &count, &list[0])
		switch {
		case ret == C.llm_insufficient_size:
			if room == maxListed || count > maxListed {
				return nil, int(count), nvml.ERROR_INSUFFICIENT_SIZE
			}
			room = min(max(2*room, count+16), maxListed)
			continue
		case ret != 0:
			return nil, 0, nvml.Return(ret)
		}
		processes = make([]gpu.Process, 0, min(count, room))
		known := make(map[uint32]bool, min(count, room))
		for _, p := range list[:min(count, room)] {
			pid := uint32(p.pid)
			if pid == 0 || pid > 1<<30 || known[pid] {
				continue
			}
			known[pid] = true
			process := gpu.Process{PID: pid, Memory: gpu.UnknownMemory, GPUInstance: instance(uint32(p.gi))}
			if memory := uint64(p.memory); gpu.MemoryUsed.Plausible(memory) {
				process.Memory = int64(memory)
			}
			processes = append(processes, process)
		}
		return processes, len(processes), nvml.SUCCESS
	}
	return nil, 0, nvml.ERROR_INSUFFICIENT_SIZE
}

// readUsage adds what the processes used of a device since the last reading, as far as the driver has samples.
func (r *reading) readUsage(device unsafe.Pointer) {
	since := r.since[gpu.BufferProcesses]
	for i, name := range []string{callNewerUsage, callUtilization} {
		if r.isRefused(name) {
			continue
		}
		samples, ret := sampled(device, i == 0, since)
		if ret == nvml.ERROR_NOT_FOUND || ret == nvml.ERROR_NO_DATA { // nothing new
			return
		}
		r.note(name, int(ret))
		if ret != nvml.SUCCESS {
			if gpu.Unsupported(int(ret)) {
				continue
			}
			return
		}
		r.takeUsage(samples, since)
		return
	}
}

func sampled(device unsafe.Pointer, newer bool, since uint64) ([]C.llm_sample, nvml.Return) {
	use := C.int(0)
	if newer {
		use = 1
	}
	room := C.uint(256)
	for range 4 {
		count := room
		samples := make([]C.llm_sample, room)
		ret := C.llm_utilization(device, use, C.llm_number(since), &count, &samples[0])
		if ret == C.llm_insufficient_size && room < maxListed {
			room = min(max(2*room, count+16), maxListed)
			continue
		}
		if ret != 0 {
			return nil, nvml.Return(ret)
		}
		return samples[:min(count, room)], nvml.SUCCESS
	}
	return nil, nvml.ERROR_INSUFFICIENT_SIZE
}

// takeUsage gives each process the mean of its samples. The driver takes them at a fixed rate.
func (r *reading) takeUsage(samples []C.llm_sample, since uint64) {
	type sum struct {
		gpu.Utilization
		count uint64
	}
	sums := map[uint32]sum{}
	newest := since
	for _, sample := range samples {
		stamp := uint64(sample.stamp)
		if stamp <= since || sample.sm > 100 || sample.mem > 100 || sample.enc > 100 || sample.dec > 100 {
			continue
		}
		newest = max(newest, stamp)
		s := sums[uint32(sample.pid)]
		s.SM += percent(uint32(sample.sm))
		s.Memory += percent(uint32(sample.mem))
		s.Encoder += percent(uint32(sample.enc))
		s.Decoder += percent(uint32(sample.dec))
		s.count++
		sums[uint32(sample.pid)] = s
	}
	r.device.Watermarks[gpu.BufferProcesses] = newest
	for i := range r.device.Processes {
		p := &r.device.Processes[i]
		if s := sums[p.PID]; s.count > 0 {
			p.Sampled = true
			p.Utilization = gpu.Utilization{SM: s.SM / s.count, Memory: s.Memory / s.count, Encoder: s.Encoder / s.count, Decoder: s.Decoder / s.count}
		}
	}
}
