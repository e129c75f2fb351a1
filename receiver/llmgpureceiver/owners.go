// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"cmp"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/podresources"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/process"
)

// user is one process on a device: what it uses, and what it is.
type user struct {
	usage gpu.Process
	is    process.Process
}

// unit is what identifies a user of a device: the container, else the leader, else the process.
func (u *user) unit() string {
	switch {
	case u.is.ContainerID != "":
		return u.is.ContainerID
	case u.is.Leader != 0:
		return "leader " + strconv.Itoa(u.is.Leader)
	}
	return "process " + strconv.Itoa(u.is.PID)
}

func (u *user) identity() identity {
	return identity{
		podUID: u.is.PodUID, containerID: u.is.ContainerID, service: u.is.Identity.Service, engine: u.is.Identity.Engine,
		model: u.is.Identity.Model,
	}
}

// ownership is who uses which device at one collection, by the device's id.
type ownership struct {
	users map[string][]user
	// owner is the only one that uses a device; devices of several have none.
	owner map[string]*identity
	// instances are the UUIDs of MIG instances.
	instances map[instanceKey]string
	// held says whether somebody has a device, if only by holding its memory.
	held map[string]bool
	// pods are the containers that were given each device or MIG instance.
	pods podresources.Owners
	// unresolved are devices of pods that are none of those that are there, strangers processes of which nothing is known.
	unresolved, strangers int
}

// instanceKey names a MIG instance by the numbers that events have.
type instanceKey struct {
	device              string
	gpuInstance, number int
}

// owners finds out who uses which device: from what the kubelet gave to pods, and from the processes on it.
type owners struct {
	cfg  *Config
	host process.Host
	pods *pods // nil where they are not asked for
}

func newOwners(cfg *Config, logger *zap.Logger, failed func(source, code string)) *owners {
	o := &owners{cfg: cfg, host: process.Host{
		Root: cfg.RootPath, Engines: cfg.Processes.rows(), Environment: cfg.Processes.Environment,
		Failed: func(kind string) { failed("process", kind) },
	}}
	if cfg.Pods.Enabled {
		o.pods = newPods(&cfg.Pods, logger, failed)
	}
	return o
}

// ask begins to ask the kubelet, beside the driver. Its answer is for observe.
func (o *owners) ask() <-chan struct{} {
	if o.pods == nil {
		return nil
	}
	return o.pods.ask()
}

func (o *owners) close() error {
	if o.pods == nil {
		return nil
	}
	return o.pods.close()
}

// observe looks at the devices of one collection.
func (o *owners) observe(observations []gpu.Observation, answer <-chan struct{}) ownership {
	w := ownership{users: map[string][]user{}, owner: map[string]*identity{}, instances: map[instanceKey]string{}, held: map[string]bool{}}
	if o.pods != nil {
		if allocations, ok := o.pods.wait(answer); ok {
			var unresolved []podresources.Allocation
			w.pods, unresolved = podresources.Resolve(allocations, devicesOf(observations))
			w.unresolved = len(unresolved)
		}
	}
	o.host.NextRound()
	for i := range observations {
		device := &observations[i]
		id := device.Info.UUID
		for _, p := range device.Processes {
			u := user{usage: p, is: process.Process{PID: int(p.PID)}}
			if o.cfg.Processes.Enabled {
				u.is, _ = o.host.Process(int(p.PID))
			}
			w.users[id] = append(w.users[id], u)
			if o.cfg.Processes.Enabled && u.identity() == (identity{}) {
				w.strangers++
			}
		}
		w.held[id] = len(w.pods[id]) > 0 || len(device.Processes) > 0 || holdsMemory(device)
		w.own(id, w.users[id], device.Omitted > 0 || !o.cfg.Processes.Enabled)
		for _, m := range device.Instances {
			w.instances[instanceKey{id, m.GPUInstance, m.ComputeInstance}] = m.UUID
			w.held[id] = w.held[id] || len(w.pods[m.UUID]) > 0
			w.own(m.UUID, usersOf(w.users[id], device.Instances, m), device.Omitted > 0 || !o.cfg.Processes.Enabled)
		}
		w.disown(device)
	}
	return w
}

// disown takes the owner away where an instance of the device is somebody else's. What is read of the device is of all its
// instances. What is read of a GPU instance is of all its compute instances.
func (w *ownership) disown(device *gpu.Observation) {
	id := device.Info.UUID
	if len(device.Instances) > 1 && len(w.pods[id]) == 0 {
		delete(w.owner, id)
	}
	var split []string
	for _, m := range device.Instances {
		if owner, other := w.owner[id], w.owner[m.UUID]; owner != nil && len(w.pods[m.UUID]) > 0 && (other == nil || !owner.samePod(other)) {
			delete(w.owner, id)
		}
		for _, n := range device.Instances {
			a, b := w.owner[m.UUID], w.owner[n.UUID]
			if m.GPUInstance == n.GPUInstance && a != nil && len(w.pods[n.UUID]) > 0 && (b == nil || !a.samePod(b)) {
				split = append(split, m.UUID)
			}
		}
	}
	for _, id := range split {
		delete(w.owner, id)
	}
}

// usersOf returns those of a device's users that are on one MIG instance. The driver says which GPU instance a process is on:
// where that has several compute instances, nobody knows which.
func usersOf(users []user, instances []gpu.Instance, m gpu.Instance) (on []user) {
	for _, other := range instances {
		if other.GPUInstance == m.GPUInstance && other.UUID != m.UUID {
			return nil
		}
	}
	for _, u := range users {
		if u.usage.GPUInstance == m.GPUInstance {
			on = append(on, u)
		}
	}
	return on
}

// own notes the only owner of a device or MIG instance. A pod comes first: what it was given is its own, unless processes of
// other containers use it, too. unsure says that the processes are not known.
func (w *ownership) own(id string, users []user, unsure bool) {
	given := w.pods[id]
	if len(given) == 0 {
		if !unsure {
			if owner := only(users); owner != nil {
				w.owner[id] = owner
			}
		}
		return
	}
	pod, exclusive := w.pods.Exclusive(id)
	containers, pods := map[string]bool{}, map[string]bool{}
	var owner identity
	for i := range users {
		if container := users[i].is.ContainerID; container != "" {
			containers[container] = true
		}
		if uid := users[i].is.PodUID; uid != "" {
			pods[uid] = true
		}
		owner = merge(owner, users[i].identity(), i == 0)
	}
	if !exclusive || len(containers) > len(given) || len(pods) > 1 {
		return
	}
	if len(containers) > 1 {
		owner.containerID = ""
	}
	owner.namespace, owner.pod, owner.container = pod.Namespace, pod.Pod, pod.Container
	w.owner[id] = &owner
}

// recordAllocations makes a data point for each container that was given a device or MIG instance.
func recordAllocations(b *builder, device *gpu.Observation, owners podresources.Owners, now time.Time) {
	ts := pcommon.NewTimestampFromTime(now)
	record := func(id, name string) {
		for _, owner := range owners[id] {
			sharing := metadata.AttributeNvidiaGpuAllocationSharingExclusive
			if _, exclusive := owners.Exclusive(id); !exclusive {
				sharing = metadata.AttributeNvidiaGpuAllocationSharingShared
			}
			is := identity{namespace: owner.Namespace, pod: owner.Pod, container: owner.Container}
			options := is.options()
			if owner.Resource != "" {
				options = append(options, metadata.WithNvidiaGpuAllocationResourceMetricAttribute(owner.Resource))
			}
			b.RecordNvidiaGpuAllocationDataPoint(ts, 1, id, name, typeGPU, sharing, options...)
		}
	}
	name := cmp.Or(device.Info.PCIAddress, device.Info.UUID)
	record(device.Info.UUID, name)
	for _, m := range device.Instances {
		record(m.UUID, name)
	}
}

// heldMemory is more than an idle driver has of a device's memory.
const heldMemory = 1 << 30

func holdsMemory(o *gpu.Observation) bool {
	used, ok := o.Raw(gpu.MemoryUsed)
	return ok && used >= heldMemory && o.Memory != gpu.MemoryUnified
}

// only returns the one to whom all users belong; nil if there are several, or none.
func only(users []user) *identity {
	if len(users) == 0 {
		return nil
	}
	unit := users[0].unit()
	var owner identity
	for i := range users {
		if users[i].unit() != unit {
			return nil
		}
		owner = merge(owner, users[i].identity(), i == 0)
	}
	if owner == (identity{}) {
		return nil
	}
	return &owner
}

// merge keeps what two users of one unit have in common; what one does not know is the other's.
func merge(a, b identity, first bool) identity {
	if first {
		return b
	}
	if a.engine != "" && b.engine != "" && a.engine != b.engine { // several engines in one container
		a.engine, a.model, a.service = "", "", ""
		return a
	}
	if a.model != "" && b.model != "" && a.model != b.model {
		a.model = ""
	} else {
		a.model = cmp.Or(a.model, b.model)
	}
	if a.service != "" && b.service != "" && a.service != b.service {
		a.service = ""
	} else {
		a.service = cmp.Or(a.service, b.service)
	}
	a.engine = cmp.Or(a.engine, b.engine)
	return a
}

// recordUsers makes the data points of the processes on a device. Those with most memory have one each, the rest one together.
func recordUsers(b *builder, device *gpu.Observation, users []user, limit int, now time.Time) {
	if !device.ProcessesKnown {
		return
	}
	ts, id, name := pcommon.NewTimestampFromTime(now), device.Info.UUID, cmp.Or(device.Info.PCIAddress, device.Info.UUID)
	b.RecordNvidiaGpuProcessesDataPoint(ts, int64(len(device.Processes)+device.Omitted), id, name, typeGPU)
	total, known := device.Raw(gpu.MemoryTotal)
	var rest int64
	for i := range users {
		u := &users[i]
		memory := u.usage.Memory
		if memory != gpu.UnknownMemory && known && uint64(memory) > total {
			memory = gpu.UnknownMemory
		}
		if i >= limit {
			rest += max(memory, 0)
			continue
		}
		is := u.identity()
		options := is.options()
		options = append(options, metadata.WithProcessPidMetricAttribute(int64(u.is.PID)))
		if u.is.Name != "" {
			options = append(options, metadata.WithProcessExecutableNameMetricAttribute(u.is.Name))
		}
		if memory != gpu.UnknownMemory {
			b.RecordNvidiaGpuProcessMemoryUsageDataPoint(ts, memory, id, name, typeGPU, options...)
		}
		if !u.usage.Sampled {
			continue
		}
		for task, share := range map[metadata.AttributeHwGpuTask]uint64{
			metadata.AttributeHwGpuTaskGeneral: u.usage.Utilization.SM, metadata.AttributeHwGpuTaskEncoder: u.usage.Utilization.Encoder,
			metadata.AttributeHwGpuTaskDecoder: u.usage.Utilization.Decoder,
		} {
			b.RecordNvidiaGpuProcessUtilizationDataPoint(ts, float64(share)/1e6, id, name, typeGPU, task, options...)
		}
	}
	if len(users) > limit || device.Omitted > 0 {
		b.RecordNvidiaGpuProcessMemoryUsageDataPoint(ts, rest, id, name, typeGPU)
	}
}

var deviceStates = map[gpu.State]metadata.AttributeNvidiaGpuState{
	gpu.StateActive: metadata.AttributeNvidiaGpuStateActive, gpu.StateIdleAllocated: metadata.AttributeNvidiaGpuStateIdleAllocated,
	gpu.StateIdleFree: metadata.AttributeNvidiaGpuStateIdleFree,
}

// recordState counts the time of a device in its states. A device that does not say how busy it is has none.
func recordState(b *builder, states *gpu.States, o *gpu.Observation, held bool, now time.Time) {
	busy, ok := o.Raw(gpu.UtilizationMean)
	if !ok || o.Lost != 0 {
		return
	}
	times, start := states.Add(o.Info.UUID, float64(busy)/1e6, held, now)
	setStart(b, start)
	for state, passed := range times {
		b.RecordNvidiaGpuStateTimeDataPoint(pcommon.NewTimestampFromTime(now), passed.Seconds(), o.Info.UUID, cmp.Or(o.Info.PCIAddress, o.Info.UUID), typeGPU,
			deviceStates[gpu.State(state)])
	}
	setStart(b, time.Time{})
}
