// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/board"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/stores"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/traffic"
)

// These tests need Prometheus and Jaeger: `make test-stores`.

// What the guide says about native histograms holds to the end. Every panel of a dashboard that shows histograms has data where
// they are native, in a real Prometheus.
func TestStoreOfNativeHistograms(t *testing.T) {
	guide, err := repo.Path("docs", "how-to.md")
	require.NoError(t, err)
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	snippet := ""
	for _, found := range fence.FindAllSubmatch(text, -1) {
		if strings.Contains(string(found[1]), "histograms: exponential") {
			snippet = string(found[1])
		}
	}
	require.Contains(t, snippet, "127.0.0.1:9090", "the configuration in the guide")

	port := ports(t, 1)[0]
	prometheus, err := stores.Prometheus(program(t, "PROMETHEUS_BINARY"), t.TempDir(), port)
	ready(t, prometheus, err, "/-/ready")
	overlay := filepath.Join(t.TempDir(), "native.yaml")
	require.NoError(t, os.WriteFile(overlay, []byte(strings.ReplaceAll(snippet, "127.0.0.1:9090", fmt.Sprintf("127.0.0.1:%d", port))), 0o600))
	startDemo(t, traffic.Settings{Seed: 1, Cycle: 40 * time.Second, Rate: 2}, overlay)
	time.Sleep(45 * time.Second)

	boards, err := board.All()
	require.NoError(t, err)
	asked := 0
	for _, b := range boards {
		b.Choose("histogram", ".{0}") // native
		for _, panel := range b.Panels {
			for _, query := range panel.Queries {
				if !strings.Contains(query, "${histogram}") {
					continue
				}
				asked++
				filled := b.Fill(query, 15*time.Second, 45*time.Second)
				result := ask(t, prometheus, fmt.Sprintf("last_over_time((%s)[40s:5s])", filled))
				if strings.Contains(filled, "histogram_quantile") {
					assert.NotEmpty(t, result, "%s: %s: %s", b.Title, panel.Title, filled)
				}
			}
		}
	}
	assert.Greater(t, asked, 10, "queries of histograms")
}

// Who sees a slow bucket wants its trace. The exemplar that Prometheus keeps names one that the trace store has, with that very
// span.
func TestStoreOfTraces(t *testing.T) {
	free := ports(t, 4)
	jaeger, err := stores.Jaeger(program(t, "JAEGER_BINARY"), t.TempDir(), [3]int(free[:3]))
	ready(t, jaeger, err, "/api/services")
	c := harness.Start(t, nil, harness.DefaultConfig(t), "testdata/config/fast_flush.yaml", written(t, `exporters:
  otlp_grpc/traces: {endpoint: "127.0.0.1:%d", tls: {insecure: true}, sending_queue: {batch: {flush_timeout: 100ms}}}
service:
  pipelines:
    traces: {exporters: [llm_span_metrics, otlp_grpc/traces]}
`, free[0]))
	prometheus, err := stores.Prometheus(program(t, "PROMETHEUS_BINARY"), t.TempDir(), free[3], c.Address(collector.Prometheus))
	ready(t, prometheus, err, "/-/ready")

	sender, call := harness.GRPC(t, c.Address(collector.OTLPGRPC)), harness.Call(t)
	sent := map[string]int{} // spans by trace
	const metric = "gen_ai_client_operation_duration_seconds_bucket"
	type exemplar struct {
		Labels struct {
			Trace string `json:"trace_id"`
			Span  string `json:"span_id"`
		}
	}
	var found []exemplar
	for deadline := time.Now().Add(2 * harness.Patience); len(found) == 0 && time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		for _, batch := range call.Fresh(time.Now()) {
			for span := range capture.Spans(batch) {
				sent[span.TraceID().String()]++
			}
			require.NoError(t, sender.Send(context.Background(), batch))
		}
		var answer struct {
			Data []struct{ Exemplars []exemplar }
		}
		get(t, prometheus, fmt.Sprintf("/api/v1/query_exemplars?query=%s&start=%d&end=%d", metric, time.Now().Unix()-60, time.Now().Unix()+1), &answer)
		for _, series := range answer.Data {
			found = append(found, series.Exemplars...)
		}
	}
	require.NotEmpty(t, found, "exemplars in Prometheus")
	for _, e := range found {
		require.NotZero(t, sent[e.Labels.Trace], "the trace %s was sent", e.Labels.Trace)
		var trace struct {
			Data []struct {
				Spans []struct {
					SpanID string `json:"spanID"`
				}
			}
		}
		require.Eventually(t, func() bool {
			return jaeger.Get(t.Context(), "/api/traces/"+e.Labels.Trace, &trace) == nil && len(trace.Data) == 1
		}, harness.Patience, 100*time.Millisecond, "the trace store has %s", e.Labels.Trace)
		assert.Len(t, trace.Data[0].Spans, sent[e.Labels.Trace], "all spans of the trace")
		ids := []string{}
		for _, span := range trace.Data[0].Spans {
			ids = append(ids, span.SpanID)
		}
		assert.Contains(t, ids, e.Labels.Span, "the span that the exemplar names")
	}
}

func ports(t *testing.T, n int) []int {
	t.Helper()
	free, release, err := loopback.Reserve(n)
	require.NoError(t, err)
	t.Cleanup(release)
	return free
}

// ready waits for a store, and stops it at the end.
func ready(t *testing.T, store *stores.Store, err error, path string) {
	t.Helper()
	require.NoError(t, err)
	t.Cleanup(func() {
		store.Stop()
		if t.Failed() {
			t.Log(store.Log())
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), harness.Patience)
	defer cancel()
	require.NoError(t, store.Ready(ctx, path))
}

func get(t *testing.T, store *stores.Store, path string, to any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), harness.Patience)
	defer cancel()
	require.NoError(t, store.Get(ctx, path, to))
}

// ask answers the series that a query finds now.
func ask(t *testing.T, prometheus *stores.Store, query string) (series []map[string]string) {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct{ Metric map[string]string }
		}
	}
	get(t, prometheus, "/api/v1/query?query="+url.QueryEscape(query), &answer)
	for _, result := range answer.Data.Result {
		series = append(series, result.Metric)
	}
	return series
}
