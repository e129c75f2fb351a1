// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"math"
	"slices"
)

// bucketIndex finds the bucket of a value by its exponent. Values differ, so that a search among bounds mostly goes a way that
// the processor did not foresee. That takes a twentieth of a request's time.
type bucketIndex struct {
	// bounds are the upper bounds, in rising order.
	bounds []float64
	// first are the first buckets of each half power of two. They go from the half of the first bound on to the one after the
	// last bound's. It is nil if a bound is not positive, or too many are in one half.
	first []uint16
	from  uint64
	// ends are the bits of the bounds and of some infinities. The bits of positive numbers are in the order of the numbers.
	ends []uint64
	// steps is how many bounds are in one half power of two, at most.
	steps int
}

const (
	// halfPower is what the bits of a positive number are shifted by to count half powers of two.
	halfPower = 51
	// maxBucketSteps bounds the bounds in a half power of two. Beyond, a search takes as long.
	maxBucketSteps = 4
)

func newBucketIndex(bounds []float64) bucketIndex {
	b := bucketIndex{bounds: bounds}
	if len(bounds) == 0 || len(bounds) > math.MaxUint16 || !(bounds[0] > 0) {
		return b
	}
	for _, bound := range bounds {
		b.ends = append(b.ends, math.Float64bits(bound))
	}
	b.from = b.ends[0] >> halfPower
	for half, at := b.from, 0; half <= b.ends[len(bounds)-1]>>halfPower+1; half++ {
		b.first = append(b.first, uint16(at))
		inHalf := 0
		for at < len(bounds) && b.ends[at]>>halfPower == half {
			at, inHalf = at+1, inHalf+1
		}
		b.steps = max(b.steps, inHalf)
	}
	if b.steps > maxBucketSteps {
		return bucketIndex{bounds: bounds}
	}
	for range b.steps {
		b.ends = append(b.ends, math.Float64bits(math.Inf(1)))
	}
	return b
}

// of returns the index of the bucket of a value: the first whose upper bound is not below it.
func (b *bucketIndex) of(value float64) int {
	if b.first == nil || !(value > 0) {
		at, _ := slices.BinarySearch(b.bounds, value)
		return at
	}
	bits := math.Float64bits(value)
	half := max(bits>>halfPower, b.from) - b.from
	at := int(b.first[min(half, uint64(len(b.first)-1))])
	for _, end := range b.ends[at : at+b.steps] {
		at += int((end - bits) >> 63) // 1 if the value is beyond the bound, without a branch
	}
	return at
}
