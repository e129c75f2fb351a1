// SPDX-License-Identifier: Apache-2.0

package enrichment_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/enrichment"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// emitted returns what emitters sent, by the name of the file.
func emitted(t *testing.T) map[string][]ptrace.Traces {
	t.Helper()
	all := map[string][]ptrace.Traces{}
	data := filepath.Join(tracetest.Root(), "testdata")
	captures, err := filepath.Glob(filepath.Join(data, "captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range captures {
		all[filepath.Base(file)] = tracetest.Load(t, filepath.Join("captures", filepath.Base(file)))
	}
	cases, err := filepath.Glob(filepath.Join(data, "emitters", "*", "spans.json"))
	require.NoError(t, err)
	for _, file := range cases {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(text)
		require.NoError(t, err)
		all[filepath.Base(filepath.Dir(file))] = []ptrace.Traces{traces}
	}
	require.NotEmpty(t, captures)
	require.NotEmpty(t, cases)
	return all
}

// derived is what a request says that is written to its span.
type derived struct {
	Layer                     llm.Layer
	Outcome                   llm.Outcome
	Duplicate                 llm.Rule
	Provider                  string
	RequestModel              string
	ResponseModel             string
	Input, Output             float64
	Duration, TTFT, Cost      float64
	ErrorType, FinishReason   string
	CacheRead, Write, Thought float64
}

func read(traces ptrace.Traces) (all []derived) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	b := r.NewBatch()
	r.Read(traces, b)
	for i := range b.Requests {
		q := &b.Requests[i]
		all = append(all, derived{
			q.Layer, q.Outcome, q.Duplicate, q.Provider, q.RequestModel, q.ResponseModel, q.Number[fact.InputTokens], q.Number[fact.OutputTokens],
			q.Number[fact.Duration], q.Number[fact.TTFT], q.Number[fact.Cost], q.ErrorType, q.FinishReason, q.Number[fact.CacheReadTokens], q.Number[fact.CacheWriteTokens], q.Number[fact.ReasoningTokens],
		})
	}
	return all
}

func enrich(traces ptrace.Traces, overwrite bool) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	b := r.NewBatch()
	r.Read(traces, b)
	enrichment.New(enrichment.Names(), overwrite).Enrich(traces, b)
}

// Another collector behind this one must see the same requests.
func TestEnrichedSpansAreReadAsBefore(t *testing.T) {
	for name, batches := range emitted(t) {
		for i, traces := range batches {
			before := read(traces)
			for _, overwrite := range []bool{false, true} {
				enrich(traces, overwrite)
				assert.Equal(t, before, read(traces), "%s, batch %d", name, i)
			}
		}
	}
}

// What an emitter wrote is the emitter's, and spans that are no requests are nobody's business.
func TestEnrichmentOnlyAdds(t *testing.T) {
	added := 0
	for name, batches := range emitted(t) {
		for i, traces := range batches {
			before := ptrace.NewTraces()
			traces.CopyTo(before)
			enrich(traces, false)
			added += removeAdded(traces, before)
			// In writing, because spans that had no attributes now have an empty list of them.
			assert.Equal(t, written(t, before), written(t, traces), "%s, batch %d", name, i)
		}
	}
	assert.Positive(t, added)
}

// written returns traces as JSON.
func written(t *testing.T, traces ptrace.Traces) string {
	t.Helper()
	text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
	require.NoError(t, err)
	return string(text)
}

// removeAdded removes the attributes that spans have not had before, and returns their number.
func removeAdded(traces, before ptrace.Traces) (added int) {
	for i, rs := range traces.ResourceSpans().All() {
		for j, ss := range rs.ScopeSpans().All() {
			for k, span := range ss.Spans().All() {
				had := before.ResourceSpans().At(i).ScopeSpans().At(j).Spans().At(k).Attributes()
				for key := range span.Attributes().AsRaw() {
					if _, ok := had.Get(key); !ok {
						span.Attributes().Remove(key)
						added++
					}
				}
			}
		}
	}
	return added
}
