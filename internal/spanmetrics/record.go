package spanmetrics

import (
	"math"
	"slices"
	"sync"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
)

// record is one dimension set: one combination of the common dimensions' values within a resource and
// layer, with all metrics of its requests.
type record struct {
	hash     uint64
	next     *record // the next one of the same hash
	resource *resource
	layer    inference.Layer
	// overflow records stand for the sets beyond a limit; they have no common values.
	overflow bool
	common   []*attr.Value
	cells    []*cell
	// sets is the number of dimension sets that the record takes of the limit.
	sets int64
	seen time.Time
	// rest is what the weights of sampled requests had beyond whole numbers; it is carried on, so that
	// totals are exact in the long run.
	rest float64
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

// identity is what tells records apart.
type identity struct {
	hash     uint64
	resource *resource
	layer    inference.Layer
	overflow bool
	common   []attr.Value // nil for overflow
}

func (r *record) is(id *identity) bool {
	return r.resource == id.resource && r.layer == id.layer && r.overflow == id.overflow &&
		slices.EqualFunc(r.common, id.common, func(p *attr.Value, v attr.Value) bool { return *p == v })
}

// find returns the cell of a facet with those extra values, or nil. It looks first where the facet's
// only cell usually is.
func (r *record) find(position int, f *facet, hash uint64, values []attr.Value) *cell {
	for i := range r.cells {
		c := r.cells[(position+i)%len(r.cells)]
		if c.hash != hash || c.facet != f {
			continue
		}
		equal := true
		for j, e := range f.extras {
			equal = equal && *c.extras[j] == values[e]
		}
		if equal {
			return c
		}
	}
	return nil
}

// shard is a part of the records under one lock.
type shard struct {
	mu      sync.Mutex
	records map[uint64]*record
	_       [48]byte // keeps the locks of two shards off one cache line
}

func (s *shard) find(id *identity) *record {
	for r := s.records[id.hash]; r != nil; r = r.next {
		if r.is(id) {
			return r
		}
	}
	return nil
}

func (s *shard) add(r *record) {
	r.next = s.records[r.hash]
	s.records[r.hash] = r
}

func (s *shard) remove(gone *record) {
	head := s.records[gone.hash]
	if head == gone {
		if gone.next == nil {
			delete(s.records, gone.hash)
		} else {
			s.records[gone.hash] = gone.next
		}
		return
	}
	for r := head; r != nil; r = r.next {
		if r.next == gone {
			r.next = gone.next
			return
		}
	}
}
