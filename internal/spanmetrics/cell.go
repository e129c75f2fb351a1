package spanmetrics

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
)

// cell holds the numbers of one facet of a record for one set of extra values.
type cell struct {
	hash   uint64
	facet  *facet
	extras []*attr.Value // in the order of facet.extras
	series []series
	// buckets are those of all series of the cell, one after the other.
	buckets buckets
}

// series is the running total of one metric.
type series struct {
	// start lies just before the first observation; 0 means that there was none.
	start pcommon.Timestamp
	sum   float64
}

// newCell returns an empty cell. It owns extras.
func newCell(f *facet, hash uint64, extras []*attr.Value) *cell {
	return &cell{
		hash: hash, facet: f, extras: extras,
		series:  make([]series, len(f.series)),
		buckets: buckets{low: make([]uint32, f.buckets)},
	}
}

// observe adds one request.
func (c *cell) observe(m *measurements, q *inference.Request, before pcommon.Timestamp) {
	for i := range c.facet.series {
		plan := &c.facet.series[i]
		value := m[plan.measure]
		if value < 0 || !plan.when.holds(q) {
			continue
		}
		s := &c.series[i]
		if s.start == 0 {
			s.start = before
		}
		s.sum += value
		if plan.bounds != nil {
			c.buckets.add(plan.first + bucketOf(plan.bounds, value))
		}
	}
}

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

func (b *buckets) add(i int) {
	if b.low[i] == math.MaxUint32 {
		if b.high == nil {
			b.high = make([]uint32, len(b.low))
		}
		b.high[i]++
	}
	b.low[i]++
}

func (b *buckets) count(i int) uint64 {
	n := uint64(b.low[i])
	if b.high != nil {
		n |= uint64(b.high[i]) << 32
	}
	return n
}
