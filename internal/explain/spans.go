// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

const (
	// maxText is the length in bytes at which attribute values are cut, as by default.
	maxText = 256
	// noLLMSpan names the reason for spans that nothing shows to be of an LLM application. They count in no self telemetry.
	noLLMSpan = "no_llm_span"
	// counts names what counts, beside the reasons for what does not.
	counts = "counts"
)

// Span is what was found out about one span.
type Span struct {
	// Number is that of the span's trace and of the span within it, as in 1.2. Parent is the parent's, if it is among them.
	Number, Parent string
	// Kind, Name, Scope and Version are the span's and its scope's, without what may be a text of a user.
	Kind, Name, Scope, Version string
	// Verdict is "counts", or the rule by which the span does not count, as in self telemetry.
	Verdict string
	// Detail says as what it counts, or why it does not.
	Detail string
	// Keys are those of the attributes of a span that is no request, without possible texts of a user.
	Keys []string
}

// explainer reads spans with the settings that hold by default.
type explainer struct {
	reader *spanreader.Reader
	logs   *logreader.Reader
}

// spans reports on spans, whose requests were read into a batch.
func (x *explainer) spans(traces ptrace.Traces, batch *spanreader.Batch) (all []Span) {
	requests := map[int32]*llm.Request{}
	for i := range batch.Requests {
		requests[batch.Requests[i].Span] = &batch.Requests[i]
	}
	numbers := number(traces)
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				one := Span{
					Number: numbers[identity{span.TraceID(), span.SpanID()}],
					Parent: numbers[identity{span.TraceID(), span.ParentSpanID()}],
					Kind:   span.Kind().String(), Name: nameOf(span.Name()),
					Scope: word(ss.Scope().Name()), Version: word(ss.Scope().Version()),
				}
				if q := requests[int32(len(all))]; q != nil {
					one.Verdict, one.Detail = verdict(q)
				} else {
					x.dismissed(&one, rs, ss, span)
				}
				all = append(all, one)
			}
		}
	}
	return all
}

// identity is that of a span.
type identity struct {
	trace pcommon.TraceID
	span  pcommon.SpanID
}

// number numbers traces and the spans within each, in their order.
func number(traces ptrace.Traces) map[identity]string {
	numbers, ordinals, sizes := map[identity]string{}, map[pcommon.TraceID]int{}, map[pcommon.TraceID]int{}
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				trace := span.TraceID()
				if ordinals[trace] == 0 {
					ordinals[trace] = len(ordinals) + 1
				}
				sizes[trace]++
				numbers[identity{trace, span.SpanID()}] = fmt.Sprintf("%d.%d", ordinals[trace], sizes[trace])
			}
		}
	}
	return numbers
}

// verdict says as what a request counts, or by which rule it does not.
func verdict(q *llm.Request) (verdict, detail string) {
	what := describe(q)
	if q.Duplicate == llm.Unique {
		return counts, what
	}
	return q.Duplicate.String(), q.Duplicate.Reason() + " (" + what + ")"
}

// describe says what was read of a request.
func describe(q *llm.Request) string {
	parts := []string{strings.TrimSpace(q.Layer.String() + " " + word(q.Operation)), word(q.Provider), models(q)}
	if tokens := tokensOf(q); tokens != "" {
		parts = append(parts, tokens)
	} else {
		parts = append(parts, "no tokens")
	}
	if seconds := q.Number[fact.Duration]; seconds != llm.Absent {
		parts = append(parts, fmt.Sprintf("%.3f s", seconds))
	}
	if seconds := q.Number[fact.TTFT]; seconds != llm.Absent {
		parts = append(parts, fmt.Sprintf("first token after %.3f s", seconds))
	}
	if usd := q.Number[fact.Cost]; usd != llm.Absent {
		parts = append(parts, fmt.Sprintf("%g USD", usd))
	}
	if q.Stream == llm.Streamed {
		parts = append(parts, "streamed")
	}
	outcome := q.Outcome.String()
	if q.ErrorType != "" {
		outcome += " " + word(q.ErrorType)
	}
	return strings.Join(slices.DeleteFunc(append(parts, outcome), func(part string) bool { return part == "" }), ", ")
}

func models(q *llm.Request) string {
	asked, answered := word(q.RequestModel), word(q.ResponseModel)
	switch {
	case asked == "" && answered == "":
		return "no model"
	case asked == "" || asked == answered:
		return answered
	case answered == "":
		return asked
	default:
		return asked + " answered by " + answered
	}
}

func tokensOf(q *llm.Request) string {
	var parts []string
	for _, count := range []struct {
		of   fact.Fact
		name string
	}{
		{fact.InputTokens, "input"},
		{fact.CacheReadTokens, "cache read"},
		{fact.CacheWriteTokens, "cache written"},
		{fact.OutputTokens, "output"},
		{fact.ReasoningTokens, "reasoning"},
	} {
		if tokens := q.Number[count.of]; tokens != llm.Absent {
			parts = append(parts, fmt.Sprintf("%.0f %s", tokens, count.name))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, " + ") + " tokens"
	if q.Estimated {
		text += " (estimated)"
	}
	return text
}

// dismissed says why a span is no request.
func (x *explainer) dismissed(s *Span, rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) {
	for key := range span.Attributes().All() {
		s.Keys = append(s.Keys, word(key))
	}
	slices.Sort(s.Keys)
	s.Keys = slices.Compact(s.Keys)
	alone, only := only(rs, ss, span)
	skip, skipped := x.skip(alone)
	if !skipped {
		s.Verdict = noLLMSpan
		s.Detail = "has no attribute that only LLM instrumentations write, and its scope is none of theirs"
		return
	}
	s.Verdict, s.Detail = skip.String(), skip.Reason()
	if skip == llm.SkipNoRequest {
		if denies := x.denies(alone, only); denies != "" {
			s.Detail = denies + " says that it is no request to a model"
		}
	}
}

// only returns traces with a copy of one span.
func only(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span) (ptrace.Traces, ptrace.Span) {
	alone := ptrace.NewTraces()
	resource := alone.ResourceSpans().AppendEmpty()
	rs.Resource().CopyTo(resource.Resource())
	scope := resource.ScopeSpans().AppendEmpty()
	ss.Scope().CopyTo(scope.Scope())
	copied := scope.Spans().AppendEmpty()
	span.CopyTo(copied)
	return alone, copied
}

// skip returns why a span that is alone in its traces is no request. It returns false if it is no LLM span.
func (x *explainer) skip(alone ptrace.Traces) (llm.Skip, bool) {
	batch := x.reader.NewBatch()
	x.reader.Read(alone, batch)
	for skip := range llm.Skips {
		if batch.Skipped[skip] > 0 {
			return skip, true
		}
	}
	return 0, false
}

// denies names what says that a span is no request: the attribute, the name, or both. Without it the span would be one.
func (x *explainer) denies(alone ptrace.Traces, span ptrace.Span) string {
	name := span.Name()
	if key := x.deniesByAttribute(alone, span); key != "" {
		return key
	}
	span.SetName("")
	defer span.SetName(name)
	if x.isRequest(alone) {
		return "its name"
	}
	if key := x.deniesByAttribute(alone, span); key != "" {
		return "its name, and " + key + ","
	}
	return ""
}

func (x *explainer) deniesByAttribute(alone ptrace.Traces, span ptrace.Span) string {
	all := pcommon.NewMap()
	span.Attributes().CopyTo(all)
	for key, value := range all.All() {
		span.Attributes().Remove(key)
		request := x.isRequest(alone)
		all.CopyTo(span.Attributes())
		if request {
			return word(key) + "=" + word(value.AsString())
		}
	}
	return ""
}

func (x *explainer) isRequest(alone ptrace.Traces) bool {
	batch := x.reader.NewBatch()
	x.reader.Read(alone, batch)
	return len(batch.Requests) > 0
}
