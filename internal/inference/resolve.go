package inference

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// resolver finds the spans of one batch that describe the same request. Its tables are kept for the
// next batch.
type resolver struct {
	traces  map[traceLayer]int32 // the last request of each trace and layer
	ids     map[requestID]int32
	inTrace map[pcommon.TraceID]struct{} // traces with several requests of one layer
	parents map[spanKey]pcommon.SpanID
	bySpan  map[spanKey]int32
}

type traceLayer struct {
	trace pcommon.TraceID
	layer Layer
}

type spanKey struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

type requestID struct {
	traceLayer
	id string
}

// maxDepth bounds the way from a span to its ancestors; spans can form a circle.
const maxDepth = 64

// mark sets Duplicate on all requests but one of those that describe the same.
func (r *resolver) mark(traces ptrace.Traces, requests []Request) {
	if len(requests) < 2 {
		return
	}
	r.reset()
	for i := range requests {
		q := &requests[i]
		if q.TraceID.IsEmpty() {
			continue
		}
		key := traceLayer{q.TraceID, q.Layer}
		if _, again := r.traces[key]; again {
			r.inTrace[q.TraceID] = struct{}{}
		}
		r.traces[key] = int32(i)
	}
	if len(r.inTrace) == 0 {
		return
	}
	r.markWrappers(traces, requests)
	r.markSameIDs(requests)
}

func (r *resolver) reset() {
	if r.traces == nil {
		r.traces = map[traceLayer]int32{}
		r.ids = map[requestID]int32{}
		r.inTrace = map[pcommon.TraceID]struct{}{}
		r.parents = map[spanKey]pcommon.SpanID{}
		r.bySpan = map[spanKey]int32{}
		return
	}
	clear(r.traces)
	clear(r.ids)
	clear(r.inTrace)
	clear(r.parents)
	clear(r.bySpan)
}

// markWrappers marks each request that has a descendant of its layer and class, and lets the
// descendant inherit what it does not tell itself.
func (r *resolver) markWrappers(traces ptrace.Traces, requests []Request) {
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				if _, ok := r.inTrace[span.TraceID()]; ok {
					r.parents[spanKey{span.TraceID(), span.SpanID()}] = span.ParentSpanID()
				}
			}
		}
	}
	for i := range requests {
		if _, ok := r.inTrace[requests[i].TraceID]; ok {
			r.bySpan[spanKey{requests[i].TraceID, requests[i].SpanID}] = int32(i)
		}
	}
	for i := range requests {
		inner := &requests[i]
		if _, ok := r.inTrace[inner.TraceID]; !ok {
			continue
		}
		for at, depth := inner.ParentID, 0; !at.IsEmpty() && at != inner.SpanID && depth < maxDepth; depth++ {
			key := spanKey{inner.TraceID, at}
			if o, ok := r.bySpan[key]; ok && describesSame(&requests[o], inner) {
				requests[o].Duplicate = Wrapper
				inner.inherit(&requests[o])
			}
			at = r.parents[key]
		}
	}
}

func describesSame(outer, inner *Request) bool {
	return outer.Layer == inner.Layer && outer.Class == inner.Class
}

// inherit fills in what an inner span does not tell from the span around it.
func (q *Request) inherit(outer *Request) {
	q.Provider = orElse(q.Provider, outer.Provider)
	q.RequestModel = orElse(q.RequestModel, outer.RequestModel)
	q.ResponseModel = orElse(q.ResponseModel, outer.ResponseModel)
	q.ServerAddress = orElse(q.ServerAddress, outer.ServerAddress)
	if q.Stream == StreamUnknown {
		q.Stream = outer.Stream
	}
	if q.TTFT == Absent && outer.TTFT != Absent && plausible(outer.TTFT, q.Duration) {
		q.TTFT = outer.TTFT
	}
}

// markSameIDs marks requests that carry the id of an earlier request of their trace and layer. Engines
// write one span for each sequence of a request: its output tokens belong to the first.
func (r *resolver) markSameIDs(requests []Request) {
	for i := range requests {
		q := &requests[i]
		if q.ID == "" || q.Duplicate != Unique {
			continue
		}
		if _, ok := r.inTrace[q.TraceID]; !ok {
			continue
		}
		key := requestID{traceLayer{q.TraceID, q.Layer}, q.ID}
		first, again := r.ids[key]
		if !again {
			r.ids[key] = int32(i)
			continue
		}
		q.Duplicate = SameID
		if kept := &requests[first]; q.Layer == Server && q.SpanID != kept.SpanID {
			kept.addSequence(q)
		}
	}
}

// addSequence adds a further sequence of the same engine request: the prompt was read once, the
// outputs add up, and the request took as long as its slowest sequence.
func (q *Request) addSequence(other *Request) {
	if other.OutputTokens != Absent {
		q.OutputTokens = max(q.OutputTokens, 0) + other.OutputTokens
	}
	q.Sequences++
	q.Duration = max(q.Duration, other.Duration)
	if other.TTFT != Absent && (q.TTFT == Absent || other.TTFT < q.TTFT) {
		q.TTFT = other.TTFT
	}
	q.Outcome = max(q.Outcome, other.Outcome)
	q.ErrorType = orElse(q.ErrorType, other.ErrorType)
}
