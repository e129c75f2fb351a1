// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// plainly reads a span's attributes in the most obvious way. It goes fact by fact, source by source in the order of precedence,
// attribute by attribute. It shares only the reading of single values with the Reader.
type plainly struct {
	families   []emitter.Family
	emitter    int16 // by scope or resource, or -1
	attributes pcommon.Map
	start      pcommon.Timestamp
	duration   float64
	// name is what the span's name says where keys of a program's own are read; see ownKeys.
	name emitter.SpanName
}

// source is one way in which a fact can be written.
type source struct {
	name   string
	family int16
	row    emitter.Attribute
	inside *emitter.JSONField
	order  int
	// short is that of emitter.Counted.
	short bool
}

type plainValue struct {
	text   string
	number float64
}

// sources lists all attributes that carry a fact for the span's emitter, the first to be believed first.
func (p *plainly) sources(field fact.Fact) []source {
	var all []source
	owned, inside := map[string]bool{}, map[string]bool{}
	for i := range p.families {
		for _, a := range p.families[i].Attributes {
			if a.EmitterSpecific && int16(i) == p.emitter {
				owned[a.Key] = owned[a.Key] || a.Fact == field || a.Fact == fact.None && a.JSONFields == nil
				inside[a.Key] = inside[a.Key] || a.JSONFields != nil
			}
			if a.EmitterSpecific && int16(i) != p.emitter {
				continue
			}
			if a.Encoding != emitter.JSON && a.Fact == field {
				all = append(all, source{name: a.Key, family: int16(i), row: a})
			}
			for j := range a.JSONFields {
				if a.JSONFields[j].Fact == field {
					all = append(all, source{name: a.Key + "#" + a.JSONFields[j].Path, family: int16(i), row: a, inside: &a.JSONFields[j]})
				}
			}
		}
	}
	for key := range p.attributes.All() {
		if of, ok := emitter.CountOf(key); ok && of.Fact == field && !p.listed(key) {
			all = append(all, source{name: key, family: -1, short: of.Short, row: emitter.Attribute{Key: key, Fact: field, Encoding: emitter.Count, Parts: of.Parts}})
		} else if of, said := emitter.NameOf(key); said && !ok && of.Fact == field && !p.listed(key) {
			all = append(all, source{name: key, family: -1, row: emitter.Attribute{Key: key, Fact: field, Encoding: of.Encoding}})
		}
	}
	for key := range p.attributes.All() {
		of, ok := emitter.OwnKey(key)
		if p.name == 0 || !ok || of.Narrow && !p.name.Has(emitter.NamesNarrow) || p.readsAnyway(key) {
			continue
		}
		if of.Counts && of.Counted.Fact == field {
			all = append(all, source{name: key, family: -2, short: of.Counted.Short, row: emitter.Attribute{Key: key, Fact: field, Encoding: emitter.Count, Parts: of.Counted.Parts}})
		} else if !of.Counts && of.Said.Fact == field {
			all = append(all, source{name: key, family: -2, row: emitter.Attribute{Key: key, Fact: field, Encoding: of.Said.Encoding}})
		}
	}
	all = slices.DeleteFunc(all, func(s source) bool {
		if s.inside != nil {
			return inside[s.row.Key] && !s.row.EmitterSpecific
		}
		return owned[s.row.Key] && !s.row.EmitterSpecific
	})
	for i := range all {
		all[i].order = slices.Index(emitter.Precedence[field], all[i].name)
		if all[i].family < 0 {
			if all[i].order = 1<<20 - int(all[i].family); all[i].short {
				all[i].order += 2
			}
		} else if all[i].order < 0 {
			// Unlisted sources come after, those that a table names first before the others.
			all[i].order = 1000 + p.position(field, all[i].name)
		}
	}
	slices.SortStableFunc(all, func(a, b source) int { return a.order - b.order })
	return all
}

// plainKeys are the keys of all tables, and whether they are read on spans of no known emitter.
var plainKeys = sync.OnceValue(func() map[string]bool {
	keys := map[string]bool{}
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			keys[a.Key] = keys[a.Key] || !a.EmitterSpecific && (a.Fact != fact.None || a.JSONFields != nil || a.Layer != llm.NoLayer)
		}
	}
	return keys
})

// listed reports whether a table has the key.
func (p *plainly) listed(key string) bool {
	_, has := plainKeys()[key]
	return has
}

// readsAnyway reports whether a key is read on spans of no known emitter, be it by its words.
func (p *plainly) readsAnyway(key string) bool {
	_, counts := emitter.CountOf(key)
	_, names := emitter.NameOf(key)
	return (counts || names) && !p.listed(key) || plainKeys()[key]
}

// parts returns where the source's parts are counted.
func (s *source) parts() usage.Place {
	if s.inside != nil {
		return s.inside.Parts
	}
	return s.row.Parts
}

// position returns the place of a source among all of a fact.
func (p *plainly) position(field fact.Fact, name string) int {
	at := 0
	for i := range p.families {
		for _, a := range p.families[i].Attributes {
			at++
			if a.Fact == field && a.Key == name {
				return at
			}
			for _, in := range a.JSONFields {
				at++
				if in.Fact == field && a.Key+"#"+in.Path == name {
					return at
				}
			}
		}
	}
	return at
}

// emit decides the emitter by the marks of the span's attributes, where nothing else did.
func (p *plainly) mark() {
	for i := range p.families {
		for _, a := range p.families[i].Attributes {
			if _, ok := p.attributes.Get(a.Key); ok && a.Identifies && p.emitter < 0 {
				p.emitter = int16(i)
			}
		}
	}
}

func (p *plainly) read(field fact.Fact) (plainValue, bool) {
	v, _, ok := p.readSource(field)
	return v, ok
}

// readSource returns the best value of a fact, and where it was found. A count of 0 is the last to be believed.
func (p *plainly) readSource(field fact.Fact) (plainValue, source, bool) {
	v, s, ok := p.firstSource(field, !isCount(field))
	if !ok && isCount(field) {
		return p.firstSource(field, true)
	}
	return v, s, ok
}

func (p *plainly) firstSource(field fact.Fact, zero bool) (plainValue, source, bool) {
	for _, s := range p.sources(field) {
		for key, v := range p.attributes.All() {
			if !p.isAbout(s.row.Key, key) {
				continue
			}
			if s.inside == nil {
				value := attributeScalar(v)
				if got, ok := p.value(s.row.Fact, s.row.Encoding, &value); ok && (zero || got.number != 0) {
					return got, s, true
				}
				continue
			}
			object, isObject := objectOf(v)
			if !isObject {
				continue
			}
			if got, ok := p.member(s.inside, object); ok && (zero || got.number != 0) {
				return got, s, true
			}
		}
	}
	return plainValue{}, source{}, false
}

// isAbout reports whether a row is about a key. Keys with a row of their own are no others' end, nor are those whose words say it.
func (p *plainly) isAbout(row, key string) bool {
	_, counts := emitter.CountOf(key)
	_, names := emitter.NameOf(key)
	return row == key || !counts && !names && len(key) <= maxName && emitter.Fits(row, key) && !p.listed(key)
}

// member reads a value inside the text of a JSON object.
func (p *plainly) member(in *emitter.JSONField, object string) (got plainValue, ok bool) {
	object = toJSON(object)
	head, tail, nested := strings.Cut(in.Path, ".")
	gjson.Parse(object).ForEach(func(name, value gjson.Result) bool {
		if memberName(name) != head || nested && value.Type != gjson.JSON {
			return true
		}
		if nested {
			value = value.Get(tail)
		}
		v := jsonScalar(value)
		if in.Encoding == emitter.CountWithoutParts {
			n, count := v.count()
			if sum, apart := partsOf(object, head); apart {
				n = sum
			}
			got, ok = plainValue{number: n}, count
		} else {
			got, ok = p.value(in.Fact, in.Encoding, &v)
		}
		return !ok
	})
	return got, ok
}

func (p *plainly) value(field fact.Fact, encoding emitter.Encoding, v *scalar) (plainValue, bool) {
	switch encoding {
	case emitter.Text, emitter.BeforeSlash, emitter.AfterSlash, emitter.AfterSlashes, emitter.AfterDots, emitter.ErrorUnlessSuccess,
		emitter.CancelledFlag, emitter.TimedOutFlag, emitter.EndWord, emitter.GRPCStatus, emitter.EnvoyFlags, emitter.FinishOrNull:
		text := v.textAs(encoding)
		return plainValue{text: text}, text != ""
	case emitter.TextList:
		text := v.deciding(&memo[emitter.FinishMeaning]{})
		return plainValue{text: text}, text != ""
	default:
		number, ok := v.numberAs(encoding, p.start, p.duration)
		return plainValue{number: number}, ok
	}
}

// kind returns what the class attributes say.
func (p *plainly) kind() emitter.Meaning {
	best, first := emitter.Meaning{}, true
	for _, denying := range []bool{true, false} {
		for _, s := range p.sources(fact.Kind) {
			for key, v := range p.attributes.All() {
				value := attributeScalar(v)
				meaning, ok := s.row.Meanings[strings.ToLower(value.kindWord())]
				if key == s.row.Key && ok && meaning != (emitter.Meaning{}) && len(value.kindWord()) <= maxFolded &&
					meaning.Class.IsRequest() != denying && first {
					best, first = meaning, false
				}
			}
		}
	}
	return best
}
