// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// What Prometheus asks for, with native histograms and without.
const (
	acceptText     = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
	acceptProtobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
)

// delivering is a way to get the metrics of a full configuration to Prometheus.
type delivering struct {
	name string
	// settings are further ones of the processor.
	settings string
	// accept is what the scrape asks for; empty means that metrics are pushed.
	accept string
	// sets are those that are filled.
	sets int
}

func deliveries(full int) []delivering {
	return []delivering{
		{"scrape, as shipped", "", acceptText, full / 4},
		{"scrape, as shipped", "", acceptText, full / 2},
		{fullScrape, "", acceptText, full},
		{"scrape of native histograms: full", "histograms: exponential", acceptProtobuf, full},
		{"remote write: full", "", "", full},
	}
}

// fullScrape is the name of the one that has a gate.
const fullScrape = "scrape, as shipped: full"

// delivered is what a delivery costs.
type delivered struct {
	// took is the time until the page was there, or between the first and the last request of a push. bytes is its size as it was
	// sent.
	took  time.Duration
	bytes int64
	// cpu is the CPU time of the collector meanwhile. wait is the longest time that a sender of ten spans waited.
	cpu, wait time.Duration
	peak      uint64
}

// measureScrape measures what it takes to get the metrics of the shipped configuration to Prometheus.
func measureScrape(e effort) (report, error) {
	t := newTable("shipped configuration, dimension sets of a streaming client", "sets", "time of a delivery, s", "MiB sent, gzip or snappy", "CPU, s", "longest wait of a sender meanwhile, ms", "peak memory, MiB")
	var full delivered
	for _, d := range deliveries(e.fullSets) {
		got, err := d.measure(e)
		if err != nil {
			return report{}, fmt.Errorf("%s: %w", d.name, err)
		}
		t.row(d.name, fmt.Sprint(d.sets), fmt.Sprintf("%.2f", got.took.Seconds()), fmt.Sprintf("%.1f", float64(got.bytes)/(1<<20)),
			fmt.Sprintf("%.2f", got.cpu.Seconds()), millis(got.wait), fmt.Sprint(got.peak>>20))
		if d.name == fullScrape {
			full = got
		}
	}
	return report{tables: []table{*t}, targets: []target{
		{what: "a scrape of the shipped configuration at its limits", unit: " s", gate: 2, goal: 1, measured: full.took.Seconds()},
		{what: "the longest wait of a sender meanwhile", unit: " ms", gate: 250, goal: 50, measured: float64(full.wait) / float64(time.Millisecond)},
	}}, nil
}

// config returns config.yaml with the ports of a process, and what this delivery needs. Requests wait and metrics are kept for a shorter
// time, so that the page is full sooner.
func (d delivering) config(interval time.Duration, push string) (string, error) {
	content, err := os.ReadFile(filepath.Join(tracetest.Root(), "config.yaml"))
	text := string(content)
	const processor = "\n  llm_span_metrics:\n\n  # Names the host"
	settings := fmt.Sprintf("\n  llm_span_metrics: {decision_wait: 1s, flush_interval: %s, %s}\n\n  # Names the host", interval, d.settings)
	replaced := []string{
		"${env:OTELCOL_LLM_OTLP_GRPC_PORT:-4317}", "$OTLP", "${env:OTELCOL_LLM_OTLP_HTTP_PORT:-4318}", "0",
		"${env:OTELCOL_LLM_PROMETHEUS_PORT:-9464}", "$PROMETHEUS", "${env:OTELCOL_LLM_HEALTH_PORT:-13133}", "0",
		"${env:OTELCOL_LLM_TELEMETRY_PORT:-8888}", "$TELEMETRY", processor, settings,
	}
	if d.accept == "" {
		replaced = append(replaced,
			"\nexporters:\n", fmt.Sprintf("\nexporters:\n  prometheus_remote_write: {endpoint: %q, tls: {insecure: true}, resource_to_telemetry_conversion: {enabled: true}}\n", push),
			"receivers: [llm_span_metrics]\n      exporters: [prometheus]", "receivers: [llm_span_metrics]\n      exporters: [prometheus_remote_write]",
		)
	}
	for i := 0; i < len(replaced); i += 2 {
		if !strings.Contains(text, replaced[i]) {
			return "", errors.Join(err, fmt.Errorf("config.yaml has no %q", replaced[i]))
		}
		text = strings.Replace(text, replaced[i], replaced[i+1], 1)
	}
	return text, err
}

func (d delivering) measure(e effort) (got delivered, err error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return got, err
	}
	defer os.RemoveAll(folder)
	pushed := newPushes(e.interval)
	defer pushed.server.Close()
	config, err := d.config(3*e.interval, pushed.server.URL)
	if err != nil {
		return got, err
	}
	c, err := startCollector(folder, variant{config: config, binary: e.binary, environment: []string{"GOGC=400", "GOMEMLIMIT=768MiB"}}, d.sets)
	if err != nil {
		return got, err
	}
	defer c.stop()
	for range c.batches {
		if _, err := c.send(); err != nil {
			return got, err
		}
	}
	if err := d.wait(c, pushed); err != nil {
		return got, err
	}

	few, err := encodeAll(10, sending{spans: 10})
	if err != nil {
		return got, err
	}
	c.batches, c.next = few, 0
	done, waited := make(chan struct{}), make(chan error, 1)
	var longest time.Duration
	go func() {
		for {
			select {
			case <-done:
				waited <- nil
				return
			case <-time.After(time.Millisecond):
			}
			start := time.Now()
			if _, err := c.send(); err != nil {
				waited <- err
				return
			}
			longest = max(longest, time.Since(start))
		}
	}()
	from, start := c.process.cpu(), time.Now()
	if d.accept != "" {
		got.bytes, err = scrape(c.process.prometheus, d.accept, io.Discard)
		got.took = time.Since(start)
	} else {
		got.bytes, got.took, err = pushed.next()
	}
	got.cpu = c.process.cpu() - from
	close(done)
	err = errors.Join(err, <-waited)
	got.wait = longest
	if err == nil {
		got.peak, err = c.process.peak()
	}
	return got, err
}

// wait waits until all dimension sets are on the page, or were pushed once.
func (d delivering) wait(c *collector, pushed *pushes) error {
	if d.accept == "" {
		_, _, err := pushed.next()
		return err
	}
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		var page strings.Builder
		if _, err := scrape(c.process.prometheus, acceptText, &page); err != nil {
			return err
		}
		if strings.Count(page.String(), "\nllm_requests_total{") >= d.sets {
			return nil
		}
	}
	return fmt.Errorf("%d dimension sets were not on the page after 2 minutes", d.sets)
}

// scrape gets a page as Prometheus does and returns the bytes that were sent. What is written to a writer is not compressed.
func scrape(address, accept string, to io.Writer) (int64, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+address+"/metrics", http.NoBody)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Accept", accept)
	if to == io.Discard {
		request.Header.Set("Accept-Encoding", "gzip") // set by hand, the client leaves the answer compressed
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the page answers %s", answer.Status)
	}
	return io.Copy(to, answer.Body)
}

// pushes takes what is pushed by remote write.
type pushes struct {
	server *httptest.Server
	bytes  atomic.Int64
	// pause is the time without requests after which a delivery is over.
	pause time.Duration
	// first and last are when the requests of the current delivery came, in Unix nanoseconds.
	first, last atomic.Int64
}

func newPushes(interval time.Duration) *pushes {
	p := &pushes{pause: interval}
	p.server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		now := time.Now().UnixNano()
		p.first.CompareAndSwap(0, now)
		n, _ := io.Copy(io.Discard, r.Body) // a body that breaks off is short
		p.bytes.Add(n)
		p.last.Store(time.Now().UnixNano())
	}))
	return p
}

// next waits for a delivery and returns its bytes and the time between its first and its last request.
func (p *pushes) next() (int64, time.Duration, error) {
	p.first.Store(0)
	p.bytes.Store(0)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if first, last := p.first.Load(), p.last.Load(); first != 0 && time.Since(time.Unix(0, last)) > p.pause {
			return p.bytes.Load(), time.Duration(last - first), nil
		}
	}
	return 0, 0, errors.New("nothing was pushed for a minute")
}
