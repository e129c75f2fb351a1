package inference

import (
	"sync/atomic"
	"time"
)

// window is a set of hashes that forgets the old ones. It needs no lock: of callers that add the same hash, one at a
// time must do so, and callers with different hashes do not mind each other.
//
// It is a table of small groups, each of one cache line, so that looking for a hash and adding it touch memory once. A
// group that is full forgets its oldest hash. There is room for four times the promised number, so that of a full
// window less than one hash in a thousand is forgotten early. Two hashes are taken for one with a chance of less than
// one in 10^13.
type window struct {
	groups []group
	mask   uint64
	unit   time.Duration
}

// group holds entries: the hash's upper 48 bits, of which the first is always set, and in the lower 16 the tick in
// which it was added. 0 is a free place.
type group [8]atomic.Uint64

// maxAge is the age of a window in ticks. Ticks begin anew after 65,536.
const maxAge = 1000

func newWindow(size int, age time.Duration) *window {
	groups := 1
	for groups*len(group{}) < 4*size {
		groups *= 2
	}
	return &window{groups: make([]group, groups), mask: uint64(groups - 1), unit: max(age/maxAge, 1)}
}

// ticks returns a time in ticks.
func (w *window) ticks(now time.Time) uint64 { return uint64(now.UnixNano()/int64(w.unit)) & 0xFFFF }

// age returns the age of an entry in ticks. Commits that overtake each other see entries of the future, which are new.
func age(entry, now uint64) uint64 {
	ticks := (now - entry) & 0xFFFF
	if ticks > 0xFFFF-maxAge {
		return 0
	}
	return ticks
}

func mark(hash uint64) uint64 { return hash>>16 | 1<<47 }

// has reports whether a hash is known.
func (w *window) has(hash, now uint64) bool {
	g := &w.groups[hash&w.mask]
	for i := range g {
		switch e := g[i].Load(); {
		case e == 0:
			return false // places are taken from the first on
		case e>>16 == mark(hash) && age(e, now) <= maxAge:
			return true
		}
	}
	return false
}

// fetch has the memory of a hash's group fetched, and does not wait for it.
func (w *window) fetch(hash uint64) { w.groups[hash&w.mask][0].Load() }

// add returns false if the hash is known already.
func (w *window) add(hash, now uint64) bool {
	for {
		place, entry, known := w.groups[hash&w.mask].place(mark(hash), now)
		if known {
			return false
		}
		if place.CompareAndSwap(entry, mark(hash)<<16|now) {
			return true
		}
	}
}

// place looks for a mark, and returns a place for it that is free or has the oldest entry.
func (g *group) place(mark, now uint64) (place *atomic.Uint64, entry uint64, known bool) {
	oldest := uint64(0)
	for i := range g {
		e := g[i].Load()
		if e == 0 {
			// Places are taken from the first on.
			return &g[i], e, false
		}
		old := age(e, now)
		if e>>16 == mark && old <= maxAge {
			return nil, 0, true
		}
		if place == nil || old > oldest {
			place, entry, oldest = &g[i], e, old
		}
	}
	return place, entry, false
}
