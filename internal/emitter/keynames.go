// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// nameWord is what a word of such a key is about. A key can be about several.
type nameWord uint16

const (
	// inLLM words say that the key is about a call of a model. inName words add nothing to what it holds.
	inLLM nameWord = 1 << iota
	inName
	inRequest
	inResponse
	inID
	inModel
	inProvider
	inStream
	inFinish
	inReason
	inCost
	inUSD
	inCents
	inRetry
)

// nameWords are the words of which people make such keys. Sources: spans of public programs that no table knows, as of 2026-11-30;
// their cases in testdata/emitters. Words for a part of the cost are missing: only the whole is read.
var nameWords = func() map[string]nameWord {
	words := map[string]nameWord{}
	for of, list := range map[nameWord][]string{
		inLLM:      {"gen", "ai", "genai", "llm", "openai", "anthropic", "bedrock", "gemini", "vertexai", "mistral", "cohere", "groq", "ollama", "vllm"},
		inName:     {"name", "is", "count", "number", "num", "total", "estimated", "est", "actual", "used", "enabled", "call"},
		inRequest:  {"request", "req"},
		inResponse: {"response", "resp"},
		inID:       {"id"},
		inModel:    {"model"},
		inProvider: {"provider", "vendor", "system"},
		inStream:   {"stream", "streaming", "streamed"},
		inFinish:   {"finish", "stop"},
		inReason:   {"reason", "reasons"},
		inCost:     {"cost"},
		inUSD:      {"usd"},
		inCents:    {"cents"},
		inRetry:    {"retry", "retries"},
	} {
		for _, word := range list {
			words[word] = of
		}
	}
	// Within the usage stands the cost of it.
	words["usage"] = inName
	return words
}()

// nameMeanings are what the words of a key say together, beside those that add nothing.
var nameMeanings = []struct {
	needs, may nameWord
	says       Said
}{
	{inModel, inRequest | inID, Said{Fact: fact.RequestModel}},
	{inModel | inResponse, inID, Said{Fact: fact.ResponseModel}},
	{inProvider, inRequest | inResponse | inModel | inID, Said{Fact: fact.Provider}},
	{inStream, inRequest | inResponse, Said{fact.Stream, Bool}},
	{inFinish | inReason, inResponse, Said{fact.FinishReason, TextList}},
	// An id of a request can be that of the program's own.
	{inResponse | inID, 0, Said{Fact: fact.RequestID}},
	{inUSD, inCost | inRequest | inResponse, Said{fact.Cost, USD}},
	{inCost | inCents, inRequest | inResponse, Said{fact.Cost, USCents}},
	{inRetry, inRequest, Said{fact.Retries, Count}},
}

// NameMeanings calls yield for all that words of such keys can say.
func NameMeanings(yield func(Said) bool) {
	for i := range nameMeanings {
		if !yield(nameMeanings[i].says) {
			return
		}
	}
	for _, u := range timeUnits {
		if !yield(Said{fact.TTFT, u.encoding}) {
			return
		}
	}
	yield(Said{fact.TTFT, Duration})
}

// NameOf returns what a key holds by its words, in whatever order and spelling. Each of them must be known, and one says that the
// key is about a call of a model. The time to the first token is of no other, and so is a cost in dollars or cents.
func NameOf(key string) (says Said, ok bool) { return nameOf(key, false) }

// nameOf is NameOf. Of a span's own keys none needs to say that the key is about a call of a model.
func nameOf(key string, own bool) (says Said, ok bool) {
	if len(key) > maxWordedKey {
		return says, false
	}
	if says, ok = firstTokenOf(key); ok {
		return says, true
	}
	all := nameWord(0)
	for rest := key; rest != ""; {
		var word string
		if word, rest = lastWord(rest); word == "" {
			continue
		}
		about := wordOf(nameWords, word)
		if about == 0 {
			return says, false
		}
		all |= about
	}
	costs := all&inCost != 0 && all&(inUSD|inCents) != 0
	if about := all&inLLM != 0 || costs || own && ofOwnCall(key, all); !about {
		return says, false
	}
	all &^= inLLM | inName
	for i := range nameMeanings {
		if m := &nameMeanings[i]; all&m.needs == m.needs && all&^(m.needs|m.may) == 0 {
			return m.says, true
		}
	}
	return says, false
}

// ofOwnCall reports whether a key of a call's own span, with those words, is about that call. A response's id can be of another
// response, and a system one of another kind.
func ofOwnCall(key string, words nameWord) bool {
	otherID := words&inID != 0 && words&inModel == 0
	return !otherID && (words&inProvider == 0 || !strings.Contains(strings.ToLower(key), "system"))
}

// ofModels are the beginnings of keys that are about calls of models, whoever writes them.
var ofModels = []string{"gen_ai.", "llm.", "genai.", "ai.", "gen_ai_", "llm_"}

// OfModels reports whether a key is about a call of a model by its beginning.
func OfModels(key string) bool {
	for _, prefix := range ofModels {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
