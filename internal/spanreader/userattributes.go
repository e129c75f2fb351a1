// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
)

// readDimensions returns the values of the attributes that the user asked for.
func (r *Reader) readDimensions(span ptrace.Span, o *origin, b *Batch) []attr.Value {
	first := len(b.dimensions)
	for _, source := range r.options.Dimensions {
		value := attr.Value{}
		if v, ok := o.holder(span, source.Of).Get(source.Key); ok {
			value = attr.From(v, r.maxText)
		}
		b.dimensions = append(b.dimensions, value)
	}
	return b.dimensions[first:len(b.dimensions):len(b.dimensions)]
}

// readNumbers returns the numbers of the attributes that the user asked for.
func (r *Reader) readNumbers(span ptrace.Span, o *origin, b *Batch) []float64 {
	first := len(b.numbers)
	for _, source := range r.options.Numbers {
		number := math.NaN()
		if v, ok := o.holder(span, source.Of).Get(source.Key); ok {
			number = numberIn(v)
		}
		b.numbers = append(b.numbers, number)
	}
	return b.numbers[first:len(b.numbers):len(b.numbers)]
}

// conditions returns the user's conditions that hold for a span.
func (r *Reader) conditions(span ptrace.Span, o *origin) uint32 {
	if r.options.Conditions == nil {
		return 0
	}
	return r.options.Conditions(o.resource, o.spans, span)
}

// numberIn returns the finite number that an attribute holds, be it as text, or NaN.
func numberIn(v pcommon.Value) float64 {
	number := math.NaN()
	switch v.Type() {
	case pcommon.ValueTypeInt:
		number = float64(v.Int())
	case pcommon.ValueTypeDouble:
		number = v.Double()
	case pcommon.ValueTypeStr:
		if parsed, err := strconv.ParseFloat(trim(v.Str()), 64); err == nil {
			number = parsed
		}
	default:
	}
	if math.IsInf(number, 0) {
		return math.NaN()
	}
	return number
}
