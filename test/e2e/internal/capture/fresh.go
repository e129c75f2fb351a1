// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// requestIDs are the attributes that identify one request. A server gives each request its own. A copy that kept them would
// rightly be taken for the same request.
var requestIDs = map[string]bool{
	"ai.response.id":            true,
	"anthropic.request.id":      true,
	"gen_ai.request.id":         true,
	"gen_ai.response.id":        true,
	"litellm.call_id":           true,
	"llm_d.pd_proxy.request_id": true,
	"rid":                       true,
	"triton.request_id":         true,
}

// Fresh copies the exchange as if it had happened anew and ended at end. All ids are new, and all times move together.
func (e Exchange) Fresh(end time.Time) []ptrace.Traces {
	c := copier{
		trace:  newTraceID(),
		spans:  map[pcommon.SpanID]pcommon.SpanID{},
		suffix: fmt.Sprintf("-%x", rand.Uint64()),
		shift:  end.Sub(e.end()),
	}
	batches := make([]ptrace.Traces, len(e.Batches))
	for i, batch := range e.Batches {
		batches[i] = ptrace.NewTraces()
		batch.CopyTo(batches[i])
		for span := range Spans(batches[i]) {
			c.renew(span)
		}
	}
	return batches
}

// end is when the last span ended.
func (e Exchange) end() time.Time {
	var last pcommon.Timestamp
	for _, batch := range e.Batches {
		for span := range Spans(batch) {
			last = max(last, span.EndTimestamp())
		}
	}
	return last.AsTime()
}

// copier turns spans into those of another run of the same exchange.
type copier struct {
	trace  pcommon.TraceID
	spans  map[pcommon.SpanID]pcommon.SpanID // as captured → as sent
	suffix string
	shift  time.Duration
}

func (c copier) renew(span ptrace.Span) {
	span.SetTraceID(c.trace)
	span.SetSpanID(c.spanID(span.SpanID()))
	span.SetParentSpanID(c.spanID(span.ParentSpanID()))
	span.SetStartTimestamp(c.later(span.StartTimestamp()))
	span.SetEndTimestamp(c.later(span.EndTimestamp()))
	for _, event := range span.Events().All() {
		event.SetTimestamp(c.later(event.Timestamp()))
	}
	for key, value := range span.Attributes().All() {
		if value.Type() != pcommon.ValueTypeStr {
			continue
		}
		if requestIDs[key] {
			value.SetStr(value.Str() + c.suffix)
		} else if moved, ok := c.laterText(value.Str()); ok {
			value.SetStr(moved)
		}
	}
}

// spanID answers the new id of a span; a span that has no parent stays without.
func (c copier) spanID(old pcommon.SpanID) pcommon.SpanID {
	if old.IsEmpty() {
		return old
	}
	id, known := c.spans[old]
	if !known {
		binary.LittleEndian.PutUint64(id[:], rand.Uint64()|1)
		c.spans[old] = id
	}
	return id
}

func (c copier) later(t pcommon.Timestamp) pcommon.Timestamp {
	return pcommon.NewTimestampFromTime(t.AsTime().Add(c.shift))
}

// laterText moves a point in time that is written as text, bare or as a JSON string.
func (c copier) laterText(text string) (string, bool) {
	bare := strings.Trim(text, `"`)
	if len(bare) > len(time.RFC3339Nano) {
		return "", false
	}
	t, err := time.Parse(time.RFC3339Nano, bare)
	if err != nil {
		return "", false
	}
	moved := t.Add(c.shift).UTC().Format("2006-01-02T15:04:05.000000Z")
	return strings.Replace(text, bare, moved, 1), true
}

func newTraceID() (id pcommon.TraceID) {
	binary.LittleEndian.PutUint64(id[:8], rand.Uint64()|1)
	binary.LittleEndian.PutUint64(id[8:], rand.Uint64())
	return id
}
