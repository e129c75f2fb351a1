// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
)

// memo remembers where the requests of each kind are counted. So most requests that waited need neither the values of their
// dimensions nor hashes of these. Its user locks it.
//
//	kind ──► generations                     the generation of what is remembered
//	     └─► known  | group 0 | group 1 | …  ──► record, list of steps
type memo struct {
	groups      int
	generations []uint32
	known       []known
	lists       stepLists
}

// known is where the requests of a kind are counted in a group.
type known struct {
	// record is nil if it is not known.
	record *record
	list   *stepList
}

func newMemo(p *plan) memo { return memo{groups: len(p.groups)} }

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
		clear(all)
	}
	return all
}

// grow makes room for a number of kinds.
func (m *memo) grow(kinds int) {
	m.generations = append(m.generations, make([]uint32, kinds-len(m.generations))...)
	m.known = append(m.known, make([]known, kinds*m.groups-len(m.known))...)
}
