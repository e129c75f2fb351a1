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
	meaning, ok = f.memo.operations.lookUp(r.operations, word)
	return meaning, ok && meaning.Class.IsRequest()
}

// showsCall reports whether a span of no known emitter is a call of a model although it carries no usage. Calls that failed or
// were left carry none. The span calls or serves, names a provider and a model, and shows how the call ended or what answered.
func (r *Reader) showsCall(f *spanValues, span ptrace.Span) bool {
	if f.emitter >= 0 || span.Kind() != ptrace.SpanKindClient && span.Kind() != ptrace.SpanKindServer {
		return false
	}
	if r.provider(f) == "" && emitter.ProviderOfHost(host(f.text(fact.ServerAddress))) == "" || isOtherWork(span.Attributes()) {
		return false
	}
	return f.has(fact.RequestID) || f.has(fact.ResponseModel) || f.has(fact.FinishReason) || showsFailure(f, span)
}

// showsFailure reports whether a span says by itself that what it stands for failed or was left.
func showsFailure(f *spanValues, span ptrace.Span) bool {
	if span.Status().Code() == ptrace.StatusCodeError || f.has(fact.ErrorType) || f.has(fact.Failed) || f.number(fact.HTTPStatus) >= 400 {
		return true
	}
	for i := range min(span.Events().Len(), maxEvents) {
		if span.Events().At(i).Name() == "exception" {
			return true
		}
	}
	return false
}

// isOtherWork reports whether a span stands for other work, and only names the model in whose service that is done.
func isOtherWork(attributes pcommon.Map) bool {
	for key := range attributes.All() {
		if emitter.OtherWork[key] {
			return true
		}
	}
	return false
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
