// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

var (
	streamed    = chat.streamed()
	notStreamed = Meaning{Class: llm.Inference, Operation: "chat", Stream: llm.NotStreamed}
)

// vercelLegacy is the telemetry built into the Vercel AI SDK up to version 6. It is a wrapper, and one .do span below it for each
// attempt of each step.
var vercelLegacy = Family{
	Name:  "vercel-ai",
	Title: "Vercel AI SDK 3 to 6",
	Source: "vercel/ai @ed857f50f1; ai 6.0.326 and opencode-ai 1.18.33 measured, 5.0.277 with @ai-sdk/anthropic 2.0.112 for cached tokens; " +
		"packages/otel/src/open-telemetry.ts @73570b10 writes it in version 7; of version 3 " +
		"packages/core/core/telemetry/assemble-operation-name.ts @b9827186 and the tests of generateText and streamText; " +
		"@aws/aws-distro-opentelemetry-node-autoinstrumentation 0.13.0 instrumentation-vercel-ai/span-processor.js",
	Notes: "Spans of opencode with `experimental.openTelemetry` are these. The `.do*` spans are the requests, failed attempts are retries of the last. An abandoned stream leaves no " +
		"span. `ai.settings.maxRetries` is a setting and not read. Up to version 5 the input tokens of Anthropic leave out cached ones, " +
		"and nothing shows it. Only streams have both counts, and the streams of objects of version 6 have the same keys.",
	// opencode and AWS's distribution give the spans a scope of their own. Keys and names are the conventions', but for those of reranking.
	Scopes: []string{"ai", "opencode", "@aws/aws-distro-opentelemetry-instrumentation-vercel-ai"},
	Quirks: SpanPerAttempt,
	// Of version 3, which has no ai.operationId.
	Spans: []Span{
		{Name: "ai.generateText.doGenerate", Class: llm.Inference, Operation: "chat"},
		{Name: "ai.streamText.doStream", Class: llm.Inference, Operation: "chat", Streamed: true},
		{Name: "ai.generateText", Class: llm.NoRequest},
		{Name: "ai.streamText", Class: llm.NoRequest},
		{Name: "ai.generateObject.doGenerate", Class: llm.Inference, Operation: "chat"},
		{Name: "ai.streamObject.doStream", Class: llm.Inference, Operation: "chat", Streamed: true},
		{Name: "ai.generateObject", Class: llm.NoRequest},
		{Name: "ai.streamObject", Class: llm.NoRequest},
		{Name: "ai.embed.doEmbed", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "ai.embedMany.doEmbed", Class: llm.Embeddings, Operation: "embeddings"},
		{Name: "ai.embed", Class: llm.NoRequest},
		{Name: "ai.embedMany", Class: llm.NoRequest},
		{Name: "ai.rerank.doRerank", Class: llm.Rerank, Operation: "rerank"},
		{Name: "ai.rerank", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "ai.operationId", Fact: fact.Kind, Identifies: true, Meanings: map[string]Meaning{
			"ai.generatetext.dogenerate":   notStreamed,
			"ai.streamtext.dostream":       streamed,
			"ai.generateobject.dogenerate": notStreamed,
			"ai.streamobject.dostream":     streamed,
			"ai.embed.doembed":             embeddings,
			"ai.embedmany.doembed":         embeddings,
			"ai.rerank.dorerank":           rerank,
			"ai.generatetext":              none,
			"ai.streamtext":                none,
			"ai.generateobject":            none,
			"ai.streamobject":              none,
			"ai.embed":                     none,
			"ai.embedmany":                 none,
			"ai.rerank":                    none,
			"ai.toolcall":                  toolRun,
		}},
		{Key: "ai.model.provider", Fact: fact.Provider},
		{Key: "ai.model.id", Fact: fact.RequestModel},
		{Key: "ai.response.model", Fact: fact.ResponseModel},
		{Key: "ai.response.id", Fact: fact.RequestID},
		{Key: "ai.response.finishReason", Fact: fact.FinishReason, Encoding: TextList},
		{Key: "ai.response.msToFirstChunk", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "ai.stream.msToFirstChunk", Fact: fact.TTFT, Encoding: Milliseconds},
		{Key: "ai.usage.inputTokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "ai.usage.promptTokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "ai.usage.tokens", Fact: fact.InputTokens, Encoding: Count},
		{Key: "ai.usage.outputTokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "ai.usage.completionTokens", Fact: fact.OutputTokens, Encoding: Count},
		{Key: "ai.usage.totalTokens", Fact: fact.TotalTokens, Encoding: Count},
		{Key: "ai.usage.inputTokenDetails.cacheReadTokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "ai.usage.cachedInputTokens", Fact: fact.CacheReadTokens, Encoding: Count},
		{Key: "ai.usage.inputTokenDetails.cacheWriteTokens", Fact: fact.CacheWriteTokens, Encoding: Count},
		{Key: "ai.usage.outputTokenDetails.reasoningTokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "ai.usage.reasoningTokens", Fact: fact.ReasoningTokens, Encoding: Count},
		{Key: "ai.response.providerMetadata", Encoding: JSON, JSONFields: []JSONField{
			{Path: "openai.serviceTier", Fact: fact.ServiceTier},
			{Path: "azure.serviceTier", Fact: fact.ServiceTier},
			{Path: "anthropic.usage.service_tier", Fact: fact.ServiceTier},
			{Path: "anthropic.usage.cache_creation.ephemeral_1h_input_tokens", Fact: fact.CacheWriteHourTokens, Encoding: Count},
		}},
		{Key: "ai.toolCall.name", Fact: fact.ToolName},
		{Key: "ai.telemetry.metadata.userId", Fact: fact.User},
		{Key: "ai.telemetry.metadata.sessionId", Fact: fact.Session},
	},
	Events: []Event{
		{Name: "ai.stream.firstChunk", Fact: fact.TTFT},
	},
}

// vercel is version 7 with @ai-sdk/otel.
var vercel = Family{
	Name:   "vercel-ai-7",
	Title:  "Vercel AI SDK 7",
	Source: "vercel/ai @ed857f50f1 (7.0.77); ai 7.0.173 with @ai-sdk/otel 1.0.173 measured",
	Notes:  "Embeddings are written twice, one inside the other.",
	Scopes: []string{"gen_ai", "@ai-sdk/otel*"},
	Quirks: SilenceCancels,
}
