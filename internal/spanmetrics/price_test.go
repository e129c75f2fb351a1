// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// countingPrices know the first model only, and count how often they are asked.
type countingPrices struct{ asked int }

func (p *countingPrices) Cost(q *llm.Request, _ *llm.ModalityTokens) (float64, llm.Assumed, bool) {
	p.asked++
	return 0.5, 0, q.RequestModel == "gpt-4o-0"
}

func TestARequestIsPricedOnceWhetherBeforeTheCommitOrAtIt(t *testing.T) {
	for name, before := range map[string]bool{"before": true, "at the commit": false} {
		t.Run(name, func(t *testing.T) {
			prices := new(countingPrices)
			e := New(testOptions(), epoch)
			e.SetPrices(prices)
			batch := e.Read(tracetest.Make(tracetest.Shape{Spans: 10, Sets: 2}))
			if before {
				e.Price(batch)
				assert.InDelta(t, 0.5, batch.Requests[0].Number[fact.Cost], 1e-9)
				assert.True(t, batch.Requests[0].CostComputed)
			}
			e.Commit(batch, epoch)
			assert.Equal(t, 10, prices.asked)
			assert.EqualValues(t, 5, e.Stats().Unpriced)
			assert.InDelta(t, 2.5, gather(t, e, epoch)["llm.cost"].Sum().DataPoints().At(0).DoubleValue(), 1e-9)
		})
	}
}

func TestWhatIsNotCountedIsNotPricedEither(t *testing.T) {
	prices := new(countingPrices)
	e := New(testOptions(), epoch)
	e.SetPrices(prices)
	for range 2 {
		e.Discard(e.Read(tracetest.Make(tracetest.Shape{Spans: 10})))
	}
	assert.Zero(t, prices.asked)
	assert.Zero(t, e.Stats().Unpriced)
}
