// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/pagetest"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func TestThePageIsUpToDate(t *testing.T) {
	text, err := page(tracetest.Root())
	require.NoError(t, err)
	pagetest.UpToDate(t, filepath.Join(tracetest.Root(), "docs", "connect.md"), text, "go generate ./internal/emitter")
}

func TestWhatThePageLinksToIsThere(t *testing.T) {
	text, err := page(tracetest.Root())
	require.NoError(t, err)
	for _, link := range regexp.MustCompile(`\]\((\.\./[^)]+|[a-z]+\.md)\)`).FindAllStringSubmatch(text, -1) {
		_, err := os.Stat(filepath.Join(tracetest.Root(), "docs", link[1]))
		assert.NoError(t, err)
	}
}

// A row of what the cases do not show would have nothing to say.
func TestRowsNameFamiliesWithCases(t *testing.T) {
	all, err := corpus.Survey(tracetest.Root())
	require.NoError(t, err)
	for _, bad := range []row{{title: "typo", families: []string{"vlm"}}, {title: "no case", families: []string{"conventions"}}} {
		_, err := bad.line(all)
		assert.ErrorContains(t, err, bad.families[0])
	}
}
