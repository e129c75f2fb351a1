// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// This is the slow way, for a set of values that is met for the first time, or is refused.

// admit adds a record for a new identity to its shard, whose lock is held. If a limit forbids the
// identity, it changes the identity to what stands for it and returns nil.
func (e *Engine) admit(s *scratch, id *identity) *record {
	if id.overflow {
		return e.addRecord(s, id, nil, 0)
	}
	limits := &e.options.Limits
	if e.sets.Load() >= int64(limits.DimensionSets) ||
		id.resource.sets.Load() >= int64(limits.DimensionSetsPerResource) {
		e.stats.overflowed.Add(1)
		e.refuse(id)
		id.overflow, id.base = true, nil
		id.hash = e.hash(id)
		return nil
	}
	s.held = s.held[:0]
	columns := e.plan.groups[id.group].columns
	changed, refused := false, false
	for i, v := range id.base {
		kept, ok := e.values.hold(columns[i], v, e.plan.columns[columns[i]].Closed, id.resource)
		if !ok {
			kept, _ = e.values.hold(columns[i], e.values.overflow, true, id.resource)
			refused = true
		}
		if *kept != v {
			id.base[i], id.hashes[i] = *kept, kept.Hash(e.seed)
			changed = true
		}
		s.held = append(s.held, kept)
	}
	if changed {
		e.release(s.held, columns)
		if refused {
			e.refuse(id)
		}
		id.hash = e.hash(id)
		return nil
	}
	return e.addRecord(s, id, s.held, 1)
}

// refuse notes that an identity is not admitted as it came. Its hash is still that of what came.
func (e *Engine) refuse(id *identity) {
	if !id.refused {
		e.demand.refuse(id.hash)
		id.refused = true
	}
}

// release lets go of values of those columns.
func (e *Engine) release(held []*attr.Value, columns []int) {
	for i, v := range held {
		e.values.release(columns[i], *v)
	}
}

// addRecord adds a record that takes a number of dimension sets of the limits. It has room for the cells of the observation.
func (e *Engine) addRecord(s *scratch, id *identity, held []*attr.Value, sets int64) *record {
	var cells, values, numbers, counts int
	facets := e.plan.groups[id.group].layers[id.layer]
	for i := range facets {
		if f := &facets[i]; f.wants(&s.sample) {
			cells, values, numbers, counts = cells+1, values+len(f.extras), numbers+len(f.series), counts+f.buckets
		}
	}
	r := &record{
		hash: id.hash, resource: id.resource, layer: id.layer, overflow: id.overflow, group: id.group,
		values: append(make([]*attr.Value, 0, len(held)+values), held...),
		cells:  make([]cell, 0, cells),
		series: make([]series, 0, numbers),
		low:    make([]uint32, 0, counts),
		start:  s.before,
		rest:   0.5,
	}
	e.take(r, sets)
	r.resource.records.Add(1)
	e.shards[id.hash>>(64-shardBits)].add(r)
	return r
}

func (e *Engine) take(r *record, sets int64) {
	r.sets += int32(sets)
	r.resource.sets.Add(sets)
	e.sets.Add(sets)
}

// admitCell returns the position of a cell for extra values that the record has none for. An open dimension, such as the
// error's type, counts towards the limits; beyond them its value is replaced.
func (e *Engine) admitCell(s *scratch, r *record, index int, f *facet, extras []attr.Value) int {
	held := s.held[:0]
	changed, refused, sets := false, false, int64(0)
	limits := &e.options.Limits
	full := e.sets.Load() >= int64(limits.DimensionSets) ||
		r.resource.sets.Load() >= int64(limits.DimensionSetsPerResource)
	for _, i := range f.extras {
		value, closed := extras[i], e.plan.columns[i].Closed || extras[i].IsAbsent()
		var kept *attr.Value
		admitted := closed || !full
		if admitted {
			kept, admitted = e.values.hold(i, value, closed, r.resource)
		}
		switch {
		case !admitted:
			kept, _ = e.values.hold(i, e.values.overflow, true, r.resource)
			refused = true
		case !closed:
			sets = 1
		default:
		}
		changed = changed || *kept != value
		held = append(held, kept)
	}
	if refused {
		sets = 0
		e.demand.refuse(e.cellHash(r, index, f, extras))
		if full {
			e.stats.overflowed.Add(1)
		}
	}
	if changed {
		replaced := s.instead[:len(extras)]
		clear(replaced)
		for j, i := range f.extras {
			replaced[i] = *held[j]
		}
		if known := r.find(0, index, f, replaced); known >= 0 {
			e.release(held, f.extras)
			return known
		}
	}
	e.take(r, sets)
	return r.add(index, f, held)
}

// cellHash returns a hash of what distinguishes a cell from all others.
func (e *Engine) cellHash(r *record, index int, f *facet, extras []attr.Value) uint64 {
	hash := attr.Mix(r.hash, uint64(index))
	for _, i := range f.extras {
		hash = attr.Mix(hash, extras[i].Hash(e.seed))
	}
	return hash
}

// forget removes a record from its shard, whose lock is held.
func (e *Engine) forget(sh *shard, r *record) {
	sh.remove(r)
	e.release(r.base(e.plan))
	facets := e.plan.facets(r)
	for i := range r.cells {
		f := &facets[r.cells[i].facet]
		e.release(r.extras(&r.cells[i], f), f.extras)
	}
	e.take(r, -int64(r.sets))
	r.resource.records.Add(-1)
	e.stats.expired.Add(1)
	r.gone, r.values, r.cells, r.series, r.low = true, nil, nil, nil, nil // it may be remembered for a while
}

func (e *Engine) hash(id *identity) uint64 {
	hash := attr.Mix(id.resource.hash, uint64(id.layer)|uint64(id.group)<<8)
	if id.overflow {
		return attr.Mix(hash, 1)
	}
	for _, h := range id.hashes {
		hash = attr.Mix(hash, h)
	}
	return hash
}

func (e *Engine) shardOf(hash uint64) *shard { return &e.shards[hash>>(64-shardBits)] }
