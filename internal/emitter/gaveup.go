// SPDX-License-Identifier: Apache-2.0

package emitter

import "strings"

// The words of messages and of names with underscores that say who ended a request, in lower case.
var (
	// givenUp and left are what became of it, or of the connection.
	givenUp = []string{"cancelled", "canceled", "aborted"}
	left    = []string{"closed", "disconnect", "disconnected", "hung"}
	// leavers are who calls. calls are what ends when they leave. The words of Go, gRPC and browsers are among them.
	leavers = []string{"caller", "client", "user"}
	calls   = []string{
		"buffer", "call", "code", "completion", "context", "generation", "operation", "request", "run",
		"signal", "stream", "task",
	}
	// between are words that may stand between one and the other.
	between = []string{"been", "by", "has", "is", "the", "via", "was"}
)

// GaveUp reports whether a message, or a name with underscores, says that the caller gave up. It names who left, or what of the
// caller's ended: "user aborted", "request was cancelled", "closed by the client". What a server or a host ended is no such thing.
func GaveUp(message string) bool {
	subject, apart := "", false
	for word, rest := firstWord(message); word != ""; word, rest = firstWord(rest) {
		ended := oneOf(word, givenUp)
		if ended || oneOf(word, left) {
			by, named := endedBy(rest)
			switch {
			case named && (oneOf(by, leavers) || ended && strings.EqualFold(by, "cancel")): // Python's anyio has cancel scopes.
				return true
			case !named && (oneOf(subject, leavers) && (ended || !apart && !endsName(rest)) || ended && oneOf(subject, calls)):
				return true // A client that has been closed is a program's own, and so is that of a ClientClosedError.
			default:
			}
		}
		if apart = oneOf(word, between); !apart {
			subject = word
		}
	}
	return false
}

// endsName reports whether the name of an error ends here, but for the word for it.
func endsName(rest string) bool {
	word, _ := firstWord(rest)
	return strings.EqualFold(word, "error") || strings.EqualFold(word, "exception")
}

// endedBy returns who did what a message says, by what follows the verb.
func endedBy(rest string) (by string, named bool) {
	word, rest := firstWord(rest)
	if !strings.EqualFold(word, "by") && !strings.EqualFold(word, "via") {
		return "", false
	}
	by, rest = firstWord(rest)
	if strings.EqualFold(by, "the") {
		by, _ = firstWord(rest)
	}
	return by, true
}
