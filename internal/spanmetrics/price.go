// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Price computes what the requests of a batch cost. It is for those who want to know before Commit, which does it else.
func (e *Engine) Price(batch *spanreader.Batch) {
	for i := range batch.Requests {
		if q := &batch.Requests[i]; q.Duplicate == llm.Unique {
			e.price(&batch.Batch, q)
		}
	}
}

// price computes the cost of a request that does not report it, once.
func (e *Engine) price(batch *correlate.Batch, q *llm.Request) {
	prices := e.prices.Load()
	if prices == nil || q.Number[fact.Cost] != llm.Absent || q.Unpriced {
		return
	}
	if cost, assumed, ok := (*prices).Cost(q, batch.Modalities(q)); ok {
		q.Number[fact.Cost], q.CostComputed, q.Assumed = cost, true, assumed
	} else {
		q.Unpriced = q.Number[fact.InputTokens] != llm.Absent || q.Number[fact.OutputTokens] != llm.Absent
	}
}
