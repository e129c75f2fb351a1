// SPDX-License-Identifier: Apache-2.0

package llm

import "go.opentelemetry.io/collector/pdata/pcommon"

// Sender is what a span or a log event shows of the program that sent it. Zeros stand for what it does not show.
type Sender struct {
	// Service is a hash of the service's name and namespace, Process one of what distinguishes its process from others.
	Service, Process uint64
	// Session is the emitter's id of a session or conversation.
	Session string
	// Trace is the trace of the span, or the one in which the event was written.
	Trace pcommon.TraceID
	// ShowsTrace is set if there is no span without Trace. So it is for spans, and for events whose emitters always write the trace.
	ShowsTrace bool
}

// MadeUpParent is the parent of a span in a trace that was made up for a log event.
func MadeUpParent(trace pcommon.TraceID) (id pcommon.SpanID) {
	for i, b := range trace[8:] {
		id[i] = ^b
	}
	return id
}
