// SPDX-License-Identifier: Apache-2.0

package emitter

import "github.com/otelcol-llm/otelcol-llm/internal/llm"

// DetailsEvent is the conventions' event that describes a request. Source: semantic-conventions-genai, docs/gen-ai/gen-ai-events.md.
const DetailsEvent = "gen_ai.client.inference.operation.details"

// What records of coding agents stand for.
var (
	aCall    = Span{Class: llm.Inference, Operation: "chat"}
	aStream  = Span{Class: llm.Inference, Operation: "chat", Streamed: true}
	aToolRun = Span{Class: llm.NoRequest, Operation: "execute_tool"}
	anAgent  = Span{Class: llm.NoRequest, Operation: "invoke_agent"}
)

// detailsLogs are the conventions' event. Instrumentations write it beside a span, some of them twice and without tokens.
var detailsLogs = []Log{{
	Names: []string{DetailsEvent}, Any: []string{"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "error.type"},
	Span: Span{Class: llm.Inference},
}}

var claudeCodeLogs = []Log{
	{Names: []string{"api_request", "claude_code.api_request"}, Span: aCall, Lasts: "duration_ms"},
	{Names: []string{"api_error", "claude_code.api_error"}, Span: aCall, Fails: true, Lasts: "duration_ms"},
	{
		Names: []string{
			"assistant_response", "api_retries_exhausted", "api_refusal", "api_request_body", "api_response_body",
			"claude_code.assistant_response", "claude_code.api_retries_exhausted", "claude_code.api_refusal",
			"claude_code.api_request_body", "claude_code.api_response_body",
		},
		Role: Repeats,
	},
	{Names: []string{"tool_result", "claude_code.tool_result"}, Span: aToolRun, Lasts: "duration_ms"},
	{Names: []string{"subagent_completed", "claude_code.subagent_completed"}, Span: anAgent, Lasts: "duration_ms"},
}

// codexLogs have no duration. A request's beginning and end are joined within a conversation, in which requests follow each
// other.
var codexLogs = []Log{
	{
		Names: []string{"codex.sse_event"}, Only: Pair{"event.kind", "response.completed"}, Any: []string{"input_token_count"},
		Span: aStream, Group: []string{"conversation.id"},
	},
	{
		Names: []string{"codex.sse_event"}, Only: Pair{"event.kind", "response.completed"}, Any: []string{"error.message"},
		Span: aStream, Fails: true, ErrorType: "stream_error", Group: []string{"conversation.id"},
	},
	{
		Names: []string{"codex.api_request", "codex.websocket_request"}, Any: []string{"error.message"},
		Span: aStream, Fails: true, Lasts: "duration_ms", Group: []string{"conversation.id"},
	},
	// The duration is that until the headers.
	{
		Names: []string{"codex.api_request", "codex.websocket_request"}, Role: Begins, Lasts: "duration_ms",
		Group: []string{"conversation.id"},
	},
	{Names: []string{"codex.tool_result"}, Span: aToolRun, Lasts: "duration_ms"},
	{Names: []string{"codex.turn_ttft", "codex.turn_cost"}, Role: Repeats},
}

// geminiCLILogs are four records of a request, of which one counts.
var geminiCLILogs = []Log{
	{Names: []string{"gemini_cli.api_response"}, Span: aCall, Lasts: "duration_ms"},
	{Names: []string{"gemini_cli.api_error"}, Span: aCall, Fails: true, Lasts: "duration_ms"},
	{Names: []string{"gemini_cli.api_request", DetailsEvent}, Role: Repeats},
	{Names: []string{"gemini_cli.tool_call"}, Span: aToolRun, Lasts: "duration_ms"},
	{Names: []string{"gemini_cli.agent.finish"}, Span: anAgent, Lasts: "duration_ms"},
}

var qwenCodeLogs = []Log{
	{Names: []string{"qwen-code.api_response"}, Span: aCall, Lasts: "duration_ms"},
	{Names: []string{"qwen-code.api_error"}, Span: aCall, Fails: true, Lasts: "duration_ms"},
	{Names: []string{"qwen-code.api_request", DetailsEvent}, Role: Repeats},
	{Names: []string{"qwen-code.tool_call"}, Span: aToolRun, Lasts: "duration_ms"},
}

// cursorLogs may come again, with the same cursor.event.id.
var cursorLogs = []Log{
	{
		Names: []string{"api_request", "cursor.api.request"}, Span: aCall, ID: []string{"cursor.event.id"},
		Group: []string{"cursor.usage_event.id"},
	},
	{
		Names: []string{"api_error", "cursor.api.error"}, Span: aCall, Fails: true, ID: []string{"cursor.event.id"},
		Group: []string{"cursor.usage_event.id"},
	},
	{Names: []string{"cursor.api.correction"}, Role: Corrects, ID: []string{"cursor.usage_event.id"}},
	{Names: []string{"api_correction_*"}, Role: Corrects, ID: []string{"cursor.usage_event.id"}},
}

var clineLogs = []Log{
	{Names: []string{"task.tokens"}, Span: aCall},
	{Names: []string{"task.provider_api_error"}, Span: aCall, Fails: true},
	{Names: []string{"task.conversation_turn"}, Role: Repeats},
}

// copilotChatLogs are the conventions' event, and sums of several requests.
var copilotChatLogs = []Log{
	detailsLogs[0],
	{Names: []string{"copilot_chat.agent.turn", "copilot_chat.summarization"}, Role: Repeats},
	{Names: []string{"copilot_chat.tool.call"}, Span: aToolRun, Lasts: "duration_ms"},
}

// openCodeLogs have the time when a request or a tool's run began.
var openCodeLogs = []Log{
	{Names: []string{"api_request", "opencode.api_request"}, Span: aCall, Lasts: "duration_ms", Starts: true},
	{Names: []string{"api_error", "opencode.api_error"}, Span: aCall, Fails: true, Lasts: "duration_ms", Starts: true},
	{Names: []string{"tool_result", "opencode.tool_result"}, Span: aToolRun, Lasts: "duration_ms", Starts: true},
}

// What attributes of events that no table knows are called.
var (
	someTokens = []string{
		"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "input_tokens", "output_tokens", "input_token_count", "output_token_count",
		"prompt_tokens", "completion_tokens", "tokens_in", "tokens_out", "tokensIn", "tokensOut", "inputTokens", "outputTokens",
		"llm.token_count.prompt", "llm.token_count.completion",
	}
	someModel = []string{
		"gen_ai.request.model", "gen_ai.response.model", "model", "model_name", "model_id", "model.name", "model.id", "modelId",
		"llm.model_name", "llm.request.model",
	}
	someError = []string{"error", "error.message", "error_message", "error.type", "error_type", "status_code", "http.response.status_code"}
)

// unlistedLogs are events of forks and plugins. These take over the words of a known emitter, under a name of their own.
var unlistedLogs = []Log{
	{
		Names: []string{"sse_event"}, Only: Pair{"event.kind", "response.completed"}, Any: someTokens, Needs: [][]string{someModel},
		Span: aStream, Group: []string{"conversation.id"},
	},
	{
		Names: []string{
			"api_request", "api_response", "llm_request", "llm_response", "llm_call", "model_request", "model_response", "model_call",
			"chat_completion", "completion", "inference", "generation", "generate_content", "chat",
		},
		Any: someTokens, Needs: [][]string{someModel}, Span: aCall, Lasts: "duration_ms",
	},
	{
		Names: []string{"api_error", "llm_error", "model_error"}, Any: someError, Needs: [][]string{someModel},
		Span: aCall, Fails: true, Lasts: "duration_ms",
	},
	{
		Names: []string{"api_request"}, Needs: [][]string{{"conversation.id"}, {"duration_ms"}, someModel}, Role: Begins,
		Lasts: "duration_ms", Group: []string{"conversation.id"},
	},
	{
		Names: []string{"tool_result", "tool_call"}, Needs: [][]string{{"tool_name", "function_name"}, {"duration_ms"}},
		Span: aToolRun, Lasts: "duration_ms",
	},
}
