// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// An SDK sends up to 512 spans at once, each with its prompt: the shipped configurations take them whole.
func TestLargeBatchesCount(t *testing.T) {
	t.Parallel()
	const spans, prompt = 512, 120_000
	gateway, err := repo.Path("examples", "scaling", "gateway.yaml")
	require.NoError(t, err)
	for name, config := range map[string]string{"config.yaml": harness.DefaultConfig(t), "gateway.yaml": gateway} {
		t.Run(name, func(t *testing.T) {
			c := harness.Start(t, nil, config, "testdata/config/fast_flush.yaml")
			for i, sender := range []load.Sender{harness.GRPC(t, c.Address(collector.OTLPGRPC)), load.HTTP(c.Address(collector.OTLPHTTP))} {
				require.NoError(t, sender.Send(context.Background(), prompts(i*spans, spans, prompt)))
			}
			c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 2*spans)
			metrics, err := c.Metrics(collector.Telemetry)
			require.NoError(t, err)
			assert.Zero(t, refusals(metrics), "calls that were refused")
		})
	}
}

// An agent hands on what it takes, whatever its size.
func TestLargeBatchesPassAnAgent(t *testing.T) {
	t.Parallel()
	const spans, prompt = 700, 120_000 // more than 64 MiB, of one trace
	agent, err := repo.Path("examples", "scaling", "agent.yaml")
	require.NoError(t, err)
	gateway, err := repo.Path("examples", "scaling", "gateway.yaml")
	require.NoError(t, err)
	g := harness.Start(t, nil, gateway, "testdata/config/fast_flush.yaml")
	a := harness.Start(t, []string{"OTELCOL_LLM_GATEWAYS=[" + g.Address(collector.OTLPGRPC) + "]"}, agent)
	batch := prompts(0, spans, prompt)
	for _, span := range batch.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		span.SetTraceID(pcommon.TraceID{1}) // of one trace, so that the agent does not cut it
	}
	require.NoError(t, harness.GRPC(t, a.Address(collector.OTLPGRPC)).Send(context.Background(), batch))
	g.WaitForSum(collector.Prometheus, "llm_requests_total", nil, spans)
}

// What is refused before it is decoded is in no counter of the receiver: the calls by status show it.
func TestRefusedCallsAreVisible(t *testing.T) {
	c := harness.Start(t, nil, harness.DefaultConfig(t))
	tooLarge := prompts(0, 2, 70_000_000)
	require.Error(t, harness.GRPC(t, c.Address(collector.OTLPGRPC)).Send(context.Background(), tooLarge))
	require.Error(t, load.HTTP(c.Address(collector.OTLPHTTP)).Send(context.Background(), tooLarge))
	metrics, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	grpc := metrics.Histogram("rpc_server_call_duration", promtext.Labels{"rpc_response_status_code": "RESOURCE_EXHAUSTED"})
	assert.EqualValues(t, 1, grpc.Count, "refused over gRPC")
	http := metrics.Histogram("http_server_request_duration", promtext.Labels{"http_response_status_code": "400"})
	assert.EqualValues(t, 1, http.Count, "refused over HTTP")
	for name := range metrics {
		for _, left := range []string{"rpc_client", "http_client", "body_size", "internal_duration", "send_size", "enqueue_size"} {
			assert.NotContains(t, name, left, "the views keep the two durations alone of the detailed level")
		}
	}
}

// refusals is the number of calls that ended with an error.
func refusals(metrics promtext.Metrics) float64 {
	all := metrics.Histogram("rpc_server_call_duration", nil).Count + metrics.Histogram("http_server_request_duration", nil).Count
	return all - metrics.Histogram("rpc_server_call_duration", promtext.Labels{"rpc_response_status_code": "OK"}).Count -
		metrics.Histogram("http_server_request_duration", promtext.Labels{"http_response_status_code": "200"}).Count
}

// Each shipped configuration that opens an OTLP receiver raises both of its limits. It bounds the memory that this may take.
func TestEveryReceiverTakesLargeBatches(t *testing.T) {
	root, err := repo.Path()
	require.NoError(t, err)
	receiver := regexp.MustCompile(`(?m)^ +protocols:`)
	// Laptops and other teams send for themselves; a smaller bound keeps one of them from taking the memory of all.
	smaller := filepath.Join(root, "examples", "edge", "config.yaml")
	found := 0
	check := func(path string) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, part := range configurations(path, string(text)) {
			if !receiver.MatchString(part) {
				continue
			}
			found++
			if path == smaller {
				assert.Contains(t, part, "max_recv_msg_size_mib: 16", path)
				assert.Contains(t, part, "max_request_body_size: 16777216", path)
				assert.Contains(t, part, "memory_limiter", path)
				continue
			}
			if strings.Contains(part, "grpc:") {
				assert.Contains(t, part, "max_recv_msg_size_mib: 128", path)
			}
			if strings.Contains(part, "http:") {
				assert.Contains(t, part, "max_request_body_size: 134217728", path)
			}
			// What is laid on top of another configuration has its pipelines' processors.
			if !below.MatchString(part) {
				assert.Contains(t, part, "memory_limiter", path)
			}
		}
	}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != root || entry.Name() == "testdata" || entry.Name() == "_build" || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case filepath.Ext(path) == ".yaml" || filepath.Ext(path) == ".md":
			check(path)
		}
		return nil
	}))
	assert.GreaterOrEqual(t, found, 4, "configurations with an OTLP receiver")
}

// configurations are the YAML of a file: all of it, or the blocks of a page.
func configurations(path, text string) (parts []string) {
	if filepath.Ext(path) != ".md" {
		return []string{text}
	}
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		parts = append(parts, block[1])
	}
	return parts
}

// prompts are that many requests, numbered from first, with prompts of that many bytes.
func prompts(first, spans, bytes int) ptrace.Traces {
	traces := ptrace.NewTraces()
	scope := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	scope.Scope().SetName("opentelemetry.instrumentation.openai_v2")
	end := time.Now()
	text := strings.Repeat("x", bytes)
	for i := range spans {
		span := scope.Spans().AppendEmpty()
		var trace pcommon.TraceID
		var id pcommon.SpanID
		binary.BigEndian.PutUint64(trace[:], uint64(first+i+1))
		binary.BigEndian.PutUint64(id[:], uint64(first+i+1))
		span.SetTraceID(trace)
		span.SetSpanID(id)
		span.SetName("chat gpt-4o")
		span.SetKind(ptrace.SpanKindClient)
		// One after the other, so that those of one trace are different calls.
		start := end.Add(time.Duration(i-spans) * time.Second)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(start))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(500 * time.Millisecond)))
		span.Attributes().PutStr("gen_ai.operation.name", "chat")
		span.Attributes().PutStr("gen_ai.provider.name", "openai")
		span.Attributes().PutStr("gen_ai.request.model", "gpt-4o")
		span.Attributes().PutStr("gen_ai.input.messages", text)
	}
	return traces
}

// A backend with the usual limit of 4 MiB gets large batches in parts, as the comment in config.yaml says.
func TestLargeBatchesReachABackendInParts(t *testing.T) {
	const spans, prompt = 100, 120_000
	server, env := harness.Backend(t)
	text, err := os.ReadFile(harness.DefaultConfig(t))
	require.NoError(t, err)
	_, commented, found := strings.Cut(string(text), "\n  # otlp_grpc:\n")
	require.True(t, found)
	var exporter strings.Builder
	for line := range strings.Lines(commented) {
		setting, isComment := strings.CutPrefix(line, "  # ")
		if !isComment {
			break
		}
		exporter.WriteString("  " + setting)
	}
	written := strings.Replace(exporter.String(), "tempo.example.com:4317", "${env:BACKEND}", 1)
	c := harness.Start(t, []string{env}, harness.DefaultConfig(t), overlay(t, "exporters:\n  otlp_grpc:\n    tls: {insecure: true}\n"+written+
		"service: {pipelines: {traces: {exporters: [llm_span_metrics, otlp_grpc]}}}\n"))
	require.NoError(t, harness.GRPC(t, c.Address(collector.OTLPGRPC)).Send(context.Background(), prompts(0, spans, prompt)))
	assert.Eventually(t, func() bool { return len(server.Spans()) == spans }, harness.Patience, 50*time.Millisecond)
}
