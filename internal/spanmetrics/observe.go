// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"encoding/binary"
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// takeRequest makes a sample of a request.
func (e *Engine) takeRequest(o *sample, batch *correlate.Batch, q *llm.Request) {
	o.about, o.example = q, nil
	o.take(q)
	if e.plan.derives {
		o.derive(q)
		o.end = q.End
	}
	if e.plan.splits {
		o.split(batch.Modalities(q))
	}
	o.gaps, o.reasons = batch.ChunkGaps(q), batch.FinishReasons(q)
	if len(o.gaps) > 0 {
		o.measurements[fact.TimePerOutputChunk] = 0
	}
	if len(o.reasons) > 0 {
		o.measurements[fact.FinishReason] = 1
	}
	if len(e.options.Targets) > 0 {
		e.judge(q, o)
	}
	o.conditions = conditionsOf(q)
	if e.options.Exemplars && exemplary(q) {
		o.example = q
	}
}

// takePart makes a sample of a further part of a request that was counted before. It has its tokens and their cost, for totals
// alone. With an engine's output, the prompt was counted already; it is taken out here.
func (e *Engine) takePart(o *sample, batch *correlate.Batch, q *llm.Request) {
	if q.Duplicate == llm.SameID && q.Layer == llm.Server {
		for _, f := range [...]fact.Fact{fact.InputTokens, fact.CacheReadTokens, fact.CacheWriteTokens, fact.CacheWriteHourTokens} {
			q.Number[f] = llm.Absent
		}
		q.Number[fact.Cost], q.CostComputed, q.Unpriced = llm.Absent, false, false
	}
	e.price(batch, q)
	q.Weight = wholeWeight(q)
	o.about, o.gaps, o.reasons, o.example = q, nil, nil, nil
	o.takeRest(q)
	if e.plan.splits {
		o.split(batch.Modalities(q))
	}
	o.conditions = conditionsOf(q) &^ Whole
}

// wholeWeight rounds a request's weight up or down, by the bits of its span id. On average it is right. It takes nothing of what
// the records carry on for requests.
func wholeWeight(q *llm.Request) float64 {
	whole, rest := math.Modf(q.Weight)
	if float64(binary.BigEndian.Uint64(q.SpanID[:])) < rest*(1<<64) {
		whole++
	}
	return whole
}

// takeAside makes a sample of a number that is no request.
func (*Engine) takeAside(o *sample, a *llm.NonRequest) {
	o.takeAside(a)
	o.stand = llm.Request{
		Resource: a.Resource, Layer: a.Layer, Provider: a.Provider, Operation: a.Operation, Name: a.Name,
		Number: llm.NoNumbers, Weight: a.Weight, Emitter: -1, Dimensions: a.Dimensions,
	}
	if a.Failed {
		o.stand.Outcome, o.stand.ErrorType = llm.Error, "_OTHER"
	}
	o.about, o.gaps, o.reasons, o.example = &o.stand, nil, nil, nil
	o.conditions = conditionsOfAside(a)
}

// observe adds the sample to the records that it belongs to, one of each group. What is known of its kind, if it has one, need
// not be looked for.
func (e *Engine) observe(s *scratch, batch *correlate.Batch, known []known) {
	q := s.sample.about
	var res *resource
	for i := range e.plan.groups {
		g, layer := &e.plan.groups[i], noLayer
		if i == 0 {
			layer = q.Layer
		}
		if !g.wants(layer, &s.sample) || len(known) > i && known[i].record != nil && e.addToKnown(s, &known[i]) {
			continue
		}
		if res == nil {
			res = s.resource(e, batch, q.Resource, q.Layer)
			s.identify(e, q)
		}
		id := identity{resource: res, group: uint16(i), layer: layer}
		id.base, id.hashes = s.of(i, g)
		if r := e.addTo(s, &id); known != nil && !id.refused && !id.overflow && !res.overflow {
			known[i].record = r
			known[i].list = e.held.memo.lists.first(e.plan.facets(r), s.sample.conditions|Whole)
		}
	}
}

// identify takes the values of all columns for a request.
func (s *scratch) identify(e *Engine, q *llm.Request) {
	for i := range e.plan.columns {
		s.values[i] = e.plan.columns[i].Value(q)
	}
	for i := range s.hashes {
		s.hashes[i] = s.values[i].Hash(e.seed)
	}
}

// addToKnown adds the sample to a record, unless that was forgotten.
func (e *Engine) addToKnown(s *scratch, k *known) bool {
	sh := e.shardOf(k.record.hash)
	sh.mu.Lock()
	there := !k.record.gone
	if there {
		e.record(s, k.record, k)
	}
	sh.mu.Unlock()
	return there
}

// addTo adds the sample to the record of an identity, and returns the record. It changes the identity to what the limits allow.
func (e *Engine) addTo(s *scratch, id *identity) *record {
	id.hash = e.hash(id)
	for {
		sh := e.shardOf(id.hash)
		sh.mu.Lock()
		r := sh.find(id)
		if r == nil {
			r = e.admit(s, id)
		}
		if r == nil {
			// The identity was changed to what a limit allows, and may belong to another shard.
			sh.mu.Unlock()
			continue
		}
		e.record(s, r, nil)
		sh.mu.Unlock()
		return r
	}
}

// record adds the sample to the cells of a record, whose shard is locked. Known is what is known of the request's kind, to which it
// adds, or nil.
func (e *Engine) record(s *scratch, r *record, known *known) {
	r.seen = s.now
	s.sample.weight = r.weigh(s.sample.about.Weight)
	s.sample.times = float64(s.sample.weight)
	s.sample.before = s.before
	if known != nil {
		e.follow(known.list.steps, &place{record: r, series: r.series, low: r.low}, &s.sample)
		if known.list.leaves(&s.sample) {
			e.recordLeft(s, r, known)
		}
		return
	}
	// A record's cells are mostly in the order of its facets.
	at, facets := 0, e.plan.facets(r)
	for i := range facets {
		if f := &facets[i]; f.wants(&s.sample) {
			at = e.recordAll(s, r, at, i, f)
		}
	}
}

// recordAll adds the sample to the cells of a facet, of which the first is probably at a position. It returns the position after
// the last.
func (e *Engine) recordAll(s *scratch, r *record, at, index int, f *facet) int {
	if f.each == Once {
		return e.recordFacet(s, r, at, index, f) + 1
	}
	return e.recordEach(s, r, at, index, f)
}

// recordLeft adds the sample to the facets that the list of its kind leaves, and learns their cells.
func (e *Engine) recordLeft(s *scratch, r *record, known *known) {
	s.learnt = s.learnt[:0]
	for _, f := range known.list.left {
		if !f.wants(&s.sample) {
			continue
		}
		for _, column := range f.extras {
			s.values[column] = e.plan.columns[column].Value(s.sample.about)
		}
		at := e.recordAll(s, r, 0, f.index, f) - 1
		if f.each == Once && !f.individual && r.cells[at].holds(r, f.index, f, s.values) { // else a limit replaced a value
			s.learnt = append(s.learnt, cellOf{f, int32(at)})
		}
	}
	if len(s.learnt) > 0 {
		known.list = e.held.memo.lists.extended(known.list, r, s.learnt, s.sample.conditions|Whole)
	}
}

// recordEach adds the sample to one cell for each finish reason or verdict. The first of these is probably at a position. It
// returns the position after the last.
func (e *Engine) recordEach(s *scratch, r *record, at, index int, f *facet) int {
	if f.each == EachTarget {
		for _, v := range s.sample.verdicts {
			s.values[f.several[0]], s.values[f.several[1]] = v.name, v.met
			at = e.recordFacet(s, r, at, index, f) + 1
		}
		return at
	}
	column := f.several[0]
	for _, reason := range s.sample.reasons {
		s.values[column] = e.plan.columns[column].refined(attr.Text(attr.Cut(reason, e.options.Limits.TextLength)))
		at = e.recordFacet(s, r, at, index, f) + 1
	}
	return at
}

// recordFacet adds the sample to the cell of a facet, which is probably at a position, and returns its position.
func (e *Engine) recordFacet(s *scratch, r *record, probably, index int, f *facet) int {
	at := r.find(probably, index, f, s.values)
	if at < 0 {
		at = e.admitCell(s, r, index, f, s.values)
	}
	e.addToCell(r, at, f, &s.sample)
	return at
}

// judge compares the request with the targets.
func (e *Engine) judge(q *llm.Request, o *sample) {
	verdicts, untold := judge(e.options.Targets, q, &o.measurements, o.verdicts[:0])
	o.verdicts = verdicts
	if len(verdicts) > 0 {
		o.measurements[judged] = 1
	}
	if untold > 0 {
		e.stats.missing[MissingTarget][q.Emitter+1].Add(uint64(untold))
	}
}

// resource returns the resource of a request. Clients differ by the shared attributes only:
// what they measure adds up over instances.
func (s *scratch) resource(e *Engine, batch *correlate.Batch, index int32, layer llm.Layer) *resource {
	for int(index) >= len(s.found) {
		s.found = append(s.found, [2]*resource{})
	}
	tier := 0
	if layer != llm.Client {
		tier = 1
	}
	found := &s.found[index][tier]
	if *found == nil {
		copy(s.key, batch.Resource(index))
		if tier == 0 {
			clear(s.key[len(e.options.SharedResource):])
		}
		*found = e.resources.find(s.key, s.now)
	}
	return *found
}
