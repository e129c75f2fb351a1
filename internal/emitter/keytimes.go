// SPDX-License-Identifier: Apache-2.0

package emitter

import "github.com/otelcol-llm/otelcol-llm/internal/fact"

// timeWord is what a word of a key of the time to the first token is about.
type timeWord uint8

const (
	// ofTimePlace words say whose or where the time is.
	ofTimePlace timeWord = 1 << iota
	ofFirst
	ofToken
	ofTTFT
	ofSeconds
	ofMillis
	ofMicros
	ofNanos
)

// timeWords are the words of which people make such keys. Words for a part, a mean or a limit are missing.
var timeWords = func() map[string]timeWord {
	words := map[string]timeWord{}
	for of, list := range map[timeWord][]string{
		ofTimePlace: {
			"gen", "ai", "genai", "llm", "openai", "anthropic", "bedrock", "gemini", "mistral", "ollama", "vllm", "response", "server", "client",
			"stream", "streaming", "latency", "time", "to", "in", "metrics", "usage", "chat", "model", "delay", "duration",
		},
		ofFirst:   {"first"},
		ofToken:   {"token", "chunk"},
		ofTTFT:    {"ttft", "ttfc"},
		ofSeconds: {"s", "sec", "secs", "second", "seconds"},
		ofMillis:  {"ms", "millis", "msec", "milliseconds"},
		ofMicros:  {"us", "micros", "microseconds"},
		ofNanos:   {"ns", "nanos", "nanoseconds"},
	} {
		for _, word := range list {
			words[word] = of
		}
	}
	return words
}()

// timeUnits are how times of each unit are written.
var timeUnits = [...]struct {
	unit     timeWord
	encoding Encoding
}{{ofMillis, Milliseconds}, {ofSeconds, Seconds}, {ofMicros, Microseconds}, {ofNanos, Nanoseconds}}

// firstTokenOf returns whether the words of a key are about the time to the first token, and its unit. Without a unit in the key the
// value has to have one.
func firstTokenOf(key string) (says Said, ok bool) {
	all := timeWord(0)
	for rest := key; rest != ""; {
		var word string
		if word, rest = lastWord(rest); word == "" {
			continue
		}
		about := wordOf(timeWords, word)
		if about == 0 {
			return says, false
		}
		all |= about
	}
	if all &^= ofTimePlace; all&ofTTFT == 0 && all&(ofFirst|ofToken) != ofFirst|ofToken {
		return says, false
	}
	all &^= ofTTFT | ofFirst | ofToken
	for _, u := range timeUnits {
		if all == u.unit {
			return Said{fact.TTFT, u.encoding}, true
		}
	}
	return Said{fact.TTFT, Duration}, all == 0
}
