// SPDX-License-Identifier: Apache-2.0

package gpu

import "time"

// forgetAfter is how long the past of a device that is gone is kept for its return.
const forgetAfter = time.Hour

// Tracker makes observations out of snapshots. It holds all that has a past, so that a helper process can end
// at any time without loss. It is not safe for concurrent use.
type Tracker struct {
	since      time.Time
	hostMemory uint64
	devices    map[string]*state
	uuids      map[int]string // by the driver's index, for devices that no longer tell
}

// state is the past of one device.
type state struct {
	info        Info
	seen        time.Time
	watermarks  Watermarks
	counters    [keyEnd]*counter
	links       map[linkKey]*counter // nil until there is one
	memory      Memory
	mostLinks   uint64
	remapsKnown bool
	firstRemaps uint64
}

// linkKey names a counter of one NVLink.
type linkKey struct {
	key  Key
	link uint8
}

// NewTracker returns a tracker without a past. since is a time before the driver was loaded, from which its
// counters count: the host's boot; zero if not known. hostMemory is the host's memory in bytes, by which the
// memory of a device without its own is recognized; zero if not known.
func NewTracker(since time.Time, hostMemory uint64) *Tracker {
	return &Tracker{since: since, hostMemory: hostMemory, devices: map[string]*state{}, uuids: map[int]string{}}
}

// Observation is one device as it stands after a collection.
type Observation struct {
	Index  int
	Info   Info
	Status Status
	// Lost is the return code with which the driver gave the device up; 0 while it answers.
	Lost int
	// Memory says whose memory the points tell of.
	Memory Memory
	Points []Point
	// Errors are the calls that failed, Dropped the readings that were no plausible values.
	Errors  []CallError
	Dropped []Key

	raw  [keyEnd]uint64
	have KeySet
}

// Memory says whose memory a device works in.
type Memory uint8

// What was once seen of a device stays with it; a failing call does not make its memory unknown again.
const (
	MemoryUnknown Memory = iota
	MemoryDedicated
	MemoryUnified // the host's
)

// Point is one value of one quantity.
type Point struct {
	Key Key
	// Link is the number of the NVLink that a quantity of NVLinks is of.
	Link uint8
	// Raw is in the unit of the key's Spec, and for a counter continuous over wraps.
	Raw uint64
	// Start is what a counter counts from; zero for a gauge.
	Start time.Time
}

// Int returns the value in the unit of the raw value.
func (p Point) Int() int64 { return int64(p.Raw) }

// Float returns the value scaled to the unit of the metric.
func (p Point) Float() float64 {
	spec := specs[p.Key]
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

// Request returns what to ask the driver for next.
func (t *Tracker) Request(want KeySet) Request {
	request := Request{Want: want, Since: make(map[string]Watermarks, len(t.devices))}
	for uuid, s := range t.devices {
		request.Since[uuid] = s.watermarks
	}
	return request
}

// Observe takes a snapshot that was read at now, and returns its devices in the driver's order. A device that
// never told its identity is left out, as is the second of two with one identity.
func (t *Tracker) Observe(snapshot Snapshot, now time.Time) []Observation {
	observations := make([]Observation, 0, len(snapshot.Devices))
	for i := range snapshot.Devices {
		device := &snapshot.Devices[i]
		s := t.state(device)
		if s == nil || s.seen.Equal(now) {
			continue
		}
		s.seen = now
		observations = append(observations, Observation{
			Index: device.Index, Info: s.info, Lost: device.Lost, Errors: device.Errors,
		})
		o := &observations[len(observations)-1]
		if device.Lost == 0 {
			s.watermarks.advance(device.Watermarks, now)
			t.read(s, device, o, now)
		}
		o.Status = s.judge(o)
	}
	for uuid, s := range t.devices {
		if now.Sub(s.seen) > forgetAfter {
			delete(t.devices, uuid)
		}
	}
	return observations
}

// state finds the past of a device, by the identity that it tells or by the one last seen at its index.
func (t *Tracker) state(device *Device) *state {
	uuid := device.Info.UUID
	if uuid == "" {
		return t.devices[t.uuids[device.Index]]
	}
	t.uuids[device.Index] = uuid
	s := t.devices[uuid]
	if s == nil {
		s = &state{}
		t.devices[uuid] = s
	}
	s.info = device.Info
	return s
}

func (t *Tracker) read(s *state, device *Device, o *Observation, now time.Time) {
	o.Points = make([]Point, 0, len(device.Readings))
	for _, reading := range device.Readings {
		if !reading.Key.Plausible(reading.Raw) {
			o.Dropped = append(o.Dropped, reading.Key)
			continue
		}
		if specs[reading.Key].PerLink {
			o.Points = append(o.Points, s.linkPoint(reading, t.since, now))
			continue
		}
		if o.have.Has(reading.Key) {
			continue
		}
		o.have.Add(reading.Key)
		o.raw[reading.Key] = reading.Raw
	}
	o.dropMemoryAboveTotal()
	s.memory = max(s.memory, t.memory(o))
	o.Memory = s.memory
	for k := Key(1); k < keyEnd; k++ {
		if !o.have.Has(k) {
			continue
		}
		if p, ok := s.point(k, o.raw[k], t.since, now); ok {
			o.Points = append(o.Points, p)
		}
	}
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

// memory recognizes a device that uses the host's memory: its size is the host's, within a twentieth, and it
// has no memory clock of its own.
func (t *Tracker) memory(o *Observation) Memory {
	total, ok := o.Raw(MemoryTotal)
	switch {
	case !ok:
		return MemoryUnknown
	case t.hostMemory != 0 && !o.have.Has(ClockMemory) && max(total, t.hostMemory)-min(total, t.hostMemory) < t.hostMemory/20:
		return MemoryUnified
	}
	return MemoryDedicated
}

// point returns the value of a quantity; ok is false while there is none to report.
func (s *state) point(k Key, raw uint64, since, now time.Time) (p Point, ok bool) {
	spec := &specs[k]
	if spec.Kind == Gauge {
		return Point{Key: k, Raw: raw}, true
	}
	c := advanced(s.counters[k], spec, raw, since, now)
	s.counters[k] = c
	return Point{Key: k, Raw: c.value, Start: c.start}, c.proven
}

// linkPoint is point for a counter of one NVLink.
func (s *state) linkPoint(reading Reading, since, now time.Time) Point {
	if s.links == nil {
		s.links = map[linkKey]*counter{}
	}
	k := linkKey{reading.Key, reading.Link}
	c := advanced(s.links[k], &specs[reading.Key], reading.Raw, since, now)
	s.links[k] = c
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
