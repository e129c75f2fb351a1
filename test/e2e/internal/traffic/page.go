// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"slices"
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/simengine"
)

// Pods are the simulated engines' replicas.
func Pods() (pods []string) {
	for _, d := range deployments {
		for _, r := range d.replicas {
			pods = append(pods, r.pod)
		}
	}
	return pods
}

// ServiceOf is the service.name that a pod's spans carry; it is empty for a pod that does not exist.
func ServiceOf(pod string) string {
	for _, d := range deployments {
		for _, r := range d.replicas {
			if r.pod == pod {
				return d.name
			}
		}
	}
	return ""
}

// Page is what a replica's /metrics shows, under vLLM's names. It is empty for a pod that does not exist.
func (w *World) Page(pod string, now time.Time) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.engines, func(e *engine) bool { return e.replica.pod == pod })
	if i < 0 {
		return ""
	}
	e := w.engines[i]
	t := e.totals(now)
	const blockSize = 16
	page := simengine.Page{
		Model: e.deployment.model, Running: e.running(now), Waiting: e.waiting(now),
		Blocks: int(e.replica.cache) / blockSize, BlockSize: blockSize, KVUse: e.cacheUse(now),
		InputTokens: t.input, OutputTokens: t.output, CacheQueries: t.input, CacheHits: t.cached,
		Preemptions: float64(e.preempted), Finished: map[string]float64{"stop": t.finished},
		QueueTime: t.queued.shown(), FirstToken: t.firstToken.shown(), PerToken: t.perToken.shown(), Duration: t.duration.shown(),
	}
	var text strings.Builder
	page.WriteVLLM(&text)
	return text.String()
}

// shown is the histogram as a page has it.
func (h *histogram) shown() simengine.Histogram {
	shown := simengine.Histogram{Bounds: bounds[:], Sum: h.sum}
	for i, n := range h.buckets {
		shown.Count += n
		if i < len(bounds) {
			shown.Counts = append(shown.Counts, shown.Count)
		}
	}
	return shown
}
