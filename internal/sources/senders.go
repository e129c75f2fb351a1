// SPDX-License-Identifier: Apache-2.0

package sources

import (
	"iter"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Saw notes who sent something by a signal.
func (m *Memory) Saw(what What, by llm.Signal, senders iter.Seq[llm.Sender], now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	of, last := &m.seen[what], llm.Sender{}
	for s := range senders {
		if s == last {
			continue
		}
		last = s
		kinds := all(&s, by, func(x mark) bool {
			of.keep(x, now)
			return true
		})
		key := service{s.Service, by}
		before, _ := of.services.get(key)
		of.services.put(key, before|1<<kinds, now)
	}
}

// SawTrace notes that a record about requests was written in a trace of a service, whatever else it says.
func (m *Memory) SawTrace(service uint64, trace pcommon.TraceID, by llm.Signal, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen[Requests].keep(mark{service, traceHash(trace), by, traceMark}, now)
}

// Yields reports whether what a signal brought of a sender yields to the other signal of the same sender.
//
// A trace, a session or a process in common shows the same sender. It is another one if all senders by the other signal would show
// a mark of its kinds. Where some of the service show nothing that can be compared, the service decides.
func (m *Memory) Yields(what What, s *llm.Sender, by llm.Signal) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	of, same := &m.seen[what], false
	kinds := all(s, by.Other(), func(x mark) bool {
		_, same = of.of(x).get(x)
		return !same
	})
	if same || s.Service == 0 {
		return same
	}
	others, _ := of.services.get(service{s.Service, by.Other()})
	for set := range allMarks + 1 {
		if others.has(set) && set&kinds == 0 {
			return true
		}
	}
	return false
}
