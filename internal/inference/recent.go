package inference

import (
	"encoding/binary"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// Recent remembers which requests were counted lately, so that a span that a sender repeats, or a
// second span of a request that comes in a later batch, is not counted again. A request has up to four identities, and one
// more for each span of an LLM application around it that its batch shows.
type Recent struct {
	seed   maphash.Seed
	window *window // nil if switched off
	// frameworks tells that a framework's request was seen.
	frameworks atomic.Bool
	// traces lets only one request of a trace in at a time: batches are committed side by side, and of two
	// spans that describe one call, one must find the other. The last one is for ids that are not of a trace.
	traces [recentTraces + 1]sync.Mutex
}

const recentTraces = 64

// NewRecent returns a window of size identities and of an age. A size of 0 switches it off.
func NewRecent(size int, age time.Duration) *Recent {
	r := &Recent{seed: maphash.MakeSeed()}
	if size > 0 {
		r.window = newWindow(size, age)
	}
	return r
}

// What an identity in the window stands for.
const (
	countedSpan = iota
	spanAbove
	countedID
	clientCall
	frameworkCall
)

// sibling is how much apart the spans of a framework and of the client beside it may end.
const sibling = 50 * time.Millisecond

// Continues reports whether a request is a further output of one that was counted from another batch: its own tokens are
// in no metric yet.
func (q *Request) Continues() bool {
	return q.Duplicate == SameID && q.Layer == Server && q.traits.Has(dialect.SpanPerOutput)
}

// Identities are what a request is recognised by.
type Identities struct {
	q      *Request
	recent *Recent
	// trace is the trace's hash; span, above and id are the places of the request, the span above and its id in the
	// window, 0 if it has none.
	trace, span, above, id uint64
	now                    uint64 // in ticks of the window
}

// Identify prepares a request for Admit. It has the memory fetched that Admit looks at; since it does not wait for it,
// several requests are best identified one after the other before the first is admitted.
func (r *Recent) Identify(q *Request) Identities {
	w := Identities{q: q, recent: r}
	if r.window == nil || q.TraceID.IsEmpty() {
		return w
	}
	if q.traits.Has(dialect.Framework) && !r.frameworks.Load() {
		r.frameworks.Store(true)
	}
	w.trace = maphash.Bytes(r.seed, q.TraceID[:])
	w.span = w.spanHash(q.SpanID)
	r.window.fetch(w.span)
	if q.Layer != Server && !q.ParentID.IsEmpty() && q.ParentID != q.SpanID {
		w.above = w.spanHash(q.ParentID)
		r.window.fetch(w.above)
	}
	if q.ID != "" {
		w.id = w.idHash()
		r.window.fetch(w.id)
	}
	return w
}

// Admit remembers a request and returns Unique, or returns the rule by which it was counted before.
//
// A span of a client or gateway is another description of a request that was counted if it lies around that or within it,
// in the same layer and class: spans of one call reach the collector in different batches, the inner ones first.
func (r *Recent) Admit(w *Identities, now time.Time) Rule {
	q := w.q
	if r.window == nil || q.TraceID.IsEmpty() {
		return Unique
	}
	trace := &r.traces[q.TraceID[len(q.TraceID)-1]%recentTraces]
	trace.Lock()
	defer trace.Unlock()
	if q.traits&globalIDs != 0 {
		r.traces[recentTraces].Lock()
		defer r.traces[recentTraces].Unlock()
	}
	w.now = r.window.ticks(now)
	nests := q.Layer != Server
	if nests && w.enclosesCounted() {
		w.enclose()
		return Wrapper
	}
	if nests && w.insideCounted() {
		// What lies within this one lies within the wrapper, too.
		w.add(w.span, countedSpan)
		return Wrapper
	}
	if nests && w.besideOther() {
		return Sibling
	}
	if !w.add(w.span, countedSpan) {
		return Resent
	}
	if w.id != 0 && !w.add(w.id, countedID) {
		return SameID
	}
	if nests {
		w.enclose()
	}
	return Unique
}

// enclosesCounted reports whether a request that was counted lies within this one.
func (w *Identities) enclosesCounted() bool {
	if w.has(w.span, spanAbove) {
		return true
	}
	if w.q.kin != nil {
		for _, id := range w.q.kin.below.all() {
			if w.has(w.spanHash(id), spanAbove) {
				return true
			}
		}
	}
	return false
}

// insideCounted reports whether this request lies within one that was counted.
func (w *Identities) insideCounted() bool {
	if w.above != 0 && w.has(w.above, countedSpan) {
		return true
	}
	if w.q.kin != nil {
		for _, id := range w.q.kin.above.all() {
			if w.has(w.spanHash(id), countedSpan) {
				return true
			}
		}
	}
	return false
}

// enclose remembers the spans around this request: as requests they would describe it again.
func (w *Identities) enclose() {
	if w.above == 0 {
		return
	}
	w.add(w.above, spanAbove)
	if w.q.kin != nil {
		for _, id := range w.q.kin.above.all() {
			w.add(w.spanHash(id), spanAbove)
		}
	}
}

// has reports whether an identity is known that stands for something. What it stands for is in the upper bits of a
// place alone, so that the identities of one span are neighbours in the window.
func (w *Identities) has(place, what uint64) bool { return w.recent.window.has(place^what<<60, w.now) }

func (w *Identities) add(place, what uint64) bool { return w.recent.window.add(place^what<<60, w.now) }

// hash spreads an identity within a layer.
func (w *Identities) hash(of, identity uint64) uint64 {
	return attr.Mix(attr.Mix(of, identity), uint64(w.q.Layer))
}

// spanHash identifies a span that could be the request's.
func (w *Identities) spanHash(id pcommon.SpanID) uint64 {
	return w.hash(w.trace, attr.Mix(binary.LittleEndian.Uint64(id[:]), uint64(w.q.Class)))
}

// idHash identifies the request by its id.
func (w *Identities) idHash() uint64 {
	id := maphash.String(w.recent.seed, w.q.ID)
	if w.q.traits&globalIDs != 0 {
		return w.hash(0, id)
	}
	return w.hash(w.trace, id)
}

// besideOther reports whether a request was counted already as a framework or the client below it describes it:
// as a span of the other kind with the same parent and model that ended at about the same time. Where there are no frameworks
// nothing needs to be noted.
func (w *Identities) besideOther() bool {
	q, r := w.q, w.recent
	mine, others := uint64(clientCall), uint64(frameworkCall)
	if q.traits.Has(dialect.Framework) {
		mine, others = others, mine
	}
	if q.ParentID.IsEmpty() || !r.frameworks.Load() {
		return false
	}
	// Some name the provider before the model.
	model := maphash.String(r.seed, q.RequestModel[strings.LastIndexByte(q.RequestModel, '/')+1:])
	ended := uint64(q.End) / uint64(sibling)
	call := func(ended uint64) uint64 {
		return w.hash(w.trace, attr.Mix(binary.LittleEndian.Uint64(q.ParentID[:])^ended, model))
	}
	for _, tick := range [...]uint64{ended, ended - 1, ended + 1} {
		if w.has(call(tick), others) {
			return true
		}
	}
	w.add(call(ended), mine)
	return false
}
