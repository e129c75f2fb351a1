// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/condition"
	"github.com/otelcol-llm/otelcol-llm/internal/confcheck"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Validate checks what concerns the configuration as a whole.
func (c *Config) Validate() error {
	var errs []error
	if c.FlushInterval < minFlushInterval {
		errs = append(errs, fmt.Errorf("flush_interval: must be at least %s, got %s", minFlushInterval, c.FlushInterval))
	}
	if w := c.DecisionWait; w != 0 && (w < minDecisionWait || w > settling.MaxUnfinished) {
		errs = append(errs, fmt.Errorf("decision_wait: must be 0 or between %s and %s, got %s", minDecisionWait, settling.MaxUnfinished, w))
	}
	if len(c.CollectorID) > c.Limits.AttributeValueLength {
		errs = append(errs, fmt.Errorf("collector_id: must be no longer than limits::attribute_value_length (%d bytes), got %d bytes",
			c.Limits.AttributeValueLength, len(c.CollectorID)))
	}
	if c.ExponentialMaxSize < minExponential || c.ExponentialMaxSize > maxExponential {
		errs = append(errs, fmt.Errorf("exponential_max_size: must be between %d and %d, got %d",
			minExponential, maxExponential, c.ExponentialMaxSize))
	}
	if c.ZeroPoint && c.Temporality == Delta {
		errs = append(errs, fmt.Errorf("zero_point: must be false with temporality %q, which has no running totals", Delta))
	}
	if c.Temporality == Cumulative && c.Limits.IdleExpiry >= minIdleExpiry && c.Limits.IdleExpiry <= c.FlushInterval {
		errs = append(errs, fmt.Errorf("limits::idle_expiry: must be longer than flush_interval (%s), or running totals begin anew "+
			"after each delivery, got %s", c.FlushInterval, c.Limits.IdleExpiry))
	}
	if _, ok := c.Targets[""]; ok {
		errs = append(errs, errors.New("targets: every target needs a name, which becomes llm.slo.name, got \"\""))
	}
	return errors.Join(append(errs, c.validateMetrics(), c.validateInstruments(), c.validateDimensions())...)
}

// minFlushInterval guards against a mistyped unit (15ms instead of 15s).
const minFlushInterval = 100 * time.Millisecond

// minDecisionWait guards against a mistyped unit, such as 7ms instead of 7s.
const minDecisionWait = 100 * time.Millisecond

// validateMetrics checks that the metrics exist and can be changed so.
func (c *Config) validateMetrics() error {
	var errs []error
	known := map[string]spanmetrics.Instrument{}
	for _, in := range spanmetrics.Catalogue(profiles[c.Semconv]) {
		known[in.Name] = in
	}
	for _, name := range slices.Sorted(maps.Keys(c.Metrics)) {
		in, ok := known[name]
		set := c.Metrics[name]
		switch {
		case !ok:
			errs = append(errs, noSuchMetric(name, slices.Sorted(maps.Keys(known))))
			continue
		case in.Kind != spanmetrics.Histogram && set.Type == "" && (set.Buckets != nil || set.Histogram != ""):
			errs = append(errs, fmt.Errorf("metrics::%s: the metric is a %s and has neither histogram nor buckets", name, in.Kind))
		case set.Unit != "" && in.Unit != "s":
			errs = append(errs, fmt.Errorf("metrics::%s::unit: is %s; only times have a choice, of \"s\" and \"ms\"", name, in.Unit))
		case set.Unit != "" && !isTime(set.Unit):
			errs = append(errs, fmt.Errorf("metrics::%s::unit: must be \"s\" or \"ms\", got %q", name, set.Unit))
		default:
		}
	}
	return errors.Join(errs...)
}

// noSuchMetric reports a metric that is not among the known ones, or not with the profile that is set.
func noSuchMetric(name string, known []string) error {
	for _, in := range spanmetrics.Catalogue(spanmetrics.V141 | spanmetrics.Development) {
		if in.Name == name {
			return fmt.Errorf("metrics::%s: the metric is there with another semconv only, such as %q", name, Both)
		}
	}
	return fmt.Errorf("metrics::%s: there is no such metric; %s", name, confcheck.ThereAre(known, name))
}

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

// wellFormed is how a metric may be called. Source: OpenTelemetry specification, instrument name syntax.
var wellFormed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]{0,254}$`)

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

// validateDimensions checks that no two attributes of a metric have one name, where all metrics have the dimensions.
func (c *Config) validateDimensions() error {
	var errs []error
	taken := append(spanmetrics.DimensionKeys(), spanmetrics.CollectorKey, spanmetrics.OverflowKey)
	for i, d := range c.Dimensions {
		if (d.Attribute == "") == (d.Concept == "") {
			continue // which the dimension's own check reports
		}
		if slices.Contains(taken, d.name()) {
			errs = append(errs, fmt.Errorf("dimensions::%d::name: %q is the name of another attribute of the metrics; they have %s",
				i, d.name(), strings.Join(taken, ", ")))
			continue
		}
		if spanmetrics.Concepts[d.Concept].Each != spanmetrics.Once {
			errs = append(errs, fmt.Errorf("dimensions::%d::concept: %s can be a dimension of single metrics only, "+
				"since a request counts once for each; see metrics::<name>::add_dimensions", i, d.Concept))
		}
		taken = append(taken, d.name())
	}
	return errors.Join(errs...)
}
