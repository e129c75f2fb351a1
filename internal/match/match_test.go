// SPDX-License-Identifier: Apache-2.0

package match_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

func TestStarsStandForAnything(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		fits          bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"", "", true},
		{"*", "", true},
		{"*", "abc", true},
		{"a*", "abc", true},
		{"a*", "ba", false},
		{"*c", "abc", true},
		{"*c", "abcd", false},
		{"*Req *", " Req 1", true},
		{"*Req *", "decode Req 1", true},
		{"*Req *", "Request", false},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "ac", false},
		{"**", "x", true},
	} {
		assert.Equal(t, c.fits, match.Match(c.pattern, c.name), "%q fits %q", c.name, c.pattern)
	}
}

func TestPhrasesAreFoundInAnyCase(t *testing.T) {
	phrases := []string{"timed out", "deadline"}
	for text, found := range map[string]bool{
		"":                        false,
		"d":                       false,
		"deadline":                true,
		"Context Deadline exceed": true,
		"request TIMED OUT":       true,
		"timed ou":                false,
		"timed  out":              false,
		"a deadlin":               false,
		"$eadline":                false, // $ and d share their low bits
		"deadl\u0131ne":           false,
		"ddeadline":               true,
	} {
		assert.Equal(t, found, match.Phrase(phrases, text), text)
	}
}
