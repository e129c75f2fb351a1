// SPDX-License-Identifier: Apache-2.0

// Package fact lists what can be known of a request. Each fact has one row: its name, its unit, how two descriptions of one
// request merge, and its uses. Reading, measuring, dimensions, enrichment and the documents follow from the rows.
package fact

// Fact is something that can be known of a request, or of a span beside it. It is an index into the rows.
type Fact uint8

// Numbers of requests. They come first, so that a fact is an index into llm.Request.Number.
const (
	// None is no fact.
	None Fact = iota
	// InputTokens are the prompt's tokens, cached ones included.
	InputTokens
	// OutputTokens are the generated tokens, reasoning included.
	OutputTokens
	// CacheReadTokens are the input tokens that a cache served.
	CacheReadTokens
	// CacheWriteTokens are the input tokens that were written to a cache.
	CacheWriteTokens
	// CacheWriteHourTokens are the part of CacheWriteTokens that the cache keeps for an hour.
	CacheWriteHourTokens
	// ReasoningTokens are the output tokens spent on reasoning.
	ReasoningTokens
	// Retries is the number of attempts that failed and were sent again.
	Retries
	// Cost is the price of the request in US dollars.
	Cost
	// ServerPort is the port that was called.
	ServerPort
	// Duration is how long the request took. Spans carry it only where their own times are not it.
	Duration
	// TTFT is the time to the first token or chunk.
	TTFT
	// Queue is the time that the request waited in the engine.
	Queue
	// Prefill is the time that the engine spent on the prompt.
	Prefill
	// Decode is the time that the engine spent after the first token.
	Decode
	// TimePerOutputToken is the mean time per output token after the first.
	TimePerOutputToken
	// TimePerOutputChunk is the mean time between two chunks of a stream.
	TimePerOutputChunk

	// Numbers is the length of an array of the numbers of a request.
	Numbers
)

// Numbers that spans carry beside those. The numbers of requests follow from some, others are of no request.
const (
	// TotalTokens are input and output; used where one of both is missing.
	TotalTokens Fact = iota + Numbers
	// ThoughtTokens are reasoning tokens that OutputTokens leave out.
	ThoughtTokens
	// TextInputTokens and the like are the parts of InputTokens by modality.
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
	// HTTPStatus is the response's HTTP status code.
	HTTPStatus
	// BatchSize is the number of requests that an engine ran together.
	BatchSize
	// ModelLoad is the time that it took to load a model.
	ModelLoad
	// RetryTime is the part of the duration that went to failed attempts: when the last one began.
	RetryTime
	// ChunkGaps are the times between each two chunks of a stream.
	ChunkGaps

	// Kind classifies the span.
	Kind
	// Operation is the convention's gen_ai.operation.name; it classifies the span, too.
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
	// ServiceTier is the provider's class of service and price, such as batch, in the provider's word.
	ServiceTier
	// RequestID identifies the request within its layer.
	RequestID
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

	// Stream says whether the response was streamed.
	Stream
	// Failed says that the request failed.
	Failed
	// Answered says that an answer was recorded; the answer itself is not read.
	Answered
	// PrefilledElsewhere says that another engine read the prompt.
	PrefilledElsewhere

	// Carried is one past the last fact that spans carry.
	Carried
)

// Facts that follow from others.
const (
	// Requests is 1 for each request.
	Requests Fact = iota + Carried
	// ModelDuration is the duration without the time in the queue, as far as that is known.
	ModelDuration
	// OutputTokenRate is the number of output tokens per second of generation.
	OutputTokenRate
	// TotalTokenRate is the number of input and output tokens per second of ModelDuration.
	TotalTokenRate
	// ConcurrencyMean and ConcurrencyMax are of the requests that ended since the last collection.
	ConcurrencyMean
	ConcurrencyMax
	// Batches is 1 for each batch that an engine ran.
	Batches
	// ToolDuration and AgentDuration are how long a tool or an agent ran.
	ToolDuration
	AgentDuration
	// Model is the model that answered, or else the one that was asked for.
	Model
	// Layer is where the request was measured.
	Layer
	// Outcome is how the request ended.
	Outcome
	// Status is the outcome, with timeouts apart from other errors.
	Status
	// CostSource says who knows the cost: the span, or a price list.
	CostSource
	// Emitter is the family of the instrumentation that sent the span.
	Emitter
	// Duplicate is the rule by which a span describes a request once more.
	Duplicate

	// Facts is the number of facts, None included.
	Facts
)
