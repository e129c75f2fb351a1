// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"cmp"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// one is a span with what it comes from.
type one struct {
	resource ptrace.ResourceSpans
	scope    ptrace.ScopeSpans
	span     ptrace.Span
}

// spansOf returns all spans of some batches.
func spansOf(batches ...ptrace.Traces) (all []one) {
	for _, traces := range batches {
		for _, resource := range traces.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				for _, span := range scope.Spans().All() {
					all = append(all, one{resource, scope, span})
				}
			}
		}
	}
	return all
}

// tracesOf makes a batch of spans. Those of one scope that follow each other stay together.
func tracesOf(spans []one) ptrace.Traces {
	traces := ptrace.NewTraces()
	var to ptrace.SpanSlice
	for i, s := range spans {
		if i == 0 || s.scope != spans[i-1].scope {
			resource := traces.ResourceSpans().AppendEmpty()
			s.resource.Resource().CopyTo(resource.Resource())
			scope := resource.ScopeSpans().AppendEmpty()
			s.scope.Scope().CopyTo(scope.Scope())
			to = scope.Spans()
		}
		s.span.CopyTo(to.AppendEmpty())
	}
	return traces
}

const waitOfTests = 7 * time.Second

// waitingOptions are those of an engine with all metrics whose requests wait.
func waitingOptions() Options {
	options := testOptions()
	options.Instruments = slices.DeleteFunc(Catalogue(V141), func(in Instrument) bool { return in.Kind == Gauge })
	options.Recent = RecentWindow{Size: 65_536, Age: 5 * time.Minute}
	options.Waiting = settling.Options{
		Wait: waitOfTests, Unfinished: settling.MaxUnfinished, Requests: 100_000, Bytes: 64 << 20, Spans: 100_000, Group: settling.MaxGroup,
	}
	return options
}

// requireAccount checks that all that was read is accounted for, if all layers are counted.
func requireAccount(t *testing.T, e *Engine) {
	t.Helper()
	if len(e.options.Layers) > 0 {
		return // What is left out for its layer is known late, and counted beside what was not read.
	}
	s := e.Stats()
	duplicates := uint64(0)
	for _, n := range s.Duplicates {
		duplicates += n
	}
	require.Equal(t, s.Described, s.Requests+duplicates+uint64(s.Waiting.Requests), "read = counted + described again + held")
}

// metricsOf returns all metrics of spans that come at times.
func metricsOf(t *testing.T, options Options, arrivals []arrival) totals {
	t.Helper()
	return settled(t)(arrive(t, options, arrivals))
}

// settled returns all metrics of an engine at whose time all that waits is counted.
func settled(t *testing.T) func(e *Engine, now time.Time) totals {
	t.Helper()
	return func(e *Engine, now time.Time) totals {
		e.SettleAll(now)
		require.Zero(t, e.Stats().Waiting.Requests)
		requireAccount(t, e)
		c := newCollected()
		c.collect(t, e, now.Add(time.Second))
		return c.perSeries()
	}
}

// arrive lets spans come at times, with a clock that ticks in between.
func arrive(t *testing.T, options Options, arrivals []arrival) (*Engine, time.Time) {
	t.Helper()
	return arriveBetween(t, options, arrivals, func(tick time.Duration) time.Duration { return tick })
}

// arriveBetween lets spans come at times, with a clock whose pauses are given.
func arriveBetween(t *testing.T, options Options, arrivals []arrival, pause func(tick time.Duration) time.Duration) (*Engine, time.Time) {
	t.Helper()
	e := New(options, epoch)
	now := epoch
	next := now.Add(pause(e.Tick()))
	for _, a := range arrivals {
		for at := epoch.Add(a.at); e.Tick() > 0 && next.Before(at); next = next.Add(pause(e.Tick())) {
			now = next
			e.Settle(now)
		}
		now = epoch.Add(a.at)
		batch := e.Read(a.traces)
		if a.refused {
			e.Discard(batch)
			continue
		}
		e.Commit(batch, now)
		requireAccount(t, e)
	}
	return e, now
}

// llmFirst brings a span of an LLM application to the front of those of each trace. Where the others lead to is noted from then
// on.
func llmFirst(spans []one) {
	reader := New(waitingOptions(), epoch).reader
	b := reader.NewBatch()
	isLLM := func(s one) bool {
		b.Reset()
		reader.Read(tracesOf([]one{s}), b)
		return len(b.Described)+len(b.Connectors) > 0
	}
	known := map[pcommon.TraceID]bool{}
	for i := range spans {
		trace := spans[i].span.TraceID()
		if known[trace] {
			continue
		}
		known[trace] = true
		for j := i; j < len(spans); j++ {
			if spans[j].span.TraceID() == trace && isLLM(spans[j]) {
				spans[i], spans[j] = spans[j], spans[i]
				break
			}
		}
	}
}

type arrival struct {
	at     time.Duration
	traces ptrace.Traces
	// refused is set if the next consumer refuses the batch.
	refused bool
}

// cut spreads spans over batches at random, in any order, all within a time.
func cut(r *rand.Rand, spans []one, within time.Duration) (arrivals []arrival) {
	spans = slices.Clone(spans)
	order := r.IntN(4)
	slices.SortStableFunc(spans, func(a, b one) int { return int(a.span.EndTimestamp()/2) - int(b.span.EndTimestamp()/2) })
	switch order {
	case 0:
	case 1:
		slices.Reverse(spans)
	default:
		r.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
	}
	llmFirst(spans)
	most := 1 + r.IntN(1+len(spans)/2)
	for len(spans) > 0 {
		n := min(1+r.IntN(most), len(spans))
		arrivals = append(arrivals, arrival{traces: tracesOf(spans[:n])})
		spans = spans[n:]
	}
	times := make([]time.Duration, len(arrivals))
	for i := range times {
		times[i] = time.Duration(r.Int64N(int64(within)))
	}
	slices.Sort(times)
	for i := range arrivals {
		arrivals[i].at = times[i]
	}
	return arrivals
}

// batchCases are the cases of the corpus and the captures.
func batchCases(t *testing.T) map[string][]ptrace.Traces {
	t.Helper()
	all := map[string][]ptrace.Traces{}
	cases, err := corpus.Load(tracetest.Root())
	require.NoError(t, err)
	for i := range cases {
		all[cases[i].Name] = cases[i].Batches
	}
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		all["capture of "+filepath.Base(file)] = tracetest.Load(t, "captures/"+filepath.Base(file))
	}
	return all
}

// The spans of a neighbourhood may be spread over batches in any way, and come in any order. If they come within the wait, the
// metrics are those of one batch.
func TestMetricsDoNotDependOnHowSpansAreCutIntoBatches(t *testing.T) {
	tracetest.Long(t)
	for name, batches := range batchCases(t) {
		t.Run(name, func(t *testing.T) {
			spans := spansOf(batches...)
			want := metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(spans)}})
			atOnce := waitingOptions()
			atOnce.Waiting.Wait = 0
			requireEqual(t, want, metricsOf(t, atOnce, []arrival{{traces: tracesOf(spans)}}))
			for seed := range uint64(3) {
				r := rand.New(rand.NewPCG(seed, uint64(len(spans))))
				requireEqual(t, want, metricsOf(t, waitingOptions(), cut(r, spans, waitOfTests-time.Second)))
			}
		})
	}
}

// moved returns copies of spans in traces of their own: what comes of one case several times must not meet.
func moved(spans []one, salt byte) []one {
	traces := tracesOf(spans)
	for _, s := range spansOf(traces) {
		trace := s.span.TraceID()
		if trace.IsEmpty() {
			continue
		}
		trace[1] ^= salt
		s.span.SetTraceID(trace)
	}
	return spansOf(traces)
}

// Cases come side by side, and some of their batches twice. They go to one engine, or behind a hash of the trace to two.
func TestMetricsOfWhatComesSideBySideAddUp(t *testing.T) {
	cases := batchCases(t)
	names := slices.Sorted(maps.Keys(cases))
	options := waitingOptions()
	// Runs of tools and agents are no requests, and count as often as they come.
	options.Instruments = slices.DeleteFunc(options.Instruments, func(in Instrument) bool { return Beside(in.Measure) })
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 7))
			want, global := totals{}, false
			engines := make([][]arrival, 1+r.IntN(2))
			for i := range 5 {
				name := names[r.IntN(len(names))]
				if strings.Contains(name, "sglang") {
					if len(engines) > 1 || global {
						continue // Its ids lead from trace to trace, also to that of another case with the same ids.
					}
					global = true
				}
				spans := moved(spansOf(cases[name]...), byte(16*seed)+byte(i)+1)
				for key, v := range metricsOf(t, options, []arrival{{traces: tracesOf(spans)}}) {
					want.add(key, v.count, v.sum, v.buckets)
				}
				for at := range engines {
					own := slices.DeleteFunc(slices.Clone(spans), func(s one) bool {
						trace := s.span.TraceID()
						return int(crc32.ChecksumIEEE(trace[:]))%len(engines) != at
					})
					for _, a := range cut(r, own, waitOfTests-time.Second) {
						engines[at] = append(engines[at], a)
						if r.IntN(4) == 0 {
							again := arrival{at: a.at + time.Duration(r.Int64N(int64(10*time.Second))), traces: tracesOf(spansOf(a.traces))}
							engines[at] = append(engines[at], again)
						}
					}
				}
			}
			got := totals{}
			for _, arrivals := range engines {
				slices.SortStableFunc(arrivals, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
				for key, v := range metricsOf(t, options, arrivals) {
					got.add(key, v.count, v.sum, v.buckets)
				}
			}
			requireEqual(t, want, got)
		})
	}
}

// What makes a request a gateway's does not come with it when it comes again.
func TestAProxysRequestThatComesAgainCountsOnce(t *testing.T) {
	options := waitingOptions()
	spans := spansOf(batchCases(t)["proxy-like-its-callers"]...)
	arrivals := []arrival{{traces: tracesOf(spans)}}
	want := metricsOf(t, options, arrivals)
	for i, s := range spans {
		again := arrival{at: 3*waitOfTests + time.Duration(i)*time.Millisecond, traces: tracesOf([]one{s})}
		if s.span.Kind() == ptrace.SpanKindClient {
			arrivals = append(arrivals, again)
		}
	}
	requireEqual(t, want, metricsOf(t, options, arrivals))
}

// An agent makes 200 calls of one shape or another, some seconds apart, in one trace that is never quiet.
func TestCallsOfAnAgentCountLikeEachByItself(t *testing.T) {
	tracetest.Long(t)
	cases := batchCases(t)
	for _, name := range []string{
		"batches-framework-further-in", "mixed-layers", "stack-pydantic-ai-logfire", "unknown-emitters",
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, cases[name])
			spans := spansOf(cases[name]...)
			first := spans[0].span.TraceID()
			spans = slices.DeleteFunc(spans, func(s one) bool { return s.span.TraceID() != first })
			ids := map[pcommon.SpanID]bool{}
			for _, s := range spans {
				ids[s.span.SpanID()] = true
			}
			r := rand.New(rand.NewPCG(3, 4))
			want, arrivals, calls := totals{}, []arrival{}, 200
			for i := range calls {
				traces := tracesOf(spans)
				for _, s := range spansOf(traces) {
					id, parent := s.span.SpanID(), s.span.ParentSpanID()
					id[0], id[1] = byte(i), 0x77
					s.span.SetSpanID(id)
					if ids[parent] {
						parent[0], parent[1] = byte(i), 0x77
					} else {
						parent = pcommon.SpanID{0xff, 0x66}
					}
					s.span.SetParentSpanID(parent)
					shift := pcommon.Timestamp(i) * pcommon.Timestamp(time.Minute)
					s.span.SetStartTimestamp(s.span.StartTimestamp() + shift)
					s.span.SetEndTimestamp(s.span.EndTimestamp() + shift)
					for _, event := range s.span.Events().All() {
						event.SetTimestamp(event.Timestamp() + shift)
					}
					for _, key := range []string{"gen_ai.response.id", "gen_ai.request.id"} {
						if v, ok := s.span.Attributes().Get(key); ok {
							s.span.Attributes().PutStr(key, v.Str()+strconv.Itoa(i))
						}
					}
				}
				for key, v := range metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(spansOf(traces))}}) {
					want.add(key, v.count, v.sum, v.buckets)
				}
				for _, a := range cut(r, spansOf(traces), 5*time.Second) {
					a.at += time.Duration(i) * 3 * time.Second
					arrivals = append(arrivals, a)
				}
			}
			slices.SortStableFunc(arrivals, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
			requireEqual(t, want, metricsOf(t, waitingOptions(), arrivals))

			e, now := arrive(t, waitingOptions(), arrivals)
			e.Settle(now)
			assert.Less(t, e.Stats().Waiting.Requests, 20*len(spans), "calls are counted in their time, though the trace goes on")
		})
	}
}

// Senders, the clock and the deliveries do not wait for each other, and nothing gets lost between them.
func TestSendersAndTheClockGoOnSideBySide(t *testing.T) {
	options := waitingOptions()
	options.Waiting.Wait, options.Waiting.Requests = 100*time.Millisecond, 500
	e := New(options, epoch)
	const senders, batches, spans = 4, 30, 40
	var millis atomic.Int64
	now := func() time.Time { return epoch.Add(time.Duration(millis.Add(1)) * time.Millisecond) }
	var load, clock sync.WaitGroup
	done := make(chan struct{})
	for sender := range senders {
		load.Go(func() {
			for i := range batches {
				traces := tracetest.Make(tracetest.Shape{Spans: spans, Resources: 3, Sets: 20, First: (sender*batches + i) * spans})
				e.Commit(e.Read(traces), now())
				if i%3 == 0 {
					e.Commit(e.Read(traces), now())
				}
			}
		})
	}
	clock.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				e.Settle(now())
				_, _ = e.Collect(now(), func(pmetric.Metrics) error { return nil })
				assert.LessOrEqual(t, e.Stats().Waiting.Requests, options.Waiting.Requests)
			}
		}
	})
	load.Wait()
	close(done)
	clock.Wait()
	e.SettleAll(now())
	requireAccount(t, e)
	assert.EqualValues(t, senders*batches*spans, e.Stats().Requests)
}
