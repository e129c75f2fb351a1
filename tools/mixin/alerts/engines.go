// SPDX-License-Identifier: Apache-2.0

package alerts

// engineLabels identify the endpoint of an engine.
const engineLabels = "llm_engine_name, service_name, service_instance_id"

func engineFile() File {
	return File{Name: "engines", Groups: []Group{
		{Name: "llm-engine-ratios", Recordings: engineRatios()},
		{Name: "llm-engines", Alerts: engineAlerts()},
	}}
}

func engineRatios() []Recording {
	return []Recording{
		{
			Record: "llm_engine:prefix_cache_hit:ratio_rate5m",
			Text: `sum without (llm_engine_cache_tier) (rate(<llm.engine.prefix_cache.hits llm_engine_cache_tier!="external">[5m]))
/
(sum without (llm_engine_cache_tier) (rate(<llm.engine.prefix_cache.queries llm_engine_cache_tier!="external">[5m])) > 0)`,
			Comment: "Share of the looked-up input tokens that the engine's own prefix cache had. What a KV connector fetches is apart.",
		},
		{
			Record: "llm_engine:speculation_acceptance:ratio_rate5m",
			Text: `rate(<llm.engine.speculation.accepted_tokens>[5m])
/
(rate(<llm.engine.speculation.draft_tokens>[5m]) > 0)`,
			Comment: "Share of the tokens that speculative decoding proposed and that were accepted.",
		},
		{
			Record: "llm_engine:load:ratio", Text: `<llm.engine.requests.running> / (<llm.engine.requests.limit> > 0)`,
			Comment: "Running requests as a share of those that can run, where an engine has such a limit.",
		},
		{
			Record: "llm_engine:saturation:ratio",
			Text: `max without (part) (
  label_replace(<llm.engine.kv_cache.utilization>, "part", "kv_cache", "", "")
  or
  label_replace(llm_engine:load:ratio, "part", "slots", "", "")
)`,
			Comment: "What is nearest to its end, KV cache or slots. At 1 the next request waits.",
		},
		{
			Record: "llm_engine:queue:ratio", Text: `<llm.engine.requests.waiting> / (<llm.engine.requests.running> > 0)`,
			Comment: "Requests that wait for each one that runs.",
		},
	}
}

func engineAlerts() []Alert {
	return []Alert{
		{
			Name: "LLMEngineUnreachable",
			Text: `max by (` + engineLabels + `) (<llm.engine.status llm_engine_state="unreachable">) == 1`,
			For:  after5m, Severity: Ticket,
			Summary: "The {{ $labels.llm_engine_name }} engine at {{ $labels.service_instance_id }} does not answer ({{ $labels.service_name }})",
			Action:  "See whether it was stopped on purpose, or restarts: its log and its memory. Its other series have ended, so that nothing scales on them.",
		},
		{
			Name: "LLMEnginesAllUnreachable",
			Text: `(min by (service_name) (<llm.engine.status llm_engine_state="unreachable">)) == 1`,
			For:  after5m, Severity: Page,
			Summary: "No engine of {{ $labels.service_name }} answers",
			Action:  "See the engines' logs and what changed last: an image, a model, a flag, the node. If they serve, the collector cannot reach them.",
		},
		{
			Name: "LLMEngineUnhealthy",
			Text: `max by (` + engineLabels + `) (<llm.engine.status llm_engine_state="unhealthy">) == 1`,
			For:  after5m, Severity: Page,
			Summary: "The {{ $labels.llm_engine_name }} engine at {{ $labels.service_instance_id }} is unhealthy ({{ $labels.service_name }})",
			Action:  "It answers with errors, or says itself that it is broken. See its log, and take it out of the pool.",
		},
		{
			Name: "LLMEngineStuck",
			Text: `(sum by (` + engineLabels + `) (<llm.engine.requests.waiting>) > 0)
and
(sum by (` + engineLabels + `) (rate(<llm.engine.usage.output_tokens>[10m])) == 0)`,
			For: after10m, Severity: Page,
			Summary: "{{ $value | humanize }} requests wait at {{ $labels.service_instance_id }}, and no token comes out ({{ $labels.service_name }})",
			Action:  "The engine hangs. Look at its GPUs for XID errors and at its log, then restart it.",
		},
		{
			Name: "LLMEngineQueueGrows",
			Text: `(
  sum by (service_name) (<llm.engine.requests.waiting>)
/
  (sum by (service_name) (<llm.engine.requests.running>) > 0)
) > <threshold:engine_queue_ratio>`,
			For: after10m, Severity: Page,
			Summary: "{{ $value | humanize }} requests of {{ $labels.service_name }} wait for each one that runs",
			Action:  "Add engines, or lower the load. If KV caches are full, shorter contexts help, too.",
		},
		{
			Name: "LLMEngineKVCacheFull",
			Text: `max by (` + engineLabels + `) (avg_over_time(<llm.engine.kv_cache.utilization>[15m])) > <threshold:engine_kv_cache_ratio>`,
			For:  after15m, Severity: Ticket,
			Summary: "The KV cache at {{ $labels.service_instance_id }} is {{ $value | humanizePercentage }} full ({{ $labels.service_name }})",
			Action:  "Add engines, give the cache more memory, or let fewer requests run at a time.",
		},
		{
			Name: "LLMEnginePreempts",
			Text: `(
  sum by (` + engineLabels + `) (rate(<llm.engine.preemptions>[15m]))
/
  (sum by (` + engineLabels + `) (rate(<llm.engine.requests>[15m])) > <threshold:traffic_minimum>)
) > <threshold:engine_preemption_ratio>`,
			For: after15m, Severity: Ticket,
			Summary: "{{ $labels.service_instance_id }} puts {{ $value | humanizePercentage }} of its requests back into the queue ({{ $labels.service_name }})",
			Action:  "The KV cache is too small for what runs at a time: lower that, or give the cache more memory.",
		},
		{
			Name: "LLMEngineFamiliesUnknown",
			Text: `sum by (engine) (increase(<otelcol_llm_engine_unknown_families>[1h])) > 0`,
			For:  after15m, Severity: Ticket,
			Summary: "{{ $labels.engine }} has metrics that the collector does not know",
			Action:  "A new version of the engine: otelcol_llm_engine_unknown_families names them. Update the collector, or report them.",
		},
	}
}
