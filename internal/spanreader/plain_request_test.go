// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// partsOfName is what stands between the parts of a span's name.
var partsOfName = regexp.MustCompile("[.:/ ]")

// plainRequest is what matters most of a request, as a plain reader understands one span.
type plainRequest struct {
	Class                                   llm.Class
	Operation                               string
	Layer                                   llm.Layer
	Emitter                                 int16
	Stream                                  llm.Streaming
	Input, Output, Read, Written, Reasoning float64
	Estimated                               bool
	Duration, TTFT                          float64
	ID                                      string
	Outcome                                 llm.Outcome
	ErrorType                               string
}

// plainRequestOf returns the same of what the Reader understood.
func plainRequestOf(q *correlate.Request) plainRequest {
	return plainRequest{
		q.Class, q.Operation, q.Layer, q.Emitter, q.Stream,
		q.Number[fact.InputTokens], q.Number[fact.OutputTokens], q.Number[fact.CacheReadTokens], q.Number[fact.CacheWriteTokens], q.Number[fact.ReasoningTokens], q.Estimated,
		q.Number[fact.Duration], q.Number[fact.TTFT], q.ID, q.Outcome, q.ErrorType,
	}
}

// readPlainly reads one span by the rules, one rule after the other, or reports that it is no request.
func readPlainly(resource pcommon.Map, scope pcommon.InstrumentationScope, span ptrace.Span) (q plainRequest, ok bool) {
	p := plainly{
		families: emitter.All(), attributes: span.Attributes(), start: span.StartTimestamp(),
		duration: spanDuration(span.StartTimestamp(), span.EndTimestamp()),
	}
	p.emitter = p.emitterOf(resource, scope)
	named := p.emitter >= 0 && len(p.families[p.emitter].Spans) > 0
	p.mark()
	q.Emitter = p.emitter
	var known *emitter.Span
	var family emitter.Family
	if p.emitter >= 0 {
		family = p.families[p.emitter]
		if i := slices.IndexFunc(family.Spans, func(s emitter.Span) bool { return match.Match(s.Name, span.Name()) }); i >= 0 {
			known = &family.Spans[i]
		}
	}
	name := emitter.ReadSpanName(span.Name())
	if p.emitter < 0 && !isLibrary(scope.Name()) && (name.Has(emitter.NamesCall) || name.Has(emitter.NamesAsking)) && !name.Has(emitter.NamesAside) &&
		span.Kind() != ptrace.SpanKindProducer && span.Kind() != ptrace.SpanKindConsumer {
		if p.name = name; !p.hasLLMKey() && !p.showsOwnCall() {
			return q, false
		}
	} else if !named && !p.hasLLMKey() {
		return q, false
	}
	kind := p.kind()
	if kind.Cached && p.number(fact.CacheReadTokens) > 0 {
		kind = emitter.Meaning{}
	}
	q.Class, q.Operation = p.classOf(kind, known, span)
	if kind.Stream == llm.StreamUnknown {
		kind.Stream = emitter.Operations[strings.ToLower(p.text(fact.Operation))].Stream
	}
	if q.Class != llm.Supplement && !q.Class.IsRequest() || span.EndTimestamp() == 0 {
		return q, false
	}
	q.Layer = p.layerOf(family.Layer, span.Kind())
	q.Duration = p.duration
	if known != nil && known.Instant {
		q.Duration = llm.Absent
	}
	if measured := p.number(fact.Duration); measured > 0 {
		q.Duration = measured
	}
	if q.ID = p.text(fact.RequestID); family.Quirks.Has(emitter.SpanPerOutput) {
		q.ID = withoutOutput(q.ID)
	}
	p.stream(&q, kind, known, family.Quirks, span.Events())
	p.tokens(&q, family.Quirks, span.Events())
	p.outcome(&q, family.Quirks, known, span)
	return q, true
}

// showsOwnCall reports whether keys of a program's own show a call.
func (p *plainly) showsOwnCall() bool {
	_, provided := emitter.Providers[strings.ToLower(p.text(fact.Provider))]
	return provided || p.name.Has(emitter.NamesAsking) || p.kind().Class != llm.Unknown || p.has(fact.InputTokens) || p.has(fact.OutputTokens)
}

func (p *plainly) emitterOf(resource pcommon.Map, scope pcommon.InstrumentationScope) int16 {
	for i := range p.families {
		for _, pattern := range p.families[i].Scopes {
			if before := p.families[i].Before; match.Match(pattern, scope.Name()) && (before == "" || olderThan(scope.Version(), before)) {
				return int16(i)
			}
		}
	}
	for i := range p.families {
		for _, pair := range p.families[i].Resource {
			if v, ok := resource.Get(pair.Key); ok && match.Match(pair.Value, v.AsString()) {
				return int16(i)
			}
		}
	}
	return -1
}

// rowsOf calls yield for each row of each attribute that the span has and that holds for its emitter.
func (p *plainly) rowsOf(yield func(a *emitter.Attribute, own bool)) {
	for i := range p.families {
		for j := range p.families[i].Attributes {
			a := &p.families[i].Attributes[j]
			if _, ok := p.attributes.Get(a.Key); ok {
				yield(a, int16(i) == p.emitter)
			}
		}
	}
}

// hasLLMKey reports whether the span has a key that only LLM emitters write.
func (p *plainly) hasLLMKey() (has bool) {
	p.rowsOf(func(a *emitter.Attribute, _ bool) { has = has || !a.Generic && !a.EmitterSpecific })
	for key := range p.attributes.All() {
		_, counts := emitter.CountOf(key)
		_, names := emitter.NameOf(key)
		has = has || (counts || names) && emitter.OfModels(key) && !p.listed(key)
	}
	return has
}

func (p *plainly) text(field fact.Fact) string {
	v, _ := p.read(field)
	return v.text
}

func (p *plainly) number(field fact.Fact) float64 {
	if v, ok := p.read(field); ok {
		return v.number
	}
	return llm.Absent
}

func (p *plainly) has(field fact.Fact) bool {
	_, ok := p.read(field)
	return ok
}

func (p *plainly) classOf(kind emitter.Meaning, known *emitter.Span, span ptrace.Span) (llm.Class, string) {
	// 1. What denies.
	if known != nil && known.Class == llm.NoRequest && known.Name != "*" || kind.Class == llm.NoRequest {
		return llm.NoRequest, kind.Operation
	}
	// 2. The model of a span that is a request by its name, the operation.
	for _, m := range emitter.ModelMeanings {
		if known != nil && known.Class == llm.Inference && p.families[p.emitter].Quirks.Has(emitter.ModelForOperation) &&
			strings.Contains(strings.ToLower(p.text(fact.RequestModel)), m.Part) {
			return m.Class, m.Operation
		}
	}
	written := p.text(fact.Operation)
	if meaning, ok := emitter.Operations[strings.ToLower(written)]; ok && len(written) <= maxFolded {
		if kind.Class == llm.Supplement || known != nil && known.Class == llm.Supplement {
			return llm.Supplement, meaning.Operation
		}
		if known != nil && known.Class == llm.Media && meaning.Class.IsRequest() {
			return llm.Media, meaning.Operation
		}
		if kind.Class.IsRequest() && kind.Class != llm.Inference && meaning.Class == llm.Inference {
			return kind.Class, orElse(kind.Operation, meaning.Operation)
		}
		return meaning.Class, meaning.Operation
	}
	for _, prefix := range emitter.NoRequestPrefixes {
		if kind.Class == llm.Unknown && strings.HasPrefix(strings.ToLower(written), prefix) {
			return llm.NoRequest, written
		}
	}
	// 3. What affirms, 4. the name.
	switch {
	case kind.Class.IsRequest() && known != nil && known.Class.IsRequest():
		return known.Class, orElse(written, orElse(known.Operation, kind.Operation))
	case kind.Class != llm.Unknown:
		return kind.Class, orElse(written, kind.Operation)
	case known != nil && (!known.NeedsModel || p.has(fact.RequestModel)):
		return known.Class, orElse(written, known.Operation)
	}
	// 5. The name by convention.
	for word, meaning := range emitter.Operations {
		if model := p.text(fact.RequestModel); p.emitter < 0 && model != "" && meaning.Class.IsRequest() && len(word) == len(span.Name())-len(model)-1 &&
			strings.ToLower(span.Name()[:len(word)]) == word && span.Name()[len(word):] == " "+model {
			return meaning.Class, orElse(written, meaning.Operation)
		}
	}
	// 6. Usage or latencies, with a model or from a server.
	input, output, first := p.number(fact.InputTokens), p.number(fact.OutputTokens), p.number(fact.TTFT)
	hasModel, of := p.has(fact.RequestModel) || p.has(fact.ResponseModel), emitter.Meaning{Class: llm.Inference}
	if parts := partsOfName.Split(strings.ToLower(span.Name()), -1); p.emitter < 0 {
		last := parts[len(parts)-1]
		if emitter.BesideCalls[last] {
			return llm.NoRequest, written
		}
		if meaning := emitter.Operations[last]; meaning.Class.IsRequest() && meaning.Operation != "text_completion" {
			of = meaning
		}
		if p.serves(span.Kind()) && hasModel {
			served, _ := emitter.OfPath(p.text(fact.Endpoint))
			return served.Class, orElse(written, served.Operation)
		}
	}
	name := emitter.ReadSpanName(span.Name())
	bare := span.Kind() == ptrace.SpanKindInternal && !p.has(fact.TTFT) && !p.has(fact.Operation) && !p.has(fact.FinishReason) &&
		!p.has(fact.RequestID) && !p.has(fact.ResponseModel)
	aside := p.emitter < 0 && output <= 0 &&
		(name.Has(emitter.NamesAside) || bare && !name.Has(emitter.NamesCall) && !name.Has(emitter.NamesAsking))
	if hasModel && (input >= 0 || output >= 0 || first > 0) && !aside {
		return of.Class, orElse(written, of.Operation)
	}
	if p.proven() != llm.NoLayer && span.Kind() == ptrace.SpanKindServer && (input > 0 || output > 0 || first > 0) {
		return llm.Inference, written
	}
	if p.emitter < 0 && input > 0 && output > 0 && name.Has(emitter.NamesAsking) {
		return of.Class, orElse(written, of.Operation)
	}
	// 7. How a call to a provider ended.
	if hasModel && p.showsCall(span) {
		return of.Class, orElse(written, of.Operation)
	}
	return llm.Unknown, ""
}

// showsCall reports whether a span of no emitter that is known shows a call without usage.
func (p *plainly) showsCall(span ptrace.Span) bool {
	signs := 0
	if span.Kind() == ptrace.SpanKindClient || span.Kind() == ptrace.SpanKindServer {
		signs++
	}
	provided := p.provider() != "" || emitter.ProviderOfHost(hostOf(p.text(fact.ServerAddress))) != ""
	if provided {
		signs++
	}
	name, replied := emitter.ReadSpanName(span.Name()), p.has(fact.HTTPStatus)
	if name.Has(emitter.NamesAside) {
		return false
	}
	detailed := p.has(fact.RequestID) || p.has(fact.FinishReason) || p.has(fact.Operation) || name.Has(emitter.NamesCall)
	for key := range span.Attributes().All() {
		if emitter.OtherWork[key] {
			return false
		}
		parts := strings.Split(key, ".")
		detailed = detailed || len(parts) > 1 && emitter.RequestParameters[parts[len(parts)-1]]
	}
	if detailed {
		signs++
	}
	_, _, raised := plainException(span.Events())
	ended := p.has(fact.RequestID) || p.has(fact.ResponseModel) || p.has(fact.FinishReason) || raised ||
		span.Status().Code() == ptrace.StatusCodeError || p.has(fact.ErrorType) || p.has(fact.Failed) || p.number(fact.HTTPStatus) >= 400
	asking := p.has(fact.RequestModel) && name.Has(emitter.NamesAsking)
	wentWell := span.Status().Code() == ptrace.StatusCodeOk && (asking || provided && signs == 3)
	says := asking && name.Has(emitter.NamesAsked) || provided && (span.Kind() == ptrace.SpanKindClient || name.Has(emitter.NamesAct))
	return p.emitter < 0 && (ended && (signs >= 2 || asking) || wentWell || says || replied && (provided || asking))
}

// proven is the highest layer that a key proves. The emitter's own row for a key takes the place of the others.
func (p *plainly) proven() (layer llm.Layer) {
	p.rowsOf(func(a *emitter.Attribute, own bool) {
		if a.EmitterSpecific && own || !a.EmitterSpecific && !p.replaced(a) {
			layer = max(layer, a.Layer)
		}
	})
	return layer
}

// replaced reports whether the emitter has a row of its own for the key and fact.
func (p *plainly) replaced(a *emitter.Attribute) bool {
	return p.emitter >= 0 && slices.ContainsFunc(p.families[p.emitter].Attributes, func(own emitter.Attribute) bool {
		return own.EmitterSpecific && own.Key == a.Key && own.Fact == a.Fact && a.Fact != fact.None
	})
}

// serves reports whether a span of no emitter that is known is that of a gateway, by its path.
func (p *plainly) serves(kind ptrace.SpanKind) bool {
	_, ok := emitter.OfPath(p.text(fact.Endpoint))
	return ok && p.emitter < 0 && kind == ptrace.SpanKindServer && (p.has(fact.Provider) || p.has(fact.InputTokens) || p.has(fact.OutputTokens))
}

func (p *plainly) layerOf(family llm.Layer, kind ptrace.SpanKind) llm.Layer {
	proven := p.proven()
	switch {
	case family != llm.NoLayer:
		return family
	case proven == llm.Gateway || proven == llm.Server && kind == ptrace.SpanKindServer:
		return proven
	case p.serves(kind):
		return llm.Gateway
	default:
		return llm.Client
	}
}

// stream reads whether the response was streamed, and when it began.
func (p *plainly) stream(q *plainRequest, kind emitter.Meaning, known *emitter.Span, traits emitter.Quirk, events ptrace.SpanEventSlice) {
	first, gaps := p.firstToken(events)
	q.TTFT = first
	switch flag := p.number(fact.Stream); {
	case flag == 1:
		q.Stream = llm.Streamed
	case flag == 0:
		q.Stream = llm.NotStreamed
	case kind.Stream != llm.StreamUnknown:
		q.Stream = kind.Stream
	case known != nil && known.Streamed || gaps:
		q.Stream = llm.Streamed
	}
	if q.Layer == llm.Server || traits.Has(emitter.EngineClock) || first == llm.Absent {
		return // an engine sees its first token in any case
	}
	limit := 0.98
	ofAny := traits.Has(emitter.TTFTOfAny)
	if ofAny && q.Stream == llm.StreamUnknown {
		limit = 0.75
	}
	switch {
	case (q.Stream == llm.Streamed || q.Stream == llm.StreamUnknown && !ofAny) && traits.Has(emitter.TTFTAtEnd) && first >= limit*q.Duration:
		q.TTFT, q.Stream = llm.Absent, llm.Streamed
	case q.Stream == llm.NotStreamed, q.Stream == llm.StreamUnknown && first >= limit*q.Duration:
		q.TTFT = llm.Absent
	case q.Stream == llm.StreamUnknown:
		q.Stream = llm.Streamed
	}
	if traits.Has(emitter.TTFTFromHeaders) {
		q.TTFT = llm.Absent
	}
}

// firstToken returns the time to the first token, and whether there are two chunks with a time between them.
func (p *plainly) firstToken(events ptrace.SpanEventSlice) (first float64, gaps bool) {
	first = llm.Absent
	best := math.MaxInt
	if v, s, ok := p.readSource(fact.TTFT); ok {
		first, best = v.number, s.order
		if s.row.Encoding == emitter.MillisOrNanos {
			unit := 1e-3
			if _, input, _ := p.readSource(fact.InputTokens); p.has(fact.Operation) || input.name == emitter.InputKey {
				unit = 1e-9
			}
			if first *= unit; !llm.Plausible(first, p.duration) {
				first = llm.Absent
			}
		}
	}
	last := pcommon.Timestamp(0)
	for _, event := range events.All() {
		for i := range p.families {
			for _, e := range p.families[i].Events {
				if !match.Match(e.Name, event.Name()) {
					continue
				}
				switch length := llm.SecondsBetween(p.start, event.Timestamp()); {
				case e.Fact == fact.ChunkGaps:
					gaps = gaps || last != 0 && llm.Plausible(llm.SecondsBetween(last, event.Timestamp()), p.duration)
					last = event.Timestamp()
				case e.Fact == fact.TTFT && llm.Plausible(length, p.duration) && p.start != 0:
					if order := slices.Index(emitter.Precedence[fact.TTFT], "event:"+e.Name); order < best || order == best && length < first {
						first, best = length, order
					}
				}
			}
		}
	}
	return first, gaps
}
