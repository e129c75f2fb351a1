// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// listKeys are the prices of a model of a list in LiteLLM's format, in US dollars per token. A key can end in
// "_above_<number>k_tokens", a threshold of input tokens, and in a service tier, in any order. Source: BerriAI/litellm
// model_prices_and_context_window.json @00035b69.
var listKeys = map[string]Part{
	"input_cost_per_token":                      Input,
	"output_cost_per_token":                     Output,
	"cache_read_input_token_cost":               CacheRead,
	"cache_creation_input_token_cost":           CacheWrite,
	"cache_creation_input_token_cost_above_1hr": CacheWriteHour,
	"output_cost_per_reasoning_token":           Reasoning,
	"input_cost_per_audio_token":                AudioInput,
	"input_cost_per_image_token":                ImageInput,
	"cache_read_input_audio_token_cost":         AudioCacheRead,
	"cache_read_input_image_token_cost":         ImageCacheRead,
	"output_cost_per_audio_token":               AudioOutput,
	"output_cost_per_image_token":               ImageOutput,
}

// listServices are the service tiers as keys end in them.
var listServices = map[string]Service{"_batches": Batch, "_flex": Flex, "_priority": Priority}

// threshold is the end of keys of prices that hold above a number of input tokens.
var threshold = regexp.MustCompile(`_above_(\d+)(k?)_tokens$`)

const (
	// example is the name of the list's entry that explains the format.
	example = "sample_spec"
	// ranges is the key of a list of prices by ranges of input tokens.
	ranges = "tiered_pricing"
)

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
		price, err := parseModel(text)
		if err != nil {
			return nil, fmt.Errorf("prices of %q: %w", model, err)
		}
		if price.Rates[Input] != Unknown || price.Rates[Output] != Unknown {
			prices[model] = price
		}
	}
	if len(prices) == 0 {
		return nil, errors.New("the price list has no model with a price per token")
	}
	return prices, nil
}

func parseModel(text []byte) (Price, error) {
	price := Price{Rates: NoRates}
	var entry map[string]json.RawMessage
	if err := json.Unmarshal(text, &entry); err != nil {
		return price, err
	}
	if err := price.take(entry, 0); err != nil {
		return price, err
	}
	if err := price.takeRanges(entry[ranges]); err != nil {
		return price, fmt.Errorf("%s: %w", ranges, err)
	}
	// Of models that make images alone some have no other price of the output.
	if price.Rates[Output] == Unknown {
		price.Rates[Output] = price.Rates[ImageOutput]
	}
	return price, nil
}

// take takes the prices of an entry. They hold above a number of input tokens unless their keys name another one.
func (p *Price) take(entry map[string]json.RawMessage, above float64) error {
	for key, value := range entry {
		part, service, bound, ok := parseKey(key)
		if !ok {
			continue
		}
		rate, err := parseRate(value)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		p.at(service, max(above, bound))[part] = rate
	}
	return nil
}

// takeRanges takes prices by ranges of input tokens.
func (p *Price) takeRanges(list json.RawMessage) error {
	if list == nil {
		return nil
	}
	var entries []map[string]json.RawMessage
	if err := json.Unmarshal(list, &entries); err != nil {
		return err
	}
	for _, entry := range entries {
		var bounds []*float64
		if err := json.Unmarshal(entry["range"], &bounds); err != nil || len(bounds) == 0 || bounds[0] == nil {
			return fmt.Errorf("range must be a list that begins with a number of tokens, got %q", entry["range"])
		}
		if err := p.take(entry, *bounds[0]); err != nil {
			return err
		}
	}
	return nil
}

// at returns the rates of a tier, which it adds if need be.
func (p *Price) at(service Service, above float64) *Rates {
	if service == AnyService && above == 0 {
		return &p.Rates
	}
	for i := range p.Tiers {
		if t := &p.Tiers[i]; t.Service == service && t.Above == above {
			return &t.Rates
		}
	}
	p.Tiers = append(p.Tiers, Tier{Service: service, Above: above, Rates: NoRates})
	return &p.Tiers[len(p.Tiers)-1].Rates
}

// parseKey returns what a key is the price of, or false if it is no price of tokens.
func parseKey(key string) (part Part, service Service, above float64, ok bool) {
	for {
		if part, ok = listKeys[key]; ok {
			return part, service, above, true
		}
		if found := threshold.FindStringSubmatch(key); found != nil {
			above, _ = strconv.ParseFloat(found[1], 64)
			if found[2] != "" {
				above *= 1000
			}
			key = strings.TrimSuffix(key, found[0])
			continue
		}
		last := strings.LastIndexByte(key, '_')
		if last < 0 {
			return 0, 0, 0, false
		}
		named, known := listServices[key[last:]]
		if !known {
			return 0, 0, 0, false
		}
		key, service = key[:last], named
	}
}

// parseRate reads a price, which is a number, such a text, or null for none.
func parseRate(value json.RawMessage) (float64, error) {
	var rate *json.Number
	if err := json.Unmarshal(value, &rate); err != nil {
		return 0, fmt.Errorf("must be a number, got %s", value)
	}
	if rate == nil {
		return Unknown, nil
	}
	number, err := rate.Float64()
	if err != nil || number < 0 || math.IsInf(number, 0) {
		return 0, fmt.Errorf("must be finite and not below 0, got %s", *rate)
	}
	return number, nil
}
