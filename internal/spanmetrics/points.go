// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"math"

	"github.com/lightstep/go-expohisto/structure"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// record writes all data points of a record.
func (o *outgoing) record(r *record) {
	options := &o.engine.options
	facets := o.engine.plan.facets(r)
	for i := range r.cells {
		c := &r.cells[i]
		n := r.numbers(c, &facets[c.facet])
		for j := range n.series {
			if n.series[j].born != 0 {
				o.series(r, &n, j)
			}
		}
		if options.Exemplars {
			n.dropExemplars()
		}
		if options.Delta {
			n.empty()
		}
	}
}

// series writes the data point of a series.
func (o *outgoing) series(r *record, n *numbers, index int) {
	if n.facet.series[index].kind == Gauge {
		o.gauge(r, n, index)
		return
	}
	if o.engine.options.Delta {
		o.point(r, n, index, o.engine.window, o.now, n)
		return
	}
	start := n.series[index].start(r.start)
	if o.engine.options.ZeroPoint && n.show(index) {
		zero := noNumbers(n.facet)
		o.point(r, n, index, start, start, &zero)
	}
	// What was counted since the collection began is in the numbers; no point ends before it starts.
	o.point(r, n, index, start, max(o.now, start+pcommon.Timestamp(startsBefore)), n)
}

// gauge writes the data point of a gauge, which has no start.
func (o *outgoing) gauge(r *record, n *numbers, index int) {
	p := &n.facet.series[index]
	dp := o.next(r, p).Gauge().DataPoints().AppendEmpty()
	dp.SetTimestamp(o.now)
	p.write(n.gaugeValue(index, o.window), dp)
	o.attributes(dp.Attributes(), r, n, p)
}

// next returns the metric that has room for one more point of a series.
func (o *outgoing) next(r *record, p *seriesPlan) pmetric.Metric {
	if o.current.points >= o.engine.options.Limits.PointsPerBatch {
		o.close()
	}
	o.current.points++
	return o.metric(r.resource, p.metric)
}

// point writes one data point of a series of a cell. The numbers are those of a cell of the same facet.
func (o *outgoing) point(r *record, of *numbers, index int, start, at pcommon.Timestamp, n *numbers) {
	p := &of.facet.series[index]
	m := o.next(r, p)
	switch {
	case p.kind == Counter:
		dp := m.Sum().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(start)
		dp.SetTimestamp(at)
		p.write(n.series[index].sum, dp)
		o.attributes(dp.Attributes(), r, of, p)
	case p.buckets == Exponential:
		dp := m.ExponentialHistogram().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(start)
		dp.SetTimestamp(at)
		n.writeExponential(index, dp)
		n.writeExemplars(index, dp.Exemplars())
		o.attributes(dp.Attributes(), r, of, p)
	default:
		dp := m.Histogram().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(start)
		dp.SetTimestamp(at)
		n.writeExplicit(index, dp)
		n.writeExemplars(index, dp.Exemplars())
		o.attributes(dp.Attributes(), r, of, p)
	}
}

// write gives a point its value. A total beyond what 64 bits hold, which only absurd sampling weights give, stays below it.
func (p *seriesPlan) write(value float64, dp pmetric.NumberDataPoint) {
	switch {
	case !p.whole:
		dp.SetDoubleValue(value)
	case value >= math.MaxInt64:
		dp.SetIntValue(math.MaxInt64)
	default:
		dp.SetIntValue(int64(value))
	}
}

func (n *numbers) writeExplicit(index int, dp pmetric.HistogramDataPoint) {
	p := &n.facet.series[index]
	total := uint64(0)
	counts := dp.BucketCounts()
	counts.EnsureCapacity(len(p.index.bounds) + 1)
	for b := range len(p.index.bounds) + 1 {
		count := n.counted(int(p.first) + b)
		counts.Append(count)
		total += count
	}
	dp.ExplicitBounds().FromRaw(p.index.bounds)
	dp.SetCount(total)
	dp.SetSum(n.series[index].sum)
}

func (n *numbers) writeExponential(index int, dp pmetric.ExponentialHistogramDataPoint) {
	if n.rare == nil || n.rare.exponential == nil || n.rare.exponential[index] == nil {
		return
	}
	h := n.rare.exponential[index]
	dp.SetCount(h.Count())
	dp.SetSum(n.series[index].sum)
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

func (o *outgoing) attributes(m pcommon.Map, r *record, n *numbers, p *seriesPlan) {
	plan, options := o.engine.plan, &o.engine.options
	base, columns := r.base(plan)
	extras := r.extras(n.cell, n.facet)
	m.EnsureCapacity(len(base) + len(extras) + 3)
	for i, v := range base {
		v.Put(m, plan.columns[columns[i]].Key)
	}
	for i, v := range extras {
		v.Put(m, plan.columns[n.facet.extras[i]].Key)
	}
	if p.fixed.Key != "" {
		m.PutStr(p.fixed.Key, p.fixed.Value)
	}
	if r.overflow {
		m.PutBool(OverflowKey, true)
	}
	if options.CollectorOnPoints && options.Collector != "" {
		m.PutStr(CollectorKey, options.Collector)
	}
}
