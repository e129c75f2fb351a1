package inference

import (
	"math"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// classify decides what a span is. The first that says something wins: a kind attribute that denies
// that the span is a request, the operation's name, a kind attribute that affirms it, the span's name
// within a known scope, and at last usage or latencies together with a model. A model alone proves
// nothing: schedulers and guardrails name it too.
func (r *Reader) classify(f *found, span ptrace.Span) (Class, string) {
	if f.kind.Class == dialect.NoRequest {
		return dialect.NoRequest, ""
	}
	written := f.text(dialect.Operation)
	if written != "" {
		if meaning, ok := lookUp(dialect.Operations, written); ok {
			return meaning.Class, meaning.Operation
		}
	}
	if f.kind.Class != dialect.Unknown {
		return f.kind.Class, orElse(written, f.kind.Operation)
	}
	if f.emitter >= 0 {
		if known := spanOf(&r.dialects[f.emitter], span.Name()); known != nil {
			return known.Class, orElse(written, known.Operation)
		}
	}
	measured := f.has(dialect.InputTokens) || f.has(dialect.OutputTokens) || f.has(dialect.TTFT)
	named := f.has(dialect.RequestModel) || f.has(dialect.ResponseModel)
	if measured && (named || f.proven != dialect.NoLayer && span.Kind() == ptrace.SpanKindServer) {
		return dialect.Inference, written
	}
	return dialect.Unknown, ""
}

// layerOf decides where a request was measured: by its scope, else by keys that only one layer
// writes, else it is the client's.
func (r *Reader) layerOf(f *found, span ptrace.Span) Layer {
	if f.emitter >= 0 && r.dialects[f.emitter].Layer != dialect.NoLayer {
		return r.dialects[f.emitter].Layer
	}
	if f.proven != dialect.NoLayer && span.Kind() == ptrace.SpanKindServer {
		return f.proven
	}
	return Client
}

// interpret fills in a request from what was found on its span.
func (r *Reader) interpret(f *found, span ptrace.Span, q *Request) {
	q.Provider = attr.Cut(r.provider(f), r.maxText)
	q.RequestModel = attr.Cut(f.text(dialect.RequestModel), r.maxText)
	q.ResponseModel = attr.Cut(f.text(dialect.ResponseModel), r.maxText)
	q.ServerAddress = attr.Cut(f.text(dialect.ServerAddress), r.maxText)
	q.ServerPort = int64(f.number(dialect.ServerPort))
	q.ID = f.text(dialect.ResponseID)

	q.Duration = f.duration
	q.TTFT = f.number(dialect.TTFT)
	q.Queue = f.number(dialect.Queue)
	q.Prefill = f.number(dialect.Prefill)
	q.Decode = f.number(dialect.Decode)

	exception := r.readEvents(f, span, q)
	r.readStreaming(f, q)
	r.readTokens(f, q)
	r.readOutcome(f, span, exception, q)
}

func (r *Reader) provider(f *found) string {
	written := f.text(dialect.Provider)
	if written != "" {
		name, known := lookUp(dialect.Providers, written)
		if !known {
			return written
		}
		if name != "" {
			return name
		}
	}
	if f.emitter >= 0 {
		return r.dialects[f.emitter].Provider
	}
	return ""
}

// maxEvents bounds the events of a span that are looked at; streams leave one for each chunk.
const maxEvents = 10_000

// readEvents takes times from events, and returns the attributes of the last exception.
func (r *Reader) readEvents(f *found, span ptrace.Span, q *Request) (exception *pcommon.Map) {
	events := span.Events()
	for i := range min(events.Len(), maxEvents) {
		event := events.At(i)
		if event.Name() == "exception" {
			attributes := event.Attributes()
			exception = &attributes
			continue
		}
		if field, ok := r.events[event.Name()]; ok && field == dialect.TTFT {
			at := float64(int64(event.Timestamp()-span.StartTimestamp())) / 1e9
			if !f.has(dialect.TTFT) && plausible(at, f.duration) {
				f.ranks[dialect.TTFT] = none - 1
				f.numbers[dialect.TTFT] = at
				q.TTFT = at
			}
		}
	}
	return exception
}

// notFirst is the share of the duration from which on a time to the first token is no such thing:
// some emitters write the duration of calls that were not streamed.
const notFirst = 0.98

// readStreaming decides whether the response was streamed. An engine knows its first token in any
// case; a client or gateway only if it saw a stream.
func (r *Reader) readStreaming(f *found, q *Request) {
	switch f.number(dialect.Stream) {
	case 1:
		q.Stream = Streamed
	case 0:
		q.Stream = NotStreamed
	}
	if q.Layer == Server || q.TTFT == Absent {
		return
	}
	switch {
	case q.Stream == NotStreamed:
		q.TTFT = Absent
	case q.Stream == StreamUnknown && q.TTFT >= notFirst*q.Duration:
		q.TTFT = Absent
	case q.Stream == StreamUnknown:
		q.Stream = Streamed
	}
}

// readTokens makes the input include cached tokens, and fills in the side that a total tells.
func (r *Reader) readTokens(f *found, q *Request) {
	q.InputTokens = int64(f.number(dialect.InputTokens))
	q.OutputTokens = int64(f.number(dialect.OutputTokens))
	q.CacheReadTokens = int64(f.number(dialect.CacheReadTokens))
	q.CacheWriteTokens = int64(f.number(dialect.CacheWriteTokens))
	q.ReasoningTokens = int64(f.number(dialect.ReasoningTokens))
	cached := max(q.CacheReadTokens, 0) + max(q.CacheWriteTokens, 0)
	if q.InputTokens != Absent && cached > q.InputTokens {
		q.InputTokens += cached
	}
	total := int64(f.number(dialect.TotalTokens))
	switch {
	case q.InputTokens == Absent && q.OutputTokens != Absent && total >= q.OutputTokens:
		q.InputTokens = total - q.OutputTokens
	case q.OutputTokens == Absent && q.InputTokens != Absent && total >= q.InputTokens:
		q.OutputTokens = total - q.InputTokens
	}
}

// readOutcome decides how the request ended, and names the error.
func (r *Reader) readOutcome(f *found, span ptrace.Span, exception *pcommon.Map, q *Request) {
	finish := f.text(dialect.FinishReason)
	meaning, _ := lookUp(dialect.FinishReasons, finish)
	status := span.Status().Code()
	http := f.number(dialect.HTTPStatus)
	switch {
	case status == ptrace.StatusCodeError,
		f.has(dialect.ErrorType),
		http >= 400,
		meaning == dialect.FinishError,
		exception != nil && status == ptrace.StatusCodeUnset:
		q.Outcome = Error
		q.ErrorType = attr.Cut(errorType(f, span, exception, http), r.maxText)
		if cancels(q.ErrorType) {
			q.Outcome = Cancelled
		}
	case meaning == dialect.FinishCancelled:
		q.Outcome = Cancelled
		q.ErrorType = attr.Cut(finish, r.maxText)
	case status == ptrace.StatusCodeUnset && finish == "" && q.OutputTokens <= 0 && r.expectsEnd(q):
		q.Outcome = Cancelled
		q.ErrorType = cancelled
	}
	if q.Outcome != Success && q.InputTokens <= 0 && q.OutputTokens <= 0 {
		// Aborted requests are written down as 0 and 0, which nobody measured.
		q.InputTokens, q.OutputTokens = Absent, Absent
	}
}

// cancelled is the error type of a request whose caller went away without a word.
const cancelled = "cancelled"

// expectsEnd reports whether a completed request would have left a mark of its end. The known client
// instrumentations write tokens or a finish reason; of others nothing can be said.
func (r *Reader) expectsEnd(q *Request) bool {
	return q.Class == dialect.Inference && q.Layer == Client && q.Emitter >= 0
}

// errorType returns the best name of an error, or _OTHER. Names that say nothing give way to any
// other source.
func errorType(f *found, span ptrace.Span, exception *pcommon.Map, http float64) string {
	vague := ""
	for _, source := range [...]func() string{
		func() string { return f.text(dialect.ErrorType) },
		func() string { return exceptionText(exception, "exception.type") },
		func() string { return statusText(http) },
		func() string { return messageType(span.Status().Message()) },
		func() string { return messageType(exceptionText(exception, "exception.message")) },
	} {
		name := source()
		if _, empty := lookUp(dialect.VagueErrors, name); !empty {
			return name
		}
		vague = orElse(vague, name)
	}
	return orElse(vague, "_OTHER")
}

func exceptionText(exception *pcommon.Map, key string) string {
	if exception == nil {
		return ""
	}
	v, ok := exception.Get(key)
	if !ok {
		return ""
	}
	return attributeScalar(v).words()
}

// statusText returns an HTTP error status as text.
func statusText(http float64) string {
	if http < 400 || http > 599 || http != math.Trunc(http) {
		return ""
	}
	return httpErrors[int(http)-400]
}

// httpErrors spares the error path an allocation.
var httpErrors = func() (texts [200]string) {
	for i := range texts {
		texts[i] = strconv.Itoa(400 + i)
	}
	return texts
}()

// messageType returns the three-digit code or the upper-case word that a message begins with, as in
// "429 too many requests" or "RESOURCE_EXHAUSTED: quota".
func messageType(message string) string {
	word, _, _ := strings.Cut(message, " ")
	word = strings.TrimRight(word, ":")
	if len(word) == 3 && word[0] >= '4' && word[0] <= '5' && isDigit(word[1]) && isDigit(word[2]) {
		return word
	}
	if len(word) < 4 || len(word) > maxFolded {
		return ""
	}
	for i := range len(word) {
		if c := word[i]; c != '_' && (c < 'A' || c > 'Z') {
			return ""
		}
	}
	return word
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// cancels reports whether an error's name says that the caller gave up.
func cancels(name string) bool {
	if _, ok := lookUp(dialect.Cancellations, name); ok {
		return true
	}
	_, ok := lookUp(dialect.Cancellations, name[strings.LastIndexByte(name, '.')+1:])
	return ok
}

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}
