// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"slices"
	"strings"

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
	llmOnly bool
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
	// unused values say nothing to the emitter.
	unused how = iota
	// asText, asCount, asTime, asTruth and asWords are values of one field in the usual encodings.
	asText
	asCount
	asTime
	asTruth
	asWords
	// asValue is a value of one field in any other encoding.
	asValue
	// asRows needs a look at all rows of the key.
	asRows
)

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
		if k = keys.ending(name); k == nil {
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
		return step{name: strings.Clone(name), marks: unmarked}
	}
	if k.name != name {
		name = strings.Clone(name) // of a key that begins with a star
	} else {
		name = k.name
	}
	return step{name: name, use: k.use(family), llmOnly: k.llmOnly, marks: k.marks, key: k}
}

// use returns what the key means to an emitter. A family's own row stands first and takes the place of the other
// rows for its field.
func (k *key) use(family int16) use {
	if k == nil {
		return use{}
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
		return use{}
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
	at, llmOnly, marked := 0, false, unmarked
	for name, value := range attributes.All() {
		if at >= len(c.steps) || c.steps[at].name != name {
			var on bool
			if at, on = c.seek(at, name, keys); !on {
				continue
			}
		}
		s := &c.steps[at]
		at++
		llmOnly = llmOnly || s.llmOnly
		marked = min(marked, s.marks)
		if s.how == unused {
			continue
		}
		if s.how == asRows {
			f.take(s.key, value)
		} else if s.rank < f.ranks[s.field] {
			f.keep(s, value)
		}
	}
	f.llmOnly, f.marked = llmOnly, -1
	if marked != unmarked {
		f.marked = marked
	}
}

// keep keeps the value of a key with one meaning. The usual values take a shorter way than storeAttribute, to the same end. What
// has another type than the expected one is empty or 0, and not among them.
func (f *spanValues) keep(s *step, v pcommon.Value) {
	switch s.how {
	case asText:
		if word := v.Str(); plain(word) {
			f.texts[s.field] = word
			f.ranks[s.field] = s.rank
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
	default:
	}
	f.storeAttribute(s.valueRow, v)
}
