// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"
)

// target is a number with a gate, which is to hold, and a goal, which is wanted.
type target struct {
	what                 string
	unit                 string
	measured, gate, goal float64
	// least means that the number is to be that or more; else, that or less.
	least bool
}

func (t target) reaches(limit float64) bool {
	if t.least {
		return t.measured >= limit
	}
	return t.measured <= limit
}

func (t target) verdict() string {
	switch {
	case t.reaches(t.goal):
		return "goal"
	case t.reaches(t.gate):
		return "gate"
	default:
		return "**not reached**"
	}
}

func (t target) format(value float64) string {
	digits := 1
	if t.unit == " bytes" {
		digits = 0
	}
	return fmt.Sprintf("%.*f%s", digits, value, t.unit)
}

// targets are the numbers that the design promises. Allocations are held by tests of package spanmetrics.
func (r *results) targets() []target {
	all := []target{
		{what: "the same outcome, 1,000 sets: CPU less than contrib's parts", unit: " times", least: true, gate: 8, goal: 11, measured: min(r.outcome.ratio(byRecipe, ours), r.outcome.ratio(byTwo, ours))},
		{what: "LLM span, 1,000 sets: CPU less than span_metrics", unit: " times", least: true, gate: 1, goal: 1.5, measured: r.some.ratio(spanMetrics, ours)},
		{what: "100,000 sets: CPU less than span_metrics", unit: " times", least: true, gate: 1, goal: 1.5, measured: r.many.ratio(spanMetrics, ours)},
		{what: "span that is no LLM span: CPU less than span_metrics", unit: " times", least: true, gate: 3, goal: 5, measured: r.plain.ratio(spanMetrics, ours)},
		{what: "100,000 sets: memory of a dimension set", unit: " bytes", gate: 1024, goal: 700, measured: r.memory[ours]},
		{what: "– longest wait of a sender during a collection", unit: " ms", gate: 50, goal: 10, measured: float64(r.collections[ours].wait) / float64(time.Millisecond)},
	}
	if r.whole != nil {
		all = append(all, target{
			what: "whole collector: CPU more than without the processor", unit: " %", gate: 10, goal: 5,
			measured: 100 * (r.whole.costs.ratio(ours, without) - 1),
		}, target{
			what: "– as shipped, to a stock collector without metrics", unit: " times", gate: 1, goal: 0.9,
			measured: r.whole.costs.ratio(shipped, without),
		})
	}
	return all
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)) }
