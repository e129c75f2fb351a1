// SPDX-License-Identifier: Apache-2.0

package corpus_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestEveryCaseSaysWhatItShowsAndWhereItsSpansAreFrom(t *testing.T) {
	cases, err := corpus.Load(tracetest.Root())
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	logs, err := corpus.LoadLogs(tracetest.Root())
	require.NoError(t, err)
	require.NotEmpty(t, logs)
	cases = append(cases, logs...)
	for i := range cases {
		assert.NoError(t, cases[i].Validate(), "%s/case.yaml", cases[i].Folder)
	}
}
