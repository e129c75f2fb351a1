// SPDX-License-Identifier: Apache-2.0

package spanmetrics

// place is where steps are taken: in a whole record, or in one of its cells. Positions begin at zero in both.
type place struct {
	record *record
	series []series
	low    []uint32
	// cell and first are where the place's cells and series begin in the record.
	cell, first int32
}

// addToCell adds the sample to all series of a cell that it has a value for.
func (e *Engine) addToCell(r *record, cell int, f *facet, o *sample) {
	n := r.numbers(&r.cells[cell], f)
	e.follow(f.steps, &place{record: r, series: n.series, low: n.low, cell: int32(cell), first: int32(n.cell.series)}, o)
}

// follow takes the steps that the sample has a value for. Sums and explicit buckets are nearly all of them, so that they are added
// to without a call.
func (e *Engine) follow(steps []step, p *place, o *sample) {
	series, unmet, times := p.series, ^o.conditions, o.times
	for i := range steps {
		t := &steps[i]
		value := o.measurements[t.measure]
		if !(value >= t.least) || t.when&unmet != 0 { // what is absent may be NaN
			continue
		}
		s := &series[t.series]
		if s.born == 0 {
			s.born = bornAt(p.record.start, o.before)
		}
		value *= t.scale
		switch t.way {
		case toSum:
			s.sum += value * times
		case toBuckets:
			s.sum += value * times
			bucket := t.index.near(value)
			if bucket < 0 {
				bucket = t.index.search(value)
			}
			if carry := count(&p.low[int(t.bucket)+bucket], o.weight); carry != 0 {
				e.carry(t, p, bucket, carry)
			}
			if o.example != nil && s.lacksExemplar(bucket) {
				e.keepExemplar(t, p, bucket, value, o)
			}
		default:
			e.addRarely(t, p, value, o)
		}
	}
}

// carry adds to the upper half of a count.
func (e *Engine) carry(t *step, p *place, bucket int, carry uint32) {
	n, _ := t.numbers(p, e)
	n.carry(int(t.plan.first)+bucket, carry)
}

// keepExemplar keeps the sample as an exemplar of a bucket.
func (e *Engine) keepExemplar(t *step, p *place, bucket int, value float64, o *sample) {
	n, index := t.numbers(p, e)
	n.keepExemplar(index, bucket, value, o, e)
}

// addRarely adds a value in a way that few steps go.
func (e *Engine) addRarely(t *step, p *place, value float64, o *sample) {
	if t.way == toEach {
		e.addEach(t, p, o)
		return
	}
	n, index := t.numbers(p, e)
	if t.way == toGauge {
		n.gauge(index, t.plan, value, o, e)
		return
	}
	n.series[index].sum += value * o.times
	n.exponential(index, e.options.MaxBuckets).UpdateByIncr(value, o.weight)
	if o.example != nil && n.series[index].lacksExemplar(0) {
		n.keepExemplar(index, 0, value, o, e)
	}
}

// addEach takes a step once for each of the values that the request has of its measure.
func (e *Engine) addEach(t *step, p *place, o *sample) {
	once := [1]step{*t}
	once[0].way = t.plan.way()
	measured := o.measurements[t.measure]
	for _, gap := range o.gaps {
		o.measurements[t.measure] = gap
		e.follow(once[:], p, o)
	}
	o.measurements[t.measure] = measured // further series may have the same measure
}

// numbers returns what the step's cell holds, and the index of the series in it.
func (t *step) numbers(p *place, e *Engine) (n numbers, index int) {
	r := p.record
	c := &r.cells[p.cell+t.cell]
	return r.numbers(c, &e.plan.facets(r)[c.facet]), int(p.first+t.series) - int(c.series)
}
