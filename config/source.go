// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// source is where a value of a request comes from. It is an attribute, or a concept that emitters write under different keys.
type source struct {
	attribute string
	from      Holder
	concept   string
}

func (s source) validate() error {
	return oneSource(s.attribute, s.from, "concept", s.concept, unreadConcepts)
}

// oneSource checks that a value comes either from an attribute or from a fact of every request. The settings name that fact under
// a key.
func oneSource[V any](attribute string, from Holder, key, name string, known map[string]V) error {
	_, ok := known[name]
	switch {
	case attribute == "" && name == "":
		return fmt.Errorf("needs either attribute or %s, got neither", key)
	case attribute != "" && name != "":
		return fmt.Errorf("needs either attribute or %s, got attribute %q and %s %q", key, attribute, key, name)
	case name != "" && from != "":
		return fmt.Errorf("from: belongs to an attribute, not to a %s", key)
	case name != "" && !ok:
		return fmt.Errorf("%s: %s", key, oneOf(known, name))
	default:
		return nil
	}
}

// value returns what gives a request's value. It adds to the options what the reader has to read for it, if it is not there.
func (s source) value(reading *spanreader.Options) func(*llm.Request) attr.Value {
	if s.concept != "" {
		reading.Unread = slices.DeleteFunc(reading.Unread, func(f fact.Fact) bool { return f == unreadConcepts[s.concept] })
		return spanmetrics.Concepts[s.concept].Value
	}
	return tellAttribute(place(&reading.Dimensions, spanreader.Source{Of: holders[s.from], Key: s.attribute}))
}

// unreadConcepts are those that the reader leaves alone unless they are asked for.
var unreadConcepts = map[string]fact.Fact{
	"user": fact.User, "tenant": fact.Tenant, "session": fact.Session, "endpoint": fact.Endpoint,
}

// place returns the place of an item in a list, to which it adds it if need be.
func place[T comparable](list *[]T, item T) int {
	if i := slices.Index(*list, item); i >= 0 {
		return i
	}
	*list = append(*list, item)
	return len(*list) - 1
}

func tellAttribute(index int) func(*llm.Request) attr.Value {
	return func(q *llm.Request) attr.Value { return q.Dimensions[index] }
}
