// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// chat is a call with a prompt, as an instrumentation of the conventions writes it.
type chat struct {
	name          string
	lasts, first  time.Duration
	input, output int64
	failed        bool
	kept          bool
}

// The traces that alerts and exemplars lead to are kept, and nothing that people wrote is in them.
func TestTheTracesThatMatterAreKeptWithoutPrompts(t *testing.T) {
	t.Parallel()
	chats := []chat{
		{name: "quick", lasts: time.Second, first: 100 * time.Millisecond, input: 100, output: 10},
		{name: "quick again", lasts: 2 * time.Second, first: 300 * time.Millisecond, input: 1000, output: 100},
		{name: "failed", lasts: time.Second, failed: true, kept: true},
		{name: "slow", lasts: 40 * time.Second, first: time.Second, input: 100, output: 10, kept: true},
		{name: "late", lasts: 10 * time.Second, first: 8 * time.Second, input: 100, output: 10, kept: true},
		{name: "costly", lasts: 5 * time.Second, first: time.Second, input: 300_000, output: 100, kept: true},
	}
	example, err := repo.Path("examples", "tail-sampling", "config.yaml")
	require.NoError(t, err)
	store := filepath.Join(t.TempDir(), "traces.jsonl")
	c := harness.Start(t, []string{"OTELCOL_LLM_TRACE_WAIT=1s", "OTELCOL_LLM_SAMPLING_PERCENTAGE=0", "STORE=" + store},
		harness.DefaultConfig(t), example, "testdata/config/to_file.yaml")
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	for i := range chats {
		require.NoError(t, sender.Send(context.Background(), chats[i].span(byte(i+1))))
	}
	c.WaitForSum(collector.Prometheus, "llm_requests_total", promtext.Labels{"llm_layer": "client"}, float64(len(chats)))

	var want []string
	for _, one := range chats {
		if one.kept {
			want = append(want, one.name)
		}
	}
	assert.Eventually(t, func() bool { return strings.Count(stored(store), `"traceId"`) >= len(want) }, harness.Patience, 50*time.Millisecond)
	c.MustStop()
	text := stored(store)
	var kept []string
	for line := range strings.Lines(text) {
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(line))
		require.NoError(t, err)
		for _, resource := range traces.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				for _, span := range scope.Spans().All() {
					name, _ := span.Attributes().Get("app.case")
					kept = append(kept, name.Str())
					_, marked := span.Attributes().Get("llm.outcome")
					assert.True(t, marked, "outcome of %s", name.Str())
				}
			}
		}
	}
	assert.ElementsMatch(t, want, kept)
	for _, secret := range []string{"tell nobody", "jane@example.com", "sk-live0123456789abcdef"} {
		assert.NotContains(t, text, secret)
	}
	assert.Contains(t, text, "gen_ai.input.messages", "that there was a prompt may be seen")
	assert.Contains(t, text, "gpt-5", "what is no secret stays")
}

func (c chat) span(number byte) ptrace.Traces {
	batch := ptrace.NewTraces()
	resource := batch.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "app")
	span := resource.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	trace := pcommon.TraceID{number}
	binary.BigEndian.PutUint64(trace[8:], 0xfeed)
	span.SetTraceID(trace)
	span.SetSpanID(pcommon.SpanID{number})
	span.SetName("chat gpt-5")
	span.SetKind(ptrace.SpanKindClient)
	now := time.Now()
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-c.lasts)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
	attributes := span.Attributes()
	attributes.PutStr("app.case", c.name)
	attributes.PutStr("gen_ai.operation.name", "chat")
	attributes.PutStr("gen_ai.provider.name", "openai")
	attributes.PutStr("gen_ai.request.model", "gpt-5")
	attributes.PutStr("gen_ai.input.messages", `[{"role":"user","content":"tell nobody"}]`)
	attributes.PutStr("input.value", "tell nobody")
	attributes.PutStr("app.user", "Jane <jane@example.com>")
	attributes.PutStr("http.request.header.authorization", "sk-live0123456789abcdef")
	event := span.Events().AppendEmpty()
	event.SetName("gen_ai.content.prompt")
	event.SetTimestamp(span.StartTimestamp())
	event.Attributes().PutStr("gen_ai.prompt", "tell nobody")
	if c.failed {
		span.Status().SetCode(ptrace.StatusCodeError)
		return batch
	}
	attributes.PutBool("gen_ai.request.stream", true)
	attributes.PutDouble("gen_ai.response.time_to_first_chunk", c.first.Seconds())
	attributes.PutInt("gen_ai.usage.input_tokens", c.input)
	attributes.PutInt("gen_ai.usage.output_tokens", c.output)
	return batch
}

// stored is what the file holds so far.
func stored(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}
