// SPDX-License-Identifier: Apache-2.0

package config

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// compiler turns settings into what an engine needs, and gathers what the reader has to read for it.
type compiler struct {
	// attributes and numbers are the attributes to read, each once.
	attributes, numbers []spanreader.Source
	// used are fields that the reader would leave alone.
	used []fact.Fact
	// conditions are the texts of the conditions, each once.
	conditions []string
	// defaults are the dimensions of metrics without a list of their own.
	defaults []spanmetrics.Dimension
}

// dimensions compiles a list, which is not nil even if it is empty.
func (c *compiler) dimensions(list []Dimension) []spanmetrics.Dimension {
	compiled := make([]spanmetrics.Dimension, 0, len(list))
	for i := range list {
		compiled = append(compiled, c.dimension(&list[i]))
	}
	return compiled
}

func (c *compiler) dimension(d *Dimension) spanmetrics.Dimension {
	compiled := spanmetrics.Concepts[d.Concept]
	if d.Attribute != "" {
		compiled.Value = tellAttribute(place(&c.attributes, spanreader.Source{Of: holders[d.From], Key: d.Attribute}))
	} else if field, ok := unreadConcepts[d.Concept]; ok {
		c.used = append(c.used, field)
	}
	compiled.Key, compiled.Source, compiled.Max = d.name(), d.source(), d.maxValues()
	compiled.Closed = compiled.Closed && d.MaxValues == nil
	if len(d.Values) > 0 {
		replace := newReplacements(d.Values)
		if compiled.Each != spanmetrics.Once {
			compiled.Refine = replace.in
		} else {
			compiled.Value = refined(compiled.Value, replace.in)
		}
	}
	if d.Default != "" {
		compiled.Value = orDefault(compiled.Value, attr.Text(d.Default))
	}
	return compiled
}

// own gives an instrument the dimensions that the settings list for it: instead of its own, or beside them.
func (c *compiler) own(in *spanmetrics.Instrument, instead, beside []Dimension) {
	switch {
	case instead != nil:
		in.Own = c.dimensions(instead)
		// By target and verdict requests are counted, so that these two always stay.
		in.Extra = slices.DeleteFunc(slices.Clone(in.Extra), func(d spanmetrics.Dimension) bool { return d.Each != spanmetrics.EachTarget })
	case beside != nil:
		in.Own = slices.Concat(c.defaults, c.dimensions(beside))
	default:
	}
}

// condition returns the condition of a text.
func (c *compiler) condition(text Condition) spanmetrics.Condition {
	if text == "" {
		return spanmetrics.Always
	}
	return spanmetrics.Given(place(&c.conditions, string(text)))
}

func refined(value func(*llm.Request) attr.Value, by func(attr.Value) attr.Value) func(*llm.Request) attr.Value {
	return func(q *llm.Request) attr.Value { return by(value(q)) }
}

func orDefault(value func(*llm.Request) attr.Value, otherwise attr.Value) func(*llm.Request) attr.Value {
	return func(q *llm.Request) attr.Value {
		if v := value(q); !v.IsAbsent() {
			return v
		}
		return otherwise
	}
}

// replacements replace values of a dimension.
type replacements []replacement

type replacement struct {
	match string
	value attr.Value
}

func newReplacements(values []Replacement) (r replacements) {
	for _, v := range values {
		r = append(r, replacement{v.Match, attr.Text(v.Value)})
	}
	return r
}

// in returns what a value becomes. What is absent stays so.
func (r replacements) in(v attr.Value) attr.Value {
	if v.IsAbsent() {
		return v
	}
	text, ok := v.Str()
	if !ok {
		var room [32]byte // enough for any number
		text = string(v.Append(room[:0]))
	}
	for i := range r {
		if match.Match(r[i].match, text) {
			return r[i].value
		}
	}
	return v
}
