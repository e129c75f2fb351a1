// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
)

// A bill is about requests, tokens and cost, at the prices of the tenant. What has no price is not in it.
func TestTenantsHaveTheirOwnCost(t *testing.T) {
	t.Parallel()
	c := harness.Start(t, nil, harness.DefaultConfig(t), "../../examples/tenants/config.yaml", "testdata/config/fast_flush.yaml")
	exchanges, err := capture.Load("testdata/spans/tenants.jsonl")
	require.NoError(t, err)
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	for _, exchange := range exchanges {
		for _, batch := range exchange.Fresh(time.Now()) {
			require.NoError(t, sender.Send(context.Background(), batch))
		}
	}
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 4)
	for tenant, want := range map[string]struct{ requests, tokens, cost float64 }{
		"team-research-1": {1, 1000, (1000*1.25 + 100*5) / 1e6},
		"team-shop":       {2, 2000, (600*2.5 + 400*1.25 + 100*10) / 1e6},
		"none":            {1, 1000, (1000*2.5 + 100*10) / 1e6},
	} {
		of := promtext.Labels{"llm_tenant": tenant, "llm_layer": "gateway"}
		assert.Equal(t, want.requests, metrics.Sum("llm_requests_total", of), tenant)
		assert.Equal(t, want.tokens, metrics.Sum("llm_usage_input_tokens_total", of), tenant)
		assert.InDelta(t, want.cost, metrics.Sum("llm_cost_total", of), 1e-9, tenant)
	}
	assert.Empty(t, metrics.Select("llm_gateway_request_duration_seconds", promtext.Labels{"llm_tenant": "team-shop"}), "histograms by tenant")
	c.WaitForSum(collector.Telemetry, "otelcol_llm_span_metrics_unpriced_requests", nil, 1)
}
