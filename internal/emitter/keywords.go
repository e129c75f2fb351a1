// SPDX-License-Identifier: Apache-2.0

package emitter

import "github.com/otelcol-llm/otelcol-llm/internal/fact"

// Said is what the words of a key say that it holds, beside counts of tokens.
type Said struct {
	Fact     fact.Fact
	Encoding Encoding
}

// lastWord returns the last word of a key, and what comes before it. Words have dots and their like between them, or begin with a
// capital letter as in inputTokens. The word is empty if the key ends with such a sign.
func lastWord(key string) (word, rest string) {
	start := len(key)
	for start > 0 && !isBetween(key[start-1]) && (start == len(key) || !opens(key, start)) {
		start--
	}
	word, rest = key[start:], key[:start]
	if start > 0 && isBetween(key[start-1]) {
		rest = key[:start-1]
	}
	return word, rest
}

// opens reports whether a word begins at a place by its capital letter.
func opens(key string, at int) bool {
	return 'A' <= key[at] && key[at] <= 'Z' && at > 0 && 'a' <= key[at-1] && key[at-1] <= 'z'
}

func isBetween(c byte) bool { return c == '.' || c == '_' || c == '-' || c == ':' || c == '/' }

// maxKeyWord is the length in bytes of the longest word of keys that are read by their words.
const maxKeyWord = 12

// wordOf returns what a word is about, in whatever case; nothing if the table does not have it.
func wordOf[V any](table map[string]V, word string) (about V) {
	var buffer [maxKeyWord]byte
	if len(word) > maxKeyWord {
		return about
	}
	n := copy(buffer[:], word)
	for i := range n {
		if 'A' <= buffer[i] && buffer[i] <= 'Z' {
			buffer[i] |= 0x20
		}
	}
	return table[string(buffer[:n])]
}
