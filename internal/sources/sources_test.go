// SPDX-License-Identifier: Apache-2.0

package sources_test

import (
	"slices"
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
	m := sources.New(noon, 0, nil)
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
	m := sources.New(noon, 0, nil)
	m.Began(pcommon.TraceID{1}, at(3), noon)
	q := ended(1, 4)
	q.Start = at(1) // when the first attempt began
	m.Begin(q, noon)
	assert.InDelta(t, 3, q.Number[fact.Duration], 1e-9)
	assert.InDelta(t, 2, q.RetryTime, 1e-9)
	assert.Equal(t, at(1), q.Start)
}

// from is a sender of service 7 with a trace and a session, 0 for none.
func from(trace, session byte) llm.Sender {
	s := llm.Sender{Service: 7, ShowsTrace: trace != 0}
	if trace != 0 {
		s.Trace = pcommon.TraceID{trace}
	}
	if session != 0 {
		s.Session = string(rune('a' + session))
	}
	return s
}

// sees has a memory see senders.
func sees(m *sources.Memory, by llm.Signal, now time.Time, senders ...llm.Sender) {
	m.Saw(sources.Requests, by, slices.Values(senders), now)
}

func TestASignalYieldsToTheOtherOfItsSender(t *testing.T) {
	traced := func(s llm.Sender) llm.Sender {
		s.ShowsTrace = true
		return s
	}
	inProcess := func(s llm.Sender, process uint64) llm.Sender {
		s.Process = process
		return s
	}
	for _, test := range []struct {
		name   string
		spans  []llm.Sender
		log    llm.Sender
		yields bool
	}{
		{"nothing came", nil, from(1, 1), false},
		{"the same trace", []llm.Sender{from(1, 0), from(2, 0)}, from(1, 5), true},
		{"the same session outside of the trace", []llm.Sender{from(1, 1)}, from(0, 1), true},
		{"the same session", []llm.Sender{from(1, 1)}, from(2, 1), true},
		{"the same process", []llm.Sender{inProcess(from(1, 0), 3)}, inProcess(from(2, 0), 3), true},
		{"another trace", []llm.Sender{from(1, 0)}, from(2, 0), false},
		{"another session", []llm.Sender{from(1, 1)}, from(0, 2), false},
		{"another process", []llm.Sender{inProcess(from(1, 1), 3)}, inProcess(from(0, 0), 4), false},
		{"nothing to compare", []llm.Sender{from(1, 1)}, from(0, 0), true},
		{"spans of another session, and some without any", []llm.Sender{from(1, 1), from(2, 0)}, from(0, 2), true},
		{"an event outside of traces, which its emitter writes", []llm.Sender{from(1, 0)}, traced(from(0, 2)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := sources.New(noon, 0, nil)
			sees(m, llm.Spans, noon, test.spans...)
			assert.Equal(t, test.yields, m.Yields(sources.Requests, &test.log, llm.Logs))
			assert.False(t, m.Yields(sources.Runs, &test.log, llm.Logs), "of runs nothing came")
			assert.False(t, m.Yields(sources.Requests, &test.log, llm.Spans), "its own signal")
			test.log.Service = 8
			assert.False(t, m.Yields(sources.Requests, &test.log, llm.Logs), "another service")
		})
	}
}

func TestServicesAreForgotten(t *testing.T) {
	m := sources.New(noon, 0, nil)
	log, other := from(0, 0), llm.Sender{Service: 8}
	sees(m, llm.Spans, noon, from(1, 0))
	assert.True(t, m.Yields(sources.Requests, &log, llm.Logs))
	sees(m, llm.Spans, noon.Add(90*time.Minute), other)
	assert.True(t, m.Yields(sources.Requests, &log, llm.Logs))
	sees(m, llm.Spans, noon.Add(3*time.Hour), other)
	assert.False(t, m.Yields(sources.Requests, &log, llm.Logs))
}

// A million beginnings of one session, and as many sessions, take no more than a bounded memory.
func TestTheMemoryIsBounded(t *testing.T) {
	m := sources.New(noon, 0, nil)
	for i := range 1_000_000 {
		m.Began(pcommon.TraceID{1}, pcommon.Timestamp(1+i), noon)
		sees(m, llm.Spans, noon, llm.Sender{Service: uint64(1 + i), Process: uint64(1 + i)})
	}
	q := &llm.Request{Signal: llm.Logs, TraceID: pcommon.TraceID{1}, Start: 1_000_000, End: 1_000_000, Number: llm.NoNumbers}
	m.Begin(q, noon)
	assert.EqualValues(t, 1_000_000, q.Start, "the last ones are kept")
	first, last := llm.Sender{Service: 1}, llm.Sender{Service: 1_000_000}
	assert.False(t, m.Yields(sources.Requests, &first, llm.Logs), "the first ones are not")
	assert.True(t, m.Yields(sources.Requests, &last, llm.Logs))
}
