// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// CacheApart are the providers whose input counts leave out the tokens that a cache served or took.
// Source: usage of Anthropic's Messages API, TokenUsage of Bedrock's Converse API.
var CacheApart = map[string]bool{"anthropic": true, "aws.bedrock": true}

// MessagesFinishes are the finish reasons of Anthropic's Messages API, none of which is one of OpenAI's.
// Source: stop_reason of Anthropic's Messages API.
var MessagesFinishes = map[string]bool{
	"end_turn": true, "max_tokens": true, "stop_sequence": true, "tool_use": true, "pause_turn": true, "refusal": true,
	"model_context_window_exceeded": true,
}

// ModelMeanings are the parts of models' names, in lower case, that show what a request to them is for. See ModelForOperation.
var ModelMeanings = []struct {
	Part string
	Meaning
}{
	{"embed", embeddings}, {"rerank", rerank}, {"image", image}, {"canvas", image}, {"stability.", image},
}

// CountedApart returns the side of the tokens that a provider's interface counts in the total alone, or none.
// They are the cached input of Anthropic and Bedrock, and the thoughts of Google's Gemini. Source: getsentry/sentry-javascript
// packages/core/src/tracing/ai/utils.ts @c60ca614, google-genai/streaming.ts @28208bc7; UsageMetadata of the Gemini API,
// totalTokenCount; maximhq/bifrost core/providers/bedrock/types.go, pull request 1872.
func CountedApart(provider string) fact.Fact {
	switch provider { // each request asks
	case "anthropic", "aws.bedrock":
		return fact.InputTokens
	case "gcp.gemini", "gcp.gen_ai", "gcp.vertex_ai":
		return fact.OutputTokens
	default:
		return fact.None
	}
}

// OtherWork are attributes of spans that stand for other work than a call of a model. That is the work of databases, queues, tools and
// agents, and of the HTTP and RPC calls below a model's. Such spans can name a model, since baggage spreads its name.
// Source: semantic-conventions v1.41.1, model/{database,messaging,http,rpc,faas,mcp,gen-ai}, and v1.20 for older names.
var OtherWork = map[string]bool{
	"db.system": true, "db.system.name": true, "messaging.system": true, "http.method": true, "http.request.method": true,
	"rpc.system": true, "rpc.system.name": true, "faas.trigger": true, "mcp.method.name": true, "gen_ai.tool.name": true,
	"gen_ai.agent.name": true, "gen_ai.agent.id": true,
}

// RequestParameters are last parts of keys that say how a model was to answer: only who calls it writes them. Sources:
// semantic-conventions v1.41.1 gen_ai.request.*, OpenAI's and Anthropic's parameters, Vercel's settings.
var RequestParameters = map[string]bool{
	"temperature": true, "max_tokens": true, "maxTokens": true, "max_output_tokens": true, "maxOutputTokens": true,
	"max_completion_tokens": true, "top_p": true, "topP": true, "stop_sequences": true, "stopSequences": true,
	"frequency_penalty": true, "frequencyPenalty": true, "presence_penalty": true, "presencePenalty": true,
	"invocation_parameters": true,
}

// FinishMeaning is what a finish reason says of the request's outcome.
type FinishMeaning uint8

// The meanings; a reason that is not listed is a success.
const (
	FinishSuccess FinishMeaning = iota
	// FinishNothing reasons are states of a running request.
	FinishNothing
	FinishError
	FinishCancelled
)

// OpenFinish is the finish reason of a response of which a part came.
const OpenFinish = "in_progress"

// FinishReasons maps the finish reasons that are no success, in lower case.
var FinishReasons = map[string]FinishMeaning{
	OpenFinish: FinishNothing, "queued": FinishNothing,
	"error": FinishError, "failed": FinishError, "failure": FinishError, "server_error": FinishError, "exception": FinishError,
	"internal_error": FinishError, "network_error": FinishError, "overloaded": FinishError, "unavailable": FinishError,
	"abort": FinishCancelled, "aborted": FinishCancelled, "cancelled": FinishCancelled, "canceled": FinishCancelled,
	// dd-trace's, when the caller left before the first token.
	"aborted_before_first": FinishCancelled,
	// AgentScope's.
	"interrupted": FinishCancelled,
	"timeout":     FinishError, "timed_out": FinishError, "deadline_exceeded": FinishError,
	"cancel": FinishCancelled, "user_abort": FinishCancelled, "user_aborted": FinishCancelled, "user_cancel": FinishCancelled,
	"user_cancelled": FinishCancelled, "user_canceled": FinishCancelled, "cancelled_by_user": FinishCancelled, "stopped_by_user": FinishCancelled,
	"client_closed": FinishCancelled, "client_disconnect": FinishCancelled, "client_disconnected": FinishCancelled,
}

// StreamTypes are media types of responses, in lower case, and whether such a response is streamed. Sources: the HTML standard for
// server-sent events, Ollama's interface for lines of JSON, Amazon's event stream encoding.
var StreamTypes = map[string]bool{
	"text/event-stream": true, "application/x-ndjson": true, "application/vnd.amazon.eventstream": true, "application/json": false,
}

// FailureWords are the words, in lower case, with which attributes of their own say that a request failed.
var FailureWords = map[string]bool{
	"error": true, "errored": true, "exception": true, "fail": true, "failed": true, "failure": true, "internal_error": true,
	"overloaded": true, "rate_limited": true, "rejected": true, "server_error": true, "timeout": true, "timed_out": true,
	"timedout": true, "unavailable": true, "unsuccessful": true,
}

// EndWords are the words, in lower case, for a caller that gave up and for time that ran out. They lead to the type of the error.
var EndWords = map[string]string{
	"cancel": "cancelled", "cancelled": "cancelled", "canceled": "cancelled", "abort": "cancelled", "aborted": "cancelled",
	"interrupted": "cancelled", "user_abort": "cancelled", "user_cancel": "cancelled", "client_disconnect": "cancelled",
	"disconnected": "cancelled", "stopped_by_user": "cancelled",
	"timeout": "timeout", "timed_out": "timeout", "timedout": "timeout", "deadline_exceeded": "timeout",
}

// GRPCStatuses are the names of gRPC's status codes by their numbers, as its documents have them.
var GRPCStatuses = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
	"UNAUTHENTICATED",
}

// PlaceholderIDs are response ids that clients make up when not a single chunk of an answer came.
var PlaceholderIDs = map[string]bool{"0": true}

// Cancellations are the names of errors that say that the caller gave up. They are in lower case and without their package or
// namespace.
var Cancellations = map[string]bool{
	"cancellederror": true, "cancelederror": true, "generatorexit": true, "aborterror": true, "apiuseraborterror": true,
	"jobcancellationexception":   true,
	"operationcanceledexception": true, "taskcanceledexception": true, "cancellationexception": true,
	"context canceled": true, "cancelled": true, "canceled": true, "request_cancelled": true, "499": true, "aborted": true, "aborted_before_first": true, "clientdisconnect": true,
	// Of Python, when somebody presses Ctrl-C.
	"keyboardinterrupt": true,
	// Codes of axios and undici, exceptions of Tomcat and Next.js.
	"err_canceled": true, "und_err_aborted": true, "clientabortexception": true, "responseaborted": true,
	// Codes of Node.js, Chromium and POSIX.
	"abort_err": true, "err_aborted": true, "ecanceled": true,
	// Of Swift and Dart, of Starlette and of Reactor.
	"cancellationerror": true, "websocketdisconnect": true, "cancelexception": true,
	"user_abort": true, "user_cancel": true, "client_disconnect": true,
}

// TimedCancellations are those of Cancellations that clients also raise when their own time limit is over. The message says so then.
// Sources: HttpClient.Timeout of .NET, AbortSignal.timeout of browsers and Node.js.
var TimedCancellations = map[string]bool{
	"operationcanceledexception": true, "taskcanceledexception": true, "aborterror": true, "cancelederror": true, "apiuseraborterror": true,
}

// ExceptionEvents are the names of events for exceptions: that of all conventions, and that of those for models. Source: OpenTelemetry
// semantic-conventions-genai main of 2026-10-09, gen-ai-exceptions.md.
var ExceptionEvents = map[string]bool{"exception": true, "gen_ai.client.operation.exception": true}

// LeaverFlags are Envoy's response flags that say that the caller went away: it closed the connection, or reset the stream.
// Source: Envoy's documentation, access log command operators, RESPONSE_FLAGS.
var LeaverFlags = map[string]bool{"DC": true, "DR": true}

// PeerClosed is the message of Node.js' HTTP client when the other side closed the connection. It looks like the name of an error
// of one's own.
const PeerClosed = "aborted"

// SecretPrefixes are how keys begin that people put into messages by mistake. No name of an error begins so. Sources: OpenAI, Anthropic
// and Stripe for sk-; GitHub, GitLab, Slack, Google, Groq and AWS for the others; eyJ opens each JSON web token.
var SecretPrefixes = []string{"sk-", "sk_", "pk-", "pk_", "ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AIza", "ya29.", "gsk_", "AKIA", "eyJ"}

// VagueErrors are error names that say nothing, in lower case; they give way to any other source.
var VagueErrors = map[string]bool{
	"": true, "error": true, "apierror": true, "exception": true, "unknown": true, "_other": true, "baseexception": true, "undefined": true,
	"*fmt.wraperror": true, "*errors.errorstring": true, "*fmt.wraperrors": true, "*errors.joinerror": true,
}

// SystemErrors are the codes of an operating system's errors that break off calls to a server. Source: errno of POSIX, error codes of
// Node.js for names that cannot be found.
var SystemErrors = map[string]bool{
	"ECONNREFUSED": true, "ECONNRESET": true, "ECONNABORTED": true, "EPIPE": true, "ETIMEDOUT": true, "EHOSTUNREACH": true, "ENETUNREACH": true,
	"ENETDOWN": true, "EHOSTDOWN": true, "EADDRNOTAVAIL": true, "EMFILE": true, "ENOTFOUND": true, "EAI_AGAIN": true, "EAI_NODATA": true,
}

// MessageOpenings are the words in capital letters with which messages open and that name no error. They are the request's
// method, as in openai-go's, the protocol, and what says only that there is an error. Source: openai/openai-go
// internal/apierror/apierror.go @19830bb3.
var MessageOpenings = map[string]bool{"POST": true, "HTTP": true, "ERROR": true, "FAILED": true}

// timeouts are what names of errors contain, in lower case, if time ran out. timeoutStatus are HTTP statuses of that meaning.
var (
	timeouts      = []string{"timeout", "timed out", "timed_out", "deadline"}
	timeoutStatus = []string{"408", "504", "524"}
)

// TimesOut reports whether an error's name says that time ran out.
func TimesOut(name string) bool {
	return match.Phrase(timeouts, name) || slices.Contains(timeoutStatus, name)
}

// ExchangeKeys are attributes of HTTP and RPC clients' spans, and what they say of the exchange. Source: semantic-conventions v1.41.1
// and v1.20 model/{http,rpc,url}.
var ExchangeKeys = map[string]fact.Fact{
	"http.request.method": fact.Operation, "http.method": fact.Operation, "rpc.system": fact.Operation, "rpc.system.name": fact.Operation,
	"url.full": fact.Endpoint, "http.url": fact.Endpoint,
	"server.address": fact.ServerAddress, "net.peer.name": fact.ServerAddress, "http.host": fact.ServerAddress,
	"http.response.status_code": fact.HTTPStatus, "http.status_code": fact.HTTPStatus,
	"rpc.grpc.status_code": fact.Failed, "rpc.response.status_code": fact.Failed, "error.type": fact.ErrorType,
}

// modelPaths are ends of the paths of models' interfaces, without a query.
var modelPaths = []string{
	"/chat/completions", "/completions", "/embeddings", "/messages", "/responses", "/converse", "/converse-stream", "/invoke",
	"/invoke-with-response-stream", ":generateContent", ":streamGenerateContent", "/api/chat", "/api/generate", "/rerank",
}

// IsModelURL reports whether a URL is that of a model's interface, by its path.
func IsModelURL(url string) bool {
	path, _, _ := strings.Cut(url, "?")
	return slices.ContainsFunc(modelPaths, func(end string) bool { return strings.HasSuffix(path, end) })
}
