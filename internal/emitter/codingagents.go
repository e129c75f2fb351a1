// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// claudeCode counts input without cached tokens under short names of its own, and with them under the conventions' keys of
// later versions.
var claudeCode = Family{
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
		{Key: "input_tokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "output_tokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_creation_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_creation_1h_tokens", Fact: fact.CacheWriteHourTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "ttft_ms", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
		{Key: "attempt", Fact: fact.Retries, Encoding: Ordinal, EmitterSpecific: true},
		{Key: "request_id", Fact: fact.RequestID, EmitterSpecific: true},
		{Key: "stop_reason", Fact: fact.FinishReason, Encoding: TextList, EmitterSpecific: true},
		{Key: "status_code", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "error", Fact: fact.Failed, Encoding: NotEmpty, EmitterSpecific: true},
		{Key: "error", Fact: fact.ErrorMessage, EmitterSpecific: true},
	},
}

// codex writes a span for each event of a response, and names it after the event. That of the last one has the usage; the
// request lies around it, and has the model.
var codex = Family{
	Name:  "codex",
	Title: "Codex CLI",
	Source: "openai/codex codex-rs/otel/src/events/session_telemetry.rs @0136a731, provider.rs @058195b9, core/src/session/turn.rs, " +
		"pull request 19432, issue 46826; @openai/codex 0.171.0, measured",
	Notes: "The last event's span adds tokens to the request, and its end, if both are in one batch. Else the tokens go into the " +
		"counters without a model, and the duration contains the tools that the answer called. A failure shows in an event of a span " +
		"below the request, a stream that broke off by a span beside it. Before April 2026 there are no tokens.",
	// The tracer has the name of the service.
	Scopes:   []string{"codex*", "Codex*"},
	Provider: "openai",
	Quirks:   RunsBelowCalls | StepSpans,
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
		{Key: "codex.usage.total_tokens", Fact: fact.Kind, Encoding: Count, Generic: true, Meanings: map[string]Meaning{AnyNumber: supplement}},
		{Key: "codex.usage.reasoning_output_tokens", Fact: fact.ReasoningTokens, Encoding: Count, Generic: true},
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
	},
	Events: []Event{
		// Named after the place in the source code.
		{
			Name: "event *", Only: Pair{"event.name", "codex.api_request"}, Attribute: "http.response.status_code",
			Fact: fact.HTTPStatus, Encoding: Count, Last: true,
		},
	},
}

// qwenCode is a fork of Gemini CLI with spans of its own, one for each attempt.
var qwenCode = Family{
	Name:  "qwen-code",
	Title: "Qwen Code",
	Source: "QwenLM/qwen-code packages/core/src/telemetry session-tracing.ts, log-to-span-processor.ts as of issues 4417, 4432 and " +
		"8150; not measured",
	Notes:  "An attempt that its caller left only denies success. What its logs say of calls again, as spans, is not counted.",
	Scopes: []string{"qwen-code*"},
	Quirks: SpanPerAttempt | BareFailureCancels,
	Spans: []Span{
		{Name: "qwen-code.llm_request", Class: llm.Inference, Operation: "chat"},
		{Name: "qwen-code.api_*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		// Written on what logs say as spans.
		{Key: "log.bridge", Fact: fact.Kind, EmitterSpecific: true, Meanings: map[string]Meaning{"true": none}},
		{Key: "ttft_ms", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
		{Key: "input_token_count", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "output_token_count", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_content_token_count", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "thoughts_token_count", Fact: fact.ReasoningTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "finish_reason", Fact: fact.FinishReason, Encoding: TextList, EmitterSpecific: true},
		{Key: "error_type", Fact: fact.ErrorType, EmitterSpecific: true},
		{Key: "error_status_code", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "error", Fact: fact.ErrorMessage, EmitterSpecific: true},
	},
}

// copilotCLI writes the conventions' keys.
var copilotCLI = Family{
	Name:   "copilot-cli",
	Title:  "GitHub Copilot CLI",
	Source: "spans of its OpenTelemetry export, scope github.copilot, as of 2026; no source is public",
	Notes:  "A call that its user interrupted has the finish reason `error` and nothing else of an error.",
	Scopes: []string{"github.copilot*"},
	Quirks: BareErrorCancels,
}

// copilotChat is GitHub Copilot Chat in Visual Studio Code.
var copilotChat = Family{
	Name:  "copilot-chat",
	Title: "GitHub Copilot Chat",
	Source: "microsoft/vscode-copilot-chat src/platform/otel/common/genAiAttributes.ts @7f4ee0e3, chatMLFetcher.ts and the " +
		"providers of models of one's own, docs/monitoring",
	Scopes:   []string{"copilot-chat*"},
	Resource: []Pair{{"service.name", "copilot-chat"}},
	Attributes: []Attribute{
		{Key: "copilot_chat.time_to_first_token", Fact: fact.TTFT, Encoding: Milliseconds, Identifies: true},
		{Key: "copilot_chat.chat_session_id", Fact: fact.Session},
	},
}

// openClaw writes a span of the tokens of a whole run beside those of its calls.
var openClaw = Family{
	Name:  "openclaw",
	Title: "OpenClaw",
	Source: "openclaw/openclaw extensions/diagnostics-otel/src/service-recorders-usage.ts @00dcb4ad, service.ts, " +
		"service-genai-attributes.ts",
	Notes:  "`openclaw.model.usage` is the sum of a run and not read. Earlier versions write no tokens elsewhere.",
	Scopes: []string{"openclaw"},
	Quirks: Framework,
	Spans: []Span{
		{Name: "openclaw.model.usage", Class: llm.NoRequest},
		{Name: "openclaw.model.call", Class: llm.Inference, Operation: "chat"},
	},
	Attributes: []Attribute{
		{Key: "openclaw.model_call.time_to_first_byte_ms", Fact: fact.TTFT, Encoding: Milliseconds},
	},
}

var geminiCLI = Family{
	Name:   "gemini-cli",
	Title:  "Gemini CLI",
	Source: "@google/gemini-cli 0.61, measured",
	Scopes: []string{"gemini-cli*"},
}
