// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/backend"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
)

// Backend starts an OTLP server that takes everything at first. It answers it with the variable through which configs find it.
func Backend(t testing.TB) (server *backend.Server, env string) {
	t.Helper()
	server, err := backend.Start()
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	return server, "BACKEND=" + server.Endpoint()
}

// GRPC answers a sender to host:port.
func GRPC(t testing.TB, endpoint string) load.Sender {
	t.Helper()
	sender, err := load.GRPC(endpoint)
	require.NoError(t, err)
	t.Cleanup(func() { _ = sender.Close() })
	return sender
}

// Call is one successful streamed call: a single request of 17 input and 20 output tokens.
func Call(t testing.TB) capture.Exchange {
	t.Helper()
	exchanges, truth, err := capture.LoadEmitter("anthropic-sdk")
	require.NoError(t, err)
	return truth.Exchange(exchanges, "chat_stream")
}
