// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// wants reports whether an observation has a value for one of the group's series.
func (g *group) wants(l llm.Layer, o *sample) bool {
	for i := range g.layers[l] {
		if g.layers[l][i].wants(o) {
			return true
		}
	}
	return false
}

// of returns the values that identify a group's record, and their hashes. Those of the first group are the first of
// all columns.
func (s *scratch) of(index int, g *group) (base []attr.Value, hashes []uint64) {
	n := len(g.columns)
	if index == 0 {
		return s.values[:n], s.hashes[:n]
	}
	for i, column := range g.columns {
		s.base[i], s.baseHashes[i] = s.values[column], s.hashes[column]
	}
	return s.base[:n], s.baseHashes[:n]
}
