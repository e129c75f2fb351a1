// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
)

const (
	// durationTolerance and firstTokenTolerance are what a client may measure beyond the server's own times.
	durationTolerance   = 0.030
	firstTokenTolerance = 0.020
)

// untold is what the spans of an emitter lack, or say wrongly, so that no reader can know it.
type untold struct {
	tokens     []string          // cases without token counts
	firstToken bool              // no time to first token on any span
	outcomes   map[string]string // outcomes that the spans show instead of the true ones
}

var untoldBy = map[string]untold{
	"vercel-ai7": {
		// Errors within a stream do not reach the user of the library.
		outcomes: map[string]string{"stream_error_event": "error"},
	},
	"anthropic-sdk": {},
	"openinference-openai": {
		tokens: []string{
			"chat_stream", "chat_stream_slow", "chat_stream_early_role", "tool_call_stream", "usage_details_stream",
			"parallel", "cancelled_stream", "embedding",
		},
		firstToken: true,
		// The instrumentation reads a copy of the stream to its end after the user has stopped reading.
		outcomes: map[string]string{"cancelled_stream": "success"},
	},
	"otel-openai": {firstToken: true},
}

// People trust the metrics as if they had measured the model server themselves. Each request counts once, with its outcome,
// tokens and times, whatever library wrote the spans and whichever way they came.
func TestMetricsTellWhatTheServerSaw(t *testing.T) {
	for _, way := range []struct {
		name string
		port collector.Port
		to   func(t testing.TB, endpoint string) load.Sender
	}{
		{"gRPC", collector.OTLPGRPC, harness.GRPC},
		{"HTTP", collector.OTLPHTTP, func(_ testing.TB, endpoint string) load.Sender { return load.HTTP(endpoint) }},
	} {
		t.Run(way.name, func(t *testing.T) {
			c := harness.Start(t, nil, harness.DefaultConfig(t), "testdata/config/fast_flush.yaml")
			all := send(t, c, way.to(t, c.Address(way.port)))
			for _, one := range all {
				t.Run(one.service, func(t *testing.T) { one.check(t) })
			}
		})
	}
}

// counted is one case and what the metrics say about it.
type counted struct {
	service string // emitter and case: each case is a service of its own, so that its metrics stay apart
	truth   capture.Case
	untold  untold
	metrics promtext.Metrics
}

// send sends every case of every emitter and reads the metrics.
func send(t *testing.T, c *harness.Collector, to load.Sender) []counted {
	t.Helper()
	var all []counted
	var requests int
	for _, emitter := range capture.Emitters {
		exchanges, truth, err := capture.LoadEmitter(emitter)
		require.NoError(t, err)
		for _, one := range truth.Cases {
			service := emitter + "/" + one.Name
			for _, batch := range truth.Exchange(exchanges, one.Name).Fresh(time.Now()) {
				for _, resource := range batch.ResourceSpans().All() {
					resource.Resource().Attributes().PutStr("service.name", service)
				}
				require.NoError(t, to.Send(context.Background(), batch))
			}
			requests += one.RequestSpans
			all = append(all, counted{service: service, truth: one, untold: untoldBy[emitter]})
		}
	}
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, float64(requests))
	for i := range all {
		all[i].metrics = metrics
	}
	return all
}

func (o counted) check(t *testing.T) {
	t.Helper()
	n := float64(o.truth.RequestSpans)
	if n == 0 {
		assert.Zero(t, o.sum("llm_requests_total", nil), "requests without a span")
		return
	}
	outcome := o.outcome()
	assert.Equal(t, n, o.sum("llm_requests_total", promtext.Labels{"llm_outcome": outcome}), "requests of outcome %s", outcome)
	assert.Equal(t, n, o.sum("llm_requests_total", nil), "requests of any outcome")

	duration := o.histogram("gen_ai_client_operation_duration_seconds", nil)
	assert.Equal(t, n, duration.Count, "durations")
	assert.InDelta(t, o.duration(), duration.Sum/n, durationTolerance, "mean duration")
	o.checkFirstToken(t, outcome)
	o.checkTokens(t)
}

func (o counted) checkFirstToken(t *testing.T, outcome string) {
	t.Helper()
	firstToken := o.histogram("gen_ai_client_operation_time_to_first_chunk_seconds", nil)
	truth := o.truth.Last().TTFTMs
	if o.untold.firstToken || truth == nil || outcome != "success" {
		assert.Zero(t, firstToken.Count, "times to first token that no span has")
		return
	}
	n := float64(o.truth.RequestSpans)
	assert.Equal(t, n, firstToken.Count, "times to first token")
	assert.InDelta(t, *truth/1000, firstToken.Sum/n, firstTokenTolerance, "mean time to first token")
}

func (o counted) checkTokens(t *testing.T) {
	t.Helper()
	last, n := o.truth.Last(), o.truth.RequestSpans
	input := last.InputTokens
	if last.Endpoint == "/v1/messages" {
		input += last.CachedInputTokens // counted apart there, but part of the total by convention
	}
	for _, kind := range []struct {
		name, counter string
		tokens        int
	}{
		{"input", "llm_usage_input_tokens_total", input},
		{"output", "llm_usage_output_tokens_total", last.OutputTokens},
	} {
		usage := o.histogram("gen_ai_client_token_usage", promtext.Labels{"gen_ai_token_type": kind.name})
		counted, want := o.sum(kind.counter, nil), float64(kind.tokens*n)
		assert.Equal(t, counted, usage.Sum, "%s tokens: counter and histogram", kind.name)
		switch {
		case slices.Contains(o.untold.tokens, o.truth.Name):
			assert.Zero(t, counted, "%s tokens that no span has", kind.name)
		case last.UsageSent:
			assert.Equal(t, want, counted, "%s tokens", kind.name)
		default:
			// The spans may hold what the stream had sent by then, but nothing else.
			assert.Contains(t, []float64{0, want}, counted, "%s tokens without usage", kind.name)
		}
	}
}

// outcome is what the metrics can say of how the call went.
func (o counted) outcome() string {
	outcome := "success"
	switch {
	case o.truth.Last().ClientCancelled:
		outcome = "cancelled"
	case o.truth.Client.Outcome == "error" || o.truth.Last().Status >= http.StatusBadRequest:
		outcome = "error"
	}
	return cmp.Or(o.untold.outcomes[o.truth.Name], outcome)
}

// duration is the mean of parallel requests, or what a call and its repetitions took together, in seconds.
func (o counted) duration() float64 {
	requests := o.truth.Requests
	if len(requests) == o.truth.RequestSpans {
		var sum float64
		for _, r := range requests {
			sum += r.TotalMs
		}
		return sum / float64(len(requests)) / 1000
	}
	first, last := requests[0], o.truth.Last()
	return (last.StartUnixMs + last.TotalMs - first.StartUnixMs) / 1000
}

func (o counted) sum(counter string, where promtext.Labels) float64 {
	return o.metrics.Sum(counter, o.where(where))
}

func (o counted) histogram(name string, where promtext.Labels) promtext.Histogram {
	return o.metrics.Histogram(name, o.where(where))
}

func (o counted) where(where promtext.Labels) promtext.Labels {
	all := promtext.Labels{"service_name": o.service}
	maps.Copy(all, where)
	return all
}
