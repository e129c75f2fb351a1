// SPDX-License-Identifier: Apache-2.0

package spanmetrics

// bucketOf returns the index of the bucket of a value: the first whose upper bound is not below it.
func bucketOf(bounds []float64, value float64) int {
	low, high := 0, len(bounds)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if bounds[middle] < value {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// count adds to an explicit bucket. Counts have 32 bits, which is half the memory of 64, until one carries over:
//
//	 63                    32 31                     0
//	+------------------------+------------------------+
//	| rare.high, absent at 0 |       record.low       |
//	+------------------------+------------------------+
func (n *numbers) count(bucket int, weight uint64) {
	sum := uint64(n.low[bucket]) + weight
	n.low[bucket] = uint32(sum)
	if carry := sum >> 32; carry != 0 {
		n.carry(bucket, uint32(carry))
	}
}

func (n *numbers) carry(bucket int, carry uint32) {
	r := n.rarely()
	if r.high == nil {
		r.high = make([]uint32, len(n.low))
	}
	r.high[bucket] += carry
}

// counted returns the count of an explicit bucket.
func (n *numbers) counted(bucket int) uint64 {
	count := uint64(n.low[bucket])
	if n.rare != nil && n.rare.high != nil {
		count |= uint64(n.rare.high[bucket]) << 32
	}
	return count
}
