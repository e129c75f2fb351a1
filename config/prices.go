// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/pricing"
)

// Prices are what computes the cost of requests that do not report it.
type Prices struct {
	// Overrides are prices of some requests only, such as those of a tenant. The first that fits a request and has
	// a price for its model counts, before Models.
	Overrides []PriceOverride `mapstructure:"overrides"`
	// Models are prices of models; the first that fits counts, before those of File.
	Models []ModelPrice `mapstructure:"models"`
	// File is a price list in the format of LiteLLM's model_prices_and_context_window.json. It is read again
	// when it changes. A list that cannot be read leaves the last good one in place, or none at the start, and is tried
	// again with each delivery; `validate` reports it.
	File string `mapstructure:"file"`
}

// PriceOverride is the prices of the requests that have an attribute of a value.
type PriceOverride struct {
	// Attribute is an attribute's name.
	Attribute string `mapstructure:"attribute"`
	// From is what has the attribute: "span" (default), "scope" or "resource".
	From Holder `mapstructure:"from"`
	// Concept is, instead of an attribute, a value that emitters write under keys of their own: "user", "tenant", "session"
	// or "endpoint".
	Concept string `mapstructure:"concept"`
	// Value is the value that fits, in which "*" stands for any characters; case matters.
	Value string `mapstructure:"value"`
	// Models are prices of models, at least one; the first that fits counts.
	Models []ModelPrice `mapstructure:"models"`
}

// ModelPrice is the price of models in US dollars per million tokens. Each price is finite and at least 0, which is
// free.
type ModelPrice struct {
	// Model and Provider are names, in which "*" stands for any characters. Without Provider all fit.
	Model    string `mapstructure:"model"`
	Provider string `mapstructure:"provider"`
	// Input and Output are the prices of tokens, of which one at least is set. A request with tokens whose price is
	// not set has no cost. Those below are parts of them and cost the same unless they have prices of their own.
	Input      *float64 `mapstructure:"input"`
	Output     *float64 `mapstructure:"output"`
	CacheRead  *float64 `mapstructure:"cache_read"`
	CacheWrite *float64 `mapstructure:"cache_write"`
	Reasoning  *float64 `mapstructure:"reasoning"`
}

// perMillion is the number of tokens that users' prices are for.
const perMillion = 1e6

func (o *PriceOverride) source() source { return source{o.Attribute, o.From, o.Concept} }

// Validate checks that the override says which requests it is for, and at which prices.
func (o PriceOverride) Validate() error {
	errs := []error{o.source().validate()}
	if o.Value == "" {
		errs = append(errs, errors.New("value: must be the value of the requests that the prices are for, such as team-a*"))
	}
	if len(o.Models) == 0 {
		errs = append(errs, errors.New("models: must have at least one price, got none"))
	}
	return errors.Join(errs...)
}

// Validate checks the prices.
func (p ModelPrice) Validate() error {
	var errs []error
	if p.Model == "" {
		errs = append(errs, errors.New("model: must name the models that the price is for, such as gpt-4o*"))
	}
	if p.Input == nil && p.Output == nil {
		errs = append(errs, errors.New("needs input, output or both, which are 0 for what is free"))
	}
	for _, price := range []struct {
		key   string
		value *float64
	}{
		{"input", p.Input},
		{"output", p.Output},
		{"cache_read", p.CacheRead},
		{"cache_write", p.CacheWrite},
		{"reasoning", p.Reasoning},
	} {
		if price.value != nil && (!(*price.value >= 0) || math.IsInf(*price.value, 0)) {
			errs = append(errs, fmt.Errorf("%s: must be finite and at least 0 dollars per million tokens, got %v", price.key, *price.value))
		}
	}
	return errors.Join(errs...)
}

// Set reports whether there are any prices.
func (p *Prices) Set() bool { return len(p.Overrides) > 0 || len(p.Models) > 0 || p.File != "" }

// table returns the prices, with those of a list by name, for requests that are read with those options.
func (p *Prices) table(reading inference.Options, names map[string]pricing.Price) *pricing.Table {
	overrides := make([]pricing.Override, 0, len(p.Overrides))
	for i := range p.Overrides {
		o := &p.Overrides[i]
		overrides = append(overrides, pricing.Override{Of: o.source().value(&reading), Value: o.Value, Rules: rules(o.Models)})
	}
	return pricing.NewTable(rules(p.Models), names, overrides...)
}

// read adds what the reader has to read for the prices.
func (p *Prices) read(reading *inference.Options) {
	for i := range p.Overrides {
		p.Overrides[i].source().value(reading)
	}
}

func rules(models []ModelPrice) []pricing.Rule {
	rules := make([]pricing.Rule, 0, len(models))
	for _, m := range models {
		rules = append(rules, pricing.Rule{Model: m.Model, Provider: m.Provider, Price: pricing.Price{
			Input: perToken(m.Input), Output: perToken(m.Output),
			CacheRead: perToken(m.CacheRead), CacheWrite: perToken(m.CacheWrite), Reasoning: perToken(m.Reasoning),
		}})
	}
	return rules
}

func perToken(price *float64) *float64 {
	if price == nil {
		return nil
	}
	token := *price / perMillion
	return &token
}
