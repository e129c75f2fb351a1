// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

const fastFlush = "testdata/config/fast_flush.yaml"

// overlay writes a configuration to lay on top of others.
func overlay(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "overlay.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// sendCalls sends calls of one request each.
func sendCalls(t *testing.T, c *harness.Collector, calls int) {
	t.Helper()
	sender, call := harness.GRPC(t, c.Address(collector.OTLPGRPC)), harness.Call(t)
	for range calls {
		for _, batch := range call.Fresh(time.Now()) {
			require.NoError(t, sender.Send(context.Background(), batch))
		}
	}
}

// A file with prices is a matter of metrics. Whatever is wrong with it, spans pass and requests count, at the start and at a
// reload. `validate` finds the fault, and the file is read once it is good.
func TestAPriceFileNeverStopsTheCollector(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "prices.json")
	config := overlay(t, "processors: {llm_span_metrics: {prices: {file: "+file+"}}}")
	for _, broken := range []string{"", "[]", `{"claude-sonnet-4-5": {"input_cost_per_token": -1}}`} {
		if broken != "" {
			require.NoError(t, os.WriteFile(file, []byte(broken), 0o600))
		}
		output, code := run(t, "validate", "--config=file:"+harness.DefaultConfig(t), "--config=file:"+config)
		assert.NotZero(t, code, "validate finds %q", broken)
		assert.Contains(t, output, "prices::file")
	}

	c := harness.Start(t, nil, harness.DefaultConfig(t), fastFlush, config)
	sendCalls(t, c, 1)
	c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 1)
	telemetry, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	assert.Positive(t, telemetry.Sum("otelcol_llm_span_metrics_price_list_errors", promtext.Labels{"otelcol_component_id": "llm_span_metrics"}))

	require.NoError(t, os.Remove(file))
	c.MustReload()
	require.NoError(t, os.WriteFile(file, []byte(`{"claude-sonnet-4-5": {"input_cost_per_token": 0.5, "output_cost_per_token": 0.25}}`), 0o600))
	require.Eventually(t, func() bool { return c.Logged("Read the changed price list") }, harness.Patience, 50*time.Millisecond)
	sendCalls(t, c, 1)
	c.WaitForSum(collector.Prometheus, "llm_cost_total", promtext.Labels{"llm_cost_source": "computed"}, 17*0.5+20*0.25)
	c.MustStop()
	output, code := run(t, "validate", "--config=file:"+harness.DefaultConfig(t), "--config=file:"+config)
	assert.Zero(t, code, output)
}

// The pipelines of one signal are shut down before those of another, and with them the exporter that both have. contrib's file
// exporter then panics.
func TestAnExporterOfTwoSignalsDoesNotEndTheCollectorBadly(t *testing.T) {
	written := filepath.Join(t.TempDir(), "out.json")
	config := overlay(t, `
exporters: {file: {path: `+written+`}}
service:
  pipelines:
    traces: {exporters: [llm_span_metrics, file]}
    metrics: {exporters: [file]}
`)
	lost := false
	// Which signal comes first is chosen by chance: in 5 of 12 stops the exporter was closed too early.
	for i := 0; i < 12 && !lost; i++ {
		c := harness.Start(t, nil, harness.DefaultConfig(t), config)
		sendCalls(t, c, 1)
		c.MustStop()
		lost = c.Logged("an exporter panicked")
		if lost {
			assert.True(t, c.Logged("Export of the last metrics failed"))
			assert.True(t, c.Logged(`"data_points"`), "the log says how much was lost")
		}
	}
	assert.True(t, lost, "a stop in which the exporter was closed before the last metrics came")
}

// What is accepted and would do little is warned of.
func TestConfigurationsThatDoLittleAreWarnedOf(t *testing.T) {
	c := harness.Start(t, nil, harness.DefaultConfig(t), overlay(t, `
processors:
  llm_span_metrics:
    temporality: delta
    prices: {models: [{model: "gpt-4.*", input: 1}]}
`))
	assert.True(t, c.Logged("temporality is delta, which this exporter does not carry"))
	assert.True(t, c.Logged("is no regular expression"))
	c.MustStop()
}

// Behind a queue the pipeline accepts all metrics: that a backend is away shows at the exporter alone. These are the metrics
// that the alerts LLMMetricsDoNotArrive and LLMMetricsLost look at.
func TestADeadMetricsBackendShowsAtItsExporter(t *testing.T) {
	t.Parallel()
	c := harness.Start(t, nil, harness.DefaultConfig(t), fastFlush, overlay(t, `
exporters:
  otlp_grpc:
    endpoint: 127.0.0.1:1 # where nothing listens
    tls: {insecure: true}
    retry_on_failure: {initial_interval: 100ms, max_interval: 200ms, max_elapsed_time: 1s}
service: {pipelines: {metrics: {exporters: [otlp_grpc]}}}
`))
	sendCalls(t, c, 1)
	exporter := promtext.Labels{"exporter": "otlp_grpc"}
	require.Eventually(t, func() bool {
		metrics, err := c.Metrics(collector.Telemetry)
		return err == nil && metrics.Sum("otelcol_exporter_in_flight_requests", promtext.Labels{"exporter": "otlp_grpc", "data_type": "metrics"}) > 0 &&
			metrics.Sum("otelcol_exporter_send_failed_metric_points", exporter) > 0
	}, harness.Patience, 100*time.Millisecond)
	metrics, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	assert.Zero(t, metrics.Sum("otelcol_exporter_sent_metric_points", exporter))
	assert.Zero(t, metrics.Sum("otelcol_llm_span_metrics_refused_points", nil), "the pipeline has accepted them")
}

// Health checks and load tests are no requests of users.
func TestProbesAndLoadTestsAreLeftOut(t *testing.T) {
	t.Parallel()
	c := harness.Start(t, nil, harness.DefaultConfig(t), fastFlush, overlay(t, `
processors:
  llm_span_metrics:
    reading:
      exclude:
        services: ["k6-*"]
        user_agents: ["kube-probe/*"]
        attributes: [{attribute: app.synthetic, value: "true"}]
`))
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	for i, mark := range []func(service, span attributes){
		func(_, _ attributes) {},
		func(service, _ attributes) { service.PutStr("service.name", "k6-smoke") },
		func(_, span attributes) { span.PutStr("user_agent.original", "kube-probe/1.33") },
		func(_, span attributes) { span.PutBool("app.synthetic", true) },
	} {
		batch := prompts(i, 1, 10)
		rs := batch.ResourceSpans().At(0)
		mark(rs.Resource().Attributes(), rs.ScopeSpans().At(0).Spans().At(0).Attributes())
		require.NoError(t, sender.Send(context.Background(), batch))
	}
	c.WaitForSum(collector.Telemetry, "otelcol_llm_span_metrics_skipped", promtext.Labels{"reason": "excluded"}, 3)
	c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 1)
}

// attributes are what a span or a resource is marked with.
type attributes interface {
	PutStr(key, value string)
	PutBool(key string, value bool)
}

// scrapeTimeout is Prometheus's default.
const scrapeTimeout = 10 * time.Second

// The shipped Prometheus endpoint carries what the default limits let through. It takes a scrape's time and a container of half a
// gigabyte. Who comes near the limit is warned.
func TestThePrometheusEndpointCarriesTheDefaultLimit(t *testing.T) {
	const services, models, limit = 5, 500, 2_000
	c := harness.Start(t, nil, harness.DefaultConfig(t), fastFlush, overlay(t, `
processors:
  memory_limiter: {limit_percentage: 0, spike_limit_percentage: 0, limit_mib: 500, spike_limit_mib: 125}
  llm_span_metrics: {flush_interval: 2s}
`))
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	for service := range services {
		batch := prompts(service*models, models, 10)
		rs := batch.ResourceSpans().At(0)
		rs.Resource().Attributes().PutStr("service.name", fmt.Sprintf("service-%d", service))
		for i, span := range rs.ScopeSpans().At(0).Spans().All() {
			span.Attributes().PutStr("gen_ai.request.model", fmt.Sprintf("model-%d", i))
			span.Attributes().PutStr("gen_ai.response.model", fmt.Sprintf("model-%d-2026-11-30", i))
			span.Attributes().PutStr("server.address", "api.example.com")
			span.Attributes().PutBool("gen_ai.request.stream", true)
			span.Attributes().PutDouble("gen_ai.response.time_to_first_chunk", 0.1)
			span.Attributes().PutInt("gen_ai.usage.input_tokens", 1_200)
			span.Attributes().PutInt("gen_ai.usage.cache_read.input_tokens", 100)
			span.Attributes().PutInt("gen_ai.usage.output_tokens", 350)
		}
		require.NoError(t, sender.Send(context.Background(), batch))
	}
	var page []byte
	require.Eventually(t, func() bool {
		page = readPage(t, c)
		return requestsOn(page, "") == services*models
	}, 4*harness.Patience, time.Second)
	assert.EqualValues(t, services*models-limit, requestsOn(page, `otel_metric_overflow="true"`))
	require.Eventually(t, func() bool { return c.Logged("Dimension sets near their limit") }, harness.Patience, 50*time.Millisecond)

	// A test machine may be busy, so that the collector's own time counts.
	const spent = "otelcol_process_cpu_seconds"
	before, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	start := time.Now()
	page = readPage(t, c)
	took := time.Since(start)
	after, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	seconds, lines, size := after.Sum(spent, nil)-before.Sum(spent, nil), bytes.Count(page, []byte("\n")), len(page)
	t.Logf("a set: %d lines, %d bytes; page: %d MB in %v, of which the collector works %.2f s", lines/limit, size/limit, size/1e6, took, seconds)
	assert.Positive(t, seconds)
	assert.Less(t, seconds, scrapeTimeout.Seconds())
	assert.False(t, c.Logged("data refused due to high memory usage"))
	telemetry, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	assert.Zero(t, refusals(telemetry))
}

// readPage reads the Prometheus endpoint as it is. To parse a page of this size takes longer than to make it.
func readPage(t *testing.T, c *harness.Collector) []byte {
	t.Helper()
	answer, err := http.Get("http://" + c.Address(collector.Prometheus) + "/metrics")
	require.NoError(t, err)
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return page
}

// requestsOn adds up the requests on a page, of the series with a label.
func requestsOn(page []byte, label string) (sum float64) {
	for line := range bytes.Lines(page) {
		if !bytes.HasPrefix(line, []byte("llm_requests_total{")) || !bytes.Contains(line, []byte(label)) {
			continue
		}
		end := bytes.LastIndexByte(line, '}')
		value, _, _ := strings.Cut(strings.TrimSpace(string(line[end+1:])), " ")
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return math.NaN()
		}
		sum += number
	}
	return sum
}

// A probe asks where it always did, also with the settings of the GPU receiver's page.
func TestTheHealthCheckOfTheGPUPageKeepsItsPath(t *testing.T) {
	path, err := repo.Path("receiver", "llmgpureceiver", "README.md")
	require.NoError(t, err)
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, block := range fence.FindAllStringSubmatch(string(page), -1) {
		if !strings.Contains(block[1], "component_health") {
			continue
		}
		snippet := strings.Replace(block[1], "127.0.0.1:13133", "127.0.0.1:${env:"+collector.Health.Env+"}", 1)
		c := harness.StartWith(t, gates.FindAllString(snippet, -1), nil, harness.DefaultConfig(t), overlay(t, snippet))
		answer, err := http.Get("http://" + c.Address(collector.Health) + "/")
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, http.StatusOK, answer.StatusCode)
		return
	}
	t.Error("no snippet with component_health")
}
