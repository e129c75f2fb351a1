// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestAWordMeansOneThing(t *testing.T) {
	words, names := map[string]llm.Class{}, len(noProviders)
	for _, o := range operations {
		for _, word := range o.words {
			assert.NotContains(t, words, word, "a word stands in two lists")
			words[word] = o.meaning.Class
		}
	}
	for word, class := range words {
		assert.Equal(t, class, Operations[joined.Replace(word)].Class, "%s means something else without what is between its parts", word)
	}
	for _, others := range spellings {
		names += 1 + len(others)
	}
	assert.Len(t, Providers, names, "a spelling stands in two lists")
}

func TestNamesThatAskAModelSayBoth(t *testing.T) {
	for _, name := range []string{"llm.complete", "llm.Generate", "agent.llm_call", "ai.inference", "LLMRequest"} {
		assert.True(t, NamesAsking(name), name)
	}
	for _, name := range []string{"llm.step", "task.complete", "generate report", "agent.turn", "ai_executor.execute", "main call"} {
		assert.False(t, NamesAsking(name), name)
	}
}
