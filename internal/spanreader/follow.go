// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// follow takes what a span says along the cached keys. Most attributes need no call, which would have all that is at hand put away.
// The body of its loop has to stay small enough to be inlined.
func (f *spanValues) follow(c *keyCache, attributes pcommon.Map, keys *keyTable) {
	f.begin(c, keys)
	s := c.first
	for name, value := range attributes.All() {
		if len(s.name) != len(name) || !ofUsualLength(name) ||
			!sameAt(0, s.name, name) || !sameAt(wordSize, s.name, name) || !sameAt(2*wordSize, s.name, name) {
			found := f.find(s, name)
			if found == nil {
				continue
			}
			s = found
		}
		f.llmOnly |= s.llmOnly
		if s.rank < f.ranks[s.field] {
			switch s.how {
			case asText:
				if text := value.Str(); plain(text) {
					f.texts[s.field], f.ranks[s.field] = text, s.rank
					s = s.next
					continue
				}
			case asCount:
				if n := value.Int(); n > 0 && n <= maxCount {
					f.numbers[s.field], f.ranks[s.field] = float64(n), s.rank
					s = s.next
					continue
				}
			default:
			}
			f.keep(s, value)
		}
		s = s.next
	}
	if f.marked == unmarked {
		f.marked = -1
	}
}

// find returns the step of a key that is not the expected one, or nil.
func (f *spanValues) find(expected *step, name string) *step {
	if expected.name == name {
		return expected // Its length is none of the usual ones.
	}
	return f.cache.seek(expected, name, f.keys)
}

// keep keeps a value that needs a closer look. The usual values take a shorter way than storeAttribute, to the same end. What has
// another type than the expected one is empty or 0, and not among them.
func (f *spanValues) keep(s *step, v pcommon.Value) {
	switch s.how {
	case asTime:
		if seconds := v.Double(); llm.Plausible(seconds, f.duration) {
			f.keepNumber(s.field, s.rank, seconds)
			return
		}
	case asTruth:
		if v.Bool() {
			f.keepNumber(s.field, s.rank, 1)
			return
		}
	case asWords:
		if v.Type() == pcommon.ValueTypeSlice && v.Slice().Len() == 1 {
			if word := v.Slice().At(0).Str(); plain(word) && word[0] != '[' {
				f.keepWord(s.field, s.rank, word)
				return
			}
		}
	case asRows:
		f.marked = min(f.marked, s.marks)
		f.take(s.key, v)
		return
	default:
	}
	f.storeAttribute(s.valueRow, v)
}

// wordSize is the number of bytes that are compared at once.
const wordSize = 8

// ofUsualLength reports whether a key is compared by three pairs of words.
func ofUsualLength(key string) bool { return len(key) >= wordSize && len(key) <= 6*wordSize }

// sameAt reports whether two texts of one length have the same words at a distance from both ends. So they do beyond their middle.
func sameAt(distance int, a, b string) bool {
	return len(b) <= 2*distance ||
		wordAt(a, distance) == wordAt(b, distance) && wordAt(a, len(b)-wordSize-distance) == wordAt(b, len(b)-wordSize-distance)
}

func wordAt(s string, i int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), i))
}
