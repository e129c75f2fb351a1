// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
)

// Tick is the time between two calls of Settle, 0 if no requests wait.
func (e *Engine) Tick() time.Duration {
	if e.held == nil {
		return 0
	}
	return e.held.table.Tick()
}

// Settle counts the requests that nothing new describes any more.
func (e *Engine) Settle(now time.Time) {
	if e.held != nil {
		e.settle(settling.Due, now)
		e.settleRuns(now.Add(-e.options.Waiting.Wait), now)
	}
}

// SettleAll counts all requests that wait. Nothing may be committed meanwhile or afterwards.
func (e *Engine) SettleAll(now time.Time) {
	if e.held != nil {
		e.settle(settling.Stopped, now)
		e.settleRuns(now, now)
	}
}

// hold enters the requests of a batch, and counts at once those that nothing else can describe.
func (e *Engine) hold(batch *correlate.Batch, s *scratch, now time.Time) {
	clock := e.held.clock(now)
	for from := 0; ; e.settle(settling.Full, now) {
		if from = e.held.table.Enter(batch, from, clock); from == len(batch.Described) {
			break
		}
	}
	lone := false
	for i := range batch.Described {
		q := &batch.Described[i]
		q.Held = !q.Lone()
		lone = lone || !q.Held
	}
	if lone {
		e.recent.Mark(batch, now)
	}
	for i := range batch.Described {
		if q := &batch.Described[i]; !q.Held || q.Duplicate == llm.Resent {
			e.count(s, batch, i, nil)
		}
	}
}

// settle counts the requests that are no longer to be held, for a reason.
func (e *Engine) settle(reason settling.Reason, now time.Time) {
	for e.settleSome(reason, now) && reason != settling.Full { // else a sender waits
	}
}

// settleSome counts some of them, and reports whether there were any.
func (e *Engine) settleSome(reason settling.Reason, now time.Time) bool {
	w := e.held
	w.settling.Lock()
	defer w.settling.Unlock()
	clock := w.clock(now)
	if !w.table.Take(reason, clock, w.taken) {
		return false
	}
	s := e.scratches.get()
	s.begin(now)
	if !w.taken.Alone() {
		e.recent.Connect(w.taken, now)
		e.recent.Below(w.taken, now)
		w.forest.Relate(ptrace.Traces{}, w.taken.Described, w.taken.Connectors, w.taken.Stages)
		w.table.Decide(clock, w.taken, w.forest)
	}
	e.countSettled(s, now)
	w.table.Release(clock, w.taken)
	s.reset()
	e.scratches.put(s, false)
	return true
}

// countSettled counts the requests that were taken and are not held any longer.
func (e *Engine) countSettled(s *scratch, now time.Time) {
	w := e.held
	e.sources.Yield(&w.taken.Batch, now)
	e.recent.Mark(&w.taken.Batch, now)
	for i := range w.taken.Described {
		q := &w.taken.Described[i]
		if q.Held {
			continue
		}
		if q.Late && q.Duplicate != llm.Resent || q.IsLog() && !q.Merged {
			e.stats.late[q.Duplicate].Add(1)
		}
		var known []known
		if e.plan.kinds {
			known = w.memo.of(w.taken.Kind(i))
		}
		e.count(s, &w.taken.Batch, i, known)
	}
}
