// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// tokens reads the counts. Cached tokens are a part of the input, and a total gives the side that is missing.
func (p *plainly) tokens(q *plainRequest, traits emitter.Quirk, events ptrace.SpanEventSlice) {
	q.Input, q.Output = p.number(fact.InputTokens), p.number(fact.OutputTokens)
	q.Read, q.Written, q.Reasoning = p.number(fact.CacheReadTokens), p.number(fact.CacheWriteTokens), p.number(fact.ReasoningTokens)
	if _, s, ok := p.readSource(fact.CacheWriteTokens); ok && s.short || !ok && p.has(fact.CacheWriteHourTokens) {
		q.Written = max(q.Written, 0) + max(p.number(fact.CacheWriteHourTokens), 0)
	}
	if thoughts := p.number(fact.ThoughtTokens); thoughts > 0 {
		q.Output, q.Reasoning = max(q.Output, 0)+thoughts, max(q.Reasoning, thoughts)
	}
	total, cached, reasoning := p.number(fact.TotalTokens), max(q.Read, 0)+max(q.Written, 0), max(q.Reasoning, 0)
	more := total - q.Input - q.Output
	if q.Input < 0 || q.Output < 0 {
		more = 0
	}
	without := more > 0 && (more == cached || more == cached+reasoning && more != reasoning)
	added := more > 0 && more != cached && (more == reasoning || more == cached+reasoning)
	if added {
		q.Output += reasoning
	}
	if more > 0 && more != cached && more != reasoning && more != cached+reasoning {
		switch side := emitter.CountedApart(p.provider()); {
		case cached > 0 && traits.Has(emitter.CacheInTotal):
		case traits.Has(emitter.CacheInTotal):
			if traits.Has(emitter.ProviderThoughts) && side == fact.OutputTokens {
				more -= reasoning
			}
			if more > 0 {
				q.Input, q.Read = q.Input+more, more
			}
		case side == fact.InputTokens && cached == 0:
			q.Input += more
		case side == fact.OutputTokens && reasoning == 0:
			q.Output += more
		}
	}
	thoughtsApart := traits.Has(emitter.ProviderThoughts) && emitter.CountedApart(p.provider()) == fact.OutputTokens
	for _, field := range []fact.Fact{fact.OutputTokens, fact.ReasoningTokens} {
		if _, s, ok := p.readSource(field); ok && s.parts() == usage.Beside {
			thoughtsApart = true
		}
	}
	if q.Output >= 0 && (q.Reasoning > q.Output || thoughtsApart && !added) {
		q.Output += reasoning
	}
	finish, _ := p.finish(events)
	beside := traits.Has(emitter.ProviderCounts) && emitter.CacheApart[p.provider()] ||
		traits.Has(emitter.MessagesCounts) && emitter.MessagesFinishes[finish] && total < 0
	for _, says := range []usage.Place{usage.Beside, usage.Within} {
		for _, field := range []fact.Fact{fact.InputTokens, fact.CacheReadTokens, fact.CacheWriteTokens} {
			if _, s, ok := p.readSource(field); ok && s.parts() == says {
				beside = says == usage.Beside
			}
		}
	}
	without = without || beside
	if q.Input >= 0 && (cached > q.Input || without) {
		q.Input += cached
	}
	switch {
	case q.Input < 0 && q.Output >= 0 && total > q.Output:
		q.Input = total - q.Output
	case q.Output < 0 && q.Input >= 0 && total > q.Input:
		q.Output = total - q.Input
	}
	q.Estimated = (traits.Has(emitter.EstimatesTokens) && q.Stream != llm.NotStreamed || traits.Has(emitter.EstimatesInput)) && q.Output >= 0
}

// provider returns the provider's name in the convention, that of the family if the span names none.
func (p *plainly) provider() string {
	written := p.text(fact.Provider)
	if written == "" && p.emitter >= 0 {
		return p.families[p.emitter].Provider
	}
	name := written[strings.LastIndexByte(written, '/')+1:]
	if _, known := emitter.Providers[strings.ToLower(written)]; !known && isAddress(written) {
		return emitter.ProviderOfHost(hostOf(written))
	}
	for _, as := range []string{written, name} {
		if known, ok := emitter.Providers[strings.ToLower(as)]; ok {
			return known
		}
	}
	if of := emitter.ProviderOfHost(hostOf(written)); of != "" {
		return of
	}
	if known, ok := emitter.SpelledProvider(name); ok {
		return known
	}
	for _, suffix := range emitter.ProviderSuffixes {
		if short, ok := strings.CutSuffix(name, suffix); ok && short != "" {
			if known, ok := emitter.Providers[strings.ToLower(short)]; ok {
				return known
			}
			return short
		}
	}
	return name
}

// finish returns what ended the answer, from attributes or else from the event that holds the answer.
func (p *plainly) finish(events ptrace.SpanEventSlice) (string, bool) {
	if v, ok := p.read(fact.FinishReason); ok {
		return v.text, true
	}
	for _, event := range events.All() {
		if v, ok := event.Attributes().Get("finish_reason"); ok && event.Name() == "gen_ai.choice" {
			value := attributeScalar(v)
			if got, ok := p.value(fact.FinishReason, emitter.TextList, &value); ok {
				return got.text, true
			}
		}
	}
	return "", false
}

// outcome reads how the request ended, and names the error.
func (p *plainly) outcome(q *plainRequest, traits emitter.Quirk, known *emitter.Span, span ptrace.Span) {
	reason, _ := p.finish(span.Events())
	finish := emitter.FinishReasons[strings.ToLower(reason)]
	noID := emitter.PlaceholderIDs[q.ID]
	if noID {
		q.ID = ""
	}
	exceptionType, exceptionMessage, raised := plainException(span.Events())
	status, http := span.Status(), p.number(fact.HTTPStatus)

	failed := status.Code() == ptrace.StatusCodeError || p.has(fact.ErrorType) || p.has(fact.Failed) || fails(http) ||
		finish == emitter.FinishError ||
		raised && (status.Code() == ptrace.StatusCodeUnset || traits.Has(emitter.ExceptionFails))
	answered := p.has(fact.Answered) || known != nil && known.Answered && !p.has(fact.InputTokens)
	if traits.Has(emitter.CountAtEnd) && p.number(fact.OutputTokens) == 0 && p.has(fact.Answered) {
		answered = known != nil && known.Answered && !p.has(fact.InputTokens)
	}
	unfinished := reason == "" || finish == emitter.FinishNothing
	left := unfinished && (known != nil && known.Finishes && (http >= 0 || !traits.Has(emitter.NoResponseFails)) ||
		q.Output <= 0 && (known != nil && known.CountsAtEnd || reason != "" && answered))
	silent := left || q.Output <= 0 && (noID || unfinished && !answered)

	told := status.Code() == ptrace.StatusCodeError || p.has(fact.ErrorType) || fails(http) || raised
	switch {
	case !told && (finish == emitter.FinishError && traits.Has(emitter.BareErrorCancels) ||
		p.has(fact.Failed) && traits.Has(emitter.BareFailureCancels)):
		q.Outcome, q.ErrorType = llm.Cancelled, "cancelled"
	case failed:
		q.Outcome, q.ErrorType = llm.Error, "_OTHER"
		code := ""
		if http >= 400 && http < 600 {
			code = strconv.Itoa(int(http))
		}
		vague := ""
		for _, name := range []string{
			errorName(p.text(fact.ErrorType)), errorName(exceptionType), code, messageType(p.text(fact.ErrorMessage)),
			messageType(status.Message()), messageType(exceptionMessage),
		} {
			if !emitter.VagueErrors[strings.ToLower(name)] {
				q.ErrorType, vague = name, ""
				break
			}
			vague = orElse(vague, name)
		}
		q.ErrorType = orElse(vague, q.ErrorType)
		if q.ErrorType == "_OTHER" && finish == emitter.FinishError && emitter.TimesOut(reason) {
			q.ErrorType = "timeout"
		}
		messages := []string{status.Message(), exceptionMessage, p.text(fact.ErrorMessage)}
		gaveUp, isVague := slices.ContainsFunc(messages, cancelsMessage), emitter.VagueErrors[strings.ToLower(q.ErrorType)]
		byName, timed := isNamed(emitter.Cancellations, q.ErrorType) || emitter.GaveUp(q.ErrorType), isNamed(emitter.TimedCancellations, q.ErrorType)
		if slices.ContainsFunc(messages, timesOut) && (isVague || timed || gaveUp && !byName) {
			q.ErrorType = "timeout"
		} else if byName || gaveUp {
			q.Outcome = llm.Cancelled
			if isVague {
				q.ErrorType = "cancelled"
			}
		}
	case finish == emitter.FinishCancelled:
		q.Outcome, q.ErrorType = llm.Cancelled, reason
	case silent && !left && http < 0 && status.Code() == ptrace.StatusCodeUnset && traits.Has(emitter.NoResponseFails):
		q.Outcome, q.ErrorType = llm.Error, "_OTHER"
	case silent && q.Class == llm.Inference && ((noID || left) && q.Layer == llm.Client || traits.Has(emitter.SilenceCancels)):
		q.Outcome, q.ErrorType = llm.Cancelled, "cancelled"
	}
	if prompted := q.Class == llm.Inference || q.Class == llm.Embeddings; prompted && q.Input == 0 {
		if q.Input = llm.Absent; q.Output == 0 {
			q.Output = llm.Absent
		}
	}
	if q.Outcome != llm.Success && q.Input <= 0 && q.Output <= 0 {
		q.Input, q.Output = llm.Absent, llm.Absent
	}
	q.Estimated = q.Estimated && (q.Input != llm.Absent || q.Output != llm.Absent)
}

// plainException returns the last exception that the span recorded.
func plainException(events ptrace.SpanEventSlice) (name, message string, raised bool) {
	for _, event := range events.All() {
		if !emitter.ExceptionEvents[event.Name()] {
			continue
		}
		raised = true
		text := func(key string) string {
			v, ok := event.Attributes().Get(key)
			if !ok {
				return ""
			}
			value := attributeScalar(v)
			return value.words()
		}
		name, message = text("exception.type"), text("exception.message")
	}
	return name, message, raised
}
