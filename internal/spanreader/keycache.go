// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"slices"
	"strings"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// keyCache holds the attribute keys of a scope's recent spans, in their order, with their meaning. Most keys then need one
// comparison and no look-up.
type keyCache struct {
	emitter int16
	steps   []step
	// foreign is the number of keys that no table knows that the cache took in so far.
	foreign int
}

// step is one key of a cache. It keeps together what each attribute of a span needs.
type step struct {
	name string
	use
	llmOnly uint8 // 1 if it is, as in key
	marks   int16
	key     *key // nil if no table knows it
}

// use is what a key means to an emitter.
type use struct {
	valueRow
	how how
}

// how says how a key's value is taken.
type how uint8

const (
	// unused values say nothing to the emitter. Their rank is none.
	unused how = iota
	// asText, asCount, asTime, asTruth and asWords are values of one fact in the usual encodings.
	asText
	asCount
	asTime
	asTruth
	asWords
	// asValue is a value of one fact in any other encoding.
	asValue
	// asRows needs a look at all rows of the key. Its rank is 0, of no field.
	asRows
)

// noStep stands behind the last step of a cache. It has no name; an attribute without a key says nothing either.
var noStep = step{use: unusedUse, marks: unmarked}

// unusedUse is that of a key that says nothing.
var unusedUse = use{valueRow: valueRow{rank: none}, how: unused}

const (
	// maxSteps bounds a cache; spans that have more keys begin it anew.
	maxSteps = 96
	// maxForeign bounds the keys that no table knows in the life of a cache; some emitters make up names.
	maxForeign = 32
	// maxName is the length in bytes up to which such a key is taken in.
	maxName = 256
)

// become makes the cache one of another emitter.
func (c *keyCache) become(family int16) {
	c.emitter = family
	for i := range c.steps {
		c.steps[i].use = c.steps[i].key.use(family)
	}
}

// seek returns the position of a key at or after the one where it was expected. A key that the cache does not have there is put
// where it was expected. It is not if no table knows it and there were many such.
func (c *keyCache) seek(at int, name string, keys *keyTable) (position int, on bool) {
	at = min(at, len(c.steps))
	for i := at + 1; i < len(c.steps); i++ {
		if c.steps[i].name == name {
			return i, true
		}
	}
	k := keys.find(name)
	if k == nil {
		if len(name) > maxName {
			return at, false
		}
		if k = keys.unlisted(name); k == nil {
			if c.foreign == maxForeign {
				return at, false
			}
			c.foreign++
		}
	}
	if len(c.steps) >= maxSteps {
		c.steps, at = c.steps[:0], 0
	}
	c.steps = slices.Insert(c.steps, at, newStep(name, k, c.emitter))
	return at, true
}

// newStep returns a step that holds on to no span.
func newStep(name string, k *key, family int16) step {
	if k == nil {
		return step{name: strings.Clone(name), use: unusedUse, marks: unmarked}
	}
	if k.name != name {
		name = strings.Clone(name) // of a key that stands for several
	} else {
		name = k.name
	}
	s := step{name: name, use: k.use(family), marks: k.marks, key: k}
	if k.llmOnly || k.byWords && emitter.OfModels(name) {
		s.llmOnly = 1
	}
	return s
}

// use returns what the key means to an emitter. A family's own row stands first and takes the place of the other
// rows for its fact.
func (k *key) use(family int16) use {
	if k == nil {
		return unusedUse
	}
	var only *row
	for i := range k.rows {
		r := &k.rows[i]
		switch {
		case r.own >= 0 && r.own != family:
		case only != nil || r.layer != llm.NoLayer || r.kinds != nil || r.inside != nil:
			return use{how: asRows}
		default:
			only = r
		}
	}
	if only == nil || only.field == fact.None {
		return unusedUse
	}
	u := use{valueRow: only.valueRow, how: asValue}
	if only.parts != usage.Unsaid {
		return u
	}
	switch only.encoding {
	case emitter.Text:
		u.how = asText
	case emitter.Count:
		u.how = asCount
	case emitter.Seconds, emitter.FractionalSeconds:
		u.how = asTime
	case emitter.Bool:
		u.how = asTruth
	case emitter.TextList:
		u.how = asWords
	default:
	}
	return u
}

// follow takes what a span says along the cached keys.
func (f *spanValues) follow(c *keyCache, attributes pcommon.Map, keys *keyTable) {
	f.begin(c.emitter)
	at, llmOnly, marked := 0, uint8(0), unmarked
	for name, value := range attributes.All() {
		s := &noStep
		if at < len(c.steps) {
			s = &c.steps[at]
		}
		if !equal(s.name, name) {
			var on bool
			if at, on = c.seek(at, name, keys); !on {
				continue
			}
			s = &c.steps[at]
		}
		at++
		llmOnly |= s.llmOnly
		marked = min(marked, s.marks)
		if s.rank >= f.ranks[s.field] {
			continue
		}
		switch s.how { // the most frequent ones, without a call
		case asText:
			if text := value.Str(); plain(text) {
				f.texts[s.field], f.ranks[s.field] = text, s.rank
				continue
			}
		case asCount:
			if n := value.Int(); n > 0 && n <= maxCount {
				f.numbers[s.field], f.ranks[s.field] = float64(n), s.rank
				continue
			}
		default:
		}
		f.keep(s, value)
	}
	f.llmOnly, f.marked = llmOnly != 0, -1
	if marked != unmarked {
		f.marked = marked
	}
}

// keep keeps the value of a key. The usual values take a shorter way than storeAttribute, to the same end. What has another type
// than the expected one is empty or 0, and not among them.
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
		f.take(s.key, v)
		return
	default:
	}
	f.storeAttribute(s.valueRow, v)
}

// equal compares texts word by word, without the call that == makes: it is in the reader's innermost loop.
func equal(a, b string) bool {
	const word = 8
	last := len(a) - word
	if len(a) != len(b) || last < 0 {
		return a == b
	}
	p, q := unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b))
	for i := 0; i < last; i += word {
		if *(*uint64)(unsafe.Add(p, i)) != *(*uint64)(unsafe.Add(q, i)) {
			return false
		}
	}
	return *(*uint64)(unsafe.Add(p, last)) == *(*uint64)(unsafe.Add(q, last))
}
