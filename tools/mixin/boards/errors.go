// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

func errorBoard() grafana.Board {
	return grafana.Board{
		UID: errorsUID, Title: "Errors",
		Description: "What fails, whose fault is it, and who notices? Failed and cancelled requests by type, provider, model and service, and retries.",
		Variables:   grafana.RequestVariables,
		Rows: []grafana.Row{
			{Title: "At a glance, for the layer above", Panels: errorStats()},
			{Title: "What fails?", Panels: errorKinds()},
			{Title: "Whose fault, and who notices?", Panels: errorOwners()},
		},
	}
}

func errorStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many fail?", Kind: grafana.Stat, Unit: "percentunit", Width: 6, Steps: errorSteps,
			Help:    "Share of requests whose `llm.outcome` is error. From 1 % on users notice, from 5 % on most meet one in a conversation.",
			Queries: []grafana.Query{{Text: failed(""), Legend: "Failed"}},
		},
		{
			Title: "How many a minute?", Kind: grafana.Stat, Unit: "short", Width: 6, Decimals: 1,
			Help:    "Failed requests per minute. A large share of little traffic is less urgent than a small one of much.",
			Queries: []grafana.Query{{Text: "(" + perSecond(`llm.requests llm_outcome="error"`, "") + " or 0 * " + perSecond("llm.requests", "") + ") * 60", Legend: "Failed"}},
		},
		{
			Title: "How many are cancelled?", Kind: grafana.Stat, Unit: "percentunit", Width: 6,
			Help: "Share of requests that the caller gave up: people who left, or a client's timeout. Cancelled requests are no errors; many of " +
				"them at one duration are a timeout that is too short.",
			Queries: []grafana.Query{{
				Text:   ratio(perSecond(`llm.requests llm_outcome="cancelled"`, "")+" or 0 * "+perSecond("llm.requests", ""), perSecond("llm.requests", "")),
				Legend: "Cancelled",
			}},
		},
		{
			Title: "How many retries?", Kind: grafana.Stat, Unit: "short", Width: 6, Decimals: 1, Empty: "None",
			Help: "Attempts per minute that failed and were sent again, `llm.retries`. Users see them as slowness, not as errors; a provider's " +
				"limits show here first.",
			Queries: []grafana.Query{{Text: perSecond("llm.retries", "") + " * 60", Legend: "Retries"}},
		},
	}
}

func errorKinds() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which errors?", Unit: "reqps", Width: 8, Stacked: true, Empty: "No errors",
			Help: "Failed requests per second by `error.type`. 429 and rate limits: a quota. 5xx, overloaded: the provider or engine. Timeouts: the " +
				"client gives up before the answer. 400: a prompt too long or a parameter that the model lacks.",
			Queries: []grafana.Query{{Text: perSecond(`llm.requests llm_outcome="error"`, "error_type"), Legend: "{{error_type}}"}},
		},
		{
			Title: "How do requests end?", Unit: "reqps", Width: 8, Stacked: true,
			Help:    "Requests per second by outcome. Cancelled ones that grow while others do not: people no longer wait for answers.",
			Queries: []grafana.Query{{Text: perSecond("llm.requests", "llm_outcome"), Legend: "{{llm_outcome}}"}},
		},
		{
			Title: "What is sent again?", Unit: "short", Width: 8, Empty: "None",
			Help:    "Retries per second by model. They hide errors, cost time, and make an overload worse: let clients wait longer between attempts.",
			Queries: []grafana.Query{{Text: perSecond("llm.retries", model), Legend: modelLegend}},
		},
		{
			Title: "Which errors hit whom?", Kind: grafana.Table, Unit: "locale", Width: 24, Height: 9,
			Help: "Failed requests of the time that is shown, by service, provider, model and type. One row far above the others is the place to " +
				"begin; its model leads to its latency.",
			Columns: []grafana.Column{
				{Label: "service_name", Title: "Service"},
				{Label: provider, Title: "Provider"},
				{Label: model, Title: "Model", More: latencyUID, Variable: "model"},
				{Label: "error_type", Title: "Error"},
			},
			Queries: []grafana.Query{{
				Text: total(`llm.requests llm_outcome="error"`, "service_name, "+provider+", "+model+", error_type") + " > 0", Legend: "Failed",
			}},
			SortBy: "Failed", Rows: 8, Empty: "No errors",
		},
	}
}

func errorOwners() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which layer sees errors?", Unit: "percentunit", Width: 8,
			Help:    "Share of failed requests by who measured. At clients alone: a hosted provider or the network. At servers, too: our own engines.",
			Queries: []grafana.Query{{Text: failed(layer), Legend: "{{llm_layer}}"}},
		},
		{
			Title: "Which provider fails?", Unit: "percentunit", Width: 8,
			Help:    "Share of failed requests by provider. One alone: see its status page, send its requests elsewhere. All: our network, keys or gateway.",
			Queries: []grafana.Query{{Text: failed(provider), Legend: "{{" + provider + "}}"}},
		},
		{
			Title: "Which service notices?", Unit: "percentunit", Width: 8,
			Help:    "Share of failed requests by service. One alone while others use the same model: its own requests, such as prompts that are too long.",
			Queries: []grafana.Query{{Text: failed("service_name"), Legend: "{{service_name}}"}},
		},
		{
			Title: "Which model fails?", Unit: "percentunit", Width: 12,
			Help:    "Share of failed requests by model. One model of a provider: its capacity, or a parameter that it does not take.",
			Queries: []grafana.Query{{Text: failed(model), Legend: modelLegend}},
		},
		{
			Title: "Are answers cut off?", Unit: "percentunit", Width: 12, Empty: "llm.finish_reasons is off",
			Help: "Share of answers that ended because they were too long. Needs `metrics::llm.finish_reasons::enabled`. A rise: a limit of output " +
				"tokens that is too low, or a model that rambles.",
			Queries: []grafana.Query{{
				Text:   ratio(perSecond(`llm.finish_reasons llm_finish_reason=~"length|max_tokens"`, model), perSecond("llm.finish_reasons", model)),
				Legend: modelLegend,
			}},
		},
	}
}
