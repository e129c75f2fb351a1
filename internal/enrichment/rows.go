// SPDX-License-Identifier: Apache-2.0

package enrichment

import (
	"cmp"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// row is something that is written to spans.
type row struct {
	// fact is what is written. Rows of one fact go together.
	fact fact.Fact
	// key is the attribute, if it is not that of the fact.
	key   string
	value func(*llm.Request) attr.Value
	// about is the key of the attribute that this one describes: without it, it is not written either.
	about string
	// again rows are for spans that describe a request once more, the others for the span that counts.
	again bool
}

// Source of the gen_ai keys: OpenTelemetry semantic conventions v1.41.1, docs/gen-ai/gen-ai-spans.md. They have a time
// to the first chunk as the client sees it, and none for gateways and servers.
var rows = withKeys([]row{
	{fact: fact.Layer, value: func(q *llm.Request) attr.Value { return attr.Text(q.Layer.String()) }},
	{fact: fact.Outcome, value: func(q *llm.Request) attr.Value { return attr.Text(q.Outcome.String()) }},
	{fact: fact.Provider, value: func(q *llm.Request) attr.Value { return attr.Text(q.Provider) }},
	{fact: fact.RequestModel, value: func(q *llm.Request) attr.Value { return attr.Text(q.RequestModel) }},
	{fact: fact.ResponseModel, value: func(q *llm.Request) attr.Value { return attr.Text(q.ResponseModel) }},
	{fact: fact.TTFT, key: "gen_ai.response.time_to_first_chunk", value: firstOfClient},
	{fact: fact.TTFT, value: firstBehindClient},
	{fact: fact.TimePerOutputToken, value: perOutputToken},
	{fact: fact.Cost, value: func(q *llm.Request) attr.Value { return number(q.Number[fact.Cost]) }},
	{fact: fact.Cost, key: fact.CostSource.Row().Attribute, value: spanmetrics.CostSource, about: fact.Cost.Row().Attribute},
	{fact: fact.Duplicate, again: true, value: func(q *llm.Request) attr.Value { return attr.Text(q.Duplicate.String()) }},
})

// withKeys gives rows without a key that of their fact.
func withKeys(rows []row) []row {
	for i := range rows {
		rows[i].key = cmp.Or(rows[i].key, rows[i].fact.Row().Attribute)
	}
	return rows
}

// name is what users call the row.
func (r *row) name() string { return r.fact.Row().Name }

// Names lists what can be written.
func Names() []string {
	var names []string
	for i := range rows {
		if !slices.Contains(names, rows[i].name()) {
			names = append(names, rows[i].name())
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
	return number(q.Number[fact.TTFT])
}

func firstBehindClient(q *llm.Request) attr.Value {
	if q.Layer == llm.Client {
		return attr.Value{}
	}
	return number(q.Number[fact.TTFT])
}

func perOutputToken(q *llm.Request) attr.Value { return number(spanmetrics.PerOutputToken(q)) }
