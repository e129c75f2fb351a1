// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// plainly reads a span's attributes in the most obvious way: field by field, source by source in the order of
// precedence, attribute by attribute. It shares only the reading of single values with the Reader.
type plainly struct {
	dialects   []dialect.Dialect
	emitter    int16 // by scope or resource, or -1
	attributes pcommon.Map
	start      pcommon.Timestamp
	duration   float64
}

// source is one way in which a field can be written.
type source struct {
	name    string
	dialect int16
	row     dialect.Attribute
	inside  *dialect.Inside
	order   int
}

type plainValue struct {
	text   string
	number float64
}

// sources lists all attributes that carry a field for the span's emitter, the first to be believed first.
func (p *plainly) sources(field fact.Fact) []source {
	var all []source
	owned := map[string]bool{}
	for i := range p.dialects {
		for _, a := range p.dialects[i].Attributes {
			if a.Own && int16(i) == p.emitter {
				owned[a.Key] = owned[a.Key] || a.Fact == field || a.Fact == fact.None && a.Inside == nil
			}
			if a.Own && int16(i) != p.emitter {
				continue
			}
			if a.Form != dialect.JSON && a.Fact == field {
				all = append(all, source{name: a.Key, dialect: int16(i), row: a})
			}
			for j := range a.Inside {
				if a.Inside[j].Fact == field {
					all = append(all, source{name: a.Key + "#" + a.Inside[j].Path, dialect: int16(i), row: a, inside: &a.Inside[j]})
				}
			}
		}
	}
	all = slices.DeleteFunc(all, func(s source) bool { return owned[s.row.Key] && !s.row.Own && s.inside == nil })
	for i := range all {
		all[i].order = slices.Index(dialect.Precedence[field], all[i].name)
		if all[i].order < 0 {
			// Unlisted sources come after, those that a table names first before the others.
			all[i].order = 1000 + p.position(field, all[i].name)
		}
	}
	slices.SortStableFunc(all, func(a, b source) int { return a.order - b.order })
	return all
}

// position returns the place of a source among all of a field.
func (p *plainly) position(field fact.Fact, name string) int {
	at := 0
	for i := range p.dialects {
		for _, a := range p.dialects[i].Attributes {
			at++
			if a.Fact == field && a.Key == name {
				return at
			}
			for _, in := range a.Inside {
				at++
				if in.Fact == field && a.Key+"#"+in.Path == name {
					return at
				}
			}
		}
	}
	return at
}

// emit decides the emitter by the marks of the span's attributes, where nothing else told it.
func (p *plainly) mark() {
	for i := range p.dialects {
		for _, a := range p.dialects[i].Attributes {
			if _, ok := p.attributes.Get(a.Key); ok && a.Marks && p.emitter < 0 {
				p.emitter = int16(i)
			}
		}
	}
}

func (p *plainly) read(field fact.Fact) (plainValue, bool) {
	v, _, ok := p.readSource(field)
	return v, ok
}

// readSource returns the best value of a field, and where it was found.
func (p *plainly) readSource(field fact.Fact) (plainValue, source, bool) {
	for _, s := range p.sources(field) {
		for key, v := range p.attributes.All() {
			if !isAbout(s.row.Key, key) {
				continue
			}
			if s.inside == nil {
				value := attributeScalar(v)
				if got, ok := p.value(s.row.Fact, s.row.Form, &value); ok {
					return got, s, true
				}
				continue
			}
			if v.Type() != pcommon.ValueTypeStr || len(v.Str()) > maxJSON {
				continue
			}
			if got, ok := p.member(s.inside, v.Str()); ok {
				return got, s, true
			}
		}
	}
	return plainValue{}, source{}, false
}

// isAbout reports whether a row is about a key; keys with a row of their own are no others' end.
func isAbout(row, key string) bool {
	end, star := strings.CutPrefix(row, "*")
	return row == key || star && strings.HasSuffix(key, end) && len(key) <= maxName
}

// member reads a value inside the text of a JSON object.
func (p *plainly) member(in *dialect.Inside, object string) (got plainValue, ok bool) {
	object = toJSON(object)
	head, tail, nested := strings.Cut(in.Path, ".")
	gjson.Parse(object).ForEach(func(name, value gjson.Result) bool {
		if name.Str != head || nested && value.Type != gjson.JSON {
			return true
		}
		if nested {
			value = value.Get(tail)
		}
		v := jsonScalar(value)
		if in.Form == dialect.Parts {
			n, count := v.count()
			if sum, apart := partsOf(object, head); apart {
				n = sum
			}
			got, ok = plainValue{number: n}, count
		} else {
			got, ok = p.value(in.Fact, in.Form, &v)
		}
		return !ok
	})
	return got, ok
}

func (p *plainly) value(field fact.Fact, form dialect.Form, v *scalar) (plainValue, bool) {
	switch form {
	case dialect.Text, dialect.BeforeSlash, dialect.AfterSlash, dialect.AfterSlashes, dialect.Mishap, dialect.Abandoned,
		dialect.Flags:
		text := v.in(form)
		return plainValue{text: text}, text != ""
	case dialect.TextList:
		text := v.deciding(&memo[dialect.FinishMeaning]{})
		return plainValue{text: text}, text != ""
	default:
		number, ok := v.as(form, p.start, p.duration)
		return plainValue{number: number}, ok
	}
}

// kind returns what the class attributes say.
func (p *plainly) kind() dialect.Meaning {
	best, first := dialect.Meaning{}, true
	for _, denying := range []bool{true, false} {
		for _, s := range p.sources(fact.Kind) {
			for key, v := range p.attributes.All() {
				value := attributeScalar(v)
				meaning, ok := s.row.Kinds[strings.ToLower(value.kindWord())]
				if key == s.row.Key && ok && meaning != (dialect.Meaning{}) && len(value.kindWord()) <= maxFolded &&
					meaning.Class.IsRequest() != denying && first {
					best, first = meaning, false
				}
			}
		}
	}
	return best
}
