// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Who meets a limit wants to know how much higher it would have to be.
func TestTheSetsThatLimitsRefuseAreEstimated(t *testing.T) {
	tracetest.Long(t)
	const sets = 5000
	for name, limit := range map[string]func(*Limits){
		"sets":        func(l *Limits) { l.DimensionSets = 100 },
		"of resource": func(l *Limits) { l.DimensionSetsPerResource = 100 },
		"values":      func(l *Limits) { l.ValuesPerDimension = 100 },
		"none": func(l *Limits) {
			l.DimensionSets, l.DimensionSetsPerResource, l.ValuesPerDimension = 1<<20, 1<<20, 1<<20
		},
	} {
		t.Run(name, func(t *testing.T) {
			options := testOptions()
			limit(&options.Limits)
			e := New(options, epoch)
			collect := func(at time.Time) {
				_, err := e.Collect(at, func(pmetric.Metrics) error { return nil })
				require.NoError(t, err)
			}
			traces := tracetest.Make(tracetest.Shape{Spans: 2 * sets, Sets: sets})
			e.Commit(e.Read(traces), epoch)
			assert.InEpsilon(t, sets, e.WantedSets(), 0.05)

			idle := options.Limits.IdleExpiry
			collect(epoch.Add(idle))
			assert.InEpsilon(t, sets, e.WantedSets(), 0.05, "wanted a moment ago")
			collect(epoch.Add(2 * idle))
			assert.Equal(t, e.Stats().LiveSets, e.WantedSets(), "nobody wants them any more")
		})
	}
}
