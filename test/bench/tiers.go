// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"
	"time"
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
    protocol: {otlp: {compression: snappy, tls: {insecure: true}}}
`

// gateways is the number of collectors of the second tier.
const gateways = 2

// Names of the tiers.
const (
	agentTier   = "agent, by trace id to two gateways"
	gatewayTier = "gateways, with llm_span_metrics"
)

// measureTiers runs an agent and its gateways, and measures the CPU seconds that each tier takes for a million spans.
func measureTiers(e effort) (report, error) {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return report{}, err
	}
	defer os.RemoveAll(folder)
	var second []*process
	var addresses []string
	for range gateways {
		p, err := startProcess(folder, variant{config: oursConfig, binary: e.binary, environment: seldomCollected})
		if err != nil {
			return report{}, err
		}
		defer p.stop()
		second, addresses = append(second, p), append(addresses, `"`+p.address+`"`)
	}
	first, err := startCollector(folder, variant{
		config: strings.ReplaceAll(agent, "GATEWAYS", strings.Join(addresses, ", ")), binary: e.binary, environment: seldomCollected,
	}, 1000)
	if err != nil {
		return report{}, err
	}
	defer first.stop()

	costs := rounds{}
	perMillion := func(spent time.Duration) float64 { return spent.Seconds() * 1e6 / float64(e.blockSpans) }
	for round := range e.rounds + 1 {
		agentFrom, gatewaysFrom := first.process.cpu(), cpuOf(second)
		if _, err := first.block(e.blockSpans); err != nil {
			return report{}, err
		}
		// The agent hands spans on after it has accepted them.
		idle(append(second, first.process))
		if round > 0 { // the first only warms up
			costs.add(agentTier, perMillion(first.process.cpu()-agentFrom))
			costs.add(gatewayTier, perMillion(cpuOf(second)-gatewaysFrom))
		}
	}
	t := newTable("two tiers, `GOGC=400`", "CPU s per million spans", "spans per second and core")
	for _, tier := range []string{agentTier, gatewayTier} {
		t.row(tier, fmt.Sprintf("%.2f", costs.cost(tier)), fmt.Sprintf("%.0f", 1e6/costs.cost(tier)))
	}
	return report{tables: []table{*t}}, nil
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
