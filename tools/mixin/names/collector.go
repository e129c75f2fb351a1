// SPDX-License-Identifier: Apache-2.0

package names

import "slices"

// own is a metric of the Collector's framework.
func own(name string, labels ...string) Metric {
	return Metric{Name: name, Prometheus: name, Source: Collector, Labels: slices.Concat(ofScrape, labels)}
}

// ofCollector are what the Collector's framework says about itself, as far as it is used here. Beside it is what Prometheus says
// about a target. Read from a running v0.159.0.
var ofCollector = []Metric{
	own("otelcol_exporter_enqueue_failed_metric_points", "exporter"),
	own("otelcol_exporter_in_flight_requests", "exporter", "data_type"),
	own("otelcol_exporter_queue_capacity", "exporter", "data_type"),
	own("otelcol_exporter_queue_size", "exporter", "data_type"),
	own("otelcol_exporter_send_failed_metric_points", "exporter"),
	own("otelcol_exporter_send_failed_spans", "exporter"),
	own("otelcol_exporter_sent_metric_points", "exporter"),
	own("otelcol_exporter_sent_spans", "exporter"),
	own("otelcol_process_cpu_seconds"),
	own("otelcol_process_memory_rss"),
	own("otelcol_process_uptime"),
	own("otelcol_receiver_accepted_spans", "receiver", "transport"),
	own("otelcol_receiver_failed_spans", "receiver", "transport"),
	own("otelcol_receiver_refused_spans", "receiver", "transport"),
	own("up"),
	ownHistogram("http_server_request_duration", "http_route", "http_response_status_code"),
	ownHistogram("rpc_server_call_duration", "rpc_method", "rpc_response_status_code"),
}

func ownHistogram(name string, labels ...string) Metric {
	m := own(name, labels...)
	m.Histogram = true
	return m
}
