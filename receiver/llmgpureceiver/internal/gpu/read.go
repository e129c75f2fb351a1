// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"slices"
	"time"
)

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
