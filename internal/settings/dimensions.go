package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// Dimension is a further attribute of all metrics: one of the spans', or something that the emitters tell under keys of
// their own.
type Dimension struct {
	// Attribute is an attribute's name.
	Attribute string `mapstructure:"attribute"`
	// From is what has the attribute: "span" (default), "scope" or "resource".
	From Holder `mapstructure:"from"`
	// Concept is what is told: "user", "tenant", "session" or "endpoint". Users and sessions are many: mind the
	// limits.
	Concept string `mapstructure:"concept"`
	// Name is the attribute's name on the metrics; that of the attribute, or "llm." and the concept, by default.
	Name string `mapstructure:"name"`
	// Default is the value where the spans have none; without it such points lack the attribute.
	Default string `mapstructure:"default"`
}

func (d *Dimension) source() source { return source{d.Attribute, d.From, d.Concept} }

// Validate checks that the dimension has one source.
func (d Dimension) Validate() error { return d.source().validate() }

func (d Dimension) name() string {
	switch {
	case d.Name != "":
		return d.Name
	case d.Concept != "":
		return "llm." + d.Concept
	default:
		return d.Attribute
	}
}

// validateDimensions checks that no two attributes of a metric have one name.
func (c *Config) validateDimensions() error {
	var errs []error
	taken := spanmetrics.DimensionKeys()
	for i, d := range c.Dimensions {
		if slices.Contains(taken, d.name()) {
			errs = append(errs, fmt.Errorf("dimensions::%d::name: %q is the name of another attribute of the metrics; they have %s",
				i, d.name(), strings.Join(taken, ", ")))
		}
		taken = append(taken, d.name())
	}
	return errors.Join(errs...)
}

// dimensions compiles the dimensions, and adds what the reader has to read for them.
func (c *Config) dimensions(reading *inference.Options) []spanmetrics.Dimension {
	dimensions := make([]spanmetrics.Dimension, 0, len(c.Dimensions))
	for _, d := range c.Dimensions {
		value := d.source().value(reading)
		dimensions = append(dimensions, spanmetrics.Dimension{Key: d.name(), Value: orDefault(value, attr.Text(d.Default))})
	}
	return dimensions
}

func orDefault(value func(*inference.Request) attr.Value, otherwise attr.Value) func(*inference.Request) attr.Value {
	return func(q *inference.Request) attr.Value {
		if v := value(q); !v.IsAbsent() {
			return v
		}
		return otherwise
	}
}
