// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/lightstep/go-expohisto/structure"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// numbers are what a cell holds.
type numbers struct {
	*cell
	facet  *facet
	series []series
	// low are the lower halves of the counts of the explicit buckets of all series, one after the other.
	low []uint32
}

// numbers returns what a cell of the record holds.
func (r *record) numbers(c *cell, f *facet) numbers {
	return numbers{
		cell: c, facet: f,
		series: r.series[c.series : int(c.series)+len(f.series)],
		low:    r.low[c.buckets : int(c.buckets)+f.buckets],
	}
}

// noNumbers returns those of a cell that was never observed.
func noNumbers(f *facet) numbers {
	return numbers{cell: &cell{}, facet: f, series: make([]series, len(f.series)), low: make([]uint32, f.buckets)}
}

// extras returns the extra values of a cell, in the order of facet.extras.
func (r *record) extras(c *cell, f *facet) []*attr.Value {
	return r.values[c.values : int(c.values)+len(f.extras)]
}

// exponential returns the exponential histogram of a series.
func (n *numbers) exponential(index, maxBuckets int) *structure.Float64 {
	r := n.rarely()
	if r.exponential == nil {
		r.exponential = make([]*structure.Float64, len(n.series))
	}
	if r.exponential[index] == nil {
		r.exponential[index] = structure.NewFloat64(structure.NewConfig(structure.WithMaxSize(int32(maxBuckets))))
	}
	return r.exponential[index]
}

// show notes that a collection hands a series out, and reports whether none did before.
func (n *numbers) show(index int) (first bool) {
	r := n.rarely()
	if r.shown == nil {
		r.shown = make([]bool, len(n.series))
	}
	first = !r.shown[index]
	r.shown[index] = true
	return first
}

// empty makes the numbers as they were before the first observation, but for gauges.
func (n *numbers) empty() {
	if n.facet.gauges {
		n.emptyOthers()
	} else {
		clear(n.series)
	}
	clear(n.low)
	if n.rare == nil {
		return
	}
	n.rare.high = nil
	for _, h := range n.rare.exponential {
		if h != nil {
			h.Clear()
		}
	}
}

// emptyOthers clears the series that are no gauges.
func (n *numbers) emptyOthers() {
	for i := range n.series {
		if n.facet.series[i].kind != Gauge {
			n.series[i] = series{}
		}
	}
}

// count adds to the lower half of a count, and returns what it carries over. Counts have 32 bits, which is half the memory of 64,
// until one carries over:
//
//	 63                    32 31                     0
//	+------------------------+------------------------+
//	| rare.high, absent at 0 |       record.low       |
//	+------------------------+------------------------+
func count(low *uint32, weight uint64) (carry uint32) {
	sum := uint64(*low) + weight
	*low = uint32(sum)
	return uint32(sum >> 32)
}

// carry adds to the upper half of the count of an explicit bucket.
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
