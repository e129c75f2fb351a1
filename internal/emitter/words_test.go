// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAWordMeansOneThing(t *testing.T) {
	words, names := 0, len(noProviders)
	for _, o := range operations {
		words += len(o.words)
	}
	for _, others := range spellings {
		names += 1 + len(others)
	}
	assert.Len(t, Operations, words, "a word stands in two lists")
	assert.Len(t, Providers, names, "a spelling stands in two lists")
}
