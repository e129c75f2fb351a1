// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

const (
	// stretch is how much further apart spans come than they ended. The cases' times are close together, those of real requests
	// are not.
	stretch = 5
	// timer is the interval in which SDKs export.
	timer = 5 * time.Second
	// longestRun bounds the time from the first span's arrival to the last one's.
	longestRun = 10 * time.Minute
)

// asEnded returns when spans arrive that are sent one by one when they end, further apart than they ended.
func asEnded(spans []one) []arrival { return asEndedTimes(stretch, spans) }

// asEndedTimes is asEnded with spans that many times as far apart as they ended.
func asEndedTimes(stretch time.Duration, spans []one) []arrival {
	spans = slices.Clone(spans)
	slices.SortStableFunc(spans, func(a, b one) int { return cmp.Compare(a.span.EndTimestamp(), b.span.EndTimestamp()) })
	ended := slices.IndexFunc(spans, func(s one) bool { return s.span.EndTimestamp() > 0 })
	first := spans[max(ended, 0)].span.EndTimestamp()
	arrivals := make([]arrival, 0, len(spans))
	for _, s := range spans {
		after := min(uint64(max(s.span.EndTimestamp(), first)-first), uint64(longestRun/stretch))
		arrivals = append(arrivals, arrival{at: stretch * time.Duration(after), traces: tracesOf([]one{s})})
	}
	return arrivals
}

// onTimers returns when spans arrive that each process sends on a timer of its own.
func onTimers(r *rand.Rand, spans []one) []arrival {
	type export struct {
		process correlate.Service
		at      time.Duration
	}
	phases := map[correlate.Service]time.Duration{}
	together := map[export][]one{}
	var exports []export
	for _, a := range asEnded(spans) {
		s := spansOf(a.traces)[0]
		process := correlate.ServiceOf(s.resource.Resource().Attributes())
		phase, known := phases[process]
		if !known {
			phase = time.Duration(r.Int64N(int64(timer)))
			phases[process] = phase
		}
		of := export{process, phase + (a.at-phase+timer)/timer*timer}
		if together[of] == nil {
			exports = append(exports, of)
		}
		together[of] = append(together[of], s)
	}
	slices.SortStableFunc(exports, func(a, b export) int { return cmp.Compare(a.at, b.at) })
	arrivals := make([]arrival, 0, len(exports))
	for _, of := range exports {
		arrivals = append(arrivals, arrival{at: of.at, traces: tracesOf(together[of])})
	}
	return arrivals
}

// Long requests: what describes one comes in the order in which it ends, seconds apart.
func TestMetricsAreThoseOfOneBatchWhereRequestsTakeLong(t *testing.T) {
	tracetest.Long(t)
	for name, batches := range batchCases(t) {
		if name == "captured-copilot-cli" || name == "captured-qwen-code" {
			continue // They wait for half a minute before they try again: stretched, that is longer than what failed waits.
		}
		t.Run(name, func(t *testing.T) {
			spans := spansOf(batches...)
			want := metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(spans)}})
			requireEqual(t, want, metricsOf(t, waitingOptions(), asEnded(spans)))
			for seed := range uint64(2) {
				requireEqual(t, want, metricsOf(t, waitingOptions(), onTimers(rand.New(rand.NewPCG(seed, 11)), spans)))
			}
		})
	}
}

// Attempts of real programs go on for longer than a minute. What is between two of them is less.
func TestAttemptsThatFollowEachOtherAreOneRequest(t *testing.T) {
	for _, name := range []string{"captured-copilot-cli", "captured-qwen-code"} {
		t.Run(name, func(t *testing.T) {
			spans := spansOf(batchCases(t)[name]...)
			want := metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(spans)}})
			requireEqual(t, want, metricsOf(t, waitingOptions(), asEndedTimes(1, spans)))
		})
	}
}

// spanFlags are those that SDKs write. Nothing is known of the parent, it is local, or remote; with and without the bit of
// sampling. Source: opentelemetry-proto v1.4, trace.proto, SpanFlags.
var spanFlags = [...]uint32{0, 256, 257, 768, 769}

// flagged returns copies of spans with flags.
func flagged(spans []one, flags uint32) []one {
	traces := tracesOf(spans)
	for _, s := range spansOf(traces) {
		s.span.SetFlags(flags)
	}
	return spansOf(traces)
}

// refuseSome makes each batch one that was refused before, by chance. It comes again as it was.
func refuseSome(r *rand.Rand, arrivals []arrival) (all []arrival) {
	for _, a := range arrivals {
		for r.IntN(3) == 0 {
			all = append(all, arrival{at: time.Duration(r.Int64N(int64(a.at) + 1)), traces: tracesOf(spansOf(a.traces)), refused: true})
		}
		all = append(all, a)
	}
	slices.SortStableFunc(all, func(a, b arrival) int { return cmp.Compare(a.at, b.at) })
	return all
}

// Whatever flags the SDKs write, what is refused and comes again counts once. Nothing depends on a clock that is late.
func TestMetricsAreThoseOfOneBatchWhateverHappensMeanwhile(t *testing.T) {
	tracetest.Long(t)
	for name, batches := range batchCases(t) {
		t.Run(name, func(t *testing.T) {
			all := spansOf(batches...)
			// Each case has two of the flags, the large captures one.
			first, some := len(name)+len(all), 2
			if strings.HasPrefix(name, "capture ") {
				some = 1
			}
			for i := range some {
				flags := spanFlags[(first+2*i)%len(spanFlags)]
				t.Run(strconv.FormatUint(uint64(flags), 10), func(t *testing.T) {
					spans := flagged(all, flags)
					r := rand.New(rand.NewPCG(uint64(flags), uint64(len(spans))))
					want := metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(spans)}})
					arrivals := refuseSome(r, cut(r, spans, waitOfTests-time.Second))
					late := func(tick time.Duration) time.Duration { return time.Duration(1+r.IntN(12)) * tick }
					requireEqual(t, want, settled(t)(arriveBetween(t, waitingOptions(), arrivals, late)))
				})
			}
		})
	}
}

// A local parent is no news, and neither is whether a parent is known to be local.
func TestFlagsOfLocalParentsChangeNothing(t *testing.T) {
	tracetest.Long(t)
	for name, batches := range batchCases(t) {
		spans := spansOf(batches...)
		want := metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(flagged(spans, 0))}})
		for _, flags := range [...]uint32{256, 257} {
			t.Run(name, func(t *testing.T) {
				requireEqual(t, want, metricsOf(t, waitingOptions(), []arrival{{traces: tracesOf(flagged(spans, flags))}}))
			})
		}
	}
}

// readable is the number of spans in which an engine finds something of an LLM application. Each is looked at by itself.
func readable(arrivals []arrival) (n uint64) {
	reader := New(testOptions(), epoch).reader
	b := reader.NewBatch()
	for _, a := range arrivals {
		for _, s := range spansOf(a.traces) {
			reader.Read(tracesOf([]one{s}), b)
			n += uint64(len(b.Described))
			for _, skipped := range b.Skipped {
				n += uint64(skipped)
			}
			b.Reset()
		}
	}
	return n
}

// Each span of an LLM application is counted, describes what another one does, came before, or waits. Or it was left out for a
// reason.
func TestTheAccountOfSpansCloses(t *testing.T) {
	tracetest.Long(t)
	layers := [][]llm.Layer{nil, {llm.Client}, {llm.Gateway, llm.Server}}
	cases := batchCases(t)
	for i, name := range slices.Sorted(maps.Keys(cases)) {
		if strings.HasPrefix(name, "capture ") {
			continue // They are large.
		}
		t.Run(name, func(t *testing.T) {
			options := waitingOptions()
			options.Layers = layers[i%len(layers)]
			spans := spansOf(cases[name]...)
			r := rand.New(rand.NewPCG(uint64(len(spans)), 5))
			arrivals := cut(r, spans, waitOfTests-time.Second)
			arrivals = append(arrivals,
				arrival{at: waitOfTests, traces: tracesOf(spans[:len(spans)/2])},
				arrival{at: 10 * waitOfTests, traces: tracesOf(spans[len(spans)/2:])})
			for _, part := range [][]arrival{arrivals[:len(arrivals)/2], arrivals} {
				came := readable(part)
				e, now := arrive(t, options, part)
				requireClosed(t, came, e)
				e.SettleAll(now)
				requireClosed(t, came, e)
				assert.Zero(t, e.Stats().Waiting.Requests)
			}
		})
	}
}

// requireClosed checks that a number of spans of LLM applications is accounted for.
func requireClosed(t *testing.T, came uint64, e *Engine) {
	t.Helper()
	s := e.Stats()
	accounted := s.Requests + uint64(s.Waiting.Requests)
	for _, n := range s.Duplicates {
		accounted += n
	}
	unproven := uint64(0)
	for reason, n := range s.Skipped {
		accounted += n
		if reason == int(llm.SkipNoModel) || reason == int(llm.SkipUnproven) {
			unproven += n
		}
	}
	require.Equal(t, came, accounted, "read = counted + described again + held + left out")
	for _, n := range s.Dismissed {
		unproven -= n
	}
	require.Zero(t, unproven, "what is dismissed is counted by who wrote it")
}

// Nothing that is complete waits for longer than the wait, so that what is late is late for a reason.
func TestOnlyWhatIsUnfinishedWaitsForLonger(t *testing.T) {
	tracetest.Long(t)
	waits := map[string]int{}
	for name, batches := range batchCases(t) {
		e, now := arrive(t, waitingOptions(), []arrival{{traces: tracesOf(spansOf(batches...))}})
		for now.Before(epoch.Add(waitOfTests + 2*e.Tick())) {
			now = now.Add(e.Tick())
			e.Settle(now)
		}
		if n := e.Stats().Waiting.Requests; n > 0 {
			waits[name] = n
		}
	}
	assert.Equal(t, map[string]int{
		// Failures whose parents are missing, and what is said of the end of requests whose spans are.
		"capture of codex.jsonl":                   12,
		"capture of openinference-anthropic.jsonl": 2,
		"promptfoo":                  1,
		"codex":                      1,
		"litellm-v2-retries":         1, // an attempt that failed, whose parent is missing
		"portkey":                    1,
		"logfire-2024":               4, // streams without their logs
		"sglang-router":              1, // a prefill without its request
		"tensorrt-llm-disaggregated": 3,
		"tgi-inner-spans":            1, // a part without its request
	}, waits)
}
