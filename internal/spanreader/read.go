// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// Read adds all requests of the traces to the batch and marks those that describe the same request
// twice. It only reads, and keeps nothing of the traces but strings.
func (r *Reader) Read(traces ptrace.Traces, b *Batch) { r.read(traces, nil, b) }

// ReadEvents adds what log events say to the batch.
func (r *Reader) ReadEvents(events *logreader.Events, b *Batch) {
	b.Signal = llm.Logs
	b.Events = *events
	if events.Traces != (ptrace.Traces{}) {
		r.read(events.Traces, events.Rows, b)
	}
}

// read reads spans, or log events under their rows, by scope and span.
func (r *Reader) read(traces ptrace.Traces, rows [][]*emitter.Log, b *Batch) {
	spans := int32(0)
	for _, resourceSpans := range traces.ResourceSpans().All() {
		origin := origin{resource: resourceSpans, attributes: resourceSpans.Resource().Attributes(), index: -1}
		fallback := r.resourceEmitter(origin.attributes)
		excluded := r.excludes(OfResource, origin.attributes)
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			origin.first = spans
			spans += int32(scopeSpans.Spans().Len())
			origin.spans, origin.scopeAttributes = scopeSpans, scopeSpans.Scope().Attributes()
			origin.excluded = excluded || r.excludes(OfScope, origin.scopeAttributes)
			origin.scope = r.scopeOf(b, scopeSpans.Scope().Name(), scopeSpans.Scope().Version())
			origin.emitter = origin.scope.emitter
			if origin.emitter < 0 {
				origin.emitter = fallback
			}
			origin.layerRule = r.scopeRule(&origin)
			origin.named = origin.emitter >= 0 && len(r.emitters[origin.emitter].spans) > 0
			if rows != nil {
				origin.rows, origin.named, rows = rows[0], true, rows[1:]
			}
			for i, span := range scopeSpans.Spans().All() {
				before := len(b.Described) + len(b.Connectors)
				if origin.named || origin.scope.llmOnly || r.keys.hasLLMKey(span.Attributes()) || origin.scope.own.may(span, &b.memo.words) {
					r.readSpan(span, int32(i), &origin, b)
				}
				if before == len(b.Described)+len(b.Connectors) && !r.addExchange(span, b) && r.options.Holds != nil {
					b.addOrdinary(span)
				}
			}
		}
	}
	if b.Signal == llm.Spans {
		b.Spans += int(spans)
	}
	if r.options.Holds == nil {
		r.Relate(traces, b)
	} else {
		r.dropOrdinary(b)
	}
}

// Relate marks those requests of a batch that describe the same request twice, as far as the batch shows it. Its traces are those that
// it was read from. Raw returns the requests as they were before.
func (r *Reader) Relate(traces ptrace.Traces, b *Batch) {
	if r.options.Holds != nil {
		b.keepRaw()
	}
	b.forest.Relate(traces, b.Described, b.Connectors, b.Stages)
	if len(r.options.Layers) > 0 {
		b.LeaveOut(&r.layers)
	}
}

// readSpan adds what a span of an LLM application holds to the batch. Its number is that within its scope.
func (r *Reader) readSpan(span ptrace.Span, number int32, o *origin, b *Batch) {
	f := &b.found
	f.start, f.duration = span.StartTimestamp(), spanDuration(span.StartTimestamp(), span.EndTimestamp())
	var row *emitter.Log
	if o.rows != nil {
		row = o.rows[number]
	}
	timeless := row != nil && row.Lasts == ""
	if timeless {
		f.duration = llm.MaxDuration.Seconds() // of which a part can be any time
	}
	index := r.follow(f, span.Attributes(), o)
	llmOnly := f.llmOnly != 0
	o.scope.llmOnly = llmOnly
	if index < 0 && o.scope.own.may(span, &b.memo.words) {
		if !o.scope.own.read(f, span, &r.keys) {
			return
		}
	} else if !llmOnly && !o.named {
		return // Of log events all are named.
	}
	if o.excluded || o.scope.excluded || r.excludes(OfSpan, span.Attributes()) {
		if llmOnly {
			b.Skipped[llm.SkipExcluded]++
		}
		return
	}
	known := r.spanOf(index, span, &b.memo.names)
	if row != nil {
		known = &row.Span
	}
	if known != nil || f.has(fact.BatchSize) {
		r.readPart(f, span, known, o, b)
	}
	class, operation := r.classify(f, span, known)
	if class == llm.NoRequest && r.options.Runs && !timeless {
		r.readRun(f, span, operation, o, b)
	}
	if skip, ok := r.skips(class, span); ok {
		switch {
		case class == llm.Unknown && llmOnly:
			r.dismiss(f, o, b)
		case class != llm.Unknown:
			b.Skipped[skip]++
			b.Connectors = append(b.Connectors, correlate.Connector{
				Trace: span.TraceID(), Span: span.SpanID(), Parent: span.ParentSpanID(), Model: r.model(f.text(fact.RequestModel)),
				Separates: r.separates(operation, index), Runs: operation == "execute_tool" || operation == "invoke_agent",
				Hop: correlate.HopOf(span), Service: o.serviceOf(),
			})
		}
		return
	}
	layer, given := r.layerOf(f, span, o)
	if given && !r.layers[layer] {
		b.Skipped[llm.SkipLayer]++
		return
	}
	resource := o.use(r, b)
	if !o.takes(b.Signal) {
		b.Skipped[llm.SkipSignal]++
		return
	}

	q := b.Add()
	q.Class, q.Layer, q.Emitter, q.Sequences = class, layer, index, 1
	q.Operation = attr.Cut(operation, r.maxText)
	q.TraceID, q.SpanID, q.ParentID = span.TraceID(), span.SpanID(), span.ParentSpanID()
	q.Span = o.first + number
	q.Start, q.End, q.Scope = span.StartTimestamp(), span.EndTimestamp(), o.scope.name
	q.Weight, q.Sampled = weightOf(span.TraceState().AsRaw()), sampled(span.Flags())
	if index >= 0 {
		q.Traits = r.emitters[index].traits
	}
	q.Breaks, q.Unmetered = known != nil && known.Breaks, f.unmetered
	q.Resource = resource
	q.Service, q.Hop, q.LayerGiven = o.serviceOf(), correlate.HopOf(span), given
	q.Signal, q.MayYield = b.Signal, r.mayYield(b.Signal, index, o)
	if len(r.options.Dimensions) > 0 {
		q.Dimensions = r.readDimensions(span, o, b)
	}
	if len(r.options.Numbers) > 0 {
		q.UserNumbers = r.readNumbers(span, o, b)
	}
	q.Conditions = r.conditions(span, o)
	r.interpret(f, span, known, o, q, b)
	if q.Number[fact.Duration] == llm.Absent && !timeless {
		b.BadTimes++
	}
}

// spanDuration returns the duration of a span in seconds, or Absent if its times make no sense.
func spanDuration(start, end pcommon.Timestamp) float64 {
	if start == 0 || end < start || end-start > pcommon.Timestamp(llm.MaxDuration) {
		return llm.Absent
	}
	return float64(end-start) / float64(time.Second)
}

// follow finds what a span says and returns its emitter, or -1. Where neither scope nor resource identify it, it is taken for
// that of the span before. That holds until the keys prove otherwise.
func (r *Reader) follow(f *spanValues, attributes pcommon.Map, o *origin) int16 {
	c := &o.scope.keys
	if o.emitter >= 0 && c.emitter != o.emitter {
		c.become(o.emitter)
	}
	f.follow(c, attributes, &r.keys)
	if o.emitter < 0 && c.emitter != f.marked {
		c.become(f.marked)
		f.follow(c, attributes, &r.keys)
	}
	return c.emitter
}

// separates reports whether what lies below a span that is no request is no part of the request above it. Tools, and some
// families' agents, run because of an answer, and call models for themselves.
func (r *Reader) separates(operation string, family int16) bool {
	return operation == "execute_tool" || family >= 0 && r.emitters[family].traits.Has(emitter.RunsBelowCalls)
}

// skips reports whether a span is not to be counted for what it is, and why.
func (r *Reader) skips(class llm.Class, span ptrace.Span) (llm.Skip, bool) {
	switch {
	case class == llm.Unknown || class == llm.NoRequest:
		return llm.SkipNoRequest, true
	case span.EndTimestamp() == 0:
		return llm.SkipUnfinished, true
	}
	if match.Any(r.options.ExcludeSpans, span.Name()) {
		return llm.SkipExcluded, true
	}
	return 0, false
}
