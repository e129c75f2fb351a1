// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// total is what a series amounts to.
type total struct {
	count   uint64
	sum     float64
	buckets []uint64
}

// totals are keyed by the text of metric, resource and attributes.
type totals map[string]total

func (t totals) add(key string, count uint64, sum float64, buckets []uint64) {
	have := t[key]
	have.count += count
	have.sum += sum
	if have.buckets == nil {
		have.buckets = make([]uint64, len(buckets))
	}
	for i, n := range buckets {
		have.buckets[i] += n
	}
	t[key] = have
}

// reference is a slow engine, written plainly from the catalogue: one map, one text per series, no limits.
type reference struct {
	options Options
	reader  *spanreader.Reader
	totals  totals
}

func newReference(options Options) *reference {
	keys := append(append([]string(nil), options.SharedResource...), options.InstanceResource...)
	return &reference{
		options: options,
		reader:  spanreader.NewReader(spanreader.Options{ResourceKeys: keys, MaxText: options.Limits.TextLength}),
		totals:  totals{},
	}
}

func (r *reference) add(traces ptrace.Traces) {
	b := r.reader.NewBatch()
	r.reader.Read(traces, b)
	for i := range b.Requests {
		q := &b.Requests[i]
		if q.Duplicate != llm.Unique {
			continue
		}
		var m measurements
		m.take(q)
		m.derive(q)
		m.split(b.Modalities(q))
		for _, in := range r.options.Instruments {
			if in.When&^conditionsOf(q) != 0 || !slices.Contains(in.Layers, q.Layer) {
				continue
			}
			attributes := pcommon.NewMap()
			base := in.Own
			if base == nil {
				base = commonDimensions
			}
			for _, d := range slices.Concat(base, in.Extra) {
				d.Value(q).Put(attributes, d.Key)
			}
			if in.Fixed.Key != "" {
				attributes.PutStr(in.Fixed.Key, in.Fixed.Value)
			}
			add := func(value float64) {
				series := seriesKey(in.Name, r.resource(b, q), attributes)
				if in.Scale != 0 {
					value *= in.Scale
				}
				switch {
				case value < 0:
				case in.Kind == Gauge:
					r.totals[series] = total{sum: value}
				default:
					r.totals.add(series, uint64(q.Weight), value*q.Weight, bucketsOf(&in, value, uint64(q.Weight)))
				}
			}
			switch in.Measure {
			case judged:
				for _, target := range r.options.Targets {
					bad := q.Outcome == llm.Error || target.Duration > 0 && q.Number[fact.Duration] > target.Duration || target.TTFT > 0 && q.Number[fact.TTFT] > target.TTFT
					unknown := target.Duration > 0 && q.Number[fact.Duration] < 0 || target.TTFT > 0 && q.Number[fact.TTFT] < 0
					if q.Outcome != llm.Cancelled && (bad || !unknown) && (len(target.Layers) == 0 || target.Layers[0] == q.Layer) {
						attributes.PutStr("llm.slo.name", target.Name)
						attributes.PutBool("llm.slo.met", !bad)
						add(1)
					}
				}
			case fact.TimePerOutputChunk:
				for _, gap := range b.ChunkGaps(q) {
					add(gap)
				}
			case fact.FinishReason:
				for _, reason := range b.FinishReasons(q) {
					attributes.PutStr("llm.finish_reason", reason)
					add(1)
				}
			default:
				add(m[in.Measure])
			}
		}
	}
}

func (r *reference) resource(b *spanreader.Batch, q *llm.Request) pcommon.Map {
	m := pcommon.NewMap()
	for i, v := range b.Resource(q.Resource) {
		if i < len(r.options.SharedResource) {
			v.Put(m, r.options.SharedResource[i])
		} else if q.Layer != llm.Client {
			v.Put(m, r.options.InstanceResource[i-len(r.options.SharedResource)])
		}
	}
	return m
}

func bucketsOf(in *Instrument, value float64, count uint64) []uint64 {
	switch {
	case in.Kind != Histogram:
		return nil
	case in.Buckets != Explicit:
		return []uint64{count}
	}
	counts := make([]uint64, len(in.Bounds)+1)
	i := 0
	for i < len(in.Bounds) && value > in.Bounds[i] {
		i++
	}
	counts[i] = count
	return counts
}

func seriesKey(metric string, resource, attributes pcommon.Map) string {
	return metric + " " + mapText(resource) + " " + mapText(attributes)
}

func mapText(m pcommon.Map) string {
	var parts []string
	for k, v := range m.All() {
		parts = append(parts, fmt.Sprintf("%s=%s:%s", k, v.Type(), v.AsString()))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ",") + "}"
}

// collected adds up what collections hand out: of each series and start time the last point counts.
type collected struct {
	last   map[string]total
	newest map[string]pcommon.Timestamp
	// window is the end of the last collection, where the next delta window begins.
	window time.Time
}

func newCollected() *collected {
	return &collected{last: map[string]total{}, newest: map[string]pcommon.Timestamp{}, window: epoch}
}

func (c *collected) collect(t *testing.T, e *Engine, now time.Time) {
	t.Helper()
	seen := map[string]bool{}
	refused, err := e.Collect(now, func(metrics pmetric.Metrics) error {
		require.LessOrEqual(t, metrics.DataPointCount(), e.options.Limits.PointsPerBatch)
		for _, rm := range metrics.ResourceMetrics().All() {
			for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
				c.metric(t, m, rm.Resource().Attributes(), seen, e.options.Delta)
			}
		}
		return nil
	})
	require.NoError(t, err)
	require.Zero(t, refused)
	c.window = now
}

func (c *collected) metric(t *testing.T, m pmetric.Metric, resource pcommon.Map, seen map[string]bool, delta bool) {
	t.Helper()
	point := func(attributes pcommon.Map, start, at pcommon.Timestamp, value total) {
		series := seriesKey(m.Name(), resource, attributes)
		require.False(t, seen[series], "a series has one point in a collection: %s", series)
		seen[series] = true
		require.NotZero(t, start)
		require.Less(t, start, at)
		if delta {
			require.Equal(t, c.window, start.AsTime(), "windows tile")
		}
		require.LessOrEqual(t, c.newest[series], at, "points of a series do not go back in time")
		c.newest[series] = at
		key := fmt.Sprintf("%s@%d", series, start)
		require.GreaterOrEqual(t, value.sum, c.last[key].sum, "a running total does not shrink")
		c.last[key] = value
	}
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		for _, p := range m.Gauge().DataPoints().All() {
			series := seriesKey(m.Name(), resource, p.Attributes())
			require.False(t, seen[series], "a series has one point in a collection: %s", series)
			seen[series] = true
			c.last[series+"@0"] = total{sum: numberOf(p)}
		}
	case pmetric.MetricTypeSum:
		require.True(t, m.Sum().IsMonotonic())
		for _, p := range m.Sum().DataPoints().All() {
			point(p.Attributes(), p.StartTimestamp(), p.Timestamp(), total{sum: numberOf(p)})
		}
	case pmetric.MetricTypeHistogram:
		for _, p := range m.Histogram().DataPoints().All() {
			buckets, n := p.BucketCounts().AsRaw(), uint64(0)
			for _, b := range buckets {
				n += b
			}
			require.Equal(t, n, p.Count(), "buckets add up to the count")
			point(p.Attributes(), p.StartTimestamp(), p.Timestamp(), total{p.Count(), p.Sum(), buckets})
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, p := range m.ExponentialHistogram().DataPoints().All() {
			n := p.ZeroCount()
			for _, b := range p.Positive().BucketCounts().All() {
				n += b
			}
			require.Equal(t, n, p.Count(), "buckets add up to the count")
			point(p.Attributes(), p.StartTimestamp(), p.Timestamp(), total{p.Count(), p.Sum(), []uint64{n}})
		}
	default:
		t.Fatalf("unexpected type of %s", m.Name())
	}
}

func numberOf(p pmetric.NumberDataPoint) float64 {
	if p.ValueType() == pmetric.NumberDataPointValueTypeDouble {
		return p.DoubleValue()
	}
	return float64(p.IntValue())
}

// perSeries adds up over start times; perMetric over all series of a metric.
func (c *collected) perSeries() totals {
	all := totals{}
	for key, v := range c.last {
		all.add(key[:strings.LastIndexByte(key, '@')], v.count, v.sum, v.buckets)
	}
	return all
}

func (t totals) perMetric() totals {
	all := totals{}
	for key, v := range t {
		all.add(key[:strings.IndexByte(key, ' ')], v.count, v.sum, v.buckets)
	}
	return all
}

func requireEqual(t *testing.T, want, got totals) {
	t.Helper()
	for key, w := range want {
		g, ok := got[key]
		require.True(t, ok, "missing: %s", key)
		if len(w.buckets) > 0 {
			require.Equal(t, w.count, g.count, key)
			require.Equal(t, w.buckets, g.buckets, key)
		}
		require.InDelta(t, w.sum, g.sum, 1e-9*(1+w.sum), key)
	}
	require.Len(t, got, len(want))
}

// shuffleDimensions gives some instruments a list of dimensions of their own. It takes it out of a few lists so that several
// share one. Some separate layers and some do not.
func shuffleDimensions(r *rand.Rand, instruments []Instrument) {
	lists := [][]Dimension{
		{},
		{layer, commonDimensions[2], outcome},
		{commonDimensions[2]},
		{commonDimensions[2], errorType, commonDimensions[4]},
		append(slices.Clone(commonDimensions), stream),
	}
	for i := range instruments {
		if n := r.IntN(3 * len(lists)); n < len(lists) {
			instruments[i].Own = lists[n]
			instruments[i].Extra = slices.DeleteFunc(slices.Clone(instruments[i].Extra), func(d Dimension) bool { return d.Each == Once })
		}
	}
}

// randomTargets are some of which one leaves layers out.
func randomTargets(r *rand.Rand) []Target {
	return []Target{
		{Name: "fast", TTFT: r.Float64(), Duration: float64(r.IntN(100))},
		{Name: "server", Duration: float64(1 + r.IntN(50)), Layers: serverOnly},
	}[:r.IntN(3)]
}

// shuffleBuckets gives the metrics buckets of all kinds.
func shuffleBuckets(r *rand.Rand, instruments []Instrument) {
	first := r.IntN(3)
	for i := range instruments {
		instruments[i].Buckets = Buckets((first + len(instruments[i].Name)) % 3)
	}
}

// shuffleKinds makes some instruments gauges, and gives some another unit.
func shuffleKinds(r *rand.Rand, instruments []Instrument) {
	gauges := r.IntN(5)
	for i := range instruments {
		in := &instruments[i]
		if len(in.Name)%5 == gauges {
			in.Kind = Gauge
		}
		if in.Unit == "s" && r.IntN(2) == 0 {
			in.Scale = 1000
		}
	}
}

// randomTraces makes up spans of all layers, outcomes and sizes, out of few values so that they meet again.
func randomTraces(r *rand.Rand, variety int) ptrace.Traces {
	traces := ptrace.NewTraces()
	for range 1 + r.IntN(3) {
		rs := traces.ResourceSpans().AppendEmpty()
		pick(r, variety, "service", rs.Resource().Attributes(), "service.name")
		pick(r, variety, "pod", rs.Resource().Attributes(), "k8s.pod.name")
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName([]string{"custom", "vllm.llm_engine", "@opentelemetry/instrumentation-openai"}[r.IntN(3)])
		for range r.IntN(6) {
			randomSpan(r, variety, ss.Spans().AppendEmpty())
		}
	}
	return traces
}

func randomSpan(r *rand.Rand, variety int, span ptrace.Span) {
	var trace pcommon.TraceID
	var id pcommon.SpanID
	for i := range trace {
		trace[i] = byte(r.IntN(256))
	}
	copy(id[:], trace[3:])
	span.SetTraceID(trace)
	span.SetSpanID(id)
	span.SetName("llm_request")
	span.TraceState().FromRaw([]string{"", "ot=th:0", "ot=th:8", "vendor=x,ot=rv:1;th:fff"}[r.IntN(4)])
	span.SetStartTimestamp(1_700_000_000_000_000_000)
	span.SetEndTimestamp(span.StartTimestamp() + pcommon.Timestamp(1+r.IntN(100_000)*1_000_000))
	a := span.Attributes()
	a.PutStr("gen_ai.operation.name", []string{"chat", "embeddings", "invoke_agent"}[r.IntN(3)])
	pick(r, variety, "model", a, "gen_ai.request.model")
	pick(r, variety, "provider", a, "gen_ai.provider.name")
	pick(r, variety, "host", a, "server.address")
	if r.IntN(2) == 0 {
		a.PutInt("server.port", int64(r.IntN(3)))
	}
	if r.IntN(2) == 0 {
		a.PutBool("gen_ai.request.stream", r.IntN(2) == 0)
		a.PutDouble("gen_ai.response.time_to_first_chunk", r.Float64())
	}
	if r.IntN(3) > 0 {
		a.PutInt("gen_ai.usage.input_tokens", int64(r.IntN(10_000)))
		a.PutInt("gen_ai.usage.output_tokens", int64(r.IntN(1_000)))
		if r.IntN(3) == 0 {
			a.PutInt("gen_ai.usage.audio.output_tokens", int64(r.IntN(1_000)))
		}
	}
	if r.IntN(4) == 0 {
		pick(r, variety, "Error", a, "error.type")
	}
	for range r.IntN(3) {
		span.Events().AppendEmpty().SetName("gen_ai.content.completion.chunk")
		span.Events().At(span.Events().Len() - 1).SetTimestamp(span.StartTimestamp() + pcommon.Timestamp(r.IntN(1_000_000)))
	}
	if reasons := r.IntN(3); reasons > 0 {
		list := a.PutEmptySlice("gen_ai.response.finish_reasons")
		for range reasons {
			list.AppendEmpty().SetStr([]string{"stop", "length", "tool_calls"}[r.IntN(3)])
		}
	}
	if r.IntN(4) == 0 {
		a.PutDouble("gen_ai.usage.cost", float64(r.IntN(100))/1000)
	}
}

func pick(r *rand.Rand, variety int, prefix string, m pcommon.Map, key string) {
	if n := r.IntN(variety + 1); n > 0 {
		m.PutStr(key, fmt.Sprintf("%s-%d", prefix, n))
	}
}
