// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// keyTable finds the rows of an attribute key. It dismisses the many keys of other conventions after a look at a few of their
// bytes:
//
//	the first 4 bytes of a key ─ hash of 11 bits ─► openings: 1 if a key of LLM emitters opens so
//	first, middle and last bytes, length ─ hash of 13 bits ─► slots ─► keys ─► next key of the slot
type keyTable struct {
	// slots are indexes into keys, 0 if empty.
	slots [1 << slotBits]uint16
	keys  []*key // the first is none
	// endings are the keys that begin with a star, which are known by their ends, by their last byte.
	endings [256][]*key
	// counts are keys by what their words say that they count. They stand for those that are in no table.
	counts map[emitter.Counted]*key
	// names are the same of what else words can say.
	names map[emitter.Said]*key
	// openings are 1 where a llmOnly key opens with the letters of that place; keys of other conventions seldom do.
	openings [1 << openingBits]uint8
}

// unmarked is the mark of keys that identify no family; it is above all others.
const unmarked int16 = math.MaxInt16

// slotBits sizes the table at several slots a key, so that most foreign keys meet an empty one. All slots together (16 KiB) still
// stay in the innermost cache.
const slotBits = 13

// openingBits sizes the table of openings, of which there are some 30.
const openingBits = 11

type key struct {
	name string
	next *key // the next key of the same slot
	// llmOnly keys are written by LLM emitters alone, while the others occur on any span.
	llmOnly bool
	// byWords entries stand for keys that are in no table. Those that begin as keys of models do are llmOnly.
	byWords bool
	// marks is the family that the key's presence identifies, or unmarked.
	marks int16
	// rows hold the families' own rows first.
	rows []row
}

// none is the rank of a fact that nothing was found for.
const none = 255

// valueRow is one way to read a value.
type valueRow struct {
	field    fact.Fact
	encoding emitter.Encoding
	rank     uint8 // of the rows of one fact, the lowest with a good value wins
	// parts says where the parts of the count are, or where the count is as a part.
	parts usage.Place
}

// row is one use of a key, compiled from emitter.Attribute.
type row struct {
	valueRow
	layer llm.Layer
	// own is the index of the only family that the row holds for, or -1.
	own    int16
	kinds  map[string]emitter.Meaning
	inside []insideRow
}

// insideRow is one value inside a JSON attribute.
type insideRow struct {
	// head is the name of the object's member, tail the path below it.
	head, tail string
	valueRow
}

// slot samples the length, the first, the middle and the last four bytes of a name. Keys that share them share a slot.
func slot(name string) uint32 {
	n := len(name)
	if n < 4 {
		return uint32(n)
	}
	tail := name[n-4:]
	x := uint32(tail[0]) | uint32(tail[1])<<8 | uint32(tail[2])<<16 | uint32(tail[3])<<24
	x ^= uint32(n)<<24 ^ uint32(name[0])<<13 ^ uint32(name[n>>1])<<7
	return x * 0x9E3779B1 >> (32 - slotBits)
}

// at returns the entry of a key, adding it if there is none.
func (t *keyTable) at(name string) *key {
	if t.keys == nil {
		t.keys = []*key{nil}
	}
	first := &t.slots[slot(name)]
	for k := t.keys[*first]; k != nil; k = k.next {
		if k.name == name {
			return k
		}
	}
	k := &key{name: name, next: t.keys[*first], marks: unmarked}
	if strings.HasPrefix(name, "*") {
		last := name[len(name)-1]
		t.endings[last] = append(t.endings[last], k)
	}
	*first = uint16(len(t.keys))
	t.keys = append(t.keys, k)
	return k
}

// ending returns the entry of a key that begins with a star and fits a name, or nil.
func (t *keyTable) ending(name string) *key {
	if name == "" {
		return nil
	}
	for _, k := range t.endings[name[len(name)-1]] {
		if emitter.Fits(k.name, name) {
			return k
		}
	}
	return nil
}

// unlisted returns the entry that stands for a key that is in no table, by its words or its end. It may be nil.
func (t *keyTable) unlisted(name string) *key {
	if k := t.worded(name); k != nil {
		return k
	}
	return t.ending(name)
}

// worded returns the entry that stands for a key by its words, or nil.
func (t *keyTable) worded(name string) *key {
	if says, ok := emitter.CountOf(name); ok {
		return t.counts[says]
	}
	if says, ok := emitter.NameOf(name); ok {
		return t.names[says]
	}
	return nil
}

// find returns the entry of a key, or nil.
func (t *keyTable) find(name string) *key {
	s := t.slots[slot(name)]
	if s == 0 {
		return nil
	}
	k := t.keys[s]
	for k != nil && k.name != name {
		k = k.next
	}
	return k
}

// opening returns the place of a name's first four letters.
func opening(name string) uint32 {
	if len(name) < 4 {
		return 0
	}
	x := uint32(name[0]) | uint32(name[1])<<8 | uint32(name[2])<<16 | uint32(name[3])<<24
	return x * 0x9E3779B1 >> (32 - openingBits)
}

// hasLLMKey reports whether a span has a key that only LLM emitters write. Most spans have none, and are
// dismissed after a look at how their keys open.
func (t *keyTable) hasLLMKey(attributes pcommon.Map) bool {
	opens := uint8(0)
	for name := range attributes.All() {
		opens |= t.openings[opening(name)]
	}
	return opens != 0 && t.hasTelling(attributes)
}

// hasTelling reports the same after a look at all of the keys. Keys that are in no table come last.
func (t *keyTable) hasTelling(attributes pcommon.Map) bool {
	for name := range attributes.All() {
		if k := t.find(name); k != nil && k.llmOnly {
			return true
		}
	}
	for name := range attributes.All() {
		if emitter.OfModels(name) && t.find(name) == nil && t.worded(name) != nil {
			return true
		}
	}
	return false
}

// finish puts the families' own rows of each key first, and notes how the llmOnly keys open.
func (t *keyTable) finish() {
	for _, k := range t.keys[1:] {
		slices.SortStableFunc(k.rows, func(a, b row) int { return int(b.own) - int(a.own) })
		if k.llmOnly {
			t.openings[opening(k.name)] = 1
		}
	}
}
