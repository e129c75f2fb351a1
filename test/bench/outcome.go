// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/signaltometricsconnector"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/deltatocumulativeprocessor"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
)

// Names of what gives users the same outcome with contrib's parts: duration, time to the first token, input and output tokens,
// and requests by outcome. None of them knows retries, repeated spans or several descriptions of one request.
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

// sameOutcome measures the CPU time that one sender's spans cost until a user has the same numbers.
func sameOutcome(in *input, count, blockSpans int) rounds {
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
		blocks[i] = block{c.name, blockSpans, c.consume}
	}
	return takeTurns(in, count, blocks, len(blocks))
}
