// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
)

// Batch is what was read out of one ptrace.Traces, with the memory that reading and relating its spans needs. It is meant
// to be used again: see Reset.
type Batch struct {
	correlate.Batch
	// Signal is what the requests were read from, and Events what log events say beside them.
	Signal llm.Signal
	Events logreader.Events
	scratch
	forest *correlate.Forest
	// raw are the requests as they were read. It is kept if they were related for those who want to know before they are counted.
	raw rawRequests
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

// scope is what is known of an instrumentation scope.
type scope struct {
	name     string
	emitter  int16 // the index of its family, or -1
	excluded bool
	// keys are the attribute keys that its spans usually have.
	keys keyCache
	// llmOnly is set if the last of its spans had a key that only LLM emitters write.
	llmOnly bool
	own     ownKeys
	// before is the version from which on the scope's spans are those of later; empty where there is no such.
	before string
	later  *scope
}

// rawRequests are copies of requests.
type rawRequests struct {
	correlate.Batch
	dimensions []attr.Value
	numbers    []float64
}

// maxScopes bounds the scope names that a batch remembers.
const maxScopes = 256

// NewBatch returns an empty batch for the reader.
func (r *Reader) NewBatch() *Batch {
	b := &Batch{scratch: scratch{scopes: map[string]*scope{}}, forest: correlate.NewForest()}
	b.Stride = len(r.resource.keys)
	b.found.memo = &b.memo
	return b
}

// Reset makes the batch ready for other traces and lets go of all strings.
func (b *Batch) Reset() {
	b.Batch.Reset()
	b.Signal, b.Events = llm.Spans, logreader.Events{}
	clear(b.dimensions)
	b.dimensions, b.numbers = b.dimensions[:0], b.numbers[:0]
	b.found.forget()
	b.raw.reset()
}

func (r *rawRequests) reset() {
	clear(r.Requests)
	clear(r.Described)
	clear(r.dimensions)
	r.Batch = correlate.Batch{Batch: llm.Batch{Requests: r.Requests[:0]}, Described: r.Described[:0]}
	r.dimensions, r.numbers = r.dimensions[:0], r.numbers[:0]
}

// Raw returns the requests as they were read.
func (b *Batch) Raw() *correlate.Batch {
	if len(b.raw.Described) > 0 {
		return &b.raw.Batch
	}
	return &b.Batch
}

// keepRaw copies the requests as they were read: those that are related are changed.
func (b *Batch) keepRaw() {
	raw := &b.raw
	for i := range b.Described {
		q := raw.Add()
		request := q.Request
		*request = b.Requests[i]
		*q = b.Described[i]
		q.Request = request
		from := len(raw.dimensions)
		raw.dimensions = append(raw.dimensions, q.Dimensions...)
		q.Dimensions = raw.dimensions[from:len(raw.dimensions):len(raw.dimensions)]
		from = len(raw.numbers)
		raw.numbers = append(raw.numbers, q.UserNumbers...)
		q.UserNumbers = raw.numbers[from:len(raw.numbers):len(raw.numbers)]
	}
	raw.Resources, raw.Stride, raw.Finishes, raw.Gaps, raw.ModalityTokens = b.Resources, b.Stride, b.Finishes, b.Gaps, b.ModalityTokens
	raw.Connectors, raw.Stages, raw.Ordinary = b.Connectors, b.Stages, b.Ordinary
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
