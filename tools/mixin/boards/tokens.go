// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

func tokens() grafana.Board {
	return grafana.Board{
		UID: tokensUID, Title: "Tokens and cost",
		Description: "Who uses how much, and what does it cost? Tokens and US dollars by model, tenant and service, and what caches save.",
		Variables:   with(grafana.RequestVariables, grafana.Histograms),
		Rows: []grafana.Row{
			{Title: "At a glance, for the layer above", Panels: tokenStats()},
			{Title: "Who made the cost?", Panels: costPanels()},
			{Title: "Where do the tokens go?", Panels: tokenPanels()},
		},
	}
}

func tokenStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Cost per hour?", Kind: grafana.Stat, Unit: "currencyUSD", Width: 4, Empty: "No prices",
			Help:    "US dollars per hour at the present pace, `llm.cost`: reported on spans, else computed from the price list. Nothing without prices.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost", "") + " * 3600", Legend: "Per hour"}},
		},
		{
			Title: "Cost of a month?", Kind: grafana.Stat, Unit: "currencyUSD", Width: 4, Empty: "No prices",
			Help: "What 30 days would cost at the mean pace of the time that is shown. Show a week, so that nights and weekends are in it, before " +
				"you tell anybody.",
			Queries: []grafana.Query{{Text: "sum(rate(<llm.cost>[$__range])) * 2592000", Legend: "Projected"}},
		},
		{
			Title: "Cost per request?", Kind: grafana.Stat, Unit: "currencyUSD", Width: 4, Empty: "No prices",
			Help:    "Mean US dollars of a request. It grows with longer prompts, dearer models, and agents that carry their whole history along.",
			Queries: []grafana.Query{{Text: ratio(perSecond("llm.cost", ""), perSecond("llm.requests", "")), Legend: "Mean"}},
		},
		{
			Title: "Tokens in?", Kind: grafana.Stat, Unit: "si:tok/s", Width: 4,
			Help:    "Input tokens per second, cached ones included. A jump without more requests: prompts became longer.",
			Queries: []grafana.Query{{Text: perSecond("llm.usage.input_tokens", ""), Legend: "Input"}},
		},
		{
			Title: "Tokens out?", Kind: grafana.Stat, Unit: "si:tok/s", Width: 4,
			Help:    "Output tokens per second, reasoning included. They cost several times as much as input tokens, and make requests long.",
			Queries: []grafana.Query{{Text: perSecond("llm.usage.output_tokens", ""), Legend: "Output"}},
		},
		{
			Title: "From the cache?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Empty: "No cache",
			Help: "Share of input tokens that were read from a prompt cache, at a tenth to a half of the price. A fall: the beginning of prompts " +
				"changes from request to request, such as by a date.",
			Queries: []grafana.Query{{Text: ratio(perSecond("llm.usage.cache_read.input_tokens", ""), perSecond("llm.usage.input_tokens", "")), Legend: "Cached"}},
		},
	}
}

func costPanels() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which model costs most?", Unit: "currencyUSD", Width: 12, Stacked: true, Empty: "No prices",
			Help:    "US dollars per hour by model. Compare with its requests below: more of them, or dearer ones?",
			Queries: []grafana.Query{{Text: perSecond("llm.cost", model) + " * 3600", Legend: modelLegend}},
		},
		{
			Title: "Which tenant costs most?", Unit: "currencyUSD", Width: 12, Stacked: true, Empty: "No prices, or no tenants",
			Help: "US dollars per hour by tenant: team, customer or key, as spans name it. Needs the dimension `tenant` (examples/tenants). Talk to " +
				"the tenant, or set a limit at the gateway.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost", "llm_tenant") + " * 3600", Legend: "{{llm_tenant}}"}},
		},
		{
			Title: "Who spent what in this time?", Kind: grafana.Table, Unit: "currencyUSD", Width: 24, Height: 11,
			Help: "Cost, requests and tokens of the time that is shown, by service, tenant and model. Sort by cost, and start with the first row.",
			Columns: []grafana.Column{
				{Label: "service_name", Title: "Service", More: latencyUID, Variable: "service"},
				{Label: "llm_tenant", Title: "Tenant"},
				{Label: model, Title: "Model", More: latencyUID, Variable: "model"},
			},
			Queries: []grafana.Query{
				{Text: total("llm.cost", "service_name, llm_tenant, "+model), Legend: "Cost"},
				{Text: total("llm.requests", "service_name, llm_tenant, "+model), Legend: "Requests", Unit: "locale"},
				{Text: total("llm.usage.input_tokens", "service_name, llm_tenant, "+model), Legend: "Input tokens", Unit: "locale"},
				{Text: total("llm.usage.output_tokens", "service_name, llm_tenant, "+model), Legend: "Output tokens", Unit: "locale"},
			},
			SortBy: "Cost", Rows: 10,
		},
	}
}

func tokenPanels() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Input tokens by model?", Unit: "si:tok/s", Width: 12, Stacked: true,
			Help:    "Input tokens per second by model, cached ones included. Growth without more requests: longer prompts, or histories that are never cut.",
			Queries: []grafana.Query{{Text: perSecond("llm.usage.input_tokens", model), Legend: modelLegend}},
		},
		{
			Title: "Output tokens by model?", Unit: "si:tok/s", Width: 12, Stacked: true,
			Help:    "Output tokens per second by model. This is what an engine's GPUs are busy with; a fall while requests stay is a slow engine.",
			Queries: []grafana.Query{{Text: perSecond("llm.usage.output_tokens", model), Legend: modelLegend}},
		},
		{
			Title: "How long are prompts and answers?", Unit: "short", Width: 12,
			Help: "Tokens of a request: median and 95th percentile, as clients count them. Prompts near the model's context limit will fail; long " +
				"ones make the first token late.",
			Queries: []grafana.Query{
				{Text: quantile(0.5, `gen_ai.client.token.usage gen_ai_token_type="input"`, ""), Legend: "input p50"},
				{Text: quantile(0.95, `gen_ai.client.token.usage gen_ai_token_type="input"`, ""), Legend: "input p95"},
				{Text: quantile(0.5, `gen_ai.client.token.usage gen_ai_token_type="output"`, ""), Legend: "output p50"},
				{Text: quantile(0.95, `gen_ai.client.token.usage gen_ai_token_type="output"`, ""), Legend: "output p95"},
			},
		},
		{
			Title: "How much comes from the cache?", Unit: "percentunit", Width: 12, Max: 1, Empty: "No cache",
			Help: "Share of input tokens that were read from a prompt cache, by model. Low for long prompts that repeat: put what never changes " +
				"first, and mark it for the cache.",
			Queries: []grafana.Query{{
				Text: ratio(perSecond("llm.usage.cache_read.input_tokens", model), perSecond("llm.usage.input_tokens", model)), Legend: modelLegend,
			}},
		},
	}
}
