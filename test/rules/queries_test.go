// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"encoding/json"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// layerLabel separates measurements of one request.
const layerLabel = "llm_layer"

var promql = parser.NewParser(parser.Options{})

// A request is measured by clients, gateways and engines. A query that neither selects nor groups by layer adds up the same
// request several times.
func TestEveryQueryTellsLayersApart(t *testing.T) {
	queries := map[string][]string{} // by file
	rules, _ := ruleFiles(t)
	for _, file := range rules {
		queries[file] = ofRules(t, file)
	}
	for _, file := range shipped(t, "*.md") {
		queries[file] = ofPage(t, file)
	}
	for _, file := range shipped(t, "*.json") {
		queries[file] = ofDashboard(t, file)
	}
	checked := 0
	for file, texts := range queries {
		for _, text := range texts {
			expr, err := promql.ParseExpr(text)
			if assert.NoError(t, err, "%s: %s", file, text) {
				assert.Empty(t, mixing(expr), "%s: series of several layers in: %s", file, text)
				checked++
			}
		}
	}
	assert.Greater(t, checked, 10, "queries")
}

func TestQueriesThatMixLayersAreFound(t *testing.T) {
	for query, want := range map[string][]string{
		`sum(rate(llm_requests_total[5m]))`:                                                        {"llm_requests_total"},
		`rate(llm_requests_total[5m])`:                                                             {"llm_requests_total"},
		`sum by (llm_outcome) (rate(llm_requests_total[5m]))`:                                      {"llm_requests_total"},
		`sum(sum by (llm_layer) (llm_requests_total))`:                                             {"llm_requests_total"},
		`sum without (llm_layer) (llm_requests_total)`:                                             {"llm_requests_total"},
		`sum(llm_requests_total{llm_layer=~".*"})`:                                                 {"llm_requests_total"},
		`sum(llm_requests:rate5m)`:                                                                 {"llm_requests:rate5m"},
		`sum({__name__="llm_cost_total"})`:                                                         {"llm_cost_total"},
		`sum by (llm_layer) (llm_requests_total) / sum(llm_cost_total)`:                            {"llm_cost_total"},
		`sum(rate(llm_requests_total{llm_layer="client"}[5m]))`:                                    nil,
		`sum by (llm_layer) (rate(llm_requests_total[5m]))`:                                        nil,
		`sum without (service_name) (rate(llm_requests_total[5m]))`:                                nil,
		`topk by (llm_layer) (3, sum by (llm_layer, x) (rate(llm_requests_total[5m])))`:            nil,
		`topk(3, sum by (llm_layer, x) (rate(llm_requests_total[5m])))`:                            nil,
		`llm_requests:rate5m > 0.1`:                                                                nil,
		`sum(rate(gen_ai_client_operation_duration_seconds_count[5m])) + sum(otelcol_llm_x_total)`: nil,
	} {
		expr, err := promql.ParseExpr(query)
		require.NoError(t, err)
		assert.Equal(t, want, mixing(expr), query)
	}
}

func TestQueriesOfDashboardsAreFound(t *testing.T) {
	assert.Equal(t, []string{"sum(rate(llm_requests_total[5m]))", "up"}, ofDashboard(t, "testdata/dashboard.json"))
}

// ofNoLayer are metrics that are not measured on requests: thresholds of alerts, and what engines and llm-d say about themselves.
var ofNoLayer = regexp.MustCompile(`^llm_(alert_threshold$|engine_|d_)`)

// ofOneLayer are what rules_efficiency.yaml records of engines alone, and what examples/ollama makes of one layer's requests.
var ofOneLayer = regexp.MustCompile(`^llm_(gpu:|gpu_model:|tokens_per_second|tokens_generated|prompt_tokens|response_tokens|inference_latency|inference_errors|` +
	`active_requests|model_load_time)`)

// mixing returns the metrics of which a query puts series of several layers together. Series that rules recorded keep
// their layer, so that those may be shown as they are.
func mixing(expr parser.Expr) (metrics []string) {
	parser.Inspect(expr, func(node parser.Node, path []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		name := metricOf(selector)
		if !strings.HasPrefix(name, "llm_") || ofNoLayer.MatchString(name) || ofOneLayer.MatchString(name) || slices.ContainsFunc(selector.LabelMatchers, selectsLayer) {
			return nil
		}
		kept, aggregated := true, false
		for _, above := range path {
			if a, ok := above.(*parser.AggregateExpr); ok && merges(a) {
				aggregated = true
				kept = kept && slices.Contains(a.Grouping, layerLabel) != a.Without
			}
		}
		if !kept || !aggregated && !strings.Contains(name, ":") {
			metrics = append(metrics, name)
		}
		return nil
	})
	return metrics
}

// metricOf returns the name of the metric that a selector is for.
func metricOf(selector *parser.VectorSelector) string {
	for _, m := range selector.LabelMatchers {
		if m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return ""
}

func selectsLayer(m *labels.Matcher) bool { return m.Name == layerLabel && m.Type == labels.MatchEqual }

// merges reports whether an aggregation puts series together, rather than choosing some.
func merges(a *parser.AggregateExpr) bool {
	return !slices.Contains([]parser.ItemType{parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO}, a.Op)
}

// ofRules returns the queries of a file of rules.
func ofRules(t *testing.T, file string) (queries []string) {
	t.Helper()
	groups, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, promql, slog.New(slog.DiscardHandler))
	require.Empty(t, errs)
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			queries = append(queries, rule.Expr)
		}
	}
	return queries
}

var (
	fence = regexp.MustCompile("(?s)```promql\n(.*?)```")
	// A blank line stands between two queries of one block.
	blank = regexp.MustCompile(`\n\s*\n`)
)

// ofPage returns the queries in a page's blocks of PromQL.
func ofPage(t *testing.T, file string) (queries []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, block := range fence.FindAllSubmatch(text, -1) {
		queries = append(queries, blank.Split(string(block[1]), -1)...)
	}
	return queries
}

// variable is a time range that Grafana fills in.
var variable = regexp.MustCompile(`\$(__rate_interval|__interval|__range)\b|\$\{(__rate_interval|__interval|__range)\}`)

// ofDashboard returns the queries of a Grafana dashboard; other JSON has none.
func ofDashboard(t *testing.T, file string) (queries []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var content any
	if json.Unmarshal(text, &content) != nil {
		return nil
	}
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if query, ok := v["expr"].(string); ok {
				queries = append(queries, variable.ReplaceAllString(query, "5m"))
			}
			for _, item := range v {
				walk(item)
			}
		}
	}
	walk(content)
	return queries
}
