// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"hash/maphash"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// traceSet is a set of the traces of a batch's requests.
type traceSet struct {
	seed  maphash.Seed
	slots []int32 // a request of the trace plus one; 0 is free
}

// of makes the set that of some requests.
func (s *traceSet) of(requests []correlate.Request) {
	size := 16
	for size < 2*len(requests) {
		size *= 2
	}
	if cap(s.slots) < size {
		s.slots = make([]int32, size)
	}
	s.slots = s.slots[:size]
	clear(s.slots)
	for i := range requests {
		if slot := s.slot(requests[i].TraceID, requests); *slot == 0 {
			*slot = int32(i) + 1
		}
	}
}

func (s *traceSet) slot(trace pcommon.TraceID, requests []correlate.Request) *int32 {
	mask := uint64(len(s.slots) - 1)
	for at := maphash.Bytes(s.seed, trace[:]) & mask; ; at = (at + 1) & mask {
		if i := s.slots[at]; i == 0 || requests[i-1].TraceID == trace {
			return &s.slots[at]
		}
	}
}
