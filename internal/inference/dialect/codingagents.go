// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// claudeCode counts input without cached tokens under short names of its own, and with them under the conventions' keys of
// later versions.
var claudeCode = Dialect{
	Name:  "claude-code",
	Title: "Claude Code",
	Source: "code.claude.com/docs/en/monitoring-usage, traces (beta); anthropics/claude-code issues 50776 and 54172; " +
		"@anthropic-ai/claude-code 2.1.332, measured",
	Notes:  "One span for all attempts of a request. A stream that its caller left has no span.",
	Scopes: []string{"com.anthropic.claude_code*"},
	Spans: []Span{
		{Name: "claude_code.llm_request", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "input_tokens", Fact: fact.InputTokens, Form: Count, Own: true, Cached: CacheBeside},
		{Key: "output_tokens", Fact: fact.OutputTokens, Form: Count, Own: true},
		{Key: "cache_read_tokens", Fact: fact.CacheReadTokens, Form: Count, Own: true},
		{Key: "cache_creation_tokens", Fact: fact.CacheWriteTokens, Form: Count, Own: true},
		{Key: "cache_creation_1h_tokens", Fact: fact.CacheWriteHourTokens, Form: Count, Own: true},
		{Key: "ttft_ms", Fact: fact.TTFT, Form: Milliseconds, Own: true},
		{Key: "attempt", Fact: fact.Retries, Form: Ordinal, Own: true},
		{Key: "request_id", Fact: fact.RequestID, Own: true},
		{Key: "stop_reason", Fact: fact.FinishReason, Form: TextList, Own: true},
		{Key: "status_code", Fact: fact.HTTPStatus, Form: Count, Own: true},
		{Key: "error", Fact: fact.Failed, Form: Present, Own: true},
		{Key: "error", Fact: fact.ErrorMessage, Own: true},
	},
}

// codex writes a span for each event of a response, and names it after the event. That of the last one has the usage; the
// request lies around it, and has the model.
var codex = Dialect{
	Name:  "codex",
	Title: "Codex CLI",
	Source: "openai/codex codex-rs/otel/src/events/session_telemetry.rs @0136a731, provider.rs @058195b9, core/src/session/turn.rs, " +
		"pull request 19432, issue 46826; @openai/codex 0.171.0, measured",
	Notes: "The last event's span adds tokens to the request, and tells its end, if both are in one batch; else the tokens go into the " +
		"counters without a model, and the duration contains the tools that the answer called. A failure is told by an event of a span " +
		"below the request, a stream that broke off by a span beside it. Before April 2026 there are no tokens.",
	// The tracer has the name of the service.
	Scopes:   []string{"codex*", "Codex*"},
	Provider: "openai",
	Traits:   RunsBelowCalls | TellingSteps,
	Spans: []Span{
		{Name: "try_run_sampling_request", Class: llm.Inference, Operation: "chat", Streamed: true},
		// Agents that a call starts run below it.
		{Name: "handle_tool_call*", Class: llm.NoRequest},
		{Name: "session_loop", Class: llm.NoRequest},
		// What is sent, be it several times.
		{Name: "endpoint_session.*", Class: llm.Supplement, Instant: true},
		{Name: "handle_response_stream_error", Class: llm.Supplement, Instant: true, Breaks: true},
	},
	Attributes: []Attribute{
		// Common, since they open as the keys of source code do, which any span can have.
		{Key: "codex.usage.total_tokens", Fact: fact.Kind, Form: Count, Common: true, Kinds: map[string]Meaning{AnyNumber: supplement}},
		{Key: "codex.usage.reasoning_output_tokens", Fact: fact.ReasoningTokens, Form: Count, Common: true},
		{Key: "model", Fact: fact.RequestModel, Own: true},
	},
	Events: []Event{
		// Named after the place in the source code.
		{
			Name: "event *", Only: Pair{"event.name", "codex.api_request"}, Attribute: "http.response.status_code",
			Fact: fact.HTTPStatus, Form: Count, Last: true,
		},
	},
}

// qwenCode is a fork of Gemini CLI with spans of its own, one for each attempt.
var qwenCode = Dialect{
	Name:  "qwen-code",
	Title: "Qwen Code",
	Source: "QwenLM/qwen-code packages/core/src/telemetry session-tracing.ts, log-to-span-processor.ts as of issues 4417, 4432 and " +
		"8150; not measured",
	Notes:  "An attempt that its caller left only denies success. What its logs say of calls again, as spans, is not counted.",
	Scopes: []string{"qwen-code*"},
	Traits: SpanPerAttempt | BareFailureCancels,
	Spans: []Span{
		{Name: "qwen-code.llm_request", Class: llm.Inference, Operation: "chat"},
		{Name: "qwen-code.api_*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		// Written on what logs say as spans.
		{Key: "log.bridge", Fact: fact.Kind, Own: true, Kinds: map[string]Meaning{"true": none}},
		{Key: "ttft_ms", Fact: fact.TTFT, Form: Milliseconds, Own: true},
		{Key: "input_token_count", Fact: fact.InputTokens, Form: Count, Own: true},
		{Key: "output_token_count", Fact: fact.OutputTokens, Form: Count, Own: true},
		{Key: "cached_content_token_count", Fact: fact.CacheReadTokens, Form: Count, Own: true},
		{Key: "thoughts_token_count", Fact: fact.ReasoningTokens, Form: Count, Own: true},
		{Key: "finish_reason", Fact: fact.FinishReason, Form: TextList, Own: true},
		{Key: "error_type", Fact: fact.ErrorType, Own: true},
		{Key: "error_status_code", Fact: fact.HTTPStatus, Form: Count, Own: true},
		{Key: "error", Fact: fact.ErrorMessage, Own: true},
	},
}

// copilotCLI writes the conventions' keys.
var copilotCLI = Dialect{
	Name:   "copilot-cli",
	Title:  "GitHub Copilot CLI",
	Source: "spans of its OpenTelemetry export, scope github.copilot, as of 2026; no source is public",
	Notes:  "A call that its user interrupted has the finish reason `error` and nothing else of an error.",
	Scopes: []string{"github.copilot*"},
	Traits: BareErrorCancels,
}

// copilotChat is GitHub Copilot Chat in Visual Studio Code.
var copilotChat = Dialect{
	Name:  "copilot-chat",
	Title: "GitHub Copilot Chat",
	Source: "microsoft/vscode-copilot-chat src/platform/otel/common/genAiAttributes.ts @7f4ee0e3, chatMLFetcher.ts and the " +
		"providers of models of one's own, docs/monitoring",
	Scopes:   []string{"copilot-chat*"},
	Resource: []Pair{{"service.name", "copilot-chat"}},
	Attributes: []Attribute{
		{Key: "copilot_chat.time_to_first_token", Fact: fact.TTFT, Form: Milliseconds, Marks: true},
		{Key: "copilot_chat.chat_session_id", Fact: fact.Session},
	},
}

// openClaw writes a span of the tokens of a whole run beside those of its calls.
var openClaw = Dialect{
	Name:  "openclaw",
	Title: "OpenClaw",
	Source: "openclaw/openclaw extensions/diagnostics-otel/src/service-recorders-usage.ts @00dcb4ad, service.ts, " +
		"service-genai-attributes.ts",
	Notes:  "`openclaw.model.usage` is the sum of a run and not read. Earlier versions tell no tokens elsewhere.",
	Scopes: []string{"openclaw"},
	Traits: Framework,
	Spans: []Span{
		{Name: "openclaw.model.usage", Class: llm.NoRequest},
		{Name: "openclaw.model.call", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "openclaw.model_call.time_to_first_byte_ms", Fact: fact.TTFT, Form: Milliseconds},
	},
}

var geminiCLI = Dialect{
	Name:   "gemini-cli",
	Title:  "Gemini CLI",
	Source: "@google/gemini-cli 0.61, measured",
	Scopes: []string{"gemini-cli*"},
}
