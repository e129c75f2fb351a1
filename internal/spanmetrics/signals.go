// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// ExpectLogs makes the engine remember who sent spans, so that log events of the same senders can yield to them. Without it log
// events yield only if they come before the spans, or in one batch with them.
func (e *Engine) ExpectLogs() { e.expectsLogs.Store(true) }

// note remembers what a batch shows of requests and runs that come in others.
func (e *Engine) note(batch *spanreader.Batch, now time.Time) {
	if batch.Signal == llm.Logs || e.expectsLogs.Load() {
		e.sources.Note(batch, now)
	}
}

// countRuns counts the runs of a batch, but for those that may yield to spans to come: they wait.
func (e *Engine) countRuns(batch *correlate.Batch, s *scratch, now time.Time) {
	for i := range batch.NonRequests {
		a := &batch.NonRequests[i]
		if a.MayYield && e.held != nil {
			if !e.runs.hold(batch, a, now) {
				e.countRun(batch, a, s) // There is no room.
			}
			continue
		}
		e.countRun(batch, a, s)
	}
}

func (e *Engine) countRun(batch *correlate.Batch, a *llm.NonRequest, s *scratch) {
	if e.sources.RunYields(a) {
		return
	}
	e.takeAside(&s.sample, a)
	e.observe(s, batch, nil)
}

// settleRuns counts the runs that came until a time.
func (e *Engine) settleRuns(until, now time.Time) {
	waited := e.runs.take(until)
	if len(waited) == 0 {
		return
	}
	s := e.scratches.get()
	for i := range waited {
		s.begin(now)
		e.countRun(&waited[i].batch, &waited[i].batch.NonRequests[0], s)
		s.reset()
	}
	e.scratches.put(s, false)
}
