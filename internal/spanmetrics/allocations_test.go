// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// TestASteadyStreamOfSpansAllocatesNothing holds for every kind of span, once its dimension sets were met.
func TestASteadyStreamOfSpansAllocatesNothing(t *testing.T) {
	llm := tracetest.Shape{Spans: 1000, Resources: 5, Sets: 1000}
	everything := func(o *Options) {
		o.Exemplars = true
		o.Recent = RecentWindow{Size: 65_536, Age: 5 * time.Minute}
	}
	for _, test := range []struct {
		name    string
		shape   tracetest.Shape
		change  func(ptrace.Span, int)
		options func(*Options)
	}{
		{name: "LLM spans", shape: llm},
		{name: "with exemplars and the window of recent requests", shape: llm, options: everything},
		{name: "exponential histograms", shape: llm, options: func(o *Options) {
			o.MaxBuckets = 160
			for i := range o.Instruments {
				o.Instruments[i].Buckets = Exponential
			}
		}},
		{name: "metrics with dimensions of their own", shape: llm, options: func(o *Options) {
			for i := range o.Instruments {
				o.Instruments[i].Own = []Dimension{layer, commonDimensions[i%3], commonDimensions[3]}
			}
		}},
		{name: "all metrics, with targets", shape: tracetest.Shape{Spans: 1000, Resources: 5, Sets: 5}, options: func(o *Options) {
			o.Instruments = Catalogue(V141)
			o.Targets = []Target{{Name: "chat", TTFT: 1, Models: []string{"gpt*", "model*"}}, {Name: "all", Duration: 1}}
		}},
		{name: "tokens by modality", shape: llm, options: func(o *Options) {
			o.Instruments = onByDefault(Catalogue(Development))
		}, change: func(span ptrace.Span, _ int) {
			span.Attributes().PutInt("gen_ai.usage.audio.input_tokens", 1)
		}},
		{name: "spans that are no LLM spans", shape: tracetest.Shape{Spans: 1000, Resources: 5, Plain: true}, options: everything},
		{name: "failed requests", shape: llm, options: everything, change: func(span ptrace.Span, i int) {
			span.Status().SetCode(ptrace.StatusCodeError)
			span.Attributes().PutStr("error.type", []string{"timeout", "rate_limit_exceeded", "500"}[i%3])
		}},
		{name: "requests beyond the limits", shape: llm, options: func(o *Options) {
			everything(o)
			o.Limits.DimensionSets, o.Limits.ValuesPerDimension = 100, 50
		}, change: func(span ptrace.Span, i int) {
			span.Status().SetCode(ptrace.StatusCodeError)
			span.Attributes().PutStr("error.type", []string{"timeout", "rate_limit_exceeded", "500"}[i%3])
		}},
		{name: "sampled spans with a weight", shape: llm, options: everything, change: func(span ptrace.Span, _ int) {
			span.TraceState().FromRaw("ot=th:c")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			options := testOptions()
			if test.options != nil {
				test.options(&options)
			}
			traces := tracetest.Make(test.shape)
			if test.change != nil {
				changeAll(traces, test.change)
			}
			assert.Zero(t, steadyAllocations(New(options, epoch), traces))
		})
	}
}

// One sender's huge batch must not hold on to memory while others send small ones all the time.
func TestLargeBatchLeavesNoMemory(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // each processor has a pool of its own
	e := New(testOptions(), epoch)
	small := tracetest.Make(tracetest.Shape{Spans: 10, Sets: 10})
	e.Commit(e.Read(small), epoch)
	before := liveHeap()
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 50_000, Sets: 10})), epoch)
	var after uint64
	for range 5 {
		e.Commit(e.Read(small), epoch)
		after = liveHeap() // pools forget what lay unused for two garbage collections
	}
	assert.Less(t, int64(after)-int64(before), int64(4<<20))
	runtime.KeepAlive(e)
}

func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// steadyAllocations returns the allocations that reading and counting a batch costs. The batch comes again and again, each time
// with other requests.
func steadyAllocations(e *Engine, traces ptrace.Traces) float64 {
	// With a batch and a scratch of its own, since the race detector makes pools forget.
	batch, s := e.reader.NewBatch(), e.scratches.get()
	round := byte(0)
	once := func() {
		round++
		changeAll(traces, func(span ptrace.Span, _ int) {
			id := span.TraceID()
			id[0] = round
			span.SetTraceID(id)
		})
		e.reader.Read(traces, batch)
		e.commit(batch, s, epoch)
		batch.Reset()
	}
	for range 3 {
		once() // until what is kept of each series has its bounded size
	}
	return testing.AllocsPerRun(10, once)
}

func changeAll(traces ptrace.Traces, change func(ptrace.Span, int)) {
	n := 0
	for _, rs := range traces.ResourceSpans().All() {
		for _, span := range rs.ScopeSpans().At(0).Spans().All() {
			change(span, n)
			n++
		}
	}
}
