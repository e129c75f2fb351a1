// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// byName returns what the name of a span of no known emitter means. By convention it is the operation and the model. Source:
// semantic-conventions v1.41.1 docs/gen-ai/gen-ai-spans.md.
func (r *Reader) byName(f *spanValues, span ptrace.Span) (meaning emitter.Meaning, ok bool) {
	if f.emitter >= 0 {
		return meaning, false
	}
	word, model, ok := strings.Cut(span.Name(), " ")
	if !ok || model == "" || model != f.text(fact.RequestModel) {
		return meaning, false
	}
	meaning, ok = f.memo.operations.of(word, r.operations, lookUp)
	return meaning, ok && meaning.Class.IsRequest()
}

// ofName returns what a span of no known emitter is whose name ends with an operation. Words for completions are none by themselves:
// people write them for chats, too.
func (r *Reader) ofName(f *spanValues, span ptrace.Span) (meaning emitter.Meaning, ok bool) {
	if f.emitter >= 0 {
		return meaning, false
	}
	name := span.Name()
	word := name[strings.LastIndexAny(name, ".:/ ")+1:]
	if _, beside := lookUp(emitter.BesideCalls, word); beside {
		return emitter.Meaning{Class: llm.NoRequest}, true
	}
	meaning, ok = f.memo.operations.of(word, r.operations, lookUp)
	return meaning, ok && meaning.Class.IsRequest() && meaning.Operation != "text_completion"
}

// serves reports whether a span of no known emitter answers as a server of a model's interface. Its path shows that. Who hands the
// request on knows to whom, or what it took: others only note the model.
func serves(f *spanValues, span ptrace.Span) bool {
	if f.emitter >= 0 || span.Kind() != ptrace.SpanKindServer || !f.has(fact.Provider) && !f.has(fact.InputTokens) && !f.has(fact.OutputTokens) {
		return false
	}
	_, ok := emitter.OfPath(f.text(fact.Endpoint))
	return ok
}

// isAside reports whether a span of no known emitter stands for what is done around a call. To prepare its prompt is such a thing.
// Such a span counts what goes in alone, and nothing says that a model was called.
func isAside(f *spanValues, span ptrace.Span) bool {
	if f.emitter >= 0 || f.number(fact.OutputTokens) > 0 {
		return false
	}
	name := f.memo.words.of(span.Name())
	return name.Has(emitter.NamesAside) || name&(emitter.NamesCall|emitter.NamesAsking) == 0 && span.Kind() == ptrace.SpanKindInternal &&
		!f.has(fact.TTFT) && !f.has(fact.Operation) && !f.has(fact.FinishReason) && !f.has(fact.RequestID) && !f.has(fact.ResponseModel)
}

// showsCall reports whether a span of no known emitter is a call of a model although it carries no usage. Calls that failed or
// were left carry none, and some people write none. The span shows how the call ended, or what answered. Beside that it has two of
// three signs. Its kind is that of a call, or it names who provides the model. Or it says how to answer or what it does, or holds a
// part of the answer. Where status OK is all of the end, it has to name the provider and what the model does. A client that names the
// provider is enough beside the model. So is a name that ends with what a model does, with the provider. A name that says in so many words that a
// model was asked is enough by itself. Most programs set no status on what went well.
func (r *Reader) showsCall(f *spanValues, span ptrace.Span) bool {
	if f.emitter >= 0 {
		return false
	}
	otherWork, asks := workOf(span.Attributes())
	name := f.memo.words.of(span.Name())
	if otherWork || name.Has(emitter.NamesAside) {
		return false
	}
	answered := f.has(fact.RequestID) || f.has(fact.FinishReason)
	calls := span.Kind() == ptrace.SpanKindClient || span.Kind() == ptrace.SpanKindServer
	provided := r.provider(f) != "" || emitter.ProviderOfHost(hostOf(f.text(fact.ServerAddress))) != ""
	replied := f.has(fact.HTTPStatus)
	says := asks || answered || f.has(fact.Operation)
	asking, calling := f.has(fact.RequestModel) && name.Has(emitter.NamesAsking), name.Has(emitter.NamesCall)
	if !answered && !f.has(fact.ResponseModel) && !showsFailure(f, span) {
		ended := span.Status().Code() == ptrace.StatusCodeOk || replied
		return asking && (ended || name.Has(emitter.NamesAsked)) ||
			provided && (span.Kind() == ptrace.SpanKindClient || replied || name.Has(emitter.NamesAct)) ||
			ended && provided && calls && (says || calling)
	}
	return calls && provided || (calls || provided) && (says || calling) || provided && replied || asking
}

// showsFailure reports whether a span says by itself that what it stands for failed or was left.
func showsFailure(f *spanValues, span ptrace.Span) bool {
	if span.Status().Code() == ptrace.StatusCodeError || f.has(fact.ErrorType) || f.has(fact.Failed) || fails(f.number(fact.HTTPStatus)) {
		return true
	}
	for i := range min(span.Events().Len(), maxEvents) {
		if emitter.ExceptionEvents[span.Events().At(i).Name()] {
			return true
		}
	}
	return false
}

// workOf reports whether a span stands for other work, and only names the model in whose service that is done. It also reports
// whether the span says how the model is to answer.
func workOf(attributes pcommon.Map) (other, asks bool) {
	for key := range attributes.All() {
		if emitter.OtherWork[key] {
			return true, asks
		}
		if dot := strings.LastIndexByte(key, '.'); dot >= 0 && emitter.RequestParameters[key[dot+1:]] {
			asks = true
		}
	}
	return false, asks
}

// dismiss counts a span of an LLM application that is no request because nothing shows that it is one.
func (r *Reader) dismiss(f *spanValues, o *origin, b *Batch) {
	reason := llm.SkipNoModel
	if f.has(fact.RequestModel) || f.has(fact.ResponseModel) {
		reason = llm.SkipUnproven
	}
	b.Skipped[reason]++
	b.Dismiss(o.scope.name, reason)
}
