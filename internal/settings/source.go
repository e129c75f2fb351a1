package settings

import (
	"errors"
	"fmt"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

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
	case s.concept != "" && told[s.concept].value == nil:
		return fmt.Errorf("concept: must be one of %s, got %q", listed(told), s.concept)
	default:
		return nil
	}
}

// value returns what gives a request's value, and adds to the options what the reader has to read for it, if it is not
// there.
func (s source) value(reading *inference.Options) func(*inference.Request) attr.Value {
	if s.concept != "" {
		reading.Unread = slices.DeleteFunc(reading.Unread, func(f dialect.Field) bool { return f == told[s.concept].field })
		return tellConcept(s.concept)
	}
	attribute := inference.Source{Of: holders[s.from], Key: s.attribute}
	index := slices.Index(reading.Dimensions, attribute)
	if index < 0 {
		index = len(reading.Dimensions)
		reading.Dimensions = append(reading.Dimensions, attribute)
	}
	return tellAttribute(index)
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
