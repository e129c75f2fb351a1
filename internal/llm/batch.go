// SPDX-License-Identifier: Apache-2.0

package llm

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// Skip is why a span, or a part of it, is not counted.
type Skip uint8

// The reasons. Spans that are no LLM spans are not counted as skipped.
const (
	// SkipNoRequest spans belong to an LLM application and are no requests to a model.
	SkipNoRequest Skip = iota
	// SkipUnproven spans name a model, and nothing shows that they are calls of it.
	SkipUnproven
	// SkipNoModel spans have attributes of LLM applications, and neither a model nor anything of a call.
	SkipNoModel
	// SkipUnfinished spans have no end.
	SkipUnfinished
	// SkipLayer spans are of a layer that is not to be counted.
	SkipLayer
	// SkipExcluded spans were excluded by the user.
	SkipExcluded
	// SkipSignal spans and log events are of a service whose requests the user has counted by the other signal.
	SkipSignal
	// Skips is the number of reasons.
	Skips
)

var skipNames = [Skips]string{
	SkipNoRequest:  "no_request",
	SkipUnproven:   "unproven",
	SkipNoModel:    "no_model",
	SkipUnfinished: "unfinished",
	SkipLayer:      "layer",
	SkipExcluded:   "excluded",
	SkipSignal:     "signal",
}

// String returns the reason's name in self telemetry.
func (s Skip) String() string { return skipNames[s] }

// Batch is what was read out of one ptrace.Traces. It keeps nothing of the traces but strings, and is meant to be used
// again: see Reset.
type Batch struct {
	// Requests are the requests found, in the order of their spans.
	Requests []Request
	// NonRequests are measurements by spans that are no requests.
	NonRequests []NonRequest
	// Spans is the number of spans seen.
	Spans int
	// Skipped counts the LLM spans that are no requests, by reason.
	Skipped [Skips]int
	// Dismissed are those of reason SkipUnproven and SkipNoModel by their scopes.
	Dismissed []Dismissal
	// BadTimes counts requests whose span times make no sense, so that they have no duration.
	BadTimes int

	// Resources holds Stride identifying values of each resource, one resource after the other.
	Resources []attr.Value
	Stride    int
	// Finishes, Gaps and ModalityTokens hold what requests have several of. Gaps are times in seconds.
	Finishes       []string
	Gaps           []float64
	ModalityTokens []ModalityTokens
}

// Resource returns the values of a request's resource, in the order of the ResourceKeys of spanreader.Options. They
// are valid until Reset.
func (b *Batch) Resource(index int32) []attr.Value {
	from := int(index) * b.Stride
	return b.Resources[from : from+b.Stride : from+b.Stride]
}

// Dismissal is how many spans of a scope are no requests for a reason.
type Dismissal struct {
	Scope  string
	Reason Skip
	Count  int
}

// maxDismissals bounds the scopes that a batch keeps apart.
const maxDismissals = 64

// Dismiss counts a span of a scope that is no request for a reason. Beyond a bound the scope is empty.
func (b *Batch) Dismiss(scope string, reason Skip) {
	if len(b.Dismissed) >= maxDismissals {
		scope = ""
	}
	for i := range b.Dismissed {
		if d := &b.Dismissed[i]; d.Scope == scope && d.Reason == reason {
			d.Count++
			return
		}
	}
	b.Dismissed = append(b.Dismissed, Dismissal{scope, reason, 1})
}

// LeaveOut marks the requests of layers that are not to be counted. Their spans were read, since they can show the layer of
// others.
func (b *Batch) LeaveOut(counted *[Layers]bool) {
	for i := range b.Requests {
		if q := &b.Requests[i]; q.Duplicate == Unique && !counted[q.Layer] {
			q.Duplicate = LeftOut
		}
	}
}

// FinishReasons returns why each of a request's outputs ended. They are valid until Reset.
func (b *Batch) FinishReasons(q *Request) []string {
	return b.Finishes[q.FinishRange[0]:q.FinishRange[1]]
}

// ChunkGaps returns the times in seconds between each two chunks of a request's stream. Its span must have an event for each
// chunk. They are valid until Reset.
func (b *Batch) ChunkGaps(q *Request) []float64 { return b.Gaps[q.GapRange[0]:q.GapRange[1]] }

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

// Modalities returns the tokens of a request of each modality, or nil if its span has none. They are valid until
// Reset.
func (b *Batch) Modalities(q *Request) *ModalityTokens {
	if q.ModalityIndex == 0 {
		return nil
	}
	return &b.ModalityTokens[q.ModalityIndex-1]
}

// Reset makes the batch ready for other traces and lets go of all strings.
func (b *Batch) Reset() {
	clear(b.Requests)
	clear(b.NonRequests)
	clear(b.Resources)
	clear(b.Finishes)
	b.Requests, b.NonRequests, b.Resources = b.Requests[:0], b.NonRequests[:0], b.Resources[:0]
	b.Finishes, b.Gaps, b.ModalityTokens = b.Finishes[:0], b.Gaps[:0], b.ModalityTokens[:0]
	b.Spans, b.BadTimes = 0, 0
	b.Skipped = [Skips]int{}
	clear(b.Dismissed)
	b.Dismissed = b.Dismissed[:0]
}

// NonRequest is a number of a span that is no request to a model.
type NonRequest struct {
	// Kind says what the number is.
	Kind NonRequestKind
	// Layer is where it was measured.
	Layer Layer
	// Resource is the index of the span's resource in its Batch.
	Resource int32
	// Provider is the model's provider, if known.
	Provider string
	// Operation is the convention's name of a run's operation, Name the tool's or agent's.
	Operation, Name string
	// Failed is set if a run failed.
	Failed bool
	// Value is the number; times are in seconds.
	Value float64
	// Signal and MayYield are those of a Request, Sender is who sent the span or log event.
	Signal   Signal
	MayYield bool
	Sender   Sender
	// Weight is the number of spans that a sampled span stands for; 1 where all are kept.
	Weight float64
	// Conditions has a bit for each condition that holds for the span; see spanreader.Options.
	Conditions uint32
	// Dimensions are the values of spanreader.Options.
	Dimensions []attr.Value
}

// IsRun reports whether it is the run of a tool or an agent.
func (a *NonRequest) IsRun() bool { return a.Kind == ToolRun || a.Kind == AgentRun }

// NonRequestKind says what a NonRequest measures.
type NonRequestKind uint8

// The kinds.
const (
	// BatchSize is the number of requests that an engine ran together.
	BatchSize NonRequestKind = iota
	// ModelLoad is the time that it took to load a model.
	ModelLoad
	// ToolRun is the time that a tool ran.
	ToolRun
	// AgentRun is the time that an agent ran.
	AgentRun
)
