// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// CustomMetric is a metric of the user's own.
type CustomMetric struct {
	// Type is "counter", which adds values up, "histogram" or "gauge", which is the last value.
	Type MetricType `mapstructure:"type"`
	// Value is what is measured, such as "requests", "duration" or "output_tokens"; the README lists all.
	Value string `mapstructure:"value"`
	// Attribute is, instead of Value, the name of an attribute with a number, which may be written as text. What is
	// no number counts as absent, as does what is negative where the metric is no gauge.
	Attribute string `mapstructure:"attribute"`
	// From is what has the attribute: "span" (default), "scope" or "resource".
	From Holder `mapstructure:"from"`
	// Unit is that of the value by default. Times can be converted to "ms". Other units are
	// texts, and values stay as they are.
	Unit string `mapstructure:"unit"`
	// Description is the metric's description.
	Description string `mapstructure:"description"`
	// Histogram is how a histogram spreads its values, instead of the general choice.
	Histogram Histogram `mapstructure:"histogram"`
	// Buckets are the upper bounds of a histogram's buckets, in the metric's unit, ascending.
	Buckets Buckets `mapstructure:"buckets"`
	// Layers are the layers whose requests are measured; all by default.
	Layers []Layer `mapstructure:"layers"`
	// Outcomes are those of the requests that are measured; all by default.
	Outcomes []Outcome `mapstructure:"outcomes"`
	// Streamed restricts the metric to requests that are known to have been streamed.
	Streamed bool `mapstructure:"streamed"`
	// Dimensions are the metric's attributes, instead of the default ones and the general dimensions.
	Dimensions []Dimension `mapstructure:"dimensions"`
	// AddDimensions are attributes beside those.
	AddDimensions []Dimension `mapstructure:"add_dimensions"`
	// Condition restricts the metric to the requests whose span meets it.
	Condition Condition `mapstructure:"condition"`
}

// Outcome is how a request ended.
type Outcome string

// The choices for Outcome.
const (
	OutcomeSuccess   Outcome = "success"
	OutcomeError     Outcome = "error"
	OutcomeCancelled Outcome = "cancelled"
)

var outcomes = map[Outcome]llm.Outcome{
	"success": llm.Success, "error": llm.Error, "cancelled": llm.Cancelled,
}

// Validate checks one of the choices.
func (o Outcome) Validate() error {
	if _, ok := outcomes[o]; !ok {
		return fmt.Errorf("must be \"success\", \"error\" or \"cancelled\", got %q", string(o))
	}
	return nil
}

// Validate checks what concerns the metric by itself.
func (m CustomMetric) Validate() error {
	errs := []error{m.validateValue(), oneList(m.Dimensions, m.AddDimensions)}
	switch {
	case m.Type == "":
		errs = append(errs, errors.New("type: must be \"counter\", \"histogram\" or \"gauge\", got \"\""))
	case m.Type != "histogram" && (m.Buckets != nil || m.Histogram != ""):
		errs = append(errs, fmt.Errorf("the metric is a %s and has neither histogram nor buckets", m.Type))
	case m.Buckets != nil && m.Histogram != "" && m.Histogram != Explicit:
		errs = append(errs, fmt.Errorf("buckets: only histogram %q has them, got histogram %q", Explicit, m.Histogram))
	default:
	}
	return errors.Join(errs...)
}

func (m *CustomMetric) validateValue() error {
	if err := oneSource(m.Attribute, m.From, "value", m.Value, spanmetrics.Quantities); err != nil {
		return err
	}
	switch quantity := spanmetrics.Quantities[m.Value]; {
	case m.Value != "" && spanmetrics.Concurrent(quantity.Measure) && m.Type != "gauge":
		return fmt.Errorf("type: %s can be a gauge only, got %q", m.Value, m.Type)
	case quantity.Unit == "s" && m.Unit != "" && !isTime(m.Unit):
		return fmt.Errorf("unit: must be \"s\" or \"ms\" for %s, got %q", m.Value, m.Unit)
	default:
		return nil
	}
}

// bucketless reports whether the metric would need buckets and has none.
func (m *CustomMetric) bucketless(general Histogram) bool {
	shape := general
	if m.Histogram != "" {
		shape = m.Histogram
	}
	quantity, known := spanmetrics.Quantities[m.Value]
	return m.Type == "histogram" && shape == Explicit && m.Buckets == nil && quantity.Bounds == nil && (known || m.Attribute != "")
}

// instrument compiles the metric.
func (m *CustomMetric) instrument(name string, general Histogram, c *compiler) spanmetrics.Instrument {
	quantity := spanmetrics.Quantities[m.Value]
	in := spanmetrics.Instrument{
		Name: name, Description: m.Description, Unit: quantity.Unit, Bounds: quantity.Bounds, Kind: types[m.Type],
		Measure: quantity.Measure, Layers: m.layers(), Extra: spanmetrics.OwnDimensions(),
	}
	if m.Attribute != "" {
		in.Measure = spanmetrics.Number(place(&c.numbers, spanreader.Source{Of: holders[m.From], Key: m.Attribute}))
	}
	switch {
	case quantity.Unit == "s" && m.Unit == "ms":
		milliseconds(&in)
	case m.Unit != "":
		in.Unit = m.Unit
	default:
	}
	shape(&in, general, m.Histogram, m.Buckets)
	if len(m.Outcomes) > 0 {
		in.When |= spanmetrics.Ended(mapped(m.Outcomes, outcomes))
	}
	if m.Streamed {
		in.When |= spanmetrics.Streamed
	}
	c.own(&in, m.Dimensions, m.AddDimensions)
	in.When |= c.condition(m.Condition)
	return in
}

func (m *CustomMetric) layers() []llm.Layer {
	if len(m.Layers) == 0 {
		return []llm.Layer{llm.Client, llm.Gateway, llm.Server}
	}
	return mapped(m.Layers, layers)
}
