// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// logsOf returns logs of a service and scope, and their records.
func logsOf(service, scope string) (plog.Logs, plog.LogRecordSlice) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", service)
	scopeLogs := resource.ScopeLogs().AppendEmpty()
	scopeLogs.Scope().SetName(scope)
	return logs, scopeLogs.LogRecords()
}

// addEvent adds a record with the time at which it was observed.
func addEvent(t *testing.T, to plog.LogRecordSlice, observed int64, attributes map[string]any) plog.LogRecord {
	t.Helper()
	record := to.AppendEmpty()
	record.SetObservedTimestamp(pcommon.Timestamp(observed))
	require.NoError(t, record.Attributes().FromRaw(attributes))
	return record
}

const second = int64(1_000_000_000)

// A session that never ends sends more events than are held. All of them count, within bounded memory. SOAK makes it a million.
func TestABurstOfOneSessionCountsWhole(t *testing.T) {
	t.Parallel()
	requests := 20_000
	if os.Getenv("SOAK") != "" {
		requests = 500_000
	}
	const batch = 2_000
	c := harness.Start(t, nil, harness.DefaultConfig(t), fastFlush)
	sent := 0
	for sent < requests {
		logs, records := logsOf("codex_exec", "codex_otel.log_only")
		for range batch {
			at := 1_796_000_000*second + int64(sent)*second/100
			common := map[string]any{"conversation.id": "the-only-one", "model": "gpt-5-codex"}
			begin := map[string]any{"event.name": "codex.api_request", "duration_ms": "2", "http.response.status_code": 200}
			end := map[string]any{
				"event.name": "codex.sse_event", "event.kind": "response.completed", "input_token_count": "17", "output_token_count": "3",
			}
			for key, value := range common {
				begin[key], end[key] = value, value
			}
			addEvent(t, records, at, begin)
			addEvent(t, records, at+second/200, end)
			sent++
		}
		require.NoError(t, load.SendLogs(context.Background(), c.Address(collector.OTLPGRPC), logs))
	}
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", promtext.Labels{"llm_outcome": "success"}, float64(requests))
	assert.EqualValues(t, 17*requests, metrics.Sum("llm_usage_input_tokens_total", nil))
	own, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	memory := own.Sum("otelcol_process_memory_rss", nil)
	t.Logf("%d events of one session: %.0f MiB", 2*requests, memory/(1<<20))
	assert.Positive(t, memory)
	assert.Less(t, memory, float64(600<<20))
}

// What is odd about a record costs the record at most, and none of the others.
func TestOddRecordsCostNothingElse(t *testing.T) {
	t.Parallel()
	c := harness.Start(t, nil, harness.DefaultConfig(t), fastFlush)
	logs, records := logsOf("claude-code", "com.anthropic.claude_code.events")
	request := func(instead map[string]any) plog.LogRecord {
		attributes := map[string]any{
			"event.name": "api_request", "model": "claude-sonnet-4-5", "input_tokens": 10, "output_tokens": 1, "duration_ms": 100,
			"request_id": "req-" + strconv.Itoa(records.Len()),
		}
		for key, value := range instead {
			attributes[key] = value
		}
		return addEvent(t, records, 1_796_000_000*second, attributes)
	}
	long := strings.Repeat("long ", 1<<19)
	request(nil).Body().SetStr(long)
	deep := request(nil).Body().SetEmptyMap()
	for range 100 {
		deep = deep.PutEmptyMap("deeper")
	}
	request(map[string]any{"prompt": long, "error.message": nil})
	request(map[string]any{"input_tokens": `{"total": 10}`, "duration_ms": map[string]any{"ms": 1}})
	request(map[string]any{"input_tokens": "10", "output_tokens": []any{1}, "model": 7})
	request(map[string]any{"input_tokens": -10, "duration_ms": -1}).SetObservedTimestamp(0)
	request(map[string]any{"session.id": long, "user.email": []any{long}})
	addEvent(t, records, 0, map[string]any{"event.name": map[string]any{"a": "b"}})
	addEvent(t, records, 0, map[string]any{"event.name": long})
	records.AppendEmpty()
	require.NoError(t, load.SendLogs(context.Background(), c.Address(collector.OTLPGRPC), logs))
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 7)
	assert.EqualValues(t, 5*10, metrics.Sum("llm_usage_input_tokens_total", nil))
}

// words are attributes in which emitters put what people and models wrote.
var words = []string{
	"prompt", "response", "request_text", "response_text", "arguments", "output", "error", "error.message", "error_message", "function_args",
	"tool_input", "tool_parameters", "tool_result", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
	"gen_ai.tool.definitions", "gen_ai.prompt", "gen_ai.completion", "description", "title", "cwd", "file_path", "body",
}

// What people wrote is in the bodies and attributes of log events. None of it leaves through metrics, the collector's own log and
// metrics, or what the check prints.
func TestWhatPeopleWroteLeavesThroughNothing(t *testing.T) {
	t.Parallel()
	const marker = "MARKER-5f1c"
	root, err := repo.Path("testdata")
	require.NoError(t, err)
	var all []plog.Logs
	for _, pattern := range []string{"captures-logs/*.jsonl", "logevents/*/logs.json"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		for _, file := range files {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			lines := []string{string(raw)}
			if strings.HasSuffix(file, "l") {
				lines = strings.Split(strings.TrimSpace(string(raw)), "\n")
			}
			for _, line := range lines {
				if logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line)); err == nil && logs.LogRecordCount() > 0 {
					all = append(all, logs)
				}
			}
		}
	}
	require.Greater(t, len(all), 20)
	n := 0
	for _, logs := range all {
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					n++
					if _, named := record.Attributes().Get("event.name"); named || record.EventName() != "" {
						record.Body().SetStr(fmt.Sprintf("%s in body %d", marker, n))
					}
					for _, key := range words {
						record.Attributes().PutStr(key, fmt.Sprintf("%s 429 in %s", marker, key))
					}
				}
			}
		}
	}
	verbose := filepath.Join(t.TempDir(), "verbose.yaml")
	require.NoError(t, os.WriteFile(verbose, []byte("service: {telemetry: {logs: {level: debug}}}\n"), 0o600))
	c := harness.Start(t, nil, harness.DefaultConfig(t), codingAgents(t, "config.yaml"), fastFlush, verbose)
	require.NoError(t, load.SendLogs(context.Background(), c.Address(collector.OTLPGRPC), all...))
	require.Eventually(t, func() bool {
		metrics, err := c.Metrics(collector.Prometheus)
		return err == nil && metrics.Sum("llm_requests_total", nil) > 50 // attempts that failed wait for longer
	}, harness.Patience, harness.Patience/100)
	for name, port := range map[string]collector.Port{"metrics": collector.Prometheus, "own metrics": collector.Telemetry} {
		page, err := c.Metrics(port)
		require.NoError(t, err)
		for metric, points := range page {
			for _, point := range points {
				for label, value := range point.Labels {
					assert.NotContains(t, value, marker, "%s: %s %s", name, metric, label)
				}
			}
		}
	}
	c.MustStop()
	assert.NotContains(t, c.Log(), marker)
}
