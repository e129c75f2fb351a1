// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// ofService makes spans of one service, each of a model of its own, beginning with a number.
func ofService(service string, models, first int) ptrace.Traces {
	traces := tracetest.Make(tracetest.Shape{Spans: models, First: first})
	rs := traces.ResourceSpans().At(0)
	rs.Resource().Attributes().PutStr("service.name", service)
	for i, span := range rs.ScopeSpans().At(0).Spans().All() {
		span.Attributes().PutStr("gen_ai.request.model", fmt.Sprintf("%s-%d", service, i))
		span.Attributes().PutStr("gen_ai.response.model", fmt.Sprintf("%s-%d", service, i))
	}
	return traces
}

// requestsByModel counts the requests of all services by the requested model.
func requestsByModel(t *testing.T, e *Engine, at time.Time) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	_, err := e.Collect(at, func(metrics pmetric.Metrics) error {
		for _, rm := range metrics.ResourceMetrics().All() {
			for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
				if m.Name() != "llm.requests" {
					continue
				}
				for _, p := range m.Sum().DataPoints().All() {
					model, _ := p.Attributes().Get("gen_ai.request.model")
					counts[model.Str()] += p.IntValue()
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	return counts
}

func TestANoisyServiceLeavesTheOthersTheirShareOfADimension(t *testing.T) {
	options := testOptions()
	options.Limits.ValuesPerDimension = 100
	options.Limits.DimensionSets, options.Limits.DimensionSetsPerResource = 1<<20, 1<<20
	share := options.Limits.ValuesPerDimension / sharePart
	e := New(options, epoch)
	e.Commit(e.Read(ofService("noisy", 300, 0)), epoch)
	e.Commit(e.Read(ofService("quiet", share+3, 1000)), epoch)
	e.Commit(e.Read(ofService("calm", 1, 2000)), epoch)
	counts := requestsByModel(t, e, epoch.Add(time.Second))
	for i := range share {
		assert.EqualValues(t, 1, counts[fmt.Sprintf("quiet-%d", i)], "model %d of a service that came late", i)
	}
	assert.EqualValues(t, 1, counts["calm-0"])
	assert.EqualValues(t, 200+3, counts[overflowValue], "what is beyond the limit, and beyond the share")

	requestsByModel(t, e, epoch.Add(options.Limits.IdleExpiry+time.Second))
	for i := range e.values.owned {
		assert.Empty(t, e.values.owned[i], "values that are forgotten are nobody's")
	}
}
