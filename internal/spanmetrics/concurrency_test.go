// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

const window = 15 * time.Second

// concurrent returns an engine that measures concurrency alone.
func concurrent() *Engine {
	options := testOptions()
	options.Interval = window
	options.Instruments = nil
	for _, in := range Catalogue(V141) {
		if Concurrent(in.Measure) {
			options.Instruments = append(options.Instruments, in)
		}
	}
	return New(options, epoch)
}

// lanes makes requests that follow each other without a pause in each of a number of lanes, until an end.
func lanes(n int, each, all time.Duration, first int) ptrace.Traces {
	perLane := int(all / each)
	traces := tracetest.Make(tracetest.Shape{Spans: n * perLane, First: first})
	i := 0
	changeAll(traces, func(span ptrace.Span, _ int) {
		end := epoch.Add(all - time.Duration(i%perLane)*each)
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(end))
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(end.Add(-each)))
		i++
	})
	return traces
}

func concurrency(t *testing.T, e *Engine, now time.Time) (mean, most float64) {
	t.Helper()
	all := gather(t, e, now)
	points := func(name string) float64 {
		require.Equal(t, 1, all[name].Gauge().DataPoints().Len())
		return numberOf(all[name].Gauge().DataPoints().At(0))
	}
	return points("llm.concurrency.mean"), points("llm.concurrency.max")
}

func TestConcurrencyIsThatOfTheRequestsInTheWindow(t *testing.T) {
	for name, test := range map[string]struct {
		lanes      int
		each       time.Duration
		mean, most float64
	}{
		"one after the other":                         {1, time.Second, 1, 1},
		"three at a time":                             {3, time.Second, 3, 3},
		"more requests than are kept of one series":   {4, 50 * time.Millisecond, 4, 4},
		"as many at a time as are kept of one series": {100, 500 * time.Millisecond, 100, 100},
	} {
		t.Run(name, func(t *testing.T) {
			e := concurrent()
			e.Commit(e.Read(lanes(test.lanes, test.each, window, 0)), epoch)
			mean, most := concurrency(t, e, epoch.Add(window))
			assert.InDelta(t, test.mean, mean, 1e-6)
			assert.Equal(t, test.most, most)
			mean, most = concurrency(t, e, epoch.Add(2*window))
			assert.Zero(t, mean, "nothing ended since")
			assert.Zero(t, most)
		})
	}
}

func TestARequestLongerThanTheWindowCountsAsOne(t *testing.T) {
	e := concurrent()
	e.Commit(e.Read(lanes(2, 10*time.Minute, 10*time.Minute, 0)), epoch)
	mean, most := concurrency(t, e, epoch.Add(window))
	assert.Equal(t, 2.0, mean)
	assert.Equal(t, 2.0, most)
}

func TestAWindowThatIsCutShortDoesNotRaiseTheMean(t *testing.T) {
	e := concurrent()
	e.Commit(e.Read(lanes(1, 10*time.Second, 10*time.Second, 0)), epoch)
	mean, _ := concurrency(t, e, epoch.Add(time.Second))
	assert.InDelta(t, 10.0/15, mean, 1e-9)
}
