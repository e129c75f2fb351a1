// SPDX-License-Identifier: Apache-2.0

package report

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
)

// One service with failures of several kinds, one engine that names its model in the response alone.
func TestTableShowsEachServiceAndModelOnce(t *testing.T) {
	exposed, err := os.Open("testdata/metrics.txt")
	require.NoError(t, err)
	defer exposed.Close()
	want, err := os.ReadFile("testdata/table.txt")
	require.NoError(t, err)

	metrics, err := promtext.Parse(exposed)
	require.NoError(t, err)
	var table strings.Builder
	require.NoError(t, Write(&table, Rows(metrics)))
	assert.Equal(t, string(want), table.String())
}
