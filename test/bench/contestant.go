// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/connector/spanmetricsconnector"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector"
	"github.com/otelcol-llm/otelcol-llm/processor/llmspanmetricsprocessor"
)

// yaml is a piece of configuration as a user writes it.
type yaml = map[string]any

// contestant is a running component that derives metrics from spans.
type contestant struct {
	traces  consumer.Traces
	metrics *metricsSink
	stop    func()
}

// consume hands over a batch.
func (c *contestant) consume(traces ptrace.Traces) {
	must(c.traces.ConsumeTraces(context.Background(), traces))
}

// unlimited are the settings for more dimension sets than the limits allow.
var unlimited = yaml{"limits": yaml{
	"dimension_sets": 1 << 20, "dimension_sets_per_resource": 1 << 20, "values_per_dimension": 1 << 20,
	"waiting_requests": waitingRequests,
}}

// waitingRequests are those that wait at a time: as many as 1,400 requests a second have within decision_wait. Beyond, a
// contestant counts as many as it takes in. So all of its work falls into its own turn.
const waitingRequests = 10_000

// fewWaiting bounds the requests that wait.
var fewWaiting = yaml{"limits": yaml{"waiting_requests": waitingRequests}}

// atOnce counts each request as it comes.
var atOnce = yaml{"decision_wait": "0s"}

// withoutWindow switches off the window of recent requests, in which repeated spans are found.
var withoutWindow = yaml{"recent_requests": yaml{"size": 0}}

// newOurs starts the processor with its connector. The settings are the default ones but for those given: the
// window of recent requests and exemplars are on.
func newOurs(flush time.Duration, written ...yaml) *contestant {
	ctx, host, sink := context.Background(), componenttest.NewNopHost(), new(metricsSink)
	telemetry := componenttest.NewNopTelemetrySettings()
	delivers, reads := llmspanmetricsconnector.NewFactory(), llmspanmetricsprocessor.NewFactory()

	connectorSet := connectortest.NewNopSettings(delivers.Type())
	connectorSet.ID, connectorSet.TelemetrySettings = component.NewID(delivers.Type()), telemetry
	c := try(delivers.CreateTracesToMetrics(ctx, connectorSet, delivers.CreateDefaultConfig(), sink))
	must(c.Start(ctx, host))

	processorSet := processortest.NewNopSettings(reads.Type())
	processorSet.ID, processorSet.TelemetrySettings = component.NewID(reads.Type()), telemetry
	p := try(reads.CreateTraces(ctx, processorSet, configure(reads.CreateDefaultConfig(), flushing("flush_interval", flush, append([]yaml{fewWaiting}, written...))), consumertest.NewNop()))
	must(p.Start(ctx, host))

	return &contestant{traces: p, metrics: sink, stop: func() {
		must(p.Shutdown(ctx))
		must(c.Shutdown(ctx))
	}}
}

// fiveDimensions makes span_metrics give about what LLM metrics need. That is two metrics, a counter and a histogram with
// explicit buckets, of five dimensions beside its own four.
var fiveDimensions = yaml{
	"dimensions": []any{
		yaml{"name": "gen_ai.operation.name"},
		yaml{"name": "gen_ai.provider.name"},
		yaml{"name": "gen_ai.request.model"},
		yaml{"name": "gen_ai.response.model"},
		yaml{"name": "server.address"},
	},
	"histogram": yaml{"unit": "s", "explicit": yaml{"buckets": []any{
		"10ms", "20ms", "40ms", "80ms", "160ms", "320ms", "640ms",
		"1280ms", "2560ms", "5120ms", "10240ms", "20480ms", "40960ms", "81920ms",
	}}},
}

// withoutItsOwn drops the four dimensions that span_metrics has by default.
var withoutItsOwn = yaml{"exclude_dimensions": []any{"service.name", "span.name", "span.kind", "status.code"}}

// newSpanMetrics starts contrib's span_metrics connector.
func newSpanMetrics(flush time.Duration, written ...yaml) *contestant {
	ctx, sink := context.Background(), new(metricsSink)
	factory := spanmetricsconnector.NewFactory()
	set := connectortest.NewNopSettings(factory.Type())
	c := try(factory.CreateTracesToMetrics(ctx, set,
		configure(factory.CreateDefaultConfig(), flushing("metrics_flush_interval", flush, append(written, fiveDimensions))), sink))
	must(c.Start(ctx, componenttest.NewNopHost()))
	return &contestant{traces: c, metrics: sink, stop: func() { must(c.Shutdown(ctx)) }}
}

func flushing(key string, interval time.Duration, written []yaml) yaml {
	all := yaml{key: interval}
	for _, w := range written {
		maps.Copy(all, w)
	}
	return all
}

func configure(config component.Config, written yaml) component.Config {
	must(confmap.NewFromStringMap(written).Unmarshal(config))
	must(confmap.Validate(config))
	return config
}

// metricsSink takes metrics. It looks at their totals only if asked to, since that costs time.
type metricsSink struct {
	mu sync.Mutex
	// totals asks for the sum of the points of each metric; a collection adds to that of its own.
	totals bool
	last   map[string]float64
	points int
	// at is the time of the last delivery.
	at time.Time
}

// Capabilities says that metrics are not changed.
func (*metricsSink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// ConsumeMetrics takes a batch of a delivery.
func (s *metricsSink) ConsumeMetrics(_ context.Context, metrics pmetric.Metrics) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = time.Now()
	s.points += metrics.DataPointCount()
	if s.totals {
		s.add(metrics)
	}
	return nil
}

func (s *metricsSink) add(metrics pmetric.Metrics) {
	for _, rm := range metrics.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				switch m.Type() {
				case pmetric.MetricTypeSum:
					for _, p := range m.Sum().DataPoints().All() {
						s.last[m.Name()] += float64(p.IntValue())
					}
				case pmetric.MetricTypeHistogram:
					for _, p := range m.Histogram().DataPoints().All() {
						s.last[m.Name()] += float64(p.Count())
					}
				}
			}
		}
	}
}

// watch begins to look at totals.
func (s *metricsSink) watch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.totals, s.last, s.points = true, map[string]float64{}, 0
}

// delivered returns the number of points since watch and the time of the last delivery.
func (s *metricsSink) delivered() (int, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.points, s.at
}

// total returns what a metric's points added up to since watch.
func (s *metricsSink) total(metric string) float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[metric]
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func try[T any](value T, err error) T {
	must(err)
	return value
}
