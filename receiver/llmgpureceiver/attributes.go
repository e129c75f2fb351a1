// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// deviceAttributes are what users may add to every data point of a device. What the driver does not report is absent.
var deviceAttributes = map[string]func(*gpu.Observation, pcommon.Map){
	"hw.model": func(o *gpu.Observation, attributes pcommon.Map) {
		if o.Info.Model != "" {
			attributes.PutStr("hw.model", o.Info.Model)
		}
	},
	"hw.vendor": func(_ *gpu.Observation, attributes pcommon.Map) {
		attributes.PutStr("hw.vendor", metadata.AttributeHwVendorNVIDIA.String())
	},
	"nvidia.gpu.index": func(o *gpu.Observation, attributes pcommon.Map) {
		attributes.PutInt("nvidia.gpu.index", int64(o.Index))
	},
}

// addAttributes adds the named attributes to every data point of a device. Its only owner's attributes are added too. Those of a
// MIG instance also get the device that it is on, hw.parent.
func addAttributes(metrics pmetric.Metrics, names []string, observations []gpu.Observation, owner map[string]*identity) {
	devices := make(map[string]*gpu.Observation, len(observations))
	parents := map[string]string{} // by MIG instance
	for i := range observations {
		devices[observations[i].Info.UUID] = &observations[i]
		for _, m := range observations[i].Instances {
			devices[m.UUID], parents[m.UUID] = &observations[i], observations[i].Info.UUID
		}
	}
	if len(names) == 0 && len(owner) == 0 && len(parents) == 0 {
		return
	}
	for _, resource := range metrics.ResourceMetrics().All() {
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				for _, point := range dataPoints(metric).All() {
					if point.Flags() == noValue {
						addTo(point.Attributes(), names, devices, parents, nil) // it has the owner that was
						continue
					}
					addTo(point.Attributes(), names, devices, parents, owner)
				}
			}
		}
	}
}

func addTo(attributes pcommon.Map, names []string, devices map[string]*gpu.Observation, parents map[string]string, owner map[string]*identity) {
	value, ok := attributes.Get("hw.id")
	if !ok {
		return
	}
	id := value.Str() // what it points to may move
	if parent := parents[id]; parent != "" {
		attributes.PutStr("hw.parent", parent)
	}
	if owner[id] != nil {
		owner[id].put(attributes)
	}
	if devices[id] == nil {
		return
	}
	for _, name := range names {
		deviceAttributes[name](devices[id], attributes)
	}
}
