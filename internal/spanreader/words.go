// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"
)

// maxFolded is the length in bytes up to which words are compared without regard to case.
const maxFolded = 64

// lookUp finds a word in a table of lower-case words.
func lookUp[V any](table map[string]V, word string) (V, bool) {
	if len(word) > maxFolded {
		var zero V
		return zero, false
	}
	var lower [maxFolded]byte
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	v, ok := table[string(lower[:len(word)])]
	return v, ok
}

// memo remembers what some words meant, since most spans say the same few.
type memo[V any] struct {
	entries [memoSize]struct {
		word  string
		value V
		known bool
	}
}

const memoSize = 16

// of returns what a function says of a word and a table. The function must be the same for each call.
func (m *memo[V]) of(word string, table map[string]V, find func(map[string]V, string) (V, bool)) (V, bool) {
	if word == "" || len(word) > maxFolded {
		return find(table, word)
	}
	e := &m.entries[(len(word)+int(word[len(word)-1]))%memoSize]
	if e.word != word {
		e.word = word
		e.value, e.known = find(table, word)
	}
	return e.value, e.known
}

// says reports whether text says anything: emitters write some words for "not known".
func says(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] | 0x20 {
	case 'n':
		return !strings.EqualFold(s, "none") && !strings.EqualFold(s, "null") && !strings.EqualFold(s, "nan") &&
			!strings.EqualFold(s, "n/a")
	case 'u':
		return !strings.EqualFold(s, "unknown")
	default:
		return true
	}
}

// plain reports whether text says something and trim would leave it as it is, by a look at its ends. For some texts it does
// not say so although it is the case.
func plain(s string) bool { return s != "" && opensPlainly[s[0]] && s[len(s)-1] > ' ' }

// opensPlainly are the bytes with which neither blanks, quotes of JSON text nor words for "not known" begin.
var opensPlainly = func() (plainly [256]bool) {
	for c := range plainly {
		plainly[c] = c > ' ' && c != '"' && c|0x20 != 'n' && c|0x20 != 'u'
	}
	return plainly
}()

// trim takes blanks off both ends, and the quotes of JSON text.
func trim(s string) string {
	if n := len(s); n > 0 && (s[0] <= ' ' || s[n-1] <= ' ') {
		s = strings.TrimSpace(s)
	}
	if n := len(s); n > 1 && s[0] == '"' && s[n-1] == '"' {
		s = s[1 : n-1]
	}
	return s
}

// containsFold reports whether text contains a lower-case phrase, without regard to case.
func containsFold(text, phrase string) bool {
	for i := 0; i+len(phrase) <= len(text); i++ {
		if text[i]|0x20 == phrase[0] && strings.EqualFold(text[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

func orElse(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// isNamed reports whether a table has an error's name, be it with its package or namespace, or inside another one.
func isNamed(table map[string]bool, name string) bool {
	if _, ok := lookUp(table, name); ok {
		return true
	}
	name = strings.TrimSuffix(name, ")")
	_, ok := lookUp(table, name[strings.LastIndexAny(name, ".:$/(")+1:])
	return ok
}
