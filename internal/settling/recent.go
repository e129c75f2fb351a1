// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Recent remembers which requests were counted lately. So neither a repeated span nor a second span of a request in a later batch
// counts again. A request has up to four identities. It has one more for each span of an LLM application around it that its batch
// shows.
type Recent struct {
	seed   maphash.Seed
	hasher hasher
	// mu is held for a few requests at a time. Batches are committed side by side, and of two spans that describe one call, one
	// must find the other.
	mu     sync.Mutex
	window *window // nil if switched off
	// frameworks is set if a framework's request was seen.
	frameworks bool
	// touched keeps the compiler from dropping look-ups that have memory fetched.
	touched uint32
}

// NewRecent returns a window of size identities and of an age. A size of 0 switches it off.
func NewRecent(size int, age time.Duration) *Recent {
	r := &Recent{seed: maphash.MakeSeed(), hasher: newHasher()}
	if size > 0 {
		r.window = newWindow(size, age)
	}
	return r
}

// identities are the hashes that a request is recognised by. They are of its span, its parent and its id, 0 if it has none.
type identities struct {
	trace            uint64
	within           scope
	span, parent, id uint64
}

// identify works out the identities of a request that belongs to a trace.
func (r *Recent) identify(q *correlate.Request, w *identities) {
	*w = identities{trace: r.hasher.trace(&q.TraceID)}
	w.within = scopeOf(w.trace, q.Layer, q.Service)
	w.span = w.within.span(q.Class, q.SpanID)
	if q.Layer != llm.Server && !q.ParentID.IsEmpty() && q.ParentID != q.SpanID {
		w.parent = w.within.span(q.Class, q.ParentID)
	}
	if id := q.IDHash(); id != 0 {
		within := w.within
		if q.Traits.Has(emitter.GlobalIDs) {
			within = scopeOf(0, q.Layer, q.Service)
		}
		w.id = within.hash(id, ofID)
	}
}

// sideBySide is the number of requests that are looked up at a time. The memory answers for all of them at once.
const sideBySide = 16

// Mark finds the requests of a batch that were counted before. It sets Duplicate to the rule by which they were. It remembers the
// others, but for those that are held.
//
// A span of a client or gateway can be another description of a request that was counted. It lies around that or within it, in
// the same layer and class. Spans of one call reach the collector in different batches, the inner ones first.
func (r *Recent) Mark(b *correlate.Batch, now time.Time) {
	if r.window == nil {
		return
	}
	tick, others := r.window.ticks(now), false
	for requests := b.Described; len(requests) > 0; {
		few := requests[:min(sideBySide, len(requests))]
		others = r.markFew(few, tick) || others
		requests = requests[len(few):]
	}
	if others {
		r.rememberOthers(b.Described, tick)
	}
}

// rememberOthers notes further descriptions of requests that count, so that they are known if they come again. What they lie in must
// not be noted before it was decided about.
func (r *Recent) rememberOthers(requests []correlate.Request, now uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, w := admission{recent: r, window: r.window, now: now}, identities{}
	for i := range requests {
		q := &requests[i]
		if q.Held || q.Late || q.Duplicate == llm.Unique || q.TraceID.IsEmpty() || !q.Class.IsRequest() {
			continue
		}
		r.identify(q, &w)
		a.begin(q, &w)
		if q.Duplicate == llm.Wrapper {
			a.add(a.span, spanAbove|a.usage)
		} else {
			a.remember()
		}
	}
}

// maxLinks bounds the links that lead from a request that was counted to one that comes later.
const maxLinks = 16

// Connect notes what spans between requests show of those that were counted before they came. What lies around such a span lies
// around the request below it. What lies within the request above it lies within that span.
func (r *Recent) Connect(taken *Taken, now time.Time) {
	if r.window == nil || !slices.ContainsFunc(taken.Connectors, func(c correlate.Connector) bool { return c.Links() }) {
		return
	}
	tick := r.window.ticks(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	for range maxLinks {
		more := false
		for i := range taken.Connectors {
			if c := &taken.Connectors[i]; c.Links() && !c.Span.IsEmpty() && !c.Parent.IsEmpty() {
				more = r.connect(c, tick) || more
			}
		}
		if !more {
			return
		}
	}
}

// connect does so for one span, and reports whether anything new was noted.
func (r *Recent) connect(c *correlate.Connector, tick uint32) (more bool) {
	trace := r.hasher.trace(&c.Trace)
	for _, layer := range [...]llm.Layer{llm.Client, llm.Gateway} {
		within := scopeOf(trace, layer, c.Service)
		for class := llm.Inference; class < llm.Classes; class++ {
			span, parent := within.span(class, c.Span), within.span(class, c.Parent)
			here, above := r.window.known(span, tick), r.window.known(parent, tick)
			if here&spanAbove != 0 && above&spanAbove == 0 {
				r.window.add(parent, here&(spanAbove|metered|nearest), tick)
				more = true
			}
			if above&countedSpan != 0 && here&countedSpan == 0 {
				r.window.add(span, above&(countedSpan|metered), tick)
				more = true
			}
		}
	}
	return more
}

// Below sets CountedBelow on the requests that lie around one that was counted before. A request that is alone among what was taken has
// nobody to share with.
func (r *Recent) Below(taken *Taken, now time.Time) {
	if r.window == nil {
		return
	}
	tick := r.window.ticks(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range taken.Described {
		if q := &taken.Described[i]; !taken.lonely(i) && q.Layer != llm.Server && q.Class.IsRequest() && !q.TraceID.IsEmpty() {
			within := scopeOf(r.hasher.trace(&q.TraceID), q.Layer, q.Service)
			q.CountedBelow = r.window.known(within.span(q.Class, q.SpanID), tick)&spanAbove != 0
		}
	}
}

// markFew marks as many requests as are looked up at a time, or fewer, in a tick of the window. It reports whether it left out some
// that were found to describe others.
func (r *Recent) markFew(requests []correlate.Request, now uint32) (others bool) {
	var all [sideBySide]identities
	frameworks := false
	for i := range requests {
		q := &requests[i]
		frameworks = frameworks || q.Traits.Has(emitter.Framework)
		switch {
		case q.Held || q.TraceID.IsEmpty():
		case q.Duplicate == llm.Unique || q.IsLog():
			r.identify(q, &all[i])
		default:
			others = true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frameworks = r.frameworks || frameworks
	for i := range requests {
		r.touched ^= r.window.touch(all[i].span) ^ r.window.touch(all[i].parent) ^ r.window.touch(all[i].id)
	}
	a := admission{recent: r, window: r.window, now: now}
	for i := range requests {
		if all[i].span == 0 {
			continue
		}
		a.begin(&requests[i], &all[i])
		if a.q.IsLog() {
			a.admitLog()
			continue
		}
		a.q.Duplicate = a.admit()
		a.q.Late = a.q.Duplicate != llm.Unique
	}
	return others
}

// admission decides about one request after another. The window is locked meanwhile.
type admission struct {
	recent *Recent
	window *window
	now    uint32 // in ticks of the window
	q      *correlate.Request
	identities
	// around holds the spans around the request, the nearest first. There are n.
	around [1 + correlate.MaxSpans]uint64
	n      int
	// usage is metered if the tokens of the request are in the metrics, or will be.
	usage what
	// near is nearest if no other request is known to lie between a request that was counted and this one.
	near what
}

// begin turns to the next request.
func (a *admission) begin(q *correlate.Request, w *identities) {
	a.q, a.identities, a.n, a.usage, a.near = q, *w, 0, 0, nearest
	if q.Metered || q.HasUsage() {
		a.usage = metered
	}
	if w.parent == 0 {
		return
	}
	a.around[0], a.n = w.parent, 1
	if q.Ancestry != nil {
		for _, id := range q.Ancestry.Above.All() {
			a.around[a.n] = a.spanHash(id)
			a.n++
		}
	}
}

// above returns the spans around the request, the nearest first.
func (a *admission) above() []uint64 { return a.around[:a.n] }

// spanHash identifies a span that could be the request's.
func (a *admission) spanHash(id pcommon.SpanID) uint64 { return a.within.span(a.q.Class, id) }

// admit remembers the request and returns Unique, or returns the rule by which it was counted before.
func (a *admission) admit() llm.Rule {
	nests := a.q.Layer != llm.Server
	span := a.known(a.span)
	if nests {
		if around := span | a.aroundCounted(); around&spanAbove != 0 {
			a.near = around & nearest
			a.takeLate(fromAbove, around|a.insideCounted())
			a.add(a.span, spanAbove|a.usage)
			a.enclose()
			return llm.Wrapper
		}
		if inside := a.insideCounted(); inside != 0 {
			a.takeLate(fromBelow, inside)
			for _, span := range a.above() {
				if a.known(span)&countedSpan != 0 {
					a.add(span, a.usage)
				}
			}
			// What lies within this one lies within the wrapper, too.
			a.add(a.span, countedSpan|a.usage)
			return llm.Wrapper
		}
		if a.recent.frameworks && a.besideOther() {
			return llm.Sibling
		}
	}
	if span&countedSpan != 0 {
		return llm.Resent
	}
	a.addSpan()
	if a.id != 0 {
		if found := a.known(a.id); found != 0 {
			a.takeLate(byID, found)
			a.add(a.id, a.usage)
			return llm.SameID
		}
		a.add(a.id, countedID|a.usage)
	}
	if nests {
		a.enclose()
	}
	return llm.Unique
}

// addSpan notes the request's span. One that its place in the trace made a gateway's looks like a client's if it comes again alone.
func (a *admission) addSpan() {
	a.add(a.span, countedSpan|a.usage)
	if a.q.Layer != llm.Gateway || a.q.LayerGiven {
		return
	}
	alone := scopeOf(a.trace, llm.Client, a.q.Service)
	a.add(alone.span(a.q.Class, a.q.SpanID), countedSpan|a.usage)
}

// remember notes a further description of a request that counts.
func (a *admission) remember() {
	a.addSpan()
	if a.id != 0 {
		a.add(a.id, countedID|a.usage)
	}
	if a.q.Layer != llm.Server && a.q.Duplicate != llm.Sequence {
		a.enclose() // What a step lies in is the request itself.
	}
}

// admitLog remembers a log, or notes that it was counted before.
func (a *admission) admitLog() {
	a.q.Merged = a.q.Merged || a.known(a.span) != 0
	a.add(a.span, countedSpan)
}

// aroundCounted returns what is known of links that lead from a request that was counted to this one.
func (a *admission) aroundCounted() (around what) {
	if a.q.Ancestry != nil {
		for _, id := range a.q.Ancestry.Below.All() {
			if link := a.known(a.spanHash(id)); link&spanAbove != 0 {
				around |= link
			}
		}
	}
	return around
}

// insideCounted returns what is known of the counted requests around this one, 0 if there are none.
func (a *admission) insideCounted() (inside what) {
	for _, span := range a.above() {
		if counted := a.known(span); counted&countedSpan != 0 {
			inside |= counted &^ (spanAbove | nearest)
		}
	}
	return inside
}

// enclose remembers the spans around this request: as requests they would describe it again. All but the last are spans that came.
func (a *admission) enclose() {
	for i, span := range a.above() {
		as := spanAbove | a.usage
		if i == a.n-1 && a.n < len(a.around) {
			as |= a.near
		}
		a.add(span, as)
	}
}

func (a *admission) known(hash uint64) what { return a.window.known(hash, a.now) }

func (a *admission) add(hash uint64, as what) { a.window.add(hash, as, a.now) }

// besideOther reports whether a request was counted already as a framework or the client below it describes it. That is a span of
// the other kind with the same parent and model. It ended at about the same time. The parent of the client's may be one further
// above the framework's, too.
func (a *admission) besideOther() bool {
	q, r := a.q, a.recent
	mine, others := clientCall, frameworkCall
	if q.Traits.Has(emitter.Framework) {
		mine, others = others, mine
	}
	if q.ParentID.IsEmpty() {
		return false
	}
	// Some name the provider before the model.
	model := maphash.String(r.seed, q.RequestModel[strings.LastIndexByte(q.RequestModel, '/')+1:])
	ended := uint64(q.End) / uint64(correlate.EndTolerance)
	call := func(parent pcommon.SpanID, ended uint64) uint64 {
		return a.within.hash(attr.Mix(binary.LittleEndian.Uint64(parent[:])^ended, model), ofCall)
	}
	beside := func(parent pcommon.SpanID) bool {
		for _, at := range [...]uint64{ended, ended - 1, ended + 1} {
			if found := a.known(call(parent, at)); found&others != 0 {
				a.takeLate(fromBeside, found)
				a.add(call(parent, at), a.usage)
				return true
			}
		}
		return false
	}
	// Of what its batch shows from two sides there is no third one: what ended beside it is another call.
	if q.MergedScopes[0] == "" && (beside(q.ParentID) || mine == frameworkCall && q.Ancestry != nil && slices.ContainsFunc(q.Ancestry.Above.All(), beside)) {
		return true
	}
	a.add(call(q.ParentID, ended), mine|a.usage)
	return false
}

// way is how a span that came late is known to describe a request that was counted.
type way uint64

const (
	fromAbove way = iota + 1
	fromBelow
	fromBeside
	byID
	ways
)

// takeLate decides whether the tokens of a span that describes a counted request are new. Found is what is known of that request. If
// the span was the last to come that has any, its tokens count. The window does not lead from each of a request's spans to all
// others. So of one trace only those count that come in one way, and the same numbers count once.
func (a *admission) takeLate(from way, found what) {
	q := a.q
	if !q.HasTokens() || found&metered != 0 || a.id != 0 && a.known(a.id)&metered != 0 {
		a.usage |= found & metered
		return
	}
	same := a.lateHash(attr.Mix(math.Float64bits(q.Number[fact.InputTokens]), math.Float64bits(q.Number[fact.OutputTokens])))
	lost := a.near == 0 || a.known(same) != 0
	for other := fromAbove; other < ways; other++ {
		lost = lost || other != from && a.known(a.lateHash(uint64(other))) != 0
	}
	q.LateTokens, q.LostTokens = !lost, lost
	if lost {
		return
	}
	a.add(same, lateTokens)
	a.add(a.lateHash(uint64(from)), lateTokens)
	if a.id != 0 {
		a.add(a.id, countedID|metered)
	}
}

// lateHash identifies something of the tokens that came late in a trace.
func (a *admission) lateHash(of uint64) uint64 {
	return a.within.hash(of, ofLateTokens)
}
