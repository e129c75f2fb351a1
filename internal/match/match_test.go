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
