// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
)

// memo remembers where the requests of each kind are counted. So most requests that waited need neither the values of their
// dimensions nor hashes of these. Its user locks it.
//
//	kind ──► generations                     the generation of what is remembered
//	     └─► known  | group 0 | group 1 | …  ──► cells | facet 0 | facet 1 | …
type memo struct {
	groups, facets int
	generations    []uint32
	known          []known
	cells          []int32
}

// known is where the requests of a kind are counted in a group.
type known struct {
	// record is nil if it is not known.
	record *record
	// cells are the positions of the cells of each facet, plus one; 0 where it is not known, or notOfKind.
	cells []int32
}

// notOfKind stands for facets that requests of a kind never belong to, since they do not meet their conditions.
const notOfKind = -1

func newMemo(p *plan) memo {
	m := memo{groups: len(p.groups)}
	for i := range p.groups {
		for _, facets := range p.groups[i].layers {
			m.facets = max(m.facets, len(facets))
		}
	}
	return m
}

// of returns what is known of a kind, nil for no kind. It is valid until the next call.
func (m *memo) of(kind settling.Kind) []known {
	if kind == (settling.Kind{}) {
		return nil
	}
	if int(kind.Number) >= len(m.generations) {
		m.grow(2 * (int(kind.Number) + 1))
	}
	from := int(kind.Number) * m.groups
	all := m.known[from : from+m.groups : from+m.groups]
	if m.generations[kind.Number] != kind.Generation {
		m.generations[kind.Number] = kind.Generation
		for i := range all {
			all[i].set(nil)
		}
	}
	return all
}

// grow makes room for a number of kinds.
func (m *memo) grow(kinds int) {
	m.generations = append(m.generations, make([]uint32, kinds-len(m.generations))...)
	m.known = append(m.known, make([]known, kinds*m.groups-len(m.known))...)
	m.cells = make([]int32, len(m.known)*m.facets)
	for i := range m.known {
		cells := m.cells[i*m.facets : (i+1)*m.facets]
		copy(cells, m.known[i].cells)
		m.known[i].cells = cells
	}
}

// set makes a record the known one.
func (k *known) set(r *record) {
	k.record = r
	clear(k.cells)
}
