// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// classify decides what a span is. The first of these that says something wins. A name or kind attribute that denies that the
// span is a request comes first. Then comes the operation's name, unless a kind attribute is narrower. A kind attribute that
// affirms it is next, then the span's name within a known family or by convention. Then come usage or latencies together with a
// model, and last how a call ended. A model alone proves nothing: schedulers and guardrails name it too. The model's name can say
// more than all of them, but only of a span known to be a request.
func (r *Reader) classify(f *spanValues, span ptrace.Span, known *emitter.Span) (llm.Class, string) {
	if f.kind.Cached && f.number(fact.CacheReadTokens) > 0 {
		f.kind = emitter.Meaning{} // The provider's cache of prompts was hit, and the model was called.
	}
	denied := known != nil && known.Class == llm.NoRequest && known.Name != "*"
	written := f.text(fact.Operation)
	if denied {
		return llm.NoRequest, orElse(f.kind.Operation, known.Operation)
	}
	if f.kind.Class == llm.NoRequest {
		return llm.NoRequest, f.kind.Operation
	}
	if known != nil && known.Class == llm.Inference {
		// The model is narrower than all that is written.
		if meaning, ok := r.byModel(f); ok {
			return meaning.Class, meaning.Operation
		}
	}
	if written != "" {
		if meaning, ok := f.memo.operations.of(written, r.operations, lookUp); ok {
			if f.kind.Stream == llm.StreamUnknown {
				f.kind.Stream = meaning.Stream
			}
			switch {
			case meaning.Class == llm.Supplement && !f.has(fact.RequestID):
				return llm.NoRequest, meaning.Operation // Nothing says which response it asks for.
			case f.kind.Class == llm.Supplement, known != nil && known.Class == llm.Supplement:
				return llm.Supplement, meaning.Operation
			case known != nil && known.Class == llm.Media && meaning.Class.IsRequest():
				// The operation generate_content holds for images, too.
				return llm.Media, meaning.Operation
			case f.kind.Class > llm.Inference && meaning.Class == llm.Inference:
				// The kind is narrower than the operation.
				return f.kind.Class, orElse(f.kind.Operation, meaning.Operation)
			default:
				return meaning.Class, meaning.Operation
			}
		}
		if f.kind.Class == llm.Unknown && ofAgent(written) {
			return llm.NoRequest, written
		}
	}
	if f.kind.Class != llm.Unknown {
		if known != nil && known.Class.IsRequest() && f.kind.Class.IsRequest() {
			// The name is narrower than the kind.
			return known.Class, orElse(written, orElse(known.Operation, f.kind.Operation))
		}
		return f.kind.Class, orElse(written, f.kind.Operation)
	}
	if known != nil && (!known.NeedsModel || f.has(fact.RequestModel)) {
		return known.Class, orElse(written, known.Operation)
	}
	if meaning, ok := r.byName(f, span); ok {
		return meaning.Class, orElse(written, meaning.Operation)
	}
	counts := f.has(fact.InputTokens) || f.has(fact.OutputTokens)
	named := f.has(fact.RequestModel) || f.has(fact.ResponseModel)
	meaning, ok := r.ofName(f, span)
	if ok && meaning.Class == llm.NoRequest {
		return llm.NoRequest, written
	}
	if !ok {
		meaning = emitter.Meaning{Class: llm.Inference}
	}
	if named && serves(f, span) {
		served, _ := emitter.OfPath(f.text(fact.Endpoint))
		return served.Class, orElse(written, served.Operation)
	}
	if named && (counts || f.has(fact.TTFT)) && !isAside(f, span) {
		return meaning.Class, orElse(written, meaning.Operation)
	}
	// Gateways write zeros on all their spans, whatever these are about.
	something := f.number(fact.InputTokens) > 0 || f.number(fact.OutputTokens) > 0 || f.has(fact.TTFT)
	if something && f.proven != llm.NoLayer && span.Kind() == ptrace.SpanKindServer {
		return llm.Inference, written
	}
	if f.emitter < 0 && f.number(fact.InputTokens) > 0 && f.number(fact.OutputTokens) > 0 && f.memo.words.of(span.Name()).Has(emitter.NamesAsking) {
		return meaning.Class, orElse(written, meaning.Operation)
	}
	if named && r.showsCall(f, span) {
		f.unmetered = true
		return meaning.Class, orElse(written, meaning.Operation)
	}
	return llm.Unknown, ""
}

// byModel returns the kind of request that the model's name implies. Its family must show the kind by nothing else that is true.
func (r *Reader) byModel(f *spanValues) (meaning emitter.Meaning, ok bool) {
	if f.emitter < 0 || !r.emitters[f.emitter].traits.Has(emitter.ModelForOperation) {
		return meaning, false
	}
	model := f.text(fact.RequestModel)
	for i := range emitter.ModelMeanings {
		if m := &emitter.ModelMeanings[i]; containsFold(model, m.Part) {
			return m.Meaning, true
		}
	}
	return meaning, false
}

// ofAgent reports whether an operation that no table knows is one of an agent or tool, by its first word.
func ofAgent(operation string) bool {
	for _, prefix := range emitter.NoRequestPrefixes {
		if len(operation) >= len(prefix) && strings.EqualFold(operation[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// readPart keeps what a span holds beside or instead of a request.
func (r *Reader) readPart(f *spanValues, span ptrace.Span, known *emitter.Span, o *origin, b *Batch) {
	layer, provider := llm.Server, ""
	if f.emitter >= 0 {
		layer, provider = r.emitters[f.emitter].layer, r.emitters[f.emitter].provider
	}
	other := llm.NonRequest{Layer: layer, Provider: provider, Value: llm.Absent}
	if f.has(fact.BatchSize) && f.number(fact.BatchSize) > 0 {
		other.Kind, other.Value = llm.BatchSize, f.number(fact.BatchSize)
	}
	if known != nil {
		stage := correlate.Stage{Trace: span.TraceID(), Parent: span.ParentSpanID()}
		switch {
		case known.Alone == fact.ModelLoad && f.duration > 0:
			other.Kind, other.Value = llm.ModelLoad, f.duration
		case known.Lasts == fact.Queue && f.duration >= 0:
			stage.Length, stage.End = f.duration, span.EndTimestamp()
			b.Stages = append(b.Stages, stage)
		case known.Ends == fact.Queue:
			stage.Length, stage.End = llm.Absent, span.StartTimestamp()
			b.Stages = append(b.Stages, stage)
		default:
		}
	}
	if other.Value != llm.Absent && r.layers[layer] {
		r.addNonRequest(other, f, span, o, b)
	}
}

// readRun keeps the run of a tool or agent.
func (r *Reader) readRun(f *spanValues, span ptrace.Span, operation string, o *origin, b *Batch) {
	layer, _ := r.layerOf(f, span, o)
	run := llm.NonRequest{Layer: layer, Provider: r.provider(f), Operation: operation, Value: f.duration}
	switch operation {
	case "execute_tool":
		run.Kind, run.Name = llm.ToolRun, f.text(fact.ToolName)
	case "invoke_agent":
		if strings.EqualFold(f.text(fact.Operation), "create_agent") {
			return // Its kind is that of runs.
		}
		run.Kind, run.Name = llm.AgentRun, f.text(fact.AgentName)
	default:
		return
	}
	if run.Value < 0 || !r.layers[run.Layer] {
		return
	}
	// By convention the span is named after the operation and the tool or agent.
	named := strings.TrimSpace(strings.TrimPrefix(span.Name(), operation))
	run.Name = attr.Cut(orElse(run.Name, named), r.maxText)
	run.Provider = attr.Cut(run.Provider, r.maxText)
	run.Failed = span.Status().Code() == ptrace.StatusCodeError || f.has(fact.ErrorType) || f.has(fact.Failed)
	r.addNonRequest(run, f, span, o, b)
}

// addNonRequest adds a number that is no request, with what every span holds.
func (r *Reader) addNonRequest(a llm.NonRequest, f *spanValues, span ptrace.Span, o *origin, b *Batch) {
	a.Weight = weightOf(span.TraceState().AsRaw())
	a.Resource = o.use(r, b)
	if !o.takes(b.Signal) {
		return
	}
	a.Signal, a.MayYield, a.Sender = b.Signal, r.mayYieldRun(b.Signal, o), r.sender(f, span, o, b)
	a.Conditions = r.conditions(span, o)
	if len(r.options.Dimensions) > 0 {
		a.Dimensions = r.readDimensions(span, o, b)
	}
	b.NonRequests = append(b.NonRequests, a)
}
