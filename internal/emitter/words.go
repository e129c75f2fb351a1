// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"slices"
	"strings"
)

// SpanName is what the words of a span's name say of a call of a model.
type SpanName uint8

const (
	// NamesCall says that the span stands for a call, or something that belongs to one.
	NamesCall SpanName = 1 << iota
	// NamesAct says that the name ends with what a model does, as in tutor.chat.stream. One that ends with something that belongs to
	// it, as in chat.history, does not. That a call has to do with a model is not enough.
	NamesAct
	// NamesAsking says in so many words that a model was asked, such as llm.complete.
	NamesAsking
	// NamesAsked says the same, and nothing else follows, as in llm.request.queue.
	NamesAsked
	// NamesAside says what a program does around a call. The last part begins with a verb, as in prompt.render and llm.parse_response.
	// To parse alone is a way to call, as in completions.parse.
	NamesAside
	// NamesNarrow says that the model does one thing, such as to embed.
	NamesNarrow
)

// Has reports whether the name says all of the given.
func (n SpanName) Has(all SpanName) bool { return n&all == all }

// spanWord is what a word of a span's name is about. It can be about several.
type spanWord uint8

const (
	// ofWork words are for what only a call of a model does.
	ofWork spanWord = 1 << iota
	// ofLLM words say that the name has to do with a model, and ofVendor words with whose.
	ofLLM
	ofVendor
	// ofAsking words say beside those that the model was asked.
	ofAsking
	// ofAct words may follow those for a call.
	ofAct
	// ofAside words are what programs do with prompts, answers and models around a call.
	ofAside
	ofParsing
	ofNarrow
)

// spanWords are the words of which people make such names. Sources: spans of public programs that no table knows, as of 2026-11-30.
var spanWords = func() map[string]spanWord {
	words := map[string]spanWord{}
	for of, list := range map[spanWord][]string{
		ofWork: {
			"chat", "complete", "completion", "completions", "embed", "embedding", "embeddings", "generate", "generation", "inference", "rerank",
		},
		ofLLM:    {"llm"},
		ofVendor: {"ai", "anthropic", "bedrock", "claude", "cohere", "gemini", "genai", "gpt", "groq", "mistral", "ollama", "openai", "vertexai"},
		ofAsking: {
			"call", "complete", "completion", "completions", "chat", "embed", "embedding", "embeddings", "generate", "generation", "inference",
			"invoke", "request", "rerank",
		},
		ofAct: {
			"answer", "api", "async", "batch", "content", "create", "documents", "json", "message", "messages", "model", "object", "query",
			"response", "stream", "streaming", "structured", "text", "texts", "tools", "with",
		},
		ofAside: {
			"archive", "audit", "bill", "build", "cache", "calculate", "charge", "check", "count", "emit", "enqueue", "estimate", "export",
			"format", "insert", "load", "log", "notify", "parse", "persist", "postprocess", "prepare", "preprocess", "publish", "record",
			"render", "save", "select", "store", "tokenize", "track", "trim", "truncate", "update", "upsert", "validate", "write",
		},
		ofParsing: {"parse"},
		ofNarrow:  {"embed", "embedding", "embeddings", "embedder", "rerank", "reranker", "reranking"},
	} {
		for _, word := range list {
			words[word] |= of
		}
	}
	return words
}()

// ReadSpanName returns what a span's name says.
func ReadSpanName(name string) (says SpanName) {
	model, asked := false, false
	for word, rest := firstWord(name); word != ""; word, rest = firstWord(rest) {
		about := wordOf(spanWords, word)
		if about&(ofWork|ofLLM) != 0 {
			says |= NamesCall
		}
		if about&ofNarrow != 0 {
			says |= NamesNarrow
		}
		switch {
		case about&ofWork != 0:
			says |= NamesAct
		case about&(ofLLM|ofAct|ofAsking) == 0:
			says &^= NamesAct
		default:
		}
		model, asked = model || about&(ofLLM|ofVendor) != 0, asked || about&ofAsking != 0
		switch {
		case !model || !asked:
		case !says.Has(NamesAsking):
			says |= NamesAsking | NamesAsked
		case about&(ofWork|ofLLM|ofVendor|ofAsking|ofAct) == 0:
			says &^= NamesAsked
		default:
		}
	}
	verb, rest := firstWord(name[strings.LastIndexAny(name, ".:/ ")+1:])
	if about := wordOf(spanWords, verb); about&ofAside != 0 {
		if object, _ := firstWord(rest); object != "" || about&ofParsing == 0 {
			says |= NamesAside
		}
	}
	return says
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
