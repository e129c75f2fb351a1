// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	// ofHistogram is the name of a histogram of which a dashboard's variable says where its buckets are.
	ofHistogram = regexp.MustCompile(`__name__=~"(\w+)\$\{histogram\}"`)
	others      = regexp.MustCompile(`\$(cluster|namespace|service|provider|model)\b`)
)

// The dashboards' variable "histogram" is for explicit buckets or for native histograms: Prometheus answers both.
func TestDashboardsTakeBothKindsOfHistograms(t *testing.T) {
	for kind, load := range map[string]string{
		"_bucket": `%s_bucket{le="0.5"%[2]s} 0+4x20
			%[1]s_bucket{le="1"%[2]s} 0+8x20
			%[1]s_bucket{le="+Inf"%[2]s} 0+9x20`,
		".{0}": `%s{x="y"%s} {{schema:0 sum:1 count:4 buckets:[1 2 1]}}+{{schema:0 sum:1 count:4 buckets:[1 2 1]}}x20`,
	} {
		t.Run(kind, func(t *testing.T) {
			queries := map[string]string{} // by file and text
			series := map[string]bool{}
			for _, file := range shipped(t, "otelcol-llm-*.json") {
				for _, query := range ofDashboard(t, file) {
					names := ofHistogram.FindAllStringSubmatch(query, -1)
					for _, name := range names {
						series[fmt.Sprintf(load, name[1], labelsOf(query))] = true
					}
					if len(names) > 0 {
						filled := others.ReplaceAllString(query, ".*")
						queries[file+query] = strings.ReplaceAll(filled, "${histogram}", kind)
					}
				}
			}
			require.NotEmpty(t, queries)
			text := "load 30s\n"
			for s := range series {
				text += "\t" + s + "\n"
			}
			storage := promqltest.LoadedStorage(t, text)
			engine := promqltest.NewTestEngine(t, false, 0, promqltest.DefaultMaxSamplesPerQuery)
			for _, query := range queries {
				asked, err := engine.NewInstantQuery(context.Background(), storage, nil, query, time.Unix(600, 0))
				require.NoError(t, err, query)
				result := asked.Exec(context.Background())
				require.NoError(t, result.Err, query)
				vector, err := result.Vector()
				require.NoError(t, err)
				assert.NotEmpty(t, vector, query)
				for _, sample := range vector {
					if strings.HasPrefix(query, "histogram_quantile") {
						assert.Greater(t, sample.F, 0., query)
					}
				}
			}
		})
	}
}

// ofMatcher is a label with its value, or with the first of several that a query takes.
var ofMatcher = regexp.MustCompile(`(\w+)=~?"([\w-]+)(?:\|[^"]*)?"`)

// labelsOf are the labels that a query asks for by their values.
func labelsOf(query string) string {
	var labels string
	for _, m := range ofMatcher.FindAllStringSubmatch(query, -1) {
		if !strings.Contains(labels, m[1]) {
			labels += fmt.Sprintf(", %s=%q", m[1], m[2])
		}
	}
	return labels
}
