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

// buckets counts in 32 bits, which is half the memory of 64, and carries over when one is full.
type buckets struct {
	low  []uint32
	high []uint32 // nil until the first carry
}

func (b *buckets) add(i int, n uint64) {
	sum := uint64(b.low[i]) + n
	b.low[i] = uint32(sum)
	if carry := sum >> 32; carry != 0 {
		if b.high == nil {
			b.high = make([]uint32, len(b.low))
		}
		b.high[i] += uint32(carry)
	}
}

func (b *buckets) count(i int) uint64 {
	n := uint64(b.low[i])
	if b.high != nil {
		n |= uint64(b.high[i]) << 32
	}
	return n
}
