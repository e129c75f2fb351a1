// SPDX-License-Identifier: Apache-2.0

// Package pricing computes what requests cost out of price lists.
//
// A Table is compiled once and never changes; a changed list makes a new table. Prices are in US dollars per token.
package pricing

import (
	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// Override is prices that hold for some requests only, such as those of a tenant.
type Override struct {
	// Of returns the value of a request that decides.
	Of func(*llm.Request) attr.Value
	// Value is a pattern of the value's text, in which "*" stands for any characters. A request without a value
	// fits none.
	Value string
	// Rules are the prices, of which the first that fits a model counts.
	Rules []Rule
}

// Table finds prices. It may be used by many goroutines.
type Table struct {
	overrides []override
	all       *list
	assume    Assume
}

type override struct {
	of     func(*llm.Request) attr.Value
	value  string
	prices *list
}

// NewTable returns a table of rules, of which the first that fits counts. Where no rule fits, a list by name counts. A name of
// the list is that of a model. It can also be a provider and a model with a slash in between. Models are found by LiteLLM's words
// for providers and without the paths of clouds, too. The first override that fits the request and has a price for its model counts
// before both.
func NewTable(assume Assume, rules []Rule, names map[string]Price, overrides ...Override) *Table {
	t := &Table{all: newList(rules, names), assume: assume}
	for _, o := range overrides {
		t.overrides = append(t.overrides, override{o.Of, o.Value, newList(o.Rules, nil)})
	}
	return t
}

// Cost returns what a request costs in US dollars, and what was assumed for it. It is false if the request's tokens or the price
// of one of them are not known. An unknown price is not zero. The model that answered counts before the one that was asked for.
// modalities are the request's tokens by modality, nil if nothing is known of them.
func (t *Table) Cost(q *llm.Request, modalities *llm.ModalityTokens) (cost float64, assumed llm.Assumed, known bool) {
	if q.Number[fact.InputTokens] == llm.Absent && q.Number[fact.OutputTokens] == llm.Absent {
		return 0, 0, false
	}
	for i := range t.overrides {
		o := &t.overrides[i]
		if !o.fits(q) {
			continue
		}
		if price := o.prices.of(q); price != nil {
			return price.charge(q, modalities, t.assume)
		}
	}
	if price := t.all.of(q); price != nil {
		return price.charge(q, modalities, t.assume)
	}
	return 0, 0, false
}

func (o *override) fits(q *llm.Request) bool {
	value := o.of(q)
	if value.IsAbsent() {
		return false
	}
	if text, ok := value.Str(); ok {
		return match.Match(o.value, text)
	}
	var number [24]byte // the longest one fits, so that nothing is allocated
	return match.Match(o.value, string(value.Append(number[:0])))
}
