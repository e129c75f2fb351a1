// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
)

var update = flag.Bool("update", false, "write the expected metrics of older systems anew")

// olderSystems are those whose names the examples keep.
var olderSystems = []struct {
	example string
	spans   string
	// names are those of all metrics that the example adds.
	names *regexp.Regexp
}{
	{"llama-stack", "clients", regexp.MustCompile(`^llama_stack_`)},
	{"ollama", "clients", regexp.MustCompile(`^llm_(tokens_|prompt_|response_|inference_|active_|model_load_time)`)},
	{"ryot", "engines", regexp.MustCompile(`^ryot_`)},
}

// Dashboards depend on names, types, labels, buckets and values: all of them are in testdata/older.
func TestOlderSystemsKeepTheirMetrics(t *testing.T) {
	t.Parallel()
	for _, system := range olderSystems {
		t.Run(system.example, func(t *testing.T) {
			c := startOlder(t, system.example)
			sendOlder(t, c, system.spans)
			file := filepath.Join("testdata", "older", system.example+".prom")
			if *update {
				time.Sleep(2 * time.Second) // long enough for all of the spans to be delivered
				require.NoError(t, os.WriteFile(file, []byte(exposed(t, c, system.names)), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			got := ""
			for deadline := time.Now().Add(harness.Patience); got != string(want) && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
				got = exposed(t, c, system.names)
			}
			assert.Equal(t, string(want), got)
			for _, name := range defined(t, system.example) {
				assert.Contains(t, got, "# TYPE "+name+" ", "a metric of the example without data")
			}
		})
	}
}

// customMetric finds the names of the metrics that a configuration defines.
var customMetric = regexp.MustCompile(`(?m)^ {6}([a-z_.]+):$`)

// defined returns the metrics that an example defines, under their names in Prometheus.
func defined(t *testing.T, example string) (names []string) {
	t.Helper()
	config, err := os.ReadFile("../../examples/" + example + "/config.yaml")
	require.NoError(t, err)
	for _, name := range customMetric.FindAllSubmatch(config, -1) {
		names = append(names, strings.ReplaceAll(string(name[1]), ".", "_"))
	}
	require.NotEmpty(t, names)
	return names
}

// The queries that people have on their dashboards, as the examples' pages list them, all return something.
func TestQueriesOfOlderSystemsReturnData(t *testing.T) {
	t.Parallel()
	for _, system := range olderSystems {
		t.Run(system.example, func(t *testing.T) {
			c := startOlder(t, system.example)
			database := harness.StartDatabase(t, c.Address(collector.Prometheus))
			queries := pageQueries(t, system.example)
			require.NotEmpty(t, queries)
			for deadline := time.Now().Add(harness.Patience); len(queries) > 0 && time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
				sendOlder(t, c, system.spans) // rates need numbers that grow
				queries = slices.DeleteFunc(queries, func(query string) bool {
					for _, sample := range database.Samples(query) {
						if sample.Value > 0 {
							return true
						}
					}
					return false
				})
			}
			assert.Empty(t, queries, "queries without data")
		})
	}
}

func startOlder(t *testing.T, example string) *harness.Collector {
	t.Helper()
	return harness.Start(t, nil, harness.DefaultConfig(t), "../../examples/"+example+"/config.yaml", "testdata/config/fast_flush.yaml")
}

func sendOlder(t *testing.T, c *harness.Collector, spans string) {
	t.Helper()
	exchanges, err := capture.Load(filepath.Join("testdata", "older", spans+".jsonl"))
	require.NoError(t, err)
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	for _, exchange := range exchanges {
		for _, batch := range exchange.Fresh(time.Now()) {
			require.NoError(t, sender.Send(context.Background(), batch))
		}
	}
}

// exposed returns the metrics with those names as the endpoint shows them. It leaves out what differs from host to host, and the
// labels of the collector and its resource.
func exposed(t *testing.T, c *harness.Collector, names *regexp.Regexp) string {
	t.Helper()
	answer, err := http.Get("http://" + c.Address(collector.Prometheus) + "/metrics")
	require.NoError(t, err)
	defer answer.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(answer.Body)
	require.NoError(t, err)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if !names.MatchString(name) {
			continue
		}
		family := families[name]
		family.Help = nil
		for _, m := range family.GetMetric() {
			m.Label = slices.DeleteFunc(m.Label, ofResource)
		}
		slices.SortFunc(family.Metric, func(a, b *dto.Metric) int { return cmp.Compare(fmt.Sprint(a.Label), fmt.Sprint(b.Label)) })
		_, err := expfmt.MetricFamilyToText(&text, family)
		require.NoError(t, err)
	}
	return text.String()
}

// ofResource reports whether a label names the resource, the collector or the instrumentation scope.
func ofResource(label *dto.LabelPair) bool {
	switch name := label.GetName(); name {
	case "service_name", "job", "llm_collector_id":
		return true
	default:
		return strings.HasPrefix(name, "otel_scope_")
	}
}

var (
	promqlBlock = regexp.MustCompile("(?s)```promql\n(.*?)```")
	blankLine   = regexp.MustCompile(`\n\s*\n`)
)

// pageQueries returns the queries of an example's page, between which there are blank lines.
func pageQueries(t *testing.T, example string) (queries []string) {
	t.Helper()
	page, err := os.ReadFile("../../examples/" + example + "/README.md")
	require.NoError(t, err)
	for _, block := range promqlBlock.FindAllSubmatch(page, -1) {
		queries = append(queries, blankLine.Split(strings.TrimSpace(string(block[1])), -1)...)
	}
	return queries
}
