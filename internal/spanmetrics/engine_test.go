// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// FuzzEngine checks that any sequence of batches, collections, pauses and limits gives the totals of a slow and plain engine.
// It compares series by series while no limit is met, and metric by metric in any case.
func FuzzEngine(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint8(3), false, seed%2 == 0)
		f.Add(seed, uint8(40), true, seed%2 == 0)
	}
	f.Fuzz(func(t *testing.T, seed uint64, variety uint8, limited, delta bool) {
		r := rand.New(rand.NewPCG(seed, 1))
		options := testOptions()
		options.Delta, options.Exemplars = delta, delta
		options.Instruments = Catalogue([]Profile{V141, Development, V141 | Development}[r.IntN(3)])
		options.Instruments = slices.DeleteFunc(options.Instruments, func(in Instrument) bool { return Concurrent(in.Measure) })
		options.Targets = randomTargets(r)
		shuffleDimensions(r, options.Instruments)
		shuffleBuckets(r, options.Instruments)
		options.MaxBuckets = 2 + r.IntN(159)
		options.Limits.PointsPerBatch = 1 + r.IntN(100)
		if !limited {
			shuffleKinds(r, options.Instruments) // the last values of a metric are no total
		}
		if limited {
			options.Limits.DimensionSets = 1 + r.IntN(50)
			options.Limits.DimensionSetsPerResource = 1 + r.IntN(20)
			options.Limits.ValuesPerDimension = 1 + r.IntN(10)
			options.Limits.Resources = 1 + r.IntN(5)
		}
		e, want, got := New(options, epoch), newReference(options), newCollected()
		now := epoch.Add(time.Second)
		for range 1 + r.IntN(30) {
			switch r.IntN(8) {
			case 0:
				got.collect(t, e, now)
			case 1:
				now = now.Add(time.Duration(r.IntN(20)) * time.Minute)
			case 2:
				e.Discard(e.Read(randomTraces(r, 1+int(variety))))
			default:
				traces := randomTraces(r, 1+int(variety))
				want.add(traces)
				e.Commit(e.Read(traces), now)
			}
			now = now.Add(time.Second)
			require.LessOrEqual(t, e.Stats().LiveSets, int64(options.Limits.DimensionSets))
			require.LessOrEqual(t, e.Stats().LiveResources, int64(options.Limits.Resources))
		}
		got.collect(t, e, now)
		if limited {
			requireEqual(t, want.totals.perMetric(), got.perSeries().perMetric())
		} else {
			requireEqual(t, want.totals, got.perSeries())
		}
	})
}

func TestManySendersAndCollectionsTogetherLoseNothing(t *testing.T) {
	const senders, batches = 4, 50
	e, want, got := New(testOptions(), epoch), newReference(testOptions()), newCollected()
	for s := range senders {
		for b := range batches {
			want.add(tracetest.Make(tracetest.Shape{Spans: 20, Resources: 3, Sets: 40, First: (s*batches + b) * 20}))
		}
	}
	var group sync.WaitGroup
	for s := range senders {
		group.Go(func() {
			for b := range batches {
				e.Commit(e.Read(tracetest.Make(tracetest.Shape{
					Spans: 20, Resources: 3, Sets: 40, First: (s*batches + b) * 20,
				})), epoch.Add(time.Duration(b)*time.Millisecond))
			}
		})
	}
	for i := range 20 {
		got.collect(t, e, epoch.Add(time.Duration(i)*time.Second))
	}
	group.Wait()
	got.collect(t, e, epoch.Add(time.Minute))
	requireEqual(t, want.totals, got.perSeries())
}

func TestAnAttackOnCardinalityLeavesMemoryBoundedAndTotalsExact(t *testing.T) {
	tracetest.Long(t)
	options := testOptions()
	e, got := New(options, epoch), newCollected()
	assert.Contains(t, e.Stats().RefusedValues, "gen_ai.request.model", "which is there before it grows")
	const batches, size = 50, 1000
	for b := range batches {
		e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: size, Sets: batches * size, First: b * size})), epoch)
	}
	stats := e.Stats()
	assert.LessOrEqual(t, stats.LiveSets, int64(options.Limits.DimensionSetsPerResource))
	assert.Positive(t, stats.RefusedValues["gen_ai.request.model"])
	got.collect(t, e, epoch.Add(time.Second))
	assert.InDelta(t, batches*size, got.perSeries().perMetric()["llm.requests"].sum, 0)
	assert.Less(t, len(got.perSeries()), 20*options.Limits.DimensionSetsPerResource)
}

func TestIdleSetsExpireAndStartAnewWhenTheyReturn(t *testing.T) {
	options := testOptions()
	e := New(options, epoch)
	starts := func(now time.Time) (starts []time.Time) {
		_, err := e.Collect(now, func(m pmetric.Metrics) error {
			for _, metric := range m.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
				if metric.Name() == "llm.requests" {
					p := metric.Sum().DataPoints().At(0)
					assert.EqualValues(t, 10, p.IntValue())
					starts = append(starts, p.StartTimestamp().AsTime())
				}
			}
			return nil
		})
		require.NoError(t, err)
		return starts
	}
	send := func(now time.Time) { e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10})), now) }

	send(epoch)
	assert.Equal(t, []time.Time{epoch.Add(-time.Millisecond)}, starts(epoch.Add(time.Second)),
		"a series starts just before its first observation")
	late := epoch.Add(options.Limits.IdleExpiry + time.Second)
	assert.Len(t, starts(late), 1, "the last value goes out before the set is forgotten")
	assert.Empty(t, starts(late.Add(time.Second)))
	assert.Zero(t, e.Stats().LiveSets)
	assert.Zero(t, e.Stats().LiveResources)
	assert.EqualValues(t, 1, e.Stats().Expired)

	back := late.Add(time.Hour)
	send(back)
	assert.Equal(t, []time.Time{back.Add(-time.Millisecond)}, starts(back.Add(time.Second)))
}

func TestAnOverflowSetInUseNeverExpires(t *testing.T) {
	options := testOptions()
	options.Limits.DimensionSets = 1
	e, got := New(options, epoch), newCollected()
	now := epoch
	for i := range 10 {
		e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10, Sets: 1000, First: 10 * i})), now)
		got.collect(t, e, now.Add(time.Second))
		now = now.Add(options.Limits.IdleExpiry - time.Minute)
	}
	overflow := 0
	for key := range got.last {
		if strings.Contains(key, "llm.requests") && strings.Contains(key, OverflowKey) {
			overflow++
		}
	}
	assert.Equal(t, 1, overflow, "one start time for the whole run")
}
