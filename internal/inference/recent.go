package inference

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// Recent remembers which requests were counted lately, so that a span that a sender repeats, or a
// second span of a request that comes in a later batch, is not counted again. A request has up to four identities.
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

// Admit remembers a request and returns Unique, or returns the rule by which it was counted before.
//
// A span of a client or gateway whose parent or child of the same layer and class was counted is another description of that request:
// spans of one call reach the collector in different batches, the inner ones first.
func (r *Recent) Admit(q *Request, now time.Time) Rule {
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
	w := identities{recent: r, q: q, trace: maphash.Bytes(r.seed, q.TraceID[:]), now: r.window.ticks(now)}
	nests := q.Layer != Server
	child := !q.ParentID.IsEmpty() && q.ParentID != q.SpanID
	if nests && (w.has(w.span(q.SpanID, spanAbove)) || child && w.has(w.span(q.ParentID, countedSpan))) {
		return Wrapper
	}
	if nests && w.besideOther() {
		return Sibling
	}
	if !w.add(w.span(q.SpanID, countedSpan)) {
		return Resent
	}
	if q.ID != "" && !w.add(w.id()) {
		return SameID
	}
	if nests && child {
		w.add(w.span(q.ParentID, spanAbove))
	}
	return Unique
}

// identities are those of one request.
type identities struct {
	recent *Recent
	q      *Request
	trace  uint64 // the trace's hash
	now    uint64 // in ticks of the window
}

func (w *identities) has(hash uint64) bool { return w.recent.window.has(hash, w.now) }

func (w *identities) add(hash uint64) bool { return w.recent.window.add(hash, w.now) }

// hash spreads an identity within a layer. What it stands for is in the upper bits alone, so that the identities of one
// span are neighbours in the window.
func (w *identities) hash(of, identity, what uint64) uint64 {
	return attr.Mix(attr.Mix(of, identity), uint64(w.q.Layer)) ^ what<<60
}

// span identifies a span that could be the request's.
func (w *identities) span(id pcommon.SpanID, what uint64) uint64 {
	return w.hash(w.trace, attr.Mix(binary.LittleEndian.Uint64(id[:]), uint64(w.q.Class)), what)
}

// id identifies the request by its id.
func (w *identities) id() uint64 {
	id := maphash.String(w.recent.seed, w.q.ID)
	if w.q.traits&globalIDs != 0 {
		return w.hash(0, id, countedID)
	}
	return w.hash(w.trace, id, countedID)
}

// besideOther reports whether a request was counted already as a framework or the client below it describes it:
// as a span of the other kind with the same parent and model that ended just before. Where there are no frameworks
// nothing needs to be noted.
func (w *identities) besideOther() bool {
	q, r := w.q, w.recent
	mine, others := uint64(clientCall), uint64(frameworkCall)
	if q.traits.Has(dialect.Framework) {
		mine, others = others, mine
		if !r.frameworks.Load() {
			r.frameworks.Store(true)
		}
	}
	if q.ParentID.IsEmpty() || !r.frameworks.Load() {
		return false
	}
	model := maphash.String(r.seed, q.RequestModel)
	call := func(what, back uint64) uint64 {
		ended := uint64(q.End)/uint64(sibling) - back
		return w.hash(w.trace, attr.Mix(binary.LittleEndian.Uint64(q.ParentID[:])^ended, model), what)
	}
	if w.has(call(others, 0)) || w.has(call(others, 1)) {
		return true
	}
	w.add(call(mine, 0))
	return false
}
