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

// A traces backend that is overloaded makes senders send their spans again. Requests must not be counted
// again with them, whenever the processor commits.
func TestResentSpansCountOnce(t *testing.T) {
	const senders, each = 4, 50
	for _, commit := range []string{"accepted", "always"} {
		t.Run("commit "+commit, func(t *testing.T) {
			server, env := harness.Backend(t)
			server.AnswerSpans(backend.RefuseHalf)
			c := harness.Start(t, []string{env, "COMMIT=" + commit}, configs("")...)
			to := make([]load.Sender, senders)
			for i := range to {
				to[i] = harness.GRPC(t, c.Address(collector.OTLPGRPC))
			}

			accepted, attempts, err := load.StartFleet(harness.Call(t), each, to...).Wait()
			require.NoError(t, err)
			c.MustStop()

			require.Equal(t, senders*each, accepted)
			require.Equal(t, 2*accepted, attempts, "the backend refuses every other attempt")
			assertCounted(t, tally.Of(server.Metrics()...), accepted)
		})
	}
}

// Spans that the backend refuses for good never come back: what they tell is counted all the same.
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
