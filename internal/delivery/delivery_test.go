// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/delivery/internal/metadatatest"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var (
	background = context.Background()
	testID     = component.MustNewID("llm_span_metrics")
)

func commit(d *Delivery, shape tracetest.Shape) { d.Commit(d.Read(tracetest.Make(shape))) }

// consume makes a metrics consumer of a function.
func consume(t *testing.T, f func(context.Context) error) consumer.Metrics {
	t.Helper()
	c, err := consumer.NewMetrics(func(ctx context.Context, _ pmetric.Metrics) error { return f(ctx) })
	require.NoError(t, err)
	return c
}

func sum(value int64, attributes ...attribute.KeyValue) []metricdata.DataPoint[int64] {
	return []metricdata.DataPoint[int64]{{Value: value, Attributes: attribute.NewSet(append(attributes, attribute.String(componentKey, testID.String()))...)}}
}

func TestRefusedMetricsAreCountedAndComeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tel := componenttest.NewTelemetry()
		defer func() { require.NoError(t, tel.Shutdown(background)) }()
		sink, accept := new(consumertest.MetricsSink), atomic.Bool{}
		next, err := consumer.NewMetrics(func(ctx context.Context, m pmetric.Metrics) error {
			if !accept.Load() {
				return errors.New("not now")
			}
			return sink.ConsumeMetrics(ctx, m)
		})
		require.NoError(t, err)
		d, err := Start(testID, config.Default().Compile(), tel.NewTelemetrySettings(), "", next)
		require.NoError(t, err)
		commit(d, tracetest.Shape{Spans: 10})
		time.Sleep(15 * time.Second)
		synctest.Wait()
		require.Empty(t, sink.AllMetrics())
		refused, err := tel.GetMetric("otelcol_llm_span_metrics_refused_points")
		require.NoError(t, err)
		points := refused.Data.(metricdata.Sum[int64]).DataPoints[0].Value
		require.Positive(t, points)

		accept.Store(true)
		time.Sleep(15 * time.Second)
		synctest.Wait()
		require.Len(t, sink.AllMetrics(), 1)
		assert.EqualValues(t, points, sink.DataPointCount(), "running totals that were refused come again")
		metadatatest.AssertEqualLlmSpanMetricsDeliveredPoints(t, tel, sum(points), metricdatatest.IgnoreTimestamp())
		require.NoError(t, d.Stop(background))
		d.release()
	})
}

func TestAConsumerThatBlocksHoldsUpNeitherSpansNorTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		release := make(chan struct{})
		d, err := Start(testID, config.Default().Compile(), componenttest.NewNopTelemetrySettings(), "", consume(t, func(context.Context) error {
			calls.Add(1)
			<-release // deaf to its context
			return nil
		}))
		require.NoError(t, err)
		commit(d, tracetest.Shape{Spans: 10})
		time.Sleep(20 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 1, calls.Load())
		commit(d, tracetest.Shape{Spans: 10, First: 10})
		begin := time.Now()
		require.ErrorContains(t, d.Stop(background), "did not take the last metrics in time")
		assert.Equal(t, lastFlush+time.Second, time.Since(begin))
		close(release)
		synctest.Wait()
		d.release()
	})
}

// A delta that is refused does not come again. The end gives a delivery that is under way the time that it needs.
func TestTheEndDoesNotCutADeliveryShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config.Default()
		cfg.Temporality = config.Delta
		var delivered atomic.Int64
		next, err := consumer.NewMetrics(func(ctx context.Context, m pmetric.Metrics) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(5 * time.Second): // a slow backend
				delivered.Add(int64(m.DataPointCount()))
				return nil
			}
		})
		require.NoError(t, err)
		d, err := Start(testID, cfg.Compile(), componenttest.NewNopTelemetrySettings(), "", next)
		require.NoError(t, err)
		commit(d, tracetest.Shape{Spans: 10})
		time.Sleep(cfg.FlushInterval + time.Second)
		begin := time.Now()
		require.NoError(t, d.Stop(background))
		assert.Equal(t, 4*time.Second, time.Since(begin))
		assert.Positive(t, delivered.Load())
		d.release()
	})
}

func TestTheEndWaitsNoLongerThanItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, err := Start(testID, config.Default().Compile(), componenttest.NewNopTelemetrySettings(), "", consume(t, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}))
		require.NoError(t, err)
		commit(d, tracetest.Shape{Spans: 10})
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		require.Error(t, d.Stop(ctx))
		<-d.done
		d.release()
	})
}

func TestSelfTelemetryTellsWhatHappened(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	cfg := config.Default()
	cfg.DecisionWait = 0
	cfg.Limits.ValuesPerDimension = 2
	d, err := Start(testID, cfg.Compile(), tel.NewTelemetrySettings(), "", consumertest.NewNop())
	require.NoError(t, err)
	commit(d, tracetest.Shape{Spans: 10, Sets: 4})
	commit(d, tracetest.Shape{Spans: 5})
	commit(d, tracetest.Shape{Spans: 7, Plain: true})

	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualLlmSpanMetricsSpans(t, tel, sum(22), ignore)
	metadatatest.AssertEqualLlmSpanMetricsRequests(t, tel, sum(10), ignore)
	metadatatest.AssertEqualLlmSpanMetricsLostRequests(t, tel, sum(0), ignore)
	metadatatest.AssertEqualLlmSpanMetricsResources(t, tel, sum(1), ignore)
	metadatatest.AssertEqualLlmSpanMetricsDimensionSets(t, tel, sum(3), ignore)
	duplicates, err := tel.GetMetric("otelcol_llm_span_metrics_duplicates")
	require.NoError(t, err)
	assert.EqualValues(t, 5, valueOf(t, duplicates, "rule", "resent"))
	replaced, err := tel.GetMetric("otelcol_llm_span_metrics_replaced_values")
	require.NoError(t, err)
	assert.EqualValues(t, 4, valueOf(t, replaced, "dimension", "gen_ai.request.model"))
	silent := tracetest.Make(tracetest.Shape{Spans: 2, First: 30})
	for _, span := range silent.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		span.Attributes().Remove("gen_ai.usage.input_tokens")
		span.Attributes().Remove("gen_ai.usage.output_tokens")
	}
	d.Commit(d.Read(silent))
	missing, err := tel.GetMetric("otelcol_llm_span_metrics_missing")
	require.NoError(t, err)
	assert.EqualValues(t, 2, valueOf(t, missing, "kind", "tokens"))
	lag, err := tel.GetMetric("otelcol_llm_span_metrics_lag")
	require.NoError(t, err)
	assert.EqualValues(t, 3, lag.Data.(metricdata.Histogram[float64]).DataPoints[0].Count, "batches with requests")
	require.NoError(t, d.Stop(background))

	commit(d, tracetest.Shape{Spans: 3, First: 50})
	metadatatest.AssertEqualLlmSpanMetricsLostRequests(t, tel, sum(3), ignore)
	d.release()
}

// Time stands still in the bubble but for what the test sleeps.
func TestRequestsCountOnceNothingNewDescribesThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, sink := config.Default(), new(consumertest.MetricsSink)
		cfg.FlushInterval = time.Second
		d, err := Start(testID, cfg.Compile(), componenttest.NewNopTelemetrySettings(), "", sink)
		require.NoError(t, err)
		commit(d, tracetest.Shape{Spans: 10})
		commit(d, tracetest.Shape{Spans: 5})
		time.Sleep(6 * time.Second)
		synctest.Wait()
		assert.Empty(t, sink.AllMetrics(), "a flush forces nothing")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.NotEmpty(t, sink.AllMetrics())
		s := d.engine.Stats()
		assert.EqualValues(t, 15, s.Described)
		assert.EqualValues(t, 10, s.Requests)
		assert.EqualValues(t, 5, s.Duplicates[llm.Resent])
		assert.Zero(t, s.Waiting.Requests)
		require.NoError(t, d.Stop(background))
		d.release()
	})
}

func TestTheEndCountsAndDeliversAllThatWaits(t *testing.T) {
	tel, sink := componenttest.NewTelemetry(), new(consumertest.MetricsSink)
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	d, err := Start(testID, config.Default().Compile(), tel.NewTelemetrySettings(), "", sink)
	require.NoError(t, err)
	commit(d, tracetest.Shape{Spans: 10})
	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualLlmSpanMetricsReadRequests(t, tel, sum(10), ignore)
	metadatatest.AssertEqualLlmSpanMetricsRequests(t, tel, sum(0), ignore)
	waiting, err := tel.GetMetric("otelcol_llm_span_metrics_waiting_requests")
	require.NoError(t, err)
	assert.EqualValues(t, 10, waiting.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
	require.NoError(t, d.Stop(background))
	metadatatest.AssertEqualLlmSpanMetricsRequests(t, tel, sum(10), ignore)
	settled, err := tel.GetMetric("otelcol_llm_span_metrics_settled_requests")
	require.NoError(t, err)
	assert.EqualValues(t, 10, valueOf(t, settled, "reason", "stop"))
	assert.NotEmpty(t, sink.AllMetrics())
	d.release()
}

func valueOf(t *testing.T, m metricdata.Metrics, key, value string) int64 {
	t.Helper()
	for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
		if v, ok := p.Attributes.Value(attribute.Key(key)); ok && v.AsString() == value {
			return p.Value
		}
	}
	t.Fatalf("%s has no point with %s=%s", m.Name, key, value)
	return 0
}

func TestTheCollectorIsNamedAsConfigured(t *testing.T) {
	for name, test := range map[string]struct{ instance, want string }{
		"configured": {"edge-7", "edge-7"},
		"made up":    {"627cc493-f310-47de-96bd-71410b7dec09", collectorID(pcommon.NewResource())},
	} {
		t.Run(name, func(t *testing.T) {
			service := pcommon.NewResource()
			service.Attributes().PutStr("service.instance.id", test.instance)
			assert.Equal(t, test.want, collectorID(service))
		})
	}
}

// opened returns an outlet with one connector of spans to next.
func opened(t *testing.T, tel component.TelemetrySettings, next consumer.Metrics, written ...string) (*Outlet, *Port) {
	t.Helper()
	o := NewOutlet(testID, tel, "", config.Default(), written)
	p, err := o.Open(llm.Spans, next)
	require.NoError(t, err)
	return o, p
}

func shut(t *testing.T, p *Port) (last bool) {
	t.Helper()
	last, err := p.Close(background)
	require.NoError(t, err)
	return last
}

func TestAConnectorThatStopsFirstLosesWhatComesLater(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	sink := new(consumertest.MetricsSink)
	o, p := opened(t, tel.NewTelemetrySettings(), sink)
	d, detach, err := o.Attach(llm.Spans, config.Default().Compile(), componenttest.NewNopHost())
	require.NoError(t, err)
	commit(d, tracetest.Shape{Spans: 10})
	require.True(t, shut(t, p))
	require.Len(t, sink.AllMetrics(), 1)
	commit(d, tracetest.Shape{Spans: 4, First: 50})
	metadatatest.AssertEqualLlmSpanMetricsLostRequests(t, tel, sum(4), metricdatatest.IgnoreTimestamp())
	detach()
	_, err = tel.GetMetric("otelcol_llm_span_metrics_lost_requests")
	assert.Error(t, err, "the telemetry ends with the last processor")
	require.False(t, shut(t, p), "a second end does nothing")
}

func TestAConnectorWithoutProcessorReadsByItself(t *testing.T) {
	_, p := opened(t, componenttest.NewNopTelemetrySettings(), consumertest.NewNop(), "flush_interval")
	d, err := p.Own()
	require.NoError(t, err)
	require.NotNil(t, d)
	again, err := p.Own()
	require.NoError(t, err)
	assert.Same(t, d, again)
	shut(t, p)
}

func TestAConnectorWithProcessorsLeavesTheReadingToThem(t *testing.T) {
	o, p := opened(t, componenttest.NewNopTelemetrySettings(), consumertest.NewNop())
	read, detach, err := o.Attach(llm.Spans, config.Default().Compile(), componenttest.NewNopHost())
	require.NoError(t, err)
	d, err := p.Own()
	require.NoError(t, err)
	assert.Nil(t, d)
	logs, err := o.Open(llm.Logs, consumertest.NewNop())
	require.NoError(t, err)
	d, err = logs.Own()
	require.NoError(t, err)
	assert.Same(t, read, d, "of the logs no processor reads: their connector does, for the same engine")
	detach()
	d, err = p.Own()
	require.NoError(t, err)
	assert.Nil(t, d, "a batch processor in between sends on what the processors have read")
	shut(t, p)
	shut(t, logs)
}

func TestTwoProcessorsHaveCountersOfTheirOwn(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	for i, id := range []component.ID{testID, component.MustNewIDWithName("llm_span_metrics", "second")} {
		cfg := config.Default()
		cfg.DecisionWait = 0
		d, err := Start(id, cfg.Compile(), tel.NewTelemetrySettings(), "", consumertest.NewNop())
		require.NoError(t, err)
		defer func() { require.NoError(t, d.Stop(background)); d.release() }()
		commit(d, tracetest.Shape{Spans: 10 * (i + 1)})
	}
	requests, err := tel.GetMetric("otelcol_llm_span_metrics_requests")
	require.NoError(t, err)
	assert.EqualValues(t, 10, valueOf(t, requests, componentKey, "llm_span_metrics"))
	assert.EqualValues(t, 20, valueOf(t, requests, componentKey, "llm_span_metrics/second"))
}

// A span with a wrong clock must not spoil the mean of the lag for good.
func TestALagThatCannotBeIsClampedAndCounted(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	d, err := Start(testID, config.Default().Compile(), tel.NewTelemetrySettings(), "", consumertest.NewNop())
	require.NoError(t, err)
	defer func() { require.NoError(t, d.Stop(background)); d.release() }()
	for i, age := range []time.Duration{time.Second, 100 * 365 * 24 * time.Hour, -time.Hour} {
		traces := tracetest.Make(tracetest.Shape{Spans: 1, First: i})
		span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
		end := time.Now().Add(-age)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-time.Second)))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
		d.Commit(d.Read(traces))
	}
	lag, err := tel.GetMetric("otelcol_llm_span_metrics_lag")
	require.NoError(t, err)
	point := lag.Data.(metricdata.Histogram[float64]).DataPoints[0]
	assert.EqualValues(t, 3, point.Count)
	assert.InDelta(t, 1+maxLag.Seconds(), point.Sum, 1)
	clamped, err := tel.GetMetric("otelcol_llm_span_metrics_clamped_lags")
	require.NoError(t, err)
	assert.EqualValues(t, 1, valueOf(t, clamped, "reason", "too_long"))
	assert.EqualValues(t, 1, valueOf(t, clamped, "reason", "negative"))
}

// The pipelines of another signal are shut down first, with the exporter that both have.
func TestAnExporterThatPanicsAtTheEndLosesTheLastMetricsAlone(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(background)) }()
	core, logs := observer.New(zap.ErrorLevel)
	set := tel.NewTelemetrySettings()
	set.Logger = zap.New(core)
	var files map[string]bool // nil as that of a file that was closed
	d, err := Start(testID, config.Default().Compile(), set, "", consume(t, func(context.Context) error {
		files["metrics"] = true
		return nil
	}))
	require.NoError(t, err)
	defer d.release()
	commit(d, tracetest.Shape{Spans: 10})
	require.NoError(t, d.Stop(background))
	refused, err := tel.GetMetric("otelcol_llm_span_metrics_refused_points")
	require.NoError(t, err)
	points := refused.Data.(metricdata.Sum[int64]).DataPoints[0].Value
	assert.Positive(t, points)
	require.Equal(t, 1, logs.Len())
	assert.EqualValues(t, points, logs.All()[0].ContextMap()["data_points"], "the log says how much was lost")
	assert.Contains(t, logs.All()[0].ContextMap()["error"], "panicked")
}

func TestTheLimitOfSetsIsWarnedOfBeforeItIsReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zap.WarnLevel)
		set := componenttest.NewNopTelemetrySettings()
		set.Logger = zap.New(core)
		cfg := config.Default()
		cfg.Limits.DimensionSets = 10
		d, err := Start(testID, cfg.Compile(), set, "", consumertest.NewNop())
		require.NoError(t, err)
		defer d.release()
		after := func(sets int) int {
			commit(d, tracetest.Shape{Spans: sets, Sets: sets})
			time.Sleep(cfg.FlushInterval)
			synctest.Wait()
			return logs.FilterMessageSnippet("Dimension sets near their limit").Len()
		}
		assert.Equal(t, 0, after(7))
		assert.Equal(t, 1, after(8))
		assert.Equal(t, 1, after(9), "once")
		require.NoError(t, d.Stop(background))
	})
}
