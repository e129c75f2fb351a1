// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/tally"
)

// Pipelines share spans. What one of them writes to a span, those behind it see and no other pipeline does.
func TestEnrichedSpansAreThoseOfTheirPipelineAlone(t *testing.T) {
	const senders, each = 2, 50
	enriched, env := harness.Backend(t)
	plain, plainEnv := harness.Backend(t)
	plainEnv = "PLAIN_" + plainEnv
	c := harness.Start(t, []string{env, plainEnv}, configs("enriched_beside_plain.yaml")...)
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	accepted, _, err := load.StartFleet(harness.Call(t), each, sender, sender).Wait()
	require.NoError(t, err)
	c.MustStop()

	// A call is one span of the SDK below one of its user, which is no request.
	assert.Equal(t, senders*each, accepted)
	assert.Len(t, enriched.Spans(), accepted, "spans with an outcome")
	assert.Len(t, plain.Spans(), 2*accepted, "spans as they were sent")
	assertCounted(t, tally.Of(enriched.Metrics()...), accepted)
}
