// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// The metrics are of all requests, whatever a sampler behind the processor keeps of them and whatever is deleted then.
// What was renamed in front is read as what had its name from the beginning.
func TestMetricsBeforeASamplerAreOfAllRequests(t *testing.T) {
	t.Parallel()
	const calls, failed = 40, 3
	server, env := harness.Backend(t)
	example, err := repo.Path("examples", "pipelines", "normalise_and_sample.yaml")
	require.NoError(t, err)
	c := harness.Start(t, []string{env, "OTELCOL_LLM_TRACE_WAIT=1s", "OTELCOL_LLM_SAMPLING_PERCENTAGE=0"},
		harness.DefaultConfig(t), example, "testdata/config/to_backend_behind.yaml")
	sender, call := harness.GRPC(t, c.Address(collector.OTLPGRPC)), harness.Call(t)
	for i := range calls {
		require.NoError(t, sender.Send(context.Background(), acmeCall(i, i < failed)))
		for _, batch := range call.Fresh(time.Now()) {
			require.NoError(t, sender.Send(context.Background(), batch))
		}
	}

	acme := promtext.Labels{"llm_layer": "client", "gen_ai_provider_name": "acme", "gen_ai_request_model": "acme-large"}
	known := promtext.Labels{"llm_layer": "client", "gen_ai_provider_name": "anthropic"}
	c.WaitForSum(collector.Prometheus, "llm_requests_total", acme, calls)
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", known, calls)
	assert.EqualValues(t, 100*calls, metrics.Sum("llm_usage_input_tokens_total", acme))
	assert.EqualValues(t, 10*calls, metrics.Sum("llm_usage_output_tokens_total", acme))
	assert.EqualValues(t, 20*calls, metrics.Sum("llm_usage_output_tokens_total", known))
	first := metrics.Histogram("gen_ai_client_operation_time_to_first_chunk_seconds", promtext.Labels{"gen_ai_provider_name": "acme"})
	assert.EqualValues(t, calls-failed, first.Count)
	assert.InDelta(t, 0.25*(calls-failed), first.Sum, 1e-6, "seconds, converted once")

	assert.Eventually(t, func() bool { return len(server.Spans()) >= failed }, harness.Patience, 50*time.Millisecond)
	c.MustStop()
	assert.Len(t, server.Spans(), failed, "traces of failed requests alone are kept")
}

// acmeCall is a streamed call as an instrumentation writes it that nobody knows.
func acmeCall(number int, failed bool) ptrace.Traces {
	batch := ptrace.NewTraces()
	resource := batch.ResourceSpans().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "acme-app")
	span := resource.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	var id pcommon.SpanID
	binary.BigEndian.PutUint64(id[:], uint64(number+1))
	span.SetSpanID(id)
	var trace pcommon.TraceID
	copy(trace[:], id[:])
	trace[15] = 0xac
	span.SetTraceID(trace)
	span.SetName("ask")
	span.SetKind(ptrace.SpanKindClient)
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Second)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	attributes := span.Attributes()
	attributes.PutStr("acme.model", "acme-large")
	attributes.PutInt("acme.tokens.prompt", 100)
	attributes.PutInt("acme.tokens.generated", 10)
	attributes.PutInt("acme.first_token_ms", 250)
	attributes.PutBool("gen_ai.request.stream", true)
	attributes.PutStr("gen_ai.input.messages", `[{"role":"user"}]`)
	if failed {
		span.Status().SetCode(ptrace.StatusCodeError)
	}
	return batch
}

// Whoever normalises keys in front of the processor gets the numbers of those who do not. It does not matter whether the old keys
// stay beside the new ones.
func TestSpansThatWereNormalisedInFrontCountTheSame(t *testing.T) {
	t.Parallel()
	exchanges, truth, err := capture.LoadEmitter("openinference-openai")
	require.NoError(t, err)
	counted := func(env []string, configs ...string) map[string]float64 {
		c := harness.Start(t, env, append([]string{harness.DefaultConfig(t)}, configs...)...)
		sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
		for i := range truth.Cases {
			if truth.Cases[i].RequestSpans == 0 {
				continue
			}
			for _, batch := range truth.Exchange(exchanges, truth.Cases[i].Name).Fresh(time.Now()) {
				require.NoError(t, sender.Send(context.Background(), batch))
			}
		}
		// When a call of another provider shows that came last, all others do.
		for _, batch := range harness.Call(t).Fresh(time.Now()) {
			require.NoError(t, sender.Send(context.Background(), batch))
		}
		client := promtext.Labels{"llm_layer": "client"}
		metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", promtext.Labels{"gen_ai_provider_name": "anthropic"}, 1)
		numbers := map[string]float64{
			"requests":     metrics.Sum("llm_requests_total", client),
			"input":        metrics.Sum("llm_usage_input_tokens_total", client),
			"output":       metrics.Sum("llm_usage_output_tokens_total", client),
			"cached":       metrics.Sum("llm_usage_cache_read_input_tokens_total", client),
			"durations":    metrics.Histogram("gen_ai_client_operation_duration_seconds", nil).Count,
			"seconds":      metrics.Histogram("gen_ai_client_operation_duration_seconds", nil).Sum,
			"first chunks": metrics.Histogram("gen_ai_client_operation_time_to_first_chunk_seconds", nil).Count,
		}
		for _, outcome := range []string{"success", "error", "cancelled"} {
			numbers[outcome] = metrics.Sum("llm_requests_total", promtext.Labels{"llm_layer": "client", "llm_outcome": outcome})
		}
		return numbers
	}

	plain := counted(nil, "testdata/config/fast_flush.yaml")
	require.Greater(t, plain["requests"], 10.)
	for name, dropped := range map[string]string{
		"old keys stay":        "^no such key",
		"old keys are deleted": "^(llm[.](model_name|system|token_count)|openinference)",
	} {
		t.Run(name, func(t *testing.T) {
			normalised := counted([]string{"OTELCOL_LLM_DROPPED=" + dropped}, "testdata/config/normalised.yaml")
			assert.InDeltaMapValues(t, plain, normalised, 1e-6)
		})
	}
}
