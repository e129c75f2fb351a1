// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// agent is the first of two tiers: it sends all spans of a trace to one gateway.
const agent = `
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [load_balancing]}
  telemetry:
    metrics:
      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: $TELEMETRY}}}}]
receivers:
  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:$OTLP"}}}
exporters:
  load_balancing:
    routing_key: traceID
    resolver: {static: {hostnames: [GATEWAYS]}}
    protocol: {otlp: {tls: {insecure: true}}}
`

// gateways is the number of collectors of the second tier.
const gateways = 2

// Names of the tiers.
const (
	agentTier   = "agent, by trace id to two gateways"
	gatewayTier = "gateways, with llm_span_metrics"
)

// tiers runs an agent and its gateways, and returns the CPU seconds that each tier takes for a million spans.
func tiers(binary string, sets, count, blockSpans int) (rounds, error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	var second []*process
	var addresses []string
	for i := range gateways {
		p, err := startProcess(binary, folder, fmt.Sprintf("gateway-%d", i), oursConfig)
		if err != nil {
			return nil, err
		}
		defer p.stop()
		second, addresses = append(second, p), append(addresses, `"`+p.address+`"`)
	}
	batch, err := encode(tracetest.Make(tracetest.Shape{Spans: batchSpans, Resources: inputResources, Sets: sets}))
	if err != nil {
		return nil, err
	}
	first, err := startRun(binary, folder, "agent", strings.ReplaceAll(agent, "GATEWAYS", strings.Join(addresses, ", ")), batch)
	if err != nil {
		return nil, err
	}
	defer first.stop()

	costs := rounds{}
	perMillion := func(spent time.Duration) float64 { return spent.Seconds() * 1e6 / float64(blockSpans) }
	for round := range count + 1 {
		agentFrom, gatewaysFrom := first.process.cpu(), cpuOf(second)
		if _, err := first.block(blockSpans); err != nil {
			return nil, err
		}
		// The agent hands spans on after it has accepted them.
		idle(append(second, first.process))
		if round > 0 { // the first only warms up
			costs.add(agentTier, perMillion(first.process.cpu()-agentFrom))
			costs.add(gatewayTier, perMillion(cpuOf(second)-gatewaysFrom))
		}
	}
	return costs, nil
}

func cpuOf(processes []*process) (sum time.Duration) {
	for _, p := range processes {
		sum += p.cpu()
	}
	return sum
}

// idle waits until processes do next to nothing.
func idle(processes []*process) {
	const nap = 100 * time.Millisecond
	for before := cpuOf(processes); ; {
		time.Sleep(nap)
		now := cpuOf(processes)
		if now-before < nap/10 {
			return
		}
		before = now
	}
}
