// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// claudeCode counts input without cached tokens under short names of its own. The conventions' keys of later versions hold it
// with them.
var claudeCode = Family{
	Name:  "claude-code",
	Title: "Claude Code",
	Source: "code.claude.com/docs/en/monitoring-usage, traces (beta); anthropics/claude-code issues 50776 and 54172; " +
		"@anthropic-ai/claude-code 2.1.332, measured",
	Notes: "One span for all attempts of a request. A stream that its caller left has no span and no log event. Cost is on log " +
		"events alone, whose duration is that of the last attempt.",
	Scopes: []string{"com.anthropic.claude_code*"},
	Quirks: EventsInTraces,
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
		// On log events.
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "cost_usd", Fact: fact.Cost, Encoding: USD, EmitterSpecific: true},
		{Key: "anthropic.provider", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "tool_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "agent_type", Fact: fact.AgentName, EmitterSpecific: true},
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs:   claudeCodeLogs,
	Counts: BothCount,
	Events: []Event{
		// One for each attempt. The time to the first token begins with the last.
		{Name: "gen_ai.request.attempt", Fact: fact.RetryTime, Last: true},
	},
}

// codex writes a span for each event of a response, and names it after the event. That of the last one has the usage; the
// request lies around it, and has the model.
var codex = Family{
	Name:  "codex",
	Title: "Codex CLI",
	Source: "openai/codex codex-rs/otel/src/events/session_telemetry.rs @0136a731, provider.rs @058195b9, core/src/session/turn.rs, " +
		"pull request 19432, issue 46826; @openai/codex 0.171.0, measured",
	Notes: "The last event's span adds tokens to the request, and its end, if it comes within a minute of them. Else the tokens go into the " +
		"counters without a model, and the duration contains the tools that the answer called. A failure shows in an event of " +
		"a span below the request. A stream that broke off shows in a span beside it. Before April 2026 there are no " +
		"tokens. Of a request that its user left, log events show the beginning alone. So they do of a stream that is sent " +
		"again. It is not counted.",
	// The tracer has the name of the service.
	Scopes:   []string{"codex*", "Codex*"},
	Provider: "openai",
	Quirks:   RunsBelowCalls | StepSpans | EventsInTraces,
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
		// On log events.
		{Key: "input_token_count", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Within},
		{Key: "output_token_count", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_token_count", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_write_token_count", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "reasoning_token_count", Fact: fact.ReasoningTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "ttft_ms", Fact: fact.TTFT, Encoding: ElapsedMilliseconds, EmitterSpecific: true},
		{Key: "conversation.id", Fact: fact.CallID, EmitterSpecific: true},
		{Key: "conversation.id", Fact: fact.Session, EmitterSpecific: true},
		{Key: "error.message", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "tool_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs:   codexLogs,
	Counts: LogsCount,
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
		"8150; @qwen-code/qwen-code 0.15.10, log events measured, 0.24.4, spans measured",
	Notes: "Failed calls are tried again up to seven times. An attempt that its caller left only denies success. What its logs say of " +
		"calls again, as spans, is not counted. The event `api_cancel` also stands for tools that the user left, and is not counted.",
	Scopes: []string{"qwen-code*"},
	Quirks: SpanPerAttempt | BareFailureCancels | EventsInTraces,
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
		// On log events.
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "response_id", Fact: fact.RequestID, EmitterSpecific: true},
		{Key: "status_code", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "error_message", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "function_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs: qwenCodeLogs,
}

// copilotCLI writes the conventions' keys.
var copilotCLI = Family{
	Name:   "copilot-cli",
	Title:  "GitHub Copilot CLI",
	Source: "@github/copilot 1.0.102, measured; no source is public",
	Notes: "A call that its user interrupted has the finish reason `error` and nothing else of an error. Failed calls are tried again up to " +
		"five times. `github.copilot.cost` is no amount of money and not read.",
	Scopes: []string{"github.copilot*"},
	Quirks: BareErrorCancels | SpanPerAttempt,
}

// goose ends the span of a call where its stream begins. The stream is read outside of the function that the span is of.
var goose = Family{
	Name:  "goose",
	Title: "goose",
	Source: "block/goose crates/goose/src/agents/gen_ai_telemetry.rs @5a291ae2, agents/reply_parts.rs of 2026; " +
		"aaif-goose/goose crates/goose/src/otel/otlp.rs @c4728502",
	Notes: "The span ends when the response's stream begins: its duration is too short. Nothing shows that a call failed or was " +
		"interrupted. Before 2026 spans name neither operation nor model, and are not counted.",
	Scopes:   []string{"goose"},
	Resource: []Pair{{"service.name", "goose"}},
	Spans: []Span{
		{Name: "stream_response_from_provider", Class: llm.Inference, Operation: "chat", Streamed: true, NeedsModel: true},
	},
}

// hermes counts input without cached tokens, which it writes under keys of its own.
var hermes = Family{
	Name:  "hermes-agent",
	Title: "Hermes Agent",
	Source: "NousResearch/hermes-agent plugins/observability/otel/span_builder.py @a108ebd5, agent/usage_pricing.py for what its " +
		"counts contain",
	Notes: "By its plugin `otel`. A request that a session left open at its end is an error. Its plugins for Langfuse and NeMo write what " +
		"those read.",
	Scopes: []string{"hermes*"},
	Spans: []Span{
		{Name: "hermes.llm_request", Class: llm.Inference, Operation: "chat"},
		{Name: "hermes.*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "hermes.usage.cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count, Parts: usage.Beside, Identifies: true},
		{Key: "hermes.usage.cache_write_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, Parts: usage.Beside},
		{Key: "hermes.error.type", Fact: fact.ErrorType},
		{Key: "hermes.error.status_code", Fact: fact.HTTPStatus, Encoding: Count},
		{Key: "hermes.session_id", Fact: fact.Session, Identifies: true},
		{Key: "hermes.tool.name", Fact: fact.ToolName},
	},
}

// dockerAgent was called cagent. It names no model.
var dockerAgent = Family{
	Name:   "docker-agent",
	Title:  "Docker Agent (cagent)",
	Source: "docker/cagent pkg/runtime/loop.go @ad2a2bc7, cmd/root/otel.go",
	Notes: "A span stands for a turn of a model, its fallbacks included. It has neither model nor tokens. Spans of calls below it, where " +
		"there are any, count in its place.",
	Scopes: []string{"cagent", "docker-agent"},
	Quirks: Framework | SilenceCancels,
	Spans: []Span{
		{Name: "runtime.stream", Class: llm.Inference, Operation: "chat", Streamed: true},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "content.length", Fact: fact.Answered, Encoding: NotEmpty, EmitterSpecific: true},
		{Key: "tool.calls", Fact: fact.Answered, Encoding: NotEmpty, EmitterSpecific: true},
	},
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
		// On log events.
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs: copilotChatLogs,
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

// geminiCLI counts output without thoughts in its log events.
var geminiCLI = Family{
	Name:   "gemini-cli",
	Title:  "Gemini CLI",
	Source: "@google/gemini-cli 0.61, measured; google-gemini/gemini-cli docs/cli/telemetry.md",
	Notes: "The output on spans leaves out thoughts, and neither these nor cached tokens are there. Log events have both, and count where " +
		"they come.",
	Scopes: []string{"gemini-cli*", "gemini_cli*"},
	Quirks: EventsInTraces,
	// Its spans carry tokens only with telemetry.traces, while its log events always do.
	Counts: LogsCount,
	Attributes: []Attribute{
		// On log events.
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "auth_type", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "input_token_count", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Within},
		{Key: "output_token_count", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_content_token_count", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "thoughts_token_count", Fact: fact.ThoughtTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "status_code", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "error_type", Fact: fact.ErrorType, EmitterSpecific: true},
		{Key: "error", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "error.message", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "finish_reasons", Fact: fact.FinishReason, Encoding: TextList, EmitterSpecific: true},
		{Key: "function_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "agent_name", Fact: fact.AgentName, EmitterSpecific: true},
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs: geminiCLILogs,
}

// cursor sends log events and metrics from its servers, and no spans.
var cursor = Family{
	Name:   "cursor",
	Title:  "Cursor",
	Source: "cursor.com/docs/enterprise/opentelemetry-export/wire (beta), read on 2026-11-30; not measured",
	Notes: "Sent by Cursor's servers, log events and metrics alone. No times, cost or errors' names are on them. A correction that comes " +
		"while a request waits to be counted keeps it from being priced.",
	Scopes: []string{"cursor.telemetry*"},
	Attributes: []Attribute{
		{Key: "cursor.model.name", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "cursor.api.request.input_tokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "cursor.api.request.output_tokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cursor.api.request.cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cursor.api.request.cache_creation_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cursor.usage_event.id", Fact: fact.RequestID, EmitterSpecific: true},
		{Key: "cursor.conversation.id", Fact: fact.Session, EmitterSpecific: true},
	},
	Logs:        cursorLogs,
	NamesInBody: true,
	Counts:      LogsCount,
}

// cline sends log events and metrics, and no spans.
var cline = Family{
	Name:     "cline",
	Title:    "Cline",
	Source:   "docs.cline.bot, signoz.io/docs/cline-monitoring; @cline/core 0.0.86 dist/services/telemetry; not measured",
	Notes:    "Log events and metrics alone. Times are in its metrics only.",
	Scopes:   []string{"cline*"},
	Resource: []Pair{{"service.name", "cline"}},
	Attributes: []Attribute{
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "provider", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "tokens_in", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "tokensIn", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "tokens_out", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "tokensOut", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cacheReadTokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cacheWriteTokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cost", Fact: fact.Cost, Encoding: USD, EmitterSpecific: true},
		{Key: "totalCost", Fact: fact.Cost, Encoding: USD, EmitterSpecific: true},
		{Key: "ulid", Fact: fact.Session, EmitterSpecific: true},
		{Key: "errorStatus", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "errorMessage", Fact: fact.ErrorMessage, EmitterSpecific: true},
	},
	Logs:        clineLogs,
	NamesInBody: true,
	Counts:      LogsCount,
}

// openCodePlugin is the telemetry of plugins for opencode, whose own spans are those of Vercel's AI SDK.
var openCodePlugin = Family{
	Name:  "opencode-plugin",
	Title: "opencode's telemetry plugins",
	Source: "DEVtheOPS/opencode-plugin-otel src/handlers/message.ts @20c3b175, src/otel.ts @063da94e; gcornut/opencode-otel; " +
		"not measured",
	Notes:  "Input leaves out cached tokens, output leaves out reasoning. The time of a log event is the beginning.",
	Scopes: []string{"com.opencode*", "opencode-otel*"},
	Attributes: []Attribute{
		{Key: "llm.token_count.prompt", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "llm.token_count.completion_details.reasoning", Fact: fact.ThoughtTokens, Encoding: Count, EmitterSpecific: true},
		// On log events.
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "provider", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "input_tokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "output_tokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "reasoning_tokens", Fact: fact.ThoughtTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_creation_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cost_usd", Fact: fact.Cost, Encoding: USD, EmitterSpecific: true},
		{Key: "error", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "tool_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs: openCodeLogs,
}

// unlisted reads log events of emitters that no other family knows by what they show. That is a name whose last part stands for
// a request, a model, and tokens.
var unlisted = Family{
	Name:  "unlisted",
	Title: "Other agents, by their log events",
	Source: "google-gemini/gemini-cli packages/core/src/telemetry/types.ts and its forks (vybestack/llxprt-code, glm-code, hopcode), " +
		"code.claude.com/docs/en/monitoring-usage and plugins that follow it; not measured",
	Notes: "An event counts if it names a model and tokens. Its name has to end with a word for a request, such as `api_response`. " +
		"Input under the words of Claude Code leaves out cached tokens, under others it contains them.",
	Scopes:    []string{"llm_span_metrics.unlisted"},
	Quirks:    Unlisted,
	AnyPrefix: true,
	Attributes: []Attribute{
		{Key: "model", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "model_name", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "model_id", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "model.name", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "model.id", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "modelId", Fact: fact.RequestModel, EmitterSpecific: true},
		{Key: "provider", Fact: fact.Provider, EmitterSpecific: true},
		{Key: "input_tokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
		{Key: "output_tokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_read_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cache_creation_tokens", Fact: fact.CacheWriteTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "reasoning_tokens", Fact: fact.ReasoningTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "input_token_count", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Within},
		{Key: "output_token_count", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_content_token_count", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_token_count", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "thoughts_token_count", Fact: fact.ReasoningTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "reasoning_token_count", Fact: fact.ReasoningTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "total_token_count", Fact: fact.TotalTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "prompt_tokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Within},
		{Key: "completion_tokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "tokens_in", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "tokensIn", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "inputTokens", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "tokens_out", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "tokensOut", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "outputTokens", Fact: fact.OutputTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cached_tokens", Fact: fact.CacheReadTokens, Encoding: Count, EmitterSpecific: true},
		{Key: "cost_usd", Fact: fact.Cost, Encoding: USD, EmitterSpecific: true},
		{Key: "ttft_ms", Fact: fact.TTFT, Encoding: Milliseconds, EmitterSpecific: true},
		{Key: "request_id", Fact: fact.RequestID, EmitterSpecific: true},
		{Key: "response_id", Fact: fact.RequestID, EmitterSpecific: true},
		{Key: "conversation.id", Fact: fact.Session, EmitterSpecific: true},
		{Key: "status_code", Fact: fact.HTTPStatus, Encoding: Count, EmitterSpecific: true},
		{Key: "error_type", Fact: fact.ErrorType, EmitterSpecific: true},
		{Key: "error", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "error_message", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "error.message", Fact: fact.ErrorMessage, EmitterSpecific: true},
		{Key: "finish_reason", Fact: fact.FinishReason, Encoding: TextList, EmitterSpecific: true},
		{Key: "finish_reasons", Fact: fact.FinishReason, Encoding: TextList, EmitterSpecific: true},
		{Key: "tool_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "function_name", Fact: fact.ToolName, EmitterSpecific: true},
		{Key: "success", Fact: fact.Failed, Encoding: FalseOnly, EmitterSpecific: true},
	},
	Logs: unlistedLogs,
}

// gptme writes what a call took into a span of its own, when the call is over.
var gptme = Family{
	Name:   "gptme",
	Title:  "gptme",
	Source: "gptme/gptme gptme/telemetry.py, gptme/util/_telemetry.py, gptme/llm/__init__.py @d27f98d3a",
	Notes:  "Its spans have no duration. Calls that failed or were left have none.",
	// The tracer has the name of the service.
	Scopes: []string{"gptme*"},
	Spans: []Span{
		{Name: "llm_request", Class: llm.Inference, Operation: "chat", Instant: true},
		{Name: "*", Class: llm.NoRequest},
	},
	Attributes: []Attribute{
		{Key: "llm.tokens.input", Fact: fact.InputTokens, Encoding: Count, EmitterSpecific: true, Parts: usage.Beside},
	},
}
