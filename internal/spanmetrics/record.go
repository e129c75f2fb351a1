// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"math"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// record is one dimension set: one combination of the values of a group's dimensions within a resource and layer. It has all
// metrics of its requests.
type record struct {
	hash     uint64
	next     *record // the next one of the same chain
	resource *resource
	// values are those that identify the record within its group, and after them the extra ones of each cell.
	values []*attr.Value
	// cells begin with one for each facet in most records; series and low are what they hold.
	cells  []cell
	series []series
	low    []uint32
	// start lies just before the first observation; seen is the time of the last, in Unix nanoseconds.
	start pcommon.Timestamp
	seen  int64
	// rest is what the weights of sampled requests had beyond whole numbers. It is carried on, so that totals are exact in the
	// long run. It begins at one half, so that they are rounded and not cut.
	rest float64
	// sets is the number of dimension sets that the record takes of the limit.
	sets  int32
	layer llm.Layer
	// overflow records stand for the sets beyond a limit; they have none of the values that identify records.
	overflow bool
	// group is the index of the record's group.
	group uint16
	// gone is set once the record was forgotten.
	gone bool
}

// weigh returns the whole number of requests that one request of that weight adds.
func (r *record) weigh(weight float64) uint64 {
	if weight == 1 {
		return 1
	}
	r.rest += weight
	whole := math.Floor(r.rest)
	r.rest -= whole
	return uint64(whole)
}

// identity is what identifies a record.
type identity struct {
	hash     uint64
	resource *resource
	layer    llm.Layer
	overflow bool
	// refused identities were changed to what the limits allow.
	refused bool
	group   uint16
	base    []attr.Value // nil for overflow
	// hashes are those of the base values.
	hashes []uint64
}

func (r *record) is(id *identity) bool {
	return r.resource == id.resource && r.layer == id.layer && r.overflow == id.overflow && r.group == id.group &&
		holds(r.values[:len(id.base)], id.base)
}

func holds(held []*attr.Value, values []attr.Value) bool {
	for i, h := range held {
		if *h != values[i] {
			return false
		}
	}
	return true
}

// base returns the values that identify the record, with their columns. Overflow records have none.
func (r *record) base(p *plan) (values []*attr.Value, columns []int) {
	if r.overflow {
		return nil, nil
	}
	columns = p.groups[r.group].columns
	return r.values[:len(columns)], columns
}

// facets returns what the record's cells are cells of.
func (p *plan) facets(r *record) []facet { return p.groups[r.group].layers[r.layer] }

// find returns the position of the cell of a facet with those extra values, or -1. It looks first where the cell
// probably is.
func (r *record) find(probably, index int, f *facet, values []attr.Value) int {
	if probably < len(r.cells) && r.cells[probably].holds(r, index, f, values) {
		return probably
	}
	for i := range r.cells {
		if r.cells[i].holds(r, index, f, values) {
			return i
		}
	}
	return -1
}

// holds reports whether the cell is that of a facet and extra values.
func (c *cell) holds(r *record, index int, f *facet, values []attr.Value) bool {
	if int(c.facet) != index {
		return false
	}
	held := r.values[c.values:]
	for i, e := range f.extras {
		if *held[i] != values[e] {
			return false
		}
	}
	return true
}

// add adds a cell for a facet and extra values, which it keeps, and returns its position.
func (r *record) add(index int, f *facet, extras []*attr.Value) int {
	r.cells = append(r.cells, cell{
		facet: uint32(index), values: uint32(len(r.values)), series: uint32(len(r.series)), buckets: uint32(len(r.low)),
	})
	r.values = append(r.values, extras...)
	r.series = extend(r.series, len(f.series))
	r.low = extend(r.low, f.buckets)
	return len(r.cells) - 1
}

// extend returns a slice that is longer by n, without room for more than that.
func extend[T any](s []T, n int) []T {
	if len(s)+n <= cap(s) {
		return s[:len(s)+n]
	}
	longer := make([]T, len(s)+n)
	copy(longer, s)
	return longer
}

// shard is a part of the records under one lock. It is a table of chains, which doubles when it has as many records as chains.
type shard struct {
	mu     sync.Mutex
	chains []*record
	count  int
	_      [24]byte // keeps the locks of two shards off one cache line
}

// minChains is the number of chains of an empty shard.
const minChains = 8

func (s *shard) chain(hash uint64) **record { return &s.chains[hash&uint64(len(s.chains)-1)] }

func (s *shard) find(id *identity) *record {
	for r := *s.chain(id.hash); r != nil; r = r.next {
		if r.hash == id.hash && r.is(id) {
			return r
		}
	}
	return nil
}

func (s *shard) add(r *record) {
	if s.count == len(s.chains) {
		s.grow()
	}
	s.count++
	s.prepend(r)
}

func (s *shard) prepend(r *record) {
	head := s.chain(r.hash)
	r.next, *head = *head, r
}

// grow doubles the table.
func (s *shard) grow() {
	old := s.chains
	s.chains = make([]*record, 2*len(old))
	for _, r := range old {
		for r != nil {
			next := r.next
			s.prepend(r)
			r = next
		}
	}
}

func (s *shard) remove(gone *record) {
	at := s.chain(gone.hash)
	for *at != gone {
		at = &(*at).next
	}
	*at = gone.next
	s.count--
}
