// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
)

// entry is one model of a price list in LiteLLM's format. Source: BerriAI/litellm
// model_prices_and_context_window.json; prices are in US dollars per token.
type entry struct {
	Input      *float64 `json:"input_cost_per_token"`
	Output     *float64 `json:"output_cost_per_token"`
	CacheRead  *float64 `json:"cache_read_input_token_cost"`
	CacheWrite *float64 `json:"cache_creation_input_token_cost"`
	Reasoning  *float64 `json:"output_cost_per_reasoning_token"`
}

// example is the name of the list's entry that explains the format.
const example = "sample_spec"

// ReadLiteLLM reads a price list out of a file, see ParseLiteLLM.
func ReadLiteLLM(file string) (map[string]Price, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	names, err := ParseLiteLLM(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return names, nil
}

// ParseLiteLLM reads a price list in LiteLLM's format. Models without prices per token are left out; a price that is
// none is an error.
func ParseLiteLLM(list []byte) (map[string]Price, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(list, &raw); err != nil {
		return nil, fmt.Errorf("no price list in LiteLLM's format: %w", err)
	}
	delete(raw, example)
	prices := make(map[string]Price, len(raw))
	for model, text := range raw {
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, fmt.Errorf("prices of %q: %w", model, err)
		}
		for _, price := range []*float64{e.Input, e.Output, e.CacheRead, e.CacheWrite, e.Reasoning} {
			if price != nil && (*price < 0 || math.IsInf(*price, 0)) {
				return nil, fmt.Errorf("prices of %q: must not be below 0, got %v", model, *price)
			}
		}
		if e.Input == nil && e.Output == nil {
			continue
		}
		prices[model] = Price(e)
	}
	if len(prices) == 0 {
		return nil, errors.New("the price list has no model with a price per token")
	}
	return prices, nil
}
