// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// address names a row in emitter.Precedence.
func address(key, path string) string {
	if path == "" {
		return key
	}
	return key + "#" + path
}

// ranks gives every source of a fact its place. First come those that emitter.Precedence lists, then the others in the order in
// which they are asked for.
type ranks struct {
	listed [fact.Carried]map[string]uint8
	next   [fact.Carried]uint8
	given  map[string]uint8
}

// newRanks puts the user's own attributes before all others.
func newRanks(own []emitter.Attribute) *ranks {
	r := &ranks{given: map[string]uint8{}}
	precedence := map[fact.Fact][]string{}
	for i := range own {
		precedence[own[i].Fact] = append(precedence[own[i].Fact], own[i].Key)
	}
	for field, order := range emitter.Precedence {
		precedence[field] = append(precedence[field], order...)
	}
	for field, order := range precedence {
		r.listed[field] = make(map[string]uint8, len(order))
		for i, name := range order {
			if _, again := r.listed[field][name]; !again {
				r.listed[field][name] = uint8(min(i, zeroRank-1))
			}
		}
		r.next[field] = uint8(min(len(order), zeroRank-1))
	}
	return r
}

func (r *ranks) of(field fact.Fact, name string) uint8 {
	if rank, ok := r.listed[field][name]; ok {
		return rank
	}
	most := uint8(none - 2)
	if isCount(field) {
		most = zeroRank - 1
	}
	id := field.String() + " " + name
	if rank, ok := r.given[id]; ok {
		return rank
	}
	rank := min(r.next[field], most)
	r.next[field] = rank + 1
	r.given[id] = rank
	return rank
}

// NewReader compiles the families and the user's options.
func NewReader(options Options) *Reader {
	r := &Reader{
		families:   emitter.All(),
		events:     map[string][]eventRow{},
		operations: maps.Clone(emitter.Operations),
		providers:  maps.Clone(emitter.Providers),
		resource:   newKeyIndex(options.ResourceKeys),
		options:    options,
		maxText:    options.MaxText,
	}
	maps.Copy(r.operations, options.Operations)
	maps.Copy(r.providers, options.Providers)
	r.signals = newRenames(options.Signals)
	r.models, r.providerPatterns = newRenames(options.Models), newRenames(options.Providers)
	if !options.Runs {
		options.Unread = append(slices.Clone(options.Unread), fact.ToolName, fact.AgentName)
	}
	for l := range r.layers {
		r.layers[l] = len(options.Layers) == 0
	}
	for _, l := range options.Layers {
		r.layers[l] = true
	}
	r.compile(r.families, &options)
	return r
}

// compile builds the tables out of the families and the user's own keys.
func (r *Reader) compile(families []emitter.Family, options *Options) {
	order := newRanks(options.Attributes)
	r.inputRank = order.of(fact.InputTokens, emitter.InputKey)
	wanted := func(field fact.Fact) bool { return !slices.Contains(options.Unread, field) }
	for _, fields := range emitter.SplitFacts {
		r.modalities = r.modalities || slices.ContainsFunc(fields[:], wanted)
	}
	for _, extra := range options.Attributes {
		k := r.keys.at(extra.Key)
		k.llmOnly = k.llmOnly || !extra.Generic
		r.addRow(k, -1, extra, order, wanted)
	}
	for i := range families {
		d := &families[i]
		r.emitters = append(r.emitters, compiledFamily{
			name: d.Name, layer: d.Layer, provider: d.Provider, traits: d.Quirks, counts: d.Counts, events: len(d.Logs) > 0, spans: d.Spans, named: wholeNames(d.Spans),
		})
		for _, a := range d.Attributes {
			if a.Fact != fact.None && a.Encoding != emitter.JSON && !wanted(a.Fact) && !a.Identifies && a.Layer == llm.NoLayer {
				continue
			}
			k := r.keys.at(a.Key)
			k.llmOnly = k.llmOnly || !a.Generic && !a.EmitterSpecific
			if a.Identifies {
				k.marks = min(k.marks, int16(i))
			}
			own := int16(-1)
			if a.EmitterSpecific {
				own = int16(i)
			}
			r.addRow(k, own, a, order, wanted)
		}
		for _, e := range d.Events {
			if wanted(e.Fact) {
				r.addEvent(e, order)
			}
		}
	}
	r.keys.counts = map[emitter.Counted]*key{}
	for says := range emitter.CountMeanings {
		if !wanted(says.Fact) {
			continue
		}
		k := &key{marks: unmarked, byWords: true}
		a := emitter.Attribute{Fact: says.Fact, Encoding: emitter.Count, Parts: says.Parts}
		if says.Short {
			a.Key = "short" // It stands behind the whole.
		}
		r.addRow(k, -1, a, order, wanted)
		if says.Short {
			r.shortRank = k.rows[0].rank
		}
		r.keys.counts[says] = k
	}
	r.keys.names = map[emitter.Said]*key{}
	for says := range emitter.NameMeanings {
		if wanted(says.Fact) {
			k := &key{marks: unmarked, byWords: true}
			r.addRow(k, -1, emitter.Attribute{Fact: says.Fact, Encoding: says.Encoding}, order, wanted)
			r.keys.names[says] = k
		}
	}
	r.keys.finish()
	r.compileResources(families)
}

// compileResources sorts the resource attributes that identify families by their keys. Of several families the first counts.
func (r *Reader) compileResources(families []emitter.Family) {
	var keys []string
	for i := range families {
		for _, p := range families[i].Resource {
			at := slices.Index(keys, p.Key)
			if at < 0 {
				at = len(keys)
				keys, r.resourceRules = append(keys, p.Key), append(r.resourceRules, resourceRules{whole: map[string]int16{}})
			}
			rules := &r.resourceRules[at]
			if strings.Contains(p.Value, "*") {
				rules.patterns = append(rules.patterns, resourceRule{p.Value, int16(i)})
			} else if _, again := rules.whole[p.Value]; !again {
				rules.whole[p.Value] = int16(i)
			}
		}
	}
	r.identifying = newKeyIndex(keys)
}

func (r *Reader) addRow(k *key, own int16, a emitter.Attribute, order *ranks, wanted func(fact.Fact) bool) {
	compiled := row{valueRow: valueRow{field: a.Fact, encoding: a.Encoding, parts: a.Parts}, layer: a.Layer, own: own, kinds: a.Meanings}
	if a.Encoding == emitter.JSON {
		for _, in := range a.JSONFields {
			if !wanted(in.Fact) {
				continue
			}
			head, tail, _ := strings.Cut(in.Path, ".")
			compiled.inside = append(compiled.inside, insideRow{
				head: head, tail: tail,
				valueRow: valueRow{field: in.Fact, encoding: in.Encoding, rank: order.of(in.Fact, address(a.Key, in.Path)), parts: in.Parts},
			})
		}
	} else {
		compiled.rank = order.of(a.Fact, a.Key)
	}
	if !wanted(a.Fact) {
		compiled.field = fact.None
	}
	if own < 0 && slices.ContainsFunc(k.rows, compiled.repeats) {
		return // Several families write the key.
	}
	k.rows = append(k.rows, compiled)
}

// repeats reports whether another row of the same key says the same.
func (r *row) repeats(other row) bool {
	return r.own == other.own && r.valueRow == other.valueRow && r.layer == other.layer && r.kinds == nil && other.kinds == nil &&
		r.inside == nil && other.inside == nil
}

func (r *Reader) addEvent(e emitter.Event, order *ranks) {
	compiled := eventRow{e, order.of(e.Fact, "event:"+e.Name)}
	if strings.Contains(e.Name, "*") {
		r.eventPatterns = append(r.eventPatterns, compiled)
		return
	}
	r.events[e.Name] = append(r.events[e.Name], compiled)
	if e.Since != "" {
		began := emitter.Event{Name: e.Since, Fact: e.Fact, Begins: true}
		if !slices.ContainsFunc(r.events[e.Since], func(x eventRow) bool { return x.Begins && x.Fact == e.Fact }) {
			r.events[e.Since] = append(r.events[e.Since], eventRow{began, none})
		}
	}
}

// wholeNames gives the row of a table that a name without a star comes to.
func wholeNames(spans []emitter.Span) map[string]int {
	rows := make(map[string]int, len(spans))
	for _, s := range spans {
		if !strings.Contains(s.Name, "*") {
			rows[s.Name] = slices.IndexFunc(spans, func(t emitter.Span) bool { return match.Match(t.Name, s.Name) })
		}
	}
	return rows
}
