// SPDX-License-Identifier: Apache-2.0

package backend_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/backend"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
)

// The tests of the collector rest on this. The backend takes exactly what it answers to have taken, and a fleet brings each call
// through exactly once.
func TestBackendKeepsWhatItAccepts(t *testing.T) {
	server, _ := harness.Backend(t)
	sender, call := harness.GRPC(t, server.Endpoint()), harness.Call(t)

	server.AnswerSpans(backend.RefuseEvery(2))
	accepted, attempts, err := load.StartFleet(call, 20, sender, sender).Wait()
	require.NoError(t, err)
	assert.Equal(t, 40, accepted)
	assert.Equal(t, 80, attempts)
	assert.Len(t, server.Spans(), 2*accepted)

	server.AnswerSpans(backend.Fail)
	require.Error(t, sender.Send(context.Background(), call.Fresh(time.Now())[0]))

	server.AnswerSpans(backend.Block)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.Error(t, sender.Send(ctx, call.Fresh(time.Now())[0]))
	assert.Len(t, server.Spans(), 2*accepted)
}
