// SPDX-License-Identifier: Apache-2.0

package settling

// slab keeps values of one kind in chunks, which do not move. It hands out the places of those that were given back. Place 0 is
// none.
type slab[T any] struct {
	chunks []*[chunkSize]T
	free   []uint32
	used   int
}

// A place is the number of a chunk and that of a value in it:
//
//	 31                     10 9          0
//	+-------------------------+------------+
//	|          chunk          |   value    |
//	+-------------------------+------------+
const (
	chunkBits = 10
	chunkSize = 1 << chunkBits
)

// at returns the value at a place, valid until it is given back.
func (s *slab[T]) at(place uint32) *T { return &s.chunks[place>>chunkBits][place&(chunkSize-1)] }

// take returns a place whose value is what was there before, or zero.
func (s *slab[T]) take() uint32 {
	if len(s.free) == 0 {
		s.grow()
	}
	s.used++
	place := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	return place
}

func (s *slab[T]) grow() {
	first := uint32(len(s.chunks) << chunkBits)
	s.chunks = append(s.chunks, new([chunkSize]T))
	for place := first + chunkSize - 1; place > first; place-- {
		s.free = append(s.free, place)
	}
	if first > 0 {
		s.free = append(s.free, first)
	}
}

func (s *slab[T]) giveBack(place uint32) {
	s.used--
	s.free = append(s.free, place)
}

// index finds places by hashes. What else distinguishes two values, its user compares.
type index struct {
	slots []slot
	used  int
}

// slot is a place with the part of its hash that says where it belongs. Place 0 is a free slot.
type slot struct{ tag, place uint32 }

const minSlots = 64

// first returns the slot where values of a hash begin.
func (x *index) first(tag uint32) uint32 { return tag & uint32(len(x.slots)-1) }

// next returns the slot after one.
func (x *index) next(at uint32) uint32 { return (at + 1) & uint32(len(x.slots)-1) }

// add adds a place. Its user looked before that it is not there.
func (x *index) add(tag, place uint32) {
	x.used++
	if x.crowded() {
		x.grow()
	}
	x.put(slot{tag, place})
}

// addAt adds a place like add. Its user found the free slot for it, and the index did not change since.
func (x *index) addAt(at, tag, place uint32) {
	x.used++
	if x.crowded() {
		x.grow()
		x.put(slot{tag, place})
		return
	}
	x.slots[at] = slot{tag, place}
}

// crowded reports whether more than half of the slots are used. Ways are short below that.
func (x *index) crowded() bool { return 2*x.used > len(x.slots) }

func (x *index) put(s slot) {
	at := x.first(s.tag)
	for x.slots[at].place != 0 {
		at = x.next(at)
	}
	x.slots[at] = s
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]slot, max(2*len(old), minSlots))
	for _, s := range old {
		if s.place != 0 {
			x.put(s)
		}
	}
}

// remove removes a place, and moves those that it stood in the way of.
func (x *index) remove(tag, place uint32) {
	slots, mask := x.slots, uint32(len(x.slots)-1)
	hole := tag & mask
	for slots[hole].place != place {
		hole = (hole + 1) & mask
	}
	x.used--
	for at := (hole + 1) & mask; slots[at].place != 0; at = (at + 1) & mask {
		if (at-slots[at].tag)&mask >= (at-hole)&mask {
			slots[hole] = slots[at]
			hole = at
		}
	}
	slots[hole] = slot{}
}
