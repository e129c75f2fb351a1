// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"slices"
	"testing"
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

// BenchmarkEngine measures the engine as a loop runs it, and as a collector does. Cold, each batch has just been decoded, garbage
// is collected and other memory was touched meanwhile; warm, nothing of that. Only Read, Commit and Settle are measured, in
// CPU time of their thread, which leaves out garbage collections on others: the lower quartile of all batches, since machines are
// shared.
func BenchmarkEngine(b *testing.B) {
	defaults := config.Default().Compile().Options
	for _, settings := range []struct {
		name   string
		change func(*spanmetrics.Options)
	}{
		{"counting at once, no window", func(o *spanmetrics.Options) { o.Waiting, o.Recent = settling.Options{}, spanmetrics.RecentWindow{} }},
		{"counting at once", func(o *spanmetrics.Options) { o.Waiting = settling.Options{} }},
		{"waiting", func(*spanmetrics.Options) {}},
	} {
		for _, cold := range []bool{false, true} {
			name := settings.name + "/warm"
			if cold {
				name = settings.name + "/cold"
			}
			b.Run(name, func(b *testing.B) {
				options := defaults
				settings.change(&options)
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				r := newEngineRun(options, defaults.Waiting.Wait/waitingBatches, cold)
				for range 3 * waitingBatches {
					r.measure(r.prepare())
				}
				r.spent = make([]time.Duration, 0, b.N)
				b.ReportAllocs()
				b.ResetTimer()
				for range b.N {
					b.StopTimer()
					traces := r.prepare()
					b.StartTimer()
					r.measure(traces)
				}
				slices.Sort(r.spent)
				b.ReportMetric(float64(r.spent[len(r.spent)/4].Nanoseconds())/batchSpans, "cpu-ns/span")
			})
		}
	}
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

func newEngineRun(options spanmetrics.Options, pause time.Duration, cold bool) *engineRun {
	in := newInput(1000, false)
	in.batches = in.batches[:1]
	now := time.Now()
	return &engineRun{
		engine: spanmetrics.New(options, now), in: in, swept: make([]byte, sweptBytes), now: now, pause: pause, cold: cold,
		encoded: try((&ptrace.ProtoMarshaler{}).MarshalTraces(in.batches[0])),
	}
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
