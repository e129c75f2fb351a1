// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"cmp"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// atEnd is the share of a request's duration before its end in which an exchange ends that was its last.
const atEnd = 0.2

// giveExchanges makes requests failures of which only the HTTP or RPC request below them shows that they failed. That is the last one, so
// it ends with the request.
func (f *Forest) giveExchanges() {
	f.ordered = f.ordered[:0]
	for i := range f.connectors {
		if f.connectors[i].Outcome != llm.Success {
			f.ordered = append(f.ordered, int32(i))
		}
	}
	if len(f.ordered) == 0 {
		return
	}
	for i := range f.requests {
		q := &f.requests[i]
		if of := f.traceOf(q.TraceID); !q.TraceID.IsEmpty() && f.traces[of].connected && !f.traces[of].tree {
			if at := f.find(of, q.SpanID); at >= 0 {
				f.nodes[at].request = int32(i) // It is alone in its trace.
			}
		}
	}
	last := make(map[*Request]*Connector, len(f.ordered))
	for _, i := range f.ordered {
		c := &f.connectors[i]
		if q := f.exchangeOf(c); q != nil && (last[q] == nil || c.endsAfter(last[q])) {
			last[q] = c
		}
	}
	for q, c := range last {
		q.Ended, q.Outcome, q.ErrorType = true, c.Outcome, c.ErrorType
	}
}

// exchangeOf returns the request that shows no end and whose last exchange a connector can be, or nil.
func (f *Forest) exchangeOf(c *Connector) *Request {
	of := f.traceOf(c.Trace)
	if of < 0 {
		return nil
	}
	at := f.find(of, c.Parent)
	for depth := 0; at >= 0 && depth < maxDepth; depth++ {
		n := &f.nodes[at]
		if n.request >= 0 {
			q := &f.requests[n.request]
			if q.Ended || q.Outcome != llm.Success || q.Layer == llm.Server || !q.Class.IsRequest() || q.Duplicate != llm.Unique || c.End > q.End {
				return nil
			}
			if apart := llm.SecondsBetween(c.End, q.End); apart > max(EndTolerance.Seconds(), atEnd*llm.SecondsBetween(q.Start, q.End)) {
				return nil
			}
			return q
		}
		if n.separates || n.runs || n.hop.any() {
			return nil
		}
		at = n.up
	}
	return nil
}

// endsAfter orders exchanges of a request, so that the order of spans does not matter.
func (c *Connector) endsAfter(other *Connector) bool {
	return cmp.Or(cmp.Compare(c.End, other.End), cmp.Compare(c.Outcome, other.Outcome), cmp.Compare(c.ErrorType, other.ErrorType)) > 0
}
