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

// enriched is what enrichment writes for what several spans show together. On one of them it is no sign.
const enriched = "llm.outcome"

// Fits reports whether a key is one of a table, be it by its end after a star. The star stands for no word of PartWords.
func Fits(pattern, key string) bool {
	end, star := strings.CutPrefix(pattern, "*")
	before, ends := strings.CutSuffix(key, end)
	return pattern == key || star && ends && key != enriched && !IsOfPart(before)
}

// IsOfPart reports whether words of a key say that it is about a part of the call.
func IsOfPart(key string) bool {
	for word, rest := firstWord(key); word != ""; word, rest = firstWord(rest) {
		if PartWords[strings.ToLower(word)] {
			return true
		}
	}
	return false
}

// NamesWork reports whether a span's name says what a model does there. That it has to do with one is not enough.
func NamesWork(name string) bool {
	for word, rest := firstWord(name); word != ""; word, rest = firstWord(rest) {
		if !strings.EqualFold(word, "llm") && oneOf(word, callWords) {
			return true
		}
	}
	return false
}

// modelWords and askWords are words of spans' names, in lower case. Together they say that a model was asked.
var (
	modelWords = []string{"ai", "genai", "llm"}
	askWords   = []string{"call", "complete", "completion", "completions", "chat", "generate", "generation", "inference", "invoke", "request"}
)

// NamesAsking reports whether a span's name says in so many words that a model was asked, such as llm.complete.
func NamesAsking(name string) bool {
	model, asked := false, false
	for word, rest := firstWord(name); word != ""; word, rest = firstWord(rest) {
		model = model || oneOf(word, modelWords)
		asked = asked || oneOf(word, askWords)
	}
	return model && asked
}

// firstWord returns the first word of a text, and what follows it. A word is a run of letters. A name has a word for each capital
// letter: HTTPClientClosed has three.
func firstWord(text string) (word, rest string) {
	from := 0
	for from < len(text) && !isLetter(text[from]) {
		from++
	}
	to := from
	for to < len(text) && isLetter(text[to]) && (to == from || !opensWord(text, to)) {
		to++
	}
	return text[from:to], text[to:]
}

// opensWord reports whether a letter after another one begins the next word of a name.
func opensWord(text string, at int) bool {
	if !isUpper(text[at]) {
		return false
	}
	return !isUpper(text[at-1]) || at+1 < len(text) && isLetter(text[at+1]) && !isUpper(text[at+1])
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func oneOf(word string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}
