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
	// positive, or they are too far apart.
	halves []half
	from   uint64
}

// half is the bounds in one half power of two, on half a cache line.
type half struct {
	// ends are the bits of the bounds and of some infinities. The bits of positive numbers are in the order of the numbers.
	ends [boundsOfHalf]uint64
	// first is the first bucket that values of the half belong to, or unknown.
	first int
}

const (
	// halfPower is what the bits of a positive number are shifted by to count half powers of two.
	halfPower = 51
	// boundsOfHalf is the number of bounds in a half power of two, at most. Beyond, a search takes as long.
	boundsOfHalf = 3
	// maxHalves bounds the memory of an index.
	maxHalves = 256
	// unknown is the first bucket of a half that does not know its bounds.
	unknown = -1 - boundsOfHalf
)

func newBucketIndex(bounds []float64) *bucketIndex {
	b := &bucketIndex{bounds: bounds}
	if len(bounds) == 0 || !(bounds[0] > 0) {
		return b
	}
	b.from = halfPowerOf(bounds[0])
	if halfPowerOf(bounds[len(bounds)-1])-b.from >= maxHalves {
		return b
	}
	for i, bound := range bounds {
		for b.from+uint64(len(b.halves)) <= halfPowerOf(bound) {
			b.halves = append(b.halves, newHalf(i))
		}
		b.halves[len(b.halves)-1].add(i, bound)
	}
	return b
}

func newHalf(first int) half {
	h := half{first: first}
	for i := range h.ends {
		h.ends[i] = math.Float64bits(math.Inf(1))
	}
	return h
}

// add adds the bound with an index.
func (h *half) add(index int, bound float64) {
	if h.first == unknown || index-h.first == boundsOfHalf {
		h.first = unknown
		return
	}
	h.ends[index-h.first] = math.Float64bits(bound)
}

func halfPowerOf(value float64) uint64 { return math.Float64bits(value) >> halfPower }

// near returns the bucket of a value: the first whose upper bound is not below it. It returns less than zero where only a search
// finds that. It is short enough to need no call.
func (b *bucketIndex) near(value float64) int {
	bits := math.Float64bits(value)
	at := bits>>halfPower - b.from
	if at >= uint64(len(b.halves)) {
		return unknown
	}
	h := &b.halves[at]
	// A difference is negative if the value is beyond the bound. So there is no branch.
	return h.first + int((h.ends[0]-bits)>>63+(h.ends[1]-bits)>>63+(h.ends[2]-bits)>>63)
}

// search returns the bucket of any value among any bounds.
func (b *bucketIndex) search(value float64) int {
	if len(b.bounds) == 0 || value <= b.bounds[0] {
		return 0
	}
	at, _ := slices.BinarySearch(b.bounds, value)
	return at
}
