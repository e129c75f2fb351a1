// SPDX-License-Identifier: Apache-2.0

package settling

import "sync/atomic"

// holding says of which traces anything may be held, by a part of their hash. It is asked without a lock, and errs on the side of
// yes. What leaves changes nothing: now and then all is worked out anew from what the index holds.
type holding struct {
	bits []atomic.Uint64
	// came are the tags of traces that the bits do not show yet.
	came []uint32
	// left is the number of traces that left since the bits were worked out.
	left int
	// anew is room for that.
	anew []uint64
}

const (
	// holdingBits is the number of bits. Of 100,000 traces that are held and as many that left, one in three others looks held.
	holdingBits = 1 << 19
	wordBits    = 64
)

func newHolding() holding {
	return holding{bits: make([]atomic.Uint64, holdingBits/wordBits), anew: make([]uint64, holdingBits/wordBits)}
}

func bitOf(tag uint32) (word uint32, bit uint64) {
	return tag % holdingBits / wordBits, 1 << (tag % wordBits)
}

// has reports whether anything of a trace may be held.
func (h *holding) has(tag uint32) bool {
	word, bit := bitOf(tag)
	return h.bits[word].Load()&bit != 0
}

// come notes a trace. The bits show it after follow.
func (h *holding) come(tag uint32) { h.came = append(h.came, tag) }

// follow makes the bits show what came. Where more left than half of what the index has room for it shows what that holds. Atomic
// stores wait for all that was written before, and so come one after the other.
func (h *holding) follow(x *index) {
	for _, tag := range h.came {
		word, bit := bitOf(tag)
		if old := h.bits[word].Load(); old&bit == 0 {
			h.bits[word].Store(old | bit) // nobody else writes
		}
	}
	h.came = h.came[:0]
	if h.left > len(x.slots)/2 {
		h.renew(x)
	}
}

// renew makes the bits show what the index holds. Nobody may see a bit that is missing meanwhile.
func (h *holding) renew(x *index) {
	clear(h.anew)
	for _, s := range x.slots {
		if s.place != 0 {
			word, bit := bitOf(s.tag)
			h.anew[word] |= bit
		}
	}
	for i, word := range h.anew {
		if h.bits[i].Load() != word {
			h.bits[i].Store(word)
		}
	}
	h.left = 0
}
