// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Batch is what was read out of one ptrace.Traces, with the memory that reading and relating its spans needs. It is meant
// to be used again: see Reset.
type Batch struct {
	llm.Batch
	scratch
	evidence
	forest *correlate.Forest
}

// scratch is the reader's.
type scratch struct {
	found  spanValues
	memo   memos
	scopes map[string]*scope
	// dimensions and numbers hold the values that the user asked for of all requests.
	dimensions []attr.Value
	numbers    []float64
}

// evidence is what spans show of their relations to each other.
type evidence struct {
	// described are the requests, in their order, with what their spans show.
	described  []correlate.Request
	stages     []correlate.Stage
	connectors []correlate.Connector
}

// maxScopes bounds the scope names that a batch remembers.
const maxScopes = 256

// Continues reports whether a request, by its index, is a further part of one that was counted from another batch, so that its
// own tokens are in no metric yet: a later output of an engine's request, or the log that ends a stream.
func (b *Batch) Continues(index int) bool { return b.described[index].Continues() }

// Reset makes the batch ready for other traces and lets go of all strings.
func (b *Batch) Reset() {
	b.Batch.Reset()
	clear(b.described)
	clear(b.dimensions)
	clear(b.connectors)
	b.dimensions, b.numbers = b.dimensions[:0], b.numbers[:0]
	b.described, b.stages, b.connectors = b.described[:0], b.stages[:0], b.connectors[:0]
	b.found.forget()
}

// add returns one more request to fill in, which is all zero.
func (b *Batch) add() *correlate.Request {
	n := len(b.Requests)
	if n < cap(b.Requests) && n < cap(b.described) {
		// Reset cleared both.
		b.Requests, b.described = b.Requests[:n+1], b.described[:n+1]
		b.described[n].Request = &b.Requests[n]
		return &b.described[n]
	}
	b.Requests, b.described = append(b.Requests, llm.Request{}), append(b.described, correlate.Request{})
	for i := range b.described {
		b.described[i].Request = &b.Requests[i]
	}
	return &b.described[n]
}

// addResource keeps a resource's identifying values and returns its index.
func (b *Batch) addResource(resource pcommon.Map, keys *keyIndex, limit int) int32 {
	index := int32(len(b.Resources) / max(b.Stride, 1))
	from := len(b.Resources)
	for range b.Stride {
		b.Resources = append(b.Resources, attr.Value{})
	}
	values := b.Resources[from:]
	for k, v := range resource.All() {
		if i, ok := keys.find(k); ok && values[i].IsAbsent() {
			values[i] = attr.From(v, limit) // of a key that comes twice the first counts, as on spans
		}
	}
	return index
}
