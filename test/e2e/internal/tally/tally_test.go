// SPDX-License-Identifier: Apache-2.0

package tally

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// A collector that restarts begins a series anew: what each run counted last is what it counted.
func TestRunsOfASeriesAddUp(t *testing.T) {
	counted := Of(
		counter("vllm", 100, 110, 3), counter("vllm", 100, 120, 5), // first run
		counter("vllm", 200, 220, 9), counter("vllm", 200, 210, 2), // second run, out of order
		counter("sglang", 100, 110, 1),
	)
	assert.EqualValues(t, 5+9+1, counted.Value("requests", nil))
	assert.EqualValues(t, 5+9, counted.Value("requests", func(p Point) bool { return p.Resource["service.name"] == "vllm" }))
	assert.Zero(t, counted.Value("tokens", nil))
}

func TestHistogramsAreCountedByTheirValues(t *testing.T) {
	batch, point := histogram()
	point.SetCount(4)
	point.SetSum(2.5)
	points := Of(batch).Select("durations", nil)
	if assert.Len(t, points, 1) {
		assert.EqualValues(t, 4, points[0].Value)
		assert.InDelta(t, 2.5, points[0].Sum, 1e-9)
	}
}

func counter(service string, start, at pcommon.Timestamp, value int64) pmetric.Metrics {
	batch := pmetric.NewMetrics()
	resource := batch.ResourceMetrics().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", service)
	metric := resource.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("requests")
	metric.SetEmptySum().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	point := metric.Sum().DataPoints().AppendEmpty()
	point.SetStartTimestamp(start)
	point.SetTimestamp(at)
	point.SetIntValue(value)
	return batch
}

func histogram() (pmetric.Metrics, pmetric.HistogramDataPoint) {
	batch := pmetric.NewMetrics()
	metric := batch.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("durations")
	metric.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	return batch, metric.Histogram().DataPoints().AppendEmpty()
}
