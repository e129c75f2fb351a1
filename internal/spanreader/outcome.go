// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// readOutcome decides how the request ended, and names the error.
func (r *Reader) readOutcome(f *spanValues, span ptrace.Span, known *emitter.Span, raised exception, q *correlate.Request) {
	finish, _ := f.memo.finishes.of(q.FinishReason, emitter.FinishReasons, lookUp)
	status := span.Status().Code()
	http := f.number(fact.HTTPStatus)
	nothing := len(q.ID) == 1 && emitter.PlaceholderIDs[q.ID]
	if nothing {
		q.ID = ""
	}
	unfinished := q.FinishReason == "" || finish == emitter.FinishNothing
	answered := f.has(fact.Answered) && !(q.Traits.Has(emitter.CountAtEnd) && f.number(fact.OutputTokens) == 0)
	// Where each response has a status, a span without one is a part of another.
	left := unfinished && known != nil && known.Finishes && (http != llm.Absent || !q.Traits.Has(emitter.NoResponseFails)) ||
		unfinished && known != nil && known.CountsAtEnd && q.Number[fact.OutputTokens] <= 0 ||
		q.FinishReason != "" && unfinished && answered && q.Number[fact.OutputTokens] <= 0
	silent := left || q.Number[fact.OutputTokens] <= 0 && (nothing || unfinished && !answered)
	q.Ended = !silent
	if told := status == ptrace.StatusCodeError || f.has(fact.ErrorType) || fails(http) || raised.recorded; !told &&
		(finish == emitter.FinishError && q.Traits.Has(emitter.BareErrorCancels) || f.has(fact.Failed) && q.Traits.Has(emitter.BareFailureCancels)) {
		q.Ended = true
		q.Outcome = llm.Cancelled
		q.ErrorType = cancelled
		dropZeros(q.Request)
		return
	}
	switch {
	case status == ptrace.StatusCodeError,
		f.has(fact.ErrorType),
		f.has(fact.Failed),
		fails(http),
		finish == emitter.FinishError,
		raised.recorded && (status == ptrace.StatusCodeUnset || q.Traits.Has(emitter.ExceptionFails)):
		q.Ended = true
		q.Outcome = llm.Error
		name := errorType(f, span, &raised, http)
		if name == unnamed && finish == emitter.FinishError && emitter.TimesOut(q.FinishReason) {
			name = timedOut
		}
		q.ErrorType = attr.Cut(name, r.maxText)
		r.readGivenUp(f, span, &raised, name, q)
	case finish == emitter.FinishCancelled:
		q.Outcome = llm.Cancelled
		q.ErrorType = q.FinishReason
	case silent && !left && q.Traits.Has(emitter.NoResponseFails) && http == llm.Absent && status == ptrace.StatusCodeUnset && q.Class.IsRequest():
		q.Ended = true
		q.Outcome = llm.Error
		q.ErrorType = unnamed
	case silent && q.Traits.Has(emitter.ModelAtAnswer) && q.RequestModel+q.ResponseModel == "" && q.Class == llm.Inference:
		q.Ended = true
		q.Outcome = llm.Error
		q.ErrorType = unnamed
	case silent && q.Class == llm.Inference && ((nothing || left) && q.Layer == llm.Client || q.Traits.Has(emitter.SilenceCancels)):
		q.Outcome = llm.Cancelled
		q.ErrorType = cancelled
	default:
	}
	if left && q.FinishReason == emitter.OpenFinish {
		q.FinishReason, q.FinishRange[1] = "", q.FinishRange[0] // It is the reason for no finish.
	}
	dropZeros(q.Request)
}

// readGivenUp decides whether the caller gave up a request whose span shows a failure of a name. Clients that set themselves a time
// cancel, too, when it is over.
func (r *Reader) readGivenUp(f *spanValues, span ptrace.Span, raised *exception, name string, q *correlate.Request) {
	gaveUp, ranOut := false, false
	for _, message := range [...]string{span.Status().Message(), raised.text("exception.message"), f.text(fact.ErrorMessage)} {
		meaning := f.memo.messages.of(message)
		gaveUp, ranOut = gaveUp || meaning.gaveUp, ranOut || meaning.ranOut
	}
	_, vague := lookUp(emitter.VagueErrors, name)
	byName, timed := isNamed(emitter.Cancellations, name) || f.memo.messages.of(name).gaveUp, isNamed(emitter.TimedCancellations, name)
	switch {
	case ranOut && (vague || timed || gaveUp && !byName):
		q.ErrorType = timedOut
	case byName:
		q.Outcome = llm.Cancelled
	case gaveUp:
		q.Outcome = llm.Cancelled
		if vague {
			q.ErrorType = cancelled
		}
	default:
	}
}

// dropZeros drops counts of 0 that nobody measured. Every request has a prompt, and emitters write 0 and 0 for those without
// usage, such as aborted ones.
func dropZeros(q *llm.Request) {
	prompted := q.Class == llm.Inference || q.Class == llm.Embeddings
	if q.Number[fact.InputTokens] <= 0 && q.Number[fact.OutputTokens] <= 0 && (q.Outcome != llm.Success || prompted && q.Number[fact.InputTokens] == 0) {
		q.Number[fact.InputTokens], q.Number[fact.OutputTokens], q.Estimated = llm.Absent, llm.Absent, false
	}
	if q.Number[fact.InputTokens] == 0 && prompted {
		q.Number[fact.InputTokens] = llm.Absent
	}
}

// errorSources is the number of places that can name an error.
const errorSources = 6

// errorType returns the best name of an error, or _OTHER. Names that say nothing give way to any
// other source.
func errorType(f *spanValues, span ptrace.Span, raised *exception, http float64) string {
	vague := ""
	for source := range errorSources {
		var name string
		switch source {
		case 0:
			name = errorName(f.text(fact.ErrorType))
		case 1:
			name = errorName(raised.text("exception.type"))
		case 2:
			name = statusText(http)
		case 3:
			name = f.memo.messages.typeOf(f.text(fact.ErrorMessage))
		case 4:
			name = f.memo.messages.typeOf(span.Status().Message())
		default:
			name = f.memo.messages.typeOf(raised.text("exception.message"))
		}
		if _, empty := lookUp(emitter.VagueErrors, name); !empty {
			return name
		}
		vague = orElse(vague, name)
	}
	return orElse(vague, unnamed)
}

// maxErrorName is the length in bytes up to which text is taken for an error's name. Those of classes with their packages are
// shorter.
const maxErrorName = 128

// maxErrorDigits is the number of digits that an error's name has at most: ids, keys and addresses have more.
const maxErrorDigits = 8

// errorName returns what text in the place of an error's name says of it. That is the name of a class that Python printed, or
// the text itself if it is a name. Else it is what messageType finds, since a message would make a label of what users wrote.
func errorName(text string) string {
	if name, ok := strings.CutPrefix(text, "<class '"); ok {
		text = strings.TrimSuffix(name, "'>")
	}
	if inner, ok := bracketed(text); ok {
		return inner
	}
	if end := strings.IndexAny(text, ":([{"); end > 0 && isErrorName(text[:end]) && !strings.HasPrefix(text[end:], "::") {
		return text[:end]
	}
	if isName(text) {
		if open := strings.IndexByte(text, '('); open > 0 && strings.Contains(text[:open], "::") && strings.ContainsAny(text[open:], "0123456789") {
			return text[:open] // Rust prints what is in a variant, too.
		}
		return text
	}
	if _, ok := lookUp(emitter.Cancellations, text); ok {
		return text
	}
	if name := messageType(text); name != "" {
		return name
	}
	if timesOut(text) {
		return timedOut
	}
	if emitter.GaveUp(cutMessage(text)) {
		return cancelled
	}
	return unnamed
}

// bracketed returns the name that Node.js prints in brackets after a class of errors, as in DOMException [AbortError]. A code in
// capital letters is less than the class.
func bracketed(text string) (name string, ok bool) {
	class, inner, ok := strings.Cut(text, " [")
	inner, _, closed := strings.Cut(inner, "]")
	if !ok || !closed || !isErrorName(class) {
		return "", false
	}
	if isErrorName(inner) {
		return inner, true
	}
	return class, true
}

// showsSecret reports whether a part of a text begins as keys do.
func showsSecret(text string) bool {
	for i := range len(text) {
		if i > 0 && (isLetter(text[i-1]) || isDigit(text[i-1])) {
			continue
		}
		for _, prefix := range emitter.SecretPrefixes {
			if text[i] == prefix[0] && strings.HasPrefix(text[i:], prefix) {
				return true
			}
		}
	}
	return false
}

// showsID reports whether a part of a text looks like an id. It is long and hexadecimal. Or its letters, their cases and its digits
// change as if by chance. Of short parts only ids do so very often.
func showsID(text string) bool {
	const long, often, short, veryOften = 12, 3, 5, 4
	length, cases, digits, hexadecimal := 0, 0, 0, true
	for i := 0; i <= len(text); i++ {
		if i < len(text) && (isLetter(text[i]) || isDigit(text[i])) {
			switch {
			case length == 0:
			case isDigit(text[i]) != isDigit(text[i-1]):
				digits++
			case isLetter(text[i]) && text[i]&0x20 != text[i-1]&0x20:
				cases++
			default:
			}
			hexadecimal = hexadecimal && (isDigit(text[i]) || text[i]|0x20 <= 'f')
			length++
			continue
		}
		if length >= short && digits >= veryOften || length >= long && (hexadecimal || digits >= often || 2*(cases+digits) >= length) {
			return true
		}
		length, cases, digits, hexadecimal = 0, 0, 0, true
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isName reports whether text can be the name of an error. It may be a class with its package, namespace or generic parameters, a
// code or a status. Paths and keys are none.
func isName(text string) bool {
	if len(text) > maxErrorName || strings.HasPrefix(text, "/") || strings.Contains(text, "://") || strings.Contains(text, `:\`) ||
		showsSecret(text) || showsID(text) {
		return false
	}
	digits := 0
	for i := range len(text) {
		switch c := text[i]; {
		case isDigit(c):
			digits++
			if digits > maxErrorDigits {
				return false
			}
		case isLetter(c):
		case strings.IndexByte("_-.:/\\$*`+#<>[]()", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// fails reports whether an HTTP status is one of a failure.
func fails(http float64) bool { return 400 <= http && http < 600 }

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
