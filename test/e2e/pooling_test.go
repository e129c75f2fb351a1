// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/tally"
)

// With the gate for pooled memory the collector reuses the memory of spans once they have passed. Whoever keeps a part
// of them shows other requests' data then.
func TestMetricsKeepNothingOfSpansWhoseMemoryIsReused(t *testing.T) {
	const senders, each = 4, 100
	server, env := harness.Backend(t)
	c := harness.StartWith(t, []string{"--feature-gates=pdata.useProtoPooling"}, []string{env}, configs("")...)
	to := make([]load.Sender, senders)
	for i := range to {
		to[i] = harness.GRPC(t, c.Address(collector.OTLPGRPC))
	}
	accepted, _, err := load.StartFleet(harness.Call(t), each, to...).Wait()
	require.NoError(t, err)
	c.MustStop()

	require.Equal(t, senders*each, accepted)
	assertCounted(t, tally.Of(server.Metrics()...), accepted)
	for _, metrics := range server.Metrics() {
		for _, rm := range metrics.ResourceMetrics().All() {
			name, _ := rm.Resource().Attributes().Get("service.name")
			require.Equal(t, "emit-anthropic-sdk", name.AsString())
		}
	}
}
