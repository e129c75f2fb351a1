// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// tiered are models of LiteLLM's list @00035b69, with round prices of a million tokens in the place of theirs.
const tiered = `{
	"claude": {"input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6,
		"cache_read_input_token_cost": 0.3e-6, "cache_creation_input_token_cost": 3.75e-6,
		"cache_creation_input_token_cost_above_1hr": 6e-6,
		"input_cost_per_token_above_200k_tokens": 6e-6, "output_cost_per_token_above_200k_tokens": 22.5e-6,
		"cache_read_input_token_cost_above_200k_tokens": 0.6e-6, "cache_creation_input_token_cost_above_200k_tokens": 7.5e-6,
		"cache_creation_input_token_cost_above_1hr_above_200k_tokens": 12e-6},
	"gpt": {"input_cost_per_token": 2e-6, "output_cost_per_token": 10e-6, "cache_read_input_token_cost": 0.2e-6,
		"input_cost_per_token_batches": 1e-6, "output_cost_per_token_batches": 5e-6,
		"input_cost_per_token_flex": 1e-6, "output_cost_per_token_flex": 5e-6, "cache_read_input_token_cost_flex": 0.1e-6,
		"input_cost_per_token_priority": "4e-6", "output_cost_per_token_priority": 20e-6,
		"input_cost_per_token_above_272k_tokens": 8e-6, "output_cost_per_token_above_272k_tokens": 30e-6,
		"input_cost_per_token_above_272k_tokens_priority": 16e-6, "output_cost_per_token_priority_above_272k_tokens": null,
		"input_cost_per_token_above_272k_tokens_ultrafast": 99},
	"gemini": {"input_cost_per_token": 0.3e-6, "input_cost_per_audio_token": 1e-6, "output_cost_per_token": 2.5e-6,
		"output_cost_per_reasoning_token": 2.5e-6, "output_cost_per_image_token": 30e-6,
		"cache_read_input_token_cost": 0.03e-6, "cache_read_input_audio_token_cost": 0.1e-6,
		"output_cost_per_token_above_128_tokens": 5e-6},
	"qwen": {"output_cost_per_token": 9e-6, "tiered_pricing": [
		{"range": [32000, null], "input_cost_per_token": 5e-6, "output_cost_per_token": 20e-6},
		{"range": [0, 32000.0], "input_cost_per_token": 1e-6, "cache_read_input_token_cost": 0.1e-6}]},
	"images": {"input_cost_per_token": 5e-6, "output_cost_per_image_token": 40e-6}
}`

// spent is a request of millions of tokens, so that costs are round.
type spent struct {
	model, tier                                 string
	input, output, read, write, hour, reasoning float64
	told                                        *llm.ModalityTokens
}

func (s spent) request() *llm.Request {
	q := request("", s.model, s.input, s.output)
	q.ServiceTier = s.tier
	for f, n := range map[fact.Fact]float64{
		fact.CacheReadTokens: s.read, fact.CacheWriteTokens: s.write, fact.CacheWriteHourTokens: s.hour, fact.ReasoningTokens: s.reasoning,
	} {
		if n != 0 {
			q.Number[f] = n
		}
	}
	return q
}

func TestTiersOfLiteLLMsListAreCharged(t *testing.T) {
	names, err := ParseLiteLLM([]byte(tiered))
	require.NoError(t, err)
	const k, m = 1e3, 1e6
	audio := &llm.ModalityTokens{llm.SplitInput: {llm.AudioTokens: 50 * k}, llm.SplitCacheRead: {llm.AudioTokens: 20 * k}}
	image := &llm.ModalityTokens{llm.SplitOutput: {llm.ImageTokens: 10}}
	service := llm.Assumed(0).With(llm.AssumedServiceTier)
	modality := llm.Assumed(0).With(llm.AssumedModality)
	for name, test := range map[string]struct {
		spent   spent
		want    float64
		assumed llm.Assumed
	}{
		"below the threshold":         {spent{model: "claude", input: 200 * k}, 0.6, 0},
		"above the threshold":         {spent{model: "claude", input: 400 * k, output: 10 * k}, 2.4 + 0.225, 0},
		"cached input counts for it":  {spent{model: "claude", input: 400 * k, read: 300 * k, write: 50 * k, hour: 20 * k}, 0.3 + 0.18 + 0.225 + 0.24, 0},
		"written for an hour":         {spent{model: "claude", input: 100 * k, write: 50 * k, hour: 50 * k}, 0.15 + 0.3, 0},
		"written for an unknown time": {spent{model: "claude", input: 100 * k, write: 50 * k}, 0.15 + 0.1875, llm.Assumed(0).With(llm.AssumedCacheTTL)},
		"more for an hour than all":   {spent{model: "claude", input: 100 * k, write: 50 * k, hour: 90 * k}, 0.15 + 0.3, 0},

		"no tier":                   {spent{model: "gpt", input: m / 10, output: m / 10}, 0.2 + 1, service},
		"auto is no tier":           {spent{model: "gpt", tier: "auto", input: m / 10}, 0.2, service},
		"standard":                  {spent{model: "gpt", tier: "default", input: m / 10}, 0.2, 0},
		"batch":                     {spent{model: "gpt", tier: "batch", input: m / 10, output: m / 10}, 0.1 + 0.5, 0},
		"flex with a cache":         {spent{model: "gpt", tier: "FLEX", input: m / 10, read: m / 20}, 0.05 + 0.005, 0},
		"batch, cache without":      {spent{model: "gpt", tier: "batch", input: m / 10, read: m / 20}, 0.05 + 0.01, 0},
		"priority":                  {spent{model: "gpt", tier: "ON_DEMAND_PRIORITY", input: m / 10}, 0.4, 0},
		"priority and large":        {spent{model: "gpt", tier: "priority", input: m, output: m / 10}, 16 + 3, 0},
		"large, tier without price": {spent{model: "gpt", tier: "flex", input: m}, 8, 0},
		"a tier without prices":     {spent{model: "gpt", tier: "scale", input: m / 10}, 0.2, service},
		"a model without tiers":     {spent{model: "images", tier: "priority", input: m}, 5, service},

		"audio":                         {spent{model: "gemini", input: 100 * k, read: 40 * k, told: audio}, 0.3*0.03 + 0.03 + 0.02*0.03 + 0.02*0.1, 0},
		"audio untold":                  {spent{model: "gemini", input: 100 * k}, 0.03, modality},
		"images are a part":             {spent{model: "gemini", output: 30, told: image}, (20*2.5 + 10*30) / m, 0},
		"reasoning above the threshold": {spent{model: "gemini", input: 129, output: 100, reasoning: 100}, (129*0.3 + 100*5) / m, modality},
		"ranges":                        {spent{model: "qwen", input: 32 * k, output: k, read: 2 * k}, 0.03 + 0.0002 + 0.009, 0},
		"the upper range":               {spent{model: "qwen", input: 100 * k, output: k}, 0.5 + 0.02, 0},
		"a model of images alone":       {spent{model: "images", output: m}, 40, 0},
	} {
		t.Run(name, func(t *testing.T) {
			cost, assumed, ok := NewTable(Assume{}, nil, names).Cost(test.spent.request(), test.spent.told)
			require.True(t, ok)
			assert.InDelta(t, test.want, cost, 1e-9)
			assert.Equal(t, test.assumed, assumed)
		})
	}
}

func TestWhatSpansDoNotCarryCanBeAssumed(t *testing.T) {
	names, err := ParseLiteLLM([]byte(tiered))
	require.NoError(t, err)
	table := NewTable(Assume{Service: Batch, CacheHour: true}, nil, names)
	cost, assumed, _ := table.Cost(spent{model: "gpt", input: 1e5}.request(), nil)
	assert.InDelta(t, 0.1, cost, 1e-9)
	assert.True(t, assumed.Has(llm.AssumedServiceTier))
	cost, assumed, _ = table.Cost(spent{model: "claude", input: 1e5, write: 5e4}.request(), nil)
	assert.InDelta(t, 0.15+0.3, cost, 1e-9, "no prices of batches: those of the standard tier")
	assert.True(t, assumed.Has(llm.AssumedCacheTTL))
	cost, _, _ = table.Cost(spent{model: "gpt", tier: "default", input: 1e5}.request(), nil)
	assert.InDelta(t, 0.2, cost, 1e-9, "what the span carries counts")
}

// Each token is charged once, whatever the parts claim.
func TestPartsNeverCostMoreThanTheirWholes(t *testing.T) {
	price := flat(map[Part]float64{Input: 1, Output: 1})
	table := NewTable(Assume{}, []Rule{{Price: price}}, nil)
	all := &llm.ModalityTokens{{9, 9, 9}, {9, 9, 9}, {9, 9, 9}}
	for _, n := range []float64{llm.Absent, 0, 1, 5, 10, 50} {
		for _, part := range []float64{llm.Absent, 0, 3, 10, 70} {
			q := spent{model: "m", input: n, output: n, read: part, write: part, hour: part, reasoning: part}.request()
			cost, _, ok := table.Cost(q, all)
			assert.Equal(t, n != llm.Absent, ok)
			assert.InDelta(t, 2*max(n, 0), cost, 1e-9)
		}
	}
}

func TestEveryPartHasAWholeBeforeItAndAKeyInTheList(t *testing.T) {
	keyed := map[Part]bool{}
	for _, part := range listKeys {
		keyed[part] = true
	}
	for part := range Parts {
		assert.True(t, keyed[part], "no key of LiteLLM's list is part %d", part)
		assert.LessOrEqual(t, wholes[part], part)
	}
}

// The list names models by LiteLLM's words for providers, and spans by the provider's own paths and ids.
func TestModelsAreFoundAsSpansNameThem(t *testing.T) {
	names := map[string]Price{}
	for i, name := range []string{
		"gpt-4o", "azure/gpt-4o", "gemini-2.5-pro", "gemini/gemini-2.5-pro", "mistral/mistral-large", "xai/grok-4", "deepseek/deepseek-v3",
		"amazon.nova-pro-v1:0", "us.anthropic.claude-v1:0", "anthropic.claude-v1:0", "vertex_ai/claude-4@1", "openrouter/openai/gpt-4o", "ft:gpt-4o-1",
		"fireworks_ai/accounts/fireworks/models/deepseek-v3", "groq/openai/gpt-oss",
	} {
		names[name] = flat(map[Part]float64{Input: float64(i + 1)})
	}
	table := NewTable(Assume{}, nil, names)
	for _, test := range []struct{ provider, model, want string }{
		{"openai", "GPT-4o", "gpt-4o"},
		{"openai", "openai/gpt-4o", "gpt-4o"},
		{"vercel", "openai/gpt-4o", "gpt-4o"},
		{"openrouter", "openai/gpt-4o", "openrouter/openai/gpt-4o"},
		{"", "azure/gpt-4o", "azure/gpt-4o"},
		{"azure.ai.openai", "gpt-4o", "azure/gpt-4o"},
		{"gcp.gemini", "models/gemini-2.5-pro", "gemini/gemini-2.5-pro"},
		{"gcp.vertex_ai", "gemini-2.5-pro", "gemini-2.5-pro"},
		{"gcp.vertex_ai", "projects/p/locations/l/publishers/anthropic/models/claude-4@1", "vertex_ai/claude-4@1"},
		{"mistral_ai", "mistral-large", "mistral/mistral-large"},
		{"x_ai", "grok-4", "xai/grok-4"},
		{"aws.bedrock", "eu.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"},
		{"aws.bedrock", "us.anthropic.claude-v1:0", "us.anthropic.claude-v1:0"},
		{"aws.bedrock", "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-v1:0", "us.anthropic.claude-v1:0"},
		{"aws.bedrock", "bedrock/anthropic.claude-v1:0", "anthropic.claude-v1:0"},
		{"openai", "ft:gpt-4o-1:my-org::abc", "ft:gpt-4o-1"},
		{"fireworks_ai", "accounts/fireworks/models/deepseek-v3", "fireworks_ai/accounts/fireworks/models/deepseek-v3"},
		{"groq", "openai/gpt-oss", "groq/openai/gpt-oss"},
		{"litellm", "deepseek/deepseek-v3", "deepseek/deepseek-v3"},
		// A price of somebody else's interface, of another model, or of no known one would be wrong.
		{"together_ai", "deepseek-v3", ""},
		{"ollama", "grok-4", ""},
		{"openai", "gpt-4o-mini", ""},
		{"openai", "gpt-4o-2024-05-13", ""},
		{"aws.bedrock", "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", ""},
	} {
		cost, _, ok := table.Cost(request(test.provider, test.model, 1, 0), nil)
		assert.Equal(t, test.want != "", ok, "%v", test)
		if test.want != "" {
			assert.InDelta(t, names[test.want].Rates[Input], cost, 0, "%v", test)
		}
	}
}

func TestWhatIsWrittenForAnHourIsWritten(t *testing.T) {
	names, err := ParseLiteLLM([]byte(tiered))
	require.NoError(t, err)
	q := spent{model: "claude", input: 1e5, hour: 5e4}.request()
	cost, _, _ := NewTable(Assume{}, nil, names).Cost(q, nil)
	assert.InDelta(t, 0.15+0.3, cost, 1e-9)
}
