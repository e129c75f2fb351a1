// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Dimension is an attribute whose value comes from the request.
type Dimension struct {
	// Key is the attribute's name.
	Key string
	// Source distinguishes dimensions of one name; those with the same name and source are one, with one limit.
	Source string
	// Value returns the request's value, absent if the request has none.
	Value func(*llm.Request) attr.Value
	// Closed dimensions have few values by their nature; they are neither limited nor given up when a
	// limit is reached.
	Closed bool
	// Individual dimensions depend on what no settling.Kind decides: the numbers of a request, its user and its session.
	Individual bool
	// Max bounds the distinct values; 0 means Limits.ValuesPerDimension.
	Max int
	// Each makes a request count several times, with another value of the dimension each time.
	Each Each
	// Refine turns a finish reason into the dimension's value; nil leaves it as it is.
	Refine func(attr.Value) attr.Value
}

// Each is what a request can count several times for.
type Each uint8

// What there can be several of.
const (
	// Once means that a request counts once.
	Once Each = iota
	// EachReason is once for each of the request's finish reasons.
	EachReason
	// EachTarget is once for each target that the request is judged by.
	EachTarget
)

// refined returns the dimension's value for a finish reason.
func (d *Dimension) refined(reason attr.Value) attr.Value {
	if d.Refine == nil {
		return reason
	}
	return d.Refine(reason)
}

// dimensionValues give the dimensions that requests have by themselves, by their fact.
var dimensionValues = map[fact.Fact]func(*llm.Request) attr.Value{
	fact.Operation:     func(q *llm.Request) attr.Value { return attr.Text(q.Operation) },
	fact.Provider:      func(q *llm.Request) attr.Value { return attr.Text(q.Provider) },
	fact.RequestModel:  func(q *llm.Request) attr.Value { return attr.Text(q.RequestModel) },
	fact.ResponseModel: func(q *llm.Request) attr.Value { return attr.Text(q.ResponseModel) },
	fact.Model:         model,
	fact.ServerAddress: func(q *llm.Request) attr.Value { return attr.Text(q.ServerAddress) },
	fact.ServerPort:    port,
	fact.Layer:         func(q *llm.Request) attr.Value { return attr.Text(q.Layer.String()) },
	fact.Stream:        streamed,
	fact.Outcome:       func(q *llm.Request) attr.Value { return attr.Text(q.Outcome.String()) },
	fact.Status:        status,
	fact.ErrorType:     func(q *llm.Request) attr.Value { return attr.Text(q.ErrorType) },
	fact.FinishReason:  nothing,
	fact.CostSource:    CostSource,
	fact.Emitter:       emitterName,
	fact.ToolName:      nameOf("execute_tool"),
	fact.AgentName:     nameOf("invoke_agent"),
	fact.ServiceTier:   func(q *llm.Request) attr.Value { return attr.Text(q.ServiceTier) },
	fact.Endpoint:      func(q *llm.Request) attr.Value { return attr.Text(q.Endpoint) },
	fact.Tenant:        func(q *llm.Request) attr.Value { return attr.Text(q.Tenant) },
	fact.User:          func(q *llm.Request) attr.Value { return attr.Text(q.User) },
	fact.Session:       func(q *llm.Request) attr.Value { return attr.Text(q.Session) },
}

// Concepts are those dimensions by the fact's name, which is their source, too.
var Concepts = func() map[string]Dimension {
	all := map[string]Dimension{}
	for f := range fact.All(fact.Dimensional) {
		row := f.Row()
		d := Dimension{Source: row.Name, Key: row.Attribute, Value: dimensionValues[f], Closed: row.Closed, Individual: f == fact.CostSource || f == fact.User || f == fact.Session}
		if row.Type == fact.Texts {
			d.Each = EachReason
		}
		all[row.Name] = d
	}
	return all
}()

// named returns the dimensions of those concepts.
func named(sources ...string) (dimensions []Dimension) {
	for _, source := range sources {
		dimensions = append(dimensions, Concepts[source])
	}
	return dimensions
}

// commonDimensions are those of every metric. Source: attributes of the gen_ai metrics, v1.41.1.
var commonDimensions = named("operation", "provider", "request_model", "response_model", "server_address", "server_port")

var (
	errorType    = Concepts["error_type"]
	outcome      = Concepts["outcome"]
	layer        = Concepts["layer"]
	stream       = Concepts["stream"]
	costSource   = Concepts["cost_source"]
	toolName     = Concepts["tool"]
	agentName    = Concepts["agent"]
	finishReason = Concepts["finish_reason"]
	targetName   = Dimension{Key: "llm.slo.name", Value: nothing, Closed: true, Each: EachTarget}
	targetMet    = Dimension{Key: "llm.slo.met", Value: nothing, Closed: true, Each: EachTarget}
)

// own are the dimensions that the project's metrics have beyond the conventions'.
func own(more ...Dimension) []Dimension {
	return append([]Dimension{layer, stream}, more...)
}

// Defaults returns the dimensions that every metric has unless it has a list of its own.
func Defaults() []Dimension { return slices.Clone(commonDimensions) }

func nothing(*llm.Request) attr.Value { return attr.Value{} }

// model returns the model that answered, or else the one that was asked for.
func model(q *llm.Request) attr.Value {
	if q.ResponseModel != "" {
		return attr.Text(q.ResponseModel)
	}
	return attr.Text(q.RequestModel)
}

// port returns the port, which means nothing without an address.
func port(q *llm.Request) attr.Value {
	if q.Number[fact.ServerPort] == llm.Absent || q.ServerAddress == "" {
		return attr.Value{}
	}
	return attr.Int(int64(q.Number[fact.ServerPort]))
}

// status returns the outcome, or that time ran out where the error says so.
func status(q *llm.Request) attr.Value {
	if q.Outcome != llm.Success && emitter.TimesOut(q.ErrorType) {
		return attr.Text("timeout")
	}
	return attr.Text(q.Outcome.String())
}

// emitterNames are those of the families, in the order of Request.Emitter.
var emitterNames = func() (names []string) {
	for _, d := range emitter.All() {
		names = append(names, d.Name)
	}
	return names
}()

func emitterName(q *llm.Request) attr.Value {
	if q.Emitter < 0 || int(q.Emitter) >= len(emitterNames) {
		return attr.Value{}
	}
	return attr.Text(emitterNames[q.Emitter])
}

// nameOf returns the name of what ran, of runs of that operation.
func nameOf(operation string) func(*llm.Request) attr.Value {
	return func(q *llm.Request) attr.Value {
		if q.Operation != operation {
			return attr.Value{}
		}
		return attr.Text(q.Name)
	}
}

// CostSource returns who says what a request costs: "reported" by its span or "computed"; absent without a cost.
func CostSource(q *llm.Request) attr.Value {
	switch {
	case q.Number[fact.Cost] == llm.Absent:
		return attr.Value{}
	case q.CostComputed:
		return attr.Text("computed")
	default:
		return attr.Text("reported")
	}
}

func streamed(q *llm.Request) attr.Value {
	if q.Stream == llm.StreamUnknown {
		return attr.Value{}
	}
	return attr.Bool(q.Stream == llm.Streamed)
}
