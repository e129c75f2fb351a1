// SPDX-License-Identifier: Apache-2.0

package config

import (
	"maps"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// defined is a metric with the key of the settings that define it.
type defined struct {
	spanmetrics.Instrument
	key string
	// chosen is set if the user chose the name.
	chosen bool
	// unlayered is set if one series may add several layers up without the user having said which.
	unlayered bool
}

// compile returns all metrics that are switched on. It also returns what the reader has to read for them and the general
// dimensions.
func (c *Config) compile() ([]defined, []spanmetrics.Dimension, *compiler) {
	var all []defined
	compiler := &compiler{}
	general := compiler.dimensions(c.Dimensions)
	compiler.defaults = slices.Concat(spanmetrics.Defaults(), general)
	for _, in := range spanmetrics.Catalogue(profiles[c.Semconv]) {
		set, name := c.Metrics[in.Name], in.Name
		if !c.enabled(&set, &in) {
			continue
		}
		set.apply(&in, c.Histograms, compiler)
		all = append(all, defined{in, "metrics::" + name, set.Name != "", c.unlayered(&in, set.Dimensions)})
	}
	for _, name := range slices.Sorted(maps.Keys(c.CustomMetrics)) {
		set := c.CustomMetrics[name]
		in := set.instrument(name, c.Histograms, compiler)
		all = append(all, defined{in, "custom_metrics::" + name, true, len(set.Layers) == 0 && c.unlayered(&in, set.Dimensions)})
	}
	return all, general, compiler
}

// unlayered reports whether a list of dimensions leaves the layer out of a metric that covers several.
func (c *Config) unlayered(in *spanmetrics.Instrument, own []Dimension) bool {
	layer := func(d Dimension) bool { return d.Concept == "layer" }
	return len(c.Layers) != 1 && len(in.Layers) > 1 && !spanmetrics.Beside(in.Measure) && own != nil && !slices.ContainsFunc(own, layer)
}

// enabled reports whether a metric of the catalogue goes out.
func (c *Config) enabled(set *Metric, in *spanmetrics.Instrument) bool {
	switch {
	case set.Enabled != nil:
		return *set.Enabled
	case spanmetrics.Judges(in.Measure):
		return len(c.Targets) > 0
	default:
		return !in.Off
	}
}
