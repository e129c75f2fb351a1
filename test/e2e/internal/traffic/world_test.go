// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

var began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const (
	cycle = 5 * time.Minute
	step  = 200 * time.Millisecond
)

// through steps a world through one cycle, and looks at it after each step.
func through(t *testing.T, w *World, look func(now time.Time, out []ptrace.Traces)) {
	t.Helper()
	for now := began; now.Sub(began) < cycle; now = now.Add(step) {
		look(now, w.Step(now))
	}
}

func named(t *testing.T, w *World, pod string) *engine {
	t.Helper()
	for _, e := range w.engines {
		if e.replica.pod == pod {
			return e
		}
	}
	t.Fatalf("no engine %s", pod)
	return nil
}

// What is to be seen in each scene happens in it, and is over in the next.
func TestScenesShowWhatTheySay(t *testing.T) {
	w := New(Settings{Seed: 1, Cycle: cycle, Rate: 1}, began)
	hot, cool := named(t, w, "vllm-llama-70b-1"), named(t, w, "vllm-llama-70b-0")
	most := map[string]int{}
	var last string
	through(t, w, func(now time.Time, _ []ptrace.Traces) {
		last = w.Scene(now).Title
		most["hot "+last] = max(most["hot "+last], hot.waiting(now))
		most["cool "+last] = max(most["cool "+last], cool.waiting(now))
		most["cache "+last] = max(most["cache "+last], int(100*hot.cacheUse(now)))
	})
	t.Log(most)
	assert.Greater(t, most["hot "+scenes[1].Title], 5, "waiting at the replica that is hot")
	assert.Greater(t, most["cache "+scenes[1].Title], 60, "percent of its cache")
	assert.Less(t, most["cool "+scenes[0].Title], 3, "waiting when all is well")
	assert.Less(t, most["hot "+scenes[3].Title], 3, "waiting when the heat is long over")
	assert.Equal(t, scenes[len(scenes)-1].Title, last)
}

func TestTheTruthIsOfTheSpansThatWereHandedOut(t *testing.T) {
	w := New(Settings{Seed: 2, Cycle: cycle, Rate: 1}, began)
	spans, layers := 0, map[string]float64{}
	count := func(out []ptrace.Traces) {
		for _, batch := range out {
			spans += batch.SpanCount()
			assert.Equal(t, 1, batch.ResourceSpans().Len(), "a process exports for itself")
		}
	}
	through(t, w, func(_ time.Time, out []ptrace.Traces) { count(out) })
	count(w.Rest())
	assert.Empty(t, w.pending)
	requests := 0.0
	for _, part := range w.Truth().Parts() {
		c := w.Truth()[part]
		t.Log(part, c)
		layers[part.Layer] += c.Requests
		requests += c.Requests
		assert.LessOrEqual(t, c.Failed+c.Cancelled, c.Requests, part)
	}
	assert.Less(t, requests, float64(spans), "agents and tools are no requests")
	for _, layer := range []string{"client", "gateway", "server"} {
		assert.NotZero(t, layers[layer], layer)
	}
	assert.Less(t, layers["server"], layers["gateway"], "what was given up has no span of an engine")
}

func TestTheSameSeedDoesTheSame(t *testing.T) {
	one, other := New(Settings{Seed: 3, Cycle: cycle, Rate: 1}, began), New(Settings{Seed: 3, Cycle: cycle, Rate: 1}, began)
	through(t, one, func(now time.Time, out []ptrace.Traces) { require.Equal(t, out, other.Step(now)) })
	assert.Equal(t, one.Truth(), other.Truth())
}

// Counters of an engine's page never go back, whether its requests run, have ended or are forgotten.
func TestEnginesCountersOnlyGrow(t *testing.T) {
	w := New(Settings{Seed: 4, Cycle: cycle, Rate: 1}, began)
	e := named(t, w, "vllm-llama-70b-0")
	var last totals
	through(t, w, func(now time.Time, _ []ptrace.Traces) {
		at := e.totals(now)
		const rounding = 1e-6
		require.GreaterOrEqual(t, at.output+rounding, last.output)
		require.GreaterOrEqual(t, at.input+rounding, last.input)
		require.GreaterOrEqual(t, at.finished, last.finished)
		last = at
	})
	assert.NotZero(t, last.finished)
	page := w.Page("vllm-llama-70b-0", began.Add(cycle))
	assert.Contains(t, page, `vllm:num_requests_running{engine="0",model_name="meta-llama/Llama-3.3-70B-Instruct"}`)
	assert.Empty(t, w.Page("nobody", began))
}

func TestGPUsFollowTheirEngines(t *testing.T) {
	w := New(Settings{Seed: 5, Cycle: cycle, Rate: 1}, began)
	var hot bool
	through(t, w, func(now time.Time, _ []ptrace.Traces) {
		lines := strings.Join(w.GPULines(now), "\n")
		hot = hot || strings.Contains(lines, "2.throttle.reasons 0x40")
		require.NotContains(t, lines, "0.throttle.reasons 0x40", "of the replica that is cool")
		require.Contains(t, lines, "6.utilization.gpu 0", "a device that nobody has")
	})
	assert.True(t, hot)
	assert.Greater(t, w.gpus[0].energy, w.gpus[GPUs-1].energy)
}
