package inference

import (
	"math"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

const (
	// maxCount is the largest token count that is believed: no model takes or makes a billion
	// tokens in one request, and larger sums could overflow.
	maxCount = 1_000_000_000
	// maxJSON is the length in bytes up to which JSON text is searched for named values.
	maxJSON = 64 << 10
	// maxNumber is the length up to which text is taken for a number.
	maxNumber = 40
	// maxWords bounds the entries of a list that are looked at.
	maxWords = 64
)

// scalar is a value as it was found, in an attribute or inside JSON text, before its form is known.
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
		if v.Bool() {
			return scalar{kind: boolean, number: 1}
		}
		return scalar{kind: boolean}
	case pcommon.ValueTypeSlice:
		return scalar{kind: list, list: v.Slice()}
	default:
		return scalar{}
	}
}

// jsonScalar returns the value at a path inside the text of a JSON object.
func jsonScalar(object, path string) scalar {
	switch r := gjson.Get(object, path); r.Type {
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
	default:
		return scalar{}
	}
}

// says reports whether text says anything: emitters write some words for "not known".
func says(s string) bool {
	switch len(s) {
	case 0:
		return false
	case 4:
		return !strings.EqualFold(s, "none") && !strings.EqualFold(s, "null")
	case 7:
		return !strings.EqualFold(s, "unknown")
	default:
		return true
	}
}

// words returns the text of a string value, trimmed, or "" if it says nothing.
func (v scalar) words() string {
	s := trim(v.text)
	if !says(s) {
		return ""
	}
	return s
}

func trim(s string) string {
	if n := len(s); n > 0 && (s[0] <= ' ' || s[n-1] <= ' ') {
		return strings.TrimSpace(s)
	}
	return s
}

// as returns the number that a value stands for in a form, in seconds if it is a time of a span of that
// duration, and whether the unit of a time had to be corrected.
func (v scalar) as(form dialect.Form, duration float64) (number float64, corrected, ok bool) {
	switch form {
	case dialect.Bool:
		number, ok = v.truth()
	case dialect.Count:
		number, ok = v.count()
	case dialect.Seconds:
		number, corrected, ok = v.seconds(duration)
	case dialect.Milliseconds:
		number, ok = v.milliseconds(duration)
	}
	return number, corrected, ok
}

// numeric returns a number that came as such or as text.
func (v scalar) numeric() (number float64, isWhole, ok bool) {
	switch v.kind {
	case whole, real:
		return v.number, v.kind == whole, true
	case text:
		s := v.words()
		if s == "" || len(s) > maxNumber {
			return 0, false, false
		}
		if i, err := strconv.ParseInt(s, 10, 64); err == nil {
			return float64(i), true, true
		}
		f, err := strconv.ParseFloat(s, 64)
		return f, false, err == nil
	default:
		return 0, false, false
	}
}

// count returns a whole number between 0 and maxCount.
func (v scalar) count() (float64, bool) {
	f, _, ok := v.numeric()
	return f, ok && f >= 0 && f <= maxCount && f == math.Trunc(f)
}

// truth returns a boolean, 1 or 0, that came as such or as text.
func (v scalar) truth() (float64, bool) {
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

// plausible reports whether a time in seconds can be a part of a span of that duration. Zero is what
// emitters write for "not measured"; clocks of two processes differ a little.
func plausible(seconds, duration float64) bool {
	return seconds > 0 && seconds <= duration+max(0.05*duration, 0.005)
}

// seconds returns a time in seconds, and whether its unit had to be corrected: a whole number that
// cannot be seconds is taken in the largest smaller unit that fits the span.
func (v scalar) seconds(duration float64) (seconds float64, corrected, ok bool) {
	f, isWhole, ok := v.numeric()
	if !ok {
		return 0, false, false
	}
	if plausible(f, duration) {
		return f, false, true
	}
	if isWhole {
		for _, unit := range [...]float64{1e-3, 1e-6, 1e-9} {
			if plausible(f*unit, duration) {
				return f * unit, true, true
			}
		}
	}
	return 0, false, false
}

// milliseconds returns a time given in milliseconds in seconds.
func (v scalar) milliseconds(duration float64) (float64, bool) {
	f, _, ok := v.numeric()
	return f / 1000, ok && plausible(f/1000, duration)
}

// firstWord returns the first entry of a list that pick accepts, or the first of all. The list came
// as an array, as the JSON text of one, or as one bare word.
func (v scalar) firstWord(pick func(string) bool) string {
	first := ""
	take := func(s string) bool {
		if s == "" {
			return false
		}
		if first == "" {
			first = s
		}
		if pick(s) {
			first = s
			return true
		}
		return false
	}
	switch v.kind {
	case list:
		for i := range min(v.list.Len(), maxWords) {
			if take(attributeScalar(v.list.At(i)).words()) {
				break
			}
		}
	case text:
		s := v.words()
		if s == "" || s[0] != '[' {
			return s
		}
		if len(s) > maxJSON {
			return ""
		}
		left := maxWords
		gjson.Parse(s).ForEach(func(_, item gjson.Result) bool {
			left--
			return left >= 0 && !take(scalar{kind: text, text: item.Str}.words())
		})
	}
	return first
}
