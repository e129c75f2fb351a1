// SPDX-License-Identifier: Apache-2.0

package promtext

import (
	"math"
	"slices"
)

// Histogram is a histogram with fixed buckets, whose counts are cumulative.
type Histogram struct {
	Count   float64
	Sum     float64
	Buckets []Bucket
}

// Bucket counts the values up to a bound, those of lower buckets included.
type Bucket struct {
	UpTo  float64
	Count float64
}

// add panics when the buckets differ: series of one metric have the same.
func (h *Histogram) add(other Histogram) {
	h.Count += other.Count
	h.Sum += other.Sum
	if h.Buckets == nil {
		h.Buckets = slices.Clone(other.Buckets)
		return
	}
	if len(h.Buckets) != len(other.Buckets) {
		panic("histograms with different buckets")
	}
	for i, bucket := range other.Buckets {
		if h.Buckets[i].UpTo != bucket.UpTo {
			panic("histograms with different buckets")
		}
		h.Buckets[i].Count += bucket.Count
	}
}

// Quantile estimates a quantile as Prometheus' histogram_quantile does. Values are taken to be spread evenly within their bucket.
// What lies above the last finite bound counts as that bound. It is NaN for an empty histogram.
func (h Histogram) Quantile(q float64) float64 {
	if h.Count == 0 || len(h.Buckets) == 0 {
		return math.NaN()
	}
	rank := q * h.Count
	lower, below := 0.0, 0.0
	for _, bucket := range h.Buckets {
		switch {
		case bucket.Count < rank || bucket.Count == below:
			lower, below = bucket.UpTo, bucket.Count
		case math.IsInf(bucket.UpTo, 1):
			return lower
		default:
			return lower + (bucket.UpTo-lower)*(rank-below)/(bucket.Count-below)
		}
	}
	return lower
}
