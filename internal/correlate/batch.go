// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Batch is requests with what their spans show of their relations to each other.
type Batch struct {
	llm.Batch
	// Described are the requests, in their order.
	Described []Request
	// Connectors and Stages are other spans of their traces.
	Connectors []Connector
	Stages     []Stage
	// Ordinary are spans that are none of these. Of their traces there may be requests, here or in another batch.
	Ordinary []Ordinary
}

// Ordinary is a span of no LLM application, which only leads from one span to another.
type Ordinary struct {
	Trace        pcommon.TraceID
	Span, Parent pcommon.SpanID
	// Hop is how the span came into its process.
	Hop Hop
}

// Add returns one more request to fill in, which is all zero.
func (b *Batch) Add() *Request {
	n := len(b.Requests)
	if n < cap(b.Requests) && n < cap(b.Described) {
		// Reset cleared both.
		b.Requests, b.Described = b.Requests[:n+1], b.Described[:n+1]
		b.Described[n].Request = &b.Requests[n]
		return &b.Described[n]
	}
	b.Requests, b.Described = append(b.Requests, llm.Request{}), append(b.Described, Request{})
	for i := range b.Described {
		b.Described[i].Request = &b.Requests[i]
	}
	return &b.Described[n]
}

// Continues reports whether a request, by its index, is a further part of one that was counted from another batch. It is a
// later output of an engine's request, or the log that ends a stream. Its own tokens are in no metric yet.
func (b *Batch) Continues(index int) bool { return b.Described[index].Continues() }

// Reset makes the batch ready for other requests and lets go of all strings.
func (b *Batch) Reset() {
	b.Batch.Reset()
	clear(b.Described)
	clear(b.Connectors)
	b.Described, b.Connectors, b.Stages, b.Ordinary = b.Described[:0], b.Connectors[:0], b.Stages[:0], b.Ordinary[:0]
}
