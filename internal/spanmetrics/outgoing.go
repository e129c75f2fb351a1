// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// batch is a pmetric.Metrics in the making.
type batch struct {
	metrics pmetric.Metrics
	points  int
}

// outgoing gathers data points into batches.
type outgoing struct {
	engine *Engine
	now    pcommon.Timestamp
	// window is the time since the last collection in seconds. At the end, when it is cut short, it is that between any two.
	window  float64
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
		o.describe(w.metrics[index], &o.engine.plan.metrics[index])
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
	case from.kind == Gauge:
		m.SetEmptyGauge()
	case from.buckets == Exponential:
		m.SetEmptyExponentialHistogram().SetAggregationTemporality(temporality)
	default:
		m.SetEmptyHistogram().SetAggregationTemporality(temporality)
	}
}
