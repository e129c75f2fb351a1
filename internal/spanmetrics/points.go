package spanmetrics

import (
	"github.com/lightstep/go-expohisto/structure"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// record writes all data points of a record.
func (o *outgoing) record(r *record) {
	options := &o.engine.options
	for _, c := range r.cells {
		for i := range c.series {
			if c.series[i].start != 0 {
				o.series(r, c, i)
			}
		}
		if options.Exemplars {
			c.dropExemplars()
		}
		if options.Delta {
			c.empty()
		}
	}
}

// series writes the data point of a series.
func (o *outgoing) series(r *record, c *cell, index int) {
	s := &c.series[index]
	if o.engine.options.Delta {
		o.point(r, c, index, o.engine.window, o.now, c)
		return
	}
	if o.engine.options.ZeroPoint && !s.shown {
		o.point(r, c, index, s.start, s.start, newCell(c.facet, 0, nil))
	}
	s.shown = true
	// What was counted since the collection began is in the numbers; no point ends before it starts.
	o.point(r, c, index, s.start, max(o.now, s.start+pcommon.Timestamp(startsBefore)), c)
}

// point writes one data point of a series of the cell c, with the numbers of a cell of the same facet.
func (o *outgoing) point(r *record, c *cell, index int, start, at pcommon.Timestamp, numbers *cell) {
	if o.current.points >= o.engine.options.Limits.PointsPerBatch {
		o.close()
	}
	o.current.points++
	p := &c.facet.series[index]
	m := o.metric(r.resource, p.metric)
	switch {
	case p.kind == Counter:
		dp := m.Sum().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(start)
		dp.SetTimestamp(at)
		if p.measure.fractional() {
			dp.SetDoubleValue(numbers.series[index].sum)
		} else {
			dp.SetIntValue(int64(numbers.series[index].sum))
		}
		o.attributes(dp.Attributes(), r, c, p)
	case p.buckets == Exponential:
		dp := m.ExponentialHistogram().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(start)
		dp.SetTimestamp(at)
		numbers.writeExponential(index, dp)
		numbers.writeExemplars(index, dp.Exemplars())
		o.attributes(dp.Attributes(), r, c, p)
	default:
		dp := m.Histogram().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(start)
		dp.SetTimestamp(at)
		numbers.writeExplicit(index, dp)
		numbers.writeExemplars(index, dp.Exemplars())
		o.attributes(dp.Attributes(), r, c, p)
	}
}

func (c *cell) writeExplicit(index int, dp pmetric.HistogramDataPoint) {
	p := &c.facet.series[index]
	total := uint64(0)
	counts := dp.BucketCounts()
	counts.EnsureCapacity(len(p.bounds) + 1)
	for b := range len(p.bounds) + 1 {
		n := c.buckets.count(p.first + b)
		counts.Append(n)
		total += n
	}
	dp.ExplicitBounds().FromRaw(p.bounds)
	dp.SetCount(total)
	dp.SetSum(c.series[index].sum)
}

func (c *cell) writeExponential(index int, dp pmetric.ExponentialHistogramDataPoint) {
	if c.rare == nil || c.rare.exponential == nil || c.rare.exponential[index] == nil {
		return
	}
	h := c.rare.exponential[index]
	dp.SetCount(h.Count())
	dp.SetSum(c.series[index].sum)
	dp.SetScale(h.Scale())
	dp.SetZeroCount(h.ZeroCount())
	writeBuckets(h.Positive(), dp.Positive())
}

func writeBuckets(from *structure.Buckets, to pmetric.ExponentialHistogramDataPointBuckets) {
	to.SetOffset(from.Offset())
	to.BucketCounts().EnsureCapacity(int(from.Len()))
	for i := range from.Len() {
		to.BucketCounts().Append(from.At(i))
	}
}

func (o *outgoing) attributes(m pcommon.Map, r *record, c *cell, p *seriesPlan) {
	plan, options := o.engine.plan, &o.engine.options
	m.EnsureCapacity(len(r.common) + len(c.extras) + 3)
	for i, v := range r.common {
		v.Put(m, plan.common[i].Key)
	}
	for i, v := range c.extras {
		v.Put(m, plan.extras[c.facet.extras[i]].Key)
	}
	if p.fixed.Key != "" {
		m.PutStr(p.fixed.Key, p.fixed.Value)
	}
	if r.overflow {
		m.PutBool(overflowKey, true)
	}
	if options.CollectorOnPoints && options.Collector != "" {
		m.PutStr(CollectorKey, options.Collector)
	}
}

// describe gives an empty metric its name, unit and type.
func (o *outgoing) describe(m pmetric.Metric, from *metric) {
	m.SetName(from.name)
	m.SetDescription(from.description)
	m.SetUnit(from.unit)
	temporality := pmetric.AggregationTemporalityCumulative
	if o.engine.options.Delta {
		temporality = pmetric.AggregationTemporalityDelta
	}
	switch {
	case from.kind == Counter:
		m.SetEmptySum().SetIsMonotonic(true)
		m.Sum().SetAggregationTemporality(temporality)
	case from.buckets == Exponential:
		m.SetEmptyExponentialHistogram().SetAggregationTemporality(temporality)
	default:
		m.SetEmptyHistogram().SetAggregationTemporality(temporality)
	}
}
