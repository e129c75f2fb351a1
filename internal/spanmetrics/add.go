// SPDX-License-Identifier: Apache-2.0

package spanmetrics

// spot is where the positions of steps begin in a record: at zero, or at those of one cell.
type spot struct{ cell, series, bucket int32 }

// addToCell adds the sample to all series of a cell that it has a value for.
func (e *Engine) addToCell(r *record, cell int, f *facet, o *sample) {
	c := &r.cells[cell]
	e.follow(f.steps, spot{int32(cell), int32(c.series), int32(c.buckets)}, r, o)
}

// follow takes the steps that the sample has a value for.
func (e *Engine) follow(steps []step, from spot, r *record, o *sample) {
	for i := range steps {
		t := &steps[i]
		plan := t.plan
		value := o.measurements[plan.measure]
		if !(value >= plan.least) || plan.when&^o.conditions != 0 { // what is absent may be NaN
			continue
		}
		s := &r.series[from.series+t.series]
		if s.born == 0 {
			s.born = o.born
		}
		switch {
		case plan.several:
			for _, gap := range o.gaps {
				e.add(t, from, r, gap*plan.scale, o)
			}
		case plan.kind == Counter:
			s.sum += value * plan.scale * o.times
		default:
			e.add(t, from, r, value*plan.scale, o)
		}
	}
}

// add adds a value to the series of a step.
func (e *Engine) add(t *step, from spot, r *record, value float64, o *sample) {
	s, plan := &r.series[from.series+t.series], t.plan
	if plan.kind == Gauge {
		n, index := t.numbers(from, r, e)
		n.gauge(index, plan, value, o, e)
		return
	}
	s.sum += value * o.times
	if plan.kind == Counter {
		return
	}
	bucket := 0
	if plan.buckets == Exponential {
		n, index := t.numbers(from, r, e)
		n.exponential(index, e.options.MaxBuckets).UpdateByIncr(value, o.weight)
	} else {
		bucket = plan.index.of(value)
		if carry := count(&r.low[int(from.bucket+t.bucket)+bucket], o.weight); carry != 0 {
			n, _ := t.numbers(from, r, e)
			n.carry(int(plan.first)+bucket, carry)
		}
	}
	if o.example != nil && s.sampled>>(bucket&31)&1 == 0 {
		n, index := t.numbers(from, r, e)
		n.keepExemplar(index, bucket, value, o, e)
	}
}

// numbers returns what the step's cell holds, and the index of the series in it.
func (t *step) numbers(from spot, r *record, e *Engine) (n numbers, index int) {
	c := &r.cells[from.cell+t.cell]
	return r.numbers(c, &e.plan.facets(r)[c.facet]), int(from.series+t.series) - int(c.series)
}
