// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"slices"
	"strings"
)

// callWords are words of spans' names, in lower case, for what only a call of a model does.
var callWords = []string{
	"chat", "completion", "completions", "embedding", "embeddings", "generate", "generation", "inference", "llm", "rerank",
}

// NamesCall reports whether a span's name says that it stands for a call of a model.
func NamesCall(name string) bool {
	for word, rest := firstWord(name); word != ""; word, rest = firstWord(rest) {
		if oneOf(word, callWords) {
			return true
		}
	}
	return false
}

// firstWord returns the first run of letters of a text, and what follows it.
func firstWord(text string) (word, rest string) {
	from := 0
	for from < len(text) && !isLetter(text[from]) {
		from++
	}
	to := from
	for to < len(text) && isLetter(text[to]) {
		to++
	}
	return text[from:to], text[to:]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func oneOf(word string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}
