// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// follow takes what a span says along the cached keys.
func (f *spanValues) follow(c *keyCache, attributes pcommon.Map, keys *keyTable) {
	f.begin(c, keys)
	s := c.first
	for name, value := range attributes.All() { // Most need no call, which would have all that is at hand put away.
		if len(s.name) == len(name) && ofUsualLength(name) &&
			sameAt(0, s.name, name) && sameAt(wordSize, s.name, name) && sameAt(2*wordSize, s.name, name) {
			f.llmOnly |= s.llmOnly
			if s.rank >= f.ranks[s.field] {
				s = s.next
				continue
			}
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
			name = s.name // which needs no further comparison
		}
		s = f.aside(s, name, value)
	}
	if f.marked == unmarked {
		f.marked = -1
	}
}

// aside takes an attribute that has another key than was expected, or another value. It returns the step that is expected next.
func (f *spanValues) aside(s *step, name string, v pcommon.Value) *step {
	if s.name != name {
		at := s
		if s = f.cache.seek(s, name, f.keys); s == nil {
			return at
		}
	}
	f.llmOnly |= s.llmOnly
	f.marked = min(f.marked, s.marks)
	if s.rank < f.ranks[s.field] {
		f.keep(s, v)
	}
	return s.next
}

// keep keeps the value of a key. The usual values take a shorter way than storeAttribute, to the same end. What has another type
// than the expected one is empty or 0, and not among them.
func (f *spanValues) keep(s *step, v pcommon.Value) {
	switch s.how {
	case asText:
		if text := v.Str(); plain(text) {
			f.texts[s.field], f.ranks[s.field] = text, s.rank
			return
		}
	case asCount:
		if n := v.Int(); n > 0 && n <= maxCount {
			f.keepNumber(s.field, s.rank, float64(n))
			return
		}
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
