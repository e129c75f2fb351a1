// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/pagetest"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestThePageIsUpToDate(t *testing.T) {
	text, err := page(tracetest.Root())
	require.NoError(t, err)
	pagetest.UpToDate(t, filepath.Join(tracetest.Root(), "docs", "settings.md"), text, "go generate ./config")
}

// Settings within lists and maps are on the page, too.
func TestThePageNamesSettingsWhereverTheyAre(t *testing.T) {
	text, err := page(tracetest.Root())
	require.NoError(t, err)
	for _, setting := range []string{
		"flush_interval", "limits::dimension_sets", "custom_metrics::<name>::outcomes", "dimensions[]::values[]::match", "reading::exclude::services",
		"helper::start_timeout", "metrics_path", "keep_source",
	} {
		assert.Contains(t, text, "| `"+setting+"` |")
	}
}
