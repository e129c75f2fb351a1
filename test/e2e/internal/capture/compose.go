// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Trace makes one trace of fresh copies of some exchanges: the first one calls the second, and so on.
func Trace(end time.Time, exchanges ...Exchange) []ptrace.Traces {
	trace := newTraceID()
	var all []ptrace.Traces
	var caller pcommon.SpanID
	for _, exchange := range exchanges {
		batches := exchange.Fresh(end)
		parents, children := family(batches)
		var innermost pcommon.SpanID
		for _, batch := range batches {
			for span := range Spans(batch) {
				span.SetTraceID(trace)
				if !children[span.ParentSpanID()] {
					span.SetParentSpanID(caller)
				}
				if !parents[span.SpanID()] {
					innermost = span.SpanID()
				}
			}
		}
		caller = innermost
		all = append(all, batches...)
	}
	return all
}

// family answers which spans are named as parents and which exist.
func family(batches []ptrace.Traces) (parents, existing map[pcommon.SpanID]bool) {
	parents, existing = map[pcommon.SpanID]bool{}, map[pcommon.SpanID]bool{}
	for _, batch := range batches {
		for span := range Spans(batch) {
			parents[span.ParentSpanID()] = true
			existing[span.SpanID()] = true
		}
	}
	return parents, existing
}

// Apart puts each span into a batch of its own.
func Apart(batches []ptrace.Traces) []ptrace.Traces {
	var apart []ptrace.Traces
	for _, batch := range batches {
		for _, resource := range batch.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				for _, span := range scope.Spans().All() {
					one := ptrace.NewTraces()
					to := one.ResourceSpans().AppendEmpty()
					resource.Resource().CopyTo(to.Resource())
					toScope := to.ScopeSpans().AppendEmpty()
					scope.Scope().CopyTo(toScope.Scope())
					span.CopyTo(toScope.Spans().AppendEmpty())
					apart = append(apart, one)
				}
			}
		}
	}
	return apart
}

// Together puts all spans into one batch, which takes them over.
func Together(batches []ptrace.Traces) ptrace.Traces {
	together := ptrace.NewTraces()
	for _, batch := range batches {
		batch.ResourceSpans().MoveAndAppendTo(together.ResourceSpans())
	}
	return together
}
