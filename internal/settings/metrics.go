package settings

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Metric changes one metric. What is not set stays as it is in the catalogue.
type Metric struct {
	// Enabled switches the metric on or off.
	Enabled *bool `mapstructure:"enabled"`
	// Name is the name that the metric goes out with.
	Name string `mapstructure:"name"`
	// Description is the description that the metric goes out with.
	Description string `mapstructure:"description"`
	// Histogram is how a histogram spreads its values, instead of the general choice.
	Histogram Histogram `mapstructure:"histogram"`
	// Buckets are the upper bounds of a histogram's buckets, in the metric's unit, ascending; they make
	// the buckets explicit.
	Buckets []float64 `mapstructure:"buckets"`
}

// Semconv is a version of the GenAI conventions.
type Semconv string

// The choices for Semconv.
const (
	V141        Semconv = "v1.41"
	Development Semconv = "development"
	Both        Semconv = "both"
)

var profiles = map[Semconv]spanmetrics.Profile{
	V141: spanmetrics.V141, Development: spanmetrics.Development, Both: spanmetrics.V141 | spanmetrics.Development,
}

// Validate checks one of the choices.
func (s Semconv) Validate() error {
	if _, ok := profiles[s]; !ok {
		return fmt.Errorf("must be %q, %q or %q, got %q", V141, Development, Both, string(s))
	}
	return nil
}

// Histogram is how a histogram spreads its values.
type Histogram string

// The choices for Histogram.
const (
	Explicit    Histogram = "explicit"
	Exponential Histogram = "exponential"
	NoBuckets   Histogram = "none"
)

// Bounds of ExponentialMaxSize: fewer buckets cannot tell values apart, more do so no better.
const (
	minExponential = 2
	maxExponential = 1024
)

var histograms = map[Histogram]spanmetrics.Buckets{
	Explicit: spanmetrics.Explicit, Exponential: spanmetrics.Exponential, NoBuckets: spanmetrics.NoBuckets,
}

// Validate checks the choice; nothing is the general choice.
func (h Histogram) Validate() error {
	if _, ok := histograms[h]; !ok && h != "" {
		return fmt.Errorf("must be %q, %q or %q, got %q", Explicit, Exponential, NoBuckets, string(h))
	}
	return nil
}

// validateMetrics checks that the metrics exist and that no two go out under one name.
func (c *Config) validateMetrics() error {
	var errs []error
	catalogue := spanmetrics.Catalogue(profiles[c.Semconv])
	known := map[string]spanmetrics.Kind{}
	for _, in := range catalogue {
		known[in.Name] = in.Kind
	}
	for _, name := range slices.Sorted(maps.Keys(c.Metrics)) {
		kind, ok := known[name]
		if !ok {
			errs = append(errs, fmt.Errorf("metrics::%s: there is no such metric; there are %s",
				name, strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
		} else if set := c.Metrics[name]; kind != spanmetrics.Histogram && (set.Buckets != nil || set.Histogram != "") {
			errs = append(errs, fmt.Errorf("metrics::%s: the metric is a counter and has neither histogram nor buckets", name))
		}
	}
	owners := map[string]string{}
	for _, in := range catalogue {
		set := c.Metrics[in.Name]
		if !set.enabled(in) {
			continue
		}
		name := set.name(in.Name)
		if owner, taken := owners[name]; taken && owner != in.Name {
			errs = append(errs, fmt.Errorf("metrics::%s::name: %q is the name of %s already; every metric needs a name of its own",
				in.Name, name, owner))
		}
		owners[name] = in.Name
	}
	return errors.Join(errs...)
}

// Validate checks the bounds of a histogram's buckets.
func (m Metric) Validate() error {
	if m.Buckets != nil && m.Histogram != "" && m.Histogram != Explicit {
		return fmt.Errorf("buckets: only histogram %q has them, got histogram %q", Explicit, m.Histogram)
	}
	if m.Buckets != nil && len(m.Buckets) == 0 {
		return errors.New("buckets: must have at least one bound, got none")
	}
	for i, bound := range m.Buckets {
		if math.IsNaN(bound) || math.IsInf(bound, 0) {
			return fmt.Errorf("buckets: every bound must be a finite number, got %v", bound)
		}
		if i > 0 && bound <= m.Buckets[i-1] {
			return fmt.Errorf("buckets: bounds must ascend, got %v after %v", bound, m.Buckets[i-1])
		}
	}
	return nil
}

func (m Metric) enabled(in spanmetrics.Instrument) bool {
	if m.Enabled == nil {
		return !in.Off
	}
	return *m.Enabled
}

func (m Metric) name(original string) string {
	if m.Name != "" {
		return m.Name
	}
	return original
}

// instruments returns the catalogue with the changes that the settings make.
func (c *Config) instruments() []spanmetrics.Instrument {
	var instruments []spanmetrics.Instrument
	for _, in := range spanmetrics.Catalogue(profiles[c.Semconv]) {
		set := c.Metrics[in.Name]
		if !set.enabled(in) {
			continue
		}
		in.Name = set.name(in.Name)
		if set.Description != "" {
			in.Description = set.Description
		}
		in.Buckets = histograms[c.Histograms]
		if set.Histogram != "" {
			in.Buckets = histograms[set.Histogram]
		}
		if set.Buckets != nil {
			in.Buckets, in.Bounds = spanmetrics.Explicit, set.Buckets
		}
		instruments = append(instruments, in)
	}
	return instruments
}
