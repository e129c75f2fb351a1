// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// Target is what users promise of requests: upper bounds in seconds, of which 0 means none.
type Target struct {
	// Name is the value of llm.slo.name.
	Name string
	// TTFT, TimePerOutputToken and Duration are the bounds.
	TTFT, TimePerOutputToken, Duration float64
	// Models and Providers are patterns of the names of those that the target is for. None means all; see package match. A model
	// fits if it was asked for or answered.
	Models, Providers []string
	// Layers are the layers that the target is for; none means all.
	Layers []llm.Layer
}

// verdict says whether a request met a target.
type verdict struct{ name, met attr.Value }

// judge returns the verdicts on a request, appended to a list. It also returns the number of targets without one, since the
// request lacks a value.
func judge(targets []Target, q *llm.Request, m *measurements, list []verdict) (verdicts []verdict, untold int) {
	if q.Outcome == llm.Cancelled {
		return list, 0 // nobody broke a promise
	}
	for i := range targets {
		t := &targets[i]
		if !t.isFor(q) {
			continue
		}
		broken, told := t.compare(m)
		switch {
		case broken || q.Outcome == llm.Error:
			list = append(list, verdict{attr.Text(t.Name), attr.Bool(false)})
		case told:
			list = append(list, verdict{attr.Text(t.Name), attr.Bool(true)})
		default:
			untold++
		}
	}
	return list, untold
}

func (t *Target) isFor(q *llm.Request) bool {
	return (len(t.Layers) == 0 || slices.Contains(t.Layers, q.Layer)) &&
		(fits(t.Models, q.RequestModel) || fits(t.Models, q.ResponseModel)) && fits(t.Providers, q.Provider)
}

func fits(patterns []string, name string) bool {
	return len(patterns) == 0 || match.Any(patterns, name)
}

// compare reports whether a bound is broken, and whether all values are there.
func (t *Target) compare(m *measurements) (broken, told bool) {
	told = true
	for _, bound := range [...]struct{ limit, value float64 }{
		{t.TTFT, m[fact.TTFT]},
		{t.TimePerOutputToken, m[fact.TimePerOutputToken]},
		{t.Duration, m[fact.Duration]},
	} {
		if bound.limit > 0 {
			broken = broken || bound.value > bound.limit
			told = told && bound.value >= 0
		}
	}
	return broken, told
}
