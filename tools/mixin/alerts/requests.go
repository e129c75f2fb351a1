// SPDX-License-Identifier: Apache-2.0

package alerts

func requestFile() File {
	return File{Name: "requests", Groups: []Group{thresholdCheck(), {
		Name: "llm-requests",
		Alerts: []Alert{
			{
				Name: "LLMRequestsFail",
				Text: `(
  sum by (llm_layer, gen_ai_provider_name, gen_ai_request_model) (rate(<llm.requests llm_outcome="error">[5m]))
/
  (sum by (llm_layer, gen_ai_provider_name, gen_ai_request_model) (rate(<llm.requests>[5m])) > <threshold:traffic_minimum>)
) > <threshold:error_ratio>`,
				For: after5m, Severity: Page,
				Summary: "{{ $value | humanizePercentage }} of the requests for {{ $labels.gen_ai_request_model }} of {{ $labels.gen_ai_provider_name }} fail ({{ $labels.llm_layer }} layer)",
				Action: "See which error type it is. Errors of clients alone: the provider or the network, route around it. " +
					"Errors of servers, too: look at the engine's log, roll back what changed.",
			},
			{
				Name: "LLMTrafficStopped",
				Text: `(sum by (llm_layer, service_name) (rate(<llm.requests>[1h] offset 15m)) > <threshold:traffic_minimum>)
unless
  (sum by (llm_layer, service_name) (rate(<llm.requests>[15m])) > 0)`,
				For: after5m, Severity: Page,
				Summary: "{{ $labels.service_name }} had {{ $value | humanize }} requests a second and has none ({{ $labels.llm_layer }} layer)",
				Action: "Ask the service itself: does it serve? If it does, its spans no longer arrive; see whether the collector takes " +
					"spans at all, then the service's exporter.",
			},
			{
				Name: "LLMUsageMissing",
				Text: `(
  sum by (emitter) (rate(<otelcol_llm_span_metrics_missing kind="tokens">[15m]))
/ ignoring (emitter) group_left ()
  (sum(rate(<otelcol_llm_span_metrics_requests>[15m])) > <threshold:traffic_minimum>)
) > <threshold:missing_usage_ratio>`,
				For: after15m, Severity: Ticket,
				Summary: "{{ $value | humanizePercentage }} of all requests come from {{ $labels.emitter }} without token counts",
				Action:  "Tokens and cost are too low by these. Streams often need include_usage; see what the emitter's row in docs/emitters.md asks for.",
			},
		},
	}}}
}
