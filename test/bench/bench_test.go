// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// TestEveryMeasurementRuns runs all of them with little effort. What they find means nothing, but each has its place on the page.
func TestEveryMeasurementRuns(t *testing.T) {
	e := effort{
		rounds: 1, blockSpans: 4000, wholeRounds: 1, wholeBlock: 2000, fullSets: 200, connections: []int{1, 2}, growing: []int{100, 200},
		interval: 700 * time.Millisecond, binary: os.Getenv("OTELCOL_LLM_BINARY"), picture: filepath.Join(t.TempDir(), "growth"),
	}
	page, err := os.ReadFile(filepath.Join(tracetest.Root(), "docs", "benchmarks.md"))
	require.NoError(t, err)
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			_, err := embed(string(page), p.name, "")
			require.NoError(t, err)
			if !p.possible(e) || p.name == instructionsPart {
				t.Skip("needs a collector, or runs this program by itself")
			}
			var out strings.Builder
			r, err := measureOne(e, p, "", &out)
			require.NoError(t, err)
			for _, target := range r.targets {
				assert.NotZero(t, target.measured, target.what)
			}
			assert.NotContains(t, out.String(), "NaN")
		})
	}
	assert.FileExists(t, e.picture+".svg")
}

func TestSeveralSendersAreCountedOnce(t *testing.T) {
	a, b := newOurs(fast, atOnce), newSpanMetrics(fast)
	defer a.stop()
	defer b.stop()
	require.NoError(t, countedOnce(a, "llm.requests", 4, 20_000))
	require.NoError(t, countedOnce(b, "traces.span.metrics.calls", 4, 20_000))
}

func TestTablesTakeTheirPlaceOnThePage(t *testing.T) {
	page := "text\n<!-- bench a -->\nold\n<!-- end -->\nmore\n<!-- bench b -->\nkept\n<!-- end -->\n"
	got, err := embed(page, "a", "new\n")
	require.NoError(t, err)
	assert.Equal(t, "text\n<!-- bench a -->\nnew\n<!-- end -->\nmore\n<!-- bench b -->\nkept\n<!-- end -->\n", got)
	_, err = embed(page, "c", "new\n")
	require.ErrorContains(t, err, `"c"`)
}

func TestRatiosAreTakenRoundByRound(t *testing.T) {
	r := rounds{}
	for _, noise := range []float64{1, 5, 2} {
		r.add("a", 30*noise)
		r.add("b", 10*noise)
	}
	assert.Equal(t, 60.0, r.cost("a"))
	assert.Equal(t, 3.0, r.ratio("a", "b"))
}

func TestARenewedBatchHasOtherIDsAndTheSameSpans(t *testing.T) {
	in := newInput(1000, false)
	traces := in.batches[0]
	before := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).TraceID()
	in.renew()
	after := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).TraceID()
	assert.NotEqual(t, before, after)
	b, err := encode(traces)
	require.NoError(t, err)
	assert.Len(t, b.ids, batchSpans)
}

func TestBothScansLookAtAllKeys(t *testing.T) {
	traces := newInput(10, false).batches[0]
	attributes := 0
	for _, rs := range traces.ResourceSpans().All() {
		for _, span := range rs.ScopeSpans().At(0).Spans().All() {
			attributes += span.Attributes().Len()
		}
	}
	before := scanned
	scanInlined(traces)
	assert.Greater(t, scanned-before, attributes, "lengths of all keys")
	before = scanned
	scanComparing(traces)
	assert.Equal(t, attributes-20, scanned-before, "all keys but the first span's are as expected")
}
