// SPDX-License-Identifier: Apache-2.0

package settling

import (
	"hash/maphash"
	"unsafe"
)

// pool numbers texts, in memory that is used again. Number 0 is the empty text.
type pool struct {
	seed    maphash.Seed
	entries slab[entry]
	// index finds those that several share.
	index index
	// bytes is the length of all texts that are held. room is that of the memory for them and others to come, which is given up
	// beyond spare.
	bytes, room, spare int
}

// entry is a text and how often it is held.
type entry struct {
	text []byte
	tag  uint32
	held uint32
	// shared is set if the index finds the text.
	shared bool
}

// own returns the number of a text that nothing else holds.
func (t *pool) own(text string) uint32 {
	if text == "" {
		return 0
	}
	number := t.entries.take()
	e := t.entries.at(number)
	t.room -= cap(e.text)
	e.text, e.held, e.shared = append(e.text[:0], text...), 1, false
	t.room += cap(e.text)
	t.bytes += len(text)
	return number
}

// hold returns the number of a text that is kept once, which is held once more.
func (t *pool) hold(text string) uint32 {
	if text == "" {
		return 0
	}
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
	number := t.own(text)
	e := t.entries.at(number)
	e.tag, e.shared = tag, true
	t.index.add(tag, number)
	return number
}

// release lets go of a number.
func (t *pool) release(number uint32) {
	if number == 0 {
		return
	}
	e := t.entries.at(number)
	e.held--
	if e.held > 0 {
		return
	}
	if e.shared {
		t.index.remove(e.tag, number)
	}
	t.bytes -= len(e.text)
	if t.room > t.spare {
		t.room -= cap(e.text)
		e.text = nil
	}
	t.entries.giveBack(number)
}

// text returns the text of a number, valid while the number is held.
func (t *pool) text(number uint32) string {
	if number == 0 {
		return ""
	}
	e := t.entries.at(number)
	return unsafe.String(unsafe.SliceData(e.text), len(e.text)) // nothing writes to it while it is held
}
