// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// What the reader can leave out without a case that changes, no case shows.
func TestEveryFactThatSpansCarryIsVisibleInACorpusCase(t *testing.T) {
	cases, err := corpus.Load(tracetest.Root())
	require.NoError(t, err)
	options := spanreader.Options{MaxText: 256, Runs: true}
	whole := spanreader.NewReader(options)
	var want []expectation
	for i := range cases {
		want = append(want, readAll(whole, cases[i].Batches))
	}
	for field := fact.None + 1; field < fact.Carried; field++ {
		if field == fact.Kind || field == fact.ModelLoad {
			continue // They decide what a span is, and cannot be left out.
		}
		options.Unread = []fact.Fact{field}
		without := spanreader.NewReader(options)
		visible := false
		for i := 0; i < len(cases) && !visible; i++ {
			visible = !reflect.DeepEqual(want[i], readAll(without, cases[i].Batches))
		}
		assert.True(t, visible, "no case of testdata/emitters shows the fact %s", field.Row().Name)
	}
}
