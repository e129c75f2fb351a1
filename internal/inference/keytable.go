package inference

import "github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"

// keyTable finds the rows of an attribute key, and dismisses the many keys of other conventions
// after a look at a few of their bytes.
type keyTable struct {
	slots [1 << slotBits]uint16 // index into keys plus one; 0 is empty
	keys  []key
}

// slotBits sizes the table at several slots a key, so that most foreign keys meet an empty one,
// while all slots together (8 KiB) stay in the innermost cache.
const slotBits = 12

type key struct {
	name string
	next uint16 // the next key of the same slot plus one
	// telling keys are written by LLM emitters alone, while the others occur on any span.
	telling bool
	// marks is the dialect that the key's presence tells, or -1.
	marks int16
	// rows hold the dialects' own rows first.
	rows []row
}

// row is one use of a key, compiled from dialect.Attribute.
type row struct {
	field dialect.Field
	form  dialect.Form
	rank  uint8 // of the rows of one field, the lowest with a good value wins
	layer Layer
	// own is the index of the only dialect that the row holds for, or -1.
	own    int16
	kinds  map[string]dialect.Meaning
	inside []insideRow
}

// insideRow is one value inside a JSON attribute.
type insideRow struct {
	// head is the name of the object's member, tail the path below it.
	head, tail string
	field      dialect.Field
	form       dialect.Form
	rank       uint8
}

// slot samples the length and three bytes of a name; keys that share them share a slot.
func slot(name string) uint32 {
	n := len(name)
	if n == 0 {
		return 0
	}
	x := uint32(n)<<24 | uint32(name[n-1])<<16 | uint32(name[n/2])<<8 | uint32(name[n-n/4-1])
	return x * 0x9E3779B1 >> (32 - slotBits)
}

// at returns the entry of a key, adding it if there is none.
func (t *keyTable) at(name string) *key {
	i := t.find(t.slots[slot(name)], name)
	if i < 0 {
		i = len(t.keys)
		t.keys = append(t.keys, key{name: name, next: t.slots[slot(name)], marks: -1})
		t.slots[slot(name)] = uint16(len(t.keys))
	}
	return &t.keys[i]
}

// find returns the index of a key among those of a slot, or -1.
func (t *keyTable) find(first uint16, name string) int {
	for i := first; i != 0; i = t.keys[i-1].next {
		if t.keys[i-1].name == name {
			return int(i) - 1
		}
	}
	return -1
}
