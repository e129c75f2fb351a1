// SPDX-License-Identifier: Apache-2.0

package boards

import (
	"fmt"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"
)

func collector() grafana.Board {
	return grafana.Board{
		UID: collectorUID, Title: "Collector",
		Description: "Can the numbers be trusted? What the collector took in, read, left out and passed on, and what that costs. From its own telemetry (port 8888).",
		Variables:   []grafana.Variable{grafana.Instance},
		Rows: []grafana.Row{
			{Title: "At a glance", Panels: collectorStats()},
			{Title: "Is everything counted?", Panels: collectorCounting()},
			{Title: "Does everything arrive?", Panels: collectorDelivery()},
			{Title: "What does it cost?", Panels: collectorCost()},
		},
	}
}

const telemetry = "otelcol_llm_span_metrics_"

func collectorStats() []grafana.Panel {
	const silent = "No telemetry"
	bad := []grafana.Step{{From: 0.001, Color: "red"}}
	return []grafana.Panel{
		{
			Title: "Spans in?", Kind: grafana.Stat, Unit: "cps", Width: 4, Empty: silent,
			Help:    "Spans per second that pass the processor. None while applications serve: see what receivers refuse, and the senders' exporters.",
			Queries: []grafana.Query{{Text: perSecond(telemetry+"spans", ""), Legend: "Spans"}},
		},
		{
			Title: "Requests counted?", Kind: grafana.Stat, Unit: "reqps", Width: 4, Empty: silent,
			Help:    "Requests per second that were counted, of all layers. None while there are spans: the emitter is unknown; see what is skipped.",
			Queries: []grafana.Query{{Text: perSecond(telemetry+"requests", ""), Legend: "Requests"}},
		},
		{
			Title: "Requests lost?", Kind: grafana.Stat, Unit: "short", Width: 4, Steps: bad, Empty: silent,
			Help:    "Requests that were read and are in no metric, in the time that is shown. Any but zero is a fault of the pipelines; see the runbook.",
			Queries: []grafana.Query{{Text: `sum(increase(<` + telemetry + `lost_requests>[$__range]))`, Legend: "Lost"}},
		},
		{
			Title: "Spans refused?", Kind: grafana.Stat, Unit: "cps", Width: 4, Steps: bad, Empty: silent,
			Help:    "Spans per second that receivers refused, by the memory limit or a full queue. Senders lose them if it lasts.",
			Queries: []grafana.Query{{Text: perSecond("otelcol_receiver_refused_spans", ""), Legend: "Refused"}},
		},
		{
			Title: "Memory?", Kind: grafana.Stat, Unit: "bytes", Width: 4, Empty: silent,
			Help:    "Memory of the collector that uses most. Near its limit it refuses spans; series of many dimension sets are the usual cause.",
			Queries: []grafana.Query{{Text: `max(<otelcol_process_memory_rss>)`, Legend: "Most"}},
		},
		{
			Title: "GPUs read?", Kind: grafana.Stat, Unit: "short", Width: 4, Empty: "No GPU receiver",
			Help:    "Collectors whose GPU receiver read the driver at its last try. Fewer than there are hosts with GPUs: the driver is missing or hangs.",
			Queries: []grafana.Query{{Text: `sum(<otelcol_llm_gpu_up>)`, Legend: "Up"}},
		},
	}
}

func collectorCounting() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "What becomes of spans?", Unit: "cps", Width: 12,
			Help: "Spans per second: all, those that were counted as requests, those that describe a request again, and LLM spans that are none. " +
				"The rest is no LLM span. Duplicates are usual where two instrumentations wrap one call.",
			Queries: []grafana.Query{
				{Text: perSecond(telemetry+"spans", ""), Legend: "spans"},
				{Text: perSecond(telemetry+"requests", ""), Legend: "requests"},
				{Text: perSecond(telemetry+"duplicates", ""), Legend: "duplicates"},
				{Text: perSecond(telemetry+"skipped", ""), Legend: "no requests"},
			},
		},
		{
			Title: "Which requests lack something?", Unit: "reqps", Width: 12,
			Help: "Successful requests per second without tokens or without the time to the first token, by instrumentation. Tokens and cost are too " +
				"low by those without tokens: streams often need include_usage.",
			Queries: []grafana.Query{{Text: perSecond(telemetry+"missing", "emitter, kind"), Legend: "{{emitter}}: {{kind}}"}},
		},
		{
			Title: "Are there too many values?", Unit: "short", Width: 12,
			Help: "Dimension sets that are kept, that there would be without limits, and the limit. Beyond the limit details are missing: raise it, or " +
				"leave out the dimension that has too many values.",
			Queries: []grafana.Query{
				{Text: `sum(<` + telemetry + `dimension_sets>)`, Legend: "kept"},
				{Text: `sum(<` + telemetry + `wanted_dimension_sets>)`, Legend: "wanted"},
				{Text: `sum(<` + telemetry + `dimension_set_limit>)`, Legend: "limit"},
			},
		},
		{
			Title: "How late are spans?", Unit: "s", Width: 12,
			Help: "Time from the end of a request to its being counted. Some seconds are the senders' batches; minutes are a queue before the " +
				"collector, or clocks that differ.",
			Queries: []grafana.Query{{Text: selfQuantile(0.5, "lag"), Legend: "p50"}, {Text: selfQuantile(0.95, "lag"), Legend: "p95"}},
		},
	}
}

// selfQuantile is one of a histogram of the collector about itself, which has explicit buckets whatever users choose.
func selfQuantile(q float64, name string) string {
	return fmt.Sprintf("histogram_quantile(%g, sum by (le) (rate(<%s%s:bucket>[$__rate_interval])))", q, telemetry, name)
}

func collectorDelivery() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "Do metrics leave?", Unit: "short", Width: 8,
			Help: "Data points per second that exporters sent and gave up. Nothing sent while requests are counted: look at the exporter's backend.",
			Queries: []grafana.Query{
				{Text: perSecond("otelcol_exporter_sent_metric_points", "exporter"), Legend: "{{exporter}} sent"},
				{Text: perSecond(telemetry+"refused_points", ""), Legend: "refused"},
			},
		},
		{
			Title: "Are spans taken?", Unit: "cps", Width: 8,
			Help: "Spans per second that receivers accepted, refused and failed on. Refused ones come again for a while, failed ones do not.",
			Queries: []grafana.Query{
				{Text: perSecond("otelcol_receiver_accepted_spans", ""), Legend: "accepted"},
				{Text: perSecond("otelcol_receiver_refused_spans", ""), Legend: "refused"},
				{Text: perSecond("otelcol_receiver_failed_spans", ""), Legend: "failed"},
			},
		},
		{
			Title: "How long does a delivery take?", Unit: "s", Width: 8,
			Help:    "95th percentile of the time in which all metrics are handed on. Near the flush interval: too many dimension sets for one collector.",
			Queries: []grafana.Query{{Text: selfQuantile(0.95, "flush_duration"), Legend: "p95"}},
		},
	}
}

func collectorCost() []grafana.Panel {
	return []grafana.Panel{
		{
			Title: "How much CPU?", Unit: "short", Width: 12,
			Help:    "Cores that each collector uses. It grows with spans, whether they are LLM spans or not.",
			Queries: []grafana.Query{{Text: perSecond("otelcol_process_cpu_seconds", "instance"), Legend: "{{instance}}"}},
		},
		{
			Title: "How much memory?", Unit: "bytes", Width: 12,
			Help:    "Resident memory of each collector. Steps come with dimension sets; a steady climb that never ends is worth an issue.",
			Queries: []grafana.Query{{Text: `max by (instance) (<otelcol_process_memory_rss>)`, Legend: "{{instance}}"}},
		},
	}
}
