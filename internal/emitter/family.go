// SPDX-License-Identifier: Apache-2.0

// Package emitter says, as data, how each emitter of LLM spans writes down a request.
//
// A family has scopes, resources and keys by which it is known, and names of the spans that are requests. It says which attribute
// or event carries which fact in which encoding. The reader in internal/spanreader compiles all families into one key table. A
// further emitter is a further table here, and a place in Precedence where its keys compete with others.
package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// Family is what one family of emitters writes.
//
// A span belongs to the first family, in the order of All, whose Scopes match its instrumentation scope. Else it belongs to the
// first whose Resource matches. Or else it belongs to the first with an Identifies attribute that the span has, too.
type Family struct {
	// Name identifies the family in self telemetry.
	Name string
	// Title is the family's name in documentation.
	Title string
	// Source names where the facts were read: repository, version or commit. "measured" means that spans of the real package were
	// looked at.
	Source string
	// Notes is what users should know of the family's spans, as Markdown sentences.
	Notes string
	// Scopes are patterns of instrumentation scope names.
	Scopes []string
	// Before is the first version of the scopes that is no longer the family's, as in "0.28"; empty means none. A scope
	// without a version is older.
	Before string
	// From is the first version of the scopes that is the family's; empty means all. Older ones are of the next family with the scope.
	From string
	// Resource are resource attributes, any of which identifies the family.
	Resource []Pair
	// Layer is where the family's spans are measured; zero means the client.
	Layer llm.Layer
	// Provider is the provider that the family implies when the span names none.
	Provider string
	// Quirks are the family's peculiarities.
	Quirks Quirk
	// Spans are spans of the family that are known by their name, the first match counts.
	Spans []Span
	// Attributes are the span attributes of the family. Unless EmitterSpecific is set they are read on any span, since emitters
	// borrow each other's keys.
	Attributes []Attribute
	// Events are span events that are facts.
	Events []Event
	// Logs are log events of the family that describe requests and runs.
	Logs []Log
	// AnyPrefix is set if the Names of Logs are what events' names have after the last dot. They hold for emitters that no family knows.
	AnyPrefix bool
	// NamesInBody is set if the body of a log record can be the name of its event.
	NamesInBody bool
	// Counts says which signal counts where a service sends both spans and log events.
	Counts Counts
}

// Counts is which signal of a family counts.
type Counts uint8

// The choices.
const (
	// SpansCount families have their spans counted, and log events only of services whose spans do not come.
	SpansCount Counts = iota
	// LogsCount families have their log events counted, and spans only of services whose log events do not come.
	LogsCount
	// BothCount families write an exact id on both. By it a span and a log event are found to describe one request.
	BothCount
)

// Pair is an attribute and a pattern of its value.
type Pair struct{ Key, Value string }

// Quirk is a set of peculiarities of a family's spans.
type Quirk uint32

// The peculiarities.
const (
	// EstimatesTokens families count tokens themselves where a stream brings no usage, or always when streaming, and do not say
	// so. So their counts are estimates unless the response was not streamed.
	EstimatesTokens Quirk = 1 << iota
	// ExceptionFails families record an exception only when the request failed, even with status OK.
	ExceptionFails
	// SilenceCancels families mark each completed request with output tokens, a finish reason or an answer. The caller gave up a
	// span without any of them.
	SilenceCancels
	// SpanPerAttempt families write one span for each attempt of a request.
	SpanPerAttempt
	// SpanPerOutput families write one span for each output of a request. So do engines that read the prompt for each other. All
	// have the request's id, in some versions with the output's number before it.
	SpanPerOutput
	// Framework families call models through clients that may be instrumented themselves. Where two spans hold equally much of a
	// request, the client's is kept.
	Framework
	// TTFTOfAny families write a time to the first token for responses that were not streamed, too, without
	// marking those.
	TTFTOfAny
	// TTFTAtEnd families note the first token of a stream when the stream ends.
	TTFTAtEnd
	// GlobalIDs families give a request one id that no other request has, in whatever trace.
	GlobalIDs
	// StepSpans families write attributes to child spans of the request span that the request span lacks.
	StepSpans
	// OperationForModel families write the operation's name in the place of a model that they do not know.
	OperationForModel
	// ServiceForProvider families write the service's name, by which they call their scope, in the place of the provider.
	ServiceForProvider
	// ModelForOperation families name no operation, or chat, on requests of any kind, which their models' names show; see
	// ModelMeanings.
	ModelForOperation
	// RunsBelowCalls families run the agents to which an answer hands over below the call that gave the answer.
	RunsBelowCalls
	// ProviderCounts families hand on the provider's counts as they are: those of CacheApart leave out cached tokens.
	ProviderCounts
	// EngineClock families know the first token of responses that were not streamed, too. They get every response from their
	// engines as a stream, so that the time says nothing of streaming.
	EngineClock
	// TTFTFromHeaders families start the clock of the time to the first token when the response's headers are there.
	TTFTFromHeaders
	// MessagesCounts families hand on the counts of Anthropic's Messages API as they are, which leave out cached tokens. Those
	// of other APIs do not; the finish reason shows the API, see MessagesFinishes.
	MessagesCounts
	// ProviderThoughts families hand on the provider's count of the output as it is. That of some providers of CountedApart
	// leaves out reasoning tokens.
	ProviderThoughts
	// CacheInTotal families leave cached tokens out of the input, and count them in the total alone.
	CacheInTotal
	// BareErrorCancels families give a request that its caller left the finish reason error. A request that failed also gets a
	// status or an error type.
	BareErrorCancels
	// NoResponseFails families write the HTTP status of each response: without it and without a word the request failed.
	NoResponseFails
	// EndsElsewhere families carry the end of a response by another span beside the request.
	EndsElsewhere
	// BareFailureCancels families give a request that failed a status or an error type. One that only denies success was left by
	// its caller.
	BareFailureCancels
	// CountAtEnd families know the output's count when a response ends. A count of 0 beside a part of an answer means that the
	// caller left.
	CountAtEnd
	// PrefillsApart families can read the prompt in one engine and generate the output in another, with a span for each.
	PrefillsApart
	// LoneRoots families write the span of a request when it is over, so that none is below it. Without a parent it is the only
	// one of its trace.
	LoneRoots
	// ModelAtAnswer families write the model when the answer comes: a request without it and without a word failed.
	ModelAtAnswer
	// EstimatesInput families count the input themselves, whatever the provider says: their counts are estimates.
	EstimatesInput
	// EventsInTraces families write the trace on log events of each request whose span they send.
	EventsInTraces
	// StepsAround families write requests within steps, whose spans say how the response came.
	StepsAround
	// Unlisted marks the family of what is read by evidence. The conventions' event of the same service says its requests again.
	Unlisted
)

// Has reports whether the set holds all of the given peculiarities.
func (t Quirk) Has(all Quirk) bool { return t&all == all }

// Span classifies spans of a family by name.
type Span struct {
	// Name is a pattern of the span's name. The pattern "*" applies only if nothing else says what a span is. A NoRequest under
	// any other pattern stands above all attributes.
	Name string
	// Class is what such a span is.
	Class llm.Class
	// Operation is the convention's operation name, if the name implies one.
	Operation string
	// Streamed is set if the name implies a streamed response.
	Streamed bool
	// Answered is set if such spans may show nothing of an answer. The silence of one without input tokens proves nothing.
	Answered bool
	// Finishes is set if such spans have a finish reason when the response came to its end. The caller left one without it.
	Finishes bool
	// CountsAtEnd is set if such spans have a count of the output when the response came to its end. The caller left one without it.
	CountsAtEnd bool
	// NeedsModel is set if such spans are of the class only with a model, unless something else says their class.
	NeedsModel bool
	// Breaks is set if such spans handle the failure of the response of the request beside them.
	Breaks bool
	// Instant is set if such spans stand for a moment of the request. They do not last as long as it.
	Instant bool
	// NamesModel is set if the star at the pattern's end stands for the model, where no attribute names one.
	NamesModel bool
	// Lasts is the fact about the request above that the span's duration is.
	Lasts fact.Fact
	// Ends is the fact about the request above that ends when the span starts. It is a time that begins with an event of that
	// request.
	Ends fact.Fact
	// Alone is the fact that the span's duration is by itself, without a request.
	Alone fact.Fact
}

// Attribute is one span attribute and the fact that it carries.
//
// Several attributes may carry one fact: Precedence decides which wins. A value that is empty, ill-typed
// or implausible gives way to the next.
type Attribute struct {
	// Key is the attribute's name. A star at its beginning stands for anything; such keys prove nothing.
	Key string
	// Fact is the fact.
	Fact fact.Fact
	// Encoding is how the value is written.
	Encoding Encoding
	// EmitterSpecific restricts the row to spans of the family: the same key means something else elsewhere. It takes the place
	// of other families' rows for that key and fact. One of JSON takes that of their rows of JSON. Without a fact it takes that
	// of all rows for that key.
	EmitterSpecific bool
	// Parts says of a whole under this key where its parts are counted. Of a part it says where that is counted itself. That is a
	// property of the key, and of the version of the emitter. Emitters that take up the conventions' keys take up their meaning,
	// be it beside keys of their own.
	Parts usage.Place
	// Identifies is set if the key's presence makes a span one of the family.
	Identifies bool
	// Layer is the layer that the key's presence proves where the family has none. That of the server is proven only on spans of
	// kind SERVER.
	Layer llm.Layer
	// Generic marks keys that occur on any span and prove nothing.
	Generic bool
	// Meanings gives the meaning of each value of a Kind attribute, in lower case. Values are compared
	// without regard to case; those not listed say nothing. Booleans are true and false, numbers AnyNumber.
	Meanings map[string]Meaning
	// JSONFields lists what is read from a JSON attribute. Nothing else of it is looked at.
	JSONFields []JSONField
}

// AnyNumber stands for every number in Meanings.
const AnyNumber = "*"

// JSONField is one named value inside a JSON attribute.
type JSONField struct {
	// Path names the value. A dot separates the levels of nested objects, and a number stands for a member of a list.
	Path string
	// Fact, Encoding and Parts are those of Attribute.
	Fact     fact.Fact
	Encoding Encoding
	Parts    usage.Place
}

// Event is a span event that is a fact.
type Event struct {
	// Name is the event's name.
	Name string
	// Fact is the fact. A time is the distance of the first such event from the span's start. For ChunkGaps it is the distance of
	// each from the one before.
	Fact fact.Fact
	// Attribute is the event's attribute that carries the fact, in Encoding, instead of its time.
	Attribute string
	// Encoding is that of Attribute.
	Encoding Encoding
	// Last is set if the last of several such events has Attribute, or is the time, and not the first.
	Last bool
	// Begins is set if the time begins with the event and ends elsewhere; see Ends.
	Begins bool
	// Since names an event whose distance to this one is the time, instead of the span's start.
	Since string
	// Only restricts the row to events that have this attribute with this value. It is for names that do not show what they are.
	Only Pair
}

// Log is a log event of a family. It describes a request, or a run of a tool or an agent. A record is read under the first row
// that fits it, as the span that would say the same. Its attributes are those of the family, and its end is the record's time.
type Log struct {
	// Names are the names of the event. They are in the attribute event.name, the record's event name, or the body of families
	// with NamesInBody. A star at the end stands for anything.
	Names []string
	// Only restricts the row to records with this attribute and value.
	Only Pair
	// Any restricts the row to records that have one of these attributes with a value; empty means none is needed.
	Any []string
	// Needs restricts the row to records that have one attribute of each set with a value.
	Needs [][]string
	// Role is what such a record is for.
	Role Role
	// Span says what the span would be. Its Name is not used.
	Span Span
	// Fails is set if the event stands for a failed request. ErrorType is the error's type where there is one for all.
	Fails     bool
	ErrorType string
	// Lasts is the attribute with the duration in milliseconds; without one the duration is unknown.
	Lasts string
	// Starts is set if the record's time is the beginning, and not the end.
	Starts bool
	// ID are attributes whose values no other event of the family has, together. Without them a record is known by all that it
	// says. It recognises records that came twice.
	ID []string
	// Group are attributes that the events of one conversation share. The ID of other rows is no part of them: failed attempts
	// and times are looked for there. Without them the events of one trace belong together.
	Group []string
}

// Role is what a log record is for.
type Role uint8

// The roles.
const (
	// Describes records stand for a request, or a run.
	Describes Role = iota
	// Begins records only say when a request of their Group began: their time less what Lasts says.
	Begins
	// Corrects records say later that a request with the same id was not billed.
	Corrects
	// Repeats records say again what other events of the family say.
	Repeats
)
