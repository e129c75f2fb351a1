// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/condition"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
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

// compile returns all metrics that are switched on, and what the reader has to read for them and the general
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

// wellFormed is how a metric may be called. Source: OpenTelemetry specification, instrument name syntax.
var wellFormed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]{0,254}$`)

// validateInstruments checks the metrics as they go out.
func (c *Config) validateInstruments() error {
	var errs []error
	all, _, compiler := c.compile()
	owners := map[string]*defined{}
	for i := range all {
		in := &all[i]
		if i > 0 && all[i-1].key == in.key {
			continue // another row of the same metric
		}
		if !wellFormed.MatchString(in.Name) {
			errs = append(errs, fmt.Errorf("%s: a name must begin with a letter, followed by at most 254 letters, digits or _ . - /, got %q",
				in.nameKey(), in.Name))
		}
		lower := strings.ToLower(in.Name)
		if owner, taken := owners[lower]; taken && owner.key != in.key {
			errs = append(errs, nameTaken(owner, in))
		}
		owners[lower] = in
		errs = append(errs, validateAttributes(in))
	}
	for _, name := range slices.Sorted(maps.Keys(c.CustomMetrics)) {
		if set := c.CustomMetrics[name]; set.bucketless(c.Histograms) {
			errs = append(errs, fmt.Errorf("custom_metrics::%s::buckets: there are no usual ones for %s; set them, or histogram to %q or %q",
				name, set.Value+set.Attribute, Exponential, NoBuckets))
		}
	}
	if n := len(compiler.conditions); n > condition.Max {
		errs = append(errs, fmt.Errorf("metrics: there may be %d different conditions, got %d", condition.Max, n))
	}
	if n := len(compiler.numbers); n > spanmetrics.MaxNumbers {
		errs = append(errs, fmt.Errorf("custom_metrics: there may be %d different attributes with numbers, got %d", spanmetrics.MaxNumbers, n))
	}
	return errors.Join(errs...)
}

// nameKey is the key of the settings with the metric's name.
func (d *defined) nameKey() string {
	if strings.HasPrefix(d.key, "metrics::") {
		return d.key + "::name"
	}
	return d.key
}

// nameTaken reports two metrics of one name, at the key of the one whose name the user chose.
func nameTaken(owner, in *defined) error {
	if !in.chosen {
		owner, in = in, owner
	}
	return fmt.Errorf("%s: %q is the name of %s already; every metric needs a name of its own",
		in.nameKey(), in.Name, strings.TrimPrefix(owner.key, "metrics::"))
}

// validateAttributes checks that no two attributes of a metric with dimensions of its own have one name.
func validateAttributes(in *defined) error {
	taken := []string{in.Fixed.Key, spanmetrics.CollectorKey, spanmetrics.OverflowKey}
	for _, d := range slices.Concat(in.Own, in.Extra) {
		if d.Key == "" {
			continue // which the dimension's own check reports
		}
		if slices.Contains(taken, d.Key) {
			return fmt.Errorf("%s: %q is the name of two attributes; every one of dimensions and add_dimensions needs a name of its own",
				in.key, d.Key)
		}
		taken = append(taken, d.Key)
	}
	if in.Measure == fact.FinishReason && !slices.ContainsFunc(slices.Concat(in.Own, in.Extra), eachOf) {
		return fmt.Errorf("%s::dimensions: finish_reason cannot be counted without {concept: finish_reason}", in.key)
	}
	return nil
}

func eachOf(d spanmetrics.Dimension) bool { return d.Each == spanmetrics.EachReason }
