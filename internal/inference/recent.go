package inference

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// Recent remembers which requests were counted lately, so that a span that a sender repeats, or a
// second span of a request that comes in a later batch, is not counted again.
//
// It is a window: it holds at least the last Size identities of the last Age, and forgets older ones.
// Identities are kept as 64-bit hashes under a secret seed; that two of a full default window
// collide has a chance of less than one in 10^8.
type Recent struct {
	seed   maphash.Seed
	size   int // identities per shard and generation
	age    time.Duration
	shards [recentShards]recentShard
}

const recentShards = 16

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

// Admit remembers a request and returns Unique, or returns the rule by which it was counted before.
func (r *Recent) Admit(q *Request, now time.Time) Rule {
	if r.size == 0 || q.TraceID.IsEmpty() {
		return Unique
	}
	trace := attr.Mix(binary.LittleEndian.Uint64(q.TraceID[:8]), binary.LittleEndian.Uint64(q.TraceID[8:]))
	if !r.add(r.hash(attr.Mix(trace, binary.LittleEndian.Uint64(q.SpanID[:]))), now) {
		return Resent
	}
	if q.ID == "" {
		return Unique
	}
	id := attr.Mix(maphash.String(r.seed, q.ID), uint64(q.Layer))
	if !r.add(r.hash(attr.Mix(trace, id)), now) {
		return SameID
	}
	return Unique
}

// hash spreads an identity under the secret seed. Zero marks a free slot, so it is avoided.
func (r *Recent) hash(identity uint64) uint64 {
	var bytes [8]byte
	binary.LittleEndian.PutUint64(bytes[:], identity)
	return maphash.Bytes(r.seed, bytes[:]) | 1
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
