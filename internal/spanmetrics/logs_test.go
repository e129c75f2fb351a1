// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"bufio"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// lines calls read for each line of a capture of testdata/captures-logs.
func lines(t *testing.T, name string, read func(line []byte)) {
	t.Helper()
	file, err := os.Open(filepath.Join(tracetest.Root(), "testdata", "captures-logs", name))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 8<<20)
	for scanner.Scan() {
		read(scanner.Bytes())
	}
	require.NoError(t, scanner.Err())
}

// captured is a run of a tool with both signals.
type captured struct {
	logs   []plog.Logs
	traces []ptrace.Traces
}

func capture(t *testing.T, logs, spans string) (c captured) {
	t.Helper()
	if logs != "" {
		lines(t, logs+".jsonl", func(line []byte) {
			read, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
			require.NoError(t, err)
			c.logs = append(c.logs, read)
		})
	}
	if spans != "" {
		lines(t, spans+".spans.jsonl", func(line []byte) {
			read, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
			require.NoError(t, err)
			c.traces = append(c.traces, read)
		})
	}
	return c
}

// mergedLogs is all that a tool logged, as one export request.
func (c *captured) mergedLogs() plog.Logs {
	all := plog.NewLogs()
	for _, logs := range c.logs {
		for _, resource := range logs.ResourceLogs().All() {
			resource.CopyTo(all.ResourceLogs().AppendEmpty())
		}
	}
	return all
}

func (c *captured) mergedTraces() ptrace.Traces {
	all := ptrace.NewTraces()
	for _, traces := range c.traces {
		for _, resource := range traces.ResourceSpans().All() {
			resource.CopyTo(all.ResourceSpans().AppendEmpty())
		}
	}
	return all
}

// sumsOf adds up the counters by name, with the outcome behind the name of llm.requests.
func sumsOf(t *testing.T, e *Engine) map[string]float64 {
	t.Helper()
	sums := map[string]float64{}
	_, err := e.Collect(epoch.Add(time.Hour), func(metrics pmetric.Metrics) error {
		for _, rm := range metrics.ResourceMetrics().All() {
			for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
				switch m.Type() {
				case pmetric.MetricTypeSum:
					for _, p := range m.Sum().DataPoints().All() {
						name := m.Name()
						if outcome, ok := p.Attributes().Get("llm.outcome"); ok {
							name += " " + outcome.Str()
						}
						sums[name] += p.DoubleValue() + float64(p.IntValue())
					}
				case pmetric.MetricTypeHistogram:
					for _, p := range m.Histogram().DataPoints().All() {
						sums[m.Name()] += float64(p.Count())
					}
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	return sums
}

// rememberingOptions are those of an engine that remembers what it counted.
func rememberingOptions() Options {
	options := testOptions()
	options.Instruments, options.Reading.Runs = Catalogue(V141), true
	options.Recent.Size, options.Recent.Age = 10_000, time.Hour
	return options
}

// A tool that sends both signals has each request counted once, whichever comes first.
func TestLogEventsAndSpansOfARequestCountOnce(t *testing.T) {
	now := epoch.Add(time.Second)
	for _, test := range []struct {
		name             string
		success, failure float64
		input            float64
	}{
		// Input with cached tokens: 16 calls of 17 tokens, one of which read 8 from the cache and wrote 4.
		{"claude-code-traced", 16, 4, 16*17 + 12},
		// Eight calls completed; two of those that failed left no record.
		{"codex-traced", 8, 3, 8 * 17},
	} {
		both := capture(t, test.name, test.name)
		for order, send := range map[string]func(e *Engine){
			"logs alone": func(e *Engine) { e.Commit(e.ReadLogs(both.mergedLogs(), now), now) },
			"logs first": func(e *Engine) {
				e.Commit(e.ReadLogs(both.mergedLogs(), now), now)
				e.Commit(e.Read(both.mergedTraces()), now)
			},
			"logs twice": func(e *Engine) {
				e.Commit(e.ReadLogs(both.mergedLogs(), now), now)
				e.Commit(e.ReadLogs(both.mergedLogs(), now), now)
			},
		} {
			t.Run(test.name+" "+order, func(t *testing.T) {
				e := New(rememberingOptions(), epoch)
				send(e)
				got := sumsOf(t, e)
				assert.Equal(t, test.success, got["llm.requests success"])
				assert.Equal(t, test.failure, got["llm.requests error"])
				assert.Equal(t, test.input, got["llm.usage.input_tokens"])
				assert.Equal(t, test.success, got["gen_ai.client.operation.time_to_first_chunk"])
				assert.Equal(t, test.success+test.failure, got["gen_ai.client.operation.duration"])
			})
		}
	}
}

// What the user chose for a service counts, whatever else comes.
func TestTheUserChoosesTheSignalOfAService(t *testing.T) {
	both := capture(t, "codex-traced", "codex-traced")
	now := epoch.Add(time.Second)
	run := func(signals map[string]string) map[string]float64 {
		options := testOptions()
		options.Reading.Signals = signals
		e := New(options, epoch)
		e.Commit(e.ReadLogs(both.mergedLogs(), now), now)
		e.Commit(e.Read(both.mergedTraces()), now)
		return sumsOf(t, e)
	}
	spans, logs := run(map[string]string{"codex*": "traces"}), run(map[string]string{"codex*": "logs"})
	assert.EqualValues(t, 8*17, logs["llm.usage.input_tokens"])
	assert.Zero(t, spans["llm.usage.input_tokens"], "the request's span has no tokens")
	assert.Positive(t, spans["llm.requests success"])
	every := run(map[string]string{"codex*": "both"})
	assert.Equal(t, spans["llm.requests success"]+logs["llm.requests success"], every["llm.requests success"])
}

// A correction that came before the request is counted leaves its cost out.
func TestARequestThatIsNotBilledHasNoCost(t *testing.T) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "cursor")
	records := resource.ScopeLogs().AppendEmpty()
	records.Scope().SetName("cursor.telemetry")
	add := func(body string, attributes map[string]any) {
		r := records.LogRecords().AppendEmpty()
		r.Body().SetStr(body)
		r.SetTimestamp(pcommon.NewTimestampFromTime(epoch))
		require.NoError(t, r.Attributes().FromRaw(attributes))
	}
	tokens := map[string]any{"cursor.api.request.input_tokens": 100, "cursor.api.request.output_tokens": 10, "cursor.model.name": "gpt-5"}
	for _, id := range []string{"1", "2"} {
		attributes := maps.Clone(tokens)
		attributes["cursor.event.id"], attributes["cursor.usage_event.id"] = "e"+id, "u"+id
		add("api_request", attributes)
	}
	add("api_correction_not_billed_errored", map[string]any{"cursor.event.id": "e3", "cursor.usage_event.id": "u2"})

	e := New(testOptions(), epoch)
	e.SetPrices(perToken{})
	e.Commit(e.ReadLogs(logs, epoch), epoch)
	got := sumsOf(t, e)
	assert.EqualValues(t, 2, got["llm.requests success"])
	assert.EqualValues(t, 120, got["llm.cost"])
}

// The exports of both signals may come in any order, however they are cut. All counts are the same, as long as they come while
// the requests wait.
func TestTheOrderOfSpansAndLogEventsDoesNotMatter(t *testing.T) {
	for _, test := range []struct {
		name             string
		success, failure float64
		input, cost      float64
	}{
		{"claude-code-traced", 16, 4, 16*17 + 12, 0.0051324},
		{"codex-traced", 8, 3, 8 * 17, 0},
	} {
		both := capture(t, test.name, test.name)
		for seed := range uint64(20) {
			t.Run(fmt.Sprintf("%s/%d", test.name, seed), func(t *testing.T) {
				e, now := shuffled(t, seed, both, 1)
				e.SettleAll(now)
				got := sumsOf(t, e)
				assert.Equal(t, test.success, got["llm.requests success"])
				assert.Equal(t, test.failure, got["llm.requests error"])
				assert.Equal(t, test.input, got["llm.usage.input_tokens"])
				assert.InDelta(t, test.cost, got["llm.cost"], 1e-9)
				assert.Equal(t, test.success, got["gen_ai.client.operation.time_to_first_chunk"])
				assert.Equal(t, test.success+test.failure, got["gen_ai.client.operation.duration"])
			})
		}
	}
}

// shuffled has an engine read the exports of both signals, cut and in any order, while they wait. Some of them are read twice.
func shuffled(t *testing.T, seed uint64, both captured, resent int) (e *Engine, now time.Time) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	options := rememberingOptions()
	options.Waiting = settling.Options{
		Wait: time.Minute, Unfinished: time.Minute, Requests: 100_000, Bytes: 100 << 20, Spans: 100_000, Group: 1024,
	}
	e, now = New(options, epoch), epoch
	e.ExpectLogs()
	var exports []func()
	for _, logs := range both.logs {
		for _, part := range cutLogs(r, logs) {
			exports = append(exports, func() { e.Commit(e.ReadLogs(part, now), now) })
		}
	}
	for _, traces := range both.traces {
		exports = append(exports, func() { e.Commit(e.Read(traces), now) })
	}
	for range resent {
		exports = append(exports, exports[r.IntN(len(exports))])
	}
	r.Shuffle(len(exports), func(i, j int) { exports[i], exports[j] = exports[j], exports[i] })
	for _, export := range exports {
		export()
		now = now.Add(time.Duration(r.IntN(200)) * time.Millisecond)
		e.Settle(now)
	}
	return e, now
}

// cutLogs cuts an export request into two at a record.
func cutLogs(r *rand.Rand, logs plog.Logs) []plog.Logs {
	n := logs.LogRecordCount()
	if n < 2 || r.IntN(2) == 0 {
		return []plog.Logs{logs}
	}
	at := 1 + r.IntN(n-1)
	part := func(keep func(i int) bool) plog.Logs {
		some, i := plog.NewLogs(), 0
		logs.CopyTo(some)
		for _, resource := range some.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				scope.LogRecords().RemoveIf(func(plog.LogRecord) bool {
					i++
					return !keep(i - 1)
				})
			}
		}
		return some
	}
	return []plog.Logs{part(func(i int) bool { return i < at }), part(func(i int) bool { return i >= at })}
}

// The log event of an instrumentation comes with the ids of its span. Whichever comes first, the span counts.
func TestALogEventOfASpanNeverTakesItsPlace(t *testing.T) {
	traces := tracetest.Make(tracetest.Shape{Spans: 1})
	span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	traces.ResourceSpans().At(0).Resource().CopyTo(resource.Resource())
	record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName("gen_ai.client.inference.operation.details")
	record.SetTimestamp(span.EndTimestamp())
	record.SetTraceID(span.TraceID())
	record.SetSpanID(span.SpanID())
	span.Attributes().CopyTo(record.Attributes())
	for _, wait := range []time.Duration{0, time.Minute} {
		for _, order := range []string{"span, log", "log, span", "log"} {
			if wait == 0 && order == "log, span" {
				continue // Without waiting the log event counts, and its span is found to be the same.
			}
			t.Run(fmt.Sprint(wait, " ", order), func(t *testing.T) {
				options := rememberingOptions()
				if wait > 0 {
					options.Waiting = settling.Options{
						Wait: wait, Unfinished: wait, Requests: 100_000, Bytes: 100 << 20, Spans: 100_000, Group: 1024,
					}
				}
				e := New(options, epoch)
				for _, signal := range strings.Split(order, ", ") {
					if signal == "span" {
						e.Commit(e.Read(traces), epoch)
					} else {
						e.Commit(e.ReadLogs(logs, epoch), epoch)
					}
				}
				e.SettleAll(epoch)
				got := sumsOf(t, e)
				assert.EqualValues(t, 1, got["llm.requests success"])
				if order != "log" {
					assert.EqualValues(t, 1, e.Stats().Duplicates[llm.OtherSignal]+e.Stats().Duplicates[llm.SameID]+e.Stats().Duplicates[llm.Wrapper])
					assert.Equal(t, 1.0, got["gen_ai.client.operation.duration"], "the span has it")
				}
			})
		}
	}
}

// sessionOf returns the session of a record or span of Claude Code and Codex, "" if it shows none.
func sessionOf(attributes pcommon.Map) string {
	for _, key := range []string{"session.id", "conversation.id"} {
		if v, ok := attributes.Get(key); ok {
			return v.Str()
		}
	}
	return ""
}

// How a session sends what it does.
const (
	both = iota
	logsAlone
	spansAlone
	ways
)

// parted is what the sessions of a capture would have sent each way, of which each goes one.
func parted(t *testing.T, name string) (parts [ways]captured) {
	t.Helper()
	whole := capture(t, name, name)
	of, sessions := map[string]int{}, map[pcommon.TraceID]string{}
	for _, resource := range whole.mergedLogs().ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				if session := sessionOf(record.Attributes()); session != "" {
					if _, ok := of[session]; !ok {
						of[session] = len(of) % ways
					}
					sessions[record.TraceID()] = session
				}
			}
		}
	}
	for way := range parts {
		logs, traces := whole.mergedLogs(), whole.mergedTraces()
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				scope.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
					if way == logsAlone { // Without spans there are no traces.
						record.SetTraceID(pcommon.TraceID{})
						record.SetSpanID(pcommon.SpanID{})
					}
					return of[sessionOf(record.Attributes())] != way
				})
			}
		}
		for _, resource := range traces.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				scope.Spans().RemoveIf(func(span ptrace.Span) bool { return of[sessions[span.TraceID()]] != way })
			}
		}
		if way != spansAlone {
			parts[way].logs = []plog.Logs{logs}
		}
		if way != logsAlone {
			parts[way].traces = []ptrace.Traces{traces}
		}
	}
	return parts
}

// People set up their programs differently. Of one service some sessions send both signals, others one of them. Each counts as if it
// were alone, in any order.
func TestSessionsOfAServiceMaySendDifferentSignals(t *testing.T) {
	for _, name := range []string{"claude-code-traced", "codex-traced"} {
		parts := parted(t, name)
		all, want := captured{}, map[string]float64{}
		for _, part := range parts {
			e, now := shuffled(t, 0, part, 0)
			e.SettleAll(now)
			for key, n := range sumsOf(t, e) {
				want[key] += n
			}
			all.logs, all.traces = append(all.logs, part.logs...), append(all.traces, part.traces...)
		}
		require.Greater(t, want["llm.requests success"], 8.0)
		require.Positive(t, want["gen_ai.execute_tool.duration"])
		for seed := range uint64(20) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				e, now := shuffled(t, seed, all, 0)
				e.SettleAll(now)
				assert.InDeltaMapValues(t, want, sumsOf(t, e), 1e-9)
			})
		}
	}
}

// A fork of Gemini CLI writes the conventions' event beside its own, in one export or in two. No table knows its name.
func TestAForksEventsOfARequestCountOnce(t *testing.T) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "fork")
	records := resource.ScopeLogs().AppendEmpty()
	for _, attributes := range []map[string]any{
		{
			"event.name": "gen_ai.client.inference.operation.details", "gen_ai.request.model": "gemini-2.5-pro",
			"gen_ai.usage.input_tokens": 17, "gen_ai.usage.output_tokens": 20,
		},
		{"event.name": "fork.api_response", "model": "gemini-2.5-pro", "input_token_count": 17, "output_token_count": 20, "duration_ms": 5},
	} {
		record := records.LogRecords().AppendEmpty()
		record.SetTimestamp(pcommon.NewTimestampFromTime(epoch))
		require.NoError(t, record.Attributes().FromRaw(attributes))
	}
	for seed := range uint64(8) {
		e, now := shuffled(t, seed, captured{logs: []plog.Logs{logs}}, 1)
		e.SettleAll(now)
		got := sumsOf(t, e)
		assert.EqualValues(t, 1, got["llm.requests success"])
		assert.EqualValues(t, 17, got["llm.usage.input_tokens"])
	}
}

// Of a service one program sends spans and the conventions' event, another one the event alone. Their traces show which is which.
func TestTracesShowWhichEventsOfAServiceHaveSpans(t *testing.T) {
	traces := tracetest.Make(tracetest.Shape{Spans: 4})
	for _, key := range []string{"service.instance.id", "k8s.pod.name", "process.pid", "container.id"} {
		traces.ResourceSpans().At(0).Resource().Attributes().Remove(key) // A process would show it, too.
	}
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	traces.ResourceSpans().At(0).Resource().CopyTo(resource.Resource())
	records := resource.ScopeLogs().AppendEmpty().LogRecords()
	for i, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		for _, trace := range []pcommon.TraceID{span.TraceID(), {9, byte(i)}} {
			record := records.AppendEmpty()
			record.SetEventName("gen_ai.client.inference.operation.details")
			record.SetTimestamp(span.EndTimestamp())
			record.SetTraceID(trace)
			record.SetSpanID(span.SpanID())
			record.SetFlags(plog.DefaultLogRecordFlags.WithIsSampled(true))
			span.Attributes().CopyTo(record.Attributes())
		}
	}
	for seed := range uint64(10) {
		e, now := shuffled(t, seed, captured{logs: []plog.Logs{logs}, traces: []ptrace.Traces{traces}}, 0)
		e.SettleAll(now)
		assert.EqualValues(t, 8, sumsOf(t, e)["llm.requests success"])
	}
}
