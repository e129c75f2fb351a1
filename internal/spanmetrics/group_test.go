// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// byModel gives llm.requests the model as its only dimension that identifies records.
func byModel() Options {
	return with(func(in *Instrument) {
		if in.Name == "llm.requests" {
			in.Own, in.Extra = []Dimension{commonDimensions[2], outcome}, nil
		}
	})
}

func TestAMetricWithDimensionsOfItsOwnAddsUpOverTheOthers(t *testing.T) {
	e := New(byModel(), epoch)
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 100, Sets: 10})), epoch)
	points := gather(t, e, epoch.Add(time.Second))["llm.requests"].Sum().DataPoints()
	require.Equal(t, 10, points.Len())
	for _, p := range points.All() {
		assert.EqualValues(t, 10, p.IntValue())
		assert.Equal(t, 2, p.Attributes().Len(), "%v", p.Attributes().AsRaw())
	}
	assert.EqualValues(t, 20, e.Stats().LiveSets, "those of both groups count")
}

func TestTheSetsOfAllGroupsExpire(t *testing.T) {
	options := byModel()
	e := New(options, epoch)
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 100, Sets: 10})), epoch)
	for _, after := range []time.Duration{1, 2} {
		_, err := e.Collect(epoch.Add(after*options.Limits.IdleExpiry), func(pmetric.Metrics) error { return nil })
		require.NoError(t, err)
	}
	assert.Zero(t, e.Stats().LiveSets)
	assert.Zero(t, e.Stats().LiveResources)
	assert.EqualValues(t, 20, e.Stats().Expired)
}

func TestAnOverflowSetKeepsWhatHasFewValues(t *testing.T) {
	options := byModel()
	options.Limits.DimensionSets = 1
	e, got := New(options, epoch), newCollected()
	e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 100, Sets: 10})), epoch)
	got.collect(t, e, epoch.Add(time.Second))
	overflow := 0.0
	for key, series := range got.perSeries() {
		if strings.HasPrefix(key, "llm.requests") && strings.Contains(key, "{llm.outcome=Str:success,otel.metric.overflow=Bool:true}") {
			overflow += series.sum
		}
	}
	assert.InDelta(t, 100, overflow, 0)
}
