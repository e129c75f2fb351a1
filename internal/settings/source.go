package settings

import (
	"errors"
	"fmt"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// source is where a value of a request comes from: an attribute, or a concept that emitters tell under keys of their own.
type source struct {
	attribute string
	from      Holder
	concept   string
}

func (s source) validate() error {
	switch {
	case (s.attribute == "") == (s.concept == ""):
		return errors.New("needs either attribute or concept")
	case s.concept != "" && s.from != "":
		return errors.New("from: belongs to an attribute, not to a concept")
	case s.concept != "" && told[s.concept] == dialect.NoField:
		return fmt.Errorf("concept: must be one of %s, got %q", listed(told), s.concept)
	default:
		return nil
	}
}

// value returns what gives a request's value, and adds to the options what the reader has to read for it, if it is not
// there.
func (s source) value(reading *inference.Options) func(*inference.Request) attr.Value {
	if s.concept != "" {
		reading.Unread = slices.DeleteFunc(reading.Unread, func(f dialect.Field) bool { return f == told[s.concept] })
		return spanmetrics.Concepts[s.concept].Value
	}
	return tellAttribute(place(&reading.Dimensions, inference.Source{Of: holders[s.from], Key: s.attribute}))
}
