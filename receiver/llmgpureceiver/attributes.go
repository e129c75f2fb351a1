// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// deviceAttributes are what users may add to every data point of a device. Empty is what the driver does not tell.
var deviceAttributes = map[string]func(gpu.Info) string{
	"hw.model":  func(info gpu.Info) string { return info.Model },
	"hw.vendor": func(gpu.Info) string { return metadata.AttributeHwVendorNVIDIA.String() },
}

// addAttributes adds the named attributes to every data point of a device.
func addAttributes(metrics pmetric.Metrics, names []string, observations []gpu.Observation) {
	if len(names) == 0 {
		return
	}
	infos := make(map[string]gpu.Info, len(observations))
	for i := range observations {
		infos[observations[i].Info.UUID] = observations[i].Info
	}
	for _, resource := range metrics.ResourceMetrics().All() {
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				for _, point := range dataPoints(metric).All() {
					addTo(point.Attributes(), names, infos)
				}
			}
		}
	}
}

func addTo(attributes pcommon.Map, names []string, infos map[string]gpu.Info) {
	id, ok := attributes.Get("hw.id")
	if !ok {
		return
	}
	for _, name := range names {
		if value := deviceAttributes[name](infos[id.Str()]); value != "" {
			attributes.PutStr(name, value)
		}
	}
}

func dataPoints(metric pmetric.Metric) pmetric.NumberDataPointSlice {
	if metric.Type() == pmetric.MetricTypeSum {
		return metric.Sum().DataPoints()
	}
	return metric.Gauge().DataPoints()
}
