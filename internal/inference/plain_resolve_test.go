// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// plainResolver finds the requests of a batch that describe the same in the most obvious way: rule by rule, each
// request against each other. It shares only the merging of two descriptions with the resolver.
type plainResolver struct {
	requests []node
	parents  map[spanKey]pcommon.SpanID
	// all are the parents of walls, too.
	all map[spanKey]pcommon.SpanID
}

func (p *plainResolver) resolve(parts []part) {
	p.parts(parts)
	p.supplements()
	p.steps()
	p.wrappers()
	p.ids()
	p.phases()
	p.siblings()
	p.attempts()
}

// above returns the requests at and above a span, the nearest first.
func (p *plainResolver) above(trace pcommon.TraceID, span pcommon.SpanID) (all []*node) {
	for !span.IsEmpty() && !trace.IsEmpty() {
		for i := range p.requests {
			if q := &p.requests[i]; q.TraceID == trace && q.SpanID == span {
				all = append(all, q)
			}
		}
		span = p.parents[spanKey{trace, span}]
	}
	return all
}

// unique calls yield for each request that counts so far, in the order of their spans.
func (p *plainResolver) unique(yield func(q *node)) {
	for i := range p.requests {
		if p.requests[i].Duplicate == llm.Unique {
			yield(&p.requests[i])
		}
	}
}

// inTime returns the requests in the order in which they began.
func (p *plainResolver) inTime() (all []*node) {
	for i := range p.requests {
		all = append(all, &p.requests[i])
	}
	slices.SortStableFunc(all, func(a, b *node) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

// family reports whether two requests could be descriptions or attempts of one: they have one parent, layer and class.
func family(a, b *node) bool {
	return a != b && a.TraceID == b.TraceID && !a.TraceID.IsEmpty() && a.ParentID == b.ParentID && a.Layer == b.Layer && a.Class == b.Class
}

func (p *plainResolver) parts(parts []part) {
	for _, x := range parts {
		for _, q := range p.above(x.trace.trace, x.trace.span) {
			if q.Layer != llm.Server {
				continue
			}
			length := x.length
			if length == llm.Absent && q.queueBegan != 0 {
				length = secondsBetween(q.queueBegan, pcommon.Timestamp(x.end))
			}
			if x.field == fact.Queue && q.Queue == llm.Absent && plausible(length, q.Duration) {
				q.Queue = length
			}
			break
		}
	}
}

func (p *plainResolver) steps() {
	var pairs [][2]*node
	for i := range p.requests {
		step := &p.requests[i]
		if step.Duplicate != llm.Unique && step.Class != llm.Supplement || step.Layer != llm.Server && !step.traits.Has(dialect.TellingSteps) {
			continue
		}
		var whole *node
		for _, q := range p.above(step.TraceID, step.ParentID) {
			if q.Duplicate == llm.Unique && q.Layer == step.Layer && q.Emitter == step.Emitter &&
				(q.Class == step.Class || step.Class == llm.Supplement) {
				whole = q
			}
		}
		if whole != nil {
			pairs = append(pairs, [2]*node{whole, step})
		}
	}
	slices.SortStableFunc(pairs, func(x, y [2]*node) int {
		a, b := x[1], y[1]
		return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Start, b.Start), slices.Compare(a.SpanID[:], b.SpanID[:]))
	})
	for _, pair := range pairs {
		pair[0].addStep(pair[1])
	}
}

func (p *plainResolver) wrappers() {
	around := func(inner *node) (all []*node) {
		for _, outer := range p.above(inner.TraceID, inner.ParentID) {
			if outer.Layer == inner.Layer && outer.Class == inner.Class && outer.Duplicate != llm.Sequence {
				all = append(all, outer)
			}
		}
		return all
	}
	p.unique(func(inner *node) {
		for _, outer := range around(inner) {
			outer.Duplicate = llm.Wrapper
		}
	})
	inside := func(outer *node) (all, answered int) {
		p.unique(func(inner *node) {
			if slices.Contains(around(inner), outer) {
				all++
				if inner.Outcome != llm.Error {
					answered++
				}
			}
		})
		return all, answered
	}
	type gift struct {
		inner, outer *node
		all          bool
	}
	var gifts []gift
	p.unique(func(inner *node) {
		for _, outer := range around(inner) {
			all, answered := inside(outer)
			gifts = append(gifts, gift{inner, outer, all == 1 || answered == 1 && inner.Outcome != llm.Error})
		}
	})
	for _, g := range gifts {
		if g.all {
			g.inner.inherit(g.outer)
		} else {
			g.inner.inheritShared(g.outer)
		}
	}
}

// sameRequest reports whether two requests carry one id.
func sameRequest(a, b *node) bool {
	if a.ID == "" || a.ID != b.ID || a.Layer != b.Layer || a.TraceID.IsEmpty() || b.TraceID.IsEmpty() {
		return false
	}
	global, both := a.traits.Has(globalIDs), a.traits.Has(globalIDs) == b.traits.Has(globalIDs)
	return both && (global || a.TraceID == b.TraceID)
}

func (p *plainResolver) ids() {
	var kept []*node
	p.unique(func(q *node) {
		i := slices.IndexFunc(kept, func(k *node) bool { return sameRequest(k, q) })
		if i < 0 {
			kept = append(kept, q)
			return
		}
		first := kept[i]
		switch {
		case q.Layer != llm.Server && better(q, first):
			first.Duplicate = llm.SameID
			q.inherit(first)
			kept[i] = q
		case q.Layer != llm.Server:
			q.Duplicate = llm.SameID
			first.inherit(q)
		case first.Start >= q.End: // an engine's phase before
			q.Duplicate = llm.Sequence
			first.addPhase(q)
		case q.Start >= first.End:
			first.Duplicate = llm.Sequence
			q.addPhase(first)
			kept[i] = q
		default: // a further output
			q.Duplicate = llm.Sequence
			first.addOutput(q)
		}
	})
	for i := range p.requests {
		phase := &p.requests[i]
		if phase.Class != llm.Supplement || phase.Layer != llm.Server {
			continue
		}
		if i := slices.IndexFunc(kept, func(k *node) bool { return sameRequest(k, phase) }); i >= 0 {
			kept[i].addPrefill(phase)
		}
	}
}

func (p *plainResolver) supplements() {
	all := p.inTime()
	slices.SortStableFunc(all, func(a, b *node) int {
		return cmp.Or(slices.Compare(a.ParentID[:], b.ParentID[:]), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Class, b.Class))
	})
	for _, more := range all {
		if more.Class != llm.Supplement || !more.besideRequest() || more.TraceID.IsEmpty() {
			continue
		}
		var best *node
		for _, q := range all {
			if q.TraceID == more.TraceID && q.scope == more.scope && q.Duplicate == llm.Unique && !q.ended &&
				q.Start <= more.Start && sameModel(q, more) && (best == nil || q.Start > best.Start) {
				best = q
			}
		}
		if best == nil {
			continue
		}
		best.Stream = llm.Streamed
		if whole := secondsBetween(best.Start, more.End); whole > best.Duration {
			best.Duration, best.End = whole, more.End
		}
		best.inherit(more)
	}
}

func (p *plainResolver) phases() {
	all := p.inTime()
	for i, q := range all {
		if !q.tookOver || q.Duplicate != llm.Unique {
			continue
		}
		for _, prefill := range slices.Backward(all[:i]) {
			if family(prefill, q) && prefill.prefills(q) {
				prefill.Duplicate = llm.Sequence
				q.addPhase(prefill)
				break
			}
		}
	}
}

func (p *plainResolver) siblings() {
	into := map[*node]*node{}
	p.pairs(into, func(a, b *node) bool { return family(a, b) && inOrder(a, b) })
	p.pairs(into, func(f, c *node) bool {
		if !f.traits.Has(dialect.Framework) || f.TraceID != c.TraceID || f.Layer != c.Layer || f.Class != c.Class ||
			c.ParentID.IsEmpty() || f.ParentID == c.ParentID || endsApart(f, c) > uint64(sibling) {
			return false
		}
		at := f.ParentID
		for !at.IsEmpty() {
			if at == c.ParentID {
				return true
			}
			up, ok := p.all[spanKey{f.TraceID, at}]
			if !ok {
				_, ok = p.all[spanKey{f.TraceID, c.ParentID}]
				return !ok
			}
			at = up
		}
		return false
	})
}

// inOrder reports whether a request began before another one, or came before it.
func inOrder(a, b *node) bool { return a.Start < b.Start || a.Start == b.Start && a.Span < b.Span }

// pairs merges all pairs that may be one call, the closest first, and notes which request each went into.
func (p *plainResolver) pairs(into map[*node]*node, may func(a, b *node) bool) {
	var found [][2]*node
	all := p.inTime()
	for _, a := range all {
		for _, b := range all {
			if a != b && !a.TraceID.IsEmpty() && a.Duplicate == llm.Unique && b.Duplicate == llm.Unique && sameCall(a, b) && may(a, b) {
				found = append(found, [2]*node{a, b})
			}
		}
	}
	slices.SortStableFunc(found, func(x, y [2]*node) int { return cmp.Compare(distance(x[0], x[1]), distance(y[0], y[1])) })
	for _, x := range found {
		for i := range x {
			for into[x[i]] != nil {
				x[i] = into[x[i]]
			}
		}
		switch mergeSiblings(x[0], x[1]) {
		case x[0]:
			into[x[0]] = x[1]
		case x[1]:
			into[x[1]] = x[0]
		default:
		}
	}
}

// lowest returns the last of the wrappers that a request lies in, each directly in the next one, or its parent.
func (p *plainResolver) lowest(q *node) pcommon.SpanID {
	around := func(x *node) bool {
		return x.TraceID == q.TraceID && x.Layer == q.Layer && x.Class == q.Class && x.Duplicate == llm.Wrapper
	}
	at := q.ParentID
	for i := 0; i < len(p.requests); i++ {
		outer := &p.requests[i]
		inner := slices.ContainsFunc(p.requests, func(x node) bool {
			return around(&x) && x.SpanID == at && x.ParentID == outer.SpanID
		})
		if inner && around(outer) {
			at, i = outer.SpanID, -1
		}
	}
	return at
}

func (p *plainResolver) attempts() {
	all := p.inTime()
	besides := func(a, b *node) bool {
		return a != b && a.TraceID == b.TraceID && !a.TraceID.IsEmpty() && a.Layer == b.Layer && a.Class == b.Class && p.lowest(a) == p.lowest(b)
	}
	attempts := map[*node]int64{}
	for i, q := range all {
		var last *node
		for _, x := range all[:i] {
			if besides(x, q) && (x.Duplicate == llm.Unique || x.Duplicate == llm.Attempt) {
				last = x
			}
		}
		if last == nil || q.Duplicate != llm.Unique {
			continue
		}
		below := slices.ContainsFunc(p.above(q.TraceID, q.ParentID), func(x *node) bool {
			return x.SpanID == q.ParentID && x.Duplicate == llm.Wrapper
		})
		again := q.call != "" && q.call == last.call
		if last.Outcome == llm.Error && last.scope == q.scope &&
			(again || q.Start >= last.End && !q.ParentID.IsEmpty() && (q.traits.Has(spanPerAttempt) || below)) {
			last.Duplicate = llm.Attempt
			attempts[q] = attempts[last] + 1
			q.addAttempt(last, attempts[q])
		}
	}
}
