// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// What happens to one request whose spans come in different batches, as the processor's README says. The first batch
// counts before the second is known.
func TestSpansOfOneRequestInDifferentBatches(t *testing.T) {
	attempt := func(id, from, to uint64, failed bool) spanOf {
		return spanOf{
			scope: "ai", name: "ai.generateText.doGenerate", id: id, parent: 9, from: from, to: to, failed: failed,
			attributes: map[string]any{"ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m"},
		}
	}
	logfire := func(id, to uint64, kind string) spanOf {
		return spanOf{scope: "logfire.openai", id: id, parent: 9, to: to, attributes: chat("m", "logfire.span_type", kind)}
	}
	untraced := engineSpan(2, 0, 90, "r")
	untraced.trace, untraced.parent = 2, 0
	step := spanOf{scope: framework, id: 2, parent: 1, to: 98, attributes: map[string]any{"gen_ai.operation.name": "agent_step"}}
	inner := spanOf{scope: client, id: 3, parent: 2, to: 97, attributes: chat("m")}
	outer := spanOf{scope: framework, id: 1, to: 100, attributes: chat("m")}

	for name, c := range map[string]struct {
		batches [][]spanOf
		want    applied
	}{
		"a wrapper beyond a span of no LLM application": {
			[][]spanOf{{inner, {scope: "app", id: 2, parent: 1, to: 98}}, {outer}}, applied{1: llm.Unique, 3: llm.Unique},
		},
		"a wrapper beyond a span that came alone": {
			[][]spanOf{{inner}, {step}, {outer}}, applied{1: llm.Unique, 3: llm.Unique},
		},
		"two clients side by side": {
			[][]spanOf{
				{{scope: client, id: 1, parent: 9, to: 100, attributes: chat("m")}},
				{{scope: other, id: 2, parent: 9, to: 101, attributes: chat("m")}},
			}, applied{1: llm.Unique, 2: llm.Unique},
		},
		"attempts": {
			[][]spanOf{{attempt(1, 0, 10, true)}, {attempt(2, 20, 90, false)}}, applied{1: llm.Unique, 2: llm.Unique},
		},
		"outputs of an engine": {
			[][]spanOf{{engineSpan(1, 0, 80, "r")}, {engineSpan(2, 0, 90, "r")}}, applied{1: llm.Unique, 2: llm.SameID},
		},
		"outputs of an engine in traces of their own": {
			[][]spanOf{{engineSpan(1, 0, 80, "r"), untraced}}, applied{1: llm.Unique, 2: llm.Unique},
		},
		"an engine that reads the prompt and one that answers": {
			[][]spanOf{{engineSpan(1, 0, 40, "r")}, {engineSpan(2, 45, 90, "r")}}, applied{1: llm.Unique, 2: llm.SameID},
		},
		"the log of a stream": {
			[][]spanOf{{logfire(1, 10, "span")}, {logfire(2, 90, "log")}}, applied{1: llm.Unique, 2: llm.Supplemented},
		},
	} {
		assert.Equal(t, c.want, batches(t, c.batches...), name)
	}
}
