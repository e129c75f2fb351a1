// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/boards"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"
)

// Each question of docs/dashboards.md leads to a panel that exists, and every dashboard has its picture there.
func TestQuestionsLeadToPanels(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "dashboards.md"))
	require.NoError(t, err)
	rows := regexp.MustCompile(`(?m)^\| ([^|]+\?) \| ([^|]+) \| ([^|]+\?) \|$`).FindAllSubmatch(text, -1)
	assert.GreaterOrEqual(t, len(rows), 10)
	for _, row := range rows {
		question, title, panel := string(row[1]), string(row[2]), string(row[3])
		i := slices.IndexFunc(boards.All(), func(b grafana.Board) bool { return b.Title == title })
		if assert.NotEqual(t, -1, i, "%s: no dashboard %s", question, title) {
			assert.True(t, slices.ContainsFunc(boards.All()[i].Rows, func(r grafana.Row) bool {
				return slices.ContainsFunc(r.Panels, func(p grafana.Panel) bool { return p.Title == panel })
			}), "%s: no panel %s", question, panel)
		}
	}
	for _, b := range boards.All() {
		assert.Contains(t, string(text), "!["+b.Title+"](pictures/", "a picture of %s", b.Title)
	}
}
