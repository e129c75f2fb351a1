// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	// askAgain is how long what a device does not support is not asked for.
	askAgain = 5 * time.Minute
	// patience is how many collections a device may be missing that the operating system has and the driver's library
	// never had: a new one appears there first.
	patience = 2
	// MaxDevices is more than a machine has. What exceeds it is garbage.
	MaxDevices = 256
)

// Tracker makes observations out of snapshots. It holds all that has a past, so that a helper process can end
// at any time without loss. It is not safe for concurrent use.
type Tracker struct {
	since      time.Time
	hostMemory uint64
	keep       time.Duration
	asked      time.Time // when what is unsupported was asked for last
	devices    map[string]*state
	ids        map[int]string // by the driver's index, for devices that no longer report it
	absent     map[string]int // collections without a device of the operating system, by PCI address

	known sync.Map // Info of each device, by UUID, for other goroutines
}

// state is the past of one device.
type state struct {
	info Info
	// stand is set if the device never gave its identity, and info is what else is known of it.
	stand       bool
	index       int
	seen        time.Time // in a snapshot
	answered    time.Time
	watermarks  Watermarks
	modes       Modes
	instances   []Instance
	counters    [keyEnd]*counter
	links       map[linkKey]*counter // nil until there is one
	sums        map[Key]*sum         // nil until there is one
	memory      Memory
	mostLinks   uint64
	remapsKnown bool
	firstRemaps uint64
	fabricSince time.Time // when a registration that goes on was first seen
}

// linkKey names a counter of one NVLink.
type linkKey struct {
	key  Key
	link uint8
}

// NewTracker returns a tracker without a past. since is a time before the driver was loaded, from which its
// counters count: the host's boot; zero if not known. hostMemory is the host's memory in bytes, by which the
// memory of a device without its own is recognized; zero if not known. A device that is gone stays among the
// observations for keep.
func NewTracker(since time.Time, hostMemory uint64, keep time.Duration) *Tracker {
	return &Tracker{
		since: since, hostMemory: hostMemory, keep: keep,
		devices: map[string]*state{}, ids: map[int]string{}, absent: map[string]int{},
	}
}

// Observation is one device as it stands after a collection.
type Observation struct {
	// Index is the driver's number of the device; -1 while it has none.
	Index int
	// Info has an ID that is never empty in UUID: the UUID where the device ever gave it, else the PCI address, else the
	// index.
	Info   Info
	Modes  Modes
	Status Status
	// Cause says in words why the status is not ok.
	Cause string
	// Lost is the return code with which the driver gave the device up; 0 while it answers. LostCall is the call.
	Lost     int
	LostCall string
	// Memory says whose memory the points are about.
	Memory Memory
	Points []Point
	// Errors are the calls that failed, Dropped the readings that were no plausible values.
	Errors  []CallError
	Dropped []Key
	// Instances are the MIG devices, with readings that are plausible; those of a device that is lost are the last ones.
	Instances []Instance
	// Processes are those of the Device, as Omitted and ProcessesKnown are.
	Processes      []Process
	Omitted        int
	ProcessesKnown bool

	raw  [keyEnd]uint64
	have KeySet
}

// Point is one value of one quantity.
type Point struct {
	Key Key
	// Link is the number of the NVLink that a quantity of NVLinks is of, Sum says that it is of all of them.
	Link uint8
	Sum  bool
	// Raw is in the unit of the key's Spec, and for a counter continuous.
	Raw uint64
	// Start is what a counter counts from; zero for a gauge.
	Start time.Time
}

// Int returns the value in the unit of the raw value.
func (p Point) Int() int64 { return int64(p.Raw) }

// Float returns the value scaled to the unit of the metric.
func (p Point) Float() float64 {
	spec := specs[p.Key]
	if spec.Decode != nil {
		return spec.Decode(p.Raw)
	}
	value := float64(p.Raw)
	if spec.Signed {
		value = float64(int64(p.Raw))
	}
	if spec.Per != 0 {
		value /= spec.Per
	}
	if spec.Times != 0 {
		value *= spec.Times
	}
	return value
}

// Raw returns the plausible raw value of a key, as the driver gave it.
func (o *Observation) Raw(k Key) (uint64, bool) { return o.raw[k], o.have.Has(k) }

// Present are the devices that the operating system has.
type Present struct {
	// Devices have a PCI address, and UUID and model where these are known.
	Devices []Info
	// Complete says that the driver's library should find all of them.
	Complete bool
}

// Request returns what to ask the driver for at a time.
func (t *Tracker) Request(want KeySet, now time.Time) Request {
	request := Request{Want: want, Since: make(map[string]Watermarks, len(t.devices))}
	for id, s := range t.devices {
		request.Since[id] = s.watermarks
	}
	if now.Sub(t.asked) >= askAgain {
		request.Again, t.asked = !t.asked.IsZero(), now
	}
	return request
}

// Observe takes a snapshot that was read at now, and returns its devices in the driver's order, and after them those
// that are missing. The second of two with one identity is left out.
func (t *Tracker) Observe(snapshot Snapshot, present Present, now time.Time) []Observation {
	observations := make([]Observation, 0, len(snapshot.Devices))
	var unnamed []*Device
	for i := range snapshot.Devices {
		device := &snapshot.Devices[i]
		if device.Info.UUID == "" {
			unnamed = append(unnamed, device)
			continue
		}
		t.retire(device)
		if s := t.state(device.Info); !s.seen.Equal(now) {
			observations = append(observations, t.observe(s, device, now))
		}
	}
	for _, device := range t.name(unnamed, present, now) {
		if s := t.state(device.Info); !s.seen.Equal(now) {
			observations = append(observations, t.observe(s, device, now))
		}
	}
	slices.SortStableFunc(observations, func(a, b Observation) int { return cmp.Compare(a.Index, b.Index) })
	t.notice(present, now)
	return append(observations, t.missing(now)...)
}

// Info returns what is known of a device that is among the observations, else only its UUID. It is safe for concurrent use.
func (t *Tracker) Info(uuid string) Info {
	if info, ok := t.known.Load(uuid); ok {
		return info.(Info)
	}
	return Info{UUID: uuid}
}

// state finds the past of a device, and makes one where there is none.
func (t *Tracker) state(info Info) *state {
	s := t.devices[info.UUID]
	if s == nil {
		s = &state{info: info}
		t.devices[info.UUID] = s
	}
	return s
}

// retire ends what stood for a device before it gave its identity.
func (t *Tracker) retire(device *Device) {
	for id, s := range t.devices {
		if s.stand && id != device.Info.UUID && (s.index == device.Index || s.info.PCIAddress != "" && s.info.PCIAddress == device.Info.PCIAddress) {
			delete(t.devices, id)
		}
	}
}

func (t *Tracker) observe(s *state, device *Device, now time.Time) Observation {
	if device.Info.Model != "" || s.info.Model == "" {
		s.info = device.Info
	}
	s.index, s.seen = device.Index, now
	t.known.Store(s.info.UUID, s.info)
	t.ids[device.Index] = s.info.UUID
	o := Observation{
		Index: device.Index, Info: s.info, Lost: device.Lost, LostCall: device.LostCall, Errors: device.Errors,
		Dropped: device.Dropped,
	}
	if device.Lost == 0 {
		s.answered, s.stand, s.modes = now, false, device.Modes
		s.watermarks.advance(device.Watermarks, now)
		s.instances = o.plausible(device.Instances)
		o.Processes, o.Omitted, o.ProcessesKnown = device.Processes, device.Omitted, device.ProcessesKnown
		t.read(s, device, &o, now)
	}
	o.Modes = s.modes
	o.Instances = s.instances
	if o.Lost != 0 { // they are there, and what they were at is past
		o.Instances = withoutReadings(s.instances)
	}
	o.Status, o.Cause = s.judge(&o, now)
	return o
}

// name gives an identity to devices that do not report theirs: the one that they had at their index. Else it is that of a
// device of the operating system which nobody else is, where it is clear which. Else it is made of the index. A device that is
// only closed to this process, and never was open, is nobody's.
func (t *Tracker) name(unnamed []*Device, present Present, now time.Time) (named []*Device) {
	var strangers []*Device
	for _, device := range unnamed {
		id, known := t.ids[device.Index]
		switch s := t.devices[id]; {
		case known && s != nil && !s.seen.Equal(now):
			device.Info = s.info
			named = append(named, device)
		case !Closed(device.Lost):
			strangers = append(strangers, device)
		}
	}
	left := t.unclaimed(present, named, now)
	for i, device := range strangers {
		if len(left) == len(strangers) {
			device.Info = left[i]
		} else {
			device.Info = Info{UUID: "index-" + strconv.Itoa(device.Index)}
		}
		t.state(device.Info).stand = true
		named = append(named, device)
	}
	return named
}

// unclaimed returns the devices of the operating system that no device of the snapshot is, by address.
func (t *Tracker) unclaimed(present Present, named []*Device, now time.Time) (left []Info) {
	claimed, known := map[string]bool{}, map[string]*state{}
	for id, s := range t.devices {
		if s.seen.Equal(now) {
			claimed[id], claimed[s.info.PCIAddress] = true, true
		}
		if !s.stand {
			known[s.info.PCIAddress] = s
		}
	}
	for _, device := range named {
		claimed[device.Info.UUID], claimed[device.Info.PCIAddress] = true, true
	}
	for _, info := range present.Devices {
		if !claimed[info.PCIAddress] && (info.UUID == "" || !claimed[info.UUID]) {
			info.UUID = cmp.Or(info.UUID, info.PCIAddress)
			if s := known[info.PCIAddress]; s != nil {
				info = s.info
			}
			left = append(left, info)
		}
	}
	slices.SortFunc(left, func(a, b Info) int { return cmp.Compare(a.PCIAddress, b.PCIAddress) })
	return left
}

// notice makes devices of the operating system that the driver's library does not find missing ones.
func (t *Tracker) notice(present Present, now time.Time) {
	if !present.Complete {
		clear(t.absent)
		return
	}
	left := t.unclaimed(present, nil, now)
	absent := make(map[string]int, len(left))
	for _, info := range left {
		absent[info.PCIAddress] = t.absent[info.PCIAddress] + 1
		if s := t.devices[info.UUID]; s == nil && absent[info.PCIAddress] >= patience {
			t.devices[info.UUID] = &state{info: info, stand: true, index: -1}
		}
		// While it is there, it is expected.
		if s := t.devices[info.UUID]; s != nil && s.stand {
			s.answered = now
		}
	}
	t.absent = absent
}

// missing returns the devices that were expected and are not in the snapshot, and forgets those whose time is up.
func (t *Tracker) missing(now time.Time) (gone []Observation) {
	keep := t.keep
	if len(t.devices) > MaxDevices {
		keep = 0
	}
	for id, s := range t.devices {
		if s.seen.Equal(now) {
			continue
		}
		if now.Sub(s.answered) > keep {
			delete(t.devices, id)
			t.known.Delete(id)
			continue
		}
		o := Observation{Index: -1, Info: s.info, Modes: s.modes, Instances: withoutReadings(s.instances), Lost: CodeGPUNotFound, LostCall: "nvmlDeviceGetCount_v2"}
		o.Status, o.Cause = StatusFailed, "it is not among the driver's devices any more"
		if s.stand {
			o.Cause = "the operating system has it, and the driver's library has not"
		}
		gone = append(gone, o)
	}
	slices.SortFunc(gone, func(a, b Observation) int { return cmp.Compare(a.Info.UUID, b.Info.UUID) })
	return gone
}

func (t *Tracker) read(s *state, device *Device, o *Observation, now time.Time) {
	o.Points = make([]Point, 0, len(device.Readings))
	s.startLinks()
	var fresh, summed KeySet // sums that begin here, sums that there are
	for _, reading := range device.Readings {
		if !reading.Key.Plausible(reading.Raw) {
			o.Dropped = append(o.Dropped, reading.Key)
			continue
		}
		if specs[reading.Key].PerLink {
			if specs[reading.Key].Kind != Gauge {
				summed.Add(reading.Key)
			}
			o.Points = append(o.Points, s.linkPoint(reading, &fresh, t.since, now))
			continue
		}
		if o.have.Has(reading.Key) {
			continue
		}
		o.have.Add(reading.Key)
		o.raw[reading.Key] = reading.Raw
	}
	o.dropMemoryAboveTotal()
	if memory := t.memory(o, device); memory != MemoryUnknown {
		s.memory = memory
	}
	o.Memory = s.memory
	for k := Key(1); k < keyEnd; k++ {
		if summed.Has(k) {
			o.Points = append(o.Points, Point{Key: k, Sum: true, Raw: s.sums[k].value, Start: s.sums[k].start})
		}
		if !o.have.Has(k) {
			continue
		}
		if p, ok := s.point(k, o.raw[k], t.since, now); ok {
			o.Points = append(o.Points, p)
		}
	}
}

// plausible returns instances with the readings that can be.
func (o *Observation) plausible(instances []Instance) []Instance {
	for i := range instances {
		var total uint64
		kept := instances[i].Readings[:0]
		for _, reading := range instances[i].Readings {
			if reading.Key == MemoryTotal {
				total = reading.Raw
			}
			if !reading.Key.Plausible(reading.Raw) || specs[reading.Key].Kind != Gauge || specs[reading.Key].PerLink ||
				(reading.Key == MemoryUsed || reading.Key == MemoryFree || reading.Key == MemoryReserved) && reading.Raw > total {
				o.Dropped = append(o.Dropped, reading.Key)
				continue
			}
			kept = append(kept, reading)
		}
		instances[i].Readings = kept
	}
	return instances
}

func withoutReadings(instances []Instance) []Instance {
	bare := slices.Clone(instances)
	for i := range bare {
		bare[i].Readings = nil
	}
	return bare
}

// dropMemoryAboveTotal drops parts of the memory that exceed the whole.
func (o *Observation) dropMemoryAboveTotal() {
	total, ok := o.Raw(MemoryTotal)
	if !ok {
		return
	}
	for _, k := range []Key{MemoryUsed, MemoryFree, MemoryReserved} {
		if part, ok := o.Raw(k); ok && part > total {
			o.have.Remove(k)
			o.Dropped = append(o.Dropped, k)
		}
	}
}

// point returns the value of a quantity; ok is false while there is none to report.
func (s *state) point(k Key, raw uint64, since, now time.Time) (p Point, ok bool) {
	spec := &specs[k]
	if spec.Kind == Gauge {
		return Point{Key: k, Raw: raw}, true
	}
	c, _ := advanced(s.counters[k], spec, raw, since, now)
	s.counters[k] = c
	return Point{Key: k, Raw: c.value, Start: c.start}, c.proven
}

func (s *state) startLinks() {
	if s.links == nil {
		s.links, s.sums = map[linkKey]*counter{}, map[Key]*sum{}
	}
}

// linkPoint is point for a quantity of one NVLink, which it adds to the sum over all.
func (s *state) linkPoint(reading Reading, fresh *KeySet, since, now time.Time) Point {
	spec := &specs[reading.Key]
	if spec.Kind == Gauge {
		return Point{Key: reading.Key, Link: reading.Link, Raw: reading.Raw}
	}
	k := linkKey{reading.Key, reading.Link}
	known := s.links[k]
	c, grown := advanced(known, spec, reading.Raw, since, now)
	s.links[k] = c
	if s.sums[reading.Key] == nil {
		s.sums[reading.Key] = &sum{}
		fresh.Add(reading.Key)
	}
	s.sums[reading.Key].add(c, grown, known == nil, fresh.Has(reading.Key), now)
	return Point{Key: reading.Key, Link: reading.Link, Raw: c.value, Start: c.start}
}

// advance takes over the new marks. One that lies ahead of the clock would hide all samples until then, and is
// taken for none.
func (w *Watermarks) advance(to Watermarks, now time.Time) {
	latest := uint64(now.Add(time.Minute).UnixMicro())
	for i, mark := range to {
		if mark > latest {
			mark = 0
		}
		w[i] = mark
	}
}
