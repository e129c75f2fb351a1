// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"math"

	"github.com/otelcol-llm/otelcol-llm/internal/pricing"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Prices are what computes the cost of requests that do not report it.
type Prices struct {
	// Overrides are prices of some requests only, such as those of a tenant. The first that fits a request and has
	// a price for its model counts, before Models.
	Overrides []PriceOverride `mapstructure:"overrides"`
	// Models are prices of models; the first that fits counts, before those of File.
	Models []ModelPrice `mapstructure:"models"`
	// File is a price list in the format of LiteLLM's model_prices_and_context_window.json. It is read again when it changes. A
	// list that cannot be read leaves the last good one in place, or none at the start. It is tried again with each delivery;
	// `validate` reports it. Models are found by its names of providers, as azure/gpt-4o, and without the paths and regions of clouds.
	File string `mapstructure:"file"`
	// Assume is what is assumed of requests whose spans do not carry it, where it decides about their price.
	Assume PriceAssumptions `mapstructure:"assume"`
}

// PriceOverride is the prices of the requests that have an attribute of a value.
type PriceOverride struct {
	// Attribute is an attribute's name.
	Attribute string `mapstructure:"attribute"`
	// From is what has the attribute: "span" (default), "scope" or "resource".
	From Holder `mapstructure:"from"`
	// Concept is, instead of an attribute, a value that emitters write under different keys: "user", "tenant", "session" or
	// "endpoint".
	Concept string `mapstructure:"concept"`
	// Value is the value that fits, in which "*" stands for any characters; case matters.
	Value string `mapstructure:"value"`
	// Models are prices of models, at least one; the first that fits counts.
	Models []ModelPrice `mapstructure:"models"`
}

// ModelPrice is the price of models.
type ModelPrice struct {
	// Model and Provider are names, in which "*" stands for any characters. Without Provider all fit.
	Model       string `mapstructure:"model"`
	Provider    string `mapstructure:"provider"`
	TokenPrices `mapstructure:",squash"`
	// Tiers are prices of some requests to the model. Those that a tier lacks are the model's. Without a price of its own
	// reasoning costs what the tier's output costs.
	Tiers []PriceTier `mapstructure:"tiers"`
}

// PriceTier is the prices of a service tier, of large requests, or of both together.
type PriceTier struct {
	// ServiceTier is the service tier that the prices are for: "standard", "batch", "flex", "priority" or "other". Without it
	// they hold for all.
	ServiceTier ServiceTier `mapstructure:"service_tier"`
	// AboveInputTokens is the number of input tokens, cached ones included, above which all tokens of a request cost this.
	AboveInputTokens int64 `mapstructure:"above_input_tokens"`
	TokenPrices      `mapstructure:",squash"`
}

// TokenPrices are prices in US dollars per million tokens. Each is finite and at least 0, which is free.
type TokenPrices struct {
	// Input and Output are the prices of tokens, of which a model has one at least. A request with tokens whose price is
	// not set has no cost. Those below are parts of them and cost the same unless they have prices of their own.
	Input  *float64 `mapstructure:"input"`
	Output *float64 `mapstructure:"output"`
	// CacheRead and CacheWrite are parts of the input; CacheWriteHour is the part of CacheWrite that is kept for an hour.
	CacheRead      *float64 `mapstructure:"cache_read"`
	CacheWrite     *float64 `mapstructure:"cache_write"`
	CacheWriteHour *float64 `mapstructure:"cache_write_1h"`
	// Reasoning is a part of the output.
	Reasoning *float64 `mapstructure:"reasoning"`
	// AudioInput and the like are tokens of audio and images. The price of cached ones is that of CacheRead unless set.
	AudioInput     *float64 `mapstructure:"audio_input"`
	ImageInput     *float64 `mapstructure:"image_input"`
	AudioCacheRead *float64 `mapstructure:"audio_cache_read"`
	ImageCacheRead *float64 `mapstructure:"image_cache_read"`
	AudioOutput    *float64 `mapstructure:"audio_output"`
	ImageOutput    *float64 `mapstructure:"image_output"`
}

// PriceAssumptions say what is assumed of requests whose spans do not carry it, where it decides about their price.
type PriceAssumptions struct {
	// ServiceTier is the service tier: "standard" (default), "batch", "flex", "priority" or "other". Requests of a tier
	// without prices cost what the standard one costs.
	ServiceTier ServiceTier `mapstructure:"service_tier"`
	// CacheTTL is how long caches are written for: "5m" (default) or "1h".
	CacheTTL CacheTTL `mapstructure:"cache_ttl"`
}

// ServiceTier is a class of service and price that providers have.
type ServiceTier string

// CacheTTL is how long a provider keeps what a request writes to its cache.
type CacheTTL string

// The times.
const (
	CacheFiveMinutes CacheTTL = "5m"
	CacheHour        CacheTTL = "1h"
)

var serviceTiers = map[ServiceTier]pricing.Service{
	"": pricing.AnyService, "standard": pricing.Standard, "batch": pricing.Batch, "flex": pricing.Flex,
	"priority": pricing.Priority, "other": pricing.OtherService,
}

// Validate checks that there is such a service tier.
func (t ServiceTier) Validate() error {
	if _, ok := serviceTiers[t]; !ok {
		return fmt.Errorf("must be standard, batch, flex, priority or other, got %q", string(t))
	}
	return nil
}

// Validate checks that caches are kept for such a time.
func (t CacheTTL) Validate() error {
	switch t {
	case "", CacheFiveMinutes, CacheHour:
		return nil
	default:
		return fmt.Errorf("must be 5m or 1h, got %q", string(t))
	}
}

// perMillion is the number of tokens that users' prices are for.
const perMillion = 1e6

func (o *PriceOverride) source() source { return source{o.Attribute, o.From, o.Concept} }

// Validate checks that the override says which requests it is for, and at which prices.
func (o PriceOverride) Validate() error {
	errs := []error{o.source().validate()}
	if o.Value == "" {
		errs = append(errs, errors.New("value: must be the value of the requests that the prices are for, such as team-a*, got \"\""))
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
		errs = append(errs, errors.New("model: must name the models that the price is for, such as gpt-4o*, got \"\""))
	}
	if p.Input == nil && p.Output == nil {
		errs = append(errs, errors.New("needs input, output or both, which are 0 for what is free, got neither"))
	}
	return errors.Join(append(errs, p.validate()...)...)
}

// Validate checks that the tier says which requests it is for, and at which prices.
func (t PriceTier) Validate() error {
	var errs []error
	switch {
	case t.AboveInputTokens < 0:
		errs = append(errs, fmt.Errorf("above_input_tokens: must be at least 0 tokens, got %d", t.AboveInputTokens))
	case t.ServiceTier == "" && t.AboveInputTokens == 0:
		errs = append(errs, errors.New("needs service_tier, above_input_tokens or both, which say what requests it is for, got neither"))
	}
	if t.rates() == pricing.NoRates {
		errs = append(errs, errors.New("needs a price at least, such as input, got none"))
	}
	return errors.Join(append(errs, t.validate()...)...)
}

// tokenPrice is one of TokenPrices.
type tokenPrice struct {
	key   string
	part  pricing.Part
	value *float64
}

// all are the prices, set or not.
func (p *TokenPrices) all() [pricing.Parts]tokenPrice {
	return [pricing.Parts]tokenPrice{
		{"input", pricing.Input, p.Input},
		{"output", pricing.Output, p.Output},
		{"cache_read", pricing.CacheRead, p.CacheRead},
		{"cache_write", pricing.CacheWrite, p.CacheWrite},
		{"cache_write_1h", pricing.CacheWriteHour, p.CacheWriteHour},
		{"reasoning", pricing.Reasoning, p.Reasoning},
		{"audio_input", pricing.AudioInput, p.AudioInput},
		{"image_input", pricing.ImageInput, p.ImageInput},
		{"audio_cache_read", pricing.AudioCacheRead, p.AudioCacheRead},
		{"image_cache_read", pricing.ImageCacheRead, p.ImageCacheRead},
		{"audio_output", pricing.AudioOutput, p.AudioOutput},
		{"image_output", pricing.ImageOutput, p.ImageOutput},
	}
}

func (p *TokenPrices) validate() (errs []error) {
	for _, price := range p.all() {
		if price.value != nil && (!(*price.value >= 0) || math.IsInf(*price.value, 0)) {
			errs = append(errs, fmt.Errorf("%s: must be finite and at least 0 dollars per million tokens, got %v", price.key, *price.value))
		}
	}
	return errs
}

// rates are the prices per token.
func (p *TokenPrices) rates() pricing.Rates {
	rates := pricing.NoRates
	for _, price := range p.all() {
		if price.value != nil {
			rates[price.part] = *price.value / perMillion
		}
	}
	return rates
}

// Set reports whether there are any prices.
func (p *Prices) Set() bool { return len(p.Overrides) > 0 || len(p.Models) > 0 || p.File != "" }

// table returns the prices, with those of a list by name, for requests that are read with those options.
func (p *Prices) table(reading spanreader.Options, names map[string]pricing.Price) *pricing.Table {
	overrides := make([]pricing.Override, 0, len(p.Overrides))
	for i := range p.Overrides {
		o := &p.Overrides[i]
		overrides = append(overrides, pricing.Override{Of: o.source().value(&reading), Value: o.Value, Rules: rules(o.Models)})
	}
	assume := pricing.Assume{Service: serviceTiers[p.Assume.ServiceTier], CacheHour: p.Assume.CacheTTL == CacheHour}
	return pricing.NewTable(assume, rules(p.Models), names, overrides...)
}

// read adds what the reader has to read for the prices.
func (p *Prices) read(reading *spanreader.Options) {
	for i := range p.Overrides {
		p.Overrides[i].source().value(reading)
	}
}

func rules(models []ModelPrice) []pricing.Rule {
	rules := make([]pricing.Rule, 0, len(models))
	for i := range models {
		m := &models[i]
		price := pricing.Price{Rates: m.rates()}
		for j := range m.Tiers {
			t := &m.Tiers[j]
			price.Tiers = append(price.Tiers, pricing.Tier{
				Service: serviceTiers[t.ServiceTier], Above: float64(t.AboveInputTokens), Rates: t.rates(),
			})
		}
		rules = append(rules, pricing.Rule{Model: m.Model, Provider: m.Provider, Price: price})
	}
	return rules
}
