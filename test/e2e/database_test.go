// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
)

// pair is two collectors behind a load balancer that knows nothing of traces. Their metrics end in one database.
type pair struct {
	*harness.Database
	balancer load.Sender
}

// scraped is a pair whose metrics the database fetches.
func scraped(t *testing.T) pair {
	first, second := startGateway(t, 0, nil), startGateway(t, 1, nil)
	database := harness.StartDatabase(t, first.Address(collector.Prometheus), second.Address(collector.Prometheus))
	return pair{database, balance(t, first, second)}
}

// pushed is a pair that sends its metrics to the database.
func pushed(t *testing.T) pair {
	database := harness.StartDatabase(t)
	env := []string{"OTELCOL_LLM_REMOTE_WRITE=" + database.RemoteWrite()}
	first := startGateway(t, 0, env, "remote_write.yaml")
	second := startGateway(t, 1, env, "remote_write.yaml")
	return pair{database, balance(t, first, second)}
}

func startGateway(t *testing.T, number int, env []string, overlays ...string) *harness.Collector {
	t.Helper()
	configs := append(examples(t, "gateway.yaml", overlays...), "testdata/config/fast_flush.yaml")
	return harness.Start(t, append(env, fmt.Sprintf("OTELCOL_LLM_COLLECTOR_ID=collector-%d", number)), configs...)
}

func balance(t *testing.T, to ...*harness.Collector) load.Sender {
	t.Helper()
	senders := make([]load.Sender, len(to))
	for i, c := range to {
		senders[i] = harness.GRPC(t, c.Address(collector.OTLPGRPC))
	}
	return load.RoundRobin(senders...)
}

// Several collectors behind one load balancer each count a part of the requests. In the database the parts are different series,
// whichever way they came. Their sum is what was sent.
func TestCollectorsBehindALoadBalancerAddUp(t *testing.T) {
	t.Parallel()
	const calls = 51 // odd, so that the collectors count different numbers
	engine, err := capture.LoadVLLM()
	require.NoError(t, err)
	for _, way := range []struct {
		name  string
		start func(*testing.T) pair
	}{
		{"scraped", scraped},
		{"pushed by remote write", pushed},
	} {
		t.Run(way.name, func(t *testing.T) {
			p := way.start(t)
			client := harness.Call(t)
			for range calls {
				for _, exchange := range []capture.Exchange{client, engine[0], client} {
					for _, batch := range exchange.Fresh(time.Now()) {
						require.NoError(t, p.balancer.Send(context.Background(), batch))
					}
				}
			}

			p.WaitForValue(`sum(llm_requests_total)`, 3*calls)
			for _, one := range []struct {
				query string
				want  float64
			}{
				{`sum(llm_requests_total{llm_layer="client"})`, 2 * calls},
				{`sum(llm_requests_total{llm_layer="client", llm_outcome="success"})`, 2 * calls},
				{`sum(llm_requests_total{llm_layer="server"})`, calls},
				{`sum(llm_usage_input_tokens_total{llm_layer="client"})`, 2 * calls * 17},
				{`sum(llm_usage_output_tokens_total{llm_layer="client"})`, 2 * calls * 20},
				{`sum(llm_usage_input_tokens_total{llm_layer="server"})`, calls * 310},
				{`sum(llm_usage_output_tokens_total{llm_layer="server"})`, calls * 64},
				{`sum(gen_ai_client_operation_duration_seconds_count)`, 2 * calls},
				{`sum(gen_ai_client_operation_duration_seconds_bucket{le="+Inf"})`, 2 * calls},
				{`sum(gen_ai_client_operation_time_to_first_chunk_seconds_count)`, 2 * calls},
				{`sum(gen_ai_client_token_usage_sum{gen_ai_token_type="output"})`, 2 * calls * 20},
				{`sum(gen_ai_server_request_duration_seconds_count)`, calls},
				// Each collector has counted a part, and no series is there twice.
				{`count(count by (llm_collector_id) (llm_requests_total))`, 2},
				{`count(llm_requests_total{llm_layer="client"})`, 2},
				{`count(sum without (llm_collector_id, instance) (llm_requests_total{llm_layer="client"}))`, 1},
			} {
				p.WaitForValue(one.query, one.want)
			}
			for _, part := range p.Samples(`sum by (llm_collector_id) (llm_requests_total)`) {
				assert.Positive(t, part.Value, "requests of %s", part.Labels["llm_collector_id"])
				assert.Less(t, part.Value, 3.*calls, "requests of %s", part.Labels["llm_collector_id"])
			}
		})
	}
}

// No collector knows what another one has counted. A batch that a sender repeats to another one is in the sum twice. That is why
// docs/scaling.md has agents in front.
func TestWhatTwoCollectorsTakeCountsTwice(t *testing.T) {
	t.Parallel()
	p := pushed(t)
	for _, batch := range harness.Call(t).Fresh(time.Now()) {
		for range 2 {
			require.NoError(t, p.balancer.Send(context.Background(), batch))
		}
	}
	p.WaitForValue(`sum(llm_requests_total)`, 2)
}
