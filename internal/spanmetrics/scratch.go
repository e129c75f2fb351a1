// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// scratch is what a commit needs beside the batch.
type scratch struct {
	sample sample
	// now is the time of the commit, in Unix nanoseconds.
	now int64
	// before is the start time of series that the observation is the first of.
	before pcommon.Timestamp
	// values are those of all columns for a request; hashes those of the keyed ones.
	values []attr.Value
	hashes []uint64
	// base and baseHashes are those of the columns of a group other than the first.
	base       []attr.Value
	baseHashes []uint64
	// found are the resources of the batch, by index and tier.
	found [][2]*resource
	key   []attr.Value
	held  []*attr.Value
	// learnt are the cells that the observation showed of its kind.
	learnt []cellOf
	// instead are the extra values of a cell after those that a limit refused were replaced.
	instead []attr.Value
}

func newScratch(p *plan, resourceKeys int) *scratch {
	return &scratch{
		values:     make([]attr.Value, len(p.columns)),
		hashes:     make([]uint64, p.keyed),
		base:       make([]attr.Value, p.keyed),
		baseHashes: make([]uint64, p.keyed),
		key:        make([]attr.Value, resourceKeys),
		held:       make([]*attr.Value, 0, len(p.columns)),
		instead:    make([]attr.Value, len(p.columns)),
	}
}

// begin prepares a commit.
func (s *scratch) begin(now time.Time) {
	s.now = now.UnixNano()
	s.before = pcommon.Timestamp(s.now - startsBefore.Nanoseconds())
}

func (s *scratch) reset() {
	s.sample.about, s.sample.stand, s.sample.example = nil, llm.Request{}, nil
	clear(s.values)
	clear(s.base)
	clear(s.key)
	clear(s.instead)
	clear(s.found)
	s.found = s.found[:0]
}

// startsBefore is how far a series' start lies before its first observation.
const startsBefore = time.Millisecond
