// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// addBetween adds the spans to a batch that lie between requests. They are of traces with requests, here or held from before, and
// were not added for what they carry.
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
