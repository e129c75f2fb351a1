// SPDX-License-Identifier: Apache-2.0

package boards

import "github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"

const (
	endpoint       = "service_name, service_instance_id"
	endpointLegend = "{{service_name}} {{service_instance_id}}"
)

func engines() grafana.Board {
	return grafana.Board{
		UID: enginesUID, Title: "Engines",
		Description: "What only the engines know: queue, KV cache, caches, loaded models and state, from their own endpoints.",
		Variables:   []grafana.Variable{grafana.Engine, grafana.EngineKind, grafana.Endpoint, grafana.Histograms},
		Rows: []grafana.Row{
			{Title: "At a glance", Panels: engineStats()},
			{Title: "Does a queue build up?", Panels: engineQueues()},
			{Title: "Is the KV cache large enough?", Panels: engineCaches()},
			{Title: "What do the engines work on?", Panels: engineWork()},
			{Title: "What is loaded, and in which state?", Panels: engineModels()},
			{Title: "Is it the queue, or the GPUs?", Panels: engineOthers()},
		},
	}
}

func engineStats() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many wait?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: "No engines",
			Help:    "Requests in the queues of all engines, `llm.engine.requests.waiting`. Some at peaks are well; a number that only grows wants another engine.",
			Queries: []grafana.Query{{Text: "sum(<llm.engine.requests.waiting>)", Legend: "Waiting"}},
		},
		{
			Title: "How many run?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: "No engines",
			Help:    "Requests in the batches of all engines, `llm.engine.requests.running`. None while requests wait: an engine hangs.",
			Queries: []grafana.Query{{Text: "sum(<llm.engine.requests.running>)", Legend: "Running"}},
		},
		{
			Title: "How full is a cache?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Empty: "Not reported",
			Steps:   []grafana.Step{{From: 0.8, Color: "yellow"}, {From: 0.95, Color: "red"}},
			Help:    "Highest use of a KV cache, `llm.engine.kv_cache.utilization`. Near 1 engines put requests back into the queue. Add an engine, or shorten contexts.",
			Queries: []grafana.Query{{Text: "max(<llm.engine.kv_cache.utilization>)", Legend: "KV cache"}},
		},
		{
			Title: "How much is cached?", Kind: grafana.Stat, Unit: "percentunit", Width: 4, Empty: "Not reported",
			Help:    "Share of looked-up input tokens that the prefix caches had. Falls after a change of prompts or of routing: requests no longer meet the engine that knows their beginning.",
			Queries: []grafana.Query{{Text: hitRatio(""), Legend: "Hits"}},
		},
		{
			Title: "How many are dead?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: "No engines",
			Steps:   []grafana.Step{{From: 1, Color: "red"}},
			Help:    "Engines that do not answer, `llm.engine.status` unreachable. Their other series end: the sums here are without them. See whether they were stopped on purpose.",
			Queries: []grafana.Query{{Text: `sum(<llm.engine.status llm_engine_state="unreachable">)`, Legend: "Unreachable"}},
		},
		{
			Title: "How many are ready?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: "No engines",
			Help:    "Engines that answer and are neither loading, asleep nor unhealthy. Fewer than you run: the timeline below says which.",
			Queries: []grafana.Query{{Text: `sum(<llm.engine.status llm_engine_state="ready">)`, Legend: "Ready"}},
		},
	}
}

// hitRatio is the share of hits in the engines' own prefix caches.
func hitRatio(labels string) string {
	return ratio(
		perSecond(`llm.engine.prefix_cache.hits llm_engine_cache_tier!="external"`, labels),
		perSecond(`llm.engine.prefix_cache.queries llm_engine_cache_tier!="external"`, labels))
}

func engineQueues() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Where do requests wait?", Unit: "short", Width: 12, Stacked: true, Empty: "No engines",
			Help:    "Requests in the queue of each engine. One long queue beside short ones: requests are spread unevenly. All long: too few engines.",
			Queries: []grafana.Query{{Text: "sum by (" + endpoint + ") (<llm.engine.requests.waiting>)", Legend: endpointLegend}},
		},
		{
			Title: "How many run at a time?", Unit: "short", Width: 12, Stacked: true, Empty: "No engines",
			Help:    "Requests in the batch of each engine. At its limit while requests wait: the limit, or the KV cache, holds them back.",
			Queries: []grafana.Query{{Text: "sum by (" + endpoint + ") (<llm.engine.requests.running>)", Legend: endpointLegend}},
		},
		{
			Title: "How do requests end?", Unit: "reqps", Width: 12, Stacked: true, Empty: "No engines",
			Help: "Ended requests per second by outcome, as the engines count them. vLLM counts none that a client gave up; SGLang does not separate outcomes (any). Errors here and not at " +
				"clients: retries hide them.",
			Queries: []grafana.Query{{Text: `label_replace(` + perSecond("llm.engine.requests", "llm_outcome") + `, "llm_outcome", "any", "llm_outcome", "")`, Legend: "{{llm_outcome}}"}},
		},
		{
			Title: "How many are put back?", Unit: "short", Width: 12, Empty: "None",
			Help:    "Preemptions per second: the KV cache was full, and a running request went back into the queue. Its user waits twice. More than a few: fewer requests at a time, or more cache.",
			Queries: []grafana.Query{{Text: perSecond("llm.engine.preemptions", endpoint), Legend: endpointLegend}},
		},
	}
}

func engineCaches() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How full is each KV cache?", Unit: "percentunit", Width: 12, Max: 1, Empty: "Not reported",
			Help:    "Use of the KV cache of each engine. Long at 1 with a queue: memory is what is short. Low with a queue: the limit of running requests is.",
			Queries: []grafana.Query{{Text: "max by (" + endpoint + ") (<llm.engine.kv_cache.utilization>)", Legend: endpointLegend}},
		},
		{
			Title: "What does the prefix cache hit?", Unit: "percentunit", Width: 12, Max: 1, Empty: "Not reported",
			Help:    "Share of looked-up input tokens that were cached, by engine. One engine below the others: its requests share no beginnings; route by prefix.",
			Queries: []grafana.Query{{Text: hitRatio(endpoint), Legend: endpointLegend}},
		},
	}
}

func engineWork() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How many tokens go in?", Unit: "si:tok/s", Width: 8, Empty: "No engines",
			Help:    "Input tokens per second, cached ones included. Grows without more requests: contexts became longer.",
			Queries: []grafana.Query{{Text: perSecond("llm.engine.usage.input_tokens", endpoint), Legend: endpointLegend}},
		},
		{
			Title: "How many tokens come out?", Unit: "si:tok/s", Width: 8, Empty: "No engines",
			Help:    "Output tokens per second. Falls while requests run: a GPU is throttled, or the batch is full of long inputs.",
			Queries: []grafana.Query{{Text: perSecond("llm.engine.usage.output_tokens", endpoint), Legend: endpointLegend}},
		},
		{
			Title: "How large are the batches?", Unit: "short", Width: 8, Empty: "Not reported",
			Help:    "Requests in the last batch. Small ones leave the GPU idle; with a queue beside them something holds requests back.",
			Queries: []grafana.Query{{Text: "avg by (" + endpoint + ") (<llm.engine.batch.size>)", Legend: endpointLegend}},
		},
	}
}

func engineModels() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Which engine is ready?", Kind: grafana.Timeline, Unit: "short", Width: 12, Empty: "No engines",
			Help: "Whether an engine is ready. Not ready is loading, asleep, unhealthy or unreachable: `llm.engine.status` by `llm_engine_state` says which. " +
				"Often for a short time: it restarts.",
			States: []grafana.State{
				{Value: "0", Text: "not ready", Color: "red"}, {Value: "1", Text: "ready", Color: "green"},
			},
			Queries: []grafana.Query{{Text: "max by (" + endpoint + `) (<llm.engine.status llm_engine_state="ready">)`, Legend: endpointLegend}},
		},
		{
			Title: "Which models are served?", Kind: grafana.Table, Unit: "short", Width: 12, Empty: "No engines",
			Help:    "Models of all engines, now. A model without engines is served by nobody; one that waits long needs more of them.",
			Columns: []grafana.Column{{Label: model, Title: "Model"}, {Label: "llm_engine_name", Title: "Engine"}},
			Queries: []grafana.Query{
				{Text: "count by (" + model + ", llm_engine_name) (<llm.engine.requests.running>)", Legend: "Engines", Unit: "short"},
				{Text: "sum by (" + model + ", llm_engine_name) (<llm.engine.requests.running>)", Legend: "Running", Unit: "short"},
				{Text: "sum by (" + model + ", llm_engine_name) (<llm.engine.requests.waiting>)", Legend: "Waiting", Unit: "short"},
				{Text: "max by (" + model + ", llm_engine_name) (<llm.engine.kv_cache.utilization>)", Legend: "KV cache", Unit: "percentunit"},
			},
		},
	}
}

func engineOthers() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How long do requests take?", Unit: "s", Width: 8, More: latencyUID,
			Help: "95th percentile by who measured, of all requests. The client far above the server: the network or a gateway. Both alike, " +
				"and a queue above: the engines.",
			Queries: []grafana.Query{
				{Text: quantile(0.95, "gen_ai.client.operation.duration", ""), Legend: "client"},
				{Text: quantile(0.95, "gen_ai.server.request.duration", ""), Legend: "server"},
			},
		},
		{
			Title: "How many requests wait?", Unit: "short", Width: 8, Empty: "No engines",
			Help:    "The queues of the engines above, together. Waiting while times grow: it is the queue. None: look at the GPUs.",
			Queries: []grafana.Query{{Text: "sum(<llm.engine.requests.waiting>)", Legend: "Waiting"}},
		},
		{
			Title: "How busy are the GPUs?", Unit: "percentunit", Width: 8, Max: 1, Empty: "No GPUs",
			Help:    "Mean utilization of all GPUs. Low while requests wait: the engine is held up elsewhere. High with few tokens: clocks are held down.",
			Queries: []grafana.Query{{Text: `avg(<hw.gpu.utilization hw_gpu_task="general">)`, Legend: "Busy"}},
		},
	}
}
