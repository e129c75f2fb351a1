// SPDX-License-Identifier: Apache-2.0

package dialect

// Field is a fact about a request that an attribute or event can carry.
type Field uint8

// The fields, grouped by how their values are kept.
const (
	// NoField is not carried by anything.
	NoField Field = iota

	// Kind classifies the span.
	Kind
	// Operation is the convention's gen_ai.operation.name; it classifies the span too.
	Operation
	// Provider is the model's provider.
	Provider
	// RequestModel is the model that was asked for.
	RequestModel
	// ResponseModel is the model that answered.
	ResponseModel
	// ServerAddress is the host that was called.
	ServerAddress
	// ErrorType is the error's short name.
	ErrorType
	// ErrorMessage is an error's text, of which only a code or a word at its beginning is kept.
	ErrorMessage
	// FinishReason is why generation ended; of several, the first that is no success decides the outcome.
	FinishReason
	// ResponseID identifies the request within its layer.
	ResponseID
	// CallID is shared by all attempts of a request.
	CallID
	// Endpoint is the API or path that was called.
	Endpoint
	// User is who caused the request.
	User
	// Tenant is the team or customer on whose account the request runs.
	Tenant
	// Session is the conversation that the request belongs to.
	Session
	// ToolName is the tool that ran.
	ToolName
	// AgentName is the agent that ran.
	AgentName

	// Stream tells whether the response was streamed.
	Stream
	// Failed tells that the request failed, by a word of FailureWords.
	Failed
	// Answered tells that an answer was written down; the answer itself is not looked at.
	Answered
	// TookOver tells that an engine took over what another one had read of the prompt.
	TookOver

	// ServerPort is the port that was called.
	ServerPort
	// HTTPStatus is the response's HTTP status code.
	HTTPStatus
	// InputTokens are the prompt's tokens, cached ones included.
	InputTokens
	// OutputTokens are the generated tokens, reasoning included.
	OutputTokens
	// TotalTokens are input and output; used when one of both is missing.
	TotalTokens
	// CacheReadTokens are the input tokens served from a cache.
	CacheReadTokens
	// CacheWriteTokens are the input tokens written to a cache.
	CacheWriteTokens
	// ReasoningTokens are the output tokens spent on reasoning.
	ReasoningTokens
	// ThoughtTokens are reasoning tokens that OutputTokens leave out.
	ThoughtTokens
	// TextInputTokens and the like are the parts of InputTokens by modality; see SplitFields.
	TextInputTokens
	ImageInputTokens
	AudioInputTokens
	// TextOutputTokens and the like are those of OutputTokens.
	TextOutputTokens
	ImageOutputTokens
	AudioOutputTokens
	// TextCacheReadTokens and the like are those of CacheReadTokens.
	TextCacheReadTokens
	ImageCacheReadTokens
	AudioCacheReadTokens
	// Retries is the number of attempts that were sent again.
	Retries
	// Cost is the price of the request in US dollars.
	Cost
	// BatchSize is the number of requests that an engine ran together.
	BatchSize

	// TTFT is the time to the first token or chunk.
	TTFT
	// Queue is the time that the request waited in the engine.
	Queue
	// Prefill is the time that the engine spent on the prompt.
	Prefill
	// Decode is the time that the engine spent after the first token.
	Decode
	// TimePerToken is the emitter's own mean time per output token after the first.
	TimePerToken
	// ChunkGap is the mean time between two chunks of a stream.
	ChunkGap
	// ChunkGaps are the times between each two chunks of a stream.
	ChunkGaps
	// Measured is the request's duration where the span's own is not it.
	Measured
	// ModelLoad is the time that it took to load a model.
	ModelLoad

	// Fields is the number of fields.
	Fields
)

var fieldNames = [Fields]string{
	NoField: "", Kind: "class", Operation: "operation", Provider: "provider",
	RequestModel: "request model", ResponseModel: "response model", ServerAddress: "server address",
	ErrorType: "error type", ErrorMessage: "error message", FinishReason: "finish reason", ResponseID: "request id",
	CallID: "id of all attempts", Endpoint: "endpoint", User: "user", Tenant: "tenant", Session: "session",
	ToolName: "tool", AgentName: "agent", Stream: "streaming",
	Failed: "failure", Answered: "answer present", TookOver: "prompt read elsewhere",
	ServerPort: "server port", HTTPStatus: "HTTP status",
	InputTokens: "input tokens", OutputTokens: "output tokens", TotalTokens: "total tokens",
	CacheReadTokens: "cache read tokens", CacheWriteTokens: "cache write tokens",
	ReasoningTokens: "reasoning tokens", ThoughtTokens: "reasoning tokens beside the output",
	TextInputTokens: "text input tokens", ImageInputTokens: "image input tokens", AudioInputTokens: "audio input tokens",
	TextOutputTokens: "text output tokens", ImageOutputTokens: "image output tokens", AudioOutputTokens: "audio output tokens",
	TextCacheReadTokens: "text cache read tokens", ImageCacheReadTokens: "image cache read tokens",
	AudioCacheReadTokens: "audio cache read tokens", Retries: "retries", Cost: "cost", BatchSize: "batch size",
	TTFT: "time to first token", Queue: "queue time", Prefill: "prefill time", Decode: "decode time",
	TimePerToken: "time per output token", ChunkGap: "mean time between chunks",
	ChunkGaps: "times between chunks", Measured: "duration", ModelLoad: "model load time",
}

// String returns the field's name in documentation.
func (f Field) String() string { return fieldNames[f] }

// Form is how an attribute writes its value down. Numbers and booleans may always come as text, and
// text as the JSON text of a string.
type Form uint8

// The forms.
const (
	// Text is a string. Empty text and the words unknown, none, null and N/A say nothing.
	Text Form = iota
	// BeforeSlash is the part of a string before its first slash, if it has one.
	BeforeSlash
	// AfterSlash is the part of a string after its first slash, or all of it if it has none.
	AfterSlash
	// AfterSlashes is the part of a string after its last slash, or all of it if it has none.
	AfterSlashes
	// Mishap is a string that names how a request ended, unless it is the word success.
	Mishap
	// Abandoned is a boolean that tells that the caller gave up, and names the error for it.
	Abandoned
	// Flags is a list of Envoy's response flags with commas between them; one of LeaverFlags tells that the caller gave up, and
	// names the error for it.
	Flags
	// TextList is a list of strings, in any of three shapes: an array, the JSON text of an array,
	// or bare words with commas between them.
	TextList
	// Bool is a boolean.
	Bool
	// Affirmed is a boolean of which false says nothing.
	Affirmed
	// Denied is a boolean of which true says nothing; false is taken for 1.
	Denied
	// Present is true if there is a value that is neither empty, false nor zero.
	Present
	// Failure is true for the words of FailureWords.
	Failure
	// Count is a whole number that is not negative.
	Count
	// Some is a Count of which zero says nothing.
	Some
	// Ordinal is a whole number that counts from 1: the first of something is 0.
	Ordinal
	// Parts is a whole number inside a JSON object whose members leave out their own parts if all of
	// them add up to the member "total", or there is none: then the parts, whose names contain the member's, are added.
	Parts
	// USD is an amount of US dollars, as a number or as text with the currency beside it.
	USD
	// Seconds is a time in seconds.
	Seconds
	// Elapsed is a time in seconds that may be longer than the span.
	Elapsed
	// Milliseconds is a time in milliseconds.
	Milliseconds
	// ElapsedMilliseconds is a time in milliseconds that may be longer than the span.
	ElapsedMilliseconds
	// Microseconds is a time in microseconds.
	Microseconds
	// Nanoseconds is a time in nanoseconds.
	Nanoseconds
	// MillisOrNanos is a time in milliseconds up to the version of the emitter that first writes InputKey or an operation, and in
	// nanoseconds from then on.
	MillisOrNanos
	// WholeMilliseconds is a time that is in milliseconds if it is a whole number, else in seconds: the emitter's key is that under
	// which enrichment writes the latter.
	WholeMilliseconds
	// Duration is a time as text with its unit, as Go and Rust print it: 1.23s, 14.7ms, 850µs, 1m3s.
	Duration
	// Instant is a point in time in ISO 8601; its distance from the span's start is the time.
	Instant
	// JSON is the text of a JSON object with named values inside.
	JSON
	// Forms is the number of forms.
	Forms
)

var formNames = [Forms]string{
	Text: "text", BeforeSlash: "text before the slash", AfterSlash: "text after the slash",
	AfterSlashes: "text after the last slash", Mishap: "text but success",
	Abandoned: "boolean, true for cancelled", Flags: "flags, some for cancelled",
	TextList: "list of texts", Bool: "boolean", Affirmed: "boolean, true", Denied: "boolean, false", Present: "presence", Failure: "word",
	Count: "count", Some: "count, not zero", Ordinal: "count from 1", Parts: "count, its parts apart", USD: "USD",
	Seconds: "s", Elapsed: "s", Milliseconds: "ms", ElapsedMilliseconds: "ms", Microseconds: "µs", Nanoseconds: "ns", MillisOrNanos: "ns beside an operation or `" + InputKey + "`, else ms",
	WholeMilliseconds: "ms, whole",
	Duration:          "text with unit", Instant: "ISO 8601 time", JSON: "JSON",
}

// String returns the form's name in documentation.
func (f Form) String() string { return formNames[f] }
