// SPDX-License-Identifier: Apache-2.0

// Package gpu tests the GPU receiver in a real collector binary, against a fake driver.
//
// The binary is named by the environment variable OTELCOL_LLM_BINARY: the distribution, or the small collector
// of package collector.
package gpu

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
)

const helperMarker = "otelcol-llm-gpu-helper"

func binary(t *testing.T) string {
	t.Helper()
	path := os.Getenv("OTELCOL_LLM_BINARY")
	require.NotEmpty(t, path, "set OTELCOL_LLM_BINARY to the absolute path of the collector to test: run `make build` and name _build/otelcol-llm")
	return path
}

// sink takes what the collector exports.
type sink struct {
	*httptest.Server
	mu      sync.Mutex
	metrics []pmetric.Metrics
	logs    []plog.LogRecord
	spans   int
}

func newSink(t *testing.T) *sink {
	s := &sink{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.take))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-protobuf")
	if r.URL.Path == "/v1/traces" {
		request := ptraceotlp.NewExportRequest()
		if request.UnmarshalProto(body) == nil {
			s.spans += request.Traces().SpanCount()
		}
		return
	}
	if r.URL.Path == "/v1/logs" {
		request := plogotlp.NewExportRequest()
		if request.UnmarshalProto(body) == nil {
			for _, resource := range request.Logs().ResourceLogs().All() {
				for _, scope := range resource.ScopeLogs().All() {
					for _, record := range scope.LogRecords().All() {
						s.logs = append(s.logs, record)
					}
				}
			}
		}
		return
	}
	request := pmetricotlp.NewExportRequest()
	if request.UnmarshalProto(body) == nil && request.Metrics().DataPointCount() > 0 {
		s.metrics = append(s.metrics, request.Metrics())
	}
}

func (s *sink) count() (batches, spans int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.metrics), s.spans
}

func (s *sink) records() []plog.LogRecord {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logs)
}

func (s *sink) last() pmetric.Metrics {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.metrics) == 0 {
		return pmetric.NewMetrics()
	}
	return s.metrics[len(s.metrics)-1]
}

// sinceFirst returns all metrics from the first in which there is a device.
func (s *sink) sinceFirst() []pmetric.Metrics {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, metrics := range s.metrics {
		if len(points(metrics, "hw.status")) > 0 {
			return slices.Clone(s.metrics[i:])
		}
	}
	return nil
}

// collector is a running collector with a fake driver and a sink.
type collector struct {
	t      *testing.T
	driver *fakenvml.Driver
	sink   *sink
	cmd    *exec.Cmd
	log    *logBuffer
	otlp   string
	self   string
	done   chan struct{}
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

const configTemplate = `
extensions:
  health_check: %[3]s
receivers:
  otlp:
    protocols:
      http:
        endpoint: %[1]s
  llm_gpu:
    collection_interval: 400ms
    initial_delay: 0s
    timeout: 400ms
    root_path: %[5]s
    library_path: %[6]s
    helper:
      start_timeout: 2s
      restart_delay: 100ms
      max_restart_delay: 400ms
    release:
      file: %[5]s/release
      duration: 1s
%[7]s
exporters:
  otlp_http:
    endpoint: %[4]s
    compression: none
    sending_queue:
      enabled: false
    retry_on_failure:
      enabled: false
service:
  extensions: [health_check]
  telemetry:
    logs:
      encoding: json
    metrics:
      level: detailed
      readers:
        - pull:
            exporter:
              prometheus:
                host: 127.0.0.1
                port: %[2]s
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [otlp_http]
    metrics:
      receivers: [llm_gpu]
      exporters: [otlp_http]
    logs:
      receivers: [llm_gpu]
      exporters: [otlp_http]
`

// freeAddresses are n addresses of the loopback that are the test's until it ends.
func freeAddresses(t *testing.T, n int) []string {
	t.Helper()
	ports, release, err := loopback.Reserve(n)
	require.NoError(t, err)
	t.Cleanup(release)
	addresses := make([]string, n)
	for i, port := range ports {
		addresses[i] = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	return addresses
}

// options are what differs between the collectors of the tests.
type options struct {
	settings    string   // further lines of the receiver's configuration
	health      string   // configuration of the health check
	args        []string // of the command
	environment []string // added to the test's
}

// start runs the collector with further lines of the receiver's configuration.
func start(t *testing.T, driver *fakenvml.Driver, settings string) *collector {
	t.Helper()
	return launch(t, driver, options{settings: settings})
}

func launch(t *testing.T, driver *fakenvml.Driver, o options) *collector {
	t.Helper()
	addresses := freeAddresses(t, 3)
	c := &collector{
		t: t, driver: driver, sink: newSink(t), log: &logBuffer{}, otlp: addresses[0], self: addresses[1], done: make(chan struct{}),
	}
	if o.health == "" {
		o.health = "{endpoint: " + addresses[2] + "}"
	}
	_, selfPort, _ := net.SplitHostPort(c.self)
	config := fmt.Sprintf(configTemplate, c.otlp, selfPort, o.health, c.sink.URL, driver.Root, driver.Library, o.settings)
	c.cmd = exec.Command(binary(t), append([]string{"--config", "file:" + writeFile(t, config)}, o.args...)...)
	c.cmd.Env = append(os.Environ(), o.environment...)
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	require.NoError(t, c.cmd.Start())
	go func() {
		_ = c.cmd.Wait()
		close(c.done)
	}()
	t.Cleanup(func() {
		c.stop()
		if t.Failed() {
			t.Log(c.log.String())
		}
	})
	c.eventually("the traces pipeline works", c.tracesWork)
	return c
}

func writeFile(t *testing.T, config string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	return file
}

// stop ends the collector as a service manager does.
func (c *collector) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.done:
	case <-time.After(20 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.done
		c.t.Error("the collector did not stop in time")
	}
}

func (c *collector) eventually(what string, condition func() bool) {
	c.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if condition() {
			return
		}
		select {
		case <-c.done:
			c.t.Fatalf("the collector ended while waiting: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
	c.t.Fatalf("not so in time: %s", what)
}

// tracesWork sends a span and reports whether it comes out.
func (c *collector) tracesWork() bool {
	_, before := c.sink.count()
	traces := ptrace.NewTraces()
	span := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("request")
	body, err := ptraceotlp.NewExportRequestFromTraces(traces).MarshalProto()
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.otlp+"/v1/traces", bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	_, after := c.sink.count()
	return after > before
}

// gpuMetrics waits for metrics of devices that were collected after the call.
func (c *collector) gpuMetrics() {
	c.t.Helper()
	asked := time.Now()
	c.eventually("GPU metrics arrive", func() bool {
		points := points(c.sink.last(), "hw.status")
		return len(points) > 0 && points[0].Timestamp().AsTime().After(asked)
	})
}

// selfMetric returns the value of a series of the collector's own metrics. It finds it by a name and a part of its labels.
func (c *collector) selfMetric(name, labels string) (float64, bool) {
	response, err := http.Get("http://" + c.self + "/metrics")
	if err != nil {
		return 0, false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(body)) {
		if strings.HasPrefix(line, name) && strings.Contains(line, labels) {
			fields := strings.Fields(line)
			value, err := strconv.ParseFloat(fields[len(fields)-1], 64)
			return value, err == nil
		}
	}
	return 0, false
}

// helpers returns the process ids of the collector's helpers.
func (c *collector) helpers() []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var pids []int
	for _, stat := range stats {
		content, err := os.ReadFile(stat)
		if err != nil {
			continue
		}
		after := string(content[bytes.LastIndexByte(content, ')')+1:])
		if fields := strings.Fields(after); len(fields) < 2 || fields[0] == "Z" || fields[1] != strconv.Itoa(c.cmd.Process.Pid) {
			continue
		}
		commandLine, _ := os.ReadFile(filepath.Join(filepath.Dir(stat), "cmdline"))
		if strings.HasPrefix(string(commandLine), helperMarker) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

// points returns the data points of a metric.
func points(metrics pmetric.Metrics, name string) (found []pmetric.NumberDataPoint) {
	each(metrics, func(m pmetric.Metric, p pmetric.NumberDataPoint) {
		if m.Name() == name {
			found = append(found, p)
		}
	})
	return found
}

func each(metrics pmetric.Metrics, do func(pmetric.Metric, pmetric.NumberDataPoint)) {
	for i := range metrics.ResourceMetrics().Len() {
		scopes := metrics.ResourceMetrics().At(i).ScopeMetrics()
		for j := range scopes.Len() {
			list := scopes.At(j).Metrics()
			for k := range list.Len() {
				m := list.At(k)
				var dps pmetric.NumberDataPointSlice
				switch m.Type() {
				case pmetric.MetricTypeGauge:
					dps = m.Gauge().DataPoints()
				case pmetric.MetricTypeSum:
					dps = m.Sum().DataPoints()
				default:
					continue
				}
				for l := range dps.Len() {
					do(m, dps.At(l))
				}
			}
		}
	}
}
