// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// plainWindow is what a window promises, written plainly: lists of hashes, the newest first, and ticks that never begin anew.
type plainWindow struct {
	buckets [][]plainEntry
	aged    int
	dropped int
}

type plainEntry struct {
	hash  uint64
	as    what
	added int
}

func (w *plainWindow) known(hash uint64, now int) what {
	for _, e := range w.buckets[hash%uint64(len(w.buckets))] {
		switch {
		case e.hash != hash:
		case max(now-e.added, e.added-now) <= maxAge:
			return e.as
		default:
			w.aged++
		}
	}
	return 0
}

func (w *plainWindow) add(hash uint64, as what, now int) {
	as |= w.known(hash, now)
	b := &w.buckets[hash%uint64(len(w.buckets))]
	others := slices.DeleteFunc(*b, func(e plainEntry) bool { return e.hash>>32 == hash>>32 })
	*b = slices.Insert(others, 0, plainEntry{hash, as, now})
	if len(*b) > bucketSize {
		*b = (*b)[:bucketSize]
		w.dropped++
	}
}

// Hashes of few buckets come in any order, again and again. Commits overtake each other, and ticks begin anew.
func TestAWindowKnowsWhatAPlainOneKnows(t *testing.T) {
	aged, dropped := 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := newWindow(8, maxAge) // A tick is a nanosecond.
		plain := plainWindow{buckets: make([][]plainEntry, len(w.buckets))}
		hashes := make([]uint64, 4+r.IntN(60))
		for i := range hashes {
			hashes[i] = r.Uint64()
			if i%8 == 7 {
				hashes[i] = hashes[i-1] ^ 1<<(tickBits+whatBits+r.IntN(8)) // Their upper halves are equal.
			}
		}
		now := int(r.Uint64() >> 20)
		for range 2000 {
			now += r.IntN(40) - 10
			tick, hash := w.ticks(time.Unix(0, int64(now))), hashes[r.IntN(len(hashes))]
			require.Equal(t, plain.known(hash, now), w.known(hash, tick), "seed %d", seed)
			if r.IntN(2) == 0 {
				as := what(r.Uint64()) & allWhat
				w.add(hash, as, tick)
				plain.add(hash, as, now)
			}
		}
		aged, dropped = aged+plain.aged, dropped+plain.dropped
	}
	assert.NotZero(t, aged)
	assert.NotZero(t, dropped)
}

// A free place looks like a hash of zeros that stands for nothing. Of other hashes all but few bits are kept.
func TestAWindowKeepsHashesApart(t *testing.T) {
	w := newWindow(1<<17, time.Hour)
	now := w.ticks(time.Unix(1e9, 0))
	require.Zero(t, w.known(0, now))
	w.add(0, countedSpan, now)
	require.Equal(t, countedSpan, w.known(0, now))
	alike := 0
	for bit := range 64 {
		if w.known(1<<bit, now) != 0 {
			alike++
		}
	}
	require.Equal(t, 64-16-44, alike, "16 bits tell buckets apart, 44 are kept")
}
