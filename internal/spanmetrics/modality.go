// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// unknownModality is the modality of tokens that the provider does not separate. Source: conventions of
// gen_ai.token.modality, which is never guessed.
var unknownModality = Attribute{modalityKey, "unknown"}

const modalityKey = "gen_ai.token.modality"

// splits are the counts of tokens that are measured by modality, too. Beside each is the first of the measures of its parts.
var splits = [llm.Splits]struct{ whole, parts fact.Fact }{
	llm.SplitInput:     {fact.InputTokens, inputByModality},
	llm.SplitOutput:    {fact.OutputTokens, outputByModality},
	llm.SplitCacheRead: {fact.CacheReadTokens, cacheReadByModality},
}

// split takes the tokens of each modality, of which nil says nothing. What they leave of the whole is of unknown
// modality. Parts that exceed the whole are not believed.
func (m *measurements) split(told *llm.ModalityTokens) {
	for i := range splits {
		whole := m[splits[i].whole]
		parts := m[splits[i].parts : splits[i].parts+ofModality]
		for j := range parts {
			parts[j] = llm.Absent
		}
		rest := whole
		if told != nil {
			for _, tokens := range told[i] {
				rest -= float64(tokens)
			}
		}
		if rest < 0 || rest == whole {
			parts[0] = whole
			continue
		}
		for j, tokens := range told[i] {
			if tokens > 0 {
				parts[1+j] = float64(tokens)
			}
		}
		if rest > 0 {
			parts[0] = rest
		}
	}
}

// usageRows are the counters of tokens of the development profile.
func usageRows() []Instrument {
	return slices.Concat(
		byModality(inputByModality, Instrument{
			Name: "gen_ai.client.inference.usage.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens of inference, cached ones included.",
			Layers:      clientOnly, When: Completions, Profile: Development,
		}),
		byModality(outputByModality, Instrument{
			Name: "gen_ai.client.inference.usage.output_tokens", Kind: Counter, Unit: "{token}",
			Description: "Output tokens of inference, reasoning included.",
			Layers:      clientOnly, When: Completions, Profile: Development,
		}),
		byModality(cacheReadByModality, Instrument{
			Name: "gen_ai.client.inference.usage.cache_read.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens of inference that were read from a cache; a part of the input tokens.",
			Layers:      clientOnly, When: Completions, Profile: Development,
		}),
		[]Instrument{
			{
				Name: "gen_ai.client.inference.usage.cache_write.input_tokens", Kind: Counter, Unit: "{token}",
				Description: "Input tokens of inference that were written to a cache; a part of the input tokens.",
				Layers:      clientOnly, Measure: fact.CacheWriteTokens, When: Completions, Fixed: unknownModality, Profile: Development,
			},
			{
				Name: "gen_ai.client.inference.usage.reasoning.output_tokens", Kind: Counter, Unit: "{token}",
				Description: "Output tokens of inference that were spent on reasoning; a part of the output tokens.",
				Layers:      clientOnly, Measure: fact.ReasoningTokens, When: Completions, Fixed: unknownModality, Profile: Development,
			},
		},
	)
}

// byModality returns one row for each of the measures of a split, the first of which is given.
func byModality(first fact.Fact, in Instrument) []Instrument {
	in.Measure, in.Fixed = first, unknownModality
	all := []Instrument{in}
	for modality := range llm.Modalities {
		in.Measure, in.Fixed = first+1+fact.Fact(modality), Attribute{modalityKey, modality.String()}
		all = append(all, in)
	}
	return all
}
