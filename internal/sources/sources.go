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

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	// age is how long something is remembered at least, unless there is more of it than entries.
	age = time.Hour
	// entries is the number of entries of each kind that are remembered at least.
	entries = 8192
	// maxStarts is the number of starts of one trace that are remembered.
	maxStarts = 64
)

// Memory is what was seen lately. It may be used by many goroutines.
type Memory struct {
	mu sync.Mutex
	// services has the services that sent a signal.
	services generations[service, struct{}]
	// starts has the times when requests of a trace began, in order.
	starts generations[pcommon.TraceID, []pcommon.Timestamp]
	// unbilled has the ids of requests that were not billed.
	unbilled generations[string, struct{}]
}

// service is a service and a signal that it sent.
type service struct {
	hash   uint64
	signal llm.Signal
}

// New returns an empty memory.
func New(now time.Time) *Memory {
	m := &Memory{}
	m.services.turned, m.starts.turned, m.unbilled.turned = now, now, now
	return m
}

// Saw notes that a service sent requests by a signal.
func (m *Memory) Saw(hash uint64, by llm.Signal, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.services.put(service{hash, by}, struct{}{}, now)
}

// Yields reports whether what a signal brought of a service does not count, since the other signal came lately. It is false for
// what may not yield.
func (m *Memory) Yields(hash uint64, by llm.Signal, may bool) bool {
	if !may {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.services.get(service{hash, by.Other()})
	return ok
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
	m.unbilled.put(id, struct{}{}, now)
}

// IsUnbilled reports whether a request was not billed.
func (m *Memory) IsUnbilled(q *llm.Request) bool {
	if q.Signal != llm.Logs || q.ID == "" {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.unbilled.get(q.ID)
	return ok
}

// generations is a map that forgets what was not put for long. Entries live in a young map that becomes the old one when it is
// full or aged. The old one is dropped then.
type generations[K comparable, V any] struct {
	young, old map[K]V
	turned     time.Time
}

func (g *generations[K, V]) get(key K) (V, bool) {
	if v, ok := g.young[key]; ok {
		return v, true
	}
	v, ok := g.old[key]
	return v, ok
}

func (g *generations[K, V]) put(key K, value V, now time.Time) {
	if _, there := g.young[key]; g.young == nil || !there && len(g.young) >= entries || now.Sub(g.turned) >= age {
		g.old, g.young, g.turned = g.young, map[K]V{}, now
	}
	g.young[key] = value
}
