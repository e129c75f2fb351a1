// SPDX-License-Identifier: Apache-2.0

package logreader

import (
	"math"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

const (
	// maxText is the length in bytes at which texts are cut. maxItems is that of lists, which are then left out.
	maxText  = 4096
	maxItems = 64
	// maxNumber is the length in bytes up to which text is taken for a number.
	maxNumber = 40
)

// timeOf returns the time of a record, else when it was observed: Codex writes no time.
func timeOf(record plog.LogRecord, now pcommon.Timestamp) pcommon.Timestamp {
	if t := record.Timestamp(); t != 0 {
		return t
	}
	if t := record.ObservedTimestamp(); t != 0 {
		return t
	}
	return now
}

// beganAt reports whether the time of a record is that of a beginning. It was then observed no sooner than the end.
func beganAt(record plog.LogRecord, lasted pcommon.Timestamp) bool {
	return lasted > 0 && record.Timestamp() != 0 && record.ObservedTimestamp() >= record.Timestamp()+lasted
}

// millis returns an attribute in milliseconds as nanoseconds, if it is a time of no more than llm.MaxDuration.
func millis(attributes pcommon.Map, key string) (nanos uint64, ok bool) {
	v, ok := attributes.Get(key)
	if !ok {
		return 0, false
	}
	var number float64
	switch v.Type() {
	case pcommon.ValueTypeInt:
		number = float64(v.Int())
	case pcommon.ValueTypeDouble:
		number = v.Double()
	case pcommon.ValueTypeStr:
		if len(v.Str()) > maxNumber {
			return 0, false
		}
		parsed, err := strconv.ParseFloat(v.Str(), 64)
		if err != nil {
			return 0, false
		}
		number = parsed
	default:
		return 0, false
	}
	if math.IsNaN(number) || number < 0 || number > float64(llm.MaxDuration/time.Millisecond) {
		return 0, false
	}
	return uint64(number * float64(time.Millisecond)), true
}

// hasAny reports whether one of the attributes has a value.
func hasAny(attributes pcommon.Map, keys []string) bool {
	for _, key := range keys {
		v, ok := attributes.Get(key)
		if !ok {
			continue
		}
		switch v.Type() {
		case pcommon.ValueTypeStr:
			if v.Str() != "" {
				return true
			}
		case pcommon.ValueTypeInt, pcommon.ValueTypeDouble, pcommon.ValueTypeBool:
			return true
		default:
		}
	}
	return false
}

// copyAttributes copies what attributes of spans can be: texts, numbers, and short lists of them.
func copyAttributes(from, to pcommon.Map) {
	to.EnsureCapacity(from.Len())
	for key, v := range from.All() {
		switch v.Type() {
		case pcommon.ValueTypeStr:
			text := v.Str()
			to.PutStr(key, text[:min(len(text), maxText)])
		case pcommon.ValueTypeInt:
			to.PutInt(key, v.Int())
		case pcommon.ValueTypeDouble:
			to.PutDouble(key, v.Double())
		case pcommon.ValueTypeBool:
			to.PutBool(key, v.Bool())
		case pcommon.ValueTypeSlice:
			if v.Slice().Len() <= maxItems {
				copyTexts(v.Slice(), to.PutEmptySlice(key))
			}
		default:
		}
	}
}

func copyTexts(from, to pcommon.Slice) {
	for _, v := range from.All() {
		if v.Type() == pcommon.ValueTypeStr && len(v.Str()) <= maxText {
			to.AppendEmpty().SetStr(v.Str())
		}
	}
}
