// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// gather returns all metrics of one collection by their name.
func gather(t *testing.T, e *Engine, now time.Time) map[string]pmetric.Metric {
	t.Helper()
	all := map[string]pmetric.Metric{}
	_, err := e.Collect(now, func(m pmetric.Metrics) error {
		for _, rm := range m.ResourceMetrics().All() {
			for _, metric := range rm.ScopeMetrics().At(0).Metrics().All() {
				all[metric.Name()] = metric
			}
		}
		return nil
	})
	require.NoError(t, err)
	return all
}

// with returns options whose instruments are changed.
func with(change func(*Instrument)) Options {
	options := testOptions()
	for i := range options.Instruments {
		change(&options.Instruments[i])
	}
	return options
}

const duration = "gen_ai.client.operation.duration"

func TestExponentialHistogramsFitThemselvesToTheValues(t *testing.T) {
	options := with(func(in *Instrument) { in.Buckets = Exponential })
	options.MaxBuckets = 20
	for _, delta := range []bool{false, true} {
		options.Delta = delta
		e := New(options, epoch)
		for i := range 2 {
			e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 100, First: 100 * i})), epoch)
			p := gather(t, e, epoch.Add(time.Second))[duration].ExponentialHistogram().DataPoints().At(0)
			want := uint64(100)
			if !delta {
				want *= uint64(i + 1)
			}
			assert.Equal(t, want, p.Count())
			buckets, n := p.Positive().BucketCounts(), uint64(0)
			for b := range buckets.Len() {
				n += buckets.At(b)
			}
			assert.Equal(t, want, n)
			assert.LessOrEqual(t, buckets.Len(), 20)
			assert.Positive(t, p.Sum())
		}
	}
}

func TestHistogramsWithoutBucketsKeepCountAndSum(t *testing.T) {
	e := New(with(func(in *Instrument) { in.Buckets = NoBuckets }), epoch)
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10})), epoch)
	p := gather(t, e, epoch.Add(time.Second))[duration].Histogram().DataPoints().At(0)
	assert.EqualValues(t, 10, p.Count())
	assert.Equal(t, []uint64{10}, p.BucketCounts().AsRaw())
	assert.Zero(t, p.ExplicitBounds().Len())
	assert.InDelta(t, 10.045, p.Sum(), 1e-6)
}

func TestDeltaSeriesAreSilentWhenNothingHappens(t *testing.T) {
	options := testOptions()
	options.Delta = true
	e := New(options, epoch)
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10})), epoch)
	first := gather(t, e, epoch.Add(time.Second))["llm.requests"]
	assert.Equal(t, pmetric.AggregationTemporalityDelta, first.Sum().AggregationTemporality())
	assert.EqualValues(t, 10, first.Sum().DataPoints().At(0).IntValue())
	assert.Empty(t, gather(t, e, epoch.Add(2*time.Second)))
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 3})), epoch)
	again := gather(t, e, epoch.Add(3*time.Second))["llm.requests"].Sum().DataPoints().At(0)
	assert.EqualValues(t, 3, again.IntValue())
	assert.Equal(t, epoch.Add(2*time.Second), again.StartTimestamp().AsTime())
}

func TestAGaugeIsDeliveredUntilItsSetExpires(t *testing.T) {
	for _, delta := range []bool{false, true} {
		options := with(func(in *Instrument) {
			if in.Name == "llm.request.output_token_rate" {
				in.Kind, in.Scale = Gauge, 1000
			}
		})
		options.Delta = delta
		e := New(options, epoch)
		e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10})), epoch)
		for i := range 3 {
			now := epoch.Add(time.Duration(i+1) * time.Second)
			points := gather(t, e, now)["llm.request.output_token_rate"].Gauge().DataPoints()
			require.Equal(t, 1, points.Len())
			assert.InDelta(t, 1000*340/0.759, points.At(0).DoubleValue(), 1, "that of the last request")
			assert.Equal(t, now, points.At(0).Timestamp().AsTime())
			assert.Zero(t, points.At(0).StartTimestamp())
		}
		gather(t, e, epoch.Add(options.Limits.IdleExpiry+time.Second))
		assert.Empty(t, gather(t, e, epoch.Add(options.Limits.IdleExpiry+2*time.Second)))
	}
}

func TestAZeroPointComesBeforeTheFirstValueOnce(t *testing.T) {
	options := testOptions()
	options.ZeroPoint = true
	e := New(options, epoch)
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10})), epoch)
	all := gather(t, e, epoch.Add(time.Second))
	sums, histograms := all["llm.requests"].Sum().DataPoints(), all[duration].Histogram().DataPoints()
	require.Equal(t, 2, sums.Len())
	require.Equal(t, 2, histograms.Len())
	assert.Zero(t, sums.At(0).IntValue())
	assert.Equal(t, sums.At(0).StartTimestamp(), sums.At(0).Timestamp())
	assert.EqualValues(t, 10, sums.At(1).IntValue())
	assert.Equal(t, sums.At(0).Attributes().AsRaw(), sums.At(1).Attributes().AsRaw())
	assert.Zero(t, histograms.At(0).Count())
	assert.Equal(t, histograms.At(0).ExplicitBounds().AsRaw(), histograms.At(1).ExplicitBounds().AsRaw())
	assert.Equal(t, 1, gather(t, e, epoch.Add(2*time.Second))["llm.requests"].Sum().DataPoints().Len())
}

func TestExemplarsAreSpreadOverTheBuckets(t *testing.T) {
	options := testOptions()
	options.Exemplars = true
	e := New(options, epoch)
	traces := tracetest.Make(tracetest.Shape{Spans: 100})
	spans := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	for i := range spans.Len() {
		spans.At(i).SetFlags(0x101)
	}
	slow := spans.At(99)
	slow.SetEndTimestamp(slow.StartTimestamp() + pcommon.Timestamp(time.Minute))
	e.Commit(e.Read(traces), epoch)
	exemplars := gather(t, e, epoch.Add(time.Second))[duration].Histogram().DataPoints().At(0).Exemplars()
	require.Equal(t, 2, exemplars.Len(), "one for each of the two buckets that were met")
	last := exemplars.At(1)
	assert.Equal(t, slow.TraceID(), last.TraceID())
	assert.Equal(t, slow.SpanID(), last.SpanID())
	assert.Equal(t, slow.EndTimestamp(), last.Timestamp(), "the span's end")
	assert.InDelta(t, 60, last.DoubleValue(), 0)
	assert.Zero(t, gather(t, e, epoch.Add(2*time.Second))[duration].Histogram().DataPoints().At(0).Exemplars().Len())
}

func TestExemplarsAreBoundedAndOfSampledSpansOnly(t *testing.T) {
	options := testOptions()
	options.Exemplars = true
	options.Limits.Exemplars = 7
	for flags, want := range map[uint32]int{0x102: 0, 0x100: 7, 0x101: 7} {
		e := New(options, epoch)
		traces := tracetest.Make(tracetest.Shape{Spans: 100, Sets: 100})
		for _, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
			span.SetFlags(flags)
		}
		e.Commit(e.Read(traces), epoch)
		n := 0
		for _, m := range gather(t, e, epoch.Add(time.Second)) {
			if m.Type() == pmetric.MetricTypeHistogram {
				for _, p := range m.Histogram().DataPoints().All() {
					n += p.Exemplars().Len()
				}
			}
		}
		assert.Equal(t, want, n)
	}
}

func TestSampledSpansWeighAsManyAsTheyStandFor(t *testing.T) {
	traces := tracetest.Make(tracetest.Shape{Spans: 100})
	for _, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		span.TraceState().FromRaw("ot=th:b333333333333") // keeps 30 %, so that one stands for 3.33
	}
	collect := func() (map[string]pmetric.Metric, []int64) {
		e := New(testOptions(), epoch)
		var running []int64
		for _, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
			one := ptrace.NewTraces()
			span.CopyTo(one.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty())
			e.Commit(e.Read(one), epoch)
			running = append(running, gather(t, e, epoch.Add(time.Second))["llm.requests"].Sum().DataPoints().At(0).IntValue())
		}
		return gather(t, e, epoch.Add(time.Second)), running
	}
	all, running := collect()
	assert.InDelta(t, 333, running[99], 1)
	assert.EqualValues(t, running[99], all[duration].Histogram().DataPoints().At(0).Count())
	assert.InDelta(t, 333*340, all["llm.usage.output_tokens"].Sum().DataPoints().At(0).IntValue(), 340)
	_, again := collect()
	assert.Equal(t, running, again, "the same spans give the same counts")
}

// A sampler that keeps one span in ten writes a threshold of four digits, by which it stands for 9.9994.
func TestTheFirstSampledSpanIsNotRoundedDown(t *testing.T) {
	traces := tracetest.Make(tracetest.Shape{Spans: 1})
	traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).TraceState().FromRaw("ot=th:e666")
	e := New(testOptions(), epoch)
	e.Commit(e.Read(traces), epoch)
	assert.EqualValues(t, 10, gather(t, e, epoch.Add(time.Second))["llm.requests"].Sum().DataPoints().At(0).IntValue())
}

func TestSampledRunsOfToolsWeighAsManyAsTheyStandFor(t *testing.T) {
	options := testOptions()
	options.Instruments, options.Reading.Runs = Catalogue(V141), true
	e := New(options, epoch)
	traces := tracetest.Make(tracetest.Shape{Spans: 10})
	for _, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		span.Attributes().PutStr("gen_ai.operation.name", "execute_tool")
		span.TraceState().FromRaw("ot=th:c")
	}
	e.Commit(e.Read(traces), epoch)
	p := gather(t, e, epoch.Add(time.Second))["gen_ai.execute_tool.duration"].Histogram().DataPoints().At(0)
	assert.EqualValues(t, 40, p.Count())
}

func TestTheCollectorIsOnTheResourceAndOnPointsByChoice(t *testing.T) {
	options := testOptions()
	options.Collector = "edge-7"
	for _, onPoints := range []bool{false, true} {
		options.CollectorOnPoints = onPoints
		e := New(options, epoch)
		e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 1})), epoch)
		_, err := e.Collect(epoch.Add(time.Second), func(m pmetric.Metrics) error {
			id, _ := m.ResourceMetrics().At(0).Resource().Attributes().Get(CollectorKey)
			assert.Equal(t, "edge-7", id.AsString())
			return nil
		})
		require.NoError(t, err)
		_, have := gather(t, e, epoch.Add(2*time.Second))["llm.requests"].Sum().DataPoints().At(0).Attributes().Get(CollectorKey)
		assert.Equal(t, onPoints, have)
	}
}

func TestACountBeyond32BitsCarriesOver(t *testing.T) {
	e := &Engine{plan: &plan{groups: make([]group, 1)}}
	f := &facet{}
	f.add(seriesPlan{kind: Histogram, measuring: measuring{scale: 1, index: newBucketIndex([]float64{1})}})
	f.step()
	e.plan.groups[0].layers[llm.NoLayer] = []facet{*f}
	r := &record{}
	r.add(0, f, nil)
	for _, weight := range []uint64{1<<32 - 1, 1, 5 << 33} {
		o := sample{weight: weight}
		o.measurements[0] = 2
		e.addToCell(r, 0, f, &o)
	}
	n := r.numbers(&r.cells[0], f)
	assert.EqualValues(t, 11<<32, n.counted(1))
	assert.Zero(t, n.counted(0))
}
