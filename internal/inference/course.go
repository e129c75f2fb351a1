// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// course is what the spans of one scope usually say: their keys, in the order in which the spans have them,
// and what each means to an emitter. Spans of a scope are much alike, so that comparing a key with the next one of
// the course takes the place of looking it up.
type course struct {
	emitter int16
	steps   []step
	// foreign is the number of keys that no table knows which the course took in so far.
	foreign int
}

// step is one key of a course. It keeps together what following the course looks at.
type step struct {
	name string
	use
	telling bool
	marks   int16
	key     *key // nil if no table knows it
}

// use is what a key means to an emitter.
type use struct {
	valueRow
	how how
}

// how tells how a key's value is taken.
type how uint8

const (
	// unused values say nothing to the emitter.
	unused how = iota
	// asText, asCount, asTime, asTruth and asWords are values of one field in the usual forms.
	asText
	asCount
	asTime
	asTruth
	asWords
	// asValue is a value of one field in any other form.
	asValue
	// asRows needs a look at all rows of the key.
	asRows
)

const (
	// maxSteps bounds a course; spans that have more keys begin it anew.
	maxSteps = 96
	// maxForeign bounds the keys that no table knows in the life of a course; some emitters make up names.
	maxForeign = 32
	// maxName is the length in bytes up to which such a key is taken in.
	maxName = 256
)

// become makes the course one of another emitter.
func (c *course) become(emitter int16) {
	c.emitter = emitter
	for i := range c.steps {
		c.steps[i].use = c.steps[i].key.use(emitter)
	}
}

// seek returns the position of a key at or after the one where it was expected. A key that the course does not
// have there is put where it was expected, unless no table knows it and there were many such.
func (c *course) seek(at int, name string, keys *keyTable) (position int, on bool) {
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
func newStep(name string, k *key, emitter int16) step {
	if k == nil {
		return step{name: strings.Clone(name), marks: unmarked}
	}
	if k.name != name {
		name = strings.Clone(name) // of a key that begins with a star
	} else {
		name = k.name
	}
	return step{name: name, use: k.use(emitter), telling: k.telling, marks: k.marks, key: k}
}

// use returns what the key means to an emitter. A dialect's own row stands first and takes the place of the other
// rows for its field.
func (k *key) use(emitter int16) use {
	if k == nil {
		return use{}
	}
	var only *row
	for i := range k.rows {
		r := &k.rows[i]
		switch {
		case r.own >= 0 && r.own != emitter:
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
	if only.cached != dialect.CacheUnsaid {
		return u
	}
	switch only.form {
	case dialect.Text:
		u.how = asText
	case dialect.Count:
		u.how = asCount
	case dialect.Seconds:
		u.how = asTime
	case dialect.Bool:
		u.how = asTruth
	case dialect.TextList:
		u.how = asWords
	default:
	}
	return u
}

// follow takes what a span says along a course.
func (f *found) follow(c *course, attributes pcommon.Map, keys *keyTable) {
	f.begin(c.emitter)
	at, telling, marked := 0, false, unmarked
	for name, value := range attributes.All() {
		if at >= len(c.steps) || c.steps[at].name != name {
			var on bool
			if at, on = c.seek(at, name, keys); !on {
				continue
			}
		}
		s := &c.steps[at]
		at++
		telling = telling || s.telling
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
	f.telling, f.marked = telling, -1
	if marked != unmarked {
		f.marked = marked
	}
}

// keep keeps the value of a key with one meaning. The usual values take a shorter way than storeAttribute, to the same
// end; what has another type than the one asked for is empty or 0, and not among them.
func (f *found) keep(s *step, v pcommon.Value) {
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
