// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// spell is the time that requests took.
type spell struct {
	start, end pcommon.Timestamp
	weight     uint64
}

// maxSpells bounds the spells that are kept of one series.
const maxSpells = 256

// spells are those since the last collection. Of more than maxSpells those that ended first are let go of. So the maximum may
// be too low where more than half as many requests run at the same time.
type spells struct {
	list []spell
	// most is the most that ran at the same time among those that are gone.
	most uint64
}

func (s *spells) add(one spell) {
	if len(s.list) == maxSpells {
		s.most = max(s.most, together(s.list))
		slices.SortFunc(s.list, func(a, b spell) int { return cmp.Compare(a.end, b.end) })
		s.list = append(s.list[:0], s.list[maxSpells/2:]...)
	}
	s.list = append(s.list, one)
}

// take returns the most requests that ran at the same time, and forgets all.
func (s *spells) take() uint64 {
	most := max(s.most, together(s.list))
	s.list, s.most = s.list[:0], 0
	return most
}

// together returns the most requests, of up to maxSpells spells, that ran at the same time.
func together(list []spell) (most uint64) {
	type edge struct {
		at     pcommon.Timestamp
		change int64
	}
	var room [2 * maxSpells]edge
	edges := room[:0]
	for _, s := range list {
		edges = append(edges, edge{s.start, int64(s.weight)}, edge{s.end, -int64(s.weight)})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.change, b.change)) })
	running := int64(0)
	for _, e := range edges {
		running += e.change
		most = max(most, uint64(running))
	}
	return most
}
