// SPDX-License-Identifier: Apache-2.0

// Package correlate finds the spans that describe the same request. It gives the request that counts the values of the others.
//
// The spans of each trace with more than one of them form a tree. A table of relations says which two nodes of it describe one
// request. It also says which of both counts, and what it takes from the other one. What comes out does not depend on the order
// of the spans.
package correlate

import (
	"bytes"
	"cmp"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// Evidence is what a span shows of the relations of its request to others.
type Evidence struct {
	// Call is the id that all attempts of the request share, if the emitter writes one.
	Call string
	// Scope is the name of the instrumentation scope.
	Scope string
	// QueueBegan is when the request began to wait, if only that is known yet.
	QueueBegan pcommon.Timestamp
	// Traits are those of the emitter's family.
	Traits emitter.Quirk
	// PrefilledElsewhere is set if another engine prefilled the prompt (disaggregated serving), in a request with an id of its own.
	PrefilledElsewhere bool
	// Breaks is set if the span handles the failure of the response of the request beside it.
	Breaks bool
	// Ended is set if the span shows a mark of the response's end, or of an error.
	Ended bool
	// Unmetered means that the span carries no usage, and is taken for a request for how it ended.
	Unmetered bool
	// Service is whose program wrote the span, Hop how it came into the process.
	Service Service
	Hop     Hop
	// LayerGiven is set if a table, a key or a setting gives the layer. Else only the place in the trace does.
	LayerGiven bool
	// Tokens is what llm.Request.Number leaves open of how the span counts its tokens.
	Tokens
}

// Tokens is what the sums of input and output in llm.Request.Number leave open of how spans count them. With it they can be
// worked out anew when another span says more.
type Tokens struct {
	// Total is the number of all tokens, llm.Absent if no span carries it.
	Total float64
	// Spare is the part of Total that no count names. The one of SpareOf got it. It is 0 if there is none.
	Spare float64
	// Cache and Thoughts are where keys say that cached and reasoning tokens are counted.
	Cache, Thoughts usage.Place
	SpareOf         usage.Spare
	// CacheAdded and ThoughtsAdded are set if these were added to the span's count of the input or the output.
	CacheAdded, ThoughtsAdded bool
}

// Request is a request with the evidence of its span, and what was found of it.
type Request struct {
	*llm.Request
	Evidence

	// Ancestry are further spans of the trace that matter to what comes in other batches, nil if there are none.
	Ancestry *Ancestry
	// MergedScopes are the scopes whose description of the request was merged into this one.
	MergedScopes [2]string
	// CountedBelow is set if a call inside was counted before: what a wrapper says is then the sum of several.
	CountedBelow bool
	// Held is set if the request waits for what may still describe it, and is not to be counted now.
	Held bool
	// Late is set if the request describes one that was counted before it came.
	Late bool
	// Metered is set if a span that describes the request has tokens, or a cost.
	Metered bool
	// LateTokens is set if a span that came late has the tokens of a request that was counted without any. LostTokens is set if it
	// may have them, and its tokens do not count.
	LateTokens, LostTokens bool
	// Merged is set if this supplement was merged into a request, or counted by itself before.
	Merged bool

	// calls and answered are the numbers of calls inside a wrapper, all and those that did not fail.
	calls, answered int32
	// attempts is the number of failed attempts before.
	attempts int32
	// byAttempt is set if the outcome is that of an attempt, which a later one overrules.
	byAttempt bool
	// wrapped is set if the parent is a wrapper.
	wrapped bool
	// parentCame is set if the parent's span is among those that were related.
	parentCame bool
}

// Connector is a span of an LLM application that is no request that counts: an agent, chain, step or tool.
type Connector struct {
	Trace        pcommon.TraceID
	Span, Parent pcommon.SpanID
	// Model is the model that the span names, if it does.
	Model string
	// Separates is set if the calls below the span are no part of the call above it. So it is below the run of a tool.
	Separates bool
	// Bare spans are of no LLM application, or of a request that was counted before. They only lead from one span to another.
	Bare bool
	// Runs is set if the span is the run of an agent or a tool.
	Runs bool
	// Hop is how the span came into its process.
	Hop Hop
	// Class is that of a request that was counted before.
	Class llm.Class
	// Outcome is that of an HTTP or RPC request that failed. ErrorType is the type of its error, End its end. Others succeeded.
	Outcome   llm.Outcome
	ErrorType string
	End       pcommon.Timestamp
	// Service is whose program wrote the span, zero if it is Bare.
	Service Service
}

// Links reports whether what lies below the span lies within what is above it: one may describe the other.
func (c *Connector) Links() bool { return !c.Bare && !c.Separates }

// Stage is a time of the request above that a span holds.
type Stage struct {
	Trace  pcommon.TraceID
	Parent pcommon.SpanID
	// Length is the time in seconds; Absent if only its end is known.
	Length float64
	// End is the end of the time.
	End pcommon.Timestamp
}

// Ancestry is spans around a request that its parent is not.
type Ancestry struct {
	// Above are ancestors of the parent, as far as links lead to them.
	Above Spans
	// Below are links that lead to the request.
	Below Spans
}

// MaxSpans is the number of spans that a set has room for.
const MaxSpans = 4

// Spans is a small set of spans; what it has no room for is left out.
type Spans struct {
	spans [MaxSpans]pcommon.SpanID
	n     uint8
}

// before orders requests of a trace by what their spans say, so that the order of spans does not matter.
func before(a, b *Request) int {
	return cmp.Or(
		cmp.Compare(a.Start, b.Start), bytes.Compare(a.SpanID[:], b.SpanID[:]), cmp.Compare(a.End, b.End),
		cmp.Compare(a.Scope, b.Scope),
	)
}

// Lone reports whether nothing else can describe a request: it has no trace, or one of its own.
func (q *Request) Lone() bool {
	return q.TraceID.IsEmpty() || q.ParentID.IsEmpty() && q.Traits.Has(emitter.LoneRoots)
}

// Continues reports whether a request is a further part of one that was counted from another batch. It is a later output of an
// engine's request, or the log that ends a stream. Its own tokens are in no metric yet.
func (q *Request) Continues() bool {
	if q.LateTokens {
		return true
	}
	switch q.Duplicate {
	case llm.SameID:
		return q.Layer == llm.Server && q.Traits.Has(emitter.SpanPerOutput)
	case llm.Supplemented:
		return q.IsLog() && !q.Merged
	default:
		return false
	}
}

// isAroundRequest reports whether a supplement is a step around its request.
func (q *Request) isAroundRequest() bool {
	return q.Class == llm.Supplement && q.Traits.Has(emitter.StepsAround)
}

// isPoll reports whether a span only asks for a response that was asked for before.
func (q *Request) isPoll() bool { return q.Class == llm.Supplement && q.Operation == emitter.Poll }

// IsLog reports whether the span is a client's log of what a stream brought.
func (q *Request) IsLog() bool {
	return q.Class == llm.Supplement && q.Layer != llm.Server && !q.isAroundRequest() && !q.isPoll()
}

// Sender returns who sent the span or log event.
func (q *Request) Sender() llm.Sender {
	s := llm.Sender{Service: q.Service.Name, Process: q.Service.Process, Session: q.Session}
	switch {
	case q.Signal == llm.Spans:
		s.Trace, s.ShowsTrace = q.TraceID, true
	case q.ParentID != llm.MadeUpParent(q.TraceID):
		// A span that was not sampled does not come.
		s.Trace, s.ShowsTrace = q.TraceID, q.Sampled || q.Traits.Has(emitter.EventsInTraces)
	default:
		s.ShowsTrace = q.Traits.Has(emitter.EventsInTraces)
	}
	return s
}
