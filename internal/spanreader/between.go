// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
)

// addOrdinary adds a span to a batch that may lie between requests, here or held from before.
func (b *Batch) addOrdinary(span ptrace.Span) {
	b.Ordinary = append(b.Ordinary, correlate.Ordinary{
		Trace: span.TraceID(), Span: span.SpanID(), Parent: span.ParentSpanID(), Hop: correlate.HopOf(span),
	})
}

// dropOrdinary leaves out the ordinary spans of traces of which nothing is held. With requests in the batch that is known later.
func (r *Reader) dropOrdinary(b *Batch) {
	if len(b.Described)+len(b.Connectors) == 0 {
		b.Ordinary = slices.DeleteFunc(b.Ordinary, func(o correlate.Ordinary) bool { return !r.options.Holds(o.Trace) })
	}
}
