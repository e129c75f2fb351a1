// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Settings say what world it is.
type Settings struct {
	// Seed makes one world differ from another.
	Seed uint64
	// Cycle is how long all scenes take together.
	Cycle time.Duration
	// Rate is a factor on how many tasks begin a second.
	Rate float64
}

// World is all that is simulated. Its methods may be called by several goroutines.
type World struct {
	settings Settings
	began    time.Time

	mu       sync.Mutex
	stepped  time.Time
	random   *rand.Rand
	engines  []*engine
	gpus     [GPUs]gpu
	gpuSince time.Time // when the devices were first asked for
	// pending are spans that have not ended.
	pending []span
	truth   Truth
}

// New makes a world that begins at a time, with nothing under way.
func New(s Settings, began time.Time) *World {
	w := &World{settings: s, began: began, stepped: began, random: rand.New(rand.NewPCG(s.Seed, 0)), truth: Truth{}}
	for i := range deployments {
		for _, r := range deployments[i].replicas {
			w.engines = append(w.engines, newEngine(&deployments[i], r))
		}
	}
	return w
}

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

// around draws a value around a median, log-normally.
func (w *World) around(median, spread float64) float64 {
	return median * math.Exp(spread*w.random.NormFloat64())
}

func (w *World) chance(p float64) bool { return w.random.Float64() < p }

// poisson draws how many things happen of which mean are expected. It is meant for small means.
func (w *World) poisson(mean float64) (n int) {
	for left := w.random.ExpFloat64(); left < mean; left += w.random.ExpFloat64() {
		n++
	}
	return n
}

// anyReplica is the choice of a gateway that does not know its engines' queues.
func (w *World) anyReplica(pool string) *engine {
	var members []*engine
	for _, e := range w.engines {
		if e.deployment.name == pool {
			members = append(members, e)
		}
	}
	return members[w.random.IntN(len(members))]
}

// Truth says what the spans that were handed out describe.
type Truth map[Part]Counts

// Part is a part of the requests.
type Part struct{ Layer, Service, Model string }

// Counts are of requests, by how they ended, and their tokens.
type Counts struct {
	Requests, Failed, Cancelled float64
	Input, Output               float64
}

// counts is what one span adds to the truth; its layer is empty if the span is no request.
type counts struct {
	part Part
	one  Counts
}

func (t Truth) add(c counts) {
	if c.part.Layer == "" {
		return
	}
	sum := t[c.part]
	sum.Requests += c.one.Requests
	sum.Failed += c.one.Failed
	sum.Cancelled += c.one.Cancelled
	sum.Input += c.one.Input
	sum.Output += c.one.Output
	t[c.part] = sum
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

// Parts lists the parts in order.
func (t Truth) Parts() []Part {
	parts := make([]Part, 0, len(t))
	for part := range t {
		parts = append(parts, part)
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Model, b.Model))
	})
	return parts
}
