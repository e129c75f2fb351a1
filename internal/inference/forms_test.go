// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

// formSample is a value in a form, on a span that began at 1 s and took 2 s, and what it stands for: a text or a number.
type formSample struct {
	value  any
	text   string
	number float64
}

var formSamples = map[dialect.Form]formSample{
	dialect.Text:                {value: " gpt-4o ", text: "gpt-4o"},
	dialect.BeforeSlash:         {value: "openai/gpt-4o", text: "openai"},
	dialect.AfterSlash:          {value: "openai/gpt-4o", text: "gpt-4o"},
	dialect.AfterSlashes:        {value: "accounts/a/models/m", text: "m"},
	dialect.Mishap:              {value: "rate_limited", text: "rate_limited"},
	dialect.Abandoned:           {value: true, text: cancelled},
	dialect.Flags:               {value: "UF,DC", text: cancelled},
	dialect.TextList:            {value: []any{"stop"}, text: "stop"},
	dialect.Bool:                {value: "True", number: 1},
	dialect.Affirmed:            {value: "true", number: 1},
	dialect.Denied:              {value: false, number: 1},
	dialect.Present:             {value: "an answer", number: 1},
	dialect.Failure:             {value: "ERROR", number: 1},
	dialect.Count:               {value: "42", number: 42},
	dialect.Some:                {value: 7, number: 7},
	dialect.Ordinal:             {value: 3, number: 2},
	dialect.Parts:               {value: `{"input":9,"output":14,"total":37,"input_cached":8,"output_reasoning":6}`, number: 17},
	dialect.USD:                 {value: "$0.25", number: 0.25},
	dialect.Seconds:             {value: 0.5, number: 0.5},
	dialect.Elapsed:             {value: 60.0, number: 60},
	dialect.Milliseconds:        {value: 500, number: 0.5},
	dialect.ElapsedMilliseconds: {value: 60_000, number: 60},
	dialect.Microseconds:        {value: 500_000, number: 0.5},
	dialect.Nanoseconds:         {value: 500_000_000, number: 0.5},
	dialect.MillisOrNanos:       {value: 500, number: 500}, // other keys tell of what
	dialect.WholeMilliseconds:   {value: 500, number: 0.5},
	dialect.Duration:            {value: "850µs", number: 0.00085},
	dialect.Instant:             {value: "1970-01-01T00:00:01.5Z", number: 0.5},
	dialect.JSON:                {value: `{"input":9}`, number: 9},
}

// A form that no case of the reader takes would silently read nothing.
func TestEveryFormDecodes(t *testing.T) {
	for form := range dialect.Forms {
		sample, ok := formSamples[form]
		if !assert.True(t, ok, "form %d (%s) has no sample in formSamples", form, form) {
			continue
		}
		// A count is of a field with numbers, a text of one with texts.
		field := fact.InputTokens
		if sample.text != "" {
			field = fact.RequestModel
		}
		a := dialect.Attribute{Key: "sample", Fact: field, Form: form}
		switch form {
		case dialect.Parts:
			a = dialect.Attribute{Key: "sample", Form: dialect.JSON, Inside: []dialect.Inside{{Path: "input", Fact: field, Form: form}}}
		case dialect.JSON:
			a.Fact, a.Inside = fact.None, []dialect.Inside{{Path: "input", Fact: field, Form: dialect.Count}}
		default:
		}
		r := NewReader(Options{MaxText: 256, Attributes: []dialect.Attribute{a}})
		attributes := pcommon.NewMap()
		require.NoError(t, attributes.FromRaw(map[string]any{"sample": sample.value}))
		f := found{memo: &memos{}, start: 1e9, duration: 2}
		r.follow(&f, attributes, &origin{scope: &scope{emitter: -1, course: course{emitter: -1}}, emitter: -1})
		assert.True(t, f.has(field), "form %d (%s) reads nothing out of %v", form, form, sample.value)
		assert.Equal(t, sample.text, f.textIf(sample.text != "", field), form.String())
		assert.Equal(t, sample.number, f.numberIf(sample.text == "", field), form.String())
	}
}
