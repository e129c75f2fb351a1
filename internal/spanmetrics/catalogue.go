// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
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
	// Measure is the value of a request.
	Measure Measure
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

// Bucket bounds of the GenAI conventions. Source: open-telemetry/semantic-conventions v1.41.1,
// docs/gen-ai/gen-ai-metrics.md; rates are the project's own.
var (
	durationBounds  = []float64{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
	tokenBounds     = []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
	firstBounds     = []float64{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	perOutputBounds = []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5}
	rateBounds      = []float64{1, 5, 10, 25, 50, 100, 250, 500, 1000, 2000}
	sizeBounds      = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}
	agentBounds     = []float64{0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6}
	loadBounds      = []float64{1, 2.5, 5, 10, 20, 40, 60, 90, 120, 180, 300, 600, 1200}
)

var (
	clientOnly    = []llm.Layer{llm.Client}
	gatewayOnly   = []llm.Layer{llm.Gateway}
	serverOnly    = []llm.Layer{llm.Server}
	behindGateway = []llm.Layer{llm.Gateway, llm.Server}
	allLayers     = []llm.Layer{llm.Client, llm.Gateway, llm.Server}
)
