// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// Counted is what the words of a key say that it counts.
type Counted struct {
	Fact fact.Fact
	// Parts says where the parts of the count are.
	Parts usage.Place
	// Short is set for the part of CacheWriteTokens that the cache keeps for minutes. The whole is that and CacheWriteHourTokens.
	Short bool
}

// countWord is what a word of such a key is about. A key can be about several.
type countWord uint16

const (
	// ofPlace words say whose or where the count is, and ofMeasure words that it is a count. Only some of these prove it.
	ofPlace countWord = 1 << iota
	ofMeasure
	ofTokens
	ofInput
	ofOutput
	ofCandidates
	ofTotal
	ofCache
	ofRead
	ofWrite
	ofHour
	ofMinutes
	ofReasoning
	ofText
	ofImage
	ofAudio
)

// countWords are the words of which people make keys of token counts. Sources: the keys of the tables, the usage objects of OpenAI,
// Anthropic, Gemini, Bedrock, Cohere, Mistral, DeepSeek and OpenRouter, usage_metadata of LangChain.
var countWords = func() map[string]countWord {
	words := map[string]countWord{}
	for of, list := range map[countWord][]string{
		ofPlace: {
			"gen", "ai", "genai", "llm", "openai", "anthropic", "azure", "aws", "bedrock", "google", "gcp", "gemini", "vertex", "vertexai",
			"mistral", "cohere", "groq", "deepseek", "ollama", "vllm", "response", "result", "model", "chat", "metadata", "metrics", "stats",
		},
		ofMeasure:            {"count", "counts", "num", "number", "n", "of", "used", "consumed", "detail", "details", "content", "internal"},
		ofTokens:             {"token", "tokens", "usage"},
		ofInput:              {"input", "inputs", "prompt", "prompts", "in"},
		ofOutput:             {"output", "outputs", "completion", "completions", "out", "generated", "generation"},
		ofCandidates:         {"candidate", "candidates"},
		ofTotal:              {"total"},
		ofCache:              {"cache", "cached", "caching"},
		ofRead:               {"read", "reads", "hit", "hits"},
		ofWrite:              {"write", "writes", "written", "creation", "create", "created"},
		ofCache | ofWrite:    {"ephemeral"},
		ofHour:               {"1h", "1hr"},
		ofMinutes:            {"5m", "5min"},
		ofReasoning:          {"reasoning", "thinking", "thought", "thoughts"},
		ofMeasure | ofTokens: {"tokencount", "tokenusage"},
		ofText:               {"text"},
		ofImage:              {"image", "images"},
		ofAudio:              {"audio"},
	} {
		for _, word := range list {
			words[word] = of
		}
	}
	return words
}()

// countMeanings are what the words of a key say together, beside those of place and measure. The first counts whose words they are.
var countMeanings = func() (meanings []countMeaning) {
	add := func(says Counted, needs, may countWord) { meanings = append(meanings, countMeaning{needs, may, says}) }
	add(Counted{Fact: fact.InputTokens}, ofInput, 0)
	add(Counted{Fact: fact.OutputTokens}, ofOutput, 0)
	// Of the Gemini API, whose candidates leave out the thoughts.
	add(Counted{Fact: fact.OutputTokens, Parts: usage.Beside}, ofCandidates, ofOutput)
	add(Counted{Fact: fact.TotalTokens}, ofTotal, 0)
	add(Counted{Fact: fact.CacheReadTokens}, ofCache, ofRead|ofInput)
	add(Counted{Fact: fact.CacheWriteTokens}, ofCache|ofWrite, ofInput)
	add(Counted{Fact: fact.CacheWriteHourTokens}, ofCache|ofWrite|ofHour, ofInput)
	add(Counted{Fact: fact.CacheWriteTokens, Short: true}, ofCache|ofWrite|ofMinutes, ofInput)
	add(Counted{Fact: fact.ReasoningTokens}, ofReasoning, ofOutput)
	for split, sides := range [...]countWord{ofInput, ofOutput, ofCache} {
		for modality, word := range [...]countWord{ofText, ofImage, ofAudio} {
			may := countWord(0)
			if sides == ofCache {
				may = ofRead | ofInput
			}
			add(Counted{Fact: SplitFacts[split][modality]}, word|sides, may)
		}
	}
	return meanings
}()

type countMeaning struct {
	needs, may countWord
	says       Counted
}

// CountMeanings calls yield for all that words of keys can say.
func CountMeanings(yield func(Counted) bool) {
	for i := range countMeanings {
		if !yield(countMeanings[i].says) {
			return
		}
	}
}

// maxWordedKey is the length in bytes up to which a key is read by its words.
const maxWordedKey = 80

// CountOf returns what a key counts by its words, in whatever order and spelling. Each of them must be known. Others can be about
// a limit, a price or the sum of a conversation.
func CountOf(key string) (says Counted, ok bool) {
	if len(key) > maxWordedKey {
		return says, false
	}
	all := countWord(0)
	for rest := key; rest != ""; {
		var word string
		if word, rest = lastWord(rest); word == "" {
			continue
		}
		about := wordOf(countWords, word)
		if about == 0 {
			return says, false
		}
		all |= about
	}
	if all&ofTokens == 0 {
		return says, false
	}
	all &^= ofPlace | ofMeasure | ofTokens
	for i := range countMeanings {
		if m := &countMeanings[i]; all&m.needs == m.needs && all&^(m.needs|m.may) == 0 {
			return m.says, true
		}
	}
	return says, false
}

// usageKeys are the ends of keys under which people write a provider's usage object as it is.
var usageKeys = []string{"*usage", "*usage_metadata"}

// usageMembers are the members of these objects. Sources: the API references of OpenAI, Anthropic, Gemini and Bedrock, UsageMetadata of
// LangChain, Usage of LiteLLM. OpenAI's wholes contain their parts, as do LiteLLM's; Anthropic's and Bedrock's leave cached tokens out.
var usageMembers = []JSONField{
	{Path: "prompt_tokens", Fact: fact.InputTokens, Encoding: Count, Parts: usage.Within},
	{Path: "input_tokens", Fact: fact.InputTokens, Encoding: Count},
	{Path: "promptTokenCount", Fact: fact.InputTokens, Encoding: Count, Parts: usage.Within},
	{Path: "promptTokens", Fact: fact.InputTokens, Encoding: Count},
	{Path: "inputTokens", Fact: fact.InputTokens, Encoding: Count},
	{Path: "completion_tokens", Fact: fact.OutputTokens, Encoding: Count, Parts: usage.Within},
	{Path: "output_tokens", Fact: fact.OutputTokens, Encoding: Count},
	{Path: "candidatesTokenCount", Fact: fact.OutputTokens, Encoding: Count},
	{Path: "completionTokens", Fact: fact.OutputTokens, Encoding: Count},
	{Path: "outputTokens", Fact: fact.OutputTokens, Encoding: Count},
	{Path: "total_tokens", Fact: fact.TotalTokens, Encoding: Count},
	{Path: "totalTokenCount", Fact: fact.TotalTokens, Encoding: Count},
	{Path: "totalTokens", Fact: fact.TotalTokens, Encoding: Count},
	{Path: "prompt_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
	{Path: "input_tokens_details.cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
	{Path: "input_token_details.cache_read", Fact: fact.CacheReadTokens, Encoding: Count},
	{Path: "cache_read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count, Parts: usage.Beside},
	{Path: "cacheReadInputTokens", Fact: fact.CacheReadTokens, Encoding: Count, Parts: usage.Beside},
	{Path: "cachedContentTokenCount", Fact: fact.CacheReadTokens, Encoding: Count},
	{Path: "prompt_cache_hit_tokens", Fact: fact.CacheReadTokens, Encoding: Count},
	{Path: "input_token_details.cache_creation", Fact: fact.CacheWriteTokens, Encoding: Count},
	{Path: "cache_creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, Parts: usage.Beside},
	{Path: "cacheWriteInputTokens", Fact: fact.CacheWriteTokens, Encoding: Count, Parts: usage.Beside},
	{Path: "cache_creation.ephemeral_1h_input_tokens", Fact: fact.CacheWriteHourTokens, Encoding: Count},
	{Path: "completion_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
	{Path: "output_tokens_details.reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count},
	{Path: "output_token_details.reasoning", Fact: fact.ReasoningTokens, Encoding: Count},
	{Path: "thoughtsTokenCount", Fact: fact.ThoughtTokens, Encoding: Count},
	{Path: "prompt_tokens_details.audio_tokens", Fact: fact.AudioInputTokens, Encoding: Count},
	{Path: "completion_tokens_details.audio_tokens", Fact: fact.AudioOutputTokens, Encoding: Count},
	{Path: "service_tier", Fact: fact.ServiceTier},
}

// usageObjects returns the rows of these keys.
func usageObjects() (rows []Attribute) {
	for _, key := range usageKeys {
		rows = append(rows, Attribute{Key: key, Encoding: JSON, JSONFields: usageMembers, Generic: true})
	}
	return rows
}
