// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import "go.opentelemetry.io/collector/pdata/pmetric"

// noValue marks the end of a series.
var noValue = pmetric.DefaultDataPointFlags.WithNoRecordedValue(true)

func dataPoints(metric pmetric.Metric) pmetric.NumberDataPointSlice {
	if metric.Type() == pmetric.MetricTypeSum {
		return metric.Sum().DataPoints()
	}
	return metric.Gauge().DataPoints()
}

func eachMetric(metrics pmetric.Metrics, do func(pmetric.Metric)) {
	for _, resource := range metrics.ResourceMetrics().All() {
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				do(metric)
			}
		}
	}
}
