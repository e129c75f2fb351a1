// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Every capture must be replayable, not only those that are read so far.
func TestEveryCaptureHasItsTruth(t *testing.T) {
	for _, emitter := range []string{
		"anthropic-sdk", "genkit-go", "langfuse-openai", "mastra", "openinference-anthropic", "openinference-openai",
		"openlit", "openllmetry-langchain", "openllmetry-openai", "otel-openai", "vercel-ai6", "vercel-ai7",
	} {
		t.Run(emitter, func(t *testing.T) {
			exchanges, truth, err := LoadEmitter(emitter)
			require.NoError(t, err)
			assert.Len(t, exchanges, len(truth.Cases))
			for _, c := range truth.Cases {
				assert.NotPanics(t, func() { truth.Exchange(exchanges, c.Name) })
			}
		})
	}
	_, err := LoadVLLM()
	assert.NoError(t, err)
}

// A copy must look like another call that took just as long. Nothing that a reader of spans may compare is the same, and nothing
// that it may measure differs.
func TestFreshCopiesShareNothingButTheirTiming(t *testing.T) {
	exchanges, truth, err := LoadEmitter("anthropic-sdk")
	require.NoError(t, err)
	captured := truth.Exchange(exchanges, "chat_stream")
	end := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

	first, second := only(t, captured.Fresh(end)), only(t, captured.Fresh(end))
	original := only(t, captured.Batches)
	assert.NotEqual(t, first.TraceID(), second.TraceID())
	assert.NotEqual(t, first.SpanID(), second.SpanID())
	assert.NotEqual(t, first.ParentSpanID(), second.ParentSpanID())
	assert.NotEqual(t, text(first, "gen_ai.response.id"), text(second, "gen_ai.response.id"))
	assert.Equal(t, length(original), length(first))
	assert.WithinDuration(t, end, first.EndTimestamp().AsTime(), 5*time.Millisecond)
	assert.Equal(t, "msg_4", text(original, "gen_ai.response.id"), "the capture is left as it is")
}

// Some emitters write points in time as text; these must move with the span.
func TestTimesInTextMoveAlong(t *testing.T) {
	exchanges, truth, err := LoadEmitter("langfuse-openai")
	require.NoError(t, err)
	captured := truth.Exchange(exchanges, "chat_stream")
	original := only(t, captured.Batches)
	fresh := only(t, captured.Fresh(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)))

	const key = "langfuse.observation.completion_start_time"
	assert.WithinDuration(t, original.StartTimestamp().AsTime().Add(80*time.Millisecond), at(t, text(original, key)), 20*time.Millisecond)
	assert.WithinDuration(t, fresh.StartTimestamp().AsTime().Add(80*time.Millisecond), at(t, text(fresh, key)), 20*time.Millisecond)
}

// only answers the one span that is not of the program around the call.
func only(t *testing.T, batches []ptrace.Traces) ptrace.Span {
	t.Helper()
	require.Len(t, batches, 1)
	for span := range Spans(batches[0]) {
		if span.Attributes().Len() > 1 {
			return span
		}
	}
	t.Fatal("no such span")
	return ptrace.Span{}
}

func text(span ptrace.Span, key string) string {
	value, _ := span.Attributes().Get(key)
	return value.Str()
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	value, err := time.Parse(`"`+time.RFC3339Nano+`"`, text)
	require.NoError(t, err)
	return value
}

func length(span ptrace.Span) time.Duration {
	return span.EndTimestamp().AsTime().Sub(span.StartTimestamp().AsTime())
}
