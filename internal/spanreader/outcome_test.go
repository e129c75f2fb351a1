// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Emitters show failures in many ways, by far not all with the span's status.
func TestHowRequestsEndIsReadFromWhateverTellsIt(t *testing.T) {
	const ok, failed = ptrace.StatusCodeOk, ptrace.StatusCodeError
	type row struct {
		name             string
		scope            string
		status           ptrace.StatusCode
		message          string
		attributes       []any
		exception, about string
		outcome          llm.Outcome
		errorType        string
	}
	for _, c := range []row{
		{name: "nothing", outcome: llm.Success},
		{name: "status", status: failed, outcome: llm.Error, errorType: "_OTHER"},
		{name: "error type without status", attributes: []any{"error.type", "NO_CANDIDATES"}, outcome: llm.Error, errorType: "NO_CANDIDATES"},
		{name: "error type of an empty name", status: failed, attributes: []any{"error.type", "unknown", "http.response.status_code", 429}, outcome: llm.Error, errorType: "429"},
		{name: "a vague name is better than none", status: failed, attributes: []any{"error.type", "Error"}, outcome: llm.Error, errorType: "Error"},
		{name: "exception", exception: "APIError", outcome: llm.Error, errorType: "APIError"},
		{name: "exception that was recovered from", status: ok, exception: "APIError", outcome: llm.Success},
		{name: "exception of an emitter that says OK", scope: "langsmith", status: ok, exception: "Error", about: "429 slow down", outcome: llm.Error, errorType: "429"},
		{name: "level", attributes: []any{"langfuse.observation.level", "ERROR", "langfuse.observation.status_message", "Error: 503 overloaded"}, outcome: llm.Error, errorType: "503"},
		{name: "level that is none", attributes: []any{"langfuse.observation.level", "WARNING", "langfuse.observation.status_message", "slow"}, outcome: llm.Success},
		{name: "state", attributes: []any{"genkit:state", "error"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "outcome", attributes: []any{"outcome", "ERROR"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "outcome that is none", attributes: []any{"outcome", "SUCCESS"}, outcome: llm.Success},
		{name: "code", attributes: []any{"gen_ai.error.code", "429"}, outcome: llm.Error, errorType: "429"},
		{name: "HTTP", attributes: []any{"http.response.status_code", 503}, outcome: llm.Error, errorType: "503"},
		{name: "HTTP as text", attributes: []any{"http.status_code", "503"}, outcome: llm.Error, errorType: "503"},
		{name: "HTTP success", attributes: []any{"http.response.status_code", 200}, outcome: llm.Success},
		{name: "finish reason outranks OK", status: ok, attributes: []any{"gen_ai.response.finish_reasons", `["error"]`}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "one of several finish reasons", attributes: []any{"gen_ai.response.finish_reasons", []any{"stop", "failed"}}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "filtered content is an answer", attributes: []any{"gen_ai.response.finish_reasons", "content_filter"}, outcome: llm.Success},
		{name: "word before a colon", status: failed, message: "RESOURCE_EXHAUSTED: quota", outcome: llm.Error, errorType: "RESOURCE_EXHAUSTED"},
		{name: "class before a colon", status: failed, message: "openai.RateLimitError: Error code: 429", outcome: llm.Error, errorType: "openai.RateLimitError"},
		{name: "class before a bracket", status: failed, message: `RateLimitError("Error code: 429")\n\nTraceback`, outcome: llm.Error, errorType: "RateLimitError"},
		{name: "class as Python prints it", status: failed, attributes: []any{"error.type", "<class 'openai.RateLimitError'>"}, outcome: llm.Error, errorType: "openai.RateLimitError"},
		{name: "code inside", status: failed, message: "Error: 429 too many", outcome: llm.Error, errorType: "429"},
		{name: "method before the code", status: failed, message: `POST "https://api.openai.com/v1/chat/completions": 429 Too Many Requests`, outcome: llm.Error, errorType: "429"},
		{name: "protocol before the code", status: failed, message: "HTTP 503: overloaded", outcome: llm.Error, errorType: "503"},
		{name: "a word of the text", status: failed, message: "This Error: is a sentence", outcome: llm.Error, errorType: "_OTHER"},

		{name: "abort", attributes: []any{"gen_ai.response.finish_reasons", "abort"}, outcome: llm.Cancelled, errorType: "abort"},
		{name: "denied success", attributes: []any{"success", false}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "success", attributes: []any{"success", true, "error", "false", "cancelled", false}, outcome: llm.Success},
		{name: "an error by OpenTracing's word", attributes: []any{"error", true}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "a caller's word", attributes: []any{"cancelled", "true"}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "another caller's word", attributes: []any{"aborted", true}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "a caller's word with somebody's prefix", attributes: []any{"acme.request.cancelled", true}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "denied success of an emitter that names failures", scope: "qwen-code", attributes: []any{"success", false, "error", "Request was aborted."}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "failure of an emitter that names them", scope: "qwen-code", status: failed, attributes: []any{"success", false, "error.type", "RateLimitError"}, outcome: llm.Error, errorType: "RateLimitError"},
		{name: "finish reason of a call that its user left", scope: "github.copilot", attributes: []any{"gen_ai.response.finish_reasons", "error"}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "finish reason of a call that failed", scope: "github.copilot", status: failed, attributes: []any{"gen_ai.response.finish_reasons", "error", "error.type", "503"}, outcome: llm.Error, errorType: "503"},
		{name: "nothing but what was asked for", scope: "mistralai_sdk_tracer", outcome: llm.Error, errorType: "_OTHER"},
		{name: "a response without an answer", scope: "mistralai_sdk_tracer", status: ok, attributes: []any{"http.response.status_code", 200}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "Node.js, whose peer closed", status: failed, message: "aborted", exception: "Error", about: "aborted", outcome: llm.Error, errorType: "Error"},
		{name: "Node.js, whose peer closed, by its code", status: failed, message: "aborted", attributes: []any{"error.type", "ECONNRESET"}, outcome: llm.Error, errorType: "ECONNRESET"},
		{name: "an id in the type's place", status: failed, attributes: []any{"error.type", "req_011CSHoEeqs5C35K2UUqR7Fy0123"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "a short id in the type's place", status: failed, attributes: []any{"error.type", "conv_68a1f2"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "a version in the type's place", status: failed, attributes: []any{"error.type", "google.v1beta1.NotFound"}, outcome: llm.Error, errorType: "google.v1beta1.NotFound"},
		{name: "a code of the operating system in a message", status: failed, message: "connect ECONNREFUSED 10.0.0.1:443", outcome: llm.Error, errorType: "ECONNREFUSED"},
		{name: "an interruption", attributes: []any{"app.interrupted", true}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "a message in the type's place", status: failed, attributes: []any{"error.type", "Invalid API key sk-123 provided by alice@example.com"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "a message with a code in the type's place", attributes: []any{"error.type", "HTTP 429: slow down, alice"}, outcome: llm.Error, errorType: "429"},
		{name: "a message of time that ran out", status: failed, attributes: []any{"error.type", "the request of alice timed out"}, outcome: llm.Error, errorType: "timeout"},
		{name: "a message in the place of an exception's type", status: failed, exception: `{"error":"alice@example.com"}`, outcome: llm.Error, errorType: "_OTHER"},
		{name: "an endless name", status: failed, attributes: []any{"error.type", strings.Repeat("x", 500)}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "client went away", attributes: []any{"http.response.status_code", 499}, outcome: llm.Cancelled, errorType: "499"},
		{name: "Python", status: failed, exception: "asyncio.exceptions.CancelledError", outcome: llm.Cancelled, errorType: "asyncio.exceptions.CancelledError"},
		{name: "Python generator", exception: "GeneratorExit", outcome: llm.Cancelled, errorType: "GeneratorExit"},
		{name: "JavaScript", status: failed, exception: "AbortError", outcome: llm.Cancelled, errorType: "AbortError"},
		{name: "OpenAI's SDK", status: failed, exception: "Error", about: "Request was aborted.", outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "message beside the level", attributes: []any{"langfuse.observation.level", "ERROR", "langfuse.observation.status_message", "Error: Request was aborted."}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "Python's repr", status: failed, exception: "Exception", about: "CancelledError()", outcome: llm.Cancelled, errorType: "CancelledError"},
		{name: ".NET", status: failed, attributes: []any{"error.type", "System.OperationCanceledException"}, outcome: llm.Cancelled, errorType: "System.OperationCanceledException"},
		{name: "Java", status: failed, attributes: []any{"error.type", "java.util.concurrent.CancellationException"}, outcome: llm.Cancelled, errorType: "java.util.concurrent.CancellationException"},
		{name: "Go", status: failed, exception: "*fmt.wrapError", about: "stream: context canceled", outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "gRPC", status: failed, message: "CANCELLED: by the caller", outcome: llm.Cancelled, errorType: "CANCELLED"},
		{name: "server that lost its client", status: failed, exception: "starlette.requests.ClientDisconnect", outcome: llm.Cancelled, errorType: "starlette.requests.ClientDisconnect"},
		{name: "dd-trace, left before the first token", status: failed, attributes: []any{"error.type", "aborted_before_first"}, outcome: llm.Cancelled, errorType: "aborted_before_first"},
		{name: "silence of an emitter that marks each end", scope: "@sentry/node", outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "an answer is no silence", scope: "@sentry/node", attributes: []any{"gen_ai.usage.output_tokens", 5}, outcome: llm.Success},
		{name: "zeros are silence", scope: "@sentry/node", attributes: []any{"gen_ai.usage.input_tokens", 0, "gen_ai.usage.output_tokens", 0}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "denied success with somebody's prefix", attributes: []any{"acme.success", false}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "status with somebody's prefix", attributes: []any{"acme.call_status", "error"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "a status of a part of the call", attributes: []any{"acme.cache.status", "error", "tool.success", false, "llm.outcome", "error"}, outcome: llm.Success},
		{name: "a status that says who left", attributes: []any{"acme.status", "Cancelled by user"}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "gRPC's number", attributes: []any{"rpc.grpc.status_code", 14}, outcome: llm.Error, errorType: "UNAVAILABLE"},
		{name: "gRPC's number of success", attributes: []any{"rpc.grpc.status_code", 0}, outcome: llm.Success},
		{name: "gRPC's name", attributes: []any{"rpc.response.status_code", "DEADLINE_EXCEEDED"}, outcome: llm.Error, errorType: "DEADLINE_EXCEEDED"},
		{name: "gRPC's name in Go", attributes: []any{"rpc.response.status_code", "Canceled"}, outcome: llm.Cancelled, errorType: "CANCELLED"},
		{name: "gRPC's conflict", attributes: []any{"rpc.grpc.status_code", "10"}, outcome: llm.Error, errorType: "_OTHER"},
		{name: "Node.js' brackets", status: failed, attributes: []any{"error.type", "DOMException [AbortError]"}, outcome: llm.Cancelled, errorType: "AbortError"},
		{name: "Node.js' code in brackets", status: failed, attributes: []any{"error.type", "TypeError [ERR_INVALID_URL]"}, outcome: llm.Error, errorType: "TypeError"},
		{name: "Rust", status: failed, attributes: []any{"error.type", "tokio::task::JoinError::Cancelled(Id(23))"}, outcome: llm.Cancelled, errorType: "tokio::task::JoinError::Cancelled"},
		{name: "a name of several words", status: failed, attributes: []any{"error.type", "ConnectionClosedByClient"}, outcome: llm.Cancelled, errorType: "ConnectionClosedByClient"},
		{name: "Go's text in the type's place", status: failed, attributes: []any{"error.type", "net/http: request canceled"}, outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "Rust's variant", status: failed, attributes: []any{"error.type", "hyper::Error(Canceled)"}, outcome: llm.Cancelled, errorType: "hyper::Error(Canceled)"},
		{name: "a name with its package as message", status: failed, message: "asyncio.exceptions.CancelledError", outcome: llm.Cancelled, errorType: "cancelled"},
		{name: "an HTTP status with somebody's prefix", attributes: []any{"response.status_code", 503}, outcome: llm.Error, errorType: "503"},
		{name: "a code of one's own", attributes: []any{"response.status_code", 20000}, outcome: llm.Success},
		{name: "finish reason of time that ran out", attributes: []any{"gen_ai.response.finish_reasons", "timeout"}, outcome: llm.Error, errorType: "timeout"},
		{name: "time ran out", status: failed, exception: "openai.APITimeoutError", outcome: llm.Error, errorType: "openai.APITimeoutError"},
	} {
		t.Run(c.name, func(t *testing.T) {
			scope := c.scope
			if scope == "" {
				scope = "any"
			}
			traces := tracesOf(t, spanOf{scope: scope, id: 1, to: 100, attributes: chat("m", c.attributes...)})
			span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
			span.Status().SetCode(c.status)
			span.Status().SetMessage(c.message)
			if c.exception != "" {
				event := span.Events().AppendEmpty()
				event.SetName("exception")
				event.Attributes().PutStr("exception.type", c.exception)
				event.Attributes().PutStr("exception.message", c.about)
			}
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			b := r.NewBatch()
			r.Read(traces, b)
			require.Len(t, b.Requests, 1)
			assert.Equal(t, c.outcome.String(), b.Requests[0].Outcome.String())
			assert.Equal(t, c.errorType, b.Requests[0].ErrorType)
		})
	}
}
