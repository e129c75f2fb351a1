// SPDX-License-Identifier: Apache-2.0

package logreader_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
)

var noon = pcommon.NewTimestampFromTime(time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC))

// records returns logs of a scope, and its empty records.
func records(scope string) (plog.Logs, plog.LogRecordSlice) {
	logs := plog.NewLogs()
	scopeLogs := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	scopeLogs.Scope().SetName(scope)
	return logs, scopeLogs.LogRecords()
}

// claude adds a record of Claude Code's request with attributes in the place of the usual ones.
func claude(t *testing.T, to plog.LogRecordSlice, instead map[string]any) plog.LogRecord {
	t.Helper()
	record := to.AppendEmpty()
	record.SetTimestamp(noon)
	attributes := map[string]any{
		"event.name": "api_request", "model": "claude-sonnet-4-5", "input_tokens": 17, "output_tokens": 20, "duration_ms": 281, "ttft_ms": 67,
	}
	for key, value := range instead {
		attributes[key] = value
	}
	require.NoError(t, record.Attributes().FromRaw(attributes))
	return record
}

// A value of the wrong type or of no sense is as if it were not there. The request counts nonetheless.
func TestOddValuesLeaveTheRequestCounted(t *testing.T) {
	for name, test := range map[string]struct {
		attributes map[string]any
		duration   float64
		input      float64
	}{
		"numbers as text":        {map[string]any{"input_tokens": "17", "duration_ms": "281"}, 0.281, 17},
		"a null":                 {map[string]any{"input_tokens": nil, "duration_ms": nil}, llm.Absent, llm.Absent},
		"maps":                   {map[string]any{"input_tokens": map[string]any{"a": 1}, "duration_ms": map[string]any{}}, llm.Absent, llm.Absent},
		"a list":                 {map[string]any{"input_tokens": []any{17}, "model": []any{"a"}}, 0.281, llm.Absent},
		"a map as text":          {map[string]any{"input_tokens": `{"total": 17}`}, 0.281, llm.Absent},
		"negative":               {map[string]any{"input_tokens": -17, "duration_ms": -281}, llm.Absent, llm.Absent},
		"no number":              {map[string]any{"input_tokens": math.NaN(), "duration_ms": math.NaN()}, llm.Absent, llm.Absent},
		"endless":                {map[string]any{"duration_ms": math.Inf(1)}, llm.Absent, 17},
		"longer than a day":      {map[string]any{"duration_ms": 86_400_001}, llm.Absent, 17},
		"a time of 0":            {map[string]any{"duration_ms": 0}, 1e-9, 17},
		"a word":                 {map[string]any{"duration_ms": "fast"}, llm.Absent, 17},
		"very long text":         {map[string]any{"duration_ms": strings.Repeat("9", 1<<20)}, llm.Absent, 17},
		"more tokens than there": {map[string]any{"input_tokens": int64(math.MaxInt64)}, 0.281, llm.Absent},
	} {
		t.Run(name, func(t *testing.T) {
			logs, all := records("com.anthropic.claude_code.events")
			claude(t, all, test.attributes)
			batch := readAll(logs)
			require.Len(t, batch.Requests, 1)
			q := &batch.Requests[0]
			assert.InDelta(t, test.duration, q.Number[fact.Duration], 1e-9)
			assert.Equal(t, test.input, q.Number[fact.InputTokens])
			assert.EqualValues(t, 20, q.Number[fact.OutputTokens])
			assert.Equal(t, llm.Success, q.Outcome)
		})
	}
}

func TestARecordWithoutATimeTakesTheOneAtWhichItWasObservedOrRead(t *testing.T) {
	read := func(time, observed pcommon.Timestamp) ptrace.Span {
		logs, all := records("com.anthropic.claude_code.events")
		record := claude(t, all, nil)
		record.SetTimestamp(time)
		record.SetObservedTimestamp(observed)
		events := logreader.New(emitter.All()).Read(logs, noon)
		return events.Traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	}
	assert.Equal(t, pcommon.Timestamp(1e18), read(1e18, 2e18).EndTimestamp())
	assert.Equal(t, pcommon.Timestamp(2e18), read(0, 2e18).EndTimestamp())
	assert.Equal(t, noon, read(0, 0).EndTimestamp())
	assert.Zero(t, read(1, 0).StartTimestamp(), "a duration before all times is none")
}

// Records that describe no request are counted by the reason, those of other programs not at all.
func TestRecordsAreSkippedByReason(t *testing.T) {
	for name, test := range map[string]struct {
		scope      string
		attributes map[string]any
		body       string
		want       logreader.Skip
	}{
		"another event":      {"com.anthropic.claude_code.events", map[string]any{"event.name": "user_prompt"}, "", logreader.SkipOtherEvent},
		"a frame":            {"codex_otel.log_only", map[string]any{"event.name": "codex.sse_event", "event.kind": "response.created"}, "", logreader.SkipOtherEvent},
		"a second of a kind": {"codex_otel.log_only", map[string]any{"event.name": "codex.sse_event", "event.kind": "response.completed", "duration_ms": "0"}, "", logreader.SkipNoTokens},
		"a beginning":        {"codex_otel.log_only", map[string]any{"event.name": "codex.api_request", "conversation.id": "c"}, "", logreader.SkipStart},
		"a repetition":       {"gemini-cli", map[string]any{"event.name": emitter.DetailsEvent, "gen_ai.usage.input_tokens": 1}, "", logreader.SkipRepeat},
		"no tokens":          {"any", map[string]any{"event.name": emitter.DetailsEvent}, "", logreader.SkipNoTokens},
		"a correction":       {"cursor.telemetry", map[string]any{"cursor.usage_event.id": "u"}, "api_correction_not_billed_errored", logreader.SkipCorrection},
		"not a name":         {"cursor.telemetry", nil, strings.Repeat("api_request", 1<<17), logreader.Skips},
		"another program":    {"shop", map[string]any{"event.name": "api_request"}, "", logreader.Skips},
		"no event":           {"shop", nil, "api_request", logreader.Skips},
	} {
		t.Run(name, func(t *testing.T) {
			logs, all := records(test.scope)
			record := all.AppendEmpty()
			require.NoError(t, record.Attributes().FromRaw(test.attributes))
			record.Body().SetStr(test.body)
			events := logreader.New(emitter.All()).Read(logs, noon)
			assert.Equal(t, ptrace.Traces{}, events.Traces)
			assert.Equal(t, 1, events.Records)
			var want [logreader.Skips]int
			if test.want < logreader.Skips {
				want[test.want] = 1
			}
			assert.Equal(t, want, events.Skipped)
		})
	}
}

// Neither scope nor resource may be there, if something on the way drops them.
func TestAnEventWithItsEmittersPrefixIsKnownByItsName(t *testing.T) {
	logs, all := records("")
	record := all.AppendEmpty()
	record.SetTimestamp(noon)
	require.NoError(t, record.Attributes().FromRaw(map[string]any{
		"event.name": "codex.sse_event", "event.kind": "response.completed", "input_token_count": "17", "output_token_count": "20",
	}))
	batch := readAll(logs)
	require.Len(t, batch.Requests, 1)
	assert.EqualValues(t, 17, batch.Requests[0].Number[fact.InputTokens])
	assert.Equal(t, "openai", batch.Requests[0].Provider)
}

// Ids are the same for a record that comes again, and others for any other record.
func TestIDsTellRecordsApart(t *testing.T) {
	logs, all := records("com.anthropic.claude_code.events")
	for i := range 100 {
		claude(t, all, map[string]any{"event.sequence": i})
	}
	reader := logreader.New(emitter.All())
	seen := map[pcommon.SpanID]int{}
	for range 2 {
		events := reader.Read(logs, noon)
		for _, span := range events.Traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
			assert.False(t, span.TraceID().IsEmpty())
			seen[span.SpanID()]++
		}
	}
	require.Len(t, seen, 100)
	for _, n := range seen {
		assert.Equal(t, 2, n)
	}
}

// What people wrote is on bodies and attributes. It must not be in what was read.
func TestNothingThatPeopleWroteIsRead(t *testing.T) {
	const marker = "MARKER-7f3a"
	for _, name := range []string{"claude-code", "codex"} {
		logs := loadLogs(t, name)
		for _, one := range logs {
			for _, resource := range one.ResourceLogs().All() {
				for _, scope := range resource.ScopeLogs().All() {
					for i, record := range scope.LogRecords().All() {
						record.Body().SetStr(marker + strconv.Itoa(i) + strings.Repeat("x", 100))
						for _, key := range []string{"prompt", "response", "arguments", "output", "tool_input", "tool_parameters", "gen_ai.input.messages"} {
							record.Attributes().PutStr(key, marker)
						}
					}
				}
			}
		}
		batch := readAll(logs...)
		require.NotEmpty(t, batch.Requests)
		for i := range batch.Requests {
			q := &batch.Requests[i]
			for f := fact.None + 1; f < fact.Facts; f++ {
				if text := q.Text(f); text != nil {
					assert.NotContains(t, *text, marker, "%s of a request of %s", f, name)
				}
			}
			assert.NotContains(t, strings.Join(batch.FinishReasons(q), " "), marker)
		}
		for _, run := range batch.NonRequests {
			assert.NotContains(t, run.Name+run.Provider+run.Operation, marker)
		}
	}
}
