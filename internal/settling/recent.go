// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
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
	touched uint64
}

// NewRecent returns a window of size identities and of an age. A size of 0 switches it off.
func NewRecent(size int, age time.Duration) *Recent {
	r := &Recent{seed: maphash.MakeSeed(), hasher: newHasher()}
	if size > 0 {
		r.window = newWindow(size, age)
	}
	return r
}

// identities are the hashes that a request is recognised by. They are of its span, the span above and its id, 0 if it has none.
type identities struct {
	trace, span, above, id uint64
}

// identify works out the identities of a request that belongs to a trace.
func (r *Recent) identify(q *correlate.Request) identities {
	w := identities{trace: r.hasher.trace(q.TraceID)}
	w.span = spanHash(q, w.trace, q.SpanID)
	if q.Layer != llm.Server && !q.ParentID.IsEmpty() && q.ParentID != q.SpanID {
		w.above = spanHash(q, w.trace, q.ParentID)
	}
	if id := q.IDHash(); id != 0 {
		trace := w.trace
		if q.Traits.Has(emitter.GlobalIDs) {
			trace = 0
		}
		w.id = identityHash(q, trace, id)
	}
	return w
}

// identityHash spreads an identity within a layer. Clients and gateways measure each for its own service.
func identityHash(q *correlate.Request, trace, identity uint64) uint64 {
	hash := attr.Mix(attr.Mix(trace, identity), uint64(q.Layer))
	if q.Layer != llm.Server {
		hash = attr.Mix(hash, q.Service.Name)
	}
	return hash
}

// spanHash identifies a span that could be the request's.
func spanHash(q *correlate.Request, trace uint64, id pcommon.SpanID) uint64 {
	return identityHash(q, trace, attr.Mix(binary.LittleEndian.Uint64(id[:]), uint64(q.Class)))
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
func (r *Recent) rememberOthers(requests []correlate.Request, now uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range requests {
		q := &requests[i]
		if q.Held || q.Late || q.Duplicate == llm.Unique || q.TraceID.IsEmpty() || !q.Class.IsRequest() {
			continue
		}
		if a := (admission{identities: r.identify(q), q: q, recent: r, now: now}); q.Duplicate == llm.Wrapper {
			a.add(a.span, spanAbove)
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
func (r *Recent) connect(c *correlate.Connector, tick uint64) (more bool) {
	trace := r.hasher.trace(c.Trace)
	about := llm.Request{}
	q := correlate.Request{Request: &about, Evidence: correlate.Evidence{Service: c.Service}}
	for _, about.Layer = range [...]llm.Layer{llm.Client, llm.Gateway} {
		for about.Class = llm.Inference; about.Class < llm.Classes; about.Class++ {
			span, parent := spanHash(&q, trace, c.Span), spanHash(&q, trace, c.Parent)
			here, above := r.window.known(span, tick), r.window.known(parent, tick)
			if here&spanAbove != 0 && above&spanAbove == 0 {
				r.window.add(parent, spanAbove, tick)
				more = true
			}
			if above&countedSpan != 0 && here&countedSpan == 0 {
				r.window.add(span, countedSpan, tick)
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
			span := spanHash(q, r.hasher.trace(q.TraceID), q.SpanID)
			q.CountedBelow = r.window.known(span, tick)&spanAbove != 0
		}
	}
}

// markFew marks as many requests as are looked up at a time, or fewer, in a tick of the window. It reports whether it left out some
// that were found to describe others.
func (r *Recent) markFew(requests []correlate.Request, now uint64) (others bool) {
	var all [sideBySide]identities
	frameworks := false
	for i := range requests {
		q := &requests[i]
		frameworks = frameworks || q.Traits.Has(emitter.Framework)
		switch {
		case q.Held || q.TraceID.IsEmpty():
		case q.Duplicate == llm.Unique || q.IsLog():
			all[i] = r.identify(q)
		default:
			others = true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.frameworks = r.frameworks || frameworks
	for i := range requests {
		r.touched ^= r.window.touch(all[i].span) ^ r.window.touch(all[i].above) ^ r.window.touch(all[i].id)
	}
	for i := range requests {
		if all[i].span != 0 {
			a := admission{identities: all[i], q: &requests[i], recent: r, now: now}
			if a.q.IsLog() {
				a.admitLog()
				continue
			}
			a.q.Duplicate = a.admit()
			a.q.Late = a.q.Duplicate != llm.Unique
		}
	}
	return others
}

// admission decides about one request. The window is locked meanwhile.
type admission struct {
	identities
	q      *correlate.Request
	recent *Recent
	now    uint64 // in ticks of the window
}

// admit remembers the request and returns Unique, or returns the rule by which it was counted before.
func (a *admission) admit() llm.Rule {
	nests := a.q.Layer != llm.Server
	span := a.known(a.span)
	if nests && (span&spanAbove != 0 || a.aroundCounted()) {
		a.enclose()
		return llm.Wrapper
	}
	if nests && a.insideCounted() {
		// What lies within this one lies within the wrapper, too.
		a.add(a.span, countedSpan)
		return llm.Wrapper
	}
	if nests && a.besideOther() {
		return llm.Sibling
	}
	if span&countedSpan != 0 {
		return llm.Resent
	}
	a.add(a.span, countedSpan)
	if a.id != 0 {
		if a.known(a.id) != 0 {
			return llm.SameID
		}
		a.add(a.id, countedID)
	}
	if nests {
		a.enclose()
	}
	return llm.Unique
}

// remember notes a further description of a request that counts.
func (a *admission) remember() {
	a.add(a.span, countedSpan)
	if a.id != 0 {
		a.add(a.id, countedID)
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

// aroundCounted reports whether a link leads from a request that was counted to this one.
func (a *admission) aroundCounted() bool {
	if a.q.Ancestry != nil {
		for _, id := range a.q.Ancestry.Below.All() {
			if a.known(spanHash(a.q, a.trace, id))&spanAbove != 0 {
				return true
			}
		}
	}
	return false
}

// insideCounted reports whether this request lies within one that was counted.
func (a *admission) insideCounted() bool {
	if a.above != 0 && a.known(a.above)&countedSpan != 0 {
		return true
	}
	if a.q.Ancestry != nil {
		for _, id := range a.q.Ancestry.Above.All() {
			if a.known(spanHash(a.q, a.trace, id))&countedSpan != 0 {
				return true
			}
		}
	}
	return false
}

// enclose remembers the spans around this request: as requests they would describe it again.
func (a *admission) enclose() {
	if a.above == 0 {
		return
	}
	a.add(a.above, spanAbove)
	if a.q.Ancestry != nil {
		for _, id := range a.q.Ancestry.Above.All() {
			a.add(spanHash(a.q, a.trace, id), spanAbove)
		}
	}
}

func (a *admission) known(hash uint64) what { return a.recent.window.known(hash, a.now) }

func (a *admission) add(hash uint64, as what) { a.recent.window.add(hash, as, a.now) }

// besideOther reports whether a request was counted already as a framework or the client below it describes it. That is a span of
// the other kind with the same parent and model. It ended at about the same time. The parent of the client's may be one further
// above the framework's, too. Where there are no frameworks nothing needs to be noted.
func (a *admission) besideOther() bool {
	q, r := a.q, a.recent
	mine, others := clientCall, frameworkCall
	if q.Traits.Has(emitter.Framework) {
		mine, others = others, mine
	}
	if q.ParentID.IsEmpty() || !r.frameworks {
		return false
	}
	// Some name the provider before the model.
	model := maphash.String(r.seed, q.RequestModel[strings.LastIndexByte(q.RequestModel, '/')+1:])
	ended := uint64(q.End) / uint64(correlate.EndTolerance)
	call := func(parent pcommon.SpanID, ended uint64) uint64 {
		return identityHash(q, a.trace, attr.Mix(binary.LittleEndian.Uint64(parent[:])^ended, model))
	}
	beside := func(parent pcommon.SpanID) bool {
		return a.known(call(parent, ended))&others != 0 || a.known(call(parent, ended-1))&others != 0 ||
			a.known(call(parent, ended+1))&others != 0
	}
	// Of what its batch shows from two sides there is no third one: what ended beside it is another call.
	if q.MergedScopes[0] == "" && (beside(q.ParentID) || mine == frameworkCall && q.Ancestry != nil && slices.ContainsFunc(q.Ancestry.Above.All(), beside)) {
		return true
	}
	a.add(call(q.ParentID, ended), mine)
	return false
}
