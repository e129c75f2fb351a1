// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryMeasurementRuns runs all of them with little effort: what they find says nothing, but senders' totals
// are checked.
func TestEveryMeasurementRuns(t *testing.T) {
	e := effort{
		rounds: 1, blockSpans: 4000, manySets: 2000, senders: 2, interval: 700 * time.Millisecond,
		binary: os.Getenv("OTELCOL_LLM_BINARY"),
	}
	r, err := measure(e, func(string) {})
	require.NoError(t, err)
	for _, target := range r.targets() {
		assert.NotZero(t, target.measured, target.what)
	}
	var out strings.Builder
	require.NoError(t, r.write(&out, e))
	assert.NotContains(t, out.String(), "NaN")
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
