// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Some instrumentations write tokens on the conventions' log event alone. It names their span exactly.
func TestASpanHasTheTokensOfTheEventThatNamesIt(t *testing.T) {
	for name, c := range map[string]struct {
		change func(span, event *Request)
		rules  []string
		input  float64
	}{
		"named":                  {func(_, _ *Request) {}, []string{"", "other_signal"}, 90},
		"with tokens":            {func(span, _ *Request) { span.Number[fact.InputTokens] = 80 }, []string{"", ""}, 80},
		"of another model":       {func(_, event *Request) { event.RequestModel = "other" }, []string{"", ""}, llm.Absent},
		"of another kind":        {func(_, event *Request) { event.Class = llm.Embeddings }, []string{"", ""}, llm.Absent},
		"that counts itself":     {func(_, event *Request) { event.MayYield = false }, []string{"wrapper", ""}, llm.Absent},
		"for a span that yields": {func(span, _ *Request) { span.MayYield = true }, []string{"", ""}, llm.Absent},
	} {
		t.Run(name, func(t *testing.T) {
			var m made
			m.add(1, 0, "a")
			m.add(2, 1, "a")
			span, event := &m.related[0], &m.related[1]
			span.RequestModel, event.RequestModel = "gpt-4.1", "gpt-4.1"
			span.Signal, event.Signal, event.MayYield = llm.Spans, llm.Logs, true
			event.Number[fact.InputTokens], event.Number[fact.OutputTokens] = 90, 20
			c.change(span, event)
			assert.Equal(t, c.rules, m.relate())
			assert.Equal(t, c.input, span.Number[fact.InputTokens])
		})
	}
}
