// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// encodingSample is a value in an encoding, on a span that began at 1 s and took 2 s. It stands for a text or a number.
type encodingSample struct {
	value  any
	text   string
	number float64
}

var encodingSamples = map[emitter.Encoding]encodingSample{
	emitter.Text:                {value: " gpt-4o ", text: "gpt-4o"},
	emitter.BeforeSlash:         {value: "openai/gpt-4o", text: "openai"},
	emitter.AfterSlash:          {value: "openai/gpt-4o", text: "gpt-4o"},
	emitter.AfterSlashes:        {value: "accounts/a/models/m", text: "m"},
	emitter.AfterDots:           {value: "inference.azure_openai", text: "azure_openai"},
	emitter.ErrorUnlessSuccess:  {value: "rate_limited", text: "rate_limited"},
	emitter.CancelledFlag:       {value: true, text: cancelled},
	emitter.TimedOutFlag:        {value: true, text: timedOut},
	emitter.EndWord:             {value: "aborted", text: cancelled},
	emitter.GRPCStatus:          {value: 14, text: "UNAVAILABLE"},
	emitter.EnvoyFlags:          {value: "UF,DC", text: cancelled},
	emitter.TextList:            {value: []any{"stop"}, text: "stop"},
	emitter.FinishOrNull:        {value: "stop", text: "stop"},
	emitter.Bool:                {value: "True", number: 1},
	emitter.TrueOnly:            {value: "true", number: 1},
	emitter.FalseOnly:           {value: false, number: 1},
	emitter.NotEmpty:            {value: "an answer", number: 1},
	emitter.FailureWord:         {value: "ERROR", number: 1},
	emitter.StreamedType:        {value: "text/event-stream; charset=utf-8", number: 1},
	emitter.Count:               {value: "42", number: 42},
	emitter.NonZeroCount:        {value: 7, number: 7},
	emitter.Ordinal:             {value: 3, number: 2},
	emitter.CountWithoutParts:   {value: `{"input":9,"output":14,"total":37,"input_cached":8,"output_reasoning":6}`, number: 17},
	emitter.USD:                 {value: "$0.25", number: 0.25},
	emitter.USCents:             {value: 25, number: 0.25},
	emitter.USCentHundredths:    {value: 31, number: 0.0031},
	emitter.Seconds:             {value: 0.5, number: 0.5},
	emitter.FractionalSeconds:   {value: 0.25, number: 0.25},
	emitter.Elapsed:             {value: 60.0, number: 60},
	emitter.Milliseconds:        {value: 500, number: 0.5},
	emitter.ElapsedMilliseconds: {value: 60_000, number: 60},
	emitter.Microseconds:        {value: 500_000, number: 0.5},
	emitter.Nanoseconds:         {value: 500_000_000, number: 0.5},
	emitter.MillisOrNanos:       {value: 500, number: 500}, // other keys show of what
	emitter.WholeMilliseconds:   {value: 500, number: 0.5},
	emitter.Duration:            {value: "850µs", number: 0.00085},
	emitter.Instant:             {value: "1970-01-01T00:00:01.5Z", number: 0.5},
	emitter.JSON:                {value: `{"input":9}`, number: 9},
}

// A encoding that no case of the reader takes would silently read nothing.
func TestEveryFormDecodes(t *testing.T) {
	for encoding := range emitter.Encodings {
		sample, ok := encodingSamples[encoding]
		if !assert.True(t, ok, "encoding %d (%s) has no sample in encodingSamples", encoding, encoding) {
			continue
		}
		// A count is of a fact with numbers, a text of one with texts.
		field := fact.InputTokens
		if sample.text != "" {
			field = fact.RequestModel
		}
		a := emitter.Attribute{Key: "sample", Fact: field, Encoding: encoding}
		switch encoding {
		case emitter.CountWithoutParts:
			a = emitter.Attribute{Key: "sample", Encoding: emitter.JSON, JSONFields: []emitter.JSONField{{Path: "input", Fact: field, Encoding: encoding}}}
		case emitter.JSON:
			a.Fact, a.JSONFields = fact.None, []emitter.JSONField{{Path: "input", Fact: field, Encoding: emitter.Count}}
		default:
		}
		r := NewReader(Options{MaxText: 256, Attributes: []emitter.Attribute{a}})
		attributes := pcommon.NewMap()
		require.NoError(t, attributes.FromRaw(map[string]any{"sample": sample.value}))
		f := spanValues{memo: &memos{}, start: 1e9, duration: 2}
		r.follow(&f, attributes, &origin{scope: &scope{emitter: -1, keys: newKeyCache()}, emitter: -1})
		assert.True(t, f.has(field), "encoding %d (%s) reads nothing out of %v", encoding, encoding, sample.value)
		assert.Equal(t, sample.text, f.textIf(sample.text != "", field), encoding.String())
		assert.Equal(t, sample.number, f.numberIf(sample.text == "", field), encoding.String())
	}
}
