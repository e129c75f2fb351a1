package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
)

// Kind is the kind of a metric.
type Kind uint8

// The kinds.
const (
	Counter Kind = iota
	Histogram
)

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
	Layers []inference.Layer
	// Off instruments record nothing unless the user switches them on.
	Off bool
	// Profile is the only profile that has the row; zero means all.
	Profile Profile
	// Measure is the value of a request.
	Measure Measure
	// When restricts the requests that are measured.
	When Condition
	// Fixed is an attribute with a constant value.
	Fixed Attribute
	// Extra are the dimensions beyond the common ones.
	Extra []Dimension
}

// Attribute is an attribute with a constant value; without a key it is none.
type Attribute struct{ Key, Value string }

// Condition restricts the requests that an instrument measures.
type Condition uint8

// The conditions; they add up.
const (
	Always Condition = 0
	// Succeeded requests ended with success.
	Succeeded Condition = 1 << iota
	// Streamed requests are known to have been streamed.
	Streamed
	// Completions are requests for generated text, Others those for embeddings, ranks and media.
	Completions
	Others
)

// Profile is a version of the GenAI conventions.
type Profile uint8

// The profiles; they add up.
const (
	// V141 is v1.41, the last release of the conventions.
	V141 Profile = 1 << iota
	// Development is main of semantic-conventions-genai of 2026-10-09, which renames the clients' metrics.
	Development
)

// Dimension is an attribute whose value comes from the request.
type Dimension struct {
	// Key is the attribute's name.
	Key string
	// Value returns the request's value, absent if the request does not tell.
	Value func(*inference.Request) attr.Value
	// Closed dimensions have few values by their nature; they are neither limited nor given up when a
	// limit is reached.
	Closed bool
	// Each makes a request count once for each of its finish reasons, which are the dimension's values.
	Each bool
}

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
	clientOnly    = []inference.Layer{inference.Client}
	gatewayOnly   = []inference.Layer{inference.Gateway}
	serverOnly    = []inference.Layer{inference.Server}
	behindGateway = []inference.Layer{inference.Gateway, inference.Server}
	allLayers     = []inference.Layer{inference.Client, inference.Gateway, inference.Server}
)

// commonDimensions are those of every metric. Source: attributes of the gen_ai metrics, v1.41.1.
var commonDimensions = []Dimension{
	{Key: "gen_ai.operation.name", Value: func(q *inference.Request) attr.Value { return attr.Text(q.Operation) }},
	{Key: "gen_ai.provider.name", Value: func(q *inference.Request) attr.Value { return attr.Text(q.Provider) }},
	{Key: "gen_ai.request.model", Value: func(q *inference.Request) attr.Value { return attr.Text(q.RequestModel) }},
	{Key: "gen_ai.response.model", Value: func(q *inference.Request) attr.Value { return attr.Text(q.ResponseModel) }},
	{Key: "server.address", Value: func(q *inference.Request) attr.Value { return attr.Text(q.ServerAddress) }},
	{Key: "server.port", Value: port},
}

// DimensionKeys returns the names of all attributes that metrics have.
func DimensionKeys() []string {
	var keys []string
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, d := range commonDimensions {
		add(d.Key)
	}
	for _, in := range rows() {
		for _, d := range in.Extra {
			add(d.Key)
		}
		add(in.Fixed.Key)
	}
	return keys
}

// port returns the port, which means nothing without an address.
func port(q *inference.Request) attr.Value {
	if q.ServerPort == inference.Absent || q.ServerAddress == "" {
		return attr.Value{}
	}
	return attr.Int(q.ServerPort)
}

var (
	errorType = Dimension{
		Key:   "error.type",
		Value: func(q *inference.Request) attr.Value { return attr.Text(q.ErrorType) },
	}
	outcome = Dimension{
		Key:    "llm.outcome",
		Value:  func(q *inference.Request) attr.Value { return attr.Text(q.Outcome.String()) },
		Closed: true,
	}
	stream       = Dimension{Key: "gen_ai.request.stream", Value: streamed, Closed: true}
	costSource   = Dimension{Key: "llm.cost.source", Value: CostSource, Closed: true}
	toolName     = Dimension{Key: "gen_ai.tool.name", Value: nameOf}
	agentName    = Dimension{Key: "gen_ai.agent.name", Value: nameOf}
	finishReason = Dimension{
		Key:   "llm.finish_reason",
		Value: func(*inference.Request) attr.Value { return attr.Value{} },
		Each:  true,
	}
	layer = Dimension{
		Key:    "llm.layer",
		Value:  func(q *inference.Request) attr.Value { return attr.Text(q.Layer.String()) },
		Closed: true,
	}
)

func nameOf(q *inference.Request) attr.Value { return attr.Text(q.Name) }

// CostSource returns who says what a request costs: "reported" by its span or "computed"; absent without a cost.
func CostSource(q *inference.Request) attr.Value {
	switch {
	case q.Cost == inference.Absent:
		return attr.Value{}
	case q.CostComputed:
		return attr.Text("computed")
	default:
		return attr.Text("reported")
	}
}

func streamed(q *inference.Request) attr.Value {
	if q.Stream == inference.StreamUnknown {
		return attr.Value{}
	}
	return attr.Bool(q.Stream == inference.Streamed)
}

// own are the dimensions that the project's metrics have beyond the conventions'.
func own(more ...Dimension) []Dimension {
	return append([]Dimension{layer, stream}, more...)
}
