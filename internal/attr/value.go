// SPDX-License-Identifier: Apache-2.0

// Package attr holds attribute values as small comparable scalars, to be keys of series.
package attr

import (
	"fmt"
	"hash/maphash"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Value is one attribute value. The zero Value is an absent one. Values of different types are
// never equal; see Text for what backends show of them.
type Value struct {
	kind kind
	bits uint64
	text string
}

type kind uint8

const (
	absent kind = iota
	text
	integer
	double
	boolean
)

// Text returns a text value; empty text is absent.
func Text(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{kind: text, text: s}
}

// Int returns an integer value.
func Int(i int64) Value { return Value{kind: integer, bits: uint64(i)} }

// Double returns a floating-point value.
func Double(f float64) Value { return Value{kind: double, bits: math.Float64bits(f)} }

// Bool returns a boolean value.
func Bool(b bool) Value {
	if b {
		return Value{kind: boolean, bits: 1}
	}
	return Value{kind: boolean}
}

// From returns the value of an attribute with text cut to limit bytes. Arrays, maps and bytes become
// their JSON text, which allocates.
func From(v pcommon.Value, limit int) Value {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return Text(Cut(v.Str(), limit))
	case pcommon.ValueTypeInt:
		return Int(v.Int())
	case pcommon.ValueTypeDouble:
		return Double(v.Double())
	case pcommon.ValueTypeBool:
		return Bool(v.Bool())
	case pcommon.ValueTypeEmpty:
		return Value{}
	default:
		return Text(Cut(v.AsString(), limit))
	}
}

// IsAbsent reports whether there is no value.
func (v Value) IsAbsent() bool { return v.kind == absent }

// Clone returns the value with text of its own, so that it does not hold on to a larger string.
func (v Value) Clone() Value {
	v.text = string(append([]byte(nil), v.text...))
	return v
}

// Hash returns a hash that depends on type and value.
func (v Value) Hash(seed maphash.Seed) uint64 {
	if v.kind == text {
		return maphash.String(seed, v.text)
	}
	return Mix(uint64(v.kind), v.bits)
}

// Mix folds a second hash into a first; the order matters.
func Mix(a, b uint64) uint64 {
	a = (a ^ b) * 0x9E3779B97F4A7C15
	return a ^ a>>32
}

// Str returns the value if it is a text.
func (v Value) Str() (string, bool) { return v.text, v.kind == text }

// Text returns the value as text, which allocates for a number; an absent one has none.
func (v Value) Text() string {
	if v.kind == text {
		return v.text
	}
	return string(v.Append(nil))
}

// Append adds the value as text; an absent one adds nothing.
func (v Value) Append(to []byte) []byte {
	switch v.kind {
	case text:
		return append(to, v.text...)
	case integer:
		return strconv.AppendInt(to, int64(v.bits), 10)
	case double:
		return strconv.AppendFloat(to, math.Float64frombits(v.bits), 'g', -1, 64)
	case boolean:
		return strconv.AppendBool(to, v.bits != 0)
	default:
		return to
	}
}

// Put writes a value that is not absent into a map. Bytes of a text that are no UTF-8 are written as \xNN.
func (v Value) Put(m pcommon.Map, key string) {
	switch v.kind {
	case text:
		m.PutStr(key, valid(v.text))
	case integer:
		m.PutInt(key, int64(v.bits))
	case double:
		m.PutDouble(key, math.Float64frombits(v.bits))
	case boolean:
		m.PutBool(key, v.bits != 0)
	case absent:
	}
}

// valid returns a text as UTF-8, without which Prometheus and OTLP receivers refuse it, and with it whatever comes along.
// Emitters that cut texts at a byte send the like. Different texts stay different, so that no two series become one.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[0])
		} else {
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

// Cut returns the longest prefix of s of at most limit bytes that does not split a rune.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
