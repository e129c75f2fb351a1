// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// captured reads each line of a capture of coding agents.
func captured(t *testing.T, name string, read func(line []byte)) {
	t.Helper()
	path, err := repo.Path("testdata", "captures-logs", name)
	require.NoError(t, err)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		read(lines.Bytes())
	}
	require.NoError(t, lines.Err())
}

func capturedLogs(t *testing.T, name string) (batches []plog.Logs) {
	captured(t, name+".jsonl", func(line []byte) {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
		require.NoError(t, err)
		batches = append(batches, logs)
	})
	return batches
}

func codingAgents(t *testing.T, name string) string {
	path, err := repo.Path("examples", "coding-agents", name)
	require.NoError(t, err)
	return path
}

// What an administrator of Claude Code points at the collector counts once, by team. Beside it is what only the agent's own
// metrics have.
func TestCodingAgentsCountByTeamAndOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := harness.Start(t, nil, harness.DefaultConfig(t), codingAgents(t, "config.yaml"), fastFlush)
	require.NoError(t, load.SendLogs(ctx, c.Address(collector.OTLPGRPC), capturedLogs(t, "claude-code-traced")...))
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	captured(t, "claude-code-traced.spans.jsonl", func(line []byte) {
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
		require.NoError(t, err)
		require.NoError(t, sender.Send(ctx, traces))
	})
	captured(t, "claude-code.metrics.jsonl", func(line []byte) {
		metrics, err := (&pmetric.JSONUnmarshaler{}).UnmarshalMetrics(line)
		require.NoError(t, err)
		require.NoError(t, load.SendMetrics(ctx, c.Address(collector.OTLPGRPC), metrics))
	})

	team := promtext.Labels{"llm_tenant": "platform", "service_name": "claude-code", "llm_layer": "client"}
	c.WaitForSum(collector.Prometheus, "claude_code_session_count_total", nil, 17) // one each
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", team, 20)
	failed := promtext.Labels{"llm_outcome": "error", "llm_tenant": "platform"}
	assert.EqualValues(t, 4, metrics.Sum("llm_requests_total", failed))
	assert.EqualValues(t, 16*17+12, metrics.Sum("llm_usage_input_tokens_total", team))
	assert.InDelta(t, 0.00513, metrics.Sum("llm_cost_total", team), 0.0001)
	for _, copied := range []string{"claude_code_token_usage_tokens_total", "claude_code_cost_usage_USD_total"} {
		assert.Empty(t, metrics.Select(copied, nil), "what the events say is there once")
	}
	for _, p := range metrics.Select("claude_code_session_count_total", nil) {
		assert.NotContains(t, p.Labels, "session_id")
		assert.NotContains(t, p.Labels, "user_id")
	}
}

// Who asks for people gets pseudonyms. Nobody's address is in the metrics.
func TestPeopleAreUnderPseudonyms(t *testing.T) {
	t.Parallel()
	const address = "ada@example.com"
	logs := capturedLogs(t, "claude-code")
	for _, batch := range logs {
		for _, resource := range batch.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					record.Attributes().PutStr("user.email", address)
				}
			}
		}
	}
	c := harness.Start(t, nil, harness.DefaultConfig(t), codingAgents(t, "config.yaml"), codingAgents(t, "by_user.yaml"), fastFlush)
	require.NoError(t, load.SendLogs(context.Background(), c.Address(collector.OTLPGRPC), logs...))
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 20)
	assert.EqualValues(t, 2, metrics.Histogram("gen_ai_execute_tool_duration_seconds", promtext.Labels{"llm_tenant": "platform"}).Count)
	assert.EqualValues(t, 1, metrics.Histogram("gen_ai_invoke_agent_duration_seconds", nil).Count)
	people := map[string]bool{}
	for _, p := range metrics.Select("llm_requests_total", nil) {
		people[p.Labels["llm_user"]] = true
	}
	require.Len(t, people, 1, "one person")
	for pseudonym := range people {
		assert.Regexp(t, "^[0-9a-f]{64}$", pseudonym)
	}
}

// What belongs to one session meets on one gateway, so that it counts once. The sessions of a service are spread.
func TestSessionsOfCodingAgentsMeetOnOneGateway(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		capture string
		spans   bool
		outcome string
		want    float64
		// many is set where the sessions are so many that they hardly ever all go to one gateway.
		many bool
	}{
		{"claude-code", false, "success", 16, true},
		{"claude-code-traced", true, "success", 16, true},
		{"claude-code-traced", true, "error", 4, true},
		{"codex", false, "success", 8, false},
		{"codex-traced", true, "success", 8, false},
	} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			var gateways []*harness.Collector
			list, soon := t.TempDir()+"/gateways.yaml", t.TempDir()+"/soon.yaml"
			require.NoError(t, os.WriteFile(soon, []byte("processors: {llm_span_metrics: {decision_wait: 3s}}\n"), 0o600))
			addresses := ""
			for range 2 {
				g := harness.Start(t, nil, harness.DefaultConfig(t), codingAgents(t, "config.yaml"), codingAgents(t, "gateway.yaml"), fastFlush, soon)
				gateways = append(gateways, g)
				addresses += g.Address(collector.OTLPGRPC) + ", "
			}
			require.NoError(t, os.WriteFile(list, []byte("["+addresses+"]"), 0o600))
			base, err := repo.Path("examples", "scaling", "agent.yaml")
			require.NoError(t, err)
			agent := harness.Start(t, []string{"OTELCOL_LLM_GATEWAYS=${file:" + list + "}"}, base, codingAgents(t, "agent.yaml"))
			require.NoError(t, load.SendLogs(context.Background(), agent.Address(collector.OTLPGRPC), capturedLogs(t, test.capture)...))
			if test.spans {
				sender := harness.GRPC(t, agent.Address(collector.OTLPGRPC))
				captured(t, test.capture+".spans.jsonl", func(line []byte) {
					traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
					require.NoError(t, err)
					require.NoError(t, sender.Send(context.Background(), traces))
				})
			}
			of := promtext.Labels{"llm_layer": "client", "llm_outcome": test.outcome}
			counts := func(of promtext.Labels) (each []float64) {
				for _, g := range gateways {
					metrics, err := g.Metrics(collector.Prometheus)
					require.NoError(t, err)
					each = append(each, metrics.Sum("llm_requests_total", of))
				}
				return each
			}
			require.Eventually(t, func() bool {
				each := counts(of)
				return each[0]+each[1] >= test.want
			}, harness.Patience, 100*time.Millisecond, "%v requests, now %v", test.want, counts(of))
			time.Sleep(4 * time.Second) // longer than decision_wait: nothing more counts
			each := counts(of)
			assert.Equal(t, test.want, each[0]+each[1])
			if test.many {
				for i, n := range counts(nil) {
					assert.Positive(t, n, "requests at gateway %d", i)
				}
			}
		})
	}
}
