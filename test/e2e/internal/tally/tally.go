// SPDX-License-Identifier: Apache-2.0

// Package tally adds up metrics that restart: each series counts once per start time, with its last value.
package tally

import (
	"fmt"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Point is the last value of one run of a cumulative series, from its start time on.
type Point struct {
	Metric     string
	Resource   map[string]any
	Attributes map[string]any
	// Value is that of a counter, or how many values a histogram holds.
	Value float64
	// Sum is that of a histogram.
	Sum float64

	at pcommon.Timestamp
}

// Tally holds the last point of each series and start time.
type Tally map[string]Point

// Of reads batches of cumulative sums and histograms. Other kinds of metrics are left out.
func Of(batches ...pmetric.Metrics) Tally {
	t := Tally{}
	for _, batch := range batches {
		for _, resource := range batch.ResourceMetrics().All() {
			for _, scope := range resource.ScopeMetrics().All() {
				for _, metric := range scope.Metrics().All() {
					t.metric(resource.Resource(), scope.Scope().Name(), metric)
				}
			}
		}
	}
	return t
}

func (t Tally) metric(resource pcommon.Resource, scope string, metric pmetric.Metric) {
	switch metric.Type() {
	case pmetric.MetricTypeSum:
		mustBeCumulative(metric, metric.Sum().AggregationTemporality())
		for _, point := range metric.Sum().DataPoints().All() {
			value := point.DoubleValue()
			if point.ValueType() == pmetric.NumberDataPointValueTypeInt {
				value = float64(point.IntValue())
			}
			t.point(resource, scope, metric, point.Attributes(), point.StartTimestamp(), point.Timestamp(), value, 0)
		}
	case pmetric.MetricTypeHistogram:
		mustBeCumulative(metric, metric.Histogram().AggregationTemporality())
		for _, point := range metric.Histogram().DataPoints().All() {
			t.point(resource, scope, metric, point.Attributes(), point.StartTimestamp(), point.Timestamp(),
				float64(point.Count()), point.Sum())
		}
	default:
	}
}

func (t Tally) point(resource pcommon.Resource, scope string, metric pmetric.Metric, attributes pcommon.Map,
	start, at pcommon.Timestamp, value, sum float64,
) {
	p := Point{
		Metric: metric.Name(), Resource: resource.Attributes().AsRaw(), Attributes: attributes.AsRaw(),
		Value: value, Sum: sum, at: at,
	}
	// Maps print sorted by key.
	key := fmt.Sprintf("%q %q %d %#v %#v", p.Metric, scope, start, p.Resource, p.Attributes)
	if old, known := t[key]; !known || old.at <= at {
		t[key] = p
	}
}

// Select answers the points of a metric for which keep holds; nil keeps all.
func (t Tally) Select(metric string, keep func(Point) bool) []Point {
	var points []Point
	for _, p := range t {
		if p.Metric == metric && (keep == nil || keep(p)) {
			points = append(points, p)
		}
	}
	return points
}

// Value adds the values of a metric's points for which keep holds; nil keeps all.
func (t Tally) Value(metric string, keep func(Point) bool) float64 {
	var sum float64
	for _, p := range t.Select(metric, keep) {
		sum += p.Value
	}
	return sum
}

func mustBeCumulative(metric pmetric.Metric, temporality pmetric.AggregationTemporality) {
	if temporality != pmetric.AggregationTemporalityCumulative {
		panic(metric.Name() + " is not cumulative")
	}
}
