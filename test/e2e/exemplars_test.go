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

// Who sees a slow bucket wants a trace that is in it: the endpoint names traces that were sent.
func TestHistogramsNameTracesInOpenMetrics(t *testing.T) {
	t.Parallel()
	c := harness.Start(t, nil, harness.DefaultConfig(t), "testdata/config/fast_flush.yaml")
	sender, call := harness.GRPC(t, c.Address(collector.OTLPGRPC)), harness.Call(t)
	sent := map[string]string{} // trace by span
	var exemplars []promtext.Exemplar
	for deadline := time.Now().Add(harness.Patience); len(exemplars) == 0 && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, batch := range call.Fresh(time.Now()) {
			for span := range capture.Spans(batch) {
				sent[span.SpanID().String()] = span.TraceID().String()
			}
			require.NoError(t, sender.Send(context.Background(), batch))
		}
		var err error
		exemplars, err = promtext.GetExemplars(context.Background(), "http://"+c.Address(collector.Prometheus)+"/metrics")
		require.NoError(t, err)
	}

	metrics := map[string]bool{}
	for _, e := range exemplars {
		metrics[e.Metric] = true
		assert.NotEmpty(t, e.TraceID)
		assert.Equal(t, sent[e.SpanID], e.TraceID, "trace of span %s", e.SpanID)
	}
	for _, name := range []string{"gen_ai_client_operation_duration_seconds", "gen_ai_client_operation_time_to_first_chunk_seconds"} {
		assert.Contains(t, metrics, name, "histograms with exemplars")
	}
}
