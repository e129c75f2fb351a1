// SPDX-License-Identifier: Apache-2.0

package sources

import (
	"hash/maphash"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// seen is which senders sent something by which signal.
type seen struct {
	// services has, of each service and signal, the sets of marks that its senders showed.
	services generations[service, shown]
	// lasting has sessions and processes, traces has traces.
	lasting, traces generations[mark, struct{}]
}

// service is a service and a signal that it sent.
type service struct {
	hash   uint64
	signal llm.Signal
}

// mark is something by which a sender of a service is known again.
type mark struct {
	service, value uint64
	signal         llm.Signal
	kind           marks
}

// marks is a set of kinds of marks.
type marks uint8

const (
	traceMark marks = 1 << iota
	sessionMark
	processMark
	allMarks = traceMark | sessionMark | processMark
)

// shown has a bit for each set of marks.
type shown uint8

func (s shown) has(of marks) bool { return s&(1<<of) != 0 }

var seed = maphash.MakeSeed()

// all calls do for each mark of a sender until it returns false. It returns the kinds that the sender would show.
func all(s *llm.Sender, by llm.Signal, do func(m mark) bool) (kinds marks) {
	more := true
	add := func(kind marks, there bool, value func() uint64) {
		if !there {
			return
		}
		kinds |= kind
		more = more && do(mark{s.Service, value(), by, kind})
	}
	add(traceMark, !s.Trace.IsEmpty(), func() uint64 { return traceHash(s.Trace) })
	add(sessionMark, s.Session != "", func() uint64 { return maphash.String(seed, s.Session) })
	add(processMark, s.Process != 0, func() uint64 { return s.Process })
	if kinds &^= traceMark; s.ShowsTrace {
		kinds |= traceMark
	}
	return kinds
}

func traceHash(trace pcommon.TraceID) uint64 { return maphash.Bytes(seed, trace[:]) }

func (s *seen) keep(m mark, now time.Time) { s.of(m).put(m, struct{}{}, now) }

func (s *seen) of(m mark) *generations[mark, struct{}] {
	if m.kind == traceMark {
		return &s.traces
	}
	return &s.lasting
}
