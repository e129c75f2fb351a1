// SPDX-License-Identifier: Apache-2.0

package spanmetrics

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
