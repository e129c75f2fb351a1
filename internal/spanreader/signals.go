// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// mayYieldRun reports whether runs of tools and agents that a signal brings count only while the other one brings none. They are
// on spans, if there are spans.
func (r *Reader) mayYieldRun(signal llm.Signal, o *origin) bool {
	return signal == llm.Logs && o.counted == ""
}

// mayYield reports whether requests of a family that a signal brings count only while the other one brings none.
func (r *Reader) mayYield(signal llm.Signal, family int16, o *origin) bool {
	if o.counted != "" {
		return false
	}
	counts := emitter.SpansCount
	if family >= 0 {
		counts = r.emitters[family].counts
	}
	switch counts {
	case emitter.LogsCount:
		return signal == llm.Spans
	case emitter.BothCount:
		return false
	default:
		return signal == llm.Logs
	}
}

// sender returns who sent the span or log event of a run, if a family has both.
func (r *Reader) sender(f *spanValues, span ptrace.Span, o *origin, b *Batch) llm.Sender {
	if b.Signal == llm.Spans && (f.emitter < 0 || !r.emitters[f.emitter].events) {
		return llm.Sender{} // There are no log events of its runs.
	}
	traits := emitter.Quirk(0)
	if f.emitter >= 0 {
		traits = r.emitters[f.emitter].traits
	}
	of := correlate.Request{Request: &llm.Request{
		Signal: b.Signal, Session: attr.Cut(f.text(fact.Session), r.maxText), TraceID: span.TraceID(), ParentID: span.ParentSpanID(),
		Sampled: sampled(span.Flags()),
	}, Evidence: correlate.Evidence{Service: o.serviceOf(), Traits: traits}}
	return of.Sender()
}
