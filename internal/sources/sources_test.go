// SPDX-License-Identifier: Apache-2.0

package sources_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/sources"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func at(seconds float64) pcommon.Timestamp {
	return pcommon.NewTimestampFromTime(noon.Add(time.Duration(seconds * float64(time.Second))))
}

// ended is a request whose record only shows its end.
func ended(trace byte, end float64) *llm.Request {
	return &llm.Request{Signal: llm.Logs, TraceID: pcommon.TraceID{trace}, Start: at(end), End: at(end), Number: llm.NoNumbers}
}

func TestARequestBeganAtTheLastStartBeforeItsEnd(t *testing.T) {
	m := sources.New(noon)
	for _, start := range []float64{3, 1, 9, 1} { // in any order, one twice
		m.Began(pcommon.TraceID{1}, at(start), noon)
	}
	for _, test := range []struct{ end, want float64 }{{4, 1}, {2, 1}, {20, 11}, {30, llm.Absent}} {
		q := ended(1, test.end)
		m.Begin(q, noon)
		assert.InDelta(t, test.want, q.Number[fact.Duration], 1e-9, "each start belongs to one request; that which ended at %v", test.end)
	}
	other := ended(2, 4)
	m.Begin(other, noon)
	assert.EqualValues(t, llm.Absent, other.Number[fact.Duration])
}

func TestTheTimeOfFailedAttemptsIsPartOfARequest(t *testing.T) {
	m := sources.New(noon)
	m.Began(pcommon.TraceID{1}, at(3), noon)
	q := ended(1, 4)
	q.Start = at(1) // when the first attempt began
	m.Begin(q, noon)
	assert.InDelta(t, 3, q.Number[fact.Duration], 1e-9)
	assert.InDelta(t, 2, q.RetryTime, 1e-9)
	assert.Equal(t, at(1), q.Start)
}

func TestASignalYieldsToTheOtherWhileThatComes(t *testing.T) {
	m := sources.New(noon)
	assert.False(t, m.Yields(7, llm.Logs, true))
	m.Saw(7, llm.Spans, noon)
	assert.True(t, m.Yields(7, llm.Logs, true))
	assert.False(t, m.Yields(7, llm.Logs, false), "both count")
	assert.False(t, m.Yields(7, llm.Spans, true), "its own")
	assert.False(t, m.Yields(8, llm.Logs, true), "another service")
	m.Saw(8, llm.Spans, noon.Add(90*time.Minute))
	assert.True(t, m.Yields(7, llm.Logs, true))
	m.Saw(8, llm.Spans, noon.Add(3*time.Hour))
	assert.False(t, m.Yields(7, llm.Logs, true), "forgotten")
}

// A million beginnings of one session, and as many sessions, take no more than a bounded memory.
func TestTheMemoryIsBounded(t *testing.T) {
	m := sources.New(noon)
	for i := range 1_000_000 {
		m.Began(pcommon.TraceID{1}, pcommon.Timestamp(1+i), noon)
		m.Saw(uint64(i), llm.Spans, noon)
	}
	q := &llm.Request{Signal: llm.Logs, TraceID: pcommon.TraceID{1}, Start: 1_000_000, End: 1_000_000, Number: llm.NoNumbers}
	m.Begin(q, noon)
	assert.EqualValues(t, 1_000_000, q.Start, "the last ones are kept")
	assert.False(t, m.Yields(1, llm.Logs, true), "the first ones are not")
	assert.True(t, m.Yields(999_999, llm.Logs, true))
}
