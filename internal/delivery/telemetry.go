// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-llm/otelcol-llm/internal/condition"
	"github.com/otelcol-llm/otelcol-llm/internal/delivery/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// telemetry shows an engine's counters as the collector's own metrics. They are read when the collector's
// telemetry asks for them, so that counting costs the spans nothing.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	// lost counts the requests that came after the last flush.
	lost atomic.Int64
}

// number is one value of an engine's counters.
type number func(spanmetrics.Stats) uint64

func newTelemetry(set component.TelemetrySettings, engine *spanmetrics.Engine, conditions *condition.Set) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder}
	single := func(value number) metric.Int64Callback {
		return func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(value(engine.Stats())))
			return nil
		}
	}
	err = errors.Join(
		builder.RegisterLlmSpanMetricsSpansCallback(single(func(s spanmetrics.Stats) uint64 { return s.Spans })),
		builder.RegisterLlmSpanMetricsRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Requests })),
		builder.RegisterLlmSpanMetricsInvalidTimesCallback(single(func(s spanmetrics.Stats) uint64 { return s.BadTimes })),
		builder.RegisterLlmSpanMetricsCorrectedUnitsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Corrected })),
		builder.RegisterLlmSpanMetricsDimensionSetsCallback(single(func(s spanmetrics.Stats) uint64 { return uint64(s.LiveSets) })),
		builder.RegisterLlmSpanMetricsExpiredDimensionSetsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Expired })),
		builder.RegisterLlmSpanMetricsOverflowedRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Overflowed })),
		builder.RegisterLlmSpanMetricsResourcesCallback(single(func(s spanmetrics.Stats) uint64 { return uint64(s.LiveResources) })),
		builder.RegisterLlmSpanMetricsRefusedResourcesCallback(single(func(s spanmetrics.Stats) uint64 { return s.RefusedResources })),
		builder.RegisterLlmSpanMetricsWantedDimensionSetsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(engine.WantedSets())
			return nil
		}),
		builder.RegisterLlmSpanMetricsUnpricedRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Unpriced })),
		builder.RegisterLlmSpanMetricsConditionErrorsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(conditions.Errors()))
			return nil
		}),
		builder.RegisterLlmSpanMetricsLostRequestsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(t.lost.Load())
			return nil
		}),
		builder.RegisterLlmSpanMetricsSkippedCallback(func(_ context.Context, o metric.Int64Observer) error {
			for reason, n := range engine.Stats().Skipped {
				observe(o, "reason", inference.Skip(reason).String(), n)
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsDuplicatesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for rule, n := range engine.Stats().Duplicates {
				if inference.Rule(rule) != inference.Unique {
					observe(o, "rule", inference.Rule(rule).String(), n)
				}
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsMissingCallback(func(_ context.Context, o metric.Int64Observer) error {
			for _, lack := range engine.Stats().Missing {
				o.Observe(int64(lack.Count), metric.WithAttributeSet(attribute.NewSet(
					attribute.String("kind", lack.What.String()), attribute.String("emitter", lack.Emitter))))
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsReplacedValuesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for dimension, n := range engine.Stats().RefusedValues {
				observe(o, "dimension", dimension, n)
			}
			return nil
		}),
	)
	if err != nil {
		builder.Shutdown()
		return nil, err
	}
	// A counter that began with its first error would not be seen to grow then.
	builder.LlmSpanMetricsPriceListErrors.Add(context.Background(), 0)
	return t, nil
}

func observe(o metric.Int64Observer, key, value string, n uint64) {
	o.Observe(int64(n), metric.WithAttributeSet(attribute.NewSet(attribute.String(key, value))))
}

func (t *telemetry) flushed(took time.Duration, delivered, refused int) {
	ctx := context.Background()
	t.builder.LlmSpanMetricsFlushDuration.Record(ctx, took.Seconds())
	t.builder.LlmSpanMetricsDeliveredPoints.Add(ctx, int64(delivered))
	t.builder.LlmSpanMetricsRefusedPoints.Add(ctx, int64(refused))
}

// lag records how old a batch's oldest request is. Clocks of two machines differ, so it can be negative.
func (t *telemetry) lag(lag time.Duration) {
	t.builder.LlmSpanMetricsLag.Record(context.Background(), max(0, lag.Seconds()))
}

func (t *telemetry) release() { t.builder.Shutdown() }
