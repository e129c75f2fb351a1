// SPDX-License-Identifier: Apache-2.0

package logreader_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// truth is what the model server saw; see testdata/captures-logs/README.md.
type truth struct {
	Emitters map[string]struct{ Cases []truthCase }
}

type truthCase struct {
	Case     string
	Sessions []string
	Events   map[string]int
	Requests []truthRequest
}

type truthRequest struct {
	Call, Status              int
	Model, RequestID          string
	InputTokens, OutputTokens float64
	CachedInputTokens         float64
	CacheWriteTokens          *float64
	ReasoningTokens           float64
	UsageSent                 bool
	TTFTMs                    *float64
	TotalMs                   float64
	StartUnixMs               int64
}

func captures(t *testing.T, name string) string {
	t.Helper()
	return filepath.Join(tracetest.Root(), "testdata", "captures-logs", name)
}

func loadTruth(t *testing.T, of string) []truthCase {
	t.Helper()
	raw, err := os.ReadFile(captures(t, "expected.json"))
	require.NoError(t, err)
	var all truth
	require.NoError(t, json.Unmarshal(raw, &all))
	require.NotEmpty(t, all.Emitters[of].Cases)
	return all.Emitters[of].Cases
}

// loadLogs returns the export requests of a capture.
func loadLogs(t *testing.T, of string) (batches []plog.Logs) {
	t.Helper()
	file, err := os.Open(captures(t, of+".jsonl"))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(lines.Bytes())
		require.NoError(t, err)
		batches = append(batches, logs)
	}
	require.NoError(t, lines.Err())
	return batches
}

func readAll(batches ...plog.Logs) *spanreader.Batch {
	all := plog.NewLogs()
	for _, logs := range batches {
		for _, resource := range logs.ResourceLogs().All() {
			resource.CopyTo(all.ResourceLogs().AppendEmpty())
		}
	}
	reader := spanreader.NewReader(spanreader.Options{MaxText: 256, Runs: true, ResourceKeys: []string{"service.name"}})
	batch := reader.NewBatch()
	events := logreader.New(emitter.All()).Read(all, pcommon.NewTimestampFromTime(time.Unix(0, 0)))
	reader.ReadEvents(&events, batch)
	return batch
}

// Of a capture every request that its events show counts once, with what the server saw.
func TestLogEventsShowWhatTheServerSaw(t *testing.T) {
	for _, name := range []string{"claude-code", "claude-code-traced", "codex", "codex-traced"} {
		t.Run(name, func(t *testing.T) {
			bySession := map[string][]*llm.Request{}
			batch := readAll(loadLogs(t, name)...)
			for i := range batch.Requests {
				if q := &batch.Requests[i]; q.Duplicate == llm.Unique {
					bySession[q.Session] = append(bySession[q.Session], q)
				}
			}
			completed := 0
			for _, c := range loadTruth(t, name) {
				var requests []*llm.Request
				for _, session := range c.Sessions {
					requests = append(requests, bySession[session]...)
					delete(bySession, session)
				}
				completed += compare(t, &c, requests)
			}
			assert.Empty(t, bySession, "every request belongs to a case")
			assert.GreaterOrEqual(t, completed, 8)
		})
	}
}

// shown is the number of requests that completed, and whether failures show, by the events of a case.
func (c *truthCase) shown() (completed int, fails bool) {
	completed = c.Events["api_request+tokens"] + c.Events["codex.sse_event/response.completed+tokens"]
	for _, event := range []string{"api_error+error", "codex.api_request+error", "codex.sse_event/response.completed+error"} {
		fails = fails || c.Events[event] > 0
	}
	return completed, fails
}

func compare(t *testing.T, c *truthCase, requests []*llm.Request) (completed int) {
	t.Helper()
	var answered []truthRequest // those that decided a call
	for i := range c.Requests {
		if c.Requests[i].UsageSent {
			answered = append(answered, c.Requests[i])
		}
	}
	completed, fails := c.shown()
	require.Len(t, answered, completed, "%s: the events show every completed request", c.Case)
	var failed []*llm.Request
	at := 0
	for _, q := range requests {
		if q.Outcome != llm.Success {
			failed = append(failed, q)
			continue
		}
		require.Less(t, at, len(answered), "%s: a request is counted that the server did not complete", c.Case)
		want := answered[at]
		at++
		input := want.InputTokens
		if want.CacheWriteTokens != nil { // Anthropic counts without
			input += want.CachedInputTokens + *want.CacheWriteTokens
			assert.Equal(t, *want.CacheWriteTokens, q.Number[fact.CacheWriteTokens], c.Case)
			assert.Positive(t, q.Number[fact.Cost], c.Case)
			assert.Equal(t, "anthropic", q.Provider)
			assert.InDelta(t, want.TotalMs, q.Number[fact.Duration]*1e3, 600, c.Case)
		} else {
			assert.Equal(t, want.ReasoningTokens, q.Number[fact.ReasoningTokens], c.Case)
			assert.Equal(t, "openai", q.Provider)
		}
		assert.Equal(t, input, q.Number[fact.InputTokens], c.Case)
		assert.Equal(t, want.OutputTokens, q.Number[fact.OutputTokens], c.Case)
		assert.Equal(t, want.CachedInputTokens, q.Number[fact.CacheReadTokens], c.Case)
		assert.Equal(t, want.Model, q.RequestModel, c.Case)
		assert.Equal(t, "chat", q.Operation)
		if want.TTFTMs != nil {
			assert.InDelta(t, *want.TTFTMs, q.Number[fact.TTFT]*1e3, 20, c.Case)
			assert.Equal(t, llm.Streamed, q.Stream, c.Case)
		}
	}
	assert.Equal(t, len(answered), at, "%s: completed requests", c.Case)
	if fails {
		if assert.Len(t, failed, 1, "%s: a call that failed counts once, with all its attempts", c.Case) {
			assert.Equal(t, llm.Error, failed[0].Outcome, c.Case)
			status := c.Requests[len(c.Requests)-1].Status
			if status >= 400 {
				assert.Equal(t, strconv.Itoa(status), failed[0].ErrorType, c.Case)
			}
		}
	} else {
		assert.Empty(t, failed, c.Case)
	}
	return completed
}
