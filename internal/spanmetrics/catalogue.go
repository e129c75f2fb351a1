package spanmetrics

import (
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
}

// Bucket bounds of the GenAI conventions. Source: open-telemetry/semantic-conventions v1.41.1,
// docs/gen-ai/gen-ai-metrics.md; rates are the project's own.
var (
	durationBounds  = []float64{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
	tokenBounds     = []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
	firstBounds     = []float64{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	perOutputBounds = []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5}
	rateBounds      = []float64{1, 5, 10, 25, 50, 100, 250, 500, 1000, 2000}
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
	stream = Dimension{Key: "gen_ai.request.stream", Value: streamed, Closed: true}
	layer  = Dimension{
		Key:    "llm.layer",
		Value:  func(q *inference.Request) attr.Value { return attr.Text(q.Layer.String()) },
		Closed: true,
	}
)

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

// Catalogue lists all instruments.
func Catalogue() []Instrument {
	return []Instrument{
		{
			Name: "gen_ai.client.operation.duration", Kind: Histogram, Unit: "s", Bounds: durationBounds,
			Description: "Duration of GenAI operations as the client sees them.",
			Layers:      clientOnly, Measure: Duration, Extra: []Dimension{errorType},
		},
		{
			Name: "gen_ai.client.operation.time_to_first_chunk", Kind: Histogram, Unit: "s", Bounds: durationBounds,
			Description: "Time from the request to the first chunk of a streamed response, for successful operations.",
			Layers:      clientOnly, Measure: TTFT, When: Succeeded | Streamed,
		},
		{
			Name: "gen_ai.client.token.usage", Kind: Histogram, Unit: "{token}", Bounds: tokenBounds,
			Description: "Tokens of an operation; input includes cached tokens, output includes reasoning.",
			Layers:      clientOnly, Measure: InputTokens, Fixed: Attribute{"gen_ai.token.type", "input"},
		},
		{
			Name: "gen_ai.client.token.usage", Kind: Histogram, Unit: "{token}", Bounds: tokenBounds,
			Description: "Tokens of an operation; input includes cached tokens, output includes reasoning.",
			Layers:      clientOnly, Measure: OutputTokens, Fixed: Attribute{"gen_ai.token.type", "output"},
		},
		{
			Name: "gen_ai.server.request.duration", Kind: Histogram, Unit: "s", Bounds: durationBounds,
			Description: "Duration of requests as the engine sees them.",
			Layers:      serverOnly, Measure: Duration, Extra: []Dimension{errorType},
		},
		{
			Name: "gen_ai.server.time_to_first_token", Kind: Histogram, Unit: "s", Bounds: firstBounds,
			Description: "Time from a request's arrival at the engine to its first token, for successful requests.",
			Layers:      serverOnly, Measure: TTFT, When: Succeeded,
		},
		{
			Name: "gen_ai.server.time_per_output_token", Kind: Histogram, Unit: "s", Bounds: perOutputBounds,
			Description: "Time per output token after the first, for successful requests.",
			Layers:      serverOnly, Measure: TimePerOutputToken, When: Succeeded,
		},
		{
			Name: "llm.gateway.request.duration", Kind: Histogram, Unit: "s", Bounds: durationBounds,
			Description: "Duration of requests as the gateway sees them.",
			Layers:      gatewayOnly, Measure: Duration, Extra: own(errorType),
		},
		{
			Name: "llm.gateway.time_to_first_token", Kind: Histogram, Unit: "s", Bounds: firstBounds,
			Description: "Time from a request's arrival at the gateway to the first token, for successful requests.",
			Layers:      gatewayOnly, Measure: TTFT, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.gateway.time_per_output_token", Kind: Histogram, Unit: "s", Bounds: perOutputBounds,
			Description: "Time per output token after the first as the gateway sees it, for successful requests.",
			Layers:      gatewayOnly, Measure: TimePerOutputToken, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.requests", Kind: Counter, Unit: "{request}",
			Description: "Finished requests by outcome.",
			Layers:      allLayers, Measure: Requests, Extra: own(outcome, errorType),
		},
		{
			Name: "llm.usage.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens, cached ones included.",
			Layers:      allLayers, Measure: InputTokens, Extra: own(),
		},
		{
			Name: "llm.usage.output_tokens", Kind: Counter, Unit: "{token}",
			Description: "Output tokens, reasoning included.",
			Layers:      allLayers, Measure: OutputTokens, Extra: own(),
		},
		{
			Name: "llm.usage.cache_read.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens read from a cache; a part of the input tokens.",
			Layers:      allLayers, Measure: CacheReadTokens, Extra: own(),
		},
		{
			Name: "llm.usage.cache_write.input_tokens", Kind: Counter, Unit: "{token}",
			Description: "Input tokens written to a cache; a part of the input tokens.",
			Layers:      allLayers, Measure: CacheWriteTokens, Extra: own(),
		},
		{
			Name: "llm.usage.reasoning.output_tokens", Kind: Counter, Unit: "{token}",
			Description: "Output tokens spent on reasoning; a part of the output tokens.",
			Layers:      allLayers, Measure: ReasoningTokens, Extra: own(),
		},
		{
			Name: "llm.client.time_per_output_token", Kind: Histogram, Unit: "s", Bounds: perOutputBounds,
			Description: "Time per output token after the first as the client sees it, for successful requests.",
			Layers:      clientOnly, Measure: TimePerOutputToken, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.request.output_token_rate", Kind: Histogram, Unit: "{token}/s", Bounds: rateBounds,
			Description: "Output tokens per second of generation, for successful requests.",
			Layers:      allLayers, Measure: OutputTokenRate, When: Succeeded, Extra: own(),
		},
		{
			Name: "llm.request.queue.duration", Kind: Histogram, Unit: "s", Bounds: firstBounds,
			Description: "Time that requests waited in the engine before they were scheduled.",
			Layers:      behindGateway, Measure: Queue, Extra: own(),
		},
		{
			Name: "llm.request.prefill.duration", Kind: Histogram, Unit: "s", Bounds: firstBounds,
			Description: "Time that the engine spent on the prompt.",
			Layers:      behindGateway, Measure: Prefill, Extra: own(),
		},
		{
			Name: "llm.request.decode.duration", Kind: Histogram, Unit: "s", Bounds: firstBounds,
			Description: "Time that the engine spent on the tokens after the first.",
			Layers:      behindGateway, Measure: Decode, Extra: own(),
		},
	}
}
