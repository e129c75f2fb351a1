// SPDX-License-Identifier: Apache-2.0

package sources

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Note remembers what a batch shows of requests and runs that come in others.
func (m *Memory) Note(batch *spanreader.Batch, now time.Time) {
	m.Saw(Requests, batch.Signal, func(yield func(llm.Sender) bool) {
		for i := range batch.Described {
			// Nothing yields to what yields.
			if q := &batch.Described[i]; !q.MayYield && !yield(m.senderOf(q)) {
				return
			}
		}
	}, now)
	m.Saw(Runs, batch.Signal, func(yield func(llm.Sender) bool) {
		for i := range batch.NonRequests {
			if a := &batch.NonRequests[i]; a.IsRun() && !a.MayYield && a.Sender != (llm.Sender{}) && !yield(a.Sender) {
				return
			}
		}
	}, now)
	if batch.Signal == llm.Logs {
		m.Saw(UnlistedEvents, llm.Logs, func(yield func(llm.Sender) bool) {
			for i := range batch.Described {
				if q := &batch.Described[i]; q.Traits.Has(emitter.Unlisted) && !yield(llm.Sender{Service: q.Service.Name}) {
					return
				}
			}
		}, now)
	}
	for _, written := range batch.Events.Written {
		m.SawTrace(written.Service, written.Trace, llm.Logs, now)
	}
	for _, start := range batch.Events.Starts {
		m.Began(start.Trace, start.At, now)
	}
	for _, id := range batch.Events.Corrected {
		m.NotBilled(id, now)
	}
}

// senderOf returns what is noted of who sent a request.
func (m *Memory) senderOf(q *correlate.Request) llm.Sender {
	if q.Signal == llm.Logs || m.events == nil || q.Emitter >= 0 && m.events[q.Emitter] {
		return q.Sender()
	}
	return llm.Sender{Service: q.Service.Name, Process: q.Service.Process, ShowsTrace: true}
}

// noteTraces notes the traces of spans beside which log events wait.
func (m *Memory) noteTraces(batch *correlate.Batch, now time.Time) {
	if m.events == nil {
		return
	}
	events := false
	for i := range batch.Described {
		events = events || batch.Described[i].Signal == llm.Logs
	}
	for i := 0; events && i < len(batch.Described); i++ {
		if q := &batch.Described[i]; q.Signal == llm.Spans && !q.MayYield {
			m.SawTrace(q.Service.Name, q.TraceID, llm.Spans, now)
		}
	}
}

// Yield leaves out the requests of a batch whose sender's other signal counts, but for those that are held.
func (m *Memory) Yield(batch *correlate.Batch, now time.Time) {
	m.noteTraces(batch, now)
	for i := range batch.Described {
		q := &batch.Described[i]
		if q.Held || !q.MayYield || q.Duplicate != llm.Unique {
			continue
		}
		s := q.Sender()
		if m.Yields(Requests, &s, q.Signal) ||
			q.Signal == llm.Logs && !q.Traits.Has(emitter.Unlisted) && m.Yields(UnlistedEvents, &llm.Sender{Service: s.Service}, llm.Spans) {
			q.Duplicate = llm.OtherSignal
		}
	}
}

// RunYields reports whether a run does not count, since its sender's other signal has it.
func (m *Memory) RunYields(a *llm.NonRequest) bool {
	return a.MayYield && m.Yields(Runs, &a.Sender, a.Signal)
}
