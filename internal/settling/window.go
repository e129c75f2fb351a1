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

// bucket holds entries, the newest first and each hash once. An entry is 0 if the place is free, else
//
//	 63                       20 19        14 13          0
//	+---------------------------+------------+-------------+
//	| upper bits of the hash,   | what it    | tick when   |
//	| of which the first is 1   | stands for | it was added|
//	+---------------------------+------------+-------------+
type bucket [8]uint64

// what a hash stands for: any of the following.
type what uint64

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
	for buckets*len(bucket{}) < 4*size {
		buckets *= 2
	}
	return &window{buckets: make([]bucket, buckets), mask: uint64(buckets - 1), unit: max(age/maxAge, 1)}
}

// ticks returns a time in ticks.
func (w *window) ticks(now time.Time) uint64 {
	return uint64(now.UnixNano()/int64(w.unit)) & (1<<tickBits - 1)
}

// fresh reports whether an entry is not too old. Commits that overtake each other see entries of the future, which are new.
func fresh(entry, now uint64) bool {
	ticks := (now - entry) & (1<<tickBits - 1)
	return ticks <= maxAge || ticks >= 1<<tickBits-maxAge
}

// mark returns the part of a hash that an entry keeps, at its place in the entry.
func mark(hash uint64) uint64 { return (hash | 1<<63) &^ (1<<(tickBits+whatBits) - 1) }

// marked reports whether an entry is that of a mark.
func marked(entry, mark uint64) bool { return (entry^mark)>>(tickBits+whatBits) == 0 }

// known returns all that a hash stands for, 0 if it is not known.
func (w *window) known(hash, now uint64) what {
	m := mark(hash)
	g := &w.buckets[hash&w.mask]
	for _, e := range g {
		if marked(e, m) && fresh(e, now) {
			return what(e) & allWhat
		}
		if e == 0 {
			break
		}
	}
	return 0
}

// touch has the memory of a hash's bucket fetched, and does not wait for it unless its result is used.
func (w *window) touch(hash uint64) uint64 { return w.buckets[hash&w.mask][0] }

// add makes a hash stand for something, beside what it stands for already.
func (w *window) add(hash uint64, as what, now uint64) {
	m := mark(hash)
	g := &w.buckets[hash&w.mask]
	at := len(g) - 1
	for i, e := range g {
		if e == 0 || marked(e, m) {
			if fresh(e, now) {
				as |= what(e) & allWhat
			}
			at = i
			break
		}
	}
	copy(g[1:at+1], g[:at])
	g[0] = m | uint64(as) | now
}
