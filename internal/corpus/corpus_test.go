// SPDX-License-Identifier: Apache-2.0

package corpus_test

import (
	"bytes"
	"os"
	"path/filepath"
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

// Captured programs run below the build folder, whose path is that of one machine.
func TestNoCaseHoldsThePathOfABuildFolder(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "*", "*", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.False(t, bytes.Contains(text, []byte("/_build")), file)
	}
}
