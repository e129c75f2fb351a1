// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Cases that were captured are read as the server saw them. What a case says that its spans lack must be lacking. An emitter that
// learns to write it is a reason to capture it anew.
func TestCapturedCasesAreReadAsTheServerSawThem(t *testing.T) {
	cases, err := corpus.Load(tracetest.Root())
	require.NoError(t, err)
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	captured := 0
	for i := range cases {
		truth, err := cases[i].Truth()
		require.NoError(t, err, cases[i].Name)
		if truth == nil {
			continue
		}
		captured++
		counted, _ := countedByTrace(r, mergeAll(cases[i].Batches))
		t.Run(cases[i].Name, func(t *testing.T) {
			for j := range truth.Calls {
				call := &truth.Calls[j]
				t.Run(call.Case, func(t *testing.T) {
					var requests []llm.Request
					for _, id := range call.Traces {
						requests = append(requests, counted[id]...)
					}
					if !call.Counts() {
						assert.Empty(t, requests, "the spans of the call are said to lack")
						return
					}
					if assert.Len(t, requests, 1, "the call counts once") {
						isAsSeen(t, call, &requests[0])
					}
				})
			}
		})
	}
	require.Positive(t, captured)
}

// firstTokenSlack is by how much the time after the first token may differ between server and client, in seconds. A wrong unit
// makes a far larger difference. What comes before is longer at the client by its own start.
const firstTokenSlack = 0.5

func isAsSeen(t *testing.T, call *corpus.Call, got *llm.Request) {
	t.Helper()
	seen := &call.Requests[len(call.Requests)-1]
	model := got.RequestModel + got.ResponseModel
	if call.Lack("model") {
		assert.Empty(t, model, "the model is said to lack")
	} else if !strings.Contains(seen.Model, got.RequestModel) || got.RequestModel == "" { // Some take region and version off.
		assert.Contains(t, model, seen.Model)
	}
	outcome := llm.Success
	switch {
	case seen.Cancelled:
		outcome = llm.Cancelled
	case seen.Dropped || seen.Status >= 400:
		outcome = llm.Error
	}
	if call.Lack("outcome") {
		assert.NotEqual(t, outcome, got.Outcome, "the outcome is said to lack")
	} else {
		assert.Equal(t, outcome.String(), got.Outcome.String(), "outcome, error type %q", got.ErrorType)
	}
	streamed := got.Stream == llm.Streamed
	if call.Lack("stream") {
		assert.NotEqual(t, seen.Stream, streamed, "that the response is streamed is said to lack")
	} else {
		assert.Equal(t, seen.Stream, streamed, "streamed")
	}
	if outcome != llm.Success {
		return
	}
	for _, count := range []struct {
		name string
		of   fact.Fact
		want int64
	}{
		{"input", fact.InputTokens, seen.Usage.Input},
		{"output", fact.OutputTokens, seen.Usage.Output},
		{"cache_read", fact.CacheReadTokens, seen.Usage.CacheRead},
		{"cache_write", fact.CacheWriteTokens, seen.Usage.CacheWrite},
		{"reasoning", fact.ReasoningTokens, seen.Usage.Reasoning},
	} {
		read := max(got.Number[count.of], 0)
		switch {
		case !call.Lack(count.name):
			assert.EqualValues(t, count.want, read, "%s tokens", count.name)
		case count.want > 0:
			assert.NotEqualValues(t, count.want, read, "%s tokens are said to lack", count.name)
		}
	}
	first := got.Number[fact.TTFT]
	switch {
	case !seen.Stream:
	case call.Lack("first_token"):
		assert.EqualValues(t, llm.Absent, first, "the first token is said to lack")
	case call.Lack("headers"):
		assert.NotEqualValues(t, llm.Absent, first, "time to the first token")
		assert.Less(t, first, seen.FirstToken, "the wait for the headers is said to lack")
	default:
		assert.GreaterOrEqual(t, first, seen.FirstToken-0.005, "time to the first token")
		assert.InDelta(t, seen.Duration-seen.FirstToken, got.Number[fact.Duration]-first, firstTokenSlack, "time after the first token")
	}
	if call.Lack("duration") {
		assert.Less(t, got.Number[fact.Duration], seen.Duration, "the duration is said to lack")
	} else {
		assert.GreaterOrEqual(t, got.Number[fact.Duration], seen.Duration-0.010, "duration")
	}
}
