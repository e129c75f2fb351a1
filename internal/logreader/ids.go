// SPDX-License-Identifier: Apache-2.0

package logreader

import (
	"encoding/binary"
	"hash/maphash"
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

// ids makes ids for what has none. The same record always gets the same id, and so do records of one group.
type ids struct{ seed maphash.Seed }

// traceID returns the trace of a record's span. It is made of the row's Group, else the record's own, else made of the record.
func (x *ids) traceID(record plog.LogRecord, of *emitter.Log, family string) pcommon.TraceID {
	var h maphash.Hash
	h.SetSeed(x.seed)
	if !write(&h, family, record.Attributes(), of.Group) {
		if !record.TraceID().IsEmpty() {
			return record.TraceID()
		}
		h.Reset()
		writeRecord(&h, record, of, family)
	}
	var id pcommon.TraceID
	binary.BigEndian.PutUint64(id[:8], h.Sum64())
	h.WriteByte(1)
	binary.BigEndian.PutUint64(id[8:], h.Sum64()|1)
	return id
}

// eventID returns a span id that is the same for a record that comes again.
func (x *ids) eventID(record plog.LogRecord, of *emitter.Log, family, name string) pcommon.SpanID {
	var h maphash.Hash
	h.SetSeed(x.seed)
	h.WriteString(name)
	writeRecord(&h, record, of, family)
	var id pcommon.SpanID
	binary.BigEndian.PutUint64(id[:], h.Sum64()|1)
	return id
}

// writeRecord hashes what distinguishes a record from others.
func writeRecord(h *maphash.Hash, record plog.LogRecord, of *emitter.Log, family string) {
	if write(h, family, record.Attributes(), of.ID) {
		return
	}
	var when [16]byte
	binary.BigEndian.PutUint64(when[:8], uint64(record.Timestamp()))
	binary.BigEndian.PutUint64(when[8:], uint64(record.ObservedTimestamp()))
	h.Write(when[:])
	for key, v := range record.Attributes().All() {
		h.WriteString(key)
		writeValue(h, v)
	}
}

// write hashes attributes of an emitter, or reports that one of them has no value, or that there are none.
func write(h *maphash.Hash, family string, attributes pcommon.Map, keys []string) bool {
	h.WriteString(family)
	for _, key := range keys {
		v, ok := attributes.Get(key)
		if !ok || !writeValue(h, v) {
			return false
		}
	}
	return len(keys) > 0
}

// writeValue hashes a value, or reports that it is none that distinguishes records.
func writeValue(h *maphash.Hash, v pcommon.Value) bool {
	var number [9]byte
	number[0] = byte(v.Type())
	switch v.Type() {
	case pcommon.ValueTypeStr:
		text := v.Str()
		text = text[:min(len(text), maxText)]
		binary.BigEndian.PutUint64(number[1:], uint64(len(text)))
		h.Write(number[:])
		h.WriteString(text)
		return text != ""
	case pcommon.ValueTypeInt:
		binary.BigEndian.PutUint64(number[1:], uint64(v.Int()))
	case pcommon.ValueTypeDouble:
		binary.BigEndian.PutUint64(number[1:], math.Float64bits(v.Double()))
	case pcommon.ValueTypeBool:
		if v.Bool() {
			number[1] = 1
		}
	default:
		return false
	}
	h.Write(number[:])
	return true
}
