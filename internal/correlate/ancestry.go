// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Spans of one call come in different batches, the inner ones first. What is between a call and a wrapper around it shows that
// one lies within the other. It does not matter which of the two it comes with.

func (s *Spans) add(span pcommon.SpanID) (room bool) {
	if int(s.n) == len(s.spans) {
		return false
	}
	s.spans[s.n] = span
	s.n++
	return true
}

// All returns the spans.
func (s *Spans) All() []pcommon.SpanID { return s.spans[:s.n] }

// findAncestry notes the ancestry of all requests that count.
func (f *Forest) findAncestry() {
	steps := f.connectSteps()
	if len(f.nested) == 0 && len(f.connectors) == 0 && !steps {
		return
	}
	for _, n := range f.nested {
		outer := &f.requests[n.outer]
		if at := f.find(f.traceOf(outer.TraceID), outer.SpanID); at >= 0 {
			f.connect(at)
		}
	}
	f.ancestries = f.ancestries[:0]
	for i := range f.requests {
		q := &f.requests[i]
		if q.Duplicate != llm.Unique || q.Layer == llm.Server || q.TraceID.IsEmpty() {
			continue
		}
		of := f.traceOf(q.TraceID)
		if t := &f.traces[of]; !t.tree && !t.connected {
			continue
		}
		for at := f.above[i]; at >= 0 && f.nodes[at].link; at = f.nodes[at].up {
			if parent := f.nodes[at].parent; parent.IsEmpty() || !f.ancestryOf(q).Above.add(parent) {
				break
			}
		}
		if at := f.find(of, q.SpanID); at >= 0 {
			f.findBelow(q, at)
		}
	}
}

// connectSteps makes links of the steps of requests: what lies in a step lies in the request, too. It reports whether there are any.
func (f *Forest) connectSteps() (found bool) {
	for _, i := range f.members {
		if q := &f.requests[i]; q.Class == llm.Supplement && q.Layer != llm.Server && q.Traits.Has(emitter.StepSpans) {
			if at := f.find(f.traceOf(q.TraceID), q.SpanID); at >= 0 {
				f.connect(at)
				found = true
			}
		}
	}
	return found
}

// findBelow adds the links that lead to a span to a request's ancestry, as long as there is room.
func (f *Forest) findBelow(q *Request, at int32) {
	for below := f.nodes[at].below; below >= 0; below = f.nodes[below].next {
		if !f.ancestryOf(q).Below.add(f.nodes[below].span) {
			return
		}
		f.findBelow(q, below)
	}
}

// ancestryOf returns a request's ancestry. Those that are handed out stay valid when the slice grows.
func (f *Forest) ancestryOf(q *Request) *Ancestry {
	if q.Ancestry == nil {
		f.ancestries = append(f.ancestries, Ancestry{})
		q.Ancestry = &f.ancestries[len(f.ancestries)-1]
	}
	return q.Ancestry
}

// nameModels gives requests of gateways and engines that name no model the model above them. That is a request's or a
// scheduler's.
func (f *Forest) nameModels() {
	for _, layer := range [...]llm.Layer{llm.Gateway, llm.Server} {
		for i := range f.requests {
			if q := &f.requests[i]; q.Layer == layer && q.RequestModel == "" && q.ResponseModel == "" && f.above[i] >= 0 {
				q.RequestModel = f.modelAbove(f.above[i])
			}
		}
	}
}

// modelAbove returns the model that a node names, or the nearest one above it that names one.
func (f *Forest) modelAbove(at int32) string {
	for depth := 0; at >= 0 && depth < maxDepth; depth++ {
		n := &f.nodes[at]
		if n.request >= 0 {
			q := &f.requests[n.request]
			if model := orElse(q.RequestModel, q.ResponseModel); model != "" {
				return model
			}
		}
		if n.separates {
			return ""
		}
		if n.connector >= 0 && f.connectors[n.connector].Model != "" {
			return f.connectors[n.connector].Model
		}
		at = n.up
	}
	return ""
}
