// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/signaltometricsconnector"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/deltatocumulativeprocessor"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
)

// Names of what gives users the same outcome with contrib's parts. They are duration, time to the first token, input and output
// tokens, and requests by outcome. None of them knows retries, repeated spans or several descriptions of one request.
const (
	byRecipe     = "signal_to_metrics and delta_to_cumulative"
	byTwo        = "span_metrics, signal_to_metrics and delta_to_cumulative"
	byDeltaAlone = "– signal_to_metrics alone, deltas"
)

// recipe is a metric of signal_to_metrics.
type recipe = yaml

// dimensionsOfRecipe are the attributes that our metrics have by default.
func dimensionsOfRecipe(further ...string) (all []any) {
	for _, key := range append([]string{
		"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model", "server.address", "server.port",
	}, further...) {
		all = append(all, yaml{"key": key, "optional": true})
	}
	return all
}

// resourceOfRecipe are the resource attributes that our metrics keep.
var resourceOfRecipe = []any{
	yaml{"key": "service.name", "optional": true},
	yaml{"key": "service.namespace", "optional": true},
	yaml{"key": "deployment.environment.name", "optional": true},
	yaml{"key": "k8s.namespace.name", "optional": true},
}

func metricOfRecipe(name, unit, condition, kind string, value yaml, further ...string) recipe {
	return recipe{
		"name": name, "description": name, "unit": unit, kind: value,
		"attributes": dimensionsOfRecipe(further...), "include_resource_attributes": resourceOfRecipe,
		"conditions": []any{condition},
	}
}

var (
	durationRecipe = metricOfRecipe("recipe.duration", "s", `attributes["gen_ai.operation.name"] != nil`, "histogram", yaml{
		"buckets": []any{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92},
		"value":   `Seconds(end_time - start_time)`, "count": "1",
	}, "error.type")
	requestsRecipe = metricOfRecipe("recipe.requests", "{request}", `attributes["gen_ai.operation.name"] != nil`, "sum", yaml{"value": "1"}, "error.type")
	firstRecipe    = metricOfRecipe("recipe.time_to_first_chunk", "s", `attributes["gen_ai.response.time_to_first_chunk"] != nil`, "histogram", yaml{
		"buckets": []any{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0},
		"value":   `attributes["gen_ai.response.time_to_first_chunk"]`, "count": "1",
	})
	inputRecipe  = metricOfRecipe("recipe.input_tokens", "{token}", `attributes["gen_ai.usage.input_tokens"] != nil`, "sum", yaml{"value": `attributes["gen_ai.usage.input_tokens"]`})
	outputRecipe = metricOfRecipe("recipe.output_tokens", "{token}", `attributes["gen_ai.usage.output_tokens"] != nil`, "sum", yaml{"value": `attributes["gen_ai.usage.output_tokens"]`})
)

// newRecipe starts signal_to_metrics with such metrics, and behind it what makes its deltas running totals, if they are to be.
func newRecipe(cumulative bool, metrics ...recipe) *contestant {
	ctx, host, sink := context.Background(), componenttest.NewNopHost(), new(metricsSink)
	var next consumer.Metrics = sink
	stop := func() {}
	if cumulative {
		factory := deltatocumulativeprocessor.NewFactory()
		p := try(factory.CreateMetrics(ctx, processortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), sink))
		must(p.Start(ctx, host))
		next, stop = p, func() { must(p.Shutdown(ctx)) }
	}
	factory := signaltometricsconnector.NewFactory()
	spans := make([]any, len(metrics))
	for i, m := range metrics {
		spans[i] = m
	}
	c := try(factory.CreateTracesToMetrics(ctx, connectortest.NewNopSettings(factory.Type()),
		configure(factory.CreateDefaultConfig(), yaml{"spans": spans}), next))
	must(c.Start(ctx, host))
	return &contestant{traces: c, metrics: sink, stop: func() { must(c.Shutdown(ctx)); stop() }}
}

// newTwoParts starts span_metrics for duration and calls, and a recipe for the rest.
func newTwoParts(flush time.Duration) *contestant {
	calls, rest := newSpanMetrics(flush), newRecipe(true, firstRecipe, inputRecipe, outputRecipe)
	return &contestant{traces: both{calls.traces, rest.traces}, metrics: rest.metrics, stop: func() { calls.stop(); rest.stop() }}
}

// both hands each batch to two consumers, which do not change it.
type both struct{ first, second consumer.Traces }

// Capabilities says that batches are not changed.
func (both) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// ConsumeTraces hands a batch over.
func (b both) ConsumeTraces(ctx context.Context, traces ptrace.Traces) error {
	must(b.first.ConsumeTraces(ctx, traces))
	return b.second.ConsumeTraces(ctx, traces)
}

// measureOutcome measures the CPU time that one sender's spans cost until a user has the same numbers.
func measureOutcome(e effort) (report, error) {
	all := []struct {
		name string
		*contestant
	}{
		{ours, newOurs(never, unlimited)},
		{spanMetrics, newSpanMetrics(never)},
		{byDeltaAlone, newRecipe(false, durationRecipe, requestsRecipe, firstRecipe, inputRecipe, outputRecipe)},
		{byRecipe, newRecipe(true, durationRecipe, requestsRecipe, firstRecipe, inputRecipe, outputRecipe)},
		{byTwo, newTwoParts(never)},
	}
	blocks := make([]block, len(all))
	for i, c := range all {
		defer c.stop()
		blocks[i] = block{c.name, e.blockSpans / 5, c.consume}
	}
	homogeneous := takeTurns(newInput(1000, false), e.rounds, blocks, len(blocks))
	mixed := takeTurns(newMixed(), e.rounds, blocks, len(blocks))
	t := newTable("the same outcome, CPU per span", "1,000 sets of one emitter, ns", "to ours", "all captured emitters in turn, ns", "to ours")
	for _, c := range all {
		t.row(c.name, fmt.Sprintf("%.0f", homogeneous.cost(c.name)), fmt.Sprintf("%.1f", homogeneous.ratio(c.name, ours)),
			fmt.Sprintf("%.0f", mixed.cost(c.name)), fmt.Sprintf("%.1f", mixed.ratio(c.name, ours)))
	}
	return report{tables: []table{*t}, targets: []target{{
		what: "the same outcome, 1,000 sets: CPU less than contrib's parts", unit: " times", least: true, gate: 8, goal: 11,
		measured: min(homogeneous.ratio(byRecipe, ours), homogeneous.ratio(byTwo, ours)),
	}}}, nil
}

// yamlOf writes a configuration as part of another one, as JSON, which is YAML, too.
func yamlOf(written any) string {
	text, err := json.Marshal(written)
	must(err)
	return string(text)
}

// toPrometheus is a collector whose metrics end where Prometheus scrapes them.
func toPrometheus(components, traces, metrics string) string {
	return strings.Replace(components+`
service:
  pipelines:
    traces: `+traces+`
    metrics: `+metrics+around, "exporters:\n", `exporters:
  prometheus: {endpoint: "127.0.0.1:$PROMETHEUS", resource_to_telemetry_conversion: {enabled: true}}
`, 1)
}

// measureOutcomeWhole measures the CPU time of whole collectors whose users have the same numbers in Prometheus.
func measureOutcomeWhole(e effort) (report, error) {
	recipes := func(metrics ...recipe) string { return yamlOf(yaml{"spans": metrics}) }
	variants := []variant{
		{name: without, config: withoutConfig},
		{name: ours, config: toPrometheus(
			"processors: {llm_span_metrics: {limits: {waiting_requests: 10000}}}\nconnectors: {llm_span_metrics: }",
			"{receivers: [otlp], processors: [llm_span_metrics], exporters: [debug, llm_span_metrics]}",
			"{receivers: [llm_span_metrics], exporters: [prometheus]}",
		)},
		{name: spanMetrics, config: toPrometheus(
			"connectors:\n  span_metrics:\n"+spanMetricsSettings,
			"{receivers: [otlp], exporters: [debug, span_metrics]}", "{receivers: [span_metrics], exporters: [prometheus]}",
		)},
		{name: byRecipe, config: toPrometheus(
			"processors: {delta_to_cumulative: }\nconnectors:\n  signal_to_metrics: "+recipes(durationRecipe, requestsRecipe, firstRecipe, inputRecipe, outputRecipe),
			"{receivers: [otlp], exporters: [debug, signal_to_metrics]}",
			"{receivers: [signal_to_metrics], processors: [delta_to_cumulative], exporters: [prometheus]}",
		)},
		{name: byTwo, config: toPrometheus(
			"processors: {delta_to_cumulative: }\nconnectors:\n  signal_to_metrics: "+recipes(firstRecipe, inputRecipe, outputRecipe)+"\n  span_metrics:\n"+spanMetricsSettings,
			"{receivers: [otlp], exporters: [debug, signal_to_metrics, span_metrics]}",
			"{receivers: [signal_to_metrics, span_metrics], processors: [delta_to_cumulative], exporters: [prometheus]}",
		)},
	}
	for i := range variants {
		variants[i].binary, variants[i].environment = e.lean, seldomCollected
	}
	m, err := collectors(variants, max(e.wholeRounds/6, 1), e.wholeBlock)
	if err != nil {
		return report{}, err
	}
	t := newTable("whole collector, `GOGC=400`, to Prometheus", "CPU s per million spans (median)", "times no metrics", "times ours", "peak memory, MiB")
	for _, v := range variants {
		t.row(v.name, fmt.Sprintf("%.2f", m.costs.cost(v.name)), fmt.Sprintf("%.2f", m.costs.ratio(v.name, without)),
			fmt.Sprintf("%.2f", m.costs.ratio(v.name, ours)), fmt.Sprint(m.peaks[v.name]>>20))
	}
	return report{tables: []table{*t}}, nil
}
