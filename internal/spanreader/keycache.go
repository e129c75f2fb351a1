// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// keyCache holds the attribute keys of a scope's recent spans, in their order, with their meaning. Most keys then need one
// comparison and no look-up.
type keyCache struct {
	emitter int16
	// first is the first step. The last one has no name and is its own next: an attribute without a key says nothing either.
	first *step
	// length is the number of steps before the last one.
	length int
	// spare are steps that are not in use.
	spare *step
	// foreign is the number of keys that no table knows that the cache took in so far.
	foreign int
}

// step is one key of a cache. It keeps together what each attribute of a span needs.
type step struct {
	name string
	next *step
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
	// asRows needs a look at all rows of the key, or at its mark. Its rank is 0, of no field.
	asRows
)

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

func newKeyCache() keyCache {
	end := &step{use: unusedUse, marks: unmarked}
	end.next = end
	return keyCache{emitter: -1, first: end}
}

// become makes the cache one of another emitter.
func (c *keyCache) become(family int16) {
	c.emitter = family
	for s := c.first; s != s.next; s = s.next {
		s.use = s.key.use(family)
	}
}

// seek returns the step of a key at or after the one where it was expected. A key that the cache does not have there is put
// where it was expected. It is not if no table knows it and there were many such; then there is no step.
func (c *keyCache) seek(expected *step, name string, keys *keyTable) *step {
	for s := expected; s != s.next; s = s.next {
		if s.name == name {
			return s
		}
	}
	k := keys.find(name)
	if k == nil {
		if len(name) > maxName {
			return nil
		}
		if k = keys.unlisted(name); k == nil {
			if c.foreign == maxForeign {
				return nil
			}
			c.foreign++
		}
	}
	if c.length >= maxSteps {
		c.restart()
		expected = c.first
	}
	c.insert(expected, newStep(name, k, c.emitter))
	return expected
}

// insert puts a step in the place of another one, which moves behind it.
func (c *keyCache) insert(at *step, s step) {
	moved := c.spare
	if moved == nil {
		moved = new(step)
	} else {
		c.spare = moved.next
	}
	*moved = *at
	if at.next == at {
		moved.next = moved
	}
	*at, at.next = s, moved
	c.length++
}

// restart takes all steps out of the cache but the last one.
func (c *keyCache) restart() {
	s := c.first
	for s != s.next {
		next := s.next
		s.next, c.spare = c.spare, s
		s = next
	}
	c.first, c.length = s, 0
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
	if k.marks != unmarked {
		return use{how: asRows}
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
