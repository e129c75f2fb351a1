// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/lightstep/go-expohisto/structure"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
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
	// born is when the series started, in ticks after the record's start, plus one; 0 means that there was
	// no observation.
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

// start returns when the series started: at or, by less than a tick, before the time that it was born at.
func (s *series) start(record pcommon.Timestamp) pcommon.Timestamp {
	return record + pcommon.Timestamp(s.born-1)*tick
}

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

// numbers are what a cell holds.
type numbers struct {
	*cell
	facet  *facet
	series []series
	// low are the lower halves of the counts of the explicit buckets of all series, one after the other.
	low []uint32
}

// numbers returns what a cell of the record holds.
func (r *record) numbers(c *cell, f *facet) numbers {
	return numbers{
		cell: c, facet: f,
		series: r.series[c.series : int(c.series)+len(f.series)],
		low:    r.low[c.buckets : int(c.buckets)+f.buckets],
	}
}

// noNumbers returns those of a cell that was never observed.
func noNumbers(f *facet) numbers {
	return numbers{cell: &cell{}, facet: f, series: make([]series, len(f.series)), low: make([]uint32, f.buckets)}
}

// extras returns the extra values of a cell, in the order of facet.extras.
func (r *record) extras(c *cell, f *facet) []*attr.Value {
	return r.values[c.values : int(c.values)+len(f.extras)]
}

// sample is what is added to the records at once: a request, a further part of one, or a number that is no request.
type sample struct {
	measurements
	// about is what its dimensions are of, and stand what takes the place of a request where there is none.
	about      *llm.Request
	stand      llm.Request
	conditions Condition
	// end is the end of the request's span, where a derived measure needs it.
	end pcommon.Timestamp
	// weight is the number of requests that the request stands for.
	weight uint64
	// born is series.born of those that the observation is the first of.
	born uint32
	// gaps are the values of fact.TimePerOutputChunk.
	gaps []float64
	// reasons are the request's finish reasons, verdicts what targets say of it.
	reasons  []string
	verdicts []verdict
	// example is the request, if it may be an exemplar, or nil.
	example *llm.Request
}

// wants reports whether an observation has a value for one of the facet's series.
func (f *facet) wants(o *sample) bool {
	for i := range f.series {
		s := &f.series[i]
		if o.measurements[s.measure] >= s.least && s.when&^o.conditions == 0 {
			return true
		}
	}
	return false
}

// meets reports whether conditions are those of one of the facet's series.
func (f *facet) meets(conditions Condition) bool {
	for i := range f.series {
		if f.series[i].when&^conditions == 0 {
			return true
		}
	}
	return false
}

// observe adds an observation to all series that it has a value for.
func (n *numbers) observe(o *sample, e *Engine) {
	for i := range n.facet.series {
		plan := &n.facet.series[i]
		value := o.measurements[plan.measure]
		switch {
		case !(value >= plan.least) || plan.when&^o.conditions != 0: // what is absent may be NaN
		case several(plan.measure):
			for _, gap := range o.gaps {
				n.add(i, plan, gap*plan.scale, o, e)
			}
		default:
			n.add(i, plan, value*plan.scale, o, e)
		}
	}
}

// add adds a value to a series.
func (n *numbers) add(index int, plan *seriesPlan, value float64, o *sample, e *Engine) {
	s := &n.series[index]
	if s.born == 0 {
		s.born = o.born
	}
	if plan.kind == Gauge {
		n.gauge(index, plan, value, o, e)
		return
	}
	s.sum += value * float64(o.weight)
	if plan.kind == Counter {
		return
	}
	bucket := 0
	if plan.buckets == Exponential {
		n.exponential(index, e.options.MaxBuckets).UpdateByIncr(value, o.weight)
	} else {
		bucket = plan.index.of(value)
		n.count(int(plan.first)+bucket, o.weight)
	}
	if o.example != nil && s.sampled>>(bucket&31)&1 == 0 {
		n.keepExemplar(index, bucket, value, o, e)
	}
}

// rarely returns the cell's rare part, which it makes if there is none.
func (c *cell) rarely() *rare {
	if c.rare == nil {
		c.rare = &rare{}
	}
	return c.rare
}

// exponential returns the exponential histogram of a series.
func (n *numbers) exponential(index, maxBuckets int) *structure.Float64 {
	r := n.rarely()
	if r.exponential == nil {
		r.exponential = make([]*structure.Float64, len(n.series))
	}
	if r.exponential[index] == nil {
		r.exponential[index] = structure.NewFloat64(structure.NewConfig(structure.WithMaxSize(int32(maxBuckets))))
	}
	return r.exponential[index]
}

// show notes that a collection hands a series out, and reports whether none did before.
func (n *numbers) show(index int) (first bool) {
	r := n.rarely()
	if r.shown == nil {
		r.shown = make([]bool, len(n.series))
	}
	first = !r.shown[index]
	r.shown[index] = true
	return first
}

// empty makes the numbers as they were before the first observation, but for gauges.
func (n *numbers) empty() {
	if n.facet.gauges {
		n.emptyOthers()
	} else {
		clear(n.series)
	}
	clear(n.low)
	if n.rare == nil {
		return
	}
	n.rare.high = nil
	for _, h := range n.rare.exponential {
		if h != nil {
			h.Clear()
		}
	}
}

// emptyOthers clears the series that are no gauges.
func (n *numbers) emptyOthers() {
	for i := range n.series {
		if n.facet.series[i].kind != Gauge {
			n.series[i] = series{}
		}
	}
}
