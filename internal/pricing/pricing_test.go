// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// rates returns known rates.
func rates(known map[Part]float64) Rates {
	all := NoRates
	for part, rate := range known {
		all[part] = rate
	}
	return all
}

// flat is a price without tiers.
func flat(known map[Part]float64) Price { return Price{Rates: rates(known)} }

// request returns a request without cached tokens and reasoning.
func request(provider, model string, input, output float64) *llm.Request {
	q := &llm.Request{Provider: provider, RequestModel: model, Number: llm.NoNumbers}
	q.Number[fact.InputTokens], q.Number[fact.OutputTokens] = input, output
	return q
}

func TestEachTokenIsChargedOnce(t *testing.T) {
	table := NewTable(Assume{}, []Rule{{Model: "m", Price: flat(map[Part]float64{
		Input: 1, Output: 10, CacheRead: 0.1, CacheWrite: 2, Reasoning: 20,
	})}}, nil)
	for name, test := range map[string]struct {
		input, output, read, write, reasoning float64
		want                                  float64
	}{
		"input and output":           {100, 10, llm.Absent, llm.Absent, llm.Absent, 200},
		"no output":                  {100, llm.Absent, llm.Absent, llm.Absent, llm.Absent, 100},
		"cached input":               {100, 10, 40, 10, llm.Absent, 50 + 4 + 20 + 100},
		"reasoning":                  {100, 10, llm.Absent, llm.Absent, 4, 100 + 60 + 80},
		"more cached than there was": {100, 10, 500, 500, llm.Absent, 10 + 100},
	} {
		t.Run(name, func(t *testing.T) {
			q := request("", "m", test.input, test.output)
			q.Number[fact.CacheReadTokens], q.Number[fact.CacheWriteTokens], q.Number[fact.ReasoningTokens] = test.read, test.write, test.reasoning
			cost, _, ok := table.Cost(q, nil)
			assert.True(t, ok)
			assert.InDelta(t, test.want, cost, 1e-9)
		})
	}
}

func TestPartsWithoutAPriceCostWhatTheirWholeCosts(t *testing.T) {
	table := NewTable(Assume{}, []Rule{{Price: flat(map[Part]float64{Input: 1, Output: 10})}}, nil)
	q := request("", "m", 100, 10)
	q.Number[fact.CacheReadTokens], q.Number[fact.CacheWriteTokens], q.Number[fact.ReasoningTokens] = 20, 30, 5
	cost, _, _ := table.Cost(q, nil)
	assert.InDelta(t, 200, cost, 1e-9)
}

func TestAnUnknownPriceIsNotZero(t *testing.T) {
	table := NewTable(Assume{}, []Rule{{Model: "known", Price: flat(map[Part]float64{Input: 1})}}, nil)
	for name, q := range map[string]*llm.Request{
		"another model": request("", "unknown", 1, 1),
		"no model":      request("", "", 1, 1),
		"no tokens":     request("", "known", llm.Absent, llm.Absent),
	} {
		_, _, ok := table.Cost(q, nil)
		assert.False(t, ok, name)
	}
}

func TestTheFirstRuleThatFitsCountsAndThenTheList(t *testing.T) {
	table := NewTable(Assume{}, []Rule{
		{Model: "gpt-4o-mini*", Price: flat(map[Part]float64{Input: 1})},
		{Model: "GPT-4o*", Provider: "azure*", Price: flat(map[Part]float64{Input: 2})},
		{Model: "a[1]?", Price: flat(map[Part]float64{Input: 3})},
	}, map[string]Price{"gpt-4o": flat(map[Part]float64{Input: 4}), "Mistral/large": flat(map[Part]float64{Input: 5}), "large": flat(map[Part]float64{Input: 6})})
	for _, test := range []struct {
		provider, model string
		want            float64
	}{
		{"openai", "gpt-4o-mini-2024-07-18", 1},
		{"azure.ai.openai", "gpt-4o-2024-08-06", 2},
		{"openai", "gpt-4o", 4},
		{"openai", "a[1]?", 3},
		{"mistral", "large", 5},
		{"", "LARGE", 6},
	} {
		for range 2 { // looked up, and remembered
			cost, _, ok := table.Cost(request(test.provider, test.model, 1, 0), nil)
			assert.True(t, ok, test.model)
			assert.InDelta(t, test.want, cost, 1e-9, test.model)
		}
	}
}

func TestTheModelThatAnsweredCountsBeforeTheOneThatWasAskedFor(t *testing.T) {
	table := NewTable(Assume{}, nil, map[string]Price{"alias": flat(map[Part]float64{Input: 1}), "real": flat(map[Part]float64{Input: 2})})
	q := request("", "alias", 1, 0)
	q.ResponseModel = "real"
	cost, _, _ := table.Cost(q, nil)
	assert.InDelta(t, 2, cost, 1e-9)
	q.ResponseModel = "not-listed"
	cost, _, _ = table.Cost(q, nil)
	assert.InDelta(t, 1, cost, 1e-9)
}

func TestRememberedNamesAreBounded(t *testing.T) {
	table := NewTable(Assume{}, nil, nil)
	for i := range 3 * maxKnown {
		table.Cost(request("", fmt.Sprint(i), 1, 1), nil)
	}
	assert.LessOrEqual(t, len(table.all.known), maxKnown)
}

func TestAPriceIsFoundWithoutAllocation(t *testing.T) {
	table := NewTable(Assume{}, nil, map[string]Price{"m": flat(map[Part]float64{Input: 1})})
	q := request("openai", "m", 1, 1)
	table.Cost(q, nil)
	assert.Zero(t, testing.AllocsPerRun(100, func() { table.Cost(q, nil) }))
}

// byTenant are prices of one team's requests.
func byTenant(value string, rules ...Rule) Override {
	return Override{Of: func(q *llm.Request) attr.Value { return attr.Text(q.Tenant) }, Value: value, Rules: rules}
}

func TestTheFirstOverrideThatFitsAndHasAPriceCounts(t *testing.T) {
	table := NewTable(Assume{}, []Rule{{Price: flat(map[Part]float64{Input: 9})}}, nil,
		byTenant("team-a*", Rule{Model: "m", Provider: "openai", Price: flat(map[Part]float64{Input: 1})}),
		byTenant("team-*", Rule{Model: "m*", Price: flat(map[Part]float64{Input: 2})}),
		byTenant("*", Rule{Model: "free", Price: flat(map[Part]float64{Input: 0})}),
	)
	for _, test := range []struct {
		tenant, provider, model string
		want                    float64
	}{
		{"team-a1", "openai", "m", 1},
		{"team-a1", "azure", "m", 2},
		{"team-b", "openai", "m", 2},
		{"TEAM-b", "openai", "m", 9},
		{"other", "openai", "free", 0},
		{"", "openai", "free", 9},
	} {
		q := request(test.provider, test.model, 1, 0)
		q.Tenant = test.tenant
		cost, _, ok := table.Cost(q, nil)
		assert.True(t, ok, test)
		assert.InDelta(t, test.want, cost, 1e-9, test)
	}
}

func TestTokensWithoutAPriceMakeTheCostUnknown(t *testing.T) {
	table := NewTable(Assume{}, []Rule{{Price: flat(map[Part]float64{Input: 1})}}, nil,
		byTenant("team", Rule{Price: flat(map[Part]float64{Output: 1})}))
	q := request("openai", "m", 10, 0)
	cost, _, ok := table.Cost(q, nil)
	assert.True(t, ok)
	assert.InDelta(t, 10, cost, 1e-9)
	q.Number[fact.OutputTokens] = 1
	_, _, ok = table.Cost(q, nil)
	assert.False(t, ok)
	q.Number[fact.ReasoningTokens], q.Tenant = 1, "team"
	_, _, ok = table.Cost(q, nil)
	assert.False(t, ok, "the price of all others does not stand in")
}

func TestAnOverrideIsFoundWithoutAllocation(t *testing.T) {
	for name, value := range map[string]attr.Value{
		"text": attr.Text("TEAM-0-of-some-length-beyond-that-of-numbers"), "number": attr.Int(math.MinInt64),
	} {
		none := byTenant("team-b")
		fits := Override{
			Of: func(*llm.Request) attr.Value { return value }, Value: "*-*0*",
			Rules: []Rule{{Model: "m", Price: flat(map[Part]float64{Input: 1, Output: 1})}},
		}
		table := NewTable(Assume{}, nil, nil, none, fits)
		q := request("openai", "m", 1, 1)
		_, _, found := table.Cost(q, nil)
		assert.True(t, found, name)
		assert.Zero(t, testing.AllocsPerRun(100, func() { table.Cost(q, nil) }), name)
	}
}

func TestLiteLLMsListIsRead(t *testing.T) {
	prices, err := ParseLiteLLM([]byte(`{
		"sample_spec": {"input_cost_per_token": "explains the format"},
		"gpt-4o": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-06,
			"litellm_provider": "openai", "mode": "chat"},
		"azure/o3": {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06, "output_cost_per_reasoning_token": 5e-06},
		"dall-e-3": {"input_cost_per_pixel": 1e-08}
	}`))
	require.NoError(t, err)
	assert.Equal(t, map[string]Price{
		"gpt-4o":   flat(map[Part]float64{Input: 2.5e-06, Output: 1e-05, CacheRead: 1.25e-06}),
		"azure/o3": flat(map[Part]float64{Input: 1e-06, Output: 4e-06, Reasoning: 5e-06}),
	}, prices)
}

func TestABrokenListIsAnErrorThatNamesTheModel(t *testing.T) {
	for list, want := range map[string]string{
		`[]`:                                  "no price list in LiteLLM's format",
		`{}`:                                  "no model with a price per token",
		`{"m": 3}`:                            `prices of "m"`,
		`not json`:                            "no price list",
		`{"m": {"input_cost_per_token": -1}}`: `prices of "m": input_cost_per_token: must be finite and not below 0, got -1`,
		`{"m": {"input_cost_per_token": "free"}}`: `prices of "m"`,
	} {
		_, err := ParseLiteLLM([]byte(list))
		assert.ErrorContains(t, err, want, list)
	}
}
