// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math/bits"

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
	events := span.Events()
	for i := range min(events.Len(), maxEvents) {
		event := events.At(i)
		says := f.memo.events.of(event.Name(), r, &f.memo.messages)
		if says.exception {
			last = exception{event.Attributes(), true}
			continue
		}
		if says.left && f.ranks[fact.ErrorType] == none {
			f.texts[fact.ErrorType], f.ranks[fact.ErrorType] = cancelled, none-1
		}
		for j := range says.rows {
			r.takeEvent(f, &says.rows[j], event, span.StartTimestamp(), q, b, &chunk)
		}
		for fits := says.patterns; fits != 0; fits &= fits - 1 {
			r.takeEvent(f, &r.eventPatterns[bits.TrailingZeros32(fits)], event, span.StartTimestamp(), q, b, &chunk)
		}
	}
	q.GapRange[1] = int32(len(b.Gaps))
	if f.emitter < 0 && !f.has(fact.InputTokens) && !f.has(fact.OutputTokens) {
		r.readCounts(f, events)
	}
	return last
}

const (
	// maxCounting is the number of events at a span's end in which counts are looked for.
	maxCounting = 4
	// maxCounted is the number of attributes that such an event has at most.
	maxCounted = 32
)

// readCounts reads the tokens that programs of no known emitter note in an event at a call's end. An event that counts no output is about
// something else.
func (r *Reader) readCounts(f *spanValues, events ptrace.SpanEventSlice) {
	for i := events.Len() - 1; i >= max(events.Len()-maxCounting, 0); i-- {
		attributes := events.At(i).Attributes()
		if attributes.Len() > maxCounted {
			continue
		}
		counts := false
		for name := range attributes.All() {
			says, ok := emitter.CountOf(name)
			counts = counts || ok && says.Fact == fact.OutputTokens
		}
		if !counts {
			continue
		}
		for name, value := range attributes.All() {
			if says, ok := emitter.CountOf(name); ok && r.keys.counts[says] != nil {
				f.storeAttribute(r.keys.counts[says].rows[0].valueRow, value)
			}
		}
		return
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
