package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
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

// Holder is what has attributes.
type Holder string

var holders = map[Holder]inference.Holder{
	"": inference.OfSpan, "span": inference.OfSpan, "scope": inference.OfScope, "resource": inference.OfResource,
}

// Validate checks one of the choices.
func (h Holder) Validate() error {
	if _, ok := holders[h]; !ok {
		return fmt.Errorf("must be \"span\", \"scope\" or \"resource\", got %q", string(h))
	}
	return nil
}

// told are the concepts that can be dimensions, with their fields.
var told = map[string]struct {
	field dialect.Field
	value func(*inference.Request) string
}{
	"user":     {dialect.User, func(q *inference.Request) string { return q.User }},
	"tenant":   {dialect.Tenant, func(q *inference.Request) string { return q.Tenant }},
	"session":  {dialect.Session, func(q *inference.Request) string { return q.Session }},
	"endpoint": {dialect.Endpoint, func(q *inference.Request) string { return q.Endpoint }},
}

// Validate checks that the dimension has one source.
func (d Dimension) Validate() error { return d.source().validate() }

func (d *Dimension) source() source { return source{d.Attribute, d.From, d.Concept} }

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
		value := orDefault(d.source().value(reading), attr.Text(d.Default))
		dimensions = append(dimensions, spanmetrics.Dimension{Key: d.name(), Value: value})
	}
	return dimensions
}

func tellConcept(concept string) func(*inference.Request) attr.Value {
	value := told[concept].value
	return func(q *inference.Request) attr.Value { return attr.Text(value(q)) }
}

func tellAttribute(index int) func(*inference.Request) attr.Value {
	return func(q *inference.Request) attr.Value {
		if index >= len(q.Dimensions) {
			return attr.Value{} // what is told beside requests has none
		}
		return q.Dimensions[index]
	}
}

func orDefault(value func(*inference.Request) attr.Value, otherwise attr.Value) func(*inference.Request) attr.Value {
	return func(q *inference.Request) attr.Value {
		if v := value(q); !v.IsAbsent() {
			return v
		}
		return otherwise
	}
}
