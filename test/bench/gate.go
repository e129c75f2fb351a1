// SPDX-License-Identifier: Apache-2.0

package main

// Names of the variants that the gate compares.
const (
	without = "no metrics"
	// shipped has the settings of the image, the chart and the packages; withoutShipped is a stock collector with them.
	shipped        = "llm_span_metrics, GOGC=400"
	withoutShipped = "no metrics, GOGC=400"
)

// measureGate compares the collector with metrics to one without: at Go's default settings and as it is shipped.
func measureGate(e effort) (report, error) {
	variants := []variant{
		{name: without, config: withoutConfig, binary: e.binary},
		{name: ours, config: oursConfig, binary: e.binary},
		{name: withoutShipped, config: withoutConfig, binary: e.binary, environment: seldomCollected},
		{name: shipped, config: oursConfig, binary: e.binary, environment: seldomCollected},
		{name: spanMetrics, config: spanMetricsConfig, binary: e.binary},
	}
	m, err := collectors(variants, e.wholeRounds, e.wholeBlock)
	if err != nil {
		return report{}, err
	}
	more := func(name, than string) float64 { return 100 * (m.costs.ratio(name, than) - 1) }
	return report{
		tables: []table{*m.tableOf("whole collector, 1,000 sets", "times no metrics", variants)},
		targets: []target{
			{what: "CPU more than without metrics, Go's default settings", unit: " %", gate: 10, goal: 5, measured: more(ours, without)},
			{what: "CPU more than without metrics, both with `GOGC=400`", unit: " %", gate: 10, goal: 5, measured: more(shipped, withoutShipped)},
			{what: "as shipped, to a stock collector without metrics", unit: " times", gate: 1, goal: 0.9, measured: m.costs.ratio(shipped, without)},
		},
	}, nil
}
