// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func testOptions() Options {
	return Options{
		Instruments:      onByDefault(Catalogue(V141)),
		SharedResource:   []string{"service.name", "service.namespace", "deployment.environment.name", "k8s.cluster.name", "k8s.namespace.name"},
		InstanceResource: []string{"service.instance.id", "host.name", "k8s.pod.name"},
		Limits:           DefaultLimits(),
		Scope:            "test",
	}
}

// onByDefault leaves out the instruments that record nothing unless they are switched on.
func onByDefault(all []Instrument) []Instrument {
	return slices.DeleteFunc(all, func(in Instrument) bool { return in.Off })
}

var sink int

// scan is the yardstick: one pass over all attributes that looks at the keys' lengths.
func scan(traces ptrace.Traces) (n int) {
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				span.Attributes().All()(func(k string, _ pcommon.Value) bool {
					n += len(k)
					return true
				})
			}
		}
	}
	return n
}

func BenchmarkSpans(b *testing.B) {
	const batchSize = 1000
	for _, bench := range []struct {
		name  string
		shape tracetest.Shape
	}{
		{"llm_10", tracetest.Shape{Spans: batchSize, Resources: 5, Sets: 10}},
		{"llm_1000", tracetest.Shape{Spans: batchSize, Resources: 5, Sets: 1000}},
		{"plain", tracetest.Shape{Spans: batchSize, Resources: 5, Plain: true}},
	} {
		traces := tracetest.Make(bench.shape)
		b.Run(bench.name+"/scan", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink += scan(traces)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/span")
		})
		b.Run(bench.name+"/read", func(b *testing.B) {
			e := New(testOptions(), epoch)
			b.ReportAllocs()
			for b.Loop() {
				e.Discard(e.Read(traces))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/span")
		})
		b.Run(bench.name+"/engine", func(b *testing.B) {
			e := New(testOptions(), epoch)
			now := time.Now()
			b.ReportAllocs()
			for b.Loop() {
				e.Commit(e.Read(traces), now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/span")
		})
	}
}

// BenchmarkMixed counts what homogeneous spans cannot show: all captured emitters in one batch, and one large trace.
func BenchmarkMixed(b *testing.B) {
	for _, one := range []struct {
		name   string
		traces ptrace.Traces
	}{{"captures", tracetest.Captures(b)}, {"trace", tracetest.OneTrace(1_000)}} {
		b.Run(one.name, func(b *testing.B) {
			e := New(testOptions(), epoch)
			now := time.Now()
			b.ReportAllocs()
			for b.Loop() {
				e.Commit(e.Read(one.traces), now)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*one.traces.SpanCount()), "ns/span")
		})
	}
}

// BenchmarkWaiting compares requests that count at once with those that wait. Each has a trace of its own, and 7,000 wait at a time.
// Beside others, each request lies in an ordinary span of its trace. That comes with it, or a second later. Ordinary spans alone
// have traces without requests, and come with as many requests.
func BenchmarkWaiting(b *testing.B) {
	const batchSize, batches = 1000, 8
	none := func(*Options) {}
	window := func(o *Options) { o.Recent = RecentWindow{Size: 65_536, Age: 5 * time.Minute} }
	waits := func(o *Options) { o.Recent, o.Waiting = waitingOptions().Recent, waitingOptions().Waiting }
	alone := func(ptrace.Traces, ptrace.Traces) {}
	beside := func(of, _ ptrace.Traces) { surround(of, of) }
	later := func(of, later ptrace.Traces) { surround(of, later) }
	ordinary := func(of, _ ptrace.Traces) {
		for i, rs := range tracetest.Make(tracetest.Shape{Spans: batchSize, Resources: 5, Plain: true}).ResourceSpans().All() {
			rs.CopyTo(of.ResourceSpans().AppendEmpty())
			for _, span := range of.ResourceSpans().At(5 + i).ScopeSpans().At(0).Spans().All() {
				id := span.TraceID()
				id[15]++
				span.SetTraceID(id)
			}
		}
	}
	for _, bench := range []struct {
		name    string
		options func(*Options)
		add     func(of, later ptrace.Traces)
	}{
		{"without a window", none, alone},
		{"window", window, alone},
		{"window and waiting", waits, alone},
		{"beside others, without a window", none, beside},
		{"beside others, window", window, beside},
		{"beside others, window and waiting", waits, beside},
		{"others come later, without a window", none, later},
		{"others come later, window", window, later},
		{"others come later, window and waiting", waits, later},
		{"ordinary spans alone, window", window, ordinary},
		{"ordinary spans alone, window and waiting", waits, ordinary},
	} {
		b.Run(bench.name, func(b *testing.B) {
			options := testOptions()
			options.Reading.Unread = []fact.Fact{fact.User, fact.Tenant, fact.Session, fact.Endpoint} // as by default
			bench.options(&options)
			e := New(options, epoch)
			var traces, after [batches]ptrace.Traces
			for i := range traces {
				traces[i] = tracetest.Make(tracetest.Shape{Spans: batchSize, Resources: 5, Sets: 1000, First: i * batchSize})
				after[i] = ptrace.NewTraces()
				bench.add(traces[i], after[i])
			}
			round, now := uint32(0), epoch
			once := func() {
				now = now.Add(time.Second)
				if last := after[round%batches]; last.SpanCount() > 0 {
					e.Commit(e.Read(last), now)
				}
				round++
				for _, of := range [...]ptrace.Traces{traces[round%batches], after[round%batches]} {
					changeAll(of, func(span ptrace.Span, _ int) {
						id := span.TraceID()
						id[0], id[1], id[2] = byte(round), byte(round>>8), byte(round>>16)
						span.SetTraceID(id)
					})
				}
				e.Commit(e.Read(traces[round%batches]), now)
				e.Settle(now)
			}
			for range 20 {
				once()
			}
			b.ReportAllocs()
			for b.Loop() {
				once()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/request")
			if held := e.Stats().Waiting; held.Requests > 0 {
				b.ReportMetric(float64(held.Bytes)/float64(held.Requests), "B/held")
			}
		})
	}
}

// surround adds a span around each span, to the same traces or others.
func surround(traces, to ptrace.Traces) {
	for i, rs := range traces.ResourceSpans().All() {
		if to.ResourceSpans().Len() <= i {
			resource := to.ResourceSpans().AppendEmpty()
			rs.Resource().CopyTo(resource.Resource())
			resource.ScopeSpans().AppendEmpty()
		}
		spans, others := rs.ScopeSpans().At(0).Spans(), to.ResourceSpans().At(i).ScopeSpans().At(0).Spans()
		for j := range spans.Len() {
			outer, span := others.AppendEmpty(), spans.At(j)
			id := span.SpanID()
			id[0]++
			outer.SetTraceID(span.TraceID())
			outer.SetSpanID(id)
			outer.SetKind(ptrace.SpanKindServer)
			outer.SetStartTimestamp(span.StartTimestamp())
			outer.SetEndTimestamp(span.EndTimestamp())
			span.SetParentSpanID(id)
		}
	}
}
