// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Read reads the requests out of traces, which it neither changes nor keeps. The batch must go to Commit
// or Discard.
func (e *Engine) Read(traces ptrace.Traces) *spanreader.Batch {
	batch := e.batches.get()
	e.reader.Read(traces, batch)
	return batch
}

// ReadLogs reads the requests out of log records, which it neither changes nor keeps. The batch must go to Commit
// or Discard.
func (e *Engine) ReadLogs(logs plog.Logs, now time.Time) *spanreader.Batch {
	e.ExpectLogs()
	batch := e.batches.get()
	events := e.logs.Read(logs, pcommon.NewTimestampFromTime(now))
	e.reader.ReadEvents(&events, batch)
	return batch
}

// Relate finds which requests of a batch describe the same, as far as the batch shows. It is for those who want to know before
// Commit. What waits is counted by what all batches show together.
func (e *Engine) Relate(traces ptrace.Traces, batch *spanreader.Batch) {
	if e.held != nil {
		e.reader.Relate(traces, batch)
	}
}

// maxReused is the number of spans up to which a batch is used again. A larger batch, of some megabytes, is left to the
// garbage collector. In use all the time, it would hold on to what the largest of all traces needed.
const maxReused = 20_000

// Discard gives a batch back that is not to be counted: its traces were refused and will come again.
func (e *Engine) Discard(batch *spanreader.Batch) {
	if batch.Spans > maxReused {
		return
	}
	batch.Reset()
	e.batches.put(batch, cap(batch.Requests) > maxKept)
}

// Commit counts the requests of a batch that were not counted before, and takes the batch back.
func (e *Engine) Commit(batch *spanreader.Batch, now time.Time) {
	s := e.scratches.get()
	e.commit(batch, s, now)
	e.scratches.put(s, false)
	e.Discard(batch)
}

func (e *Engine) commit(batch *spanreader.Batch, s *scratch, now time.Time) {
	s.begin(now)
	e.note(batch, now)
	if e.held != nil {
		e.hold(batch.Raw(), s, now)
	} else {
		e.sources.Yield(&batch.Batch, now)
		e.recent.Mark(&batch.Batch, now)
		for i := range batch.Described {
			e.count(s, &batch.Batch, i, nil)
		}
	}
	e.countRuns(&batch.Batch, s, now)
	e.stats.read(batch)
	s.reset()
}
