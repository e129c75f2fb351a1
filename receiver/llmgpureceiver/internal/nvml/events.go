// SPDX-License-Identifier: Apache-2.0

//go:build linux && cgo && (amd64 || arm64)

package nvml

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/NVIDIA/go-nvml/pkg/nvml"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/nvml/symbols"
)

const (
	callRegisterOperate = "nvmlEventSetRegisterGpuOperationalEvents_v1"
	callWaitV3          = "nvmlEventSetWait_v3"

	// waitTimeout is how long the driver is asked to wait for an event.
	waitTimeout = 5 * time.Second
	// gather is how long events are gathered after the first, so that a storm is few messages.
	gather = 200 * time.Millisecond
	// waitPause is the pause after a failed wait.
	waitPause = time.Second
	// maxGathered bounds the kinds of events in one message, and maxDrained the events that are looked at for it.
	maxGathered, maxDrained = 256, 100_000
)

// Watcher waits for events of devices. It is for one goroutine, beside the one that reads.
type Watcher struct {
	library nvml.Interface
	set     nvml.EventSet
	uuids   map[nvml.Device]string
	handles map[string]nvml.Device
	// structured says that the driver's newer form of events is waited for, which has a severity.
	structured bool
	changed    *atomic.Uint64 // is to count changes of MIG layouts
}

// Watch registers for the events of all devices. It returns nil where no device has events, and how many have.
func (r *Reader) Watch() (*Watcher, int) {
	set, ret := r.library.EventSetCreate()
	if ret != nvml.SUCCESS {
		return nil, 0
	}
	w := &Watcher{
		library: r.library, set: set, changed: &r.changed, uuids: map[nvml.Device]string{}, handles: map[string]nvml.Device{},
		structured: len(symbols.Missing([]string{callWaitV3, callRegisterOperate})) == 0,
	}
	var wanted uint64
	for _, kind := range gpu.EventTypes {
		wanted |= uint64(kind)
	}
	count, ret := r.library.DeviceGetCount()
	if ret != nvml.SUCCESS {
		count = 0
	}
	for index := range min(count, gpu.MaxDevices) {
		handle, ret := r.library.DeviceGetHandleByIndex(index)
		if ret != nvml.SUCCESS {
			continue
		}
		uuid, ret := handle.GetUUID()
		if ret != nvml.SUCCESS || uuid == "" {
			continue
		}
		// Types that the driver does not know would fail the registration of all.
		supported, ret := handle.GetSupportedEventTypes()
		if ret != nvml.SUCCESS || supported&wanted == 0 || handle.RegisterEvents(supported&wanted, set) != nvml.SUCCESS {
			continue
		}
		w.uuids[handle], w.handles[uuid] = uuid, handle
		if w.structured {
			var config nvml.GpuOperationalEventConfig_v1
			for i := range min(len(uuid), len(config.Uuid)-1) {
				config.Uuid[i] = int8(uuid[i])
			}
			if set.RegisterGpuOperationalEvents_v1(&config) != nvml.SUCCESS {
				w.structured = false
			}
		}
	}
	if len(w.uuids) == 0 {
		_ = set.Free()
		return nil, 0
	}
	return w, len(w.uuids)
}

// Next waits for events and returns them, those of a kind as one. It returns none after a while without any.
func (w *Watcher) Next() []gpu.Event {
	first, ret := w.wait(waitTimeout)
	if ret != nvml.SUCCESS {
		if ret != nvml.ERROR_TIMEOUT {
			time.Sleep(waitPause)
		}
		return nil
	}
	b := gathered{index: map[gathering]int{}, severity: map[gathering]uint32{}}
	b.add(first)
	deadline := time.Now().Add(gather)
	for range maxDrained {
		left := time.Until(deadline)
		if left <= 0 {
			break
		}
		next, ret := w.wait(left)
		if ret != nvml.SUCCESS {
			break
		}
		b.add(next)
	}
	events := b.finish()
	if slices.ContainsFunc(events, func(e gpu.Event) bool { return e.Type == gpu.EventMIGChange }) {
		w.changed.Add(1)
	}
	w.askRecovery(events)
	return events
}

// occurred is one event as the driver gave it. A structured one says of another how severe it is.
type occurred struct {
	gpu.Event
	structured bool
}

func (w *Watcher) wait(timeout time.Duration) (occurred, nvml.Return) {
	ms := uint32(max(timeout.Milliseconds(), 1))
	if w.structured {
		data, ret := w.set.Wait_v3(ms)
		if ret == nvml.ERROR_NOT_SUPPORTED || ret == nvml.ERROR_FUNCTION_NOT_FOUND {
			w.structured = false
			return occurred{}, nvml.ERROR_TIMEOUT
		}
		if ret != nvml.SUCCESS {
			return occurred{}, ret
		}
		return w.fromV3(data), ret
	}
	data, ret := w.set.Wait(ms)
	if ret != nvml.SUCCESS {
		return occurred{}, ret
	}
	return occurred{Event: event(w.uuid(data.Device), data.EventType, data.EventData, data.GpuInstanceId, data.ComputeInstanceId, 0)}, ret
}

func (w *Watcher) fromV3(data nvml.EventSetWaitData_v3) occurred {
	uuid := make([]byte, 0, len(data.Uuid))
	for _, c := range data.Uuid {
		if c == 0 {
			break
		}
		uuid = append(uuid, byte(c))
	}
	if data.DataType == 0 {
		return occurred{Event: event(string(uuid), data.EventType, data.EventData, data.GpuInstanceId, data.ComputeInstanceId, data.TimestampUsec)}
	}
	o := occurred{structured: true, Event: event(string(uuid), uint64(gpu.EventXID), 0, data.GpuInstanceId, data.ComputeInstanceId, data.TimestampUsec)}
	o.Severity = data.Severity
	if xid, ret := w.set.GetGpuOperationalEventContextLegacyXid_v1(0); ret == nvml.SUCCESS {
		o.XID = xid
	}
	return o
}

func (w *Watcher) uuid(handle nvml.Device) string {
	if uuid, known := w.uuids[handle]; known {
		return uuid
	}
	uuid, _ := handle.GetUUID()
	return uuid
}

func event(uuid string, kind, data uint64, gi, ci uint32, stamp uint64) gpu.Event {
	now := time.Now().UnixMicro()
	at := now
	// A time stamp that is not of this day is of another clock.
	if day := (24 * time.Hour).Microseconds(); int64(stamp) > now-day && int64(stamp) <= now {
		at = int64(stamp)
	}
	e := gpu.Event{
		UUID: uuid, Type: gpu.EventType(kind), GPUInstance: instance(gi), ComputeInstance: instance(ci), Count: 1, First: at, Last: at,
		Recovery: gpu.NoRecovery,
	}
	if e.Type == gpu.EventXID {
		e.XID = uint32(min(data, gpu.OtherXID))
	}
	return e
}

// instance returns the id of a MIG instance, of which a device has few.
func instance(id uint32) int {
	if id > 1<<16 {
		return gpu.NoInstance
	}
	return int(id)
}

// gathering identifies what is gathered to one event.
type gathering struct {
	uuid   string
	kind   gpu.EventType
	xid    uint32
	gi, ci int
}

type gathered struct {
	events   []gpu.Event
	index    map[gathering]int
	severity map[gathering]uint32 // the driver's own, of a device and code
}

func (b *gathered) add(o occurred) {
	if o.structured {
		if len(b.severity) < maxGathered {
			key := gathering{uuid: o.UUID, xid: o.XID}
			b.severity[key] = max(b.severity[key], o.Severity)
		}
		return
	}
	if !known(o.Type) {
		return
	}
	key := gathering{o.UUID, o.Type, o.XID, o.GPUInstance, o.ComputeInstance}
	i, there := b.index[key]
	if !there && len(b.events) >= maxGathered {
		o.XID, o.GPUInstance, o.ComputeInstance = gpu.OtherXID, gpu.NoInstance, gpu.NoInstance
		if len(b.events) >= maxGathered+gpu.MaxDevices { // identities that are garbage
			o.UUID, o.Type = b.events[0].UUID, gpu.EventXID
		}
		key = gathering{o.UUID, o.Type, o.XID, o.GPUInstance, o.ComputeInstance}
		i, there = b.index[key]
	}
	if !there {
		b.index[key] = len(b.events)
		b.events = append(b.events, o.Event)
		return
	}
	e := &b.events[i]
	e.Count++
	e.First, e.Last = min(e.First, o.First), max(e.Last, o.Last)
}

// known reports whether a type is one that is watched: a library may answer anything.
func known(kind gpu.EventType) bool {
	for _, k := range gpu.EventTypes {
		if k == kind {
			return true
		}
	}
	return false
}

func (b *gathered) finish() []gpu.Event {
	for i := range b.events {
		b.events[i].Severity = b.severity[gathering{uuid: b.events[i].UUID, xid: b.events[i].XID}]
	}
	return b.events
}

// askRecovery asks each device once what it takes to recover it.
func (w *Watcher) askRecovery(events []gpu.Event) {
	answers := map[string]int{}
	for i := range events {
		e := &events[i]
		answer, asked := answers[e.UUID]
		if !asked {
			answer = w.recovery(e.UUID)
			answers[e.UUID] = answer
		}
		e.Recovery = answer
	}
}

func (w *Watcher) recovery(uuid string) int {
	handle, known := w.handles[uuid]
	if !known {
		return gpu.NoRecovery
	}
	values := []nvml.FieldValue{{FieldId: nvml.FI_DEV_GET_GPU_RECOVERY_ACTION}}
	if handle.GetFieldValues(values) != nvml.SUCCESS || values[0].NvmlReturn != uint32(nvml.SUCCESS) {
		return gpu.NoRecovery
	}
	raw, ok := decode(nvml.ValueType(values[0].ValueType), values[0].Value)
	if !ok || !gpu.RecoveryAction.Plausible(raw) {
		return gpu.NoRecovery
	}
	return int(raw)
}
