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

func TestNamesOfSpansSayWhatTheyStandFor(t *testing.T) {
	const call, act, asking, asked, aside, narrow = NamesCall, NamesAct, NamesAsking, NamesAsked, NamesAside, NamesNarrow
	for name, want := range map[string]SpanName{
		"": 0, "GET /users": 0, "task.finish": 0, "ai_executor.execute": 0, "main call": 0, "agent.turn": 0, "POST /v1/messages": 0,
		"plan": 0, "retrieve": 0, "chatter": 0, "llm": call, "LLM call": call | asking | asked, "openai.chat.completions": call | act | asking | asked,
		// A model was asked.
		"llm.complete": call | act | asking | asked, "llm.Generate": call | act | asking | asked, "agent.llm_call": call | asking | asked,
		"LLMRequest": call | asking | asked, "ai.inference": call | act | asking | asked, "acme.ai.call": asking | asked,
		"openai.embed_batch": call | act | asking | asked | narrow, "gemini.generate_content": call | act | asking | asked,
		// Something else follows.
		"llm.request.queue": call | asking, "llm_call_backoff": call | asking, "openai.request.hook.stream": asking,
		// What a model does, and what only belongs to it.
		"tutor.chat.stream": call | act, "generate_answer": call | act, "chat.completions.create": call | act, "embed_query": call | act | narrow,
		"chat.history": call, "chat_session": call, "embedding_index.open": call | narrow, "completion_cache.get": call, "llm.step": call,
		// What a program does around a call.
		"llm.parse_response": call | aside, "llm.validate_json": call | aside, "chat.prompt.render": call | aside, "select_model": aside,
		"buildPrompt": aside, "completions.parse": call, "llm.request.build": call | asking | aside,
	} {
		assert.Equal(t, want, ReadSpanName(name), name)
	}
	assert.Zero(t, testing.AllocsPerRun(100, func() { ReadSpanName("AssistantService.completeChat") }))
}
