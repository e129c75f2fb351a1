// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

func latency() grafana.Board {
	return grafana.Board{
		UID: latencyUID, Title: "Latency",
		Description: "Is it the network, the queue or the GPU? Times to the first token, per token and of whole requests, by who measured them.",
		Variables:   with(grafana.RequestVariables, grafana.Histograms),
		Rows: []grafana.Row{
			{Title: "What people wait for, as clients measure it", Panels: latencyOfClients()},
			{Title: "Network, gateway, queue or GPU?", Panels: latencyParts()},
			{Title: "Which model, which replica?", Panels: latencyOfWhom()},
			{Title: "All requests: percentiles hide that there are two kinds", Panels: latencyHeat()},
		},
	}
}

// percentiles are the median and what few requests exceed.
func percentiles(metric string) []grafana.Query {
	return []grafana.Query{
		{Text: quantile(0.5, metric, ""), Legend: "p50"},
		{Text: quantile(0.95, metric, ""), Legend: "p95", Exemplars: true},
		{Text: quantile(0.99, metric, ""), Legend: "p99"},
	}
}

// Metrics that several panels show.
const (
	clientFirst = "gen_ai.client.operation.time_to_first_chunk"
	clientToken = `llm.client.time_per_output_token llm_layer="client"`
	clientWhole = "gen_ai.client.operation.duration"
	serverFirst = "gen_ai.server.time_to_first_token"
	serverToken = "gen_ai.server.time_per_output_token"
	serverWhole = "gen_ai.server.request.duration"
)

func latencyOfClients() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How long until the first token?", Unit: "s", Width: 8,
			Help: "Time to the first chunk of streamed requests that succeed. Above a second or two a chat feels dead. p99 far above p50: some " +
				"requests queue. Next: the parts below. Dots are single requests and lead to their traces.",
			Queries: percentiles(clientFirst),
		},
		{
			Title: "How long for each token?", Unit: "s", Width: 8,
			Help: "Time per output token after the first. People read some 10 tokens a second, 100 ms each: slower is felt. It grows with the " +
				"engine's batch and where a GPU is throttled.",
			Queries: percentiles(clientToken),
		},
		{
			Title: "How long for a whole request?", Unit: "s", Width: 8,
			Help:    "Duration of requests, failed ones too. Long answers take long: compare with tokens per request before you look for a fault.",
			Queries: percentiles(clientWhole),
		},
	}
}

func latencyParts() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Who waits for the first token?", Unit: "s", Width: 12,
			Help: "95th percentile by who measured. Client far above gateway: the network or retries. Gateway far above server: the gateway, or its " +
				"queue. All alike: the engine. Select a model first, so that all measure the same requests.",
			Queries: []grafana.Query{
				{Text: quantile(0.95, clientFirst, ""), Legend: "client"},
				{Text: quantile(0.95, `llm.gateway.time_to_first_token llm_layer="gateway"`, ""), Legend: "gateway"},
				{Text: quantile(0.95, serverFirst, ""), Legend: "server"},
			},
		},
		{
			Title: "What does the engine do meanwhile?", Unit: "s", Width: 12,
			Help: "95th percentile of the engine's own parts of a request. Queue: too many requests for it, add replicas. Prefill: long prompts, or " +
				"a prefix cache that no longer hits. Decode: long answers, large batches or a slow GPU.",
			Queries: []grafana.Query{
				{Text: quantile(0.95, `llm.request.queue.duration llm_layer="server"`, ""), Legend: "queue"},
				{Text: quantile(0.95, `llm.request.prefill.duration llm_layer="server"`, ""), Legend: "prefill"},
				{Text: quantile(0.95, `llm.request.decode.duration llm_layer="server"`, ""), Legend: "decode"},
			},
		},
		{
			Title: "Who measures which duration?", Unit: "s", Width: 12,
			Help: "95th percentile of whole requests by who measured. What the client has more than the server is spent on the way, in the " +
				"gateway or on attempts that failed.",
			Queries: []grafana.Query{
				{Text: quantile(0.95, clientWhole, ""), Legend: "client"},
				{Text: quantile(0.95, `llm.gateway.request.duration llm_layer="gateway"`, ""), Legend: "gateway"},
				{Text: quantile(0.95, serverWhole, ""), Legend: "server"},
			},
		},
		{
			Title: "Do requests meet their target?", Unit: "percentunit", Width: 12, Max: 1, Empty: "No targets",
			Help: "Share of requests that met a target of the processor's configuration (`targets`), by target and layer. Below its objective the " +
				"error budget burns: see which model is slow.",
			Queries: []grafana.Query{{
				Text:   ratio(perSecond(`llm.slo.requests llm_slo_met="true"`, "llm_slo_name, llm_layer"), perSecond("llm.slo.requests", "llm_slo_name, llm_layer")),
				Legend: "{{llm_slo_name}}, {{llm_layer}}",
			}},
		},
	}
}

func latencyOfWhom() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which model is slow to begin?", Unit: "s", Width: 12,
			Help: "95th percentile of the time to the first chunk by model. One model alone: its engine or provider. All of one provider: the way " +
				"to it.",
			Queries: []grafana.Query{{Text: quantile(0.95, clientFirst, model), Legend: modelLegend}},
		},
		{
			Title: "Which model writes slowly?", Unit: "s", Width: 12,
			Help:    "95th percentile of the time per output token by model. A canary above the model beside it is no improvement.",
			Queries: []grafana.Query{{Text: quantile(0.95, clientToken, model), Legend: modelLegend}},
		},
		{
			Title: "Which replica is slow?", Unit: "s", Width: 12, Empty: "No engine sends spans",
			Help: "95th percentile of the time to the first token by the engine's instance. One above the others: its GPU, its queue, or the way " +
				"requests are spread. Take it out, then look at its GPU. Engines' buckets end at 10 s: a flat line there is more.",
			Queries: []grafana.Query{{Text: quantile(0.95, serverFirst, "service_instance_id"), Legend: "{{service_instance_id}}"}},
		},
		{
			Title: "Which service waits?", Unit: "s", Width: 12,
			Help:    "95th percentile of the time to the first chunk by the service that asks. One alone: its prompts are longer, or it sits elsewhere.",
			Queries: []grafana.Query{{Text: quantile(0.95, clientFirst, "service_name"), Legend: "{{service_name}}"}},
		},
	}
}

func latencyHeat() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How are first tokens spread?", Kind: grafana.Heatmap, Unit: "s", Width: 12,
			Help: "Requests by the time to their first chunk. Two bands are two kinds of requests, such as hits and misses of a cache; a band " +
				"that climbs is a queue that grows.",
			Queries: []grafana.Query{{Text: `sum by (le) (rate(<` + clientFirst + `:buckets>[$__rate_interval]))`, Legend: "{{le}}"}},
		},
		{
			Title: "How are durations spread?", Kind: grafana.Heatmap, Unit: "s", Width: 12,
			Help:    "Requests by their duration. A thin band at a round number of seconds is a timeout: somebody gives up there.",
			Queries: []grafana.Query{{Text: `sum by (le) (rate(<` + clientWhole + `:buckets>[$__rate_interval]))`, Legend: "{{le}}"}},
		},
	}
}
