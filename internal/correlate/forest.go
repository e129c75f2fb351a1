// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
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
	// members are the requests of all trees, tree by tree; groups are the same, those side by side one after the other.
	members, groups []int32
	grouped         bool
	// above is the node of the parent of each request, or -1.
	above []int32
	// around is the span that each request lies in, beside others: its parent, or that of the wrappers around it.
	around []pcommon.SpanID
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
	ids     ids
	// ancestries are those of the batch's requests, which links lead to.
	ancestries []Ancestry
}

// trace is a trace of the batch.
type trace struct {
	id pcommon.TraceID
	// from and to are the run of its members, if it has a tree.
	from, to int32
	// requests is the number of its requests.
	requests int32
	// tree is set if its spans have to be related: it has several requests, or a stage of one on another span.
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
	// separates is set if the way up ends here, runs if the node is the run of an agent or a tool.
	separates, runs bool
	hop             Hop
	// link is set if the node is a connector, or a request around others: one lies within the other.
	link bool
}

// NewForest returns an empty forest.
func NewForest() *Forest {
	f := &Forest{seed: maphash.MakeSeed()}
	f.secret = maphash.Bytes(f.seed, nil)
	return f
}

// Relate sets Duplicate on all requests of a batch but one of those that describe the same, and gives that one what the others
// hold. The traces are those that the requests, connectors and stages were read from; if they are zero, the connectors hold all other
// spans that matter.
func (f *Forest) Relate(traces ptrace.Traces, requests []Request, connectors []Connector, stages []Stage) {
	if len(requests) == 0 {
		return
	}
	f.requests, f.connectors = requests, connectors
	f.joined = f.joined[:0]
	for i := range requests {
		f.joined = append(f.joined, int32(i))
	}
	trees, global := f.sortTraces(stages)
	if !trees && !global && len(connectors) == 0 {
		return
	}
	f.plant(traces, trees)
	f.fillTrees()
	f.nested, f.grouped = f.nested[:0], false
	f.giveStages(stages)
	f.placeLayers()
	if trees || global {
		for i := range relations {
			relations[i].apply(f)
		}
	}
	f.findAncestry()
	f.nameModels()
	f.requests, f.connectors = nil, nil
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

// cleared returns a table of zeros with room for a number of entries, in the same memory if there is enough of it. A small
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

// plant makes nodes of all spans of trees, and of connectors.
func (f *Forest) plant(traces ptrace.Traces, trees bool) {
	f.nodes = f.nodes[:0]
	if trees && traces != (ptrace.Traces{}) {
		last, of := pcommon.TraceID{}, int32(-1)
		for _, resourceSpans := range traces.ResourceSpans().All() {
			for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
				for _, span := range scopeSpans.Spans().All() {
					if id := span.TraceID(); id != last || of < 0 {
						last, of = id, f.traceOf(id)
					}
					if of >= 0 && f.traces[of].tree {
						n := bare(of, span.SpanID(), span.ParentSpanID())
						n.hop = HopOf(span)
						f.nodes = append(f.nodes, n)
					}
				}
			}
		}
	}
	spans := len(f.nodes)
	f.nodeSlots = cleared(f.nodeSlots, 2*(spans+len(f.connectors)+len(f.requests)))
	for i := range spans {
		f.keep(int32(i))
	}
	for i := range f.connectors {
		c := &f.connectors[i]
		of := f.traceOf(c.Trace)
		if of < 0 {
			continue
		}
		at := f.find(of, c.Span)
		if at < 0 {
			f.nodes = append(f.nodes, bare(of, c.Span, c.Parent))
			at = int32(len(f.nodes) - 1)
			f.keep(at)
		}
		n := &f.nodes[at]
		if n.connector < 0 || c.Separates {
			n.connector, n.separates = int32(i), c.Separates
		}
		n.runs, n.hop = n.runs || c.Runs, n.hop.and(c.Hop)
	}
	for i := range f.requests {
		q := &f.requests[i]
		if q.TraceID.IsEmpty() {
			continue
		}
		// A lone request has a node if there are connectors. Without traces, requests and connectors are all that there is.
		of := f.traceOf(q.TraceID)
		if t := &f.traces[of]; t.connected && !t.tree || t.tree && traces == (ptrace.Traces{}) {
			n := bare(of, q.SpanID, q.ParentID)
			n.hop = q.Hop
			f.nodes = append(f.nodes, n)
			f.keep(int32(len(f.nodes) - 1))
		}
	}
	for i := range f.nodes {
		n := &f.nodes[i]
		n.up = f.find(n.trace, n.parent)
	}
	for i := range f.nodes {
		if n := &f.nodes[i]; n.connector >= 0 && !n.separates && !f.connectors[n.connector].Bare {
			f.connect(int32(i))
		}
	}
}

func bare(of int32, span, parent pcommon.SpanID) node {
	return node{trace: of, span: span, parent: parent, up: -1, request: -1, connector: -1, below: -1, next: -1}
}

// keep makes a node the one of its span. Of a span that comes twice that with the greater parent stays.
func (f *Forest) keep(at int32) {
	n := &f.nodes[at]
	slot := f.nodeSlot(n.trace, n.span)
	if *slot == 0 {
		*slot = at + 1
		return
	}
	if kept := &f.nodes[*slot-1]; slices.Compare(kept.parent[:], n.parent[:]) < 0 {
		kept.parent = n.parent
	}
}

func (f *Forest) nodeSlot(of int32, span pcommon.SpanID) *int32 {
	mask := uint64(len(f.nodeSlots) - 1)
	// Both halves of the product, since span ids that differ in their first or last bytes alone are common.
	high, low := bits.Mul64(binary.LittleEndian.Uint64(span[:])^f.secret, 0x9E3779B97F4A7C15+2*uint64(of))
	for i := (high ^ low) & mask; ; i = (i + 1) & mask {
		s := f.nodeSlots[i]
		if s == 0 {
			return &f.nodeSlots[i]
		}
		if n := &f.nodes[s-1]; n.span == span && n.trace == of {
			return &f.nodeSlots[i]
		}
	}
}

// find returns the node of a span, or -1.
func (f *Forest) find(of int32, span pcommon.SpanID) int32 {
	if span.IsEmpty() {
		return -1
	}
	return *f.nodeSlot(of, span) - 1
}

// connect makes a node a link, below its parent.
func (f *Forest) connect(at int32) {
	n := &f.nodes[at]
	if n.link {
		return
	}
	n.link = true
	if up := n.up; up >= 0 {
		n.next, f.nodes[up].below = f.nodes[up].below, at
	}
}

// fillTrees brings the requests of each tree together, in the order of before.
func (f *Forest) fillTrees() {
	n := len(f.requests)
	f.above, f.root, f.around = f.above[:0], f.root[:0], f.around[:0]
	f.members = f.members[:0]
	at := int32(0)
	for i := range f.traces {
		t := &f.traces[i]
		t.from, t.to = at, at
		if t.tree {
			at += t.requests
		}
	}
	f.members = slices.Grow(f.members, int(at))[:at]
	f.order = slices.Grow(f.order[:0], n)[:n]
	for i := range f.requests {
		q := &f.requests[i]
		above := int32(-1)
		if !q.TraceID.IsEmpty() {
			of := f.traceOf(q.TraceID)
			if t := &f.traces[of]; t.tree || t.connected {
				above = f.find(of, q.ParentID)
				q.parentCame = above >= 0
				if t.tree {
					f.members[t.to] = int32(i)
					t.to++
				}
			}
		}
		f.above, f.root, f.around = append(f.above, above), append(f.root, int32(i)), append(f.around, q.ParentID)
	}
	for i := range f.traces {
		t := &f.traces[i]
		members := f.members[t.from:t.to]
		slices.SortFunc(members, func(i, j int32) int { return before(&f.requests[i], &f.requests[j]) })
		for at, m := range members {
			f.order[m] = int32(at)
			q := &f.requests[m]
			if own := f.find(int32(i), q.SpanID); own >= 0 {
				f.nodes[own].request = m
			}
		}
	}
}

// unite makes the neighbourhoods of two requests one.
func (f *Forest) unite(a, b int32) {
	if a, b = f.Neighbourhood(a), f.Neighbourhood(b); a != b {
		f.joined[max(a, b)] = min(a, b)
	}
}

// Neighbourhood returns the first of the requests that describe the same call as one of those that were related last.
func (f *Forest) Neighbourhood(i int32) int32 {
	for f.joined[i] != i {
		f.joined[i] = f.joined[f.joined[i]]
		i = f.joined[i]
	}
	return i
}

// ancestors calls yield for each request at or above a node, the nearest first, until it returns false. The way ends where a
// connector separates calls.
func (f *Forest) ancestors(at int32, yield func(index int32) bool) {
	for depth := 0; at >= 0 && depth < maxDepth; depth++ {
		n := &f.nodes[at]
		if n.request >= 0 && !yield(n.request) {
			return
		}
		if n.separates {
			return
		}
		at = n.up
	}
}

// eachTree calls yield for the requests of each tree, no more of it than can be compared with each other.
func (f *Forest) eachTree(yield func(members []int32)) {
	for i := range f.traces {
		if t := &f.traces[i]; t.to > t.from {
			yield(f.members[t.from:min(t.to, t.from+maxGroup)])
		}
	}
}

// eachGroup calls yield for the requests side by side of each tree, of one layer and class, if there are several.
func (f *Forest) eachGroup(yield func(members []int32)) {
	if !f.grouped {
		f.groups = append(f.groups[:0], f.members...)
		for i := range f.traces {
			t := &f.traces[i]
			slices.SortFunc(f.groups[t.from:t.to], f.byGroup)
		}
		f.grouped = true
	}
	for i := range f.traces {
		t := &f.traces[i]
		members := f.groups[t.from:t.to]
		for from := 0; from < len(members); {
			to := from + 1
			for to < len(members) && f.sameGroup(members[from], members[to]) {
				to++
			}
			if to-from > 1 {
				yield(members[from:to])
			}
			from = to
		}
	}
}

func (f *Forest) byGroup(i, j int32) int {
	if c := slices.Compare(f.around[i][:], f.around[j][:]); c != 0 {
		return c
	}
	a, b := &f.requests[i], &f.requests[j]
	if a.Layer != b.Layer {
		return int(a.Layer) - int(b.Layer)
	}
	if a.Class != b.Class {
		return int(a.Class) - int(b.Class)
	}
	return int(f.order[i] - f.order[j])
}

func (f *Forest) sameGroup(i, j int32) bool {
	a, b := &f.requests[i], &f.requests[j]
	return f.around[i] == f.around[j] && a.Layer == b.Layer && a.Class == b.Class
}
