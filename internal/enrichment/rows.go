// SPDX-License-Identifier: Apache-2.0

package enrichment

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// row is something that is written to spans.
type row struct {
	// name is what users call it. Rows of one name go together.
	name string
	// key is the attribute: that of the conventions where they have one that means the same, else the project's own.
	key   string
	value func(*llm.Request) attr.Value
	// about is the key of the attribute that this one tells of: without it, it is not written either.
	about string
	// again rows are for spans that describe a request once more, the others for those that tell of it.
	again bool
}

// Source of the gen_ai keys: OpenTelemetry semantic conventions v1.41.1, docs/gen-ai/gen-ai-spans.md. They have a time
// to the first chunk as the client sees it, and none for gateways and servers.
var rows = []row{
	{name: "layer", key: "llm.layer", value: func(q *llm.Request) attr.Value { return attr.Text(q.Layer.String()) }},
	{name: "outcome", key: "llm.outcome", value: func(q *llm.Request) attr.Value { return attr.Text(q.Outcome.String()) }},
	{name: "provider", key: "gen_ai.provider.name", value: func(q *llm.Request) attr.Value { return attr.Text(q.Provider) }},
	{name: "request_model", key: "gen_ai.request.model", value: func(q *llm.Request) attr.Value { return attr.Text(q.RequestModel) }},
	{name: "response_model", key: "gen_ai.response.model", value: func(q *llm.Request) attr.Value { return attr.Text(q.ResponseModel) }},
	{name: "time_to_first_token", key: "gen_ai.response.time_to_first_chunk", value: firstOfClient},
	{name: "time_to_first_token", key: "llm.time_to_first_token", value: firstBehindClient},
	{name: "time_per_output_token", key: "llm.time_per_output_token", value: perOutputToken},
	{name: "cost", key: "llm.cost", value: func(q *llm.Request) attr.Value { return number(q.Cost) }},
	{name: "cost", key: "llm.cost.source", value: spanmetrics.CostSource, about: "llm.cost"},
	{name: "duplicate", key: "llm.duplicate", again: true, value: func(q *llm.Request) attr.Value { return attr.Text(q.Duplicate.String()) }},
}

// Names lists what can be written.
func Names() []string {
	var names []string
	for i := range rows {
		if !slices.Contains(names, rows[i].name) {
			names = append(names, rows[i].name)
		}
	}
	return names
}

// number returns a number, absent if there is none.
func number(n float64) attr.Value {
	if n == llm.Absent {
		return attr.Value{}
	}
	return attr.Double(n)
}

func firstOfClient(q *llm.Request) attr.Value {
	if q.Layer != llm.Client {
		return attr.Value{}
	}
	return number(q.TTFT)
}

func firstBehindClient(q *llm.Request) attr.Value {
	if q.Layer == llm.Client {
		return attr.Value{}
	}
	return number(q.TTFT)
}

func perOutputToken(q *llm.Request) attr.Value { return number(spanmetrics.PerOutputToken(q)) }
