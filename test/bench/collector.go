// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"time"
)

// Names of pipelines.
const (
	// without is the pipeline without the processor.
	without = "no metrics"
	// shipped has the settings of the image, the chart and the packages; withoutShipped is a stock collector with them.
	shipped        = "llm_span_metrics, GOGC=400"
	withoutShipped = "no metrics, GOGC=400"
)

// seldomCollected makes garbage collection as seldom as in the image, the chart and the packages.
var seldomCollected = []string{"GOGC=400", "GOMEMLIMIT=512MiB"}

// pipelines are the configs of the whole collector. Traces end in a debug exporter that writes a line for each batch, the
// first of them only. It neither changes the spans nor looks at them. So a difference in CPU time is that of deriving the
// metrics.
var pipelines = []struct {
	name, config string
	environment  []string
}{
	{name: without, config: withoutConfig},
	{name: withoutShipped, config: withoutConfig, environment: seldomCollected},
	{name: ours, config: oursConfig},
	{name: shipped, config: oursConfig, environment: seldomCollected},
	{name: spanMetrics, config: spanMetricsConfig},
}

const withoutConfig = `
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
` + around

const oursConfig = `
processors: {llm_span_metrics: {limits: {waiting_requests: 10000}}}
connectors: {llm_span_metrics: }
service:
  pipelines:
    traces: {receivers: [otlp], processors: [llm_span_metrics], exporters: [debug, llm_span_metrics]}
    metrics: {receivers: [llm_span_metrics], exporters: [debug]}
` + around

const spanMetricsConfig = `
connectors:
  span_metrics:
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
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug, span_metrics]}
    metrics: {receivers: [span_metrics], exporters: [debug]}
` + around

const around = `
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: $TELEMETRY}}}}]
receivers:
  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:$OTLP"}}}
exporters:
  debug: {sampling_initial: 1, sampling_thereafter: 1000000}
`

// measured is what whole collectors cost.
type measured struct {
	// costs are CPU seconds per million spans.
	costs rounds
	// peaks are the most memory that each process had, in bytes.
	peaks map[string]uint64
}

// collectors runs one collector with each pipeline side by side and gives them blocks of spans in turn.
func collectors(binary string, sets, count, blockSpans int) (measured, error) {
	m := measured{costs: rounds{}, peaks: map[string]uint64{}}
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(folder)
	in := newInput(sets, false)
	in.renew()
	batch, err := encode(in.batches[0])
	if err != nil {
		return m, err
	}
	var runs []*run
	for i, p := range pipelines {
		r, err := startRun(binary, folder, fmt.Sprintf("pipeline-%d", i), p.config, batch, p.environment...)
		if err != nil {
			return m, fmt.Errorf("%s: %w", p.name, err)
		}
		defer r.stop()
		runs = append(runs, r)
	}
	for round := range count + 1 {
		for i, r := range runs {
			cpu, err := r.block(blockSpans)
			if err != nil {
				return m, fmt.Errorf("%s: %w", pipelines[i].name, err)
			}
			if round > 0 { // the first only warms up
				m.costs.add(pipelines[i].name, cpu.Seconds()*1e6/float64(blockSpans))
			}
		}
	}
	for i, r := range runs {
		if m.peaks[pipelines[i].name], err = r.process.peak(); err != nil {
			return m, err
		}
	}
	return m, nil
}

// run is a collector and its sender.
type run struct {
	process *process
	sender  sender
	batch   encodedBatch
	sent    uint64
}

func startRun(binary, folder, name, config string, batch encodedBatch, environment ...string) (*run, error) {
	p, err := startProcess(binary, folder, name, config, environment...)
	if err != nil {
		return nil, err
	}
	s, err := newSender(p.address)
	if err != nil {
		p.stop()
		return nil, err
	}
	return &run{process: p, sender: s, batch: batch}, nil
}

func (r *run) stop() {
	_ = r.sender.connection.Close()
	r.process.stop()
}

// block sends a number of spans and returns the CPU time that they cost the collector.
func (r *run) block(spans int) (time.Duration, error) {
	from := r.process.cpu()
	for range spans / batchSpans {
		r.sent += batchSpans
		r.batch.renew(r.sent)
		if err := r.sender.send(r.batch.request); err != nil {
			return 0, err
		}
	}
	return r.process.cpu() - from, nil
}
