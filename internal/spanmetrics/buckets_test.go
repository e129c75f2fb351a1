// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBucketOfAnyValue checks the buckets of all instruments, and of bounds that users may set, against their definition.
func TestBucketOfAnyValue(t *testing.T) {
	lists := [][]float64{
		nil,
		{1},
		{-1, 0, 1},
		{0, 1, 2},
		{math.SmallestNonzeroFloat64, 1},
		{1e-300, 1e300},
		{math.MaxFloat64},
		{1, 1.1, 1.2, 1.3},
		{1, 1.1, 1.2, 1.3, 1.4, 1.45},
		{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
		{1, math.Nextafter(1, 2)},
	}
	for _, profile := range []Profile{V141, Development} {
		for _, in := range Catalogue(profile) {
			lists = append(lists, in.Bounds)
		}
	}
	r, found := rand.New(rand.NewPCG(1, 2)), 0
	for _, bounds := range lists {
		values := []float64{0, math.Copysign(0, -1), -1, math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, math.MaxFloat64}
		for _, bound := range bounds {
			values = append(values, bound, math.Nextafter(bound, math.Inf(1)), math.Nextafter(bound, math.Inf(-1)), bound*r.Float64(), bound*2)
		}
		for range 1000 {
			values = append(values, math.Exp(10*r.NormFloat64()))
		}
		index := newBucketIndex(bounds)
		for _, value := range values {
			want := slices.IndexFunc(bounds, func(bound float64) bool { return bound >= value })
			if want < 0 {
				want = len(bounds)
			}
			assert.Equal(t, want, index.search(value), fmt.Sprint(value, " among ", bounds))
			if near := index.near(value); near >= 0 {
				assert.Equal(t, want, near, fmt.Sprint(value, " near ", bounds))
				found++
			}
		}
	}
	assert.Greater(t, found, 10_000, "most are found without a search")
}
