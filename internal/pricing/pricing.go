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

// Price is the price of a model in US dollars per token. A kind of tokens without a price of its own costs what the
// tokens that it is a part of cost.
type Price struct {
	// Input and Output are nil where the price is not known, which is not free.
	Input, Output *float64
	// CacheRead and CacheWrite are those of cached input, Reasoning that of output; nil where there is none.
	CacheRead, CacheWrite, Reasoning *float64
}

// Rule is the price of the models that fit it.
type Rule struct {
	// Model and Provider are patterns: "*" stands for any characters, case does not matter, and an empty pattern
	// fits all.
	Model, Provider string
	Price           Price
}

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
}

type override struct {
	of     func(*llm.Request) attr.Value
	value  string
	prices *list
}

// NewTable returns a table of rules, of which the first that fits counts, and of a list by name, which counts where no
// rule fits. A name of the list is that of a model, or of a provider and a model with a slash in between. The first
// override that fits the request and has a price for its model counts before both.
func NewTable(rules []Rule, names map[string]Price, overrides ...Override) *Table {
	t := &Table{all: newList(rules, names)}
	for _, o := range overrides {
		t.overrides = append(t.overrides, override{o.Of, o.Value, newList(o.Rules, nil)})
	}
	return t
}

// Cost returns what a request costs in US dollars, or false if its tokens or the price of one of them are not known:
// an unknown price is not zero. The model that answered counts before the one that was asked for.
func (t *Table) Cost(q *llm.Request) (float64, bool) {
	if q.Number[fact.InputTokens] == llm.Absent && q.Number[fact.OutputTokens] == llm.Absent {
		return 0, false
	}
	for i := range t.overrides {
		o := &t.overrides[i]
		if !o.fits(q) {
			continue
		}
		if price, ok := o.prices.of(q); ok {
			return price.charge(q)
		}
	}
	if price, ok := t.all.of(q); ok {
		return price.charge(q)
	}
	return 0, false
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

// charge charges each token once: cached tokens are a part of the input, reasoning is a part of the output. It is
// false if there are tokens without a price.
func (p *Price) charge(q *llm.Request) (float64, bool) {
	input, output := max(q.Number[fact.InputTokens], 0), max(q.Number[fact.OutputTokens], 0)
	read := min(max(q.Number[fact.CacheReadTokens], 0), input)
	write := min(max(q.Number[fact.CacheWriteTokens], 0), input-read)
	reasoning := min(max(q.Number[fact.ReasoningTokens], 0), output)
	cost := 0.
	for _, part := range [...]struct {
		tokens float64
		price  *float64
	}{
		{input - read - write, p.Input},
		{read, orElse(p.CacheRead, p.Input)},
		{write, orElse(p.CacheWrite, p.Input)},
		{output - reasoning, p.Output},
		{reasoning, orElse(p.Reasoning, p.Output)},
	} {
		switch {
		case part.tokens == 0:
		case part.price == nil:
			return 0, false
		default:
			cost += part.tokens * *part.price
		}
	}
	return cost, true
}

func orElse(price, otherwise *float64) *float64 {
	if price == nil {
		return otherwise
	}
	return price
}
