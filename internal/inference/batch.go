// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Batch is what was read out of one ptrace.Traces, with the memory that reading and relating its spans needs. It is meant
// to be used again: see Reset.
type Batch struct {
	llm.Batch
	scratch
	evidence
	resolve resolver
}

// scratch is the reader's.
type scratch struct {
	found  found
	memo   memos
	scopes map[string]*scope
	// dimensions and numbers hold the values that the user asked for of all requests.
	dimensions []attr.Value
	numbers    []float64
}

// evidence is what spans show of their relations to each other.
type evidence struct {
	// nodes are the requests, in their order.
	nodes []node
	parts []part
	links []link
	walls []spanKey
}

// node is a request with what its span shows of its relations to others, and what was found of them.
type node struct {
	*llm.Request

	// call is the id that all attempts of the request share, if the emitter tells one.
	call string
	// scope is the name of the instrumentation scope.
	scope string
	// queueBegan is when the request began to wait, if only that is known yet.
	queueBegan pcommon.Timestamp
	traits     dialect.Trait
	// tookOver tells that another engine's request, which has an id of its own, read the prompt.
	tookOver bool
	// ended tells that the span shows a mark of the response's end, or of an error.
	ended bool

	// kin are further spans of the trace that matter to what comes in other batches, nil if there are none.
	kin *kin
	// beside are the scopes whose description of the request was merged into this one.
	beside [2]string
	// calls and answered are the numbers of calls inside a wrapper, all and those that did not fail.
	calls, answered int32
	// byAttempt tells that the outcome is that of an attempt, which a later one overrules.
	byAttempt bool
	// given tells that what a supplement says was given to a request, or was counted by itself before.
	given bool
}

// maxScopes bounds the scope names that a batch remembers.
const maxScopes = 256

// Continues reports whether a request, by its index, is a further part of one that was counted from another batch, so that its
// own tokens are in no metric yet: a later output of an engine's request, or the log that ends a stream.
func (b *Batch) Continues(index int) bool { return b.nodes[index].continues() }

// Reset makes the batch ready for other traces and lets go of all strings.
func (b *Batch) Reset() {
	b.Batch.Reset()
	clear(b.nodes)
	clear(b.dimensions)
	clear(b.links)
	b.dimensions, b.numbers = b.dimensions[:0], b.numbers[:0]
	b.nodes, b.parts, b.links, b.walls = b.nodes[:0], b.parts[:0], b.links[:0], b.walls[:0]
	b.found.forget()
}

// add returns one more request to fill in, which is all zero.
func (b *Batch) add() *node {
	n := len(b.Requests)
	if n < cap(b.Requests) && n < cap(b.nodes) {
		// Reset cleared both.
		b.Requests, b.nodes = b.Requests[:n+1], b.nodes[:n+1]
		b.nodes[n].Request = &b.Requests[n]
		return &b.nodes[n]
	}
	b.Requests, b.nodes = append(b.Requests, llm.Request{}), append(b.nodes, node{})
	for i := range b.nodes {
		b.nodes[i].Request = &b.Requests[i]
	}
	return &b.nodes[n]
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
