// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"hash/maphash"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

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

// addBetween adds the spans to a batch that lie between requests: those of traces with requests, here or held from before, that were
// not added for what they carry.
func (r *Reader) addBetween(traces ptrace.Traces, b *Batch) {
	if b.Spans == len(b.Described)+len(b.Connectors) {
		return
	}
	b.traces.of(b.Described)
	requests, connectors := b.Described, b.Connectors
	number, last, held := int32(0), pcommon.TraceID{}, false
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				at := number
				number++
				switch {
				case len(requests) > 0 && requests[0].Span == at:
					requests = requests[1:]
					continue
				case len(connectors) > 0 && connectors[0].Number == at:
					connectors = connectors[1:]
					continue
				}
				if trace := span.TraceID(); trace != last {
					last, held = trace, *b.traces.slot(trace, b.Described) != 0 || r.options.Holds(trace)
				}
				if held && !last.IsEmpty() {
					b.Connectors = append(b.Connectors, correlate.Connector{
						Trace: last, Span: span.SpanID(), Parent: span.ParentSpanID(), Bare: true, Hop: correlate.HopOf(span), Number: at,
					})
				}
			}
		}
	}
}
