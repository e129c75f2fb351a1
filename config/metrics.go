// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"math"

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
	// Unit is that of a time, "s" (default) or "ms": values and default buckets are converted.
	Unit string `mapstructure:"unit"`
	// Type is "gauge" for the last value instead of a total or a histogram.
	Type MetricType `mapstructure:"type"`
	// Histogram is how a histogram spreads its values, instead of the general choice.
	Histogram Histogram `mapstructure:"histogram"`
	// Buckets are the upper bounds of a histogram's buckets, in the metric's unit, ascending; they make
	// the buckets explicit.
	Buckets Buckets `mapstructure:"buckets"`
	// Dimensions are the metric's attributes, instead of its own ones and the general dimensions.
	Dimensions []Dimension `mapstructure:"dimensions"`
	// AddDimensions are attributes beside those.
	AddDimensions []Dimension `mapstructure:"add_dimensions"`
	// Condition restricts the metric to the requests whose span meets it.
	Condition Condition `mapstructure:"condition"`
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

// Bounds of ExponentialMaxSize: fewer buckets cannot separate values, more add nothing.
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

// MetricType is what a metric's values become.
type MetricType string

// The choices for MetricType.
const (
	TypeCounter   MetricType = "counter"   // their sum
	TypeHistogram MetricType = "histogram" // their distribution
	TypeGauge     MetricType = "gauge"     // the last one
)

var types = map[MetricType]spanmetrics.Kind{
	"counter": spanmetrics.Counter, "histogram": spanmetrics.Histogram, "gauge": spanmetrics.Gauge,
}

// Validate checks the choice; nothing is that of the catalogue.
func (t MetricType) Validate() error {
	if _, ok := types[t]; !ok && t != "" {
		return fmt.Errorf("must be \"counter\", \"histogram\" or \"gauge\", got %q", string(t))
	}
	return nil
}

// Buckets are upper bounds of buckets.
type Buckets []float64

// Validate checks that the bounds are numbers and ascend.
func (b Buckets) Validate() error {
	if b != nil && len(b) == 0 {
		return errors.New("must have at least one bound, got none")
	}
	for i, bound := range b {
		if math.IsNaN(bound) || math.IsInf(bound, 0) {
			return fmt.Errorf("every bound must be a finite number, got %v", bound)
		}
		if i > 0 && bound <= b[i-1] {
			return fmt.Errorf("bounds must ascend, got %v after %v", bound, b[i-1])
		}
	}
	return nil
}

// Validate checks what concerns the metric by itself.
func (m Metric) Validate() error {
	var errs []error
	if m.Buckets != nil && m.Histogram != "" && m.Histogram != Explicit {
		errs = append(errs, fmt.Errorf("buckets: only histogram %q has them, got histogram %q", Explicit, m.Histogram))
	}
	if m.Type == "counter" || m.Type == "histogram" {
		errs = append(errs, fmt.Errorf("type: must be \"gauge\" or not be set, got %q; custom_metrics can be of any type", m.Type))
	}
	if m.Type == "gauge" && (m.Buckets != nil || m.Histogram != "") {
		errs = append(errs, errors.New("type: a gauge has neither histogram nor buckets"))
	}
	return errors.Join(append(errs, oneList(m.Dimensions, m.AddDimensions))...)
}

func oneList(instead, beside []Dimension) error {
	if instead != nil && beside != nil {
		return errors.New("dimensions: takes the place of all others, so that there are no add_dimensions beside; list all in one of them")
	}
	return nil
}

// apply makes the changes to a metric of the catalogue.
func (m *Metric) apply(in *spanmetrics.Instrument, general Histogram, c *compiler) {
	if m.Name != "" {
		in.Name = m.Name
	}
	if m.Description != "" {
		in.Description = m.Description
	}
	if m.Unit == "ms" {
		milliseconds(in)
	}
	if m.Type != "" {
		in.Kind = types[m.Type]
	}
	shape(in, general, m.Histogram, m.Buckets)
	c.own(in, m.Dimensions, m.AddDimensions)
	in.When |= c.condition(m.Condition)
}

// shape says how a histogram spreads its values.
func shape(in *spanmetrics.Instrument, general, chosen Histogram, buckets Buckets) {
	in.Buckets = histograms[general]
	if chosen != "" {
		in.Buckets = histograms[chosen]
	}
	if buckets != nil {
		in.Buckets, in.Bounds = spanmetrics.Explicit, buckets
	}
}

func isTime(unit string) bool { return unit == "s" || unit == "ms" }

// milliseconds converts an instrument of seconds.
func milliseconds(in *spanmetrics.Instrument) {
	const perSecond = 1000
	in.Unit, in.Scale = "ms", perSecond
	bounds := make([]float64, len(in.Bounds))
	for i, b := range in.Bounds {
		bounds[i] = b * perSecond
	}
	in.Bounds = bounds
}
