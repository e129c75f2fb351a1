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
// second span of a request that comes in a later batch, is not counted again.
//
// It is a window: it holds at least the last Size identities of the last Age, and forgets older ones. A request
// has up to four.
// Identities are kept as 64-bit hashes under a secret seed; that two of a full default window
// collide has a chance of less than one in 10^8.
type Recent struct {
	seed   maphash.Seed
	size   int // identities per shard and generation
	age    time.Duration
	shards [recentShards]recentShard
	// frameworks tells that a framework's request was seen.
	frameworks atomic.Bool
	// traces lets only one request of a trace in at a time: batches are committed side by side, and of two
	// spans that describe one call, one must find the other.
	traces [recentTraces]sync.Mutex
}

const (
	recentShards = 16
	recentTraces = 64
)

// recentShard keeps two generations; when the younger one is full or old, it becomes the older one.
type recentShard struct {
	mu       sync.Mutex
	young    generation
	old      generation
	youngest time.Time
}

// generation is a set of hashes with open addressing, filled to one half at most. Zero is no hash.
type generation struct {
	slots []uint64
	used  int
}

// NewRecent returns a window of at least size identities and of an age. A size of 0 switches it off.
func NewRecent(size int, age time.Duration) *Recent {
	return &Recent{seed: maphash.MakeSeed(), size: (size + recentShards - 1) / recentShards, age: age}
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
	if r.size == 0 || q.TraceID.IsEmpty() {
		return Unique
	}
	trace := &r.traces[q.TraceID[len(q.TraceID)-1]%recentTraces]
	trace.Lock()
	defer trace.Unlock()
	nests := q.Layer != Server
	if nests && r.has(r.span(q, q.SpanID, spanAbove)) ||
		nests && !q.ParentID.IsEmpty() && q.ParentID != q.SpanID && r.has(r.span(q, q.ParentID, countedSpan)) {
		return Wrapper
	}
	if nests && r.besideOther(q, now) {
		return Sibling
	}
	if !r.add(r.span(q, q.SpanID, countedSpan), now) {
		return Resent
	}
	if q.ID != "" && !r.add(r.id(q), now) {
		return SameID
	}
	if nests && !q.ParentID.IsEmpty() {
		r.add(r.span(q, q.ParentID, spanAbove), now)
	}
	return Unique
}

// besideOther reports whether a request was counted already as a framework or the client below it describes it:
// as a span of the other kind with the same parent and model that ended just before. Where there are no frameworks
// nothing needs to be noted.
func (r *Recent) besideOther(q *Request, now time.Time) bool {
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
		return r.hash(q, attr.Mix(binary.LittleEndian.Uint64(q.ParentID[:])^ended, model), what, true)
	}
	if r.has(call(others, 0)) || r.has(call(others, 1)) {
		return true
	}
	r.add(call(mine, 0), now)
	return false
}

// span identifies a span that could be the request's.
func (r *Recent) span(q *Request, id pcommon.SpanID, what uint64) uint64 {
	return r.hash(q, attr.Mix(binary.LittleEndian.Uint64(id[:]), uint64(q.Class)), what, true)
}

// id identifies the request by its id.
func (r *Recent) id(q *Request) uint64 {
	return r.hash(q, maphash.String(r.seed, q.ID), countedID, q.traits&globalIDs == 0)
}

// hash spreads an identity within a layer, and within a trace if so asked, under the secret seed. Zero marks a
// free slot, so it is avoided.
func (r *Recent) hash(q *Request, identity, what uint64, inTrace bool) uint64 {
	var bytes [32]byte
	if inTrace {
		copy(bytes[:], q.TraceID[:])
	}
	binary.LittleEndian.PutUint64(bytes[16:], identity)
	binary.LittleEndian.PutUint64(bytes[24:], what<<8|uint64(q.Layer))
	return maphash.Bytes(r.seed, bytes[:]) | 1
}

// has reports whether a hash is known.
func (r *Recent) has(hash uint64) bool {
	s := &r.shards[hash>>60]
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.young.slots != nil && (s.young.has(hash) || s.old.has(hash))
}

// add returns false if the hash is known already.
func (r *Recent) add(hash uint64, now time.Time) bool {
	s := &r.shards[hash>>60]
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.young.slots == nil {
		s.young = newGeneration(r.size)
		s.old = newGeneration(r.size)
		s.youngest = now
	}
	if s.young.used >= r.size || now.Sub(s.youngest) >= r.age {
		stale := now.Sub(s.youngest) >= 2*r.age
		s.young, s.old = s.old, s.young
		s.young.clear()
		if stale {
			s.old.clear()
		}
		s.youngest = now
	}
	return !s.old.has(hash) && s.young.add(hash)
}

func newGeneration(size int) generation {
	slots := 8
	for slots < 2*size {
		slots *= 2
	}
	return generation{slots: make([]uint64, slots)}
}

func (g *generation) clear() {
	clear(g.slots)
	g.used = 0
}

// at returns the slot that holds the hash or the free one where it belongs.
func (g *generation) at(hash uint64) *uint64 {
	mask := uint64(len(g.slots) - 1)
	for i := hash >> 1 & mask; ; i = (i + 1) & mask {
		if g.slots[i] == hash || g.slots[i] == 0 {
			return &g.slots[i]
		}
	}
}

func (g *generation) has(hash uint64) bool { return *g.at(hash) != 0 }

func (g *generation) add(hash uint64) bool {
	slot := g.at(hash)
	if *slot != 0 {
		return false
	}
	*slot = hash
	g.used++
	return true
}
