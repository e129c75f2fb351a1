// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// cancelled is the error type of a request whose caller went away without a word. timedOut is that of one of which a flag or a
// message says that time ran out.
// unnamed is that of a failure that nothing bounded names.
const (
	cancelled = "cancelled"
	timedOut  = "timeout"
	unnamed   = "_OTHER"
)

const (
	// maxCount is the largest token count that is believed. No model takes or makes a billion tokens in one request, and larger
	// sums could overflow.
	maxCount = 1_000_000_000
	// maxCost is the largest price in US dollars that is believed.
	maxCost = 1_000_000
	// maxNumber is the length up to which text is taken for a number or a time.
	maxNumber = 40
)

// scalar is a value as it was found, in an attribute or inside JSON text, before its encoding is known.
type scalar struct {
	kind   scalarKind
	text   string
	number float64
	list   pcommon.Slice
}

type scalarKind uint8

const (
	nothing scalarKind = iota
	text
	whole
	real
	boolean
	list
	// null is JSON's.
	null
	// word is a text that is known to be the only word of a list.
	word
)

func attributeScalar(v pcommon.Value) scalar {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return scalar{kind: text, text: v.Str()}
	case pcommon.ValueTypeInt:
		return scalar{kind: whole, number: float64(v.Int())}
	case pcommon.ValueTypeDouble:
		return scalar{kind: real, number: v.Double()}
	case pcommon.ValueTypeBool:
		return scalar{kind: boolean, number: truth(v.Bool())}
	case pcommon.ValueTypeSlice:
		return scalar{kind: list, list: v.Slice()}
	default:
		return scalar{}
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// jsonScalar returns a value inside JSON text.
func jsonScalar(r gjson.Result) scalar {
	switch r.Type {
	case gjson.String:
		return scalar{kind: text, text: r.Str}
	case gjson.Number:
		if r.Num == math.Trunc(r.Num) && !strings.ContainsAny(r.Raw, ".eE") {
			return scalar{kind: whole, number: r.Num}
		}
		return scalar{kind: real, number: r.Num}
	case gjson.True:
		return scalar{kind: boolean, number: 1}
	case gjson.False:
		return scalar{kind: boolean}
	case gjson.JSON:
		return scalar{kind: text, text: r.Raw}
	case gjson.Null:
		if r.Raw == "" {
			return scalar{}
		}
		return scalar{kind: null}
	default:
		return scalar{}
	}
}

// words returns the text of a string value, trimmed, or "" if it says nothing.
func (v *scalar) words() string {
	s := trim(v.text)
	if !says(s) {
		return ""
	}
	return s
}

// kindWord returns the word by which tables know what a value says of its span's kind.
func (v *scalar) kindWord() string {
	switch {
	case v.kind == boolean && v.number == 1:
		return "true"
	case v.kind == boolean:
		return "false"
	case v.kind == whole, v.kind == real:
		return emitter.AnyNumber
	default:
		return v.words()
	}
}

// textAs decodes the value as text, or returns "" if it says nothing.
func (v *scalar) textAs(encoding emitter.Encoding) string {
	s := v.words()
	switch encoding {
	case emitter.BeforeSlash:
		before, _, found := strings.Cut(s, "/")
		if !found {
			return ""
		}
		return before
	case emitter.AfterSlash:
		return s[strings.IndexByte(s, '/')+1:]
	case emitter.AfterSlashes:
		return s[strings.LastIndexByte(s, '/')+1:]
	case emitter.AfterDots:
		return s[strings.LastIndexByte(s, '.')+1:]
	case emitter.ErrorUnlessSuccess:
		if strings.EqualFold(s, "success") {
			return ""
		}
		return s
	case emitter.CancelledFlag:
		if gaveUp, _ := v.truth(); gaveUp == 0 {
			return ""
		}
		return cancelled
	case emitter.TimedOutFlag:
		if ranOut, _ := v.truth(); ranOut == 0 {
			return ""
		}
		return timedOut
	case emitter.EndWord:
		if end, ok := lookUp(emitter.EndWords, s); ok || !emitter.GaveUp(s[:min(len(s), maxFolded)]) {
			return end
		}
		return cancelled
	case emitter.FinishOrNull:
		if v.kind == null {
			return emitter.OpenFinish
		}
		return s
	case emitter.GRPCStatus:
		return v.grpcStatus()
	case emitter.EnvoyFlags:
		for flag := range strings.SplitSeq(s, ",") {
			if emitter.LeaverFlags[flag] {
				return cancelled
			}
		}
		return ""
	default:
		return s
	}
}

// grpcStatus returns the name of a gRPC status code that is an error, or "".
func (v *scalar) grpcStatus() string {
	code, _, ok := v.numeric()
	if !ok {
		code = float64(slices.IndexFunc(emitter.GRPCStatuses[:], func(name string) bool { return spellsAlike(name, v.words()) }))
	}
	if code < 1 || code >= float64(len(emitter.GRPCStatuses)) {
		return ""
	}
	if name := emitter.GRPCStatuses[int(code)]; name != "ABORTED" {
		return name
	}
	return unnamed
}

// spellsAlike reports whether a word is a name of capital letters in the spelling of some language: Canceled is CANCELLED.
func spellsAlike(name, word string) bool {
	for name != "" && word != "" {
		switch {
		case name[0]|0x20 == word[0]|0x20:
			name, word = name[1:], word[1:]
		case name[0] == '_' || name[0] == 'L':
			name = name[1:]
		default:
			return false
		}
	}
	return name == word
}

// numberAs decodes the value. A time is in seconds and must fit the span, which began at start and took duration seconds.
// duration is negative if unknown.
func (v *scalar) numberAs(encoding emitter.Encoding, start pcommon.Timestamp, duration float64) (number float64, ok bool) {
	switch encoding {
	case emitter.Bool:
		number, ok = v.truth()
	case emitter.TrueOnly:
		number, ok = v.truth()
		ok = ok && number == 1
	case emitter.FalseOnly:
		number, ok = v.truth()
		number, ok = 1, ok && number == 0
	case emitter.NotEmpty:
		number, ok = 1, v.present()
	case emitter.FailureWord:
		number = 1
		_, ok = lookUp(emitter.FailureWords, v.words())
	case emitter.StreamedType:
		name, _, _ := strings.Cut(v.words(), ";")
		var streamed bool
		if streamed, ok = lookUp(emitter.StreamTypes, name); streamed {
			number = 1
		}
	case emitter.Count:
		number, ok = v.count()
	case emitter.NonZeroCount:
		number, ok = v.count()
		ok = ok && number > 0
	case emitter.Ordinal:
		number, ok = v.count()
		number, ok = number-1, ok && number > 0
	case emitter.USD:
		number, ok = v.dollars()
	case emitter.USCents:
		number, ok = v.dollars()
		number /= 100
	case emitter.USCentHundredths:
		number, ok = v.dollars()
		number /= 10_000
	case emitter.Seconds:
		number, ok = v.scaled(1, duration)
	case emitter.FractionalSeconds:
		number, ok = v.scaled(1, duration)
		_, isWhole, _ := v.numeric()
		ok = ok && !isWhole
	case emitter.Elapsed:
		number, ok = v.scaled(1, llm.MaxDuration.Seconds())
	case emitter.ElapsedMilliseconds:
		number, ok = v.scaled(1e-3, llm.MaxDuration.Seconds())
	case emitter.Milliseconds:
		number, ok = v.scaled(1e-3, duration)
	case emitter.Microseconds:
		number, ok = v.scaled(1e-6, duration)
	case emitter.Nanoseconds:
		number, ok = v.scaled(1e-9, duration)
	case emitter.MillisOrNanos:
		// What it is a number of, other keys show.
		number, _, ok = v.numeric()
		ok = ok && number > 0
	case emitter.WholeMilliseconds:
		unit := 1.0
		if _, isWhole, _ := v.numeric(); isWhole {
			unit = 1e-3
		}
		number, ok = v.scaled(unit, duration)
	case emitter.Duration:
		number, ok = v.spelled(duration)
	case emitter.Instant:
		number, ok = v.since(start, duration)
	default:
	}
	return number, ok
}

// numeric returns a number that came as such or as text.
func (v *scalar) numeric() (number float64, isWhole, ok bool) {
	switch v.kind {
	case whole, real:
		return v.number, v.kind == whole, true
	case text:
		return parseNumber(v.words())
	default:
		return 0, false, false
	}
}

// parseNumber returns the number that a text is. It looks before it parses, since a failure allocates.
func parseNumber(s string) (number float64, isWhole, ok bool) {
	if s == "" || len(s) > maxNumber {
		return 0, false, false
	}
	digits, isWhole := 0, true
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c == '.' || c == 'e' || c == 'E' || (c == '-' || c == '+') && i > 0:
			isWhole = false
		case c != '-' && c != '+':
			return 0, false, false
		}
	}
	if digits == 0 {
		return 0, false, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, isWhole, err == nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// count returns a whole number between 0 and maxCount.
func (v *scalar) count() (float64, bool) {
	f, _, ok := v.numeric()
	return f, ok && f >= 0 && f <= maxCount && f == math.Trunc(f)
}

// truth returns a boolean, 1 or 0, that came as such or as text.
func (v *scalar) truth() (float64, bool) {
	switch {
	case v.kind == boolean:
		return v.number, true
	case v.kind == text && strings.EqualFold(v.words(), "true"):
		return 1, true
	case v.kind == text && strings.EqualFold(v.words(), "false"):
		return 0, true
	default:
		return 0, false
	}
}

// present reports whether a value is neither empty, false nor zero.
func (v *scalar) present() bool {
	switch v.kind {
	case text:
		s := v.words()
		return s != "" && s != "[]" && s != "{}" && !strings.EqualFold(s, "false")
	case list:
		return v.list.Len() > 0
	default:
		return v.number != 0
	}
}

// dollars returns an amount of US dollars above zero: zero is what emitters write for an unknown price.
func (v *scalar) dollars() (float64, bool) {
	f, _, ok := v.numeric()
	if v.kind == text && !ok {
		s := v.words()
		for _, currency := range [...]string{"USD", "$"} {
			s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, currency), currency))
		}
		f, _, ok = parseNumber(s)
	}
	return f, ok && f > 0 && f <= maxCost
}

// scaled returns a time given in a unit in seconds.
func (v *scalar) scaled(unit, duration float64) (float64, bool) {
	f, _, ok := v.numeric()
	return f * unit, ok && llm.Plausible(f*unit, duration)
}

// spelled returns a time given as text with its unit in seconds.
func (v *scalar) spelled(duration float64) (float64, bool) {
	s := v.words()
	if s == "" || len(s) > maxNumber || !isDigit(s[0]) {
		return 0, false
	}
	d, err := time.ParseDuration(s)
	return d.Seconds(), err == nil && llm.Plausible(d.Seconds(), duration)
}

// since returns the seconds from a span's start to a point in time.
func (v *scalar) since(start pcommon.Timestamp, duration float64) (float64, bool) {
	s := v.words()
	if len(s) < len(time.DateOnly) || len(s) > maxNumber || !isDigit(s[0]) {
		return 0, false
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	seconds := at.Sub(start.AsTime()).Seconds()
	return seconds, err == nil && llm.Plausible(seconds, duration)
}
