// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var sink int

// scan is the yardstick: one pass over all attributes that looks at the keys' lengths.
func scan(traces ptrace.Traces) (n int) {
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				span.Attributes().All()(func(k string, _ pcommon.Value) bool {
					n += len(k)
					return true
				})
			}
		}
	}
	return n
}

var shapes = []struct {
	name  string
	shape tracetest.Shape
}{
	{"llm", tracetest.Shape{Spans: 1000, Resources: 5, Sets: 100}},
	{"plain", tracetest.Shape{Spans: 1000, Resources: 5, Plain: true}},
}

func BenchmarkReader(b *testing.B) {
	for _, s := range shapes {
		traces := tracetest.Make(s.shape)
		perSpan := func(b *testing.B) {
			b.Helper()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*s.shape.Spans), "ns/span")
		}
		b.Run(s.name+"/scan", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink += scan(traces)
			}
			perSpan(b)
		})
		b.Run(s.name+"/read", func(b *testing.B) {
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			batch := r.NewBatch()
			b.ReportAllocs()
			for b.Loop() {
				r.Read(traces, batch)
				batch.Reset()
			}
			perSpan(b)
		})
	}
}

func TestReadingAllocatesNothingInTheSteadyState(t *testing.T) {
	for _, s := range shapes {
		traces := tracetest.Make(s.shape)
		r := spanreader.NewReader(spanreader.Options{MaxText: 256})
		batch := r.NewBatch()
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			r.Read(traces, batch)
			batch.Reset()
		}), s.name)
	}
}

func TestReadingRealEmittersAllocatesNothingInTheSteadyState(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		traces := mergeAll(tracetest.Load(t, "captures/"+filepath.Base(file)))
		r := spanreader.NewReader(spanreader.Options{MaxText: 256})
		batch := r.NewBatch()
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			r.Read(traces, batch)
			batch.Reset()
		}), file)
	}
}

func TestReadingALargeTraceAllocatesNothingInTheSteadyState(t *testing.T) {
	traces := tracetest.OneTrace(largeTrace)
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	batch := r.NewBatch()
	assert.Zero(t, testing.AllocsPerRun(5, func() {
		r.Read(traces, batch)
		batch.Reset()
	}))
}

func BenchmarkCaptures(b *testing.B) {
	for _, name := range []string{"vercel-ai6", "langfuse-openai", "openllmetry-langchain"} {
		b.Run(name, func(b *testing.B) {
			traces := mergeAll(tracetest.Load(b, "captures/"+name+".jsonl"))
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			batch := r.NewBatch()
			b.ReportAllocs()
			for b.Loop() {
				r.Read(traces, batch)
				batch.Reset()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*traces.SpanCount()), "ns/span")
		})
	}
}

// Quadratic passes hide in large traces.
const largeTrace = 1_000

func TestALargeTraceCountsEachCallOnce(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	batch := r.NewBatch()
	r.Read(tracetest.OneTrace(largeTrace), batch)
	counted := 0
	for i := range batch.Requests {
		if batch.Requests[i].Duplicate == llm.Unique {
			counted++
		}
	}
	assert.Equal(t, largeTrace, counted)
}

// BenchmarkMixed reads what the benchmarks of homogeneous spans cannot show: all captured emitters in one batch, and one
// large trace.
func BenchmarkMixed(b *testing.B) {
	for _, one := range []struct {
		name   string
		traces ptrace.Traces
	}{{"captures", tracetest.Captures(b)}, {"trace", tracetest.OneTrace(largeTrace)}} {
		b.Run(one.name, func(b *testing.B) {
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			batch := r.NewBatch()
			b.ReportAllocs()
			for b.Loop() {
				r.Read(one.traces, batch)
				batch.Reset()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*one.traces.SpanCount()), "ns/span")
		})
	}
}

// Some emitters make up names of attributes, a new one for each span.
func TestMadeUpKeysTakeNoMemory(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	batch := r.NewBatch()
	var all []ptrace.Traces
	for i := range 200 {
		traces := tracetest.Make(tracetest.Shape{Spans: 1})
		traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes().PutStr(fmt.Sprint("made.up.", i), "x")
		all = append(all, traces)
	}
	next, requests := 0, 0
	read := func() {
		r.Read(all[next], batch)
		requests += len(batch.Requests)
		batch.Reset()
		next++
	}
	for range 100 {
		read()
	}
	assert.Zero(t, testing.AllocsPerRun(90, read))
	assert.Equal(t, next, requests)
}
