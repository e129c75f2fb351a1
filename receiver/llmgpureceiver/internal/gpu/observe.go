// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Observe takes a snapshot that was read at now. It returns its devices in the driver's order, and after them those that are
// missing. The second of two with one identity is left out.
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
