// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// found reports whether an index leads to a place, and where a way of its hash ends that does not.
func found(x *index, tag, place uint32) (there bool, free uint32) {
	at := x.first(tag)
	for x.slots[at].place != 0 {
		if x.slots[at] == (slot{tag, place}) {
			return true, at
		}
		at = x.next(at)
	}
	return false, at
}

func TestAnIndexLeadsToAllThatItHolds(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		x, model := &index{}, map[uint32]uint32{}
		most := 1 + r.IntN(500)
		for place := uint32(1); place < 3000; place++ {
			// Many ways begin at the last slots, and go on at the first ones.
			tag := [...]uint32{r.Uint32(), r.Uint32N(4), ^r.Uint32N(4)}[r.IntN(3)]
			if len(x.slots) > 0 && r.IntN(2) == 0 {
				_, free := found(x, tag, place)
				x.addAt(free, tag, place)
			} else {
				x.add(tag, place)
			}
			model[place] = tag
			for place, tag := range model {
				if len(model) < most && r.IntN(3) > 0 {
					break
				}
				x.remove(tag, place)
				delete(model, place)
				there, _ := found(x, tag, place)
				require.False(t, there)
			}
			require.Equal(t, len(model), x.used)
			require.GreaterOrEqual(t, len(x.slots), 2*x.used, "ways are short")
			if place%16 == 0 {
				for place, tag := range model {
					there, _ := found(x, tag, place)
					require.True(t, there)
				}
			}
		}
	}
}
