// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"

	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Dimension is an attribute of metrics: one of the spans', or something known of every request.
type Dimension struct {
	// Attribute is an attribute's name.
	Attribute string `mapstructure:"attribute"`
	// From is what has the attribute: "span" (default), "scope" or "resource".
	From Holder `mapstructure:"from"`
	// Concept is what the value stands for, such as "model", "outcome" or "tenant"; the README lists all. Users and sessions are
	// many: mind the limits.
	Concept string `mapstructure:"concept"`
	// Name is the attribute's name on the metrics; that of the attribute or concept by default.
	Name string `mapstructure:"name"`
	// Default is the value where there is none; without it such points lack the attribute.
	Default string `mapstructure:"default"`
	// Values replaces values: the first that fits counts, and what none fits stays as it is.
	Values []Replacement `mapstructure:"values"`
	// MaxValues bounds the different values, instead of limits::values_per_dimension; at least 1.
	MaxValues *int `mapstructure:"max_values"`
}

// Replacement replaces values of a dimension.
type Replacement struct {
	// Match are the values to replace; "*" stands for any characters.
	Match string `mapstructure:"match"`
	// Value is what they become.
	Value string `mapstructure:"value"`
}

// Validate checks that the dimension has one source.
func (d Dimension) Validate() error {
	if err := oneSource(d.Attribute, d.From, "concept", d.Concept, spanmetrics.Concepts); err != nil {
		return err
	}
	switch concept := spanmetrics.Concepts[d.Concept]; {
	case concept.Each != spanmetrics.Once && d.Default != "":
		return fmt.Errorf("default: a request without a %s is not counted by it, so that there is no default", d.Concept)
	case d.MaxValues != nil && *d.MaxValues < 1:
		return fmt.Errorf("max_values: must be at least 1, got %d", *d.MaxValues)
	default:
		return nil
	}
}

// Validate checks that the replacement is complete.
func (r Replacement) Validate() error {
	if r.Match == "" || r.Value == "" {
		return fmt.Errorf("needs match and value, got match %q and value %q", r.Match, r.Value)
	}
	return nil
}

func (d *Dimension) name() string {
	switch {
	case d.Name != "":
		return d.Name
	case d.Concept != "":
		return spanmetrics.Concepts[d.Concept].Key
	default:
		return d.Attribute
	}
}

// source returns what distinguishes the dimension from others of its name. An unchanged concept is that of the catalogue.
func (d *Dimension) source() string {
	if d.Concept != "" && d.Default == "" && d.Values == nil && d.MaxValues == nil {
		return d.Concept
	}
	all := *d
	all.MaxValues = nil // else the address would be part of the text
	return fmt.Sprintf("%#v %d", all, d.maxValues())
}

// maxValues returns the bound of the different values, or 0 for that of the limits.
func (d *Dimension) maxValues() int {
	if d.MaxValues == nil {
		return 0
	}
	return *d.MaxValues
}
