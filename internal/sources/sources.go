// SPDX-License-Identifier: Apache-2.0

// Package sources remembers what spans and log events show of requests that others of them describe. That is which signal a
// service sends, when a request began, and that it was not billed.
//
// All of it is bounded in number and age. It is asked when a request is counted. So the order in which a request and its parts
// came does not matter, if both came by then.
package sources

import (
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// maxStarts is the number of starts of one trace that are remembered.
const maxStarts = 64

// Memory is what was seen lately. It may be used by many goroutines.
type Memory struct {
	// events is set for the families that have log events, nil for all.
	events []bool

	mu sync.Mutex
	// seen is what sent requests, and runs of tools and agents.
	seen [whats]seen
	// starts has the times when requests of a trace began, in order.
	starts generations[pcommon.TraceID, []pcommon.Timestamp]
	// unbilled has the hashes of the ids of requests that were not billed.
	unbilled generations[uint64, struct{}]
}

// What is what a signal brings.
type What uint8

const (
	// Requests to models.
	Requests What = iota
	// Runs of tools and agents.
	Runs
	// UnlistedEvents are requests on events that are read by evidence, which the conventions' event says again.
	UnlistedEvents
	whats
)

// New returns an empty memory that remembers at least a number of traces, sessions and processes that sent something. Of spans it
// notes these for families that have log events. The traces of others are noted where a log event waits beside a span. Without
// families it notes all.
func New(now time.Time, senders int, families []emitter.Family) *Memory {
	m := &Memory{}
	for i := range families {
		m.events = append(m.events, len(families[i].Logs) > 0 && i > 0) // The first are the conventions.
	}
	for what := range m.seen {
		s := &m.seen[what]
		s.services.turned, s.lasting.turned, s.traces.turned = now, now, now
		s.services.most, s.lasting.most, s.traces.most = entries, max(senders, entries), max(senders, entries)
	}
	m.starts.turned, m.starts.most = now, entries
	m.unbilled.turned, m.unbilled.most = now, entries
	return m
}

// Began notes when a request of a trace began.
func (m *Memory) Began(trace pcommon.TraceID, at pcommon.Timestamp, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	times, _ := m.starts.get(trace)
	i, found := slices.BinarySearch(times, at)
	if found {
		return // It came twice.
	}
	if len(times) == maxStarts {
		if i == 0 {
			return
		}
		times, i = slices.Delete(times, 0, 1), i-1
	}
	m.starts.put(trace, slices.Insert(times, i, at), now)
}

// Begin is for a request whose record only shows its end. It gives the last time before it when one of its trace began.
func (m *Memory) Begin(q *llm.Request, now time.Time) {
	if q.Signal != llm.Logs || q.Number[fact.Duration] != llm.Absent {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	times, _ := m.starts.get(q.TraceID)
	i, found := slices.BinarySearch(times, q.End)
	if !found {
		i--
	}
	if i < 0 {
		return
	}
	start := times[i]
	if seconds := llm.SecondsBetween(start, q.End); seconds <= llm.MaxDuration.Seconds() {
		if q.Start > start {
			q.Start = start // There were no attempts before.
		}
		q.RetryTime = llm.SecondsBetween(q.Start, start)
		q.Number[fact.Duration] = seconds + q.RetryTime
	}
	m.starts.put(q.TraceID, slices.Delete(times, i, i+1), now)
}

// NotBilled notes that a request was not billed.
func (m *Memory) NotBilled(id string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unbilled.put(llm.HashID(id), struct{}{}, now)
}

// IsUnbilled reports whether a request was not billed.
func (m *Memory) IsUnbilled(q *llm.Request) bool {
	if q.Signal != llm.Logs || q.ID == "" {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.unbilled.get(q.IDHash())
	return ok
}
