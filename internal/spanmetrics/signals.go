// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// ExpectLogs makes the engine remember who sent spans, so that log events of the same senders can yield to them. Without it those
// do that are in one batch with spans or come before them.
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

// maxRuns bounds the runs that wait, some 500 bytes each.
const maxRuns = 10_000

// runs are the runs of tools and agents that log events show, while their spans may still come. The zero value is ready for use.
type runs struct {
	mu    sync.Mutex
	queue []waitingRun
}

// waitingRun is a run in a batch of its own.
type waitingRun struct {
	arrived time.Time
	batch   correlate.Batch
}

// hold keeps a copy of a run of a batch, or reports that there is no room.
func (r *runs) hold(from *correlate.Batch, a *llm.NonRequest, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) >= maxRuns {
		return false
	}
	run := *a
	run.Name, run.Provider, run.Sender.Session = strings.Clone(run.Name), strings.Clone(run.Provider), strings.Clone(run.Sender.Session)
	run.Dimensions, run.Resource = cloned(run.Dimensions), 0
	w := waitingRun{arrived: now}
	w.batch.Stride, w.batch.Resources, w.batch.NonRequests = from.Stride, cloned(from.Resource(a.Resource)), []llm.NonRequest{run}
	r.queue = append(r.queue, w)
	return true
}

// take returns the runs that came until a time.
func (r *runs) take(until time.Time) []waitingRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := slices.IndexFunc(r.queue, func(w waitingRun) bool { return w.arrived.After(until) })
	if n < 0 {
		n = len(r.queue)
	}
	taken := r.queue[:n:n]
	if r.queue = r.queue[n:]; len(r.queue) == 0 {
		r.queue = nil
	}
	return taken
}

// cloned copies values with their texts.
func cloned(values []attr.Value) []attr.Value {
	values = slices.Clone(values)
	for i, v := range values {
		if text, ok := v.Str(); ok {
			values[i] = attr.Text(strings.Clone(text))
		}
	}
	return values
}
