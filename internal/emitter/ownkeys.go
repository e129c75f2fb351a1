// SPDX-License-Identifier: Apache-2.0

package emitter

import "strings"

// otherOwners are words, in lower case, of what a key before its last words is about. Under them stand sums, limits, or the model of
// something else than the call. Those of PartWords are more.
var otherOwners = map[string]bool{
	"agent": true, "aggregate": true, "aggregated": true, "average": true, "avg": true, "batch": true, "budget": true, "conversation": true,
	"crew": true, "cumulative": true, "daily": true, "default": true, "index": true, "limit": true, "limits": true, "max": true, "mean": true, "min": true,
	"monthly": true, "pipeline": true, "previous": true, "quota": true, "remaining": true, "request": true, "reserved": true, "run": true,
	"session": true, "sum": true, "team": true, "thread": true, "total": true, "totals": true, "turn": true, "user": true, "window": true,
	"workflow": true,
}

// Own is what the last words of a key say that it holds. It is one of the two.
type Own struct {
	Counted Counted
	Said    Said
	// Counts is set if it is Counted.
	Counts bool
	// Narrow is set if the key is about a model that does one thing. On the span of another thing it is about another call.
	Narrow bool
}

// OwnKey returns what the last words of a key say, without what a program put before them, as in acme.ai.tokens.in. No word has to say
// that the key is about a call of a model. So it is for spans whose names say that they stand for one.
func OwnKey(key string) (says Own, ok bool) {
	if len(key) > maxWordedKey || strings.HasPrefix(key, "gen_ai.") { // The conventions give each such key one meaning.
		return says, false
	}
	for start := 0; start < len(key) && !ok; start = nextWord(key, start) {
		if says.Counted, ok = CountOf(key[start:]); ok {
			says.Counts = true
		} else {
			says.Said, ok = nameOf(key[start:], true)
		}
		if ok && !says.owned(key[:start]) {
			return Own{}, false
		}
	}
	return says, ok
}

// nextWord returns where the next word of a key begins.
func nextWord(key string, at int) int {
	for at++; at < len(key) && !isBetween(key[at-1]) && !opens(key, at); at++ {
	}
	return at
}

// owned reports whether the words before what a key holds can be a program's name, or the call's.
func (o *Own) owned(before string) bool {
	for word, rest := firstWord(before); word != ""; word, rest = firstWord(rest) {
		if w := strings.ToLower(word); otherOwners[w] || PartWords[w] {
			return false
		}
		o.Narrow = o.Narrow || wordOf(spanWords, word)&ofNarrow != 0
	}
	return true
}
