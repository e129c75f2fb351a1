package inference

import "go.opentelemetry.io/collector/pdata/pcommon"

// Spans of one call come in different batches, the inner ones first. What is between a call and a wrapper around it tells
// that one lies within the other, whichever of the two it comes with.

// link is a span of an LLM application that is no request: a step, chain or agent.
type link struct {
	span   spanKey
	parent pcommon.SpanID
}

// kin are spans around a request that its parent is not.
type kin struct {
	// above are ancestors of the parent, as far as the batch shows them.
	above relatives
	// below are descendants that are no requests.
	below relatives
}

// relatives is a small set of spans; what it has no room for is left out.
type relatives struct {
	spans [4]pcommon.SpanID
	n     uint8
}

func (s *relatives) add(span pcommon.SpanID) (room bool) {
	if int(s.n) == len(s.spans) {
		return false
	}
	s.spans[s.n] = span
	s.n++
	return true
}

func (s *relatives) all() []pcommon.SpanID { return s.spans[:s.n] }

// findKin notes the kin of all requests that count. Busy traces are indexed already.
func (r *resolver) findKin(requests []Request, links []link) {
	r.kin = r.kin[:0]
	linked := false
	for i := range links {
		if l := &links[i]; r.traces.has(l.span.trace) {
			r.parents[l.span] = l.parent
			linked = true
		}
	}
	if len(r.parents) == 0 {
		return
	}
	for i := range requests {
		q := &requests[i]
		if q.Duplicate != Unique || q.Layer == Server {
			continue
		}
		if linked {
			r.bySpan[spanKey{q.TraceID, q.SpanID}] = int32(i)
		}
		at := spanKey{q.TraceID, q.ParentID}
		for {
			parent, ok := r.parents[at]
			if !ok || parent.IsEmpty() || !r.kinOf(q).above.add(parent) {
				break
			}
			at.span = parent
		}
	}
	if !linked {
		return
	}
	for i := range links {
		l := &links[i]
		r.ancestors(spanKey{l.span.trace, l.parent}, func(index int32) bool {
			r.kinOf(&requests[index]).below.add(l.span.span)
			return true
		})
	}
}

// kinOf returns a request's kin. Those that are handed out stay valid when the slice grows.
func (r *resolver) kinOf(q *Request) *kin {
	if q.kin == nil {
		r.kin = append(r.kin, kin{})
		q.kin = &r.kin[len(r.kin)-1]
	}
	return q.kin
}
