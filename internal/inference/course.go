package inference

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// course is what the spans of one scope usually say: their known keys, in the order in which the spans have them,
// and what each means to an emitter. Spans of a scope are much alike, so that comparing a key with the next one of
// the course takes the place of looking it up.
type course struct {
	emitter int16
	steps   []step
}

// step is one key of a course. It keeps together what following the course looks at.
type step struct {
	name string
	use
	telling bool
	marks   int16
	key     *key
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

// maxSteps bounds a course; spans that have more keys begin it anew.
const maxSteps = 96

// become makes the course one of another emitter.
func (c *course) become(emitter int16) {
	c.emitter = emitter
	for i := range c.steps {
		c.steps[i].use = c.steps[i].key.use(emitter)
	}
}

// seek returns the position of a known key, at or after the one where it was expected. A key that the course does not
// have there is put where it was expected.
func (c *course) seek(at int, k *key) int {
	for i := at + 1; i < len(c.steps); i++ {
		if c.steps[i].key == k {
			return i
		}
	}
	if len(c.steps) >= maxSteps {
		c.steps, at = c.steps[:0], 0
	}
	c.steps = slices.Insert(c.steps, at, step{
		name: k.name, use: k.use(c.emitter), telling: k.telling, marks: k.marks, key: k,
	})
	return at
}

// use returns what the key means to an emitter. A dialect's own row stands first and takes the place of the other
// rows for its field.
func (k *key) use(emitter int16) use {
	var only *row
	for i := range k.rows {
		r := &k.rows[i]
		switch {
		case r.own >= 0 && r.own != emitter:
		case only != nil || r.layer != dialect.NoLayer || r.kinds != nil || r.inside != nil:
			return use{how: asRows}
		default:
			only = r
		}
	}
	if only == nil || only.field == dialect.NoField {
		return use{}
	}
	u := use{valueRow: only.valueRow, how: asValue}
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
			k := keys.find(name)
			if k == nil {
				continue
			}
			at = c.seek(at, k)
		}
		s := &c.steps[at]
		at++
		telling = telling || s.telling
		marked = min(marked, s.marks)
		if s.how == asRows {
			f.take(s.key, value)
		} else if s.rank < f.ranks[s.field] && s.how != unused {
			f.keep(s, value)
		}
	}
	f.telling, f.marked = telling, -1
	if marked != unmarked {
		f.marked = marked
	}
}

// keep keeps the value of a key with one meaning. The usual types take a shorter way than storeAttribute, to the same
// end.
func (f *found) keep(s *step, v pcommon.Value) {
	switch t := v.Type(); {
	case t == pcommon.ValueTypeStr && s.how == asText:
		if text := trim(v.Str()); says(text) {
			f.texts[s.field] = text
			f.ranks[s.field] = s.rank
		}
	case t == pcommon.ValueTypeInt && s.how == asCount:
		if n := v.Int(); n >= 0 && n <= maxCount {
			f.keepNumber(s.field, s.rank, float64(n))
		}
	case t == pcommon.ValueTypeDouble && s.how == asTime && plausible(v.Double(), f.duration):
		f.keepNumber(s.field, s.rank, v.Double())
	case t == pcommon.ValueTypeBool && s.how == asTruth:
		f.keepNumber(s.field, s.rank, truth(v.Bool()))
	case t == pcommon.ValueTypeSlice && s.how == asWords && v.Slice().Len() == 1 && v.Slice().At(0).Type() == pcommon.ValueTypeStr:
		if text := trim(v.Slice().At(0).Str()); says(text) && text[0] != '[' {
			f.keepWord(s.field, s.rank, text)
		} else {
			f.storeAttribute(s.valueRow, v)
		}
	default:
		f.storeAttribute(s.valueRow, v)
	}
}
