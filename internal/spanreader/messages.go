// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// maxMessage is the length in bytes up to which messages are searched.
const maxMessage = 512

// messageMeaning is what an error's message says.
type messageMeaning struct {
	// gaveUp is set if the caller gave up, ranOut if time ran out.
	gaveUp, ranOut bool
	// from and to are where the message names the error's type. They are equal where it does not.
	from, to int16
}

// meaningOf searches a message of at most maxMessage bytes.
func meaningOf(message string) messageMeaning {
	from, to := typeIn(message)
	return messageMeaning{gaveUp: cancelsMessage(message), ranOut: emitter.TimesOut(message), from: int16(from), to: int16(to)}
}

// messageMemo remembers what some messages say, since a search takes long, and many requests fail alike. It holds on to no span.
type messageMemo struct {
	// sets hold messages that share a slot.
	sets [messageSets][4]rememberedMessage
	// next is the place in a set that the next new message takes.
	next uint8
}

type rememberedMessage struct {
	text    [maxMessage]byte
	length  int16
	meaning messageMeaning
}

const messageSets = 16

// of returns what a message says.
func (m *messageMemo) of(message string) messageMeaning {
	if message == "" {
		return messageMeaning{}
	}
	message = cutMessage(message)
	set := &m.sets[slot(message)%messageSets]
	for i := range set {
		if e := &set[i]; string(e.text[:e.length]) == message {
			return e.meaning
		}
	}
	e := &set[int(m.next)%len(set)]
	m.next++
	e.length, e.meaning = int16(copy(e.text[:], message)), meaningOf(message)
	return e.meaning
}

// typeOf returns what a message says of an error's type, as messageType does.
func (m *messageMemo) typeOf(message string) string {
	meaning := m.of(message)
	return message[meaning.from:meaning.to]
}

func cutMessage(message string) string { return message[:min(len(message), maxMessage)] }

// messageType returns what a message says of an error's type, or "".
func messageType(message string) string {
	from, to := typeIn(cutMessage(message))
	return message[from:to]
}

// typeIn returns where a message names an error's type. It may begin with an upper-case word or the name of an error.
// Examples are "RESOURCE_EXHAUSTED: quota", "RateLimitError: slow down" and "RateLimitError('slow down')". Else the first HTTP
// error status counts that stands by itself, as in "Error: 429 too many requests". Before that comes the code of an operating system's
// error, as in "connect ECONNREFUSED 10.0.0.1:443".
func typeIn(message string) (from, to int) {
	first, _, _ := strings.Cut(message, " ")
	name, colon := strings.CutSuffix(first, ":")
	if !colon {
		name, _, colon = strings.Cut(first, "(")
	}
	if isConstant(name) || colon && isErrorName(name) {
		return 0, len(name)
	}
	for i := 0; i < len(message); {
		end := i
		for end < len(message) && (message[end] == '_' || 'A' <= message[end] && message[end] <= 'Z') {
			end++
		}
		if emitter.SystemErrors[message[i:end]] {
			return i, end
		}
		i = max(end, i+1)
	}
	for i := 0; i+3 <= len(message); i++ {
		if c := message[i]; (c == '4' || c == '5') && isDigit(message[i+1]) && isDigit(message[i+2]) &&
			(i == 0 || message[i-1] == ' ' || message[i-1] == '(') &&
			(i+3 == len(message) || strings.IndexByte(" :,.)", message[i+3]) >= 0) {
			return i, i + 3
		}
	}
	return 0, 0
}

// isConstant reports whether a word is one of capital letters and underscores that may name an error.
func isConstant(word string) bool {
	if len(word) < 4 || len(word) > maxFolded || emitter.MessageOpenings[word] {
		return false
	}
	for i := range len(word) {
		if c := word[i]; c != '_' && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// isErrorName reports whether a word is the name of a class of errors, be it with its package or namespace.
func isErrorName(word string) bool {
	if len(word) > maxFolded || !strings.HasSuffix(word, "Error") && !strings.HasSuffix(word, "Exception") {
		return false
	}
	for i := range len(word) {
		if c := word[i]; c != '.' && c != '_' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	_, vague := lookUp(emitter.VagueErrors, word)
	return !vague
}

// timesOut reports whether a message says that time ran out.
func timesOut(message string) bool { return emitter.TimesOut(cutMessage(message)) }

// cancelsMessage reports whether an error's message, or the word in its place, says that the caller gave up.
func cancelsMessage(message string) bool {
	if !strings.Contains(message, "/") && isNamed(emitter.Cancellations, message) && !strings.EqualFold(message, emitter.PeerClosed) {
		return true
	}
	return emitter.GaveUp(cutMessage(message))
}
