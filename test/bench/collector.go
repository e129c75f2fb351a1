// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Traces end in a debug exporter that writes a line for each batch, the first of them only. It neither changes the spans nor looks
// at them. So a difference in CPU time is that of deriving the metrics.
const (
	withoutConfig = `
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
` + around

	oursConfig = `
processors: {llm_span_metrics: {limits: {waiting_requests: 10000}}}
connectors: {llm_span_metrics: }
service:
  pipelines:
    traces: {receivers: [otlp], processors: [llm_span_metrics], exporters: [debug, llm_span_metrics]}
    metrics: {receivers: [llm_span_metrics], exporters: [debug]}
` + around

	spanMetricsConfig = `
connectors:
  span_metrics:
` + spanMetricsSettings + `
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug, span_metrics]}
    metrics: {receivers: [span_metrics], exporters: [debug]}
` + around

	spanMetricsSettings = `
    dimensions:
      - name: gen_ai.operation.name
      - name: gen_ai.provider.name
      - name: gen_ai.request.model
      - name: gen_ai.response.model
      - name: server.address
    histogram:
      unit: s
      explicit:
        buckets: [10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1280ms, 2560ms, 5120ms, 10240ms, 20480ms, 40960ms, 81920ms]
`

	// around is what all configurations have. $READING is replaced by further settings of the receiver.
	around = `
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: $TELEMETRY}}}}]
receivers:
  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:$OTLP", max_recv_msg_size_mib: 128}}}
exporters:
  debug: {sampling_initial: 1, sampling_thereafter: 1000000}
`
)

// measured is what whole collectors cost.
type measured struct {
	// costs are CPU seconds per million spans of the collectors. sending is that of this process while it sent to them.
	costs, sending rounds
	// peaks are the most memory that each process had, in bytes.
	peaks map[string]uint64
}

// wholeSets are the dimension sets of whole collectors.
const wholeSets = 1000

// collectors runs one collector of each variant side by side. It gives them blocks of spans in turn, in an order that rotates.
func collectors(variants []variant, count, blockSpans int) (measured, error) {
	m := measured{costs: rounds{}, sending: rounds{}, peaks: map[string]uint64{}}
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(folder)
	running := make([]*collector, len(variants))
	for i, v := range variants {
		c, err := startCollector(folder, v, wholeSets)
		if err != nil {
			return m, fmt.Errorf("%s: %w", v.name, err)
		}
		defer c.stop()
		running[i] = c
	}
	perMillion := func(d time.Duration) float64 { return d.Seconds() * 1e6 / float64(blockSpans) }
	for round := range count + 1 {
		for i := range running {
			c := running[(round+i)%len(running)]
			from := processorTime(0)
			cpu, err := c.block(blockSpans)
			if err != nil {
				return m, fmt.Errorf("%s: %w", c.name, err)
			}
			if round > 0 { // the first only warms up
				m.costs.add(c.name, perMillion(cpu))
				m.sending.add(c.name, perMillion(processorTime(0)-from))
			}
		}
	}
	for _, c := range running {
		if m.peaks[c.name], err = c.process.peak(); err != nil {
			return m, err
		}
	}
	return m, nil
}

// collector is a running collector and its sender.
type collector struct {
	variant
	process *process
	sender  sender
	batches []encodedBatch
	next    int
	sent    uint64
}

func startCollector(folder string, v variant, sets int) (*collector, error) {
	batches, err := encodeAll(sets, v.sending)
	if err != nil {
		return nil, err
	}
	p, err := startProcess(folder, v)
	if err != nil {
		return nil, err
	}
	s, err := newSender(p.address, v.compression)
	if err != nil {
		p.stop()
		return nil, err
	}
	return &collector{variant: v, process: p, sender: s, batches: batches}, nil
}

// encodeAll returns requests of that many spans that go through all dimension sets, up to batchSpans of these.
func encodeAll(sets int, how sending) (all []encodedBatch, err error) {
	size := how.spans
	if size == 0 {
		size = batchSpans
	}
	variety := tracetest.NewVariety(1 << 32)
	for first := 0; first < max(sets, 1); first += size {
		traces := tracetest.Make(tracetest.Shape{Spans: size, Resources: min(inputResources, size), Sets: sets, First: first})
		forEach(traces, variety.Vary)
		batch, err := encode(traces)
		if err != nil {
			return nil, err
		}
		all = append(all, batch)
	}
	return all, nil
}

func (c *collector) stop() {
	_ = c.sender.connection.Close()
	c.process.stop()
}

// block sends a number of spans and returns the CPU time that they cost the collector.
func (c *collector) block(spans int) (time.Duration, error) {
	from := c.process.cpu()
	for sent := 0; sent < spans; {
		n, err := c.send()
		if err != nil {
			return 0, err
		}
		sent += n
	}
	return c.process.cpu() - from, nil
}

// send sends the next request and returns its number of spans.
func (c *collector) send() (int, error) {
	batch := &c.batches[c.next]
	c.next = (c.next + 1) % len(c.batches)
	batch.renew(c.sent)
	c.sent += uint64(len(batch.ids))
	return len(batch.ids), c.sender.send(batch.request)
}

// tableOf is the table of whole collectors, against the first of the variants.
func (m measured) tableOf(what, against string, variants []variant) *table {
	t := newTable(what, "CPU s per million spans (median)", against, "peak memory, MiB")
	for _, v := range variants {
		t.row(v.name, fmt.Sprintf("%.2f", m.costs.cost(v.name)), fmt.Sprintf("%.2f", m.costs.ratio(v.name, variants[0].name)),
			fmt.Sprint(m.peaks[v.name]>>20))
	}
	return t
}
