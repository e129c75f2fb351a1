// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/tools/mixin/boards"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/grafana"
	"github.com/otelcol-llm/otelcol-llm/tools/mixin/names"
)

// root is the top of the repository.
const root = "../.."

// What is committed is what the rows say: `make generate` writes it.
func TestFilesAreCurrent(t *testing.T) {
	files, err := generate(root)
	require.NoError(t, err)
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s: run 'make generate'", name)
	}
	for _, folder := range []string{"deploy/grafana/*.json", "deploy/victoriametrics/*.json", "deploy/prometheus/rules_*[^t].yaml"} {
		committed, err := filepath.Glob(filepath.Join(root, folder))
		require.NoError(t, err)
		for _, path := range committed {
			name, err := filepath.Rel(root, path)
			require.NoError(t, err)
			assert.Contains(t, slices.Collect(maps.Keys(files)), name, "a file that no row makes")
		}
	}
}

// Grafana drops what it does not know without a word, so that a misspelt option is lost.
func TestDashboardsFollowGrafanasSchema(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for _, b := range boards.All() {
		var read grafana.File
		if err := read.UnmarshalJSONStrict(committed(t, b.UID)); err != nil {
			assert.Empty(t, err.Error(), b.UID) // the SDK answers an error without a text when all is well
		}
	}
}

func TestSchemaFindsUnknownFields(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	text := strings.Replace(string(committed(t, boards.All()[0].UID)), `"gridPos"`, `"gridPoz"`, 1)
	var read grafana.File
	assert.ErrorContains(t, read.UnmarshalJSONStrict([]byte(text)), "gridPoz")
}

func committed(t *testing.T, uid string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "deploy", "grafana", uid+".json"))
	require.NoError(t, err)
	return text
}

// A panel serves at three in the morning. It has a question, a unit, and words where there is no value. It says what a bad value
// means and what to do next.
func TestPanelsSayWhatTheyShow(t *testing.T) {
	uids := map[string]bool{}
	for _, b := range boards.All() {
		assert.False(t, uids[b.UID], "two dashboards of one uid")
		uids[b.UID] = true
	}
	for _, b := range boards.All() {
		titles := map[string]bool{}
		assert.NotEmpty(t, b.Description, b.UID)
		for _, row := range b.Rows {
			for _, p := range row.Panels {
				where := b.UID + ": " + p.Title
				assert.True(t, strings.HasSuffix(p.Title, "?"), "%s: the title is a question", where)
				assert.False(t, titles[p.Title], "%s: two panels of one title", where)
				titles[p.Title] = true
				assert.Greater(t, len(p.Help), 60, "%s: what does a bad value mean, what is to be done?", where)
				assert.NotEmpty(t, p.Unit, "%s: unit", where)
				assert.NotEmpty(t, p.Queries, where)
				assert.LessOrEqual(t, len(p.Title)*9, int(p.Width)*1280/24, "%s: the title is cut at 1280 pixels", where)
				if p.More != "" {
					assert.True(t, uids[p.More], "%s: no dashboard %s", where, p.More)
				}
				for _, c := range p.Columns {
					assert.True(t, c.More == "" || uids[c.More], "%s: no dashboard %s", where, c.More)
				}
				for _, q := range p.Queries {
					assert.NotEmpty(t, q.Legend, "%s: a legend", where)
				}
			}
		}
	}
}

// Queries are restricted by what the user selects, and ask for a rate over as long as the scrapes need.
func TestQueriesFollowTheVariables(t *testing.T) {
	catalogue := load(t)
	for _, b := range boards.All() {
		text, err := b.JSON(catalogue)
		require.NoError(t, err)
		for _, expr := range expressions(t, text) {
			assert.NotRegexp(t, `\[[0-9]+[smh]\]`, expr, "%s: a fixed range; use $__rate_interval", b.UID)
			for _, used := range variable.FindAllStringSubmatch(expr, -1) {
				name := used[1]
				known := strings.HasPrefix(name, "__") || slices.ContainsFunc(b.Variables, func(v grafana.Variable) bool { return v.Name == name })
				assert.True(t, known, "%s: no variable %s in: %s", b.UID, name, expr)
			}
		}
	}
}

var (
	variable = regexp.MustCompile(`\$\{?(\w+)`)
	interval = regexp.MustCompile(`\$__(rate_interval|interval|range)`)
)

// A label that no series has selects nothing, or all, and a grouping by it is lost.
func TestQueriesNameLabelsThatAreEmitted(t *testing.T) {
	catalogue := load(t)
	byName := map[string]*names.Metric{}
	for _, m := range catalogue {
		byName[m.Prometheus] = m
	}
	for _, b := range boards.All() {
		text, err := b.JSON(catalogue)
		require.NoError(t, err)
		for _, expr := range expressions(t, text) {
			parsed, err := parser.ParseExpr(interval.ReplaceAllString(expr, "5m"))
			require.NoError(t, err, expr)
			parser.Inspect(parsed, func(node parser.Node, path []parser.Node) error {
				selector, ok := node.(*parser.VectorSelector)
				if !ok {
					return nil
				}
				m := metricOf(byName, selector)
				if !assert.NotNil(t, m, "%s: no such metric: %s", b.UID, selector) {
					return nil
				}
				for _, matcher := range selector.LabelMatchers {
					assert.True(t, matcher.Name == "__name__" || m.HasLabel(matcher.Name), "%s: %s has no label %s", b.UID, m.Name, matcher.Name)
				}
				for _, above := range path {
					if a, ok := above.(*parser.AggregateExpr); ok && !a.Without {
						for _, label := range a.Grouping {
							assert.True(t, label == "le" && m.Histogram || m.HasLabel(label), "%s: %s has no label %s to group by", b.UID, m.Name, label)
						}
					}
				}
				return nil
			})
		}
	}
}

var parts = regexp.MustCompile(`(_bucket|_sum|_count|\$\{histogram\})$`)

func metricOf(byName map[string]*names.Metric, selector *parser.VectorSelector) *names.Metric {
	name := selector.Name
	for _, m := range selector.LabelMatchers {
		if m.Name == "__name__" {
			name = m.Value
		}
	}
	if m := byName[name]; m != nil {
		return m
	}
	return byName[parts.ReplaceAllString(name, "")]
}

func load(t *testing.T) names.Catalogue {
	t.Helper()
	catalogue, err := names.Load(root)
	require.NoError(t, err)
	return catalogue
}

// expressions are the queries of a dashboard.
func expressions(t *testing.T, text []byte) (found []string) {
	t.Helper()
	var content any
	require.NoError(t, json.Unmarshal(text, &content))
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if expr, ok := v["expr"].(string); ok {
				found = append(found, expr)
			}
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(content)
	require.NotEmpty(t, found)
	return found
}
