// Package dialect says, as data, how each emitter of LLM spans writes down a request.
//
// A dialect is one emitter family: the scopes it is known by, the spans that are requests by
// name, and which attribute or event carries which fact in which form. The reader in
// internal/inference compiles all dialects into one key table; a further emitter is a further
// table here and needs no new control flow.
package dialect

// Dialect is what one family of emitters writes.
type Dialect struct {
	// Name identifies the family in documentation and self telemetry.
	Name string
	// Source names where the facts were read: repository, version or commit.
	Source string
	// Scopes are instrumentation scope names; a trailing "*" makes the name a prefix.
	Scopes []string
	// Layer is where the spans of these scopes are measured; zero means that the scope does not tell.
	Layer Layer
	// Provider is the provider that the scope implies when the span names none.
	Provider string
	// Spans are spans of these scopes that are known by their name.
	Spans []Span
	// Attributes are the span attributes of the family. Unless Own is set they are read on any
	// span, because emitters borrow each other's keys.
	Attributes []Attribute
	// Events are span events whose time is a fact.
	Events []Event
}

// Span classifies spans of a dialect's scopes by name.
type Span struct {
	// Name is the span name; a trailing "*" makes it a prefix.
	Name string
	// Class is what such a span is.
	Class Class
	// Operation is the convention's operation name, if the name implies one.
	Operation string
}

// Attribute is one span attribute and the fact that it carries.
//
// Several attributes may carry one fact. The one with the higher Priority wins, then the one of
// the dialect that stands earlier in All, then the one that stands earlier in its table; a value
// that is empty, ill-typed or implausible gives way to the next.
type Attribute struct {
	// Key is the attribute's name.
	Key string
	// Field is the fact.
	Field Field
	// Form is how the value is written.
	Form Form
	// Own restricts the row to spans of the dialect's own scopes: the same key means something
	// else elsewhere.
	Own bool
	// Priority lifts a row above all rows of its field with a lower one.
	Priority uint8
	// Layer is the layer that the key's presence proves where the scope tells none.
	Layer Layer
	// Common marks keys of the general conventions, which occur on any span and prove nothing.
	Common bool
	// Kinds gives the meaning of each value of a Kind attribute, in lower case. Values are compared
	// without regard to case; those not listed say nothing.
	Kinds map[string]Meaning
	// Inside lists what is read from a JSON attribute. Nothing else of it is looked at.
	Inside []Inside
}

// Inside is one named value inside a JSON attribute.
type Inside struct {
	// Path names the value; a dot separates the levels of nested objects.
	Path string
	// Field and Form are those of Attribute.
	Field Field
	Form  Form
}

// Event is a span event whose distance from the span's start is a fact.
type Event struct {
	// Name is the event's name. Of several events of that name the first counts.
	Name string
	// Field is the fact, a time.
	Field Field
}

// Class says what a span is to the counting of requests.
type Class uint8

// The classes. Only requests are measured; the rest are told apart because a span that is known
// to be no request stays none, whatever else it carries.
const (
	// Unknown spans say nothing about themselves.
	Unknown Class = iota
	// NoRequest spans belong to an LLM application and describe no request of their own: agents,
	// workflows, chains, tools, steps, retrieval, guardrails.
	NoRequest
	// Inference is a completion: chat, text completion, content generation.
	Inference
	// Embeddings is a request for vectors.
	Embeddings
	// Rerank is a request for an order of documents.
	Rerank
	// Media is a request for images, speech, transcription or translation.
	Media
)

// IsRequest reports whether spans of the class are requests to a model.
func (c Class) IsRequest() bool { return c >= Inference }

// Meaning is what a word says about a span.
type Meaning struct {
	// Class is the span's class.
	Class Class
	// Operation is the convention's name of the operation, if the word tells one.
	Operation string
}

// Layer is where a request was measured. Spans of different layers are different measurements of
// the same request.
type Layer uint8

// The layers.
const (
	// NoLayer means that nothing is known; such spans are taken for the client's.
	NoLayer Layer = iota
	// Client is the caller: an SDK or a framework.
	Client
	// Gateway is a proxy between the caller and the engine.
	Gateway
	// Server is the engine that ran the model.
	Server
	// Layers is the number of layers, NoLayer included.
	Layers
)

var layerNames = [Layers]string{NoLayer: "", Client: "client", Gateway: "gateway", Server: "server"}

// String returns the value of the attribute llm.layer.
func (l Layer) String() string { return layerNames[l] }

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
	// FinishReason is why generation ended; of several, the first that is no success counts.
	FinishReason
	// ResponseID identifies the request within its layer.
	ResponseID

	// Stream tells whether the response was streamed.
	Stream

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

	// TTFT is the time to the first token or chunk.
	TTFT
	// Queue is the time that the request waited in the engine.
	Queue
	// Prefill is the time that the engine spent on the prompt.
	Prefill
	// Decode is the time that the engine spent after the first token.
	Decode

	// Fields is the number of fields.
	Fields
)

// Form is how an attribute writes its value down. Numbers and booleans may always come as text.
type Form uint8

// The forms.
const (
	// Text is a string. Empty text and the words unknown, none and null say nothing.
	Text Form = iota
	// TextList is a list of strings, in any of three shapes: an array, the JSON text of an array,
	// or one bare word.
	TextList
	// Bool is a boolean.
	Bool
	// Count is a whole number that is not negative.
	Count
	// Seconds is a time in seconds. An integer that cannot be seconds, since it exceeds the span's
	// duration, is read in the largest of ms, µs and ns that fits.
	Seconds
	// Milliseconds is a time in milliseconds.
	Milliseconds
	// JSON is the text of a JSON object with named values inside.
	JSON
)

// All lists the dialects, those whose keys win first.
func All() []Dialect {
	return []Dialect{
		semconv,
		semconvOld,
		vllm,
		openInference,
	}
}
