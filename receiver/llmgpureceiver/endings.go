// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// endings marks the end of series whose identity changed. They are of a device that got another owner, or of processes and
// allocations that are gone. Without the mark an exporter would go on showing the old series beside the new. Sums would be too
// large.
type endings struct {
	owner map[string]identity // at the collection before, by device
	live  map[string]ended    // series of volatile metrics at the collection before, by name and attributes
}

// ended is a series of a metric.
type ended struct {
	metric     string
	attributes pcommon.Map
}

// volatile are metrics whose series come and go while their device stays.
var volatile = map[string]bool{
	"nvidia.gpu.process.memory.usage": true, "nvidia.gpu.process.utilization": true, "nvidia.gpu.allocation": true, "nvidia.gpu.mig.info": true,
}

// ofOwners marks the series of devices that had another owner before. It must be called before the owners of now are added.
func (e *endings) ofOwners(metrics pmetric.Metrics, owner map[string]*identity) {
	changed := map[string]identity{}
	for id, before := range e.owner {
		if now := owner[id]; now == nil || *now != before {
			changed[id] = before
		}
	}
	e.owner = make(map[string]identity, len(owner))
	for id, now := range owner {
		e.owner[id] = *now
	}
	if len(changed) == 0 {
		return
	}
	eachMetric(metrics, func(metric pmetric.Metric) {
		points := dataPoints(metric)
		for i := range points.Len() { // not those that are added
			id, ok := points.At(i).Attributes().Get("hw.id")
			if !ok {
				continue
			}
			if before, is := changed[id.Str()]; is {
				mark := points.AppendEmpty()
				points.At(i).CopyTo(mark)
				mark.SetFlags(noValue)
				before.put(mark.Attributes())
			}
		}
	})
}

// ofSeries marks the series of volatile metrics that are gone. It must be called when all attributes are there.
func (e *endings) ofSeries(metrics pmetric.Metrics, ts pcommon.Timestamp) {
	live := map[string]ended{}
	of := map[string]pmetric.Metric{}
	eachMetric(metrics, func(metric pmetric.Metric) {
		name := metric.Name()
		if !volatile[name] {
			return
		}
		of[name] = metric
		for _, point := range dataPoints(metric).All() {
			attributes := pcommon.NewMap()
			point.Attributes().CopyTo(attributes)
			if point.Flags() != noValue {
				live[series(name, attributes)] = ended{name, attributes}
			}
		}
	})
	for key, gone := range e.live {
		if _, goesOn := live[key]; goesOn {
			continue
		}
		metric, there := of[gone.metric]
		if !there {
			metric = e.revive(metrics, gone.metric)
			of[gone.metric] = metric
		}
		mark := dataPoints(metric).AppendEmpty()
		gone.attributes.CopyTo(mark.Attributes())
		mark.SetTimestamp(ts)
		mark.SetFlags(noValue)
	}
	e.live = live
}

// revive adds a metric of which all series are gone.
func (*endings) revive(metrics pmetric.Metrics, name string) pmetric.Metric {
	if metrics.ResourceMetrics().Len() == 0 {
		metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
	}
	metric := metrics.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().AppendEmpty()
	metric.SetName(name)
	if name == "nvidia.gpu.process.utilization" {
		metric.SetEmptyGauge()
		return metric
	}
	metric.SetEmptySum().SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	return metric
}

// series names a series. The attributes of a metric come in one order.
func series(metric string, attributes pcommon.Map) string {
	var key strings.Builder
	key.WriteString(metric)
	for name, value := range attributes.All() {
		key.WriteByte(0)
		key.WriteString(name)
		key.WriteByte(1)
		key.WriteString(value.AsString())
	}
	return key.String()
}
