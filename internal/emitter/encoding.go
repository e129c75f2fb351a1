// SPDX-License-Identifier: Apache-2.0

package emitter

// InputKey is the conventions' key of the input tokens.
const InputKey = "gen_ai.usage.input_tokens"

// Encoding is how an attribute writes its value down. Numbers and booleans may always come as text, and
// text as the JSON text of a string.
type Encoding uint8

// The encodings.
const (
	// Text is a string. Empty text and the words unknown, none, null and N/A say nothing.
	Text Encoding = iota
	// BeforeSlash is the part of a string before its first slash, if it has one.
	BeforeSlash
	// AfterSlash is the part of a string after its first slash, or all of it if it has none.
	AfterSlash
	// AfterSlashes is the part of a string after its last slash, or all of it if it has none.
	AfterSlashes
	// AfterDots is the part of a string after its last dot, or all of it if it has none.
	AfterDots
	// ErrorUnlessSuccess is a string that names how a request ended, unless it is the word success.
	ErrorUnlessSuccess
	// CancelledFlag is a boolean that is true if the caller gave up, and names the error for it.
	CancelledFlag
	// TimedOutFlag is a boolean that is true if time ran out, and names the error for it.
	TimedOutFlag
	// EndWord is a string that names the error if it is one of EndWords.
	EndWord
	// GRPCStatus is a status code of gRPC, as its number or its name. It names the error unless it is OK. ABORTED is a conflict.
	GRPCStatus
	// EnvoyFlags is a list of Envoy's response flags with commas between them. One of LeaverFlags means that the caller gave up,
	// and names the error for it.
	EnvoyFlags
	// TextList is a list of strings, in any of three shapes. They are an array, the JSON text of an array, or bare words with
	// commas between them.
	TextList
	// FinishOrNull is a finish reason, or null for a response that came in part. Then it is OpenFinish.
	FinishOrNull
	// Bool is a boolean.
	Bool
	// TrueOnly is a boolean of which false says nothing.
	TrueOnly
	// FalseOnly is a boolean of which true says nothing; false is taken for 1.
	FalseOnly
	// NotEmpty is true if there is a value that is neither empty, false nor zero.
	NotEmpty
	// FailureWord is true for the words of FailureWords.
	FailureWord
	// StreamedType is the media type of a response: true for those of StreamTypes, false for JSON. Others say nothing.
	StreamedType
	// Count is a whole number that is not negative.
	Count
	// NonZeroCount is a Count of which zero says nothing.
	NonZeroCount
	// Ordinal is a whole number that counts from 1: the first of something is 0.
	Ordinal
	// CountWithoutParts is a whole number inside a JSON object whose members may leave out their own parts. They do if all of
	// them add up to the member "total", or if there is none. Then the parts, whose names contain the member's, are added.
	CountWithoutParts
	// USD is an amount of US dollars, as a number or as text with the currency beside it.
	USD
	// USCents is an amount of US cents, as a number.
	USCents
	// USCentHundredths is an amount of hundredths of a US cent, as a number.
	USCentHundredths
	// Seconds is a time in seconds.
	Seconds
	// FractionalSeconds is a time in seconds with a fraction. Some write whole numbers of another unit under the key, and nothing
	// shows which one: these say nothing.
	FractionalSeconds
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
	// MillisOrNanos is a time in milliseconds, or in nanoseconds from a version of the emitter on. That version first writes
	// InputKey or an operation.
	MillisOrNanos
	// WholeMilliseconds is a time that is in milliseconds if it is a whole number, else in seconds. Enrichment writes seconds
	// under the emitter's key.
	WholeMilliseconds
	// Duration is a time as text with its unit, as Go and Rust print it: 1.23s, 14.7ms, 850µs, 1m3s.
	Duration
	// Instant is a point in time in ISO 8601; its distance from the span's start is the time.
	Instant
	// JSON is the text of a JSON object with named values inside.
	JSON
	// Encodings is the number of encodings.
	Encodings
)

var encodingNames = [Encodings]string{
	Text: "text", BeforeSlash: "text before the slash", AfterSlash: "text after the slash",
	AfterSlashes: "text after the last slash", AfterDots: "text after the last dot", ErrorUnlessSuccess: "text but success",
	CancelledFlag: "boolean, true for cancelled", TimedOutFlag: "boolean, true for timeout",
	EndWord: "word, some for cancelled or timeout", GRPCStatus: "gRPC status code", EnvoyFlags: "flags, some for cancelled",
	TextList: "list of texts", FinishOrNull: "text or null", Bool: "boolean", TrueOnly: "boolean, true", FalseOnly: "boolean, false", NotEmpty: "presence", FailureWord: "word", StreamedType: "media type",
	Count: "count", NonZeroCount: "count, not zero", Ordinal: "count from 1", CountWithoutParts: "count, its parts apart", USD: "USD", USCents: "US cents", USCentHundredths: "hundredths of a US cent",
	Seconds: "s", FractionalSeconds: "s, with a fraction", Elapsed: "s", Milliseconds: "ms", ElapsedMilliseconds: "ms", Microseconds: "µs", Nanoseconds: "ns", MillisOrNanos: "ns beside an operation or `" + InputKey + "`, else ms",
	WholeMilliseconds: "ms, whole",
	Duration:          "text with unit", Instant: "ISO 8601 time", JSON: "JSON",
}

// String returns the encoding's name in documentation.
func (f Encoding) String() string { return encodingNames[f] }
