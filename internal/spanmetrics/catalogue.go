// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Kind is the kind of a metric.
type Kind uint8

// The kinds.
const (
	Counter Kind = iota
	Histogram
	// Gauge metrics hand out the last value that was observed.
	Gauge
)

// String returns the kind's name.
func (k Kind) String() string { return [...]string{"counter", "histogram", "gauge"}[k] }

// Buckets is how a histogram spreads its values.
type Buckets uint8

// The kinds of buckets.
const (
	// Explicit buckets have the instrument's bounds.
	Explicit Buckets = iota
	// Exponential buckets fit themselves to the values; Prometheus shows them as native histograms.
	Exponential
	// NoBuckets keeps count and sum alone.
	NoBuckets
)

// Instrument is one row of the catalogue: what is measured, on which requests, under which name and
// with which attributes. Several rows may share a name; they are then points of one metric and differ
// in a fixed attribute.
type Instrument struct {
	// Name is the metric's name, by which settings refer to it.
	Name string
	// Description is the metric's description.
	Description string
	// Unit is the metric's unit in UCUM.
	Unit string
	// Kind is the metric's kind.
	Kind Kind
	// Buckets are a histogram's buckets.
	Buckets Buckets
	// Bounds are the upper bounds of explicit buckets.
	Bounds []float64
	// Layers are the layers whose requests are measured.
	Layers []llm.Layer
	// Off instruments record nothing unless the user switches them on.
	Off bool
	// Profile is the only profile that has the row; zero means all.
	Profile Profile
	// Measure is the value of a request: a fact, a judgement, or a number of the user's own, see Number.
	Measure fact.Fact
	// Scale is what values are multiplied with, such as 1000 for a time in milliseconds; 0 means 1.
	Scale float64
	// When restricts the requests that are measured.
	When Condition
	// Fixed is an attribute with a constant value.
	Fixed Attribute
	// Own are the dimensions instead of the common ones and Options.Dimensions; nil means those.
	Own []Dimension
	// Extra are the dimensions beyond those.
	Extra []Dimension
}

// Attribute is an attribute with a constant value; without a key it is none.
type Attribute struct{ Key, Value string }

// Profile is a version of the GenAI conventions.
type Profile uint8

// The profiles; they add up.
const (
	// V141 is v1.41, the last release of the conventions.
	V141 Profile = 1 << iota
	// Development is main of semantic-conventions-genai of 2026-10-09, which renames the clients' metrics.
	Development
)

var (
	clientOnly    = []llm.Layer{llm.Client}
	gatewayOnly   = []llm.Layer{llm.Gateway}
	serverOnly    = []llm.Layer{llm.Server}
	behindGateway = []llm.Layer{llm.Gateway, llm.Server}
	allLayers     = []llm.Layer{llm.Client, llm.Gateway, llm.Server}
)
