// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/tally"
)

// The spans around a call come when it was counted long ago: first what lies between, then the framework's span. Or they come in
// the other order. None of them is a further request. What was counted without tokens gets those of the call.
func TestWhatComesLongAfterItsCallIsNoRequest(t *testing.T) {
	t.Parallel()
	const wait = 500 * time.Millisecond // decision_wait of short_wait.yaml
	wrapped, err := capture.Load("testdata/spans/wrapper.jsonl")
	require.NoError(t, err)
	for name, test := range map[string]struct {
		reverse       bool
		input, output int
	}{
		"from the inside":  {false, 17, 20},
		"from the outside": {true, 17, 20}, // The framework's span has none.
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, env := harness.Backend(t)
			c := harness.Start(t, []string{env}, configs("short_wait.yaml")...)
			to := harness.GRPC(t, c.Address(collector.OTLPGRPC))
			batches := capture.Apart(wrapped[1].Fresh(time.Now()))
			if test.reverse {
				slices.Reverse(batches)
			}
			for _, batch := range batches {
				require.NoError(t, to.Send(context.Background(), batch))
				time.Sleep(3 * wait)
				counted := tally.Of(server.Metrics()...).Value("llm.requests", nil)
				assert.EqualValues(t, 1, counted, "requests after each batch")
			}
			c.MustStop()

			all := tally.Of(server.Metrics()...)
			assert.EqualValues(t, 1, all.Value("llm.requests", nil), "requests")
			assert.EqualValues(t, test.input, all.Value("llm.usage.input_tokens", nil), "input tokens")
			assert.EqualValues(t, test.output, all.Value("llm.usage.output_tokens", nil), "output tokens")
		})
	}
}
