// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

const (
	// hidden stands for what may be a text of a user.
	hidden = "(hidden)"
	// maxWord is the length in bytes of the longest word that is shown.
	maxWord = 100
	// maxRun is the length of the longest run of letters and digits, mixed, that is shown. maxDigits is that of digits alone.
	// Keys and ids are longer, versions and dates are not.
	maxRun    = 16
	maxDigits = 10
)

// word returns a text that a program wrote, such as a model's name or an attribute's key, or hidden. Texts of people have
// blanks and other characters, keys and ids long runs of letters and digits.
func word(text string) string {
	if len(text) > maxWord {
		return hidden
	}
	run, letters, digits := 0, 0, 0
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		case strings.IndexByte("_-.:/*", c) >= 0, c == '@' && i == 0: // npm's packages begin with an @, and addresses of people do not
			run, letters, digits = 0, 0, 0
			continue
		default:
			return hidden
		}
		run++
		if run > maxRun && letters > 0 && digits > 0 || run == digits && digits > maxDigits {
			return hidden
		}
	}
	return text
}

// nameOf returns a span's name: a word, or an operation and as what the conventions write behind it.
func nameOf(name string) string {
	if name == "" {
		return "(no name)"
	}
	first, rest, several := strings.Cut(name, " ")
	if !several {
		return word(name)
	}
	if _, known := emitter.Operations[strings.ToLower(first)]; known {
		return first + " " + word(rest)
	}
	return hidden
}
