// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// People note the end of a call as an event of its span, too.
func TestEventsSayHowACallEnded(t *testing.T) {
	for _, c := range []struct {
		event      string
		attributes map[string]string
		outcome    llm.Outcome
		errorType  string
	}{
		{event: "cancelled", outcome: llm.Cancelled, errorType: "cancelled"},
		{event: "gen_ai.cancelled", outcome: llm.Cancelled, errorType: "cancelled"},
		{event: "client_disconnected", outcome: llm.Cancelled, errorType: "cancelled"},
		{event: "stream.aborted", outcome: llm.Cancelled, errorType: "cancelled"},
		{event: "tool.cancelled", outcome: llm.Success},
		{event: "stream.closed", outcome: llm.Success},
		{event: "error", attributes: map[string]string{"error.type": "overloaded_error"}, outcome: llm.Error, errorType: "overloaded_error"},
		{event: "error", attributes: map[string]string{"exception.type": "ValueError", "exception.message": "x"}, outcome: llm.Error, errorType: "ValueError"},
		{event: "llm.error", attributes: map[string]string{"message": "429 slow down"}, outcome: llm.Error, errorType: "429"},
	} {
		traces := tracesOf(t, spanOf{scope: "any", id: 1, to: 100, attributes: chat("m")})
		event := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Events().AppendEmpty()
		event.SetName(c.event)
		for key, value := range c.attributes {
			event.Attributes().PutStr(key, value)
		}
		r := spanreader.NewReader(spanreader.Options{MaxText: 256})
		b := r.NewBatch()
		r.Read(traces, b)
		require.Len(t, b.Requests, 1)
		assert.Equal(t, c.outcome.String(), b.Requests[0].Outcome.String(), c.event)
		assert.Equal(t, c.errorType, b.Requests[0].ErrorType, c.event)
	}
}
