// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"cmp"
	"sync"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// overflowValue replaces the values of a dimension beyond its limit.
const overflowValue = "otel.overflow"

// values keeps each value of each dimension once, counts its users, and refuses new ones beyond a
// limit. It is used only when a set of values is met for the first time or forgotten.
type values struct {
	limits   []int // by dimension
	overflow attr.Value

	mu sync.Mutex
	// dimensions have their values by text, since backends show the number 1 and the text "1" as one.
	dimensions []map[string]*held
	// owned counts, per dimension, the values that each resource was the first to have.
	owned []map[*resource]int
	// refused counts, per dimension, the requests whose value was replaced.
	refused []uint64
}

// sharePart is the part of a dimension's limit that each resource can have beyond it. So a noisy one that fills the dimension
// leaves the others theirs.
const sharePart = 25

// held is a value in use. The value comes first, so that a pointer to it is one to the held.
type held struct {
	value attr.Value
	users int
	owner *resource
}

func newValues(dimensions []Dimension, limit int) *values {
	v := &values{
		limits:     make([]int, len(dimensions)),
		overflow:   attr.Text(overflowValue),
		dimensions: make([]map[string]*held, len(dimensions)),
		owned:      make([]map[*resource]int, len(dimensions)),
		refused:    make([]uint64, len(dimensions)),
	}
	for i := range dimensions {
		v.limits[i] = cmp.Or(dimensions[i].Max, limit)
		v.dimensions[i], v.owned[i] = map[string]*held{}, map[*resource]int{}
	}
	return v
}

// hold returns the kept form of a value of a resource and counts one more user of it. It is false if the dimension has its full
// number of values and the resource its share. An unlimited dimension holds any number. The kept form is of another
// type where that came first.
func (v *values) hold(dimension int, value attr.Value, unlimited bool, of *resource) (*attr.Value, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if value == v.overflow || value.IsAbsent() {
		unlimited = true
	}
	kept := v.dimensions[dimension]
	h := find(kept, value)
	if h == nil {
		limit, owned := v.limits[dimension], v.owned[dimension]
		if !unlimited && len(kept) >= limit && owned[of] >= limit/sharePart {
			v.refused[dimension]++
			return nil, false
		}
		h = &held{value: value.Clone(), owner: of}
		owned[of]++
		kept[h.value.Text()] = h
	}
	h.users++
	return &h.value, true
}

// release counts one user less of a value that hold returned.
func (v *values) release(dimension int, value attr.Value) {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept := v.dimensions[dimension]
	if h := find(kept, value); h != nil {
		h.users--
		if h.users == 0 {
			delete(kept, value.Text())
			owned := v.owned[dimension]
			owned[h.owner]--
			if owned[h.owner] == 0 {
				delete(owned, h.owner)
			}
		}
	}
}

// find returns the kept value with the text of a value, without allocating the text of a number.
func find(kept map[string]*held, value attr.Value) *held {
	if text, ok := value.Str(); ok {
		return kept[text]
	}
	var room [32]byte // enough for any number
	return kept[string(value.Append(room[:0]))]
}
