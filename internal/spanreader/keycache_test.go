// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

func TestKeysAreComparedToTheLastByte(t *testing.T) {
	const letters = "gen_ai.usage.cache_read.input_tokens"
	for n := range len(letters) + 1 {
		a := letters[:n]
		assert.True(t, equal(a, strings.Clone(a)), a)
		assert.False(t, equal(a, a+"x"), a)
		for i := range n {
			other := []byte(a)
			other[i] ^= 1
			assert.False(t, equal(a, string(other)), "%s, %s", a, other)
		}
	}
}

// Attributes without a key come from broken programs.
func TestAttributesWithoutAKeyAreNotRead(t *testing.T) {
	r := NewReader(Options{MaxText: 256})
	f := spanValues{memo: &memos{}}
	c := &keyCache{emitter: -1}
	for range 3 {
		attributes := pcommon.NewMap()
		attributes.PutStr("", "x")
		attributes.PutStr("gen_ai.request.model", "m")
		f.follow(c, attributes, &r.keys)
		assert.True(t, f.llmOnly)
		attributes = pcommon.NewMap()
		attributes.PutStr("", "x")
		f.follow(c, attributes, &r.keys)
		assert.False(t, f.llmOnly)
	}
	assert.LessOrEqual(t, len(c.steps), 2)
}
