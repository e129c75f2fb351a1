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
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// telemetry shows an engine's counters as the collector's own metrics. They are read when the collector's
// telemetry asks for them, so that counting costs the spans nothing.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	// component distinguishes the counters of this component from those of another one in the same collector.
	component attribute.KeyValue
	// own is the set of component alone. negative and tooLong also have why a lag was clamped. A set for each batch would take as
	// long as reading 70 spans. Hashing it makes a goroutine's stack grow.
	own, negative, tooLong metric.MeasurementOption
	// lost counts the requests that came after the last flush.
	lost atomic.Int64
	// priceList is when the price list in use was changed; nil without one.
	priceList atomic.Pointer[time.Time]
}

// number is one value of an engine's counters.
type number func(spanmetrics.Stats) uint64

// componentKey is the attribute with a component's id. Source: the collector's RFC on universal telemetry.
const componentKey = "otelcol.component.id"

func newTelemetry(id component.ID, set component.TelemetrySettings, engine *spanmetrics.Engine, conditions *condition.Set) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder, component: attribute.String(componentKey, id.String())}
	t.own = t.with()
	t.negative, t.tooLong = t.with(attribute.String("reason", lagNegative)), t.with(attribute.String("reason", lagTooLong))
	single := func(value number) metric.Int64Callback {
		return func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(value(engine.Stats())), t.own)
			return nil
		}
	}
	err = errors.Join(
		builder.RegisterLlmSpanMetricsSpansCallback(single(func(s spanmetrics.Stats) uint64 { return s.Spans })),
		builder.RegisterLlmSpanMetricsRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Requests })),
		builder.RegisterLlmSpanMetricsReadRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Described })),
		builder.RegisterLlmSpanMetricsWaitingRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return uint64(s.Waiting.Requests) })),
		builder.RegisterLlmSpanMetricsWaitingMemoryCallback(single(func(s spanmetrics.Stats) uint64 { return uint64(s.Waiting.Bytes) })),
		builder.RegisterLlmSpanMetricsDroppedConnectingSpansCallback(single(func(s spanmetrics.Stats) uint64 { return s.Waiting.Dropped })),
		builder.RegisterLlmSpanMetricsSettledRequestsCallback(func(_ context.Context, o metric.Int64Observer) error {
			for reason, n := range engine.Stats().Waiting.Settled {
				t.observe(o, "reason", settling.Reason(reason).String(), n)
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsLateSpansCallback(func(_ context.Context, o metric.Int64Observer) error {
			for rule, n := range engine.Stats().Late {
				if r := llm.Rule(rule); r != llm.Unique && r != llm.Resent {
					t.observe(o, "rule", r.String(), n)
				}
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsInvalidTimesCallback(single(func(s spanmetrics.Stats) uint64 { return s.BadTimes })),
		builder.RegisterLlmSpanMetricsDimensionSetsCallback(single(func(s spanmetrics.Stats) uint64 { return uint64(s.LiveSets) })),
		builder.RegisterLlmSpanMetricsDimensionSetLimitCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(engine.MaxSets(), t.own)
			return nil
		}),
		builder.RegisterLlmSpanMetricsExpiredDimensionSetsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Expired })),
		builder.RegisterLlmSpanMetricsOverflowedRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Overflowed })),
		builder.RegisterLlmSpanMetricsResourcesCallback(single(func(s spanmetrics.Stats) uint64 { return uint64(s.LiveResources) })),
		builder.RegisterLlmSpanMetricsRefusedResourcesCallback(single(func(s spanmetrics.Stats) uint64 { return s.RefusedResources })),
		builder.RegisterLlmSpanMetricsWantedDimensionSetsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(engine.WantedSets(), t.own)
			return nil
		}),
		builder.RegisterLlmSpanMetricsUnpricedRequestsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Unpriced })),
		builder.RegisterLlmSpanMetricsAssumedPricesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for assumption, n := range engine.Stats().Assumed {
				t.observe(o, "assumption", llm.Assumption(assumption).String(), n)
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsPriceListAgeCallback(func(_ context.Context, o metric.Float64Observer) error {
			if modified := t.priceList.Load(); modified != nil {
				o.Observe(time.Since(*modified).Seconds(), t.own)
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsConditionErrorsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(conditions.Errors()), t.own)
			return nil
		}),
		builder.RegisterLlmSpanMetricsLostRequestsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(t.lost.Load(), t.own)
			return nil
		}),
		builder.RegisterLlmSpanMetricsLogRecordsCallback(single(func(s spanmetrics.Stats) uint64 { return s.Records })),
		builder.RegisterLlmSpanMetricsSkippedLogRecordsCallback(func(_ context.Context, o metric.Int64Observer) error {
			for reason, n := range engine.Stats().SkippedRecords {
				t.observe(o, "reason", logreader.Skip(reason).String(), n)
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsSkippedCallback(func(_ context.Context, o metric.Int64Observer) error {
			for reason, n := range engine.Stats().Skipped {
				t.observe(o, "reason", llm.Skip(reason).String(), n)
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsDismissedCallback(func(_ context.Context, o metric.Int64Observer) error {
			for d, n := range engine.Stats().Dismissed {
				o.Observe(int64(n), t.with(attribute.String("reason", d.Reason.String()), attribute.String("scope", d.Scope)))
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsDuplicatesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for rule, n := range engine.Stats().Duplicates {
				if llm.Rule(rule) != llm.Unique {
					t.observe(o, "rule", llm.Rule(rule).String(), n)
				}
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsMissingCallback(func(_ context.Context, o metric.Int64Observer) error {
			for _, lack := range engine.Stats().Missing {
				o.Observe(int64(lack.Count), t.with(attribute.String("kind", lack.What.String()), attribute.String("emitter", lack.Emitter)))
			}
			return nil
		}),
		builder.RegisterLlmSpanMetricsReplacedValuesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for dimension, n := range engine.Stats().RefusedValues {
				t.observe(o, "dimension", dimension, n)
			}
			return nil
		}),
	)
	if err != nil {
		builder.Shutdown()
		return nil, err
	}
	// A counter that began with its first error would not be seen to grow then.
	builder.LlmSpanMetricsPriceListErrors.Add(context.Background(), 0, t.own)
	for _, clamped := range []metric.MeasurementOption{t.negative, t.tooLong} {
		builder.LlmSpanMetricsClampedLags.Add(context.Background(), 0, clamped)
	}
	return t, nil
}

// with returns attributes beside that of the component.
func (t *telemetry) with(attributes ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(append(attributes, t.component)...))
}

func (t *telemetry) observe(o metric.Int64Observer, key, value string, n uint64) {
	o.Observe(int64(n), t.with(attribute.String(key, value)))
}

func (t *telemetry) flushed(took time.Duration, delivered, refused int) {
	ctx := context.Background()
	t.builder.LlmSpanMetricsFlushDuration.Record(ctx, took.Seconds(), t.own)
	t.builder.LlmSpanMetricsDeliveredPoints.Add(ctx, int64(delivered), t.own)
	t.builder.LlmSpanMetricsRefusedPoints.Add(ctx, int64(refused), t.own)
}

func (t *telemetry) priceListError() {
	t.builder.LlmSpanMetricsPriceListErrors.Add(context.Background(), 1, t.own)
}

// maxLag is the longest lag that is believed. One span with a wrong clock would spoil the histogram's sum for good.
const maxLag = 24 * time.Hour

// Reasons to clamp a lag.
const (
	lagNegative = "negative"
	lagTooLong  = "too_long"
)

// lag records how old a batch's oldest request is, between 0 and maxLag. Clocks of two machines differ, so it can be
// negative.
func (t *telemetry) lag(lag time.Duration) {
	ctx := context.Background()
	switch {
	case lag < 0:
		t.builder.LlmSpanMetricsClampedLags.Add(ctx, 1, t.negative)
		lag = 0
	case lag > maxLag:
		t.builder.LlmSpanMetricsClampedLags.Add(ctx, 1, t.tooLong)
		lag = maxLag
	}
	t.builder.LlmSpanMetricsLag.Record(ctx, lag.Seconds(), t.own)
}

func (t *telemetry) release() { t.builder.Shutdown() }
