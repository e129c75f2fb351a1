// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

// The dashboards' uids, by which they link to each other.
const (
	overviewUID  = "otelcol-llm-overview"
	latencyUID   = "otelcol-llm-latency"
	tokensUID    = "otelcol-llm-tokens"
	errorsUID    = "otelcol-llm-errors"
	enginesUID   = "otelcol-llm-engines"
	collectorUID = "otelcol-llm-collector"
)

func overview() grafana.Board {
	return grafana.Board{
		UID: overviewUID, Title: "Overview",
		Description: "Is it us or the provider? Requests, errors, times, tokens and cost by model and layer, and the GPUs at a glance.",
		Variables:   with(grafana.RequestVariables, grafana.Histograms),
		Rows: []grafana.Row{
			{Title: "At a glance, for the layer above", Panels: overviewStats()},
			{Title: "Is it us or the provider?", Panels: overviewLayers()},
			{Title: "Which model?", Panels: overviewModels()},
			{Title: "The GPUs", Panels: overviewGPUs()},
		},
	}
}

func overviewStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many requests?", Kind: grafana.Stat, Unit: "reqps", Width: 4, More: collectorUID,
			Help: "Finished requests per second, `llm.requests`. None where there was traffic: applications stopped, or their spans " +
				"no longer arrive. The collector's dashboard says which.",
			Queries: []grafana.Query{{Text: perSecond("llm.requests", ""), Legend: "Requests"}},
		},
		{
			Title: "How many fail?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Steps: errorSteps, More: errorsUID,
			Help:    "Share of requests whose `llm.outcome` is error. From 1 % on users notice. Look at the layers below: which one fails?",
			Queries: []grafana.Query{{Text: failed(""), Legend: "Failed"}},
		},
		{
			Title: "First token after?", Kind: grafana.Stat, Unit: "s", Width: 4, More: latencyUID,
			Help: "95th percentile of the time to the first chunk of streamed requests, as applications see it: what people wait before " +
				"anything happens. Above a second or two a chat feels slow.",
			Queries: []grafana.Query{{Text: quantile(0.95, "gen_ai.client.operation.time_to_first_chunk", ""), Legend: "p95"}},
		},
		{
			Title: "How many tokens?", Kind: grafana.Stat, Unit: "si:tok/s", Width: 4, More: tokensUID,
			Help: "Output tokens per second, `llm.usage.output_tokens`. Falls while requests do not: answers became shorter, or an " +
				"instrumentation no longer writes tokens.",
			Queries: []grafana.Query{{Text: perSecond("llm.usage.output_tokens", ""), Legend: "Output"}},
		},
		{
			Title: "What does it cost?", Kind: grafana.Stat, Unit: "currencyUSD", Width: 4, Empty: "No prices", More: tokensUID,
			Help: "US dollars per hour at the present pace, `llm.cost`. Without prices in the configuration, and none on the spans, " +
				"there is no cost.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost", "") + " * 3600", Legend: "Per hour"}},
		},
		{
			Title: "Are the GPUs busy?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Empty: "No GPUs",
			Help:    "Mean utilization of all GPUs. Low while requests wait: the queue is somewhere else. High without tokens: an engine hangs.",
			Queries: []grafana.Query{{Text: `avg(<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "Busy"}},
		},
	}
}

func overviewLayers() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which layer sees errors?", Unit: "percentunit", Width: 12, More: errorsUID,
			Help: "Share of failed requests by who measured. Errors at clients alone: the network or a hosted provider. At servers, too: " +
				"our own engines.",
			Queries: []grafana.Query{{Text: failed(layer), Legend: "{{llm_layer}}"}},
		},
		{
			Title: "Which provider fails?", Unit: "percentunit", Width: 12, More: errorsUID,
			Help: "Share of failed requests by provider, in the layer above. One provider alone: route around it, see its status page. " +
				"All at once: our network or keys.",
			Queries: []grafana.Query{{Text: failed(provider), Legend: "{{" + provider + "}}"}},
		},
		{
			Title: "Where is the time spent?", Unit: "s", Width: 12, More: latencyUID,
			Help: "95th percentile of whole requests by who measured; dots are single requests, with their traces. The client far above " +
				"the server: network, gateway or retries. Both alike: the engine. Select a model first, so that all measure the same requests.",
			Queries: []grafana.Query{
				{Text: quantile(0.95, "gen_ai.client.operation.duration", ""), Legend: "client", Exemplars: true},
				{Text: quantile(0.95, `llm.gateway.request.duration llm_layer="gateway"`, ""), Legend: "gateway"},
				{Text: quantile(0.95, "gen_ai.server.request.duration", ""), Legend: "server"},
			},
		},
		{
			Title: "Who has how much traffic?", Unit: "reqps", Width: 12,
			Help: "Requests per second by who measured. Each request appears once in every layer that measured it: layers are not added up. " +
				"A layer that falls alone lost its spans, not its requests.",
			Queries: []grafana.Query{{Text: perSecond("llm.requests", layer), Legend: "{{llm_layer}}"}},
		},
	}
}

func overviewModels() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How does each model do?", Kind: grafana.Table, Unit: "short", Width: 24, Height: 9,
			Help: "Models in the layer above, now. Times are those that clients measure. Compare a canary with the model beside it before it " +
				"gets more traffic.",
			Columns: []grafana.Column{{Label: model, Title: "Model", More: latencyUID, Variable: "model"}, {Label: provider, Title: "Provider"}},
			Queries: []grafana.Query{
				{Text: perSecond("llm.requests", model+", "+provider), Legend: "Requests", Unit: "reqps"},
				{Text: failed(model + ", " + provider), Legend: "Failed", Unit: "percentunit", Steps: errorSteps},
				{Text: quantile(0.95, "gen_ai.client.operation.time_to_first_chunk", model+", "+provider), Legend: "First token p95", Unit: "s"},
				{Text: quantile(0.95, `llm.client.time_per_output_token llm_layer="client"`, model+", "+provider), Legend: "Per token p95", Unit: "s"},
				{Text: quantile(0.95, "gen_ai.client.operation.duration", model+", "+provider), Legend: "Duration p95", Unit: "s"},
				{Text: perSecond("llm.usage.output_tokens", model+", "+provider), Legend: "Output", Unit: "si:tok/s"},
				{Text: perSecond("llm.cost", model+", "+provider) + " * 3600", Legend: "Cost per hour", Unit: "currencyUSD"},
			},
		},
		{
			Title: "Which model is asked?", Unit: "reqps", Width: 12, Stacked: true,
			Help:    "Requests per second by model in the layer above. A model that vanishes was renamed, or its service stopped.",
			Queries: []grafana.Query{{Text: perSecond("llm.requests", model), Legend: modelLegend}},
		},
		{
			Title: "What does each model cost?", Unit: "currencyUSD", Width: 12, Stacked: true, Empty: "No prices", More: tokensUID,
			Help: "US dollars per hour by model in the layer above. A jump without more requests: longer prompts, or a cache that no " +
				"longer hits.",
			Queries: []grafana.Query{{Text: perSecond("llm.cost", model) + " * 3600", Legend: modelLegend}},
		},
	}
}

func overviewGPUs() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which host is busy?", Unit: "percentunit", Width: 8, Max: 1, Empty: "No GPUs", More: fleetUID,
			Help:    "Mean utilization of the GPUs of each host. One host at 100 % while others rest: requests are spread unevenly.",
			Queries: []grafana.Query{{Text: `avg by (host_name) (<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "{{host_name}}"}},
		},
		{
			Title: "How full is the memory?", Unit: "percentunit", Width: 8, Max: 1, Empty: "No GPUs",
			Help: "Fullest GPU of each host. Engines reserve most of it at their start, so a high value is usual; one that grows until " +
				"out-of-memory errors is not.",
			Queries: []grafana.Query{{Text: `max by (host_name) (<hw.gpu.memory.utilization>)`, Legend: "{{host_name}}"}},
		},
		{
			Title: "Is a GPU unwell?", Unit: "short", Width: 8, Empty: "No GPUs", More: fleetUID,
			Help:    "GPUs that are not ok, by verdict: degraded, predicted_failure, failed. Any but zero: take it out of service and follow the runbook.",
			Queries: []grafana.Query{{Text: `sum by (hw_state) (<hw.status hw_state!="ok">)`, Legend: "{{hw_state}}"}},
		},
	}
}
