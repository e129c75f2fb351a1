// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"time"
)

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
