// SPDX-License-Identifier: Apache-2.0

package settling

import "time"

// window is a set of hashes, each with what it stands for, that forgets the old ones. Its user locks it.
//
// It is a table of small buckets, each of one cache line. So looking for a hash and adding it touch memory once. A bucket that is
// full forgets its oldest hash. There is room for four times the promised number. So a full window forgets less than one hash in
// a thousand early. Two hashes are taken for one with a chance of less than one in 10^12.
type window struct {
	buckets []bucket
	mask    uint64
	unit    time.Duration
}

// bucket holds entries, the newest first and each hash once. The upper halves of hashes lie side by side. So one is looked for with
// eight comparisons. The rest of an entry is
//
//	 31                       20 19        14 13          0
//	+---------------------------+------------+-------------+
//	| next bits of the hash     | what it    | tick when   |
//	|                           | stands for | it was added|
//	+---------------------------+------------+-------------+
//
// A free place stands for nothing. Of hashes with equal upper halves a bucket holds the newest. Two have them with a chance of less
// than one in 10^8.
type bucket struct {
	upper [bucketSize]uint32
	rest  [bucketSize]uint32
}

const bucketSize = 8

// what a hash stands for: any of the following.
type what uint32

const (
	countedSpan what = 1 << (tickBits + iota)
	spanAbove
	clientCall
	frameworkCall
	// metered requests have their tokens in the metrics.
	metered
	// nearest is the span of spanAbove that no other span is known to lie in between.
	nearest
	countedID  = countedSpan // ids share no hash with spans
	lateTokens = countedSpan // nor do the ways in which tokens came late
)

const (
	tickBits = 14
	whatBits = 6
	allWhat  = countedSpan | spanAbove | clientCall | frameworkCall | metered | nearest
)

// maxAge is the age of a window in ticks. Ticks begin anew after 16,384.
const maxAge = 1000

func newWindow(size int, age time.Duration) *window {
	buckets := 1
	for buckets*bucketSize < 4*size {
		buckets *= 2
	}
	return &window{buckets: make([]bucket, buckets), mask: uint64(buckets - 1), unit: max(age/maxAge, 1)}
}

// bucket returns the only bucket that may hold a hash.
func (w *window) bucket(hash uint64) *bucket { return &w.buckets[hash&w.mask] }

// known returns all that a hash stands for, 0 if it is not known.
func (w *window) known(hash uint64, now uint32) what { return w.bucket(hash).known(hash, now) }

// add makes a hash stand for something, beside what it stands for already.
func (w *window) add(hash uint64, as what, now uint32) { w.bucket(hash).add(hash, as, now) }

// touch has the memory of a hash's bucket fetched, and does not wait for it unless its result is used.
func (w *window) touch(hash uint64) uint32 { return w.bucket(hash).upper[0] }

// ticks returns a time in ticks.
func (w *window) ticks(now time.Time) uint32 {
	return uint32(now.UnixNano()/int64(w.unit)) & (1<<tickBits - 1)
}

// fresh reports whether an entry is not too old. Commits that overtake each other see entries of the future, which are new.
func fresh(rest, now uint32) bool {
	ticks := (now - rest) & (1<<tickBits - 1)
	return ticks <= maxAge || ticks >= 1<<tickBits-maxAge
}

// upperOf and nextOf return the parts of a hash that an entry keeps, at their places in the entry.
func upperOf(hash uint64) uint32 { return uint32(hash >> 32) }
func nextOf(hash uint64) uint32  { return uint32(hash) &^ (1<<(tickBits+whatBits) - 1) }

// find returns the place of the entry with an upper half, or bucketSize.
func (g *bucket) find(upper uint32) int {
	switch upper {
	case g.upper[0]:
		return 0
	case g.upper[1]:
		return 1
	case g.upper[2]:
		return 2
	case g.upper[3]:
		return 3
	case g.upper[4]:
		return 4
	case g.upper[5]:
		return 5
	case g.upper[6]:
		return 6
	case g.upper[7]:
		return 7
	}
	return bucketSize
}

// known returns all that a hash stands for, 0 if it is not known.
func (g *bucket) known(hash uint64, now uint32) what {
	at := g.find(upperOf(hash))
	if at == bucketSize {
		return 0
	}
	return g.standsFor(at, hash, now)
}

// standsFor returns all that a hash stands for by the entry with its upper half.
func (g *bucket) standsFor(at int, hash uint64, now uint32) what {
	if rest := g.rest[at]; (rest^nextOf(hash))>>(tickBits+whatBits) == 0 && fresh(rest, now) {
		return what(rest) & allWhat
	}
	return 0
}

// add makes a hash stand for something, beside what it stands for already.
func (g *bucket) add(hash uint64, as what, now uint32) {
	if at := g.find(upperOf(hash)); at == bucketSize {
		old := *g // The compiler knows the length, and that a copy does not overlap. So it calls nothing.
		copy(g.upper[1:], old.upper[:])
		copy(g.rest[1:], old.rest[:])
	} else {
		as |= g.standsFor(at, hash, now)
		copy(g.upper[1:at+1], g.upper[:at])
		copy(g.rest[1:at+1], g.rest[:at])
	}
	g.upper[0] = upperOf(hash)
	g.rest[0] = nextOf(hash) | uint32(as) | now
}
