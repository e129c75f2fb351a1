// SPDX-License-Identifier: Apache-2.0

package logreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// Events is what was read out of one plog.Logs.
type Events struct {
	// Traces has a span for each record that describes a request, or a run of a tool or an agent. It is the zero value if there
	// are none.
	Traces ptrace.Traces
	// Rows are the rows under which the spans' records were read, by scope and span, in the order of Traces.
	Rows [][]*emitter.Log
	// Starts are the times when requests began that end with another record.
	Starts []Start
	// Written are the traces in which records about requests were written that describe none by themselves.
	Written []Written
	// Corrected are the ids of requests that were not billed after all.
	Corrected []string
	// Records is the number of records seen.
	Records int
	// Skipped counts the records of known emitters that describe nothing, by reason.
	Skipped [Skips]int
}

// Start is when a request began.
type Start struct {
	// Trace is the trace of the span that stands for its end.
	Trace pcommon.TraceID
	At    pcommon.Timestamp
}

// Written is a trace of a service, by the hash of its name.
type Written struct {
	Service uint64
	Trace   pcommon.TraceID
}

// Skip is why a record of a known emitter describes no request and no run.
type Skip uint8

// The reasons.
const (
	// SkipOtherEvent records are of events that say nothing of requests.
	SkipOtherEvent Skip = iota
	// SkipNoTokens records are of an event that describes a request elsewhere, and lack what makes it one.
	SkipNoTokens
	// SkipRepeat records say again what another event says.
	SkipRepeat
	// SkipStart records say when a request began.
	SkipStart
	// SkipCorrection records say that a request was not billed.
	SkipCorrection
	// Skips is the number of reasons.
	Skips
)

// String returns the reason's name in self telemetry.
func (s Skip) String() string {
	return [Skips]string{
		SkipOtherEvent: "other_event", SkipNoTokens: "no_tokens", SkipRepeat: "repeat", SkipStart: "start", SkipCorrection: "correction",
	}[s]
}
