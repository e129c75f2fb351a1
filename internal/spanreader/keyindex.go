// SPDX-License-Identifier: Apache-2.0

package spanreader

// keyIndex finds the position of one of a few keys.
type keyIndex struct {
	keys []string
	// slots are positions plus one, 0 if empty. Their number is a power of two, and at least four times that of keys.
	slots []uint16
}

func newKeyIndex(keys []string) keyIndex {
	size := 16
	for size < 4*len(keys) {
		size *= 2
	}
	x := keyIndex{keys: keys, slots: make([]uint16, size)}
	for i, key := range keys {
		at := slot(key)
		for x.slots[at%uint32(size)] != 0 {
			at++
		}
		x.slots[at%uint32(size)] = uint16(i + 1)
	}
	return x
}

func (x *keyIndex) find(key string) (int, bool) {
	for at := slot(key); ; at++ {
		switch i := int(x.slots[int(at)&(len(x.slots)-1)]) - 1; {
		case i < 0:
			return 0, false
		case x.keys[i] == key:
			return i, true
		}
	}
}
