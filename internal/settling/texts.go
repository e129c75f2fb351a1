// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"hash/maphash"
	"unsafe"
)

// columns is the number of texts of a request that there is room for.
const columns = 16

// texts numbers texts, each kept once for as long as it is held, in memory that is used again. Number 0 is the empty text.
type texts struct {
	seed    maphash.Seed
	entries slab[entry]
	index   index
	// last are the numbers that each column had last: most texts come again at once.
	last [columns]uint32
	// bytes is the length of all texts that are held, room that of the memory for them and others to come, which is given up
	// beyond spare.
	bytes, room, spare int
}

// entry is a text and how often it is held.
type entry struct {
	text []byte
	tag  uint32
	held uint32
}

// hold returns the number of a text, which is held once more.
func (t *texts) hold(column int, text string) uint32 {
	if text == "" {
		return 0
	}
	if last := t.last[column]; last != 0 {
		if e := t.entries.at(last); e.held > 0 && string(e.text) == text {
			e.held++
			return last
		}
	}
	number := t.find(text)
	t.last[column] = number
	return number
}

func (t *texts) find(text string) uint32 {
	tag := uint32(maphash.String(t.seed, text))
	if len(t.index.slots) > 0 {
		for at := t.index.first(tag); t.index.slots[at].place != 0; at = t.index.next(at) {
			if s := t.index.slots[at]; s.tag == tag {
				if e := t.entries.at(s.place); string(e.text) == text {
					e.held++
					return s.place
				}
			}
		}
	}
	number := t.entries.take()
	e := t.entries.at(number)
	t.room -= cap(e.text)
	e.text, e.tag, e.held = append(e.text[:0], text...), tag, 1
	t.room += cap(e.text)
	t.index.add(tag, number)
	t.bytes += len(text)
	return number
}

// again holds a number once more.
func (t *texts) again(number uint32) uint32 {
	if number != 0 {
		t.entries.at(number).held++
	}
	return number
}

// release lets go of a number.
func (t *texts) release(number uint32) {
	if number == 0 {
		return
	}
	e := t.entries.at(number)
	e.held--
	if e.held > 0 {
		return
	}
	t.index.remove(e.tag, number)
	t.bytes -= len(e.text)
	if t.room > t.spare {
		t.room -= cap(e.text)
		e.text = nil
	}
	t.entries.giveBack(number)
}

// text returns the text of a number, valid while the number is held.
func (t *texts) text(number uint32) string {
	if number == 0 {
		return ""
	}
	e := t.entries.at(number)
	return unsafe.String(unsafe.SliceData(e.text), len(e.text)) // nothing writes to it while it is held
}
