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
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// interpret fills in a request from what was found on its span.
func (r *Reader) interpret(f *spanValues, span ptrace.Span, known *emitter.Span, o *origin, q *correlate.Request, b *Batch) {
	if known != nil && known.Answered && !f.has(fact.InputTokens) {
		f.keepNumber(fact.Answered, 0, 1)
	}
	exception := noException
	if span.Events().Len() > 0 {
		exception = r.readEvents(f, span, q, b)
	} else {
		q.GapRange = [2]int32{int32(len(b.Gaps)), int32(len(b.Gaps))}
	}

	duration := f.duration
	if known != nil && known.Instant || o.rows != nil && q.Start == q.End {
		duration = llm.Absent
	}
	if measured := f.number(fact.Duration); measured > 0 {
		duration = measured
	}
	q.Number = *f.ofRequest()
	q.Number[fact.Duration] = duration

	q.Provider = attr.Cut(orElse(r.provider(f), o.provider), r.maxText)
	if q.Traits.Has(emitter.ServiceForProvider) && f.text(fact.Provider) == o.scope.name {
		q.Provider = attr.Cut(o.provider, r.maxText)
	}
	if model := f.text(fact.RequestModel); model != q.Operation || !q.Traits.Has(emitter.OperationForModel) {
		q.RequestModel = r.model(model)
	}
	q.ResponseModel = r.model(f.text(fact.ResponseModel))
	if known != nil && known.NamesModel && q.RequestModel == "" {
		q.RequestModel = r.model(strings.TrimPrefix(span.Name(), strings.TrimSuffix(known.Name, "*")))
	}
	if q.RequestModel == "" && q.ResponseModel == "" {
		q.RequestModel = r.model(o.model)
	}
	q.ServerAddress = attr.Cut(host(f.text(fact.ServerAddress)), r.maxText)
	if q.Provider == "" {
		q.Provider = emitter.ProviderOfServer(hostOf(q.ServerAddress), q.Number[fact.ServerPort])
	}
	q.ID = f.text(fact.RequestID)
	if q.Traits.Has(emitter.SpanPerOutput) {
		q.ID = withoutOutput(q.ID)
	}
	if f.has(fact.CallID) {
		q.Call = f.texts[fact.CallID]
	}
	q.PrefilledElsewhere = f.number(fact.PrefilledElsewhere) == 1
	r.readOptional(f, fact.Endpoint, &q.Endpoint)
	r.readOptional(f, fact.User, &q.User)
	r.readOptional(f, fact.ServiceTier, &q.ServiceTier)
	r.readOptional(f, fact.Tenant, &q.Tenant)
	r.readOptional(f, fact.Session, &q.Session)

	if f.has(fact.TTFT) && f.ranks[fact.TTFT] == f.undecided {
		q.Number[fact.TTFT] = r.byVersion(f)
	}

	q.RetryTime = max(f.number(fact.RetryTime), 0)
	if q.Class == llm.Supplement {
		q.Duplicate = llm.Supplemented
	}
	r.readStreaming(f, known, q)
	r.readTokens(f, q)
	if r.modalities {
		r.readModalities(f, q, b)
	}
	r.readFinish(f, q, b)
	r.readOutcome(f, span, known, exception, q)
}

// byVersion returns the time to the first token in the unit of the emitter's version, which other keys show.
func (r *Reader) byVersion(f *spanValues) float64 {
	unit := 1e-3
	if f.has(fact.Operation) || f.has(fact.InputTokens) && f.ranks[fact.InputTokens]%zeroRank == r.inputRank {
		unit = 1e-9
	}
	if number := f.number(fact.TTFT) * unit; llm.Plausible(number, f.duration) {
		return number
	}
	return llm.Absent
}

// host returns the host that an HTTP URL names. Anything else is one already.
func host(address string) string {
	if strings.HasPrefix(address, "http") { // most addresses cost no more than this
		return urlHost(address)
	}
	return address
}

func urlHost(address string) string {
	_, rest, url := strings.Cut(address, "://")
	if !url {
		return address
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if port := strings.LastIndexByte(rest, ':'); port > strings.LastIndexByte(rest, ']') {
		rest = rest[:port]
	}
	return rest
}

// readOptional keeps a text that few spans have.
func (r *Reader) readOptional(f *spanValues, field fact.Fact, to *string) {
	if f.has(field) {
		*to = attr.Cut(f.texts[field], r.maxText)
	}
}

func (r *Reader) model(name string) string {
	return attr.Cut(r.models.of(name), r.maxText)
}

func (r *Reader) provider(f *spanValues) string {
	if written := f.text(fact.Provider); written != "" {
		if to, ok := r.providerPatterns.fold(written); ok {
			return to
		}
		if name, _ := f.memo.providers.of(written, r.providers, providerOf); name != "" {
			return name
		}
	}
	if f.emitter >= 0 {
		return r.emitters[f.emitter].provider
	}
	return ""
}

// isAddress reports whether a provider's name is an address instead: a host with a port, or a URL.
func isAddress(name string) bool {
	i := strings.LastIndexByte(name, ':')
	return i >= 0 && i+1 < len(name) && (strings.HasPrefix(name[i:], "://") || isDigit(name[i+1]))
}

// hostOf returns the host of an address, without its port and path.
func hostOf(address string) string {
	if strings.Contains(address, "://") {
		return urlHost(address)
	}
	if end := strings.IndexAny(address, ":/"); end >= 0 {
		return address[:end]
	}
	return address
}

// providerOf returns the provider that a name or an address stands for.
func providerOf(providers map[string]string, written string) (name string, known bool) {
	if name, known = lookUp(providers, written); known {
		return name, true
	}
	if name = emitter.ProviderOfHost(hostOf(written)); name == "" && !isAddress(written) {
		name = shortProvider(providers, written)
	}
	return name, name != ""
}

// shortProvider takes a path and the interface's name off an unknown provider's.
func shortProvider(providers map[string]string, written string) string {
	if i := strings.LastIndexByte(written, '/'); i >= 0 && i+1 < len(written) {
		written = written[i+1:]
		if name, known := lookUp(providers, written); known {
			return name
		}
	}
	if name, known := emitter.SpelledProvider(written); known {
		return name
	}
	if !strings.Contains(written, ".") {
		return written
	}
	for _, suffix := range emitter.ProviderSuffixes {
		if short, ok := strings.CutSuffix(written, suffix); ok && short != "" {
			if name, known := lookUp(providers, short); known {
				return name
			}
			return short
		}
	}
	return written
}

// Some emitters write the time of the whole response where it was not streamed.
const (
	// notFirst is the share of the duration from which on a time to the first token is no such thing.
	notFirst = 0.98
	// notFirstOfAny is that share for emitters that are known to write the time for any response.
	notFirstOfAny = 0.75
)

// readStreaming decides whether the response was streamed. An engine, and a gateway that is a part of it, knows its first token
// in any case. A client or another gateway knows it only if it saw a stream.
func (r *Reader) readStreaming(f *spanValues, known *emitter.Span, q *correlate.Request) {
	switch {
	case f.number(fact.Stream) == 1:
		q.Stream = llm.Streamed
	case f.number(fact.Stream) == 0:
		q.Stream = llm.NotStreamed
	case f.kind.Stream != llm.StreamUnknown:
		q.Stream = f.kind.Stream
	case known != nil && known.Streamed || q.GapRange[1] > q.GapRange[0]:
		q.Stream = llm.Streamed
	default:
	}
	if q.Layer == llm.Server || q.Traits.Has(emitter.EngineClock) {
		return
	}
	limit := notFirst
	if q.Traits.Has(emitter.TTFTOfAny) && q.Stream == llm.StreamUnknown {
		limit = notFirstOfAny
	}
	// Of log events without a duration nothing is known of the end.
	late := q.Number[fact.TTFT] >= limit*q.Number[fact.Duration] && (q.Signal != llm.Logs || q.Number[fact.Duration] != llm.Absent)
	switch {
	case q.Number[fact.TTFT] == llm.Absent:
	case (q.Stream == llm.Streamed || q.Stream == llm.StreamUnknown && !q.Traits.Has(emitter.TTFTOfAny)) && q.Traits.Has(emitter.TTFTAtEnd) && late:
		q.Number[fact.TTFT], q.Stream = llm.Absent, llm.Streamed
	case q.Stream == llm.NotStreamed, q.Stream == llm.StreamUnknown && late:
		q.Number[fact.TTFT] = llm.Absent
	case q.Stream == llm.StreamUnknown:
		q.Stream = llm.Streamed
	}
	if q.Traits.Has(emitter.TTFTFromHeaders) {
		q.Number[fact.TTFT] = llm.Absent
	}
	if q.Stream == llm.NotStreamed {
		q.Number[fact.TimePerOutputChunk] = llm.Absent
	}
}

// readTokens reads the counts so that the input contains cached tokens and the output reasoning tokens. It fills in the side that
// follows from a total.
func (r *Reader) readTokens(f *spanValues, q *correlate.Request) {
	c := usage.Counts{
		Input: f.number(fact.InputTokens), Output: f.number(fact.OutputTokens), Total: f.number(fact.TotalTokens),
		CacheRead: f.number(fact.CacheReadTokens), CacheWrite: f.number(fact.CacheWriteTokens), Reasoning: f.number(fact.ReasoningTokens),
		Cache: r.cachePlace(f, q), Thoughts: r.thoughtsPlace(f, q),
	}
	if rank := f.ranks[fact.CacheWriteTokens]; rank%zeroRank == r.shortRank || rank == none && f.has(fact.CacheWriteHourTokens) {
		c.CacheWrite = max(c.CacheWrite, 0) + max(f.number(fact.CacheWriteHourTokens), 0)
	}
	if thoughts := f.number(fact.ThoughtTokens); thoughts > 0 {
		// Without them there may have been no output at all.
		c.Output, c.Reasoning = max(c.Output, 0)+thoughts, max(c.Reasoning, thoughts)
	}
	c.Spare = spareOf(q)
	estimates := q.Traits.Has(emitter.EstimatesInput) || q.Traits.Has(emitter.EstimatesTokens) && q.Stream != llm.NotStreamed
	q.Estimated = estimates && (c.Output != usage.Absent || c.Total > c.Input && c.Input != usage.Absent)
	if q.Estimated && r.options.DropEstimates {
		q.Estimated, c.Input, c.Output, c.Total = false, usage.Absent, usage.Absent, usage.Absent
	}
	q.SetCounts(c)
}

// cachePlace returns where cached tokens are counted, as their keys or the input's say, else as the family does.
func (*Reader) cachePlace(f *spanValues, q *correlate.Request) usage.Place {
	if place := f.placeIn(fact.InputTokens, fact.CacheReadTokens, fact.CacheWriteTokens); place != usage.Unsaid {
		return place
	}
	messages := q.Traits.Has(emitter.MessagesCounts) && emitter.MessagesFinishes[f.text(fact.FinishReason)]
	if q.Traits.Has(emitter.ProviderCounts) && emitter.CacheApart[q.Provider] || messages && !f.has(fact.TotalTokens) {
		return usage.Beside
	}
	return usage.Unsaid
}

// thoughtsPlace returns where reasoning tokens are counted, as their keys or the output's say, else as the family does.
func (*Reader) thoughtsPlace(f *spanValues, q *correlate.Request) usage.Place {
	if place := f.placeIn(fact.OutputTokens, fact.ReasoningTokens); place != usage.Unsaid {
		return place
	}
	if q.Traits.Has(emitter.ProviderThoughts) && emitter.CountedApart(q.Provider) == fact.OutputTokens {
		return usage.Beside
	}
	return usage.Unsaid
}

// spareOf returns which count takes what only a total counts, as the family or the provider say.
func spareOf(q *correlate.Request) usage.Spare {
	if q.Traits.Has(emitter.CacheInTotal) {
		return usage.CacheSpare
	}
	switch emitter.CountedApart(q.Provider) {
	case fact.InputTokens:
		return usage.InputSpare
	case fact.OutputTokens:
		return usage.OutputSpare
	default:
		return usage.NoSpare
	}
}

// readFinish keeps all finish reasons.
func (r *Reader) readFinish(f *spanValues, q *correlate.Request, b *Batch) {
	q.FinishRange[0] = int32(len(b.Finishes))
	if f.has(fact.FinishReason) {
		q.FinishReason = attr.Cut(f.text(fact.FinishReason), r.maxText)
		if f.finish.isWord() {
			b.Finishes = append(b.Finishes, q.FinishReason)
		} else {
			f.finish.each(func(word string) bool {
				b.Finishes = append(b.Finishes, attr.Cut(word, r.maxText))
				return true
			})
		}
	}
	q.FinishRange[1] = int32(len(b.Finishes))
}

// withoutOutput takes the number of the output off an engine's id of one output. Some versions write it before that of the
// request, as in 1_chatcmpl-42.
func withoutOutput(id string) string {
	digits := 0
	for digits < len(id) && isDigit(id[digits]) {
		digits++
	}
	if digits > 0 && digits+1 < len(id) && id[digits] == '_' {
		return id[digits+1:]
	}
	return id
}
