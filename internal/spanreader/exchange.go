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

// addExchange adds the span of a failed HTTP or RPC request to a model's interface to a batch. It reports whether it is one.
func (r *Reader) addExchange(span ptrace.Span, b *Batch) bool {
	if span.Kind() != ptrace.SpanKindClient || span.Status().Code() != ptrace.StatusCodeError {
		return false
	}
	outcome, errorType := r.failedExchange(span)
	if outcome == llm.Success {
		return false
	}
	b.Connectors = append(b.Connectors, correlate.Connector{
		Trace: span.TraceID(), Span: span.SpanID(), Parent: span.ParentSpanID(), Bare: true, Hop: correlate.HopOf(span),
		Outcome: outcome, ErrorType: errorType, End: span.EndTimestamp(),
	})
	return true
}

// failedExchange returns how an HTTP or RPC request to a model's interface ended, by its span that failed. One that shows no address
// can be to a model. Any other span is a success.
func (r *Reader) failedExchange(span ptrace.Span) (outcome llm.Outcome, errorType string) {
	exchange, addressed, ofModel, name, code := false, false, false, "", ""
	for key, v := range span.Attributes().All() {
		value := attributeScalar(v)
		switch of := emitter.ExchangeKeys[key]; of {
		case fact.None:
		case fact.Operation:
			exchange = true
		case fact.Endpoint:
			addressed = true
			ofModel = ofModel || emitter.IsModelURL(value.words()) || emitter.ProviderOfHost(urlHost(value.words())) != ""
		case fact.ServerAddress:
			addressed = true
			ofModel = ofModel || emitter.ProviderOfHost(host(value.words())) != ""
		case fact.HTTPStatus:
			if status, ok := value.count(); ok {
				code = orElse(code, statusText(status))
			}
		case fact.Failed:
			code = orElse(code, value.grpcStatus())
		default:
			name = errorName(value.words())
		}
	}
	if !exchange || addressed && !ofModel {
		return llm.Success, ""
	}
	if _, vague := lookUp(emitter.VagueErrors, name); vague {
		name = orElse(code, messageType(span.Status().Message()))
	}
	outcome, errorType = llm.Error, attr.Cut(strings.Clone(orElse(name, unnamed)), r.maxText)
	if isNamed(emitter.Cancellations, name) || cancelsMessage(span.Status().Message()) {
		outcome = llm.Cancelled
	}
	return outcome, errorType
}
