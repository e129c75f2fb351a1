// SPDX-License-Identifier: Apache-2.0

package alerts

func collectorFile() File {
	return File{Name: "collector", Groups: []Group{
		{Name: "llm-collector-intake", Alerts: intake()},
		{Name: "llm-collector-delivery", Alerts: delivery()},
		{Name: "llm-collector-counting", Alerts: counting()},
	}}
}

// intake are alerts about what the collector takes in. The calls by status need the views of config.yaml.
func intake() []Alert {
	return []Alert{
		{
			Name: "OTLPCallsRefusedForGood",
			Text: `(
  sum by (job, instance) (rate(<rpc_server_call_duration:count rpc_method=~"opentelemetry.*", rpc_response_status_code=~"RESOURCE_EXHAUSTED|INVALID_ARGUMENT|INTERNAL|UNAUTHENTICATED|PERMISSION_DENIED|UNIMPLEMENTED">[5m]))
  > 0
)
or
(
  sum by (job, instance) (rate(<http_server_request_duration:count http_route=~"/v1/.*", http_response_status_code=~"4..|5..", http_response_status_code!~"408|429|502|503|504">[5m]))
  > 0
)`,
			Severity: Ticket,
			Summary:  "{{ $labels.instance }} refuses OTLP calls for good",
			Action: "{{ $value | humanize }} calls a second are refused and not sent again: their spans are in no metric and no trace. " +
				"RESOURCE_EXHAUSTED and 400 are most often batches above max_recv_msg_size_mib or max_request_body_size.",
		},
		{
			Name: "OTLPCallsRefusedForNow",
			Text: `(
  sum by (job, instance) (rate(<rpc_server_call_duration:count rpc_method=~"opentelemetry.*", rpc_response_status_code="UNAVAILABLE">[5m]))
  > 0
)
or
(
  sum by (job, instance) (rate(<http_server_request_duration:count http_route=~"/v1/.*", http_response_status_code=~"429|502|503|504">[5m]))
  > 0
)`,
			For: after5m, Severity: Ticket,
			Summary: "{{ $labels.instance }} asks its senders to send again",
			Action: "{{ $value | humanize }} calls a second are refused for now, by memory_limiter or by what comes after it. Senders give up " +
				"after some minutes, and the spans are lost then.",
		},
		{
			Name: "LLMCollectorGone",
			Text: `count by (job, instance) (<otelcol_process_uptime> offset 15m) unless count by (job, instance) (<otelcol_process_uptime>)`,
			For:  after5m, Severity: Page,
			Summary: "The collector {{ $labels.instance }} is gone, and with it what it measured",
			Action:  "See whether it was removed on purpose. If not: its log, its memory limit, its node.",
		},
	}
}

// delivery are alerts about the metrics on their way to a backend.
func delivery() []Alert {
	return []Alert{
		{
			Name: "LLMMetricsDoNotArrive",
			Text: `(
  max by (job, instance, exporter) (min_over_time(<otelcol_exporter_in_flight_requests data_type="metrics">[5m]))
  > 0
)
unless
(
  sum by (job, instance, exporter) (rate(<otelcol_exporter_sent_metric_points>[5m]))
  > 0
)`,
			Severity: Page,
			Summary:  "The metrics of {{ $labels.instance }} do not reach the backend of {{ $labels.exporter }}",
			Action: "For five minutes {{ $labels.exporter }} has been sending and nothing has arrived. Its queue holds what it can; " +
				"look at its log lines and its backend.",
		},
		{
			Name: "LLMMetricsLost",
			Text: `(sum by (job, instance, exporter) (rate(<otelcol_exporter_send_failed_metric_points>[5m])) > 0)
or
(sum by (job, instance, exporter) (rate(<otelcol_exporter_enqueue_failed_metric_points>[5m])) > 0)`,
			Severity: Page,
			Summary:  "{{ $labels.exporter }} of {{ $labels.instance }} gives up metrics",
			Action: "{{ $value | humanize }} data points a second are given up, after their retries or since the queue is full. Running " +
				"totals come again with the next delivery; deltas and gauges are lost.",
		},
		{
			Name: "LLMMetricsRefused",
			Text: `sum by (job, instance) (increase(<otelcol_llm_span_metrics_refused_points>[15m])) > 0`,
			For:  after15m, Severity: Ticket,
			Summary: "The metrics pipeline of {{ $labels.instance }} refuses data points",
			Action: "{{ $value | humanize }} were refused in 15 minutes. The log names the exporter that refuses. Totals come again with the " +
				"next delivery; those of the last one, at a stop, are lost.",
		},
		{
			Name: "LLMExportQueueFills",
			Text: `(<otelcol_exporter_queue_size> / (<otelcol_exporter_queue_capacity> > 0)) > <threshold:queue_ratio>`,
			For:  after5m, Severity: Ticket,
			Summary: "The queue of {{ $labels.exporter }} in {{ $labels.instance }} is {{ $value | humanizePercentage }} full",
			Action:  "Its backend is slow or away. Data is refused once the queue is full.",
		},
	}
}

// counting are alerts about requests that are counted with less detail than they have, or not at all.
func counting() []Alert {
	return []Alert{
		{
			Name:     "LLMRequestsLost",
			Text:     `sum by (job, instance) (increase(<otelcol_llm_span_metrics_lost_requests>[15m])) > 0`,
			Severity: Ticket,
			Summary:  "{{ $value | humanize }} requests that {{ $labels.instance }} read are in no metric",
			Action:   "The connector stopped before the processor: it must be among the exporters of the processor's own pipeline.",
		},
		{
			Name:     "LLMPriceListUnreadable",
			Text:     `sum by (job, instance) (increase(<otelcol_llm_span_metrics_price_list_errors>[5m])) > 0`,
			Severity: Ticket,
			Summary:  "{{ $labels.instance }} cannot read its price list",
			Action:   "The prices that were read last stay in use; from the start on there are none. The log has the file and the reason.",
		},
		{
			Name: "LLMPriceListOld",
			Text: `max by (job, instance) (<otelcol_llm_span_metrics_price_list_age>)
> 86400 * <threshold:price_list_days>`,
			For: after15m, Severity: Ticket,
			Summary: "{{ $labels.instance }} computes costs with a price list that is {{ $value | humanizeDuration }} old",
			Action:  "Fetch the list anew, and put it in the place of prices::file. Prices of models that came later are missing.",
		},
		{
			Name: "LLMDimensionSetsNearLimit",
			Text: `sum by (job, instance, otelcol_component_id) (<otelcol_llm_span_metrics_dimension_sets>)
> <threshold:dimension_sets_ratio> *
sum by (job, instance, otelcol_component_id) (<otelcol_llm_span_metrics_dimension_set_limit>)`,
			For: after5m, Severity: Ticket,
			Summary: "{{ $labels.otelcol_component_id }} of {{ $labels.instance }} nears limits::dimension_sets",
			Action: "{{ $value | humanize }} sets of attribute values are kept. Beyond the limit new ones are added up in an overflow set: " +
				"totals stay exact, details are missing.",
		},
		{
			Name: "LLMDimensionLimitReached",
			Text: `sum by (job, instance) (increase(<otelcol_llm_span_metrics_overflowed_requests>[15m]))
+ sum by (job, instance) (increase(<otelcol_llm_span_metrics_replaced_values>[15m]))
+ sum by (job, instance) (increase(<otelcol_llm_span_metrics_refused_resources>[15m])) > 0`,
			For: after15m, Severity: Ticket,
			Summary: "{{ $labels.instance }} counts requests without some of their labels",
			Action: "A limit is reached, {{ $value | humanize }} times in 15 minutes. See which dimension has too many values, and whether it should " +
				"be one. otelcol_llm_span_metrics_wanted_dimension_sets says how high the limit would have to be.",
		},
	}
}
