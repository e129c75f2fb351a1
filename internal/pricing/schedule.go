// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"cmp"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// schedule is a model's price, ready to be charged.
type schedule struct {
	// steps are the rates of each service tier by the size of the input, ascending. Those of a tier without prices of its own are
	// nil.
	steps [Services][]step
	// tiered says that service tiers other than the standard one have prices.
	tiered bool
}

// step is the rates of requests with more input tokens than above.
type step struct {
	above float64
	rates Rates
}

// newSchedule resolves a price. In a service tier a rate is the first that the price has of these four. They are the tier's
// above the highest threshold, that of all tiers above it, the tier's, the model's. Source: LiteLLM
// litellm/litellm_core_utils/llm_cost_calc/utils.py @001b531a, which bills by the same list.
func newSchedule(p *Price) *schedule {
	s := new(schedule)
	for service := Standard; service < Services; service++ {
		own := ofService(p.Tiers, service)
		if service != Standard && len(own) == 0 {
			continue
		}
		s.tiered = s.tiered || service != Standard
		tiers := append(ofService(p.Tiers, AnyService), own...)
		bounds := []float64{0}
		for i := range tiers {
			bounds = append(bounds, tiers[i].Above)
		}
		slices.Sort(bounds)
		for _, above := range slices.Compact(bounds) {
			rates := p.Rates
			for i := range own {
				if own[i].Above == 0 {
					rates = rates.over(&own[i].Rates)
				}
			}
			for i := range tiers {
				if tiers[i].Above > 0 && tiers[i].Above <= above {
					rates = rates.over(&tiers[i].Rates)
				}
			}
			s.steps[service] = append(s.steps[service], step{above, rates.filled()})
		}
	}
	return s
}

// ofService returns the tiers of a service, ascending.
func ofService(tiers []Tier, service Service) (own []Tier) {
	for i := range tiers {
		if tiers[i].Service == service {
			own = append(own, tiers[i])
		}
	}
	slices.SortStableFunc(own, func(a, b Tier) int { return cmp.Compare(a.Above, b.Above) })
	return own
}

// rates returns those of a request with so many input tokens, and whether its service tier was assumed.
func (s *schedule) rates(service Service, input float64, assume Assume) (*Rates, bool) {
	assumed := false
	if service == AnyService {
		service, assumed = assume.service(), s.tiered
	}
	steps := s.steps[service]
	if steps == nil {
		steps, assumed = s.steps[Standard], true
	}
	last := len(steps) - 1
	for last > 0 && input <= steps[last].above {
		last--
	}
	return &steps[last].rates, assumed
}

// charge charges each token once. Cached tokens and those of a modality are parts of the input, reasoning is a part of the
// output. It is false if there are tokens without a price.
func (s *schedule) charge(q *llm.Request, modalities *llm.ModalityTokens, assume Assume) (cost float64, assumed llm.Assumed, known bool) {
	input, output := max(q.Number[fact.InputTokens], 0), max(q.Number[fact.OutputTokens], 0)
	rates, assumedTier := s.rates(ServiceOf(q.ServiceTier), input, assume)
	if assumedTier {
		assumed = assumed.With(llm.AssumedServiceTier)
	}
	var tokens [Parts]float64
	read := min(max(q.Number[fact.CacheReadTokens], 0), input)
	write := min(max(q.Number[fact.CacheWriteTokens], 0), input-read)
	hour := max(q.Number[fact.CacheWriteHourTokens], 0)
	if q.Number[fact.CacheWriteTokens] == llm.Absent {
		write = min(hour, input-read)
	}
	hour = min(hour, write)
	if q.Number[fact.CacheWriteHourTokens] == llm.Absent && write > 0 && rates[CacheWriteHour] != rates[CacheWrite] {
		assumed = assumed.With(llm.AssumedCacheTTL)
		if assume.CacheHour {
			hour = write
		}
	}
	tokens[CacheWriteHour], tokens[CacheWrite] = hour, write-hour
	reasoning := min(max(q.Number[fact.ReasoningTokens], 0), output)
	tokens[Reasoning] = reasoning

	if modalities == nil {
		modalities = &noModalities
	}
	cached, fresh, made := modalities[llm.SplitCacheRead], modalities[llm.SplitInput], modalities[llm.SplitOutput]
	for m := range fresh {
		fresh[m] = max(fresh[m]-cached[m], 0)
	}
	take := func(whole, audio, image Part, all float64, by *[llm.Modalities]int64) {
		tokens[audio] = min(float64(by[llm.AudioTokens]), all)
		tokens[image] = min(float64(by[llm.ImageTokens]), all-tokens[audio])
		tokens[whole] = all - tokens[audio] - tokens[image]
		if all > 0 && *by == ([llm.Modalities]int64{}) && (rates[audio] != rates[whole] || rates[image] != rates[whole]) {
			assumed = assumed.With(llm.AssumedModality)
		}
	}
	take(Input, AudioInput, ImageInput, input-read-write, &fresh)
	take(CacheRead, AudioCacheRead, ImageCacheRead, read, &cached)
	take(Output, AudioOutput, ImageOutput, output-reasoning, &made)

	for part, n := range tokens {
		switch {
		case n == 0:
		case rates[part] == Unknown:
			return 0, 0, false
		default:
			cost += n * rates[part]
		}
	}
	return cost, assumed, true
}

var noModalities llm.ModalityTokens
