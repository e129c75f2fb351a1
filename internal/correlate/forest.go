// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"hash/maphash"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	// maxDepth bounds the way from a span to its ancestors; spans can form a circle.
	maxDepth = 64
	// maxGroup bounds the spans that are compared with each other.
	maxGroup = 512
)

// Forest relates the spans of one batch. Its memory is kept for the next batch.
//
//	traces  ──► tree: a run of members, the requests of the trace in the order of before
//	nodes   ──► up: the node of the parent          request: the node's request
//	members ──► above: the node of the request's parent
type Forest struct {
	seed   maphash.Seed
	secret uint64

	requests   []Request
	connectors []Connector
	// relation is the one that is applied.
	relation *relation

	// traces are the batch's traces with requests, connectors or stages; traceSlots finds them.
	traces     []trace
	traceSlots []int32
	// nodes are the spans of the traces that have a tree; nodeSlots finds them by trace and span.
	nodes     []node
	nodeSlots []int32
	// members are the requests of all trees, tree by tree. groups are the same, those side by side one after the other.
	members, groups []int32
	grouped         bool
	// above is the node of the parent of each request, or -1.
	above []int32
	// around is the span that each request lies in, beside others: its parent, or that of the wrappers around it.
	around []pcommon.SpanID
	// staged is the request that each stage is a time of, or -1.
	staged []int32
	// joined leads from each request to another one of its neighbourhood, or to itself.
	joined []int32
	// root is the request that each one was merged into as a description side by side, or itself.
	root []int32
	// order is the position of each request among the members.
	order []int32

	nested []nesting
	pairs  []pair
	// ordered are requests in the order of one relation.
	ordered []int32
	// polls are spans that ask for responses in the background. events are log events that may yield to spans.
	polls, events []int32
	ids           ids
	// ancestries are those of the batch's requests, which links lead to.
	ancestries []Ancestry
}

// relation is one way in which two spans describe one request. Its rows are all that is known of them.
type relation struct {
	name string
	// candidates joins pairs of requests, the likeliest first.
	candidates func(f *Forest)
	// relates reports whether two candidates describe one request.
	relates func(kept, other *Request) bool
	// prefers reports whether the other one is to be kept; nil keeps the first.
	prefers func(kept, other *Request) bool
	// rule is what becomes of the other one, unless it never counts anyway.
	rule llm.Rule
	// merge gives the request that is kept what the other one holds.
	merge func(kept, other *Request)
	// finish does what only all pairs together decide; nil does nothing.
	finish func(f *Forest)
}

// trace is a trace of the batch.
type trace struct {
	id pcommon.TraceID
	// from and to are the run of its members, if it has a tree.
	from, to int32
	// requests is the number of its requests.
	requests int32
	// tree is set if its spans have to be related. It has several requests, or a stage of one on another span.
	tree bool
	// connected is set if it has connectors.
	connected bool
}

// node is a span of a tree. It holds no pointers.
type node struct {
	span, parent pcommon.SpanID
	trace        int32
	up           int32 // the node of the parent, or -1
	request      int32 // or -1
	connector    int32 // or -1
	// below and next lead to the links below the node and beside it, or are -1.
	below, next int32
	// separates is set if the way up ends here. runs is set if the node is the run of an agent or a tool.
	separates, runs bool
	hop             Hop
	// link is set if the node is a connector, or a request around others: one lies within the other.
	link bool
}

// nesting is a request and one above it of its layer and class.
type nesting struct {
	inner, outer int32
	// only is set if the inner one is the call that the outer one describes, not one of several.
	only bool
}

// pair is two requests that may describe one call.
type pair struct {
	first, second int32
	// rank is the lower the likelier they do: of equals, it is the order in which they were found.
	rank uint64
}

// ids finds requests by their ids. They hold within their layer, and within their trace unless ids of their emitter have no
// equal.
type ids struct {
	slots []int32 // the first request of an id plus one; 0 is free
	// next leads to the next request of the same id, or is -1. kept is the one that counts, by the first.
	next, kept []int32
	// first are the first requests of ids that several have.
	first []int32
}

// NewForest returns an empty forest.
func NewForest() *Forest {
	f := &Forest{seed: maphash.MakeSeed()}
	f.secret = maphash.Bytes(f.seed, nil)
	return f
}

// sortTraces notes all traces and reports whether any has a tree. Traces without an id have none. Global is set if ids reach
// across traces.
func (f *Forest) sortTraces(stages []Stage) (trees, global bool) {
	f.traceSlots = cleared(f.traceSlots, 2*(len(f.requests)+len(f.connectors)))
	f.traces = f.traces[:0]
	for i := range f.requests {
		q := &f.requests[i]
		global = global || q.Traits.Has(emitter.GlobalIDs)
		if q.TraceID.IsEmpty() {
			continue
		}
		t := f.addTrace(q.TraceID)
		t.requests++
		if t.requests > 1 {
			t.tree, trees = true, true
		}
	}
	for i := range stages {
		if t := f.traceOf(stages[i].Trace); t >= 0 {
			f.traces[t].tree, trees = true, true
		}
	}
	for i := range f.connectors {
		if t := f.traceOf(f.connectors[i].Trace); t >= 0 {
			f.traces[t].connected = true
		}
	}
	return trees, global
}

// cleared returns a table of zeros with room for a number of entries. It uses the same memory if there is enough of it. A small
// batch after a large one clears no more than it uses.
func cleared(table []int32, entries int) []int32 {
	size := 16
	for size < entries {
		size *= 2
	}
	if cap(table) < size {
		return make([]int32, size)
	}
	table = table[:size]
	clear(table)
	return table
}

func (f *Forest) traceSlot(id pcommon.TraceID) *int32 {
	mask := uint64(len(f.traceSlots) - 1)
	for i := maphash.Bytes(f.seed, id[:]) & mask; ; i = (i + 1) & mask {
		if s := f.traceSlots[i]; s == 0 || f.traces[s-1].id == id {
			return &f.traceSlots[i]
		}
	}
}

func (f *Forest) addTrace(id pcommon.TraceID) *trace {
	slot := f.traceSlot(id)
	if *slot == 0 {
		f.traces = append(f.traces, trace{id: id})
		*slot = int32(len(f.traces))
	}
	return &f.traces[*slot-1]
}

// traceOf returns the index of a trace with requests, or -1.
func (f *Forest) traceOf(id pcommon.TraceID) int32 { return *f.traceSlot(id) - 1 }
