package spanmetrics

import (
	"github.com/lightstep/go-expohisto/structure"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// cell holds the numbers of one facet of a record for one set of extra values.
type cell struct {
	hash   uint64
	facet  *facet
	extras []*attr.Value // in the order of facet.extras
	series []series
	// buckets are the explicit ones of all series, one after the other.
	buckets buckets
	// rare is what few cells have; nil until it is needed.
	rare *rare
}

// series is the running total of one metric.
type series struct {
	// start lies just before the first observation; 0 means that there was none.
	start pcommon.Timestamp
	sum   float64
	// sampled has a bit for each bucket that has an exemplar since the last collection.
	sampled uint32
	// shown tells whether a collection handed the series out before.
	shown bool
}

// rare holds what only some configurations and some cells have.
type rare struct {
	// exponential are the histograms of series with exponential buckets.
	exponential []*structure.Float64
	exemplars   []exemplar
}

// newCell returns an empty cell. It owns extras.
func newCell(f *facet, hash uint64, extras []*attr.Value) *cell {
	return &cell{
		hash: hash, facet: f, extras: extras,
		series:  make([]series, len(f.series)),
		buckets: buckets{low: make([]uint32, f.buckets)},
	}
}

// observation is one request on its way into the cells of its record.
type observation struct {
	measurements
	conditions Condition
	// weight is the number of requests that the request stands for.
	weight uint64
	// before is the start time of series that the observation is the first of.
	before pcommon.Timestamp
	// gaps are the values of ChunkGaps.
	gaps []float64
	// reasons are the values of the dimension that has several.
	reasons []string
	// exemplar is what an exemplar of the request says, but for the value; nil if there shall be none.
	exemplar *exemplar
}

// wants reports whether an observation has a value for one of the facet's series.
func (f *facet) wants(o *observation) bool {
	for i := range f.series {
		if o.measurements[f.series[i].measure] >= 0 && f.series[i].when&^o.conditions == 0 {
			return true
		}
	}
	return false
}

// observe adds an observation to all series that it has a value for.
func (c *cell) observe(o *observation, e *Engine) {
	for i := range c.facet.series {
		plan := &c.facet.series[i]
		value := o.measurements[plan.measure]
		if value < 0 || plan.when&^o.conditions != 0 {
			continue
		}
		if plan.measure != ChunkGaps {
			c.add(i, plan, value, o, e)
			continue
		}
		for _, gap := range o.gaps {
			c.add(i, plan, gap, o, e)
		}
	}
}

// add adds a value to a series.
func (c *cell) add(index int, plan *seriesPlan, value float64, o *observation, e *Engine) {
	s := &c.series[index]
	if s.start == 0 {
		s.start = o.before
	}
	s.sum += value * float64(o.weight)
	if plan.kind == Counter {
		return
	}
	bucket := 0
	if plan.buckets == Exponential {
		c.exponential(index, e.options.MaxBuckets).UpdateByIncr(value, o.weight)
	} else {
		bucket = bucketOf(plan.bounds, value)
		c.buckets.add(plan.first+bucket, o.weight)
	}
	if o.exemplar != nil && s.sampled>>(bucket&31)&1 == 0 {
		c.sample(index, bucket, value, o, e)
	}
}

// exponential returns the exponential histogram of a series.
func (c *cell) exponential(index, maxBuckets int) *structure.Float64 {
	if c.rare == nil {
		c.rare = &rare{}
	}
	if c.rare.exponential == nil {
		c.rare.exponential = make([]*structure.Float64, len(c.series))
	}
	if c.rare.exponential[index] == nil {
		c.rare.exponential[index] = structure.NewFloat64(structure.NewConfig(structure.WithMaxSize(int32(maxBuckets))))
	}
	return c.rare.exponential[index]
}

// empty makes the cell as it was before its first observation.
func (c *cell) empty() {
	clear(c.series)
	clear(c.buckets.low)
	c.buckets.high = nil
	if c.rare != nil {
		for _, h := range c.rare.exponential {
			if h != nil {
				h.Clear()
			}
		}
	}
}
