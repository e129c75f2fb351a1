// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Emitters export in batches of their own; what a batch cannot show, the window of recent requests must.
func TestCapturedRequestsCountOnceInTheBatchesInWhichTheyCame(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		name := filepath.Base(file)
		if name == "stack-agents-openai.jsonl" {
			continue // Its clients' spans are beside the agents: only what is held together shows that.
		}
		t.Run(name, func(t *testing.T) {
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			batches := tracetest.Load(t, "captures/"+name)
			apart := countBatches(r, batches)
			together := countBatches(r, []ptrace.Traces{mergeAll(batches)})
			assert.Equal(t, together, apart)
		})
	}
}

// countBatches returns the number of counted requests of each trace.
func countBatches(r *spanreader.Reader, batches []ptrace.Traces) map[string]int {
	counted := map[string]int{}
	recent := settling.NewRecent(10_000, time.Hour)
	b := r.NewBatch()
	for _, traces := range batches {
		r.Read(traces, b)
		recent.Mark(&b.Batch, noon)
		for i := range b.Requests {
			if q := &b.Requests[i]; q.Duplicate == llm.Unique {
				counted[q.TraceID.String()]++
			}
		}
		b.Reset()
	}
	return counted
}

// The worst order of arrival: each span in a batch of its own, in the order in which they ended. An attempt that failed then
// counts as a request. So does the first span of a framework beside its client. So does a client whose span ended when the stream
// began.
func TestCapturedRequestsCountOnceEvenSpanBySpan(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		name := filepath.Base(file)
		if name == "stack-agents-openai.jsonl" {
			continue // Its clients' spans are beside the agents: only what is held together shows that.
		}
		t.Run(name, func(t *testing.T) {
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			batches := tracetest.Load(t, "captures/"+name)
			apart := countBatches(r, singleSpans(batches))
			together := countBatches(r, []ptrace.Traces{mergeAll(batches)})
			more := 0
			for id := range apart {
				more += apart[id] - together[id]
			}
			assert.LessOrEqual(t, more, 2)
		})
	}
}

// What a tool calls is no description of the call that ran the tool, whichever of their spans comes first.
func TestCallsBelowToolsCountInWhateverBatchTheyCome(t *testing.T) {
	for _, name := range []string{"google-adk-hand-over", "tools-below-calls", "vercel-ai-tools-below-calls"} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(tracetest.Root(), "testdata", "emitters", name, "spans.json"))
			require.NoError(t, err)
			traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(raw)
			require.NoError(t, err)
			r := spanreader.NewReader(spanreader.Options{MaxText: 256})
			together := countBatches(r, []ptrace.Traces{traces})
			singles := singleSpans([]ptrace.Traces{traces})
			assert.Equal(t, together, countBatches(r, singles))
			slices.Reverse(singles)
			assert.Equal(t, together, countBatches(r, singles))
		})
	}
}

// singleSpans returns each span by itself, those that ended first before the others.
func singleSpans(batches []ptrace.Traces) []ptrace.Traces {
	var singles []ptrace.Traces
	for _, traces := range batches {
		for _, resourceSpans := range traces.ResourceSpans().All() {
			for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
				for _, span := range scopeSpans.Spans().All() {
					one := ptrace.NewTraces()
					to := one.ResourceSpans().AppendEmpty()
					resourceSpans.Resource().CopyTo(to.Resource())
					scope := to.ScopeSpans().AppendEmpty()
					scopeSpans.Scope().CopyTo(scope.Scope())
					span.CopyTo(scope.Spans().AppendEmpty())
					singles = append(singles, one)
				}
			}
		}
	}
	ended := func(traces ptrace.Traces) pcommon.Timestamp {
		return traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).EndTimestamp()
	}
	slices.SortStableFunc(singles, func(a, b ptrace.Traces) int { return cmp.Compare(ended(a), ended(b)) })
	return singles
}

func TestTheOrderOfSpansInABatchDoesNotMatter(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "captures", "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		r := spanreader.NewReader(spanreader.Options{MaxText: 256})
		singles := singleSpans(tracetest.Load(t, "captures/"+filepath.Base(file)))
		read := func() map[string]llm.Request {
			b := r.NewBatch()
			again := make([]ptrace.Traces, len(singles))
			for i, one := range singles {
				again[i] = ptrace.NewTraces()
				one.CopyTo(again[i])
			}
			r.Read(mergeAll(again), b)
			counted := map[string]llm.Request{}
			for i := range b.Requests {
				if q := b.Requests[i]; q.Duplicate == llm.Unique {
					q.Resource = 0
					counted[q.SpanID.String()] = q
				}
			}
			return counted
		}
		forward := read()
		slices.Reverse(singles)
		backward := read()
		require.Len(t, backward, len(forward), file)
		for id, want := range forward {
			got, ok := backward[id]
			require.True(t, ok, "%s: %s", file, id)
			assert.Equal(t, want.Number[fact.OutputTokens], got.Number[fact.OutputTokens], "%s: %s", file, id)
			assert.Equal(t, want.Number[fact.Duration], got.Number[fact.Duration], "%s: %s", file, id)
			assert.Equal(t, want.Number[fact.TTFT], got.Number[fact.TTFT], "%s: %s", file, id)
			assert.Equal(t, want.Outcome, got.Outcome, "%s: %s", file, id)
		}
	}
}
