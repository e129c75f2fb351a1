// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

// This estimates how many requests ran at the same time, out of those that ended since the last collection. Of
// requests that still run there are no spans yet.

// gauge keeps a value of a gauge: the last one, or what the concurrency is computed from.
func (n *numbers) gauge(index int, plan *seriesPlan, value float64, o *sample, e *Engine) {
	s := &n.series[index]
	switch plan.measure {
	case fact.ConcurrencyMean:
		// By Little's law the mean number of requests is the time that they took together, divided by the window's length. One
		// that took longer than the window was there for all of it, and counted once.
		if longest := e.options.Interval.Seconds(); longest > 0 {
			value = min(value, longest)
		}
		s.sum += value * float64(o.weight)
	case fact.ConcurrencyMax:
		took := pcommon.Timestamp(value * float64(time.Second))
		n.spells(index).add(spell{start: o.end - min(took, o.end), end: o.end, weight: o.weight})
	default:
		s.sum = value
	}
}

func (n *numbers) spells(index int) *spells {
	r := n.rarely()
	if r.spells == nil {
		r.spells = make([]spells, len(n.series))
	}
	return &r.spells[index]
}

// gaugeValue returns the value of a gauge for a collection whose window has a length in seconds. What concurrency is
// computed from begins anew.
func (n *numbers) gaugeValue(index int, window float64) float64 {
	s := &n.series[index]
	switch n.facet.series[index].measure {
	case fact.ConcurrencyMean:
		busy := s.sum
		s.sum = 0
		if window <= 0 {
			return 0
		}
		return busy / window
	case fact.ConcurrencyMax:
		return float64(n.spells(index).take())
	default:
		return s.sum
	}
}
