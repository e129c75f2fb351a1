// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/backend"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/tally"
)

// refusedPoints counts, in the collector's own telemetry, data points that the metrics pipelines did not take.
const refusedPoints = "otelcol_llm_span_metrics_refused_points"

var misbehaviours = map[string]backend.Answer{"fails": backend.Fail, "blocks": backend.Block}

// Trouble with metrics is no trouble with traces: they go on as fast as before. The collector reports what it could not
// deliver. What was counted meanwhile arrives once the backend takes metrics again.
func TestTracesFlowWhileTheMetricsBackend(t *testing.T) {
	t.Parallel()
	const senders, each = 2, 100
	for name, misbehaves := range misbehaviours {
		t.Run(name, func(t *testing.T) {
			server, env := harness.Backend(t)
			server.AnswerMetrics(misbehaves)
			c := harness.Start(t, []string{env}, configs("")...)
			sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))

			start := time.Now()
			accepted, attempts, err := load.StartFleet(harness.Call(t), each, sender, sender).Wait()
			require.NoError(t, err)
			assert.Less(t, time.Since(start), 5*time.Second, "a fleet of %d calls", senders*each)
			assert.Equal(t, senders*each, accepted)
			assert.Equal(t, accepted, attempts, "each call is accepted at once")
			assert.Len(t, server.Spans(), 2*accepted, "spans at the backend")
			assert.Empty(t, server.Metrics())
			assert.Eventually(t, func() bool {
				own, err := c.Metrics(collector.Telemetry)
				return err == nil && own.Sum(refusedPoints, nil) > 0
			}, harness.Patience, 100*time.Millisecond, "%s counts no refusal", refusedPoints)

			server.AnswerMetrics(backend.Accept)
			c.MustStop()
			assertCounted(t, tally.Of(server.Metrics()...), accepted)
		})
	}
}

// A metrics backend that hangs must not keep the collector from ending.
func TestCollectorStopsWhileTheMetricsBackend(t *testing.T) {
	for name, misbehaves := range misbehaviours {
		t.Run(name, func(t *testing.T) {
			server, env := harness.Backend(t)
			server.AnswerMetrics(misbehaves)
			c := harness.Start(t, []string{env}, configs("")...)
			sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
			_, _, err := load.StartFleet(harness.Call(t), 10, sender).Wait()
			require.NoError(t, err)

			start := time.Now()
			c.MustStop()
			assert.Less(t, time.Since(start), 10*time.Second)
		})
	}
}
