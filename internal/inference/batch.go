package inference

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// Skip is why a span, or a part of it, is not counted.
type Skip uint8

// The reasons. Spans that are no LLM spans are not counted as skipped.
const (
	// SkipNoRequest spans belong to an LLM application and are no requests to a model.
	SkipNoRequest Skip = iota
	// SkipUnfinished spans have no end.
	SkipUnfinished
	// SkipLayer spans are of a layer that is not to be counted.
	SkipLayer
	// Skips is the number of reasons.
	Skips
)

var skipNames = [Skips]string{
	SkipNoRequest:  "no_request",
	SkipUnfinished: "unfinished",
	SkipLayer:      "layer",
}

// String returns the reason's name in self telemetry.
func (s Skip) String() string { return skipNames[s] }

// Rule is how a request was found to be described by more than one span.
type Rule uint8

// The rules, in the order in which they are applied.
const (
	// Unique requests are counted.
	Unique Rule = iota
	// Wrapper spans enclose the span that describes the request more closely.
	Wrapper
	// SameID spans carry the response or request id of another span of their layer.
	SameID
	// Resent spans were counted before; a sender repeated them.
	Resent
	// Rules is the number of rules.
	Rules
)

var ruleNames = [Rules]string{Wrapper: "wrapper", SameID: "same_id", Resent: "resent"}

// String returns the rule's name in self telemetry.
func (r Rule) String() string { return ruleNames[r] }

// Batch is what was read out of one ptrace.Traces. It keeps nothing of the traces but strings, and
// is meant to be used again: see Reset.
type Batch struct {
	// Requests are the requests found, in the order of their spans.
	Requests []Request
	// Spans is the number of spans seen.
	Spans int
	// Skipped counts the LLM spans that are no requests, by reason.
	Skipped [Skips]int
	// BadTimes counts requests whose span times make no sense, so that they have no duration.
	BadTimes int
	// Corrected counts times whose unit was corrected.
	Corrected int

	// resources holds the identifying values of each resource, one after the other.
	resources []attr.Value
	stride    int

	found   found
	scopes  map[string]int16
	resolve resolver
}

// maxScopes bounds the scope names that a batch remembers.
const maxScopes = 256

// Resource returns the values of a request's resource, in the order of Options.ResourceKeys. They
// are valid until Reset.
func (b *Batch) Resource(index int32) []attr.Value {
	from := int(index) * b.stride
	return b.resources[from : from+b.stride : from+b.stride]
}

// Oldest returns the earliest end of the batch's requests, or false if it has none.
func (b *Batch) Oldest() (time.Time, bool) {
	if len(b.Requests) == 0 {
		return time.Time{}, false
	}
	oldest := b.Requests[0].End
	for i := range b.Requests {
		oldest = min(oldest, b.Requests[i].End)
	}
	return oldest.AsTime(), true
}

// Reset makes the batch ready for other traces and lets go of all strings.
func (b *Batch) Reset() {
	clear(b.Requests)
	b.Requests = b.Requests[:0]
	clear(b.resources)
	b.resources = b.resources[:0]
	b.found.forget()
	b.Spans, b.BadTimes, b.Corrected = 0, 0, 0
	b.Skipped = [Skips]int{}
}

// addResource keeps a resource's identifying values and returns its index.
func (b *Batch) addResource(resource pcommon.Map, keys *keyIndex, limit int) int32 {
	index := int32(len(b.resources) / max(b.stride, 1))
	from := len(b.resources)
	for range b.stride {
		b.resources = append(b.resources, attr.Value{})
	}
	values := b.resources[from:]
	for k, v := range resource.All() {
		if i, ok := keys.find(k); ok {
			values[i] = attr.From(v, limit)
		}
	}
	return index
}
