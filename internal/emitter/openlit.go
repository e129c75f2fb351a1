// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// openLITSpans are the calls, which show no attributes at all where they fail before the response.
var openLITSpans = []Span{
	{Name: "chat *", Class: llm.Inference, Operation: "chat", NamesModel: true},
	{Name: "text_completion *", Class: llm.Inference, Operation: "text_completion", NamesModel: true},
	{Name: "embeddings *", Class: llm.Embeddings, Operation: "embeddings", NamesModel: true},
	{Name: "image *", Class: llm.Media, Operation: "image_generation", NamesModel: true},
	{Name: "audio *", Class: llm.Media, Operation: "audio", NamesModel: true},
	// Of 2024, after the API.
	{Name: "*.chat.completions", Class: llm.Inference, Operation: "chat"},
	{Name: "anthropic.messages", Class: llm.Inference, Operation: "chat"},
	{Name: "mistral.chat", Class: llm.Inference, Operation: "chat"},
	{Name: "cohere.chat", Class: llm.Inference, Operation: "chat"},
	{Name: "ollama.chat", Class: llm.Inference, Operation: "chat"},
	{Name: "litellm.completion", Class: llm.Inference, Operation: "chat"},
	{Name: "*.embeddings", Class: llm.Embeddings, Operation: "embeddings"},
	{Name: "cohere.embed", Class: llm.Embeddings, Operation: "embeddings"},
	{Name: "*openai.images.*", Class: llm.Media, Operation: "image_generation"},
	{Name: "*openai.audio.speech.*", Class: llm.Media, Operation: "audio"},
}

var openLITFrameworks = Family{
	Name:   "openlit-frameworks",
	Title:  "OpenLIT for LangChain, LlamaIndex, CrewAI, Haystack, Agno",
	Source: "openlit/openlit sdk/python @ad20b7b4 (1.45.0); JS 1.15.0 measured",
	Notes:  "LangChain for JS estimates the input, whatever the provider counted. A stream that its caller left has no span.",
	Scopes: []string{
		"@openlit/instrumentation-langchain", "@openlit/instrumentation-llamaindex",
		"openlit.instrumentation.langchain*", "openlit.instrumentation.llamaindex*",
		"openlit.instrumentation.crewai*", "openlit.instrumentation.haystack*", "openlit.instrumentation.agno*",
	},
	Quirks: Framework | EstimatesTokens | EstimatesInput,
}

// openLITAnthropic estimates nothing.
var openLITAnthropic = Family{
	Name:   "openlit-anthropic",
	Title:  "OpenLIT for Anthropic",
	Source: "openlit/openlit sdk/python/src/openlit/instrumentation/anthropic @23232ec3, @06f970a8",
	Notes:  "Failed calls have no attributes, so that model and operation are read of the span's name.",
	Scopes: []string{"openlit.instrumentation.anthropic*"},
	Quirks: SilenceCancels | ProviderCounts,
	Spans:  openLITSpans,
}

// openLITGo estimates nothing. That Anthropic's input leaves out cached tokens shows in the total.
var openLITGo = Family{
	Name:  "openlit-go",
	Title: "OpenLIT for Go",
	Source: "openlit/openlit sdk/go/instrumentation/anthropic @2f273c3c, openai @5c7cb067, " +
		"groq/streaming.go @c71d6760, mistral @94729331, vllm @15cc969a; semconv/genai.go @06539d9e",
	Notes: "A stream of OpenAI or Anthropic that fails before the response ends its span before the error is noted. It counts " +
		"as cancelled. A cost of 0 means an unknown price.",
	Scopes: []string{"openlit.anthropic", "openlit.openai", "openlit.groq", "openlit.mistral", "openlit.vllm"},
	Quirks: SilenceCancels | TTFTFromHeaders,
	Attributes: []Attribute{
		{Key: "gen_ai.usage.cache.creation_input_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "gen_ai.usage.cache.read_input_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
	},
}

// openLIT names its scope after the library, but JS calls that of any OpenAI client instrumentation-vllm.
var openLIT = Family{
	Name:  "openlit",
	Title: "OpenLIT",
	Source: "openlit/openlit sdk/python @ad20b7b4 (1.45.0), of 2024 instrumentation/openai/openai.py @87d69c48, " +
		"sdk/typescript/src/instrumentation/anthropic/wrapper.ts @0cc082c8; JS 1.15.0 measured",
	Notes: "Failed calls of Python have no attributes, so that model and operation are read of the span's name. Where a stream " +
		"brings no usage its tokens are an estimate, and nothing shows it. So counts of streams are marked as estimates. Its " +
		"time to the first token is the first chunk, which may hold no text yet. JS begins it with the response's headers. A stream of JS " +
		"that its caller left looks like a whole one. A cost of 0 means an unknown price.",
	Scopes: []string{"openlit*", "@openlit/*"},
	Quirks: SilenceCancels | EstimatesTokens | ProviderCounts,
	Spans:  openLITSpans,
	Attributes: []Attribute{
		// Of earlier versions, which name spans after the API.
		{Key: "gen_ai.type", Fact: fact.Operation, EmitterSpecific: true},
	},
}
