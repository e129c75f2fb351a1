// SPDX-License-Identifier: Apache-2.0

// Package stores runs the stores that users have behind a collector: Prometheus and Jaeger.
package stores

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 8 << 20

// Store is a running program.
type Store struct {
	url    string
	log    string
	cmd    *exec.Cmd
	exited chan struct{} // closed once the process has ended
}

// Prometheus starts Debian's or a newer Prometheus in an empty folder. It takes remote writes, native histograms and exemplars, and
// scrapes each of the targets every second.
func Prometheus(binary, folder string, port int, targets ...string) (*Store, error) {
	list, err := json.Marshal(targets)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "prometheus.yaml")
	text := fmt.Sprintf("global: {scrape_interval: 1s}\nscrape_configs: [{job_name: otelcol-llm, static_configs: [{targets: %s}]}]\n", list)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return start(folder, fmt.Sprintf("http://127.0.0.1:%d", port), binary,
		"--config.file="+config, "--storage.tsdb.path="+filepath.Join(folder, "data"), fmt.Sprintf("--web.listen-address=127.0.0.1:%d", port),
		"--web.enable-remote-write-receiver", "--enable-feature=native-histograms,exemplar-storage")
}

// Jaeger starts Jaeger in an empty folder. It takes OTLP over gRPC on the first port, and answers on the second. It says what it
// does on the third.
func Jaeger(binary, folder string, ports [3]int) (*Store, error) {
	config := filepath.Join(folder, "jaeger.yaml")
	text := fmt.Sprintf(`extensions:
  jaeger_storage: {backends: {memory: {memory: {max_traces: 10000}}}}
  jaeger_query:
    storage: {traces: memory}
    http: {endpoint: "127.0.0.1:%d"}
    grpc: {endpoint: "127.0.0.1:0"}
receivers:
  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}
exporters:
  jaeger_storage_exporter: {trace_storage: memory}
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]}}
`, ports[1], ports[0], ports[2])
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return start(folder, fmt.Sprintf("http://127.0.0.1:%d", ports[1]), binary, "--config="+config)
}

func start(folder, url, binary string, args ...string) (*Store, error) {
	s := &Store{url: url, log: filepath.Join(folder, "log"), exited: make(chan struct{})}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.cmd = exec.Command(binary, args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait() // it is killed
		close(s.exited)
	}()
	return s, nil
}

// URL is that of its API.
func (s *Store) URL() string { return s.url }

// Ready waits until a path answers.
func (s *Store) Ready(ctx context.Context, path string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.Get(ctx, path, nil)
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return errors.New("it ended:\n" + s.Log())
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w\n%s", err, s.Log())
		case <-tick.C:
		}
	}
}

// Get reads JSON from a path of its API, into nothing if to is nil.
func (s *Store) Get(ctx context.Context, path string, to any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s: %q", path, answer.Status, body)
	}
	if to == nil {
		return nil
	}
	return json.Unmarshal(body, to)
}

// Stop ends the process and waits for it.
func (s *Store) Stop() {
	_ = s.cmd.Process.Kill() // an error says that it has ended already
	<-s.exited
}

// Log is what it has written.
func (s *Store) Log() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
