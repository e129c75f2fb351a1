// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"path/filepath"
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

// People reload and redeploy collectors at any time, and add up counters over restarts. No span that was accepted may be
// missing from the sum, and none may be in it twice.
func TestEverySpanCountsOnceAcrossReloadsAndRestarts(t *testing.T) {
	const (
		parallel  = 4 // senders
		underLoad = 200 * time.Millisecond
		latency   = 10 * time.Millisecond // of the backend, so that calls are under way when the collector ends
		leastLoad = 5                     // calls accepted for each reload or restart
	)
	for _, test := range []struct {
		name     string
		overlay  string // on top of one_pipeline.yaml
		ports    []collector.Port
		passes   int // how often the backend gets each span
		reloads  int
		restarts int
	}{
		{"one pipeline", "", []collector.Port{collector.OTLPGRPC}, 1, 12, 8},
		{"one receiver per pipeline", "two_receivers.yaml", []collector.Port{collector.OTLPGRPC, collector.OTLPHTTP}, 1, 3, 2},
		{"no processor", "connector_alone.yaml", []collector.Port{collector.OTLPGRPC}, 1, 3, 2},
		{"one receiver for two pipelines", "one_receiver_twice.yaml", []collector.Port{collector.OTLPGRPC}, 2, 3, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			server, env := harness.Backend(t)
			server.AnswerSpans(backend.AcceptAfter(latency))
			c := harness.Start(t, []string{env}, configs(test.overlay)...)
			var senders []load.Sender
			for i := range parallel {
				senders = append(senders, harness.GRPC(t, c.Address(test.ports[i%len(test.ports)])))
			}
			fleet := load.StartFleet(harness.Call(t), 1<<20, senders...)

			for range test.reloads {
				time.Sleep(underLoad)
				c.MustReload()
			}
			for range test.restarts {
				time.Sleep(underLoad)
				c.MustStop()
				c.StartAgain()
			}
			time.Sleep(underLoad)
			accepted, attempts, err := fleet.Stop()
			c.MustStop()

			require.NoError(t, err)
			t.Logf("%d calls accepted in %d attempts", accepted, attempts)
			require.Greater(t, accepted, leastLoad*(test.reloads+test.restarts), "calls accepted")
			assertCounted(t, tally.Of(server.Metrics()...), accepted)
			// A call is one span of the SDK below one of its user.
			spans := server.Spans()
			assert.Len(t, spans, 2*accepted, "spans at the backend")
			for id, passes := range spans {
				require.Equal(t, test.passes, passes, "span %v at the backend", id)
			}
		})
	}
}

// assertCounted requires that all metrics count n calls like harness.Call, over all start times.
func assertCounted(t *testing.T, metrics tally.Tally, n int) {
	t.Helper()
	assert.EqualValues(t, n, metrics.Value("llm.requests", nil), "llm.requests")
	assert.EqualValues(t, n, metrics.Value("gen_ai.client.operation.duration", nil), "durations")
	assert.EqualValues(t, n, metrics.Value("gen_ai.client.operation.time_to_first_chunk", nil), "first chunks")
	assert.EqualValues(t, 17*n, metrics.Value("llm.usage.input_tokens", nil), "input tokens")
	assert.EqualValues(t, 20*n, metrics.Value("llm.usage.output_tokens", nil), "output tokens")
}

// configs are one_pipeline.yaml and what is laid on top of it, if anything.
func configs(overlay string) []string {
	paths := []string{filepath.Join("testdata", "config", "one_pipeline.yaml")}
	if overlay != "" {
		paths = append(paths, filepath.Join("testdata", "config", overlay))
	}
	return paths
}
