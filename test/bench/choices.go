// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// choice is a configuration that does more than the default one, or less.
type choice struct {
	name    string
	written yaml
}

// defaults is the name of the default configuration among the choices.
const defaults = "default settings"

// choices are what users may ask for instead of the default settings.
var choices = []choice{
	{defaults, yaml{}},
	{"one metric alone", switched(spanmetrics.V141, func(name string) bool { return name == "llm.requests" })},
	{"all metrics on, of both conventions", everything()},
	{"a condition on one metric", yaml{"metrics": yaml{
		"llm.requests": yaml{"condition": `attributes["gen_ai.request.max_tokens"] > 512`},
	}}},
	{"one metric with dimensions of its own", yaml{"metrics": yaml{
		"llm.requests": yaml{"dimensions": []any{yaml{"concept": "request_model"}, yaml{"concept": "layer"}}},
	}}},
	{"cost from a price", yaml{"prices": yaml{"models": []any{yaml{"model": "gpt-4o*", "input": 2.5, "output": 10}}}}},
	{"a target", yaml{"targets": yaml{"fast": yaml{"time_to_first_token": "1s", "duration": "10s"}}}},
	{"enrichment of the spans", yaml{"enrichment": yaml{"enabled": true}}},
}

// everything switches all metrics on.
func everything() yaml {
	all := switched(spanmetrics.V141|spanmetrics.Development, func(string) bool { return true })
	all["semconv"] = "both"
	return all
}

// switched switches the metrics of a catalogue on or off.
func switched(profile spanmetrics.Profile, on func(name string) bool) yaml {
	metrics := yaml{}
	for _, in := range spanmetrics.Catalogue(profile) {
		metrics[in.Name] = yaml{"enabled": on(in.Name)}
	}
	return yaml{"metrics": metrics}
}

// measureChoices measures the CPU time of a span under each of the choices, taking turns.
func measureChoices(e effort) (report, error) {
	in := newInput(1000, false)
	running := make([]*contestant, len(choices))
	for i, c := range choices {
		running[i] = newOurs(never, unlimited, c.written)
		defer running[i].stop()
		in.feed(max(in.sets, batchSpans), running[i].consume)
	}
	in.clean = true
	costs := rounds{}
	for range e.rounds {
		for i, c := range choices {
			settle()
			costs.add(c.name, in.feed(e.blockSpans/4, running[i].consume))
		}
	}
	t := newTable("other settings, 1,000 sets", "CPU per span, ns", "more than the default")
	for _, c := range choices {
		t.row(c.name, fmt.Sprintf("%.0f", costs.cost(c.name)), fmt.Sprintf("%+.0f %%", 100*(costs.ratio(c.name, defaults)-1)))
	}
	return report{tables: []table{*t}}, nil
}
