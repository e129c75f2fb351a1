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
	// halves are the half powers of two, from that of the first bound to that of the last. There are none if a bound is not
	// positive. Nor are there any if too many are in one half, or they are too far apart.
	halves []half
	from   uint64
}

// half is the bounds in one half power of two, on half a cache line.
type half struct {
	// ends are the bits of the bounds and of some infinities. The bits of positive numbers are in the order of the numbers.
	ends [boundsOfHalf]uint64
	// first is the first bucket that values of the half belong to.
	first int
}

const (
	// halfPower is what the bits of a positive number are shifted by to count half powers of two.
	halfPower = 51
	// boundsOfHalf is the number of bounds in a half power of two, at most. Beyond, a search takes as long.
	boundsOfHalf = 3
	// maxHalves bounds the memory of an index.
	maxHalves = 256
)

func newBucketIndex(bounds []float64) bucketIndex {
	none := bucketIndex{bounds: bounds}
	if len(bounds) == 0 || !(bounds[0] > 0) {
		return none
	}
	b := bucketIndex{bounds: bounds, from: math.Float64bits(bounds[0]) >> halfPower}
	to := math.Float64bits(bounds[len(bounds)-1]) >> halfPower
	if to-b.from >= maxHalves {
		return none
	}
	for at := 0; b.from+uint64(len(b.halves)) <= to; {
		h := half{first: at}
		for i := range h.ends {
			h.ends[i] = math.Float64bits(math.Inf(1))
		}
		for at < len(bounds) && math.Float64bits(bounds[at])>>halfPower == b.from+uint64(len(b.halves)) {
			if at-h.first == boundsOfHalf {
				return none
			}
			h.ends[at-h.first] = math.Float64bits(bounds[at])
			at++
		}
		b.halves = append(b.halves, h)
	}
	return b
}

// of returns the index of the bucket of a value: the first whose upper bound is not below it.
func (b *bucketIndex) of(value float64) int {
	bits := math.Float64bits(value)
	if at := bits>>halfPower - b.from; at < uint64(len(b.halves)) {
		h := &b.halves[at]
		// A difference is negative if the value is beyond the bound. So there is no branch.
		return h.first + int((h.ends[0]-bits)>>63+(h.ends[1]-bits)>>63+(h.ends[2]-bits)>>63)
	}
	return b.search(value)
}

// search returns the index for values beyond the bounds, too, and where there are no halves.
func (b *bucketIndex) search(value float64) int {
	if len(b.bounds) == 0 || value <= b.bounds[0] {
		return 0
	}
	at, _ := slices.BinarySearch(b.bounds, value)
	return at
}
