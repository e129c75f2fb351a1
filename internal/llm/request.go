// SPDX-License-Identifier: Apache-2.0

// Package llm is a request to a model, as the spans of a batch describe it. All other packages share that noun.
package llm

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// Absent is the value of a count or time that the span lacks. Absent is not zero.
const Absent = -1

// Outcome is how a request ended.
type Outcome uint8

// The outcomes.
const (
	Success Outcome = iota
	Error
	// Cancelled requests were given up by the caller; the model or its provider did not fail.
	Cancelled
)

var outcomeNames = [...]string{Success: "success", Error: "error", Cancelled: "cancelled"}

// String returns the value of the attribute llm.outcome.
func (o Outcome) String() string { return outcomeNames[o] }

// Request is one finished request to a model, as one span describes it.
//
// Texts are empty and numbers are Absent where the span says nothing. Strings point into the span's data. They stay valid,
// since pdata never changes a string. Whoever keeps one for long should clone it rather than hold on to a large value.
type Request struct {
	Class   Class
	Layer   Layer
	Outcome Outcome
	Stream  Streaming
	// Duplicate is the rule by which another span was found to describe the request, too. Such a request is not counted.
	Duplicate Rule
	// Estimated is set if the token counts may be the emitter's own estimate.
	Estimated bool
	// Signal is what the request was read from.
	Signal Signal
	// MayYield is set if the request does not count while its service sends such requests by the other signal.
	MayYield bool
	// Emitter is the index of the span's emitter family in the order of the tables, or -1.
	Emitter int16
	// Resource is the index of the request's resource in its Batch.
	Resource int32
	// Span is the number of the span among all spans of the traces, in their order, from 0 on.
	Span int32

	Operation     string
	Provider      string
	RequestModel  string
	ResponseModel string
	ServerAddress string
	// ErrorType is set on errors and cancellations only.
	ErrorType string
	// FinishReason is why generation ended, as the emitter wrote it; of several, one that is no success
	// goes first. All of them: Batch.FinishReasons.
	FinishReason string
	// ServiceTier is the provider's word for the class of service and price that the request got, or else asked for.
	ServiceTier string
	// Name is that of the tool or agent whose run stands in for a request; see NonRequest.
	Name string
	// ID identifies the request within its layer, if the emitter writes one.
	ID string
	// IDHashed is set if the ID is the bytes of its hash. Those of requests that waited are, since ids are only compared then.
	IDHashed bool
	// Endpoint is the API or path that was called.
	Endpoint string
	// User, Tenant and Session are those on whose behalf the request was made. Their number has no bound.
	User, Tenant, Session string

	// Sequences is the number of outputs that an engine generated for the request.
	Sequences int32
	// ModalityIndex is the place of the request's tokens by modality in what the Batch keeps. The first is 1; 0 means none. See
	// Batch.Modalities.
	ModalityIndex int32

	// Number holds the numbers by fact: times in seconds, money in US dollars, Absent where nothing is known. Cached tokens
	// are part of the input, reasoning tokens part of the output. The duration is Absent where the span's own times make no
	// sense. Single times between chunks: Batch.ChunkGaps.
	Number [fact.Numbers]float64
	// CostComputed says that the cost was computed, and not on the span.
	CostComputed bool
	// Unpriced is set if the cost was to be computed, but there is no price for the request's tokens.
	Unpriced bool
	// Assumed is what the computed cost rests on that no span carries.
	Assumed Assumed

	// RetryTime is the part of the duration that went to failed attempts, in seconds. The time to the first token leaves it out.
	RetryTime float64

	// Dimensions are the values of spanreader.Options, absent where the attribute is missing.
	Dimensions []attr.Value
	// UserNumbers are those of spanreader.Options, NaN where the attribute is missing or no finite number.
	UserNumbers []float64
	// Conditions has a bit for each condition that holds for the span; see spanreader.Options.
	Conditions uint32

	// Weight is the number of requests that a sampled span stands for; 1 where all are kept.
	Weight float64

	// End is the end of the span.
	End pcommon.Timestamp
	// Sampled is whether the span can be found in a trace store, as far as known.
	Sampled  bool
	TraceID  pcommon.TraceID
	SpanID   pcommon.SpanID
	ParentID pcommon.SpanID

	// Start is when the span began.
	Start pcommon.Timestamp

	// FinishRange and GapRange are ranges of what the Batch keeps for all requests, see FinishReasons and ChunkGaps.
	FinishRange, GapRange [2]int32
}

// Text returns where the request keeps a text fact, nil for one that it does not keep.
func (q *Request) Text(f fact.Fact) *string {
	switch f {
	case fact.Operation:
		return &q.Operation
	case fact.Provider:
		return &q.Provider
	case fact.RequestModel:
		return &q.RequestModel
	case fact.ResponseModel:
		return &q.ResponseModel
	case fact.ServerAddress:
		return &q.ServerAddress
	case fact.ErrorType:
		return &q.ErrorType
	case fact.FinishReason:
		return &q.FinishReason
	case fact.ServiceTier:
		return &q.ServiceTier
	case fact.RequestID:
		return &q.ID
	case fact.Endpoint:
		return &q.Endpoint
	case fact.User:
		return &q.User
	case fact.Tenant:
		return &q.Tenant
	case fact.Session:
		return &q.Session
	default:
		return nil
	}
}

// NoNumbers is the Number of a request of which none is known.
var NoNumbers = func() (none [fact.Numbers]float64) {
	for f := range none {
		none[f] = Absent
	}
	return none
}()
