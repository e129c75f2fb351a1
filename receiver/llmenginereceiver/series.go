// SPDX-License-Identifier: Apache-2.0

package llmenginereceiver

import (
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// seriesTracker gives counters their start times and ends series that are gone.
type seriesTracker struct {
	series    map[seriesKey]*series
	templates map[string]pmetric.Metric // metrics without points
	resources map[[16]byte]pcommon.Resource
	scope     pcommon.InstrumentationScope
	round     uint64
	// start is when the engine's process began, as it said the last time; 0 if it does not.
	start pcommon.Timestamp
	// last is when the page was read the last time; 0 before the first.
	last pcommon.Timestamp
}

type seriesKey struct {
	resource   [16]byte
	metric     string
	attributes [16]byte
}

type series struct {
	attributes pcommon.Map
	value      float64
	start      pcommon.Timestamp
	seen       uint64
	// fell says that the counter fell without a new beginning of the process.
	fell bool
	// ended says that a point without a value was sent.
	ended bool
}

func newSeriesTracker() *seriesTracker {
	return &seriesTracker{
		series: map[seriesKey]*series{}, templates: map[string]pmetric.Metric{}, resources: map[[16]byte]pcommon.Resource{},
		scope: pcommon.NewInstrumentationScope(),
	}
}

// observe sets the start times of what was read, and appends points without a value for series that are gone. start is when the
// engine's process began; 0 if it does not say so. Then a counter began when it was first seen, and after a fall when it was last seen
// before.
func (t *seriesTracker) observe(metrics pmetric.ResourceMetricsSlice, now time.Time, start pcommon.Timestamp) {
	t.round++
	at := pcommon.NewTimestampFromTime(now)
	t.observeAll(metrics, at, start)
	t.start, t.last = start, at
	t.endOthers(metrics, at, false)
}

func (t *seriesTracker) observeAll(metrics pmetric.ResourceMetricsSlice, at, start pcommon.Timestamp) {
	for _, resourceMetrics := range metrics.All() {
		resource := pdatautil.MapHash(resourceMetrics.Resource().Attributes())
		if _, known := t.resources[resource]; !known {
			kept := pcommon.NewResource()
			resourceMetrics.Resource().CopyTo(kept)
			t.resources[resource] = kept
		}
		for _, scopeMetrics := range resourceMetrics.ScopeMetrics().All() {
			scopeMetrics.Scope().CopyTo(t.scope)
			for _, metric := range scopeMetrics.Metrics().All() {
				t.observeMetric(resource, metric, at, start)
			}
		}
	}
}

func (t *seriesTracker) observeMetric(resource [16]byte, metric pmetric.Metric, at, start pcommon.Timestamp) {
	if _, known := t.templates[metric.Name()]; !known {
		template := pmetric.NewMetric()
		metric.CopyTo(template)
		switch template.Type() {
		case pmetric.MetricTypeSum:
			template.Sum().DataPoints().RemoveIf(func(pmetric.NumberDataPoint) bool { return true })
		case pmetric.MetricTypeHistogram:
			template.Histogram().DataPoints().RemoveIf(func(pmetric.HistogramDataPoint) bool { return true })
		default:
			template.Gauge().DataPoints().RemoveIf(func(pmetric.NumberDataPoint) bool { return true })
		}
		t.templates[metric.Name()] = template
	}
	switch metric.Type() {
	case pmetric.MetricTypeSum:
		for _, point := range metric.Sum().DataPoints().All() {
			began := t.see(resource, metric.Name(), point.Attributes(), float64(point.IntValue()), at, start)
			if metric.Sum().IsMonotonic() {
				point.SetStartTimestamp(began)
			}
		}
	case pmetric.MetricTypeHistogram:
		for _, point := range metric.Histogram().DataPoints().All() {
			point.SetStartTimestamp(t.see(resource, metric.Name(), point.Attributes(), float64(point.Count()), at, start))
		}
	default:
		for _, point := range metric.Gauge().DataPoints().All() {
			t.see(resource, metric.Name(), point.Attributes(), 0, at, start)
		}
	}
}

// see notes a point and answers when its series began.
func (t *seriesTracker) see(resource [16]byte, metric string, attributes pcommon.Map, value float64, at, start pcommon.Timestamp) pcommon.Timestamp {
	key := seriesKey{resource, metric, pdatautil.MapHash(attributes)}
	s := t.series[key]
	fell := false
	switch {
	case s == nil:
		s = &series{attributes: pcommon.NewMap(), start: at}
		attributes.CopyTo(s.attributes)
		if t.last != 0 {
			s.start = t.last // it was born after the last look
		}
		t.series[key] = s
	case value < s.value:
		fell, s.start = true, t.last
	}
	// A process that says when it began is right, unless a counter falls meanwhile.
	if start != t.start {
		s.fell = false
	} else if fell {
		s.fell = true
	}
	if start != 0 && !s.fell {
		s.start = start
	}
	s.value, s.seen, s.ended = value, t.round, false
	return s.start
}

// end is observe for an endpoint that gave no page. All series that are not in metrics end, and are remembered, for when it comes
// back.
func (t *seriesTracker) end(metrics pmetric.ResourceMetricsSlice, now time.Time) {
	t.round++
	at := pcommon.NewTimestampFromTime(now)
	t.observeAll(metrics, at, t.start)
	t.endOthers(metrics, at, true)
}

// endOthers appends points without a value for series that were not seen in this round.
func (t *seriesTracker) endOthers(metrics pmetric.ResourceMetricsSlice, at pcommon.Timestamp, remember bool) {
	live := map[[16]byte]bool{}
	for key, s := range t.series {
		if s.seen == t.round {
			live[key.resource] = true
			continue
		}
		if !s.ended {
			endSeries(t.place(metrics, key), s.attributes, at)
		}
		if s.ended = true; remember {
			live[key.resource] = true
		} else {
			delete(t.series, key)
		}
	}
	for resource := range t.resources {
		if !live[resource] {
			delete(t.resources, resource)
		}
	}
}

// endSeries appends a point without a value.
func endSeries(metric pmetric.Metric, attributes pcommon.Map, at pcommon.Timestamp) {
	noValue := pmetric.DefaultDataPointFlags.WithNoRecordedValue(true)
	if metric.Type() == pmetric.MetricTypeHistogram {
		point := metric.Histogram().DataPoints().AppendEmpty()
		point.SetTimestamp(at)
		point.SetFlags(noValue)
		attributes.CopyTo(point.Attributes())
		return
	}
	points := metric.Gauge().DataPoints
	if metric.Type() == pmetric.MetricTypeSum {
		points = metric.Sum().DataPoints
	}
	point := points().AppendEmpty()
	point.SetTimestamp(at)
	point.SetFlags(noValue)
	attributes.CopyTo(point.Attributes())
}

// place appends a metric for the end of one series. It is separate. The Prometheus exporter (v0.159.0) reads a metric up to the
// first point without a value and no further.
func (t *seriesTracker) place(metrics pmetric.ResourceMetricsSlice, key seriesKey) pmetric.Metric {
	for _, resourceMetrics := range metrics.All() {
		if pdatautil.MapHash(resourceMetrics.Resource().Attributes()) != key.resource {
			continue
		}
		metric := resourceMetrics.ScopeMetrics().At(0).Metrics().AppendEmpty()
		t.templates[key.metric].CopyTo(metric)
		return metric
	}
	resourceMetrics := metrics.AppendEmpty()
	t.resources[key.resource].CopyTo(resourceMetrics.Resource())
	scope := resourceMetrics.ScopeMetrics().AppendEmpty()
	t.scope.CopyTo(scope.Scope())
	metric := scope.Metrics().AppendEmpty()
	t.templates[key.metric].CopyTo(metric)
	return metric
}
