// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

func TestKeysAreComparedToTheLastByte(t *testing.T) {
	const letters = "gen_ai.usage.cache_read.input_tokens_of_all_that_was_asked"
	r := NewReader(Options{MaxText: 256})
	f := spanValues{memo: &memos{}}
	for n := 1; n <= len(letters); n++ {
		key := letters[:n]
		has := func(name string) bool {
			c := newKeyCache()
			c.insert(c.first, step{name: key, use: use{valueRow: valueRow{field: fact.RequestModel}, how: asText}, marks: unmarked})
			attributes := pcommon.NewMap()
			attributes.PutStr(strings.Clone(name), "m")
			f.follow(&c, attributes, &r.keys)
			return f.has(fact.RequestModel)
		}
		assert.True(t, has(key), key)
		assert.False(t, has(key+"x"), key)
		for i := range n {
			other := []byte(key)
			other[i] ^= 1
			assert.False(t, has(string(other)), "%s, %s", key, other)
		}
	}
}

// Attributes without a key come from broken programs.
func TestAttributesWithoutAKeyAreNotRead(t *testing.T) {
	r := NewReader(Options{MaxText: 256})
	f := spanValues{memo: &memos{}}
	c := newKeyCache()
	for range 3 {
		attributes := pcommon.NewMap()
		attributes.PutStr("", "x")
		attributes.PutStr("gen_ai.request.model", "m")
		f.follow(&c, attributes, &r.keys)
		assert.EqualValues(t, 1, f.llmOnly)
		attributes = pcommon.NewMap()
		attributes.PutStr("", "x")
		f.follow(&c, attributes, &r.keys)
		assert.Zero(t, f.llmOnly)
	}
	assert.LessOrEqual(t, c.length, 2)
}

// Some spans have an attribute for each message.
func TestACacheBeginsAnewWhenItIsFull(t *testing.T) {
	r := NewReader(Options{MaxText: 256})
	f := spanValues{memo: &memos{}}
	c := newKeyCache()
	many, one := pcommon.NewMap(), pcommon.NewMap()
	for _, k := range r.keys.keys[1 : 3*maxSteps] {
		many.PutBool(k.name, true)
	}
	one.PutStr("gen_ai.request.model", "m")
	f.follow(&c, many, &r.keys)
	assert.LessOrEqual(t, c.length, maxSteps)
	assert.Zero(t, testing.AllocsPerRun(3, func() {
		f.follow(&c, many, &r.keys)
		f.follow(&c, one, &r.keys)
	}))
	assert.Equal(t, "m", f.text(fact.RequestModel))
	assert.EqualValues(t, 1, f.llmOnly)
}
