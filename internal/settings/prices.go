package settings

import (
	"errors"
	"fmt"
	"os"

	"github.com/otelcol-llm/otelcol-llm/internal/pricing"
)

// Prices are what computes the cost of requests that do not report it.
type Prices struct {
	// Models are prices of models; the first that fits counts, before those of File.
	Models []ModelPrice `mapstructure:"models"`
	// File is a price list in the format of LiteLLM's model_prices_and_context_window.json. It is read again
	// when it changes; a list that cannot be read then leaves the last good one in place.
	File string `mapstructure:"file"`
}

// ModelPrice is the price of models in US dollars per million tokens; at least 0.
type ModelPrice struct {
	// Model and Provider are names, in which "*" stands for any characters. Without Provider all fit.
	Model    string `mapstructure:"model"`
	Provider string `mapstructure:"provider"`
	// Input and Output are the prices of tokens. Those below are parts of them and cost the same unless they
	// have prices of their own.
	Input      float64  `mapstructure:"input"`
	Output     float64  `mapstructure:"output"`
	CacheRead  *float64 `mapstructure:"cache_read"`
	CacheWrite *float64 `mapstructure:"cache_write"`
	Reasoning  *float64 `mapstructure:"reasoning"`
}

// perMillion is the number of tokens that users' prices are for.
const perMillion = 1e6

// Validate checks the prices.
func (p ModelPrice) Validate() error {
	var errs []error
	if p.Model == "" {
		errs = append(errs, errors.New("model: must name the models that the price is for, such as gpt-4o*"))
	}
	for _, price := range []struct {
		key   string
		value *float64
	}{
		{"input", &p.Input},
		{"output", &p.Output},
		{"cache_read", p.CacheRead},
		{"cache_write", p.CacheWrite},
		{"reasoning", p.Reasoning},
	} {
		if price.value != nil && !(*price.value >= 0) {
			errs = append(errs, fmt.Errorf("%s: must be at least 0 dollars per million tokens, got %v", price.key, *price.value))
		}
	}
	return errors.Join(errs...)
}

// Set reports whether there are any prices.
func (p *Prices) Set() bool { return len(p.Models) > 0 || p.File != "" }

// Table reads the prices.
func (p *Prices) Table() (*pricing.Table, error) {
	rules := make([]pricing.Rule, 0, len(p.Models))
	for _, m := range p.Models {
		rules = append(rules, pricing.Rule{Model: m.Model, Provider: m.Provider, Price: pricing.Price{
			Input: m.Input / perMillion, Output: m.Output / perMillion,
			CacheRead: perToken(m.CacheRead), CacheWrite: perToken(m.CacheWrite), Reasoning: perToken(m.Reasoning),
		}})
	}
	var list map[string]pricing.Price
	if p.File != "" {
		text, err := os.ReadFile(p.File)
		if err != nil {
			return nil, fmt.Errorf("prices::file: %w", err)
		}
		if list, err = pricing.ParseLiteLLM(text); err != nil {
			return nil, fmt.Errorf("prices::file %s: %w", p.File, err)
		}
	}
	return pricing.NewTable(rules, list)
}

func perToken(price *float64) *float64 {
	if price == nil {
		return nil
	}
	token := *price / perMillion
	return &token
}
