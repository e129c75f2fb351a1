// SPDX-License-Identifier: Apache-2.0

package llmengineprocessor

import (
	"math"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/llmengine"
)

// upMetric is written by the Prometheus receiver for each target: 1 if it answered.
const upMetric = "up"

// source is what was found in one resource.
type source struct {
	page, ended   *llmengine.Page
	resource      pcommon.Map
	up            float64 // NaN without the metric
	start         pcommon.Timestamp
	time, endTime pcommon.Timestamp
	seen, seenEnd bool
}

// add reads a metric, if any row takes it.
func (s *source) add(metric pmetric.Metric) {
	name := metric.Name()
	if name == upMetric && metric.Type() == pmetric.MetricTypeGauge {
		for _, point := range metric.Gauge().DataPoints().All() {
			s.up = number(point)
			s.time = max(s.time, point.Timestamp())
		}
		return
	}
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		if s.page.Wants(name) {
			s.addNumbers(name, metric.Gauge().DataPoints(), false)
		}
	case pmetric.MetricTypeSum:
		if s.page.Wants(name) {
			s.addNumbers(name, metric.Sum().DataPoints(), true)
		}
	case pmetric.MetricTypeHistogram:
		if s.wantsParts(name) {
			for _, point := range metric.Histogram().DataPoints().All() {
				s.began(point.StartTimestamp())
				s.pageFor(point.Flags(), point.Timestamp()).AddParts(name, labels{point.Attributes(), s.resource}, float64(point.Count()), point.Sum(), buckets(point))
			}
		}
	case pmetric.MetricTypeSummary:
		if s.wantsParts(name) {
			for _, point := range metric.Summary().DataPoints().All() {
				s.began(point.StartTimestamp())
				s.pageFor(point.Flags(), point.Timestamp()).AddParts(name, labels{point.Attributes(), s.resource}, float64(point.Count()), point.Sum(), nil)
			}
		}
	default: // engines have no exponential histograms
	}
}

func (s *source) addNumbers(name string, points pmetric.NumberDataPointSlice, counter bool) {
	for _, point := range points.All() {
		if counter {
			s.began(point.StartTimestamp())
		}
		s.pageFor(point.Flags(), point.Timestamp()).Add(name, labels{point.Attributes(), s.resource}, valueOf(point))
	}
}

func (s *source) wantsParts(name string) bool {
	return slices.ContainsFunc([]string{"_count", "_sum", "_bucket"}, func(suffix string) bool { return s.page.Wants(name + suffix) })
}

// pageFor is the page for a point: that of values, or that of series that have ended.
func (s *source) pageFor(flags pmetric.DataPointFlags, at pcommon.Timestamp) *llmengine.Page {
	if flags.NoRecordedValue() {
		s.seenEnd, s.endTime = true, max(s.endTime, at)
		return s.ended
	}
	s.seen, s.time = true, max(s.time, at)
	return s.page
}

// began keeps the earliest start.
func (s *source) began(start pcommon.Timestamp) {
	if start != 0 && (s.start == 0 || start < s.start) {
		s.start = start
	}
}

func number(point pmetric.NumberDataPoint) float64 {
	if point.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(point.IntValue())
	}
	return point.DoubleValue()
}

// valueOf is the value of a point. A series that ended has none. 1 stands for any, so that it is found which series of the
// vocabulary ends.
func valueOf(point pmetric.NumberDataPoint) float64 {
	if point.Flags().NoRecordedValue() {
		return 1
	}
	return number(point)
}

func buckets(point pmetric.HistogramDataPoint) func(func(bound, cumulative float64)) {
	return func(yield func(bound, cumulative float64)) {
		cumulative := uint64(0)
		for i, count := range point.BucketCounts().All() {
			cumulative += count
			bound := math.Inf(1)
			if i < point.ExplicitBounds().Len() {
				bound = point.ExplicitBounds().At(i)
			}
			yield(bound, float64(cumulative))
		}
	}
}

// labels are those of a point, and of its target.
type labels struct{ point, resource pcommon.Map }

// Get finds a label.
func (l labels) Get(name string) string {
	if value, found := l.point.Get(name); found {
		return value.AsString()
	}
	if name == "gen_ai.request.model" {
		if value, found := l.resource.Get(name); found {
			return value.AsString()
		}
	}
	return ""
}
