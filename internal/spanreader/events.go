// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// maxEvents bounds the events of a span that are looked at; streams leave one for each chunk.
const maxEvents = 10_000

// exception is the last exception that a span recorded.
type exception struct {
	attributes pcommon.Map
	recorded   bool
}

var noException exception

// text returns one of the exception's attributes, or "".
func (e *exception) text(key string) string {
	if !e.recorded {
		return ""
	}
	v, ok := e.attributes.Get(key)
	if !ok {
		return ""
	}
	value := attributeScalar(v)
	return value.words()
}

// readEvents reads what events hold, and returns the last exception.
func (r *Reader) readEvents(f *spanValues, span ptrace.Span, q *correlate.Request, b *Batch) (last exception) {
	q.GapRange[0] = int32(len(b.Gaps))
	var chunk pcommon.Timestamp
	before := ""
	events := span.Events()
	for i := range min(events.Len(), maxEvents) {
		event := events.At(i)
		name := event.Name()
		if emitter.ExceptionEvents[name] {
			last = exception{event.Attributes(), true}
			continue
		}
		rows := r.events[name]
		if len(rows) == 0 && name != before {
			f.takeEnd(name)
		}
		before = name
		for j := range rows {
			r.takeEvent(f, &rows[j], event, span.StartTimestamp(), q, b, &chunk)
		}
		for j := range r.eventPatterns {
			if match.Match(r.eventPatterns[j].Name, name) {
				r.takeEvent(f, &r.eventPatterns[j], event, span.StartTimestamp(), q, b, &chunk)
			}
		}
	}
	q.GapRange[1] = int32(len(b.Gaps))
	return last
}

// takeEnd reads that the caller left out of the name of an event, such as gen_ai.cancelled or client_disconnected. What is about a
// part of the call is none.
func (f *spanValues) takeEnd(name string) {
	if f.ranks[fact.ErrorType] == none && (f.memo.messages.of(name).gaveUp || strings.HasSuffix(name, "cancelled") || strings.HasSuffix(name, "canceled")) && !emitter.IsOfPart(name) {
		f.texts[fact.ErrorType], f.ranks[fact.ErrorType] = cancelled, none-1
	}
}

// takeEvent reads one event under one row. The time of the last chunk is kept in chunk.
func (r *Reader) takeEvent(
	f *spanValues, row *eventRow, event ptrace.SpanEvent, start pcommon.Timestamp, q *correlate.Request, b *Batch, chunk *pcommon.Timestamp,
) {
	at := event.Timestamp()
	if !row.describes(event) {
		return
	}
	switch {
	case row.Begins:
		q.QueueBegan = at
	case row.Attribute != "":
		rank := f.ranks[row.Fact]
		if v, ok := event.Attributes().Get(row.Attribute); ok && (row.rank < rank || row.Last && row.rank == rank && rank != none) {
			value := attributeScalar(v)
			f.store(row.Fact, row.Encoding, row.rank, &value)
		}
	case row.Fact == fact.ChunkGaps:
		if gap := llm.SecondsBetween(*chunk, at); *chunk != 0 && llm.Plausible(gap, f.duration) {
			b.Gaps = append(b.Gaps, gap)
		}
		*chunk = at
	default:
		if row.Since != "" {
			start = q.QueueBegan
		}
		rank, length := f.ranks[row.Fact], llm.SecondsBetween(start, at)
		better := row.rank < rank || row.rank == rank && rank != none && (row.Last || length < f.numbers[row.Fact])
		if start != 0 && better && llm.Plausible(length, f.duration) {
			f.keepNumber(row.Fact, row.rank, length)
		}
	}
}

// describes reports whether a row that holds for events with a certain attribute only holds for an event.
func (row *eventRow) describes(event ptrace.SpanEvent) bool {
	if row.Only.Key == "" {
		return true
	}
	v, ok := event.Attributes().Get(row.Only.Key)
	return ok && v.Type() == pcommon.ValueTypeStr && match.Match(row.Only.Value, v.Str())
}
