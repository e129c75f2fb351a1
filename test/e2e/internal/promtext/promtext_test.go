// SPDX-License-Identifier: Apache-2.0

package promtext

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const exposed = `
# TYPE requests_total counter
requests_total{model="a",outcome="success"} 3
requests_total{model="a",outcome="error"} 1
requests_total{model="b"} 7
# TYPE duration_seconds histogram
duration_seconds_bucket{model="a",le="0.1"} 2
duration_seconds_bucket{model="a",le="0.2"} 8
duration_seconds_bucket{model="a",le="+Inf"} 10
duration_seconds_sum{model="a"} 2.5
duration_seconds_count{model="a"} 10
duration_seconds_bucket{model="b",le="0.1"} 0
duration_seconds_bucket{model="b",le="0.2"} 0
duration_seconds_bucket{model="b",le="+Inf"} 2
duration_seconds_sum{model="b"} 9
duration_seconds_count{model="b"} 2
`

func TestSeriesAreSelectedByTheirLabels(t *testing.T) {
	metrics, err := Parse(strings.NewReader(exposed))
	require.NoError(t, err)

	assert.Equal(t, 11.0, metrics.Sum("requests_total", nil))
	assert.Equal(t, 4.0, metrics.Sum("requests_total", Labels{"model": "a"}))
	assert.Equal(t, 7.0, metrics.Sum("requests_total", Labels{"outcome": ""}), "an empty value means a missing label")
	assert.Zero(t, metrics.Sum("requests_total", Labels{"model": "c"}))

	both := metrics.Histogram("duration_seconds", nil)
	assert.Equal(t, 12.0, both.Count)
	assert.Equal(t, 11.5, both.Sum)
	assert.Equal(t, Bucket{UpTo: 0.2, Count: 8}, both.Buckets[1])
}

// The expected values are those of histogram_quantile over the same buckets.
func TestQuantilesAreThoseOfPrometheus(t *testing.T) {
	metrics, err := Parse(strings.NewReader(exposed))
	require.NoError(t, err)
	a := metrics.Histogram("duration_seconds", Labels{"model": "a"})

	for quantile, want := range map[float64]float64{0.1: 0.05, 0.2: 0.1, 0.5: 0.15, 0.8: 0.2, 0.95: 0.2} {
		assert.InDelta(t, want, a.Quantile(quantile), 1e-9, "quantile %v", quantile)
	}
	assert.Equal(t, 0.2, metrics.Histogram("duration_seconds", Labels{"model": "b"}).Quantile(0.5))
	assert.True(t, math.IsNaN(Histogram{}.Quantile(0.5)))
}

func TestExemplarsAreThoseOfBuckets(t *testing.T) {
	const text = `# TYPE a_seconds histogram
a_seconds_bucket{model="} # {",le="0.5"} 3 # {span_id="0102030405060708",trace_id="0102030405060708090a0b0c0d0e0f10"} 0.3 1.7e+09
a_seconds_bucket{model="x",le="+Inf"} 4
a_seconds_count{model="x"} 4
b_total 1
# EOF
`
	assert.Equal(t, []Exemplar{{
		Metric: "a_seconds", TraceID: "0102030405060708090a0b0c0d0e0f10", SpanID: "0102030405060708",
	}}, parseExemplars(text))
}
