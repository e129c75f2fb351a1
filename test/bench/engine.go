// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

const (
	// sweptBytes is the memory that a collector touches between two batches, besides their spans: buffers, other pipelines, the
	// kernel. It is more than the cache of one core.
	sweptBytes = 16 << 20
	// batchesCollected is how many batches come between two garbage collections.
	batchesCollected = 5
	// waitingBatches is how many batches wait at a time.
	waitingBatches = 10
)

// engineSettings are those that the engine is measured with.
var engineSettings = []struct {
	name   string
	change func(*spanmetrics.Options)
}{
	{"counting at once, no window", func(o *spanmetrics.Options) { o.Waiting, o.Recent = settling.Options{}, spanmetrics.RecentWindow{} }},
	{"counting at once", func(o *spanmetrics.Options) { o.Waiting = settling.Options{} }},
	{"waiting, as by default", func(*spanmetrics.Options) {}},
}

// engineRun feeds an engine with batches of LLM spans.
type engineRun struct {
	engine  *spanmetrics.Engine
	in      *input
	encoded []byte
	swept   []byte
	batches int
	// now goes on by a pause with each batch.
	now   time.Time
	pause time.Duration
	cold  bool
	// spent is the time of each batch.
	spent []time.Duration
}

// newEngineRun returns an engine in its steady state. Only its own thread may go on with it.
func newEngineRun(change func(*spanmetrics.Options), cold bool) *engineRun {
	options := config.Default().Compile().Options
	pause := options.Waiting.Wait / waitingBatches
	change(&options)
	in := newInput(1000, false)
	in.batches = in.batches[:1]
	now := time.Now()
	r := &engineRun{
		engine: spanmetrics.New(options, now), in: in, swept: make([]byte, sweptBytes), now: now, pause: pause, cold: cold,
		encoded: try((&ptrace.ProtoMarshaler{}).MarshalTraces(in.batches[0])),
	}
	for range 3 * waitingBatches {
		r.measure(r.prepare())
	}
	r.spent = r.spent[:0]
	return r
}

// cost returns the lower quartile of all batches in nanoseconds a span, since machines are shared.
func (r *engineRun) cost() float64 {
	slices.Sort(r.spent)
	return float64(r.spent[len(r.spent)/4].Nanoseconds()) / batchSpans
}

// measureEngine measures the engine as a loop runs it, and as a collector does.
func measureEngine(e effort) (report, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	costs := rounds{}
	key := func(name string, cold bool) string { return fmt.Sprint(name, cold) }
	for _, s := range engineSettings {
		for _, cold := range []bool{false, true} {
			r := newEngineRun(s.change, cold)
			for range e.rounds {
				for range 2 * waitingBatches {
					r.measure(r.prepare())
				}
				costs.add(key(s.name, cold), r.cost())
				r.spent = r.spent[:0]
			}
		}
	}
	t := newTable("the engine alone, CPU per span, ns", "warm", "cold", "cold to warm")
	for _, s := range engineSettings {
		warm, cold := key(s.name, false), key(s.name, true)
		t.row(s.name, fmt.Sprintf("%.0f", costs.cost(warm)), fmt.Sprintf("%.0f", costs.cost(cold)), fmt.Sprintf("%.2f", costs.ratio(cold, warm)))
	}
	return report{tables: []table{*t}}, nil
}

// prepare makes the next batch, and what happens before it comes.
func (r *engineRun) prepare() ptrace.Traces {
	if r.cold {
		r.batches++
		if r.batches%batchesCollected == 0 {
			runtime.GC()
		}
		for i := 0; i < len(r.swept); i += 64 {
			r.swept[i]++
		}
		r.in.batches[0] = try((&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(r.encoded))
	}
	r.in.renew()
	return r.in.batches[0]
}

func (r *engineRun) measure(traces ptrace.Traces) {
	from := threadTime()
	r.now = r.now.Add(r.pause)
	r.engine.Commit(r.engine.Read(traces), r.now)
	r.engine.Settle(r.now)
	r.spent = append(r.spent, threadTime()-from)
}
