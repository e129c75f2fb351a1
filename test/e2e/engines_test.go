// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc"
	podresources "k8s.io/kubelet/pkg/apis/podresources/v1"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
	"github.com/otelcol-llm/otelcol-llm/internal/simengine"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
)

const enginePages = "../../internal/llmengine/testdata/pages"

// pageServer serves the pages of engines that are read in tests, each under its folder's name. Lines that the Prometheus receiver
// refuses, together with the rest of their page, are left out.
func pageServer(t *testing.T) (server *httptest.Server, names []string) {
	t.Helper()
	files, err := filepath.Glob(enginePages + "/*/metrics")
	require.NoError(t, err)
	mux := http.NewServeMux()
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		name := filepath.Base(filepath.Dir(file))
		names = append(names, name)
		page := strings.Builder{}
		for line := range strings.Lines(string(text)) {
			if !strings.Contains(line, "-nan") {
				page.WriteString(line)
			}
		}
		mux.HandleFunc("GET /"+name+"/metrics", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
			_, _ = w.Write([]byte(page.String()))
		})
	}
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, names
}

// written writes a configuration into a file.
func written(t *testing.T, format string, args ...any) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, format, args...), 0o600))
	return file
}

// values are the series of the vocabulary that a job has: labels without the target's, to values.
func values(metrics promtext.Metrics, job string) map[string]float64 {
	found := map[string]float64{}
	for name, list := range metrics {
		if !strings.HasPrefix(name, "llm_engine_") {
			continue
		}
		for _, s := range list {
			if s.Labels["job"] != job {
				continue
			}
			labels := maps.Clone(s.Labels)
			// What only one of them knows: the receiver its endpoint, the Prometheus receiver the scheme; the instance is in both.
			for label := range labels {
				if strings.HasPrefix(label, "otel_scope") || slices.Contains([]string{"job", "instance", "service_name", "service_instance_id", "server_address", "server_port", "url_scheme"}, label) {
					delete(labels, label)
				}
			}
			key := name
			for _, label := range slices.Sorted(maps.Keys(labels)) {
				key += fmt.Sprintf(" %s=%q", label, labels[label])
			}
			instance := s.Labels["instance"]
			key += " " + instance[strings.LastIndexByte(instance, ':'):]
			found[key] = s.Value
		}
	}
	return found
}

// The receiver and the processor behind the Prometheus receiver read the same page the same way, whatever the engine.
func TestEnginesAreTheSameByReceiverAndByProcessor(t *testing.T) {
	t.Parallel()
	server, names := pageServer(t)
	address := strings.TrimPrefix(server.URL, "http://")
	var receivers, ids, jobs strings.Builder
	for i, name := range names {
		fmt.Fprintf(&receivers, "  llm_engine/%d: {endpoint: %q, resource: {service.name: %q}, collection_interval: 1s}\n", i, server.URL+"/"+name, "receiver "+name)
		fmt.Fprintf(&ids, "llm_engine/%d, ", i)
		fmt.Fprintf(&jobs, "        - {job_name: %q, metrics_path: %q, scrape_interval: 1s, static_configs: [{targets: [%q]}]}\n", "processor "+name, "/"+name+"/metrics", address)
	}
	config := written(t, `receivers:
%s  prometheus:
    config:
      scrape_configs:
%sprocessors:
  llm_engine: {keep_source: false}
service:
  pipelines:
    metrics/receiver: {receivers: [%s], exporters: [prometheus]}
    metrics/processor: {receivers: [prometheus], processors: [llm_engine], exporters: [prometheus]}
`, receivers.String(), jobs.String(), strings.TrimSuffix(ids.String(), ", "))
	c := harness.Start(t, nil, harness.DefaultConfig(t), config)

	for _, name := range names {
		if name == "other-program" {
			continue
		}
		var byReceiver, byProcessor map[string]float64
		assert.Eventually(t, func() bool {
			metrics, err := c.Metrics(collector.Prometheus)
			if err != nil {
				return false
			}
			byReceiver, byProcessor = values(metrics, "receiver "+name), values(metrics, "processor "+name)
			return len(byReceiver) > 0 && maps.Equal(byReceiver, byProcessor)
		}, harness.Patience, 200*time.Millisecond, name)
		assert.Equal(t, byReceiver, byProcessor, name)
	}
	metrics, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	assert.Positive(t, metrics.Sum("otelcol_llm_engine_unknown_families", promtext.Labels{"family": "vllm_a_name_of_tomorrow_total"}),
		"a name of a known engine that nothing is known about is counted")
}

// Nobody scales on the queue of a dead engine: its series end, all of them, whoever reads it.
func TestADeadEnginesSeriesEnd(t *testing.T) {
	t.Parallel()
	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/metrics" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		for _, model := range []string{"a", "b", "c"} {
			fmt.Fprintf(w, "vllm:num_requests_waiting{model_name=%q} 7\nvllm:request_success_total{model_name=%q,finished_reason=\"stop\"} 3\n", model, model)
		}
	}))
	defer engine.Close()
	config := written(t, `receivers:
  llm_engine: {endpoint: %q, resource: {service.name: receiver}, collection_interval: 1s}
  prometheus: {config: {scrape_configs: [{job_name: processor, scrape_interval: 1s, static_configs: [{targets: [%q]}]}]}}
processors:
  llm_engine: {keep_source: false}
service:
  pipelines:
    metrics/receiver: {receivers: [llm_engine], exporters: [prometheus]}
    metrics/processor: {receivers: [prometheus], processors: [llm_engine], exporters: [prometheus]}
`, engine.URL, strings.TrimPrefix(engine.URL, "http://"))
	c := harness.Start(t, nil, harness.DefaultConfig(t), config)
	c.WaitForSum(collector.Prometheus, "llm_engine_requests_waiting", nil, 2*3*7)
	engine.Close()
	metrics := c.WaitForSum(collector.Prometheus, "llm_engine_status", promtext.Labels{"llm_engine_state": "unreachable"}, 2)
	for _, job := range []string{"receiver", "processor"} {
		for series := range values(metrics, job) {
			assert.Contains(t, series, "llm_engine_status", job)
		}
	}
	assert.Empty(t, metrics["llm_engine_requests_waiting"])
}

// podResources is a kubelet's answer about who has which GPU.
type podResources struct {
	podresources.UnimplementedPodResourcesListerServer
	answer *podresources.ListPodResourcesResponse
}

func (p podResources) List(context.Context, *podresources.ListPodResourcesRequest) (*podresources.ListPodResourcesResponse, error) {
	return p.answer, nil
}

// serveKubelet says that a pod has the first GPU of the simulated driver for itself.
func serveKubelet(t *testing.T, pod string) (socket string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "kubelet") //nolint:usetesting // a socket's path is short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	socket = filepath.Join(folder, "kubelet.sock")
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	server := grpc.NewServer()
	podresources.RegisterPodResourcesListerServer(server, podResources{answer: &podresources.ListPodResourcesResponse{
		PodResources: []*podresources.PodResources{{Name: pod, Namespace: "serving", Containers: []*podresources.ContainerResources{{
			Name: "engine", Devices: []*podresources.ContainerDevices{{ResourceName: "nvidia.com/gpu", DeviceIds: []string{"GPU-00000100-0000-4000-8000-000000000000"}}},
		}}}},
	}})
	go func() { _ = server.Serve(listener) }() // until it stops
	t.Cleanup(server.Stop)
	return socket
}

// runAs runs a process with the command line of vLLM, which the simulated driver's host shows, and returns its pid.
func runAs(t *testing.T, driver *fakenvml.Driver, service string) (pid int) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "vllm")
	require.NoError(t, os.WriteFile(script, []byte("while :; do sleep 600 & wait; done\n"), 0o755))
	process := exec.Command("sh", script, "serve", "sim-8b")
	process.Env = []string{"PATH=" + os.Getenv("PATH"), "OTEL_SERVICE_NAME=" + service}
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-process.Process.Pid, syscall.SIGKILL)
		_ = process.Wait() // it is killed
	})
	folder := filepath.Join(driver.Root, "proc")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.Symlink(fmt.Sprintf("/proc/%d", process.Process.Pid), filepath.Join(folder, fmt.Sprint(process.Process.Pid))))
	return process.Process.Pid
}

// One question over all sources: is it the queue, and is there memory? Requests come from spans, the queue from the engine's endpoint,
// the memory of its GPU from the driver. All have the engine's service.name, and in Kubernetes its pod's name.
func TestEnginesJoinWithTheirSpansAndGPUs(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	driver.Set(fmt.Sprintf("0.process.0 %d 60000000000", runAs(t, driver, "chat")))
	engine := httptest.NewUnstartedServer(nil)
	config := written(t, `receivers:
  llm_engine:
    endpoint: http://%s
    resource: {service.name: chat, k8s.pod.name: chat-0}
    collection_interval: 1s
  llm_gpu:
    root_path: %q
    library_path: %q
    collection_interval: 1s
    processes: {enabled: true, environment: true}
    pods: {enabled: true, socket: %q}
  otlp:
    protocols: {http: {endpoint: "127.0.0.1:${env:OTELCOL_LLM_OTLP_HTTP_PORT}"}}
processors:
  resource/pod: {attributes: [{key: k8s.pod.name, value: chat-0, action: upsert}]}
  llm_span_metrics: {flush_interval: 500ms}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [resource/pod, llm_span_metrics], exporters: [llm_span_metrics]}
    metrics/engine: {receivers: [llm_engine], exporters: [prometheus]}
`, engine.Listener.Addr(), driver.Root, driver.Library, serveKubelet(t, "chat-0"))
	c := harness.Start(t, nil, harness.DefaultConfig(t), config)
	sim := simengine.New(simengine.Config{ServiceName: "chat", Step: time.Millisecond, Traces: "http://" + c.Address(collector.OTLPHTTP)})
	go sim.Run(t.Context())
	engine.Config.Handler = sim.Handler()
	engine.Start()
	defer engine.Close()
	database := harness.StartDatabase(t, c.Address(collector.Prometheus))

	for i := range 3 {
		response, err := http.Post(engine.URL+"/v1/chat/completions", "application/json",
			strings.NewReader(fmt.Sprintf(`{"messages":[{"role":"user","content":"question %d"}],"max_tokens":8}`, i)))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
	sim.Pause(true)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		client := http.Client{Timeout: 40 * time.Second}
		if response, err := client.Post(engine.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"messages":[{"role":"user","content":"wait"}],"max_tokens":8}`)); err == nil {
			_ = response.Body.Close()
		}
	}()
	for _, label := range []string{"service_name", "k8s_pod_name"} {
		const waiting, memory = 1, 60e9
		database.WaitForValue(fmt.Sprintf(`
  sum by (%[1]s) (llm_requests_total{llm_layer="server"})
* on (%[1]s) sum by (%[1]s) (llm_engine_requests_waiting)
* on (%[1]s) sum by (%[1]s) (nvidia_gpu_process_memory_usage_bytes)`, label), 3*waiting*memory)
		// The whole GPU is the engine's, so that its memory has the same labels.
		assert.Len(t, database.Samples(fmt.Sprintf(`llm_engine_requests_waiting * on (%[1]s) group_left () sum by (%[1]s) (hw_gpu_memory_usage_bytes)`, label)), 1, label)
	}
	sim.Pause(false)
	<-ended
}

// An engine's own histograms would be there twice beside those of its spans. So they are left out in words, and those of an
// engine without spans stay.
func TestHistogramsOfAnEngineWithSpansAreLeftOut(t *testing.T) {
	traced, quiet := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	c := harness.Start(t, nil, harness.DefaultConfig(t), written(t, `receivers:
  llm_engine/traced: {endpoint: "http://%s", resource: {service.name: traced}, collection_interval: 1s, histograms: true}
  llm_engine/quiet: {endpoint: "http://%s", resource: {service.name: quiet}, collection_interval: 1s, histograms: true}
processors:
  llm_span_metrics: {flush_interval: 500ms}
service:
  pipelines:
    metrics/engine: {receivers: [llm_engine/traced, llm_engine/quiet], exporters: [prometheus]}
`, traced.Listener.Addr(), quiet.Listener.Addr()))
	for server, config := range map[*httptest.Server]simengine.Config{
		traced: {ServiceName: "traced", Step: time.Millisecond, Traces: "http://" + c.Address(collector.OTLPHTTP)},
		quiet:  {ServiceName: "quiet", Step: time.Millisecond},
	} {
		sim := simengine.New(config)
		go sim.Run(t.Context())
		server.Config.Handler = sim.Handler()
		server.Start()
		defer server.Close()
		response, err := http.Post(server.URL+"/v1/chat/completions", "application/json",
			strings.NewReader(`{"messages":[{"role":"user","content":"hello"}],"max_tokens":8}`))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
	assert.Eventually(t, func() bool {
		metrics, err := c.Metrics(collector.Prometheus)
		if err != nil {
			return false
		}
		of := func(service, engine string) int {
			return len(metrics.Select("gen_ai_server_request_duration_seconds", promtext.Labels{"service_name": service, "llm_engine_name": engine}))
		}
		return of("traced", "") == 1 && of("traced", "vllm") == 0 && of("quiet", "vllm") == 1
	}, harness.Patience, 200*time.Millisecond)
	metrics, err := c.Metrics(collector.Telemetry)
	require.NoError(t, err)
	assert.Positive(t, metrics.Sum("otelcol_llm_engine_dropped_samples", promtext.Labels{"engine": "vllm", "reason": "of_spans"}))
	assert.True(t, c.Logged(`makes gen_ai.server.request.duration of the spans of service.name \"traced\", and it would be there twice`))
	assert.False(t, c.Logged(`of the spans of service.name \"quiet\"`))
}

// The queries of the examples for scaling have one answer while an engine lives, and none when it is dead. No answer must not be
// taken for an empty queue.
func TestScalingOnEngines(t *testing.T) {
	text, err := os.ReadFile("../../examples/autoscaling/keda.yaml")
	require.NoError(t, err)
	var object struct {
		Spec struct {
			Fallback struct {
				Behavior string
			}
			Triggers []struct {
				Metadata map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &object))
	assert.NotEmpty(t, object.Spec.Fallback.Behavior)
	require.Len(t, object.Spec.Triggers, 2)

	sim := simengine.New(simengine.Config{})
	engine := httptest.NewServer(sim.Handler())
	defer engine.Close()
	c := harness.Start(t, nil, harness.DefaultConfig(t), written(t, `receivers:
  llm_engine: {endpoint: %q, resource: {service.name: chat}, collection_interval: 1s}
service:
  pipelines:
    metrics/engine: {receivers: [llm_engine], exporters: [prometheus]}
`, engine.URL))
	database := harness.StartDatabase(t, c.Address(collector.Prometheus))
	for _, trigger := range object.Spec.Triggers {
		assert.Equal(t, "false", trigger.Metadata["ignoreNullValues"], trigger.Metadata["query"])
		assert.Eventually(t, func() bool { return len(database.Samples(trigger.Metadata["query"])) == 1 }, harness.Patience, 200*time.Millisecond,
			trigger.Metadata["query"])
	}
	engine.Close()
	c.WaitForSum(collector.Prometheus, "llm_engine_status", promtext.Labels{"llm_engine_state": "unreachable"}, 1)
	for _, trigger := range object.Spec.Triggers {
		assert.Eventually(t, func() bool { return len(database.Samples(trigger.Metadata["query"])) == 0 }, harness.Patience, 200*time.Millisecond,
			trigger.Metadata["query"])
	}
}

// What older systems took from inside a server comes from the engine's endpoint, under their names.
func TestOlderSystemsFromEngines(t *testing.T) {
	page, err := os.ReadFile(enginePages + "/sglang-0.5.11/metrics")
	require.NoError(t, err)
	models, err := os.ReadFile(enginePages + "/ollama/api_ps.json")
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("/sglang/metrics", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	mux.HandleFunc("/ollama/", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ollama/":
			_, _ = w.Write([]byte("Ollama is running"))
		case "/ollama/api/ps":
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(models)
		default:
			http.NotFound(w, r)
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for example, want := range map[string]map[string]float64{
		"ollama": {`llm_memory_usage_bytes llama3:8b`: 6e9, `llm_memory_usage_bytes nomic:latest`: 5e8, `llm_model_info llama3:8b`: 1},
		"ryot": {
			`ryot_queue_size m`: 4, `ryot_batch_size m`: 5, `ryot_batches_processed_total m`: 49, `ryot_prefix_cache_hits_total m`: 450,
			`ryot_prefix_cache_queries_total m`: 1000, `ryot_model_load_time_seconds m`: 12.5, `ryot_model_memory_bytes m`: 2.75 * (1 << 30),
		},
	} {
		t.Run(example, func(t *testing.T) {
			endpoint := server.URL + "/" + map[string]string{"ollama": "ollama", "ryot": "sglang"}[example]
			c := harness.Start(t, []string{"OTELCOL_LLM_ENGINE=" + endpoint}, harness.DefaultConfig(t),
				"../../examples/"+example+"/config.yaml", "../../examples/"+example+"/engine.yaml")
			for series, value := range want {
				name, model, _ := strings.Cut(series, " ")
				c.WaitForSum(collector.Prometheus, name, promtext.Labels{"model": model}, value)
			}
		})
	}
}
