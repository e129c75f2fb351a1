// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// A device that gets another owner ends the series of the one before. A process that is gone ends its own.
func TestSeriesEndWithTheirIdentity(t *testing.T) {
	var e endings
	collect := func(owner map[string]*identity, pids ...int64) map[string]int {
		metrics := pmetric.NewMetrics()
		scope := metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
		power := scope.Metrics().AppendEmpty()
		power.SetName("hw.power")
		power.SetEmptyGauge()
		for _, id := range []string{"GPU-a", "GPU-b"} {
			power.Gauge().DataPoints().AppendEmpty().Attributes().PutStr("hw.id", id)
		}
		if len(pids) > 0 {
			memory := scope.Metrics().AppendEmpty()
			memory.SetName("nvidia.gpu.process.memory.usage")
			memory.SetEmptySum()
			for _, pid := range pids {
				attributes := memory.Sum().DataPoints().AppendEmpty().Attributes()
				attributes.PutStr("hw.id", "GPU-a")
				attributes.PutInt("process.pid", pid)
			}
		}
		e.ofOwners(metrics, owner)
		addAttributes(metrics, nil, nil, owner)
		e.ofSeries(metrics, pcommon.Timestamp(1))
		seen := map[string]int{}
		eachMetric(metrics, func(metric pmetric.Metric) {
			for _, point := range dataPoints(metric).All() {
				what := "now "
				if point.Flags() == noValue {
					what = "ended "
				}
				attribute := func(name string) string {
					if value, ok := point.Attributes().Get(name); ok {
						return value.AsString()
					}
					return ""
				}
				seen[what+metric.Name()+" "+attribute("hw.id")+" "+attribute("k8s.pod.name")+" "+attribute("process.pid")]++
			}
		})
		return seen
	}
	one, other := &identity{pod: "one"}, &identity{pod: "other"}
	first := collect(map[string]*identity{"GPU-a": one}, 7)
	assert.Equal(t, map[string]int{"now hw.power GPU-a one ": 1, "now hw.power GPU-b  ": 1, "now nvidia.gpu.process.memory.usage GPU-a one 7": 1}, first)
	assert.Equal(t, first, collect(map[string]*identity{"GPU-a": one}, 7), "nothing changed")
	assert.Equal(t, map[string]int{
		"now hw.power GPU-a other ": 1, "ended hw.power GPU-a one ": 1, "now hw.power GPU-b  ": 1,
		"now nvidia.gpu.process.memory.usage GPU-a other 8": 1, "ended nvidia.gpu.process.memory.usage GPU-a one 8": 1,
		"ended nvidia.gpu.process.memory.usage GPU-a one 7": 1,
	}, collect(map[string]*identity{"GPU-a": other}, 8))
	assert.Equal(t, map[string]int{
		"now hw.power GPU-a  ": 1, "ended hw.power GPU-a other ": 1, "now hw.power GPU-b  ": 1, "ended nvidia.gpu.process.memory.usage GPU-a other 8": 1,
	}, collect(nil))
	assert.Equal(t, map[string]int{"now hw.power GPU-a  ": 1, "now hw.power GPU-b  ": 1}, collect(nil))
}
