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

// Engines run as several pods of one service and rarely set an instance id. Prometheus distinguishes series
// by their labels alone: with the default config each pod must keep its own.
func TestPodsOfOneServiceStayApart(t *testing.T) {
	t.Parallel()
	const perPod = 5
	exchanges, err := capture.LoadVLLM()
	require.NoError(t, err)
	c := harness.Start(t, nil, harness.DefaultConfig(t), "testdata/config/fast_flush.yaml")
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))

	pods := []string{"engine-0", "engine-1"}
	for range perPod {
		for _, pod := range pods {
			for _, batch := range exchanges[0].Fresh(time.Now()) {
				resource := batch.ResourceSpans().At(0).Resource().Attributes()
				resource.Clear()
				resource.PutStr("service.name", "engine")
				resource.PutStr("k8s.pod.name", pod)
				require.NoError(t, sender.Send(context.Background(), batch))
			}
		}
	}

	all := promtext.Labels{"service_name": "engine", "llm_layer": "server"}
	metrics := c.WaitForSum(collector.Prometheus, "llm_requests_total", all, float64(perPod*len(pods)))
	for _, pod := range pods {
		one := promtext.Labels{"service_name": "engine", "k8s_pod_name": pod}
		assert.EqualValues(t, perPod, metrics.Sum("llm_requests_total", one), "requests of %s", pod)
		assert.EqualValues(t, perPod, metrics.Histogram("gen_ai_server_request_duration_seconds", one).Count, "durations of %s", pod)
		assert.EqualValues(t, perPod, metrics.Histogram("gen_ai_server_time_to_first_token_seconds", one).Count, "first tokens of %s", pod)
	}
}
