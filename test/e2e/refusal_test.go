// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
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

// A traces backend that is overloaded makes senders send their spans again. Requests must not be counted again with them,
// whenever the processor commits. That holds even where one of two pipelines had taken them.
func TestResentSpansCountOnce(t *testing.T) {
	t.Parallel()
	const senders, each = 4, 50
	for _, test := range []struct {
		name    string
		commit  string
		overlay string // on top of one_pipeline.yaml
		refuse  int    // each nth batch
	}{
		{"counted when accepted", "accepted", "", 2},
		{"counted when read", "always", "", 2},
		{"one of two pipelines refuses", "accepted", "one_receiver_twice.yaml", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			server, env := harness.Backend(t)
			server.AnswerSpans(backend.RefuseEvery(test.refuse))
			c := harness.Start(t, []string{env, "COMMIT=" + test.commit}, configs(test.overlay)...)
			to := make([]load.Sender, senders)
			for i := range to {
				to[i] = harness.GRPC(t, c.Address(collector.OTLPGRPC))
			}

			accepted, attempts, err := load.StartFleet(harness.Call(t), each, to...).Wait()
			require.NoError(t, err)
			c.MustStop()

			require.Equal(t, senders*each, accepted)
			require.GreaterOrEqual(t, attempts, 2*accepted, "attempts")
			assertCounted(t, tally.Of(server.Metrics()...), accepted)
		})
	}
}

// Spans that the backend refuses for good never come back: what they hold is counted all the same.
func TestSpansRefusedForGoodCount(t *testing.T) {
	const calls = 20
	server, env := harness.Backend(t)
	server.AnswerSpans(backend.Fail)
	c := harness.Start(t, []string{env}, configs("")...)
	sender, call := harness.GRPC(t, c.Address(collector.OTLPGRPC)), harness.Call(t)
	for range calls {
		for _, batch := range call.Fresh(time.Now()) {
			require.Error(t, sender.Send(context.Background(), batch))
		}
	}
	c.MustStop()

	assert.Empty(t, server.Spans())
	assertCounted(t, tally.Of(server.Metrics()...), calls)
}
