package spanmetrics

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Collect hands all metrics to deliver, in batches of bounded size, and forgets the sets that have been
// idle for too long. It locks one shard at a time and none while deliver runs. A batch belongs to
// deliver. Only one Collect may run at a time.
//
// It returns the number of data points that deliver refused, and the last error.
func (e *Engine) Collect(now time.Time, deliver func(pmetric.Metrics) error) (refused int, err error) {
	out := outgoing{engine: e, now: pcommon.NewTimestampFromTime(now)}
	send := func(batches []batch) {
		for _, b := range batches {
			if failure := deliver(b.metrics); failure != nil {
				refused += b.points
				err = failure
			}
		}
	}
	idleSince := now.Add(-e.options.Limits.IdleExpiry)
	for i := range e.shards {
		sh := &e.shards[i]
		sh.mu.Lock()
		for _, r := range sh.records {
			for ; r != nil; r = r.next {
				out.record(r)
				if r.seen.Before(idleSince) {
					e.forget(sh, r)
				}
			}
		}
		sh.mu.Unlock()
		send(out.take(false))
	}
	send(out.take(true))
	e.resources.expire(idleSince)
	return refused, err
}

// batch is a pmetric.Metrics in the making.
type batch struct {
	metrics pmetric.Metrics
	points  int
}

// outgoing gathers data points into batches.
type outgoing struct {
	engine  *Engine
	now     pcommon.Timestamp
	full    []batch
	current batch
	// written finds the metrics of a resource in the current batch.
	written map[*resource]*resourceMetrics
}

type resourceMetrics struct {
	scope pmetric.ScopeMetrics
	// metrics are those of plan.metrics that were written; those that were not are zero.
	metrics []pmetric.Metric
	known   []bool
}

// take returns the batches that are full, or all that is left.
func (o *outgoing) take(all bool) []batch {
	if all && o.current.points > 0 {
		o.close()
	}
	full := o.full
	o.full = nil
	return full
}

func (o *outgoing) close() {
	o.full = append(o.full, o.current)
	o.current = batch{}
	o.written = nil
}

// record writes all data points of a record.
func (o *outgoing) record(r *record) {
	for _, c := range r.cells {
		for i := range c.series {
			if c.series[i].start != 0 {
				o.point(r, c, i)
			}
		}
	}
}

func (o *outgoing) point(r *record, c *cell, index int) {
	if o.current.points >= o.engine.options.Limits.PointsPerBatch {
		o.close()
	}
	o.current.points++
	s, p := &c.series[index], &c.facet.series[index]
	m := o.metric(r.resource, p.metric)
	// What was counted since the collection began is in the numbers; no point ends before it starts.
	now := max(o.now, s.start+pcommon.Timestamp(startsBefore))
	if p.bounds == nil {
		dp := m.Sum().DataPoints().AppendEmpty()
		dp.SetStartTimestamp(s.start)
		dp.SetTimestamp(now)
		dp.SetIntValue(int64(s.sum))
		o.attributes(dp.Attributes(), r, c, p)
		return
	}
	dp := m.Histogram().DataPoints().AppendEmpty()
	dp.SetStartTimestamp(s.start)
	dp.SetTimestamp(now)
	dp.ExplicitBounds().FromRaw(p.bounds)
	counts, total := dp.BucketCounts(), uint64(0)
	counts.EnsureCapacity(len(p.bounds) + 1)
	for b := range len(p.bounds) + 1 {
		n := c.buckets.count(p.first + b)
		counts.Append(n)
		total += n
	}
	dp.SetCount(total)
	dp.SetSum(s.sum)
	o.attributes(dp.Attributes(), r, c, p)
}

func (o *outgoing) attributes(m pcommon.Map, r *record, c *cell, p *seriesPlan) {
	plan := o.engine.plan
	m.EnsureCapacity(len(r.common) + len(c.extras) + 2)
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
}

// metric returns the metric of a resource in the current batch.
func (o *outgoing) metric(res *resource, index int) pmetric.Metric {
	if o.written == nil {
		o.current.metrics = pmetric.NewMetrics()
		o.written = map[*resource]*resourceMetrics{}
	}
	w := o.written[res]
	if w == nil {
		w = o.resource(res)
		o.written[res] = w
	}
	if !w.known[index] {
		w.known[index] = true
		w.metrics[index] = w.scope.Metrics().AppendEmpty()
		describe(w.metrics[index], &o.engine.plan.metrics[index])
	}
	return w.metrics[index]
}

func (o *outgoing) resource(res *resource) *resourceMetrics {
	rm := o.current.metrics.ResourceMetrics().AppendEmpty()
	o.engine.resources.write(res, rm.Resource().Attributes())
	if id := o.engine.options.Collector; id != "" {
		rm.Resource().Attributes().PutStr(CollectorKey, id)
	}
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(o.engine.options.Scope)
	sm.Scope().SetVersion(o.engine.options.Version)
	return &resourceMetrics{
		scope:   sm,
		metrics: make([]pmetric.Metric, len(o.engine.plan.metrics)),
		known:   make([]bool, len(o.engine.plan.metrics)),
	}
}

func describe(m pmetric.Metric, from *metric) {
	m.SetName(from.name)
	m.SetDescription(from.description)
	m.SetUnit(from.unit)
	switch from.kind {
	case Counter:
		m.SetEmptySum().SetIsMonotonic(true)
		m.Sum().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	case Histogram:
		m.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	}
}
