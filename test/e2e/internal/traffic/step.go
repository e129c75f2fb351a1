// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Step goes on to a time, and answers the spans that have ended since the last step. There is one batch for each process that
// exports spans.
func (w *World) Step(now time.Time) []ptrace.Traces {
	w.mu.Lock()
	defer w.mu.Unlock()
	passed := now.Sub(w.stepped)
	for i := range services {
		s := &services[i]
		for range w.poisson(s.perSecond * w.settings.Rate * passed.Seconds()) {
			// Somewhere within the step.
			w.begin(s, w.stepped.Add(time.Duration(w.random.Float64()*float64(passed))))
		}
	}
	w.stepped = now
	for _, e := range w.engines {
		e.forget(now.Add(-time.Minute))
	}
	return w.ended(now)
}

// Rest answers all spans that have not ended, as if they had: no more are to come.
func (w *World) Rest() []ptrace.Traces {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.stepped
	for _, s := range w.pending {
		if s.end.After(last) {
			last = s.end
		}
	}
	return w.ended(last)
}

// ended takes what has ended out of pending.
func (w *World) ended(now time.Time) []ptrace.Traces {
	var out []span
	w.pending = slices.DeleteFunc(w.pending, func(s span) bool {
		if s.end.After(now) {
			return false
		}
		out = append(out, s)
		return true
	})
	slices.SortStableFunc(out, func(a, b span) int { return a.end.Compare(b.end) })
	for _, s := range out {
		w.truth.add(s.counts)
	}
	return batches(out)
}

// begin begins a task of a service.
func (w *World) begin(s *service, at time.Time) {
	scene := w.Scene(at)
	tenant := s.tenants[w.random.IntN(len(s.tenants))]
	tasks := 1.0
	if tenant == scene.greedy {
		tasks = scene.more
	}
	for range int(tasks) {
		t := task{world: w, service: s, scene: scene, tenant: tenant, trace: w.traceID()}
		if s.agent != "" {
			t.run(at)
		} else {
			t.request(at, t.pick(), pcommon.SpanID{})
		}
	}
}

// Truth answers what has ended so far.
func (w *World) Truth() Truth {
	w.mu.Lock()
	defer w.mu.Unlock()
	copied := Truth{}
	for part, sum := range w.truth {
		copied[part] = sum
	}
	return copied
}
