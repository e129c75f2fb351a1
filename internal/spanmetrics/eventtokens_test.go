// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Some instrumentations write tokens on the conventions' log event alone. It has the ids of its span, which counts.
func TestTokensOfALogEventAreThoseOfItsSpan(t *testing.T) {
	traces := tracetest.Make(tracetest.Shape{Spans: 1})
	span := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	traces.ResourceSpans().At(0).ScopeSpans().At(0).Scope().SetName("own")
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	traces.ResourceSpans().At(0).Resource().CopyTo(resource.Resource())
	record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetEventName("gen_ai.client.inference.operation.details")
	record.SetTimestamp(span.EndTimestamp())
	record.SetTraceID(span.TraceID())
	record.SetSpanID(span.SpanID())
	record.Attributes().PutStr("gen_ai.operation.name", "chat")
	for _, key := range []string{"gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"} {
		v, _ := span.Attributes().Get(key)
		v.CopyTo(record.Attributes().PutEmpty(key))
	}
	input, _ := span.Attributes().Get("gen_ai.usage.input_tokens")
	want := float64(input.Int())
	span.Attributes().Remove("gen_ai.usage.input_tokens")
	span.Attributes().Remove("gen_ai.usage.output_tokens")
	for _, order := range []string{"span, log", "log, span"} {
		options := rememberingOptions()
		options.Waiting = settling.Options{Wait: time.Minute, Unfinished: time.Minute, Requests: 1000, Bytes: 1 << 20, Spans: 1000, Group: 64}
		e := New(options, epoch)
		for _, signal := range strings.Split(order, ", ") {
			if signal == "span" {
				e.Commit(e.Read(traces), epoch)
			} else {
				e.Commit(e.ReadLogs(logs, epoch), epoch)
			}
		}
		e.SettleAll(epoch)
		got := sumsOf(t, e)
		assert.EqualValues(t, 1, got["llm.requests success"], order)
		assert.InDelta(t, want, got["llm.usage.input_tokens"], 0, order)
	}
}
