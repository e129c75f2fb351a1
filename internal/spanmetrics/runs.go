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
)

// runs are the runs of tools and agents that log events show, while their spans may still come. The zero value is ready for use.
type runs struct {
	mu    sync.Mutex
	queue []waitingRun
}

// maxRuns bounds the runs that wait, some 500 bytes each.
const maxRuns = 10_000

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
