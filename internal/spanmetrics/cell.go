// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/lightstep/go-expohisto/structure"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// cell says where a record keeps the numbers of one facet for one set of extra values. Records are many, so
// that a cell counts positions instead of holding slices:
//
//	record.cells    | cell 0         | cell 1                 | …
//	record.values   | base values    | extras of 0 | extras of 1 …
//	record.series   | series of 0    | series of 1            | …      one for each metric of the facet
//	record.low      | counts of 0    | counts of 1            | …      one for each bucket of each metric
//
// Where cell 1 begins in the last three is in its values, series and buckets.
type cell struct {
	// rare is what few cells have; nil until it is needed.
	rare *rare
	// facet is the position among the facets of the record's layer.
	facet uint32
	// values, series and buckets are where the cell's own begin in those of the record.
	values, series, buckets uint32
}

// series is the running total of one metric, or its last value.
type series struct {
	sum float64
	// sampled has a bit for each bucket that has an exemplar since the last collection.
	sampled uint32
	// born is when the series started, in ticks after the record's start, plus one. 0 means that there was no observation.
	born uint32
}

// tick is the unit in which a record keeps the start times of its series. That suffices for two years.
const tick = 1 << 24 // nanoseconds

// bornAt returns what series.born is for a time.
func bornAt(start, at pcommon.Timestamp) uint32 {
	ticks := uint64(0)
	if at > start {
		ticks = uint64(at-start) / tick
	}
	return uint32(min(ticks, 1<<32-2)) + 1
}

// start returns when the series started. That is at the time that it was born at, or less than a tick before.
func (s *series) start(record pcommon.Timestamp) pcommon.Timestamp {
	return record + pcommon.Timestamp(s.born-1)*tick
}

// lacksExemplar reports whether no exemplar was kept of a bucket since the last collection.
func (s *series) lacksExemplar(bucket int) bool { return s.sampled>>(bucket&31)&1 == 0 }

// rare holds what only some configurations and some cells have.
type rare struct {
	// high are the upper halves of the counts of explicit buckets.
	high []uint32
	// exponential are the histograms of series with exponential buckets.
	exponential []*structure.Float64
	exemplars   []exemplar
	// spells are those of series that measure the greatest concurrency.
	spells []spells
	// shown is set for each series that a collection handed out before.
	shown []bool
}

// rarely returns the cell's rare part, which it makes if there is none.
func (c *cell) rarely() *rare {
	if c.rare == nil {
		c.rare = &rare{}
	}
	return c.rare
}

// exemplar is one request that a histogram names as an example of its values.
type exemplar struct {
	series int
	value  float64
	// at is the end of the request's span.
	at    pcommon.Timestamp
	trace pcommon.TraceID
	span  pcommon.SpanID
}
