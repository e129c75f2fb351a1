// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// Backends show the number 7 and the text "7" as one label value. As two series one of them would be hidden.
func TestValuesThatLookAlikeAreOneSeries(t *testing.T) {
	alike := []attr.Value{attr.Int(7), attr.Text("7"), attr.Double(7)}
	for name, list := range map[string]func(*Options, Dimension){
		"of all metrics": func(o *Options, d Dimension) { o.Dimensions = []Dimension{d} },
		"of cells": func(o *Options, d Dimension) {
			for i := range o.Instruments {
				o.Instruments[i].Extra = append([]Dimension{d}, o.Instruments[i].Extra...)
			}
		},
		"of closed cells": func(o *Options, d Dimension) {
			d.Closed = true
			for i := range o.Instruments {
				o.Instruments[i].Extra = append([]Dimension{d}, o.Instruments[i].Extra...)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			options, sent := testOptions(), 0
			list(&options, Dimension{Key: "tier", Source: "test", Value: func(*llm.Request) attr.Value {
				sent++
				return alike[sent%len(alike)]
			}})
			e := New(options, epoch)
			for i := range 4 {
				e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10, First: 10 * i})), epoch)
				points := gather(t, e, epoch.Add(time.Second))["llm.requests"].Sum().DataPoints()
				require.Equal(t, 1, points.Len())
				assert.EqualValues(t, 10*(i+1), points.At(0).IntValue())
			}
			gather(t, e, epoch.Add(options.Limits.IdleExpiry+time.Second))
			assert.Zero(t, e.Stats().LiveSets)
			for i, values := range e.values.dimensions {
				assert.Empty(t, values, "%s is let go of", e.plan.columns[i].Key)
			}
		})
	}
}

func TestErrorTypesThatLimitsRefuseAreEstimated(t *testing.T) {
	const errors = 1000
	options := testOptions()
	options.Limits.DimensionSets = 10
	e := New(options, epoch)
	traces := tracetest.Make(tracetest.Shape{Spans: errors})
	for i, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		span.Attributes().PutStr("error.type", fmt.Sprintf("Error%d", i))
		span.Status().SetCode(ptrace.StatusCodeError)
	}
	e.Commit(e.Read(traces), epoch)
	assert.InEpsilon(t, 2*errors, e.WantedSets(), 0.05, "one for each metric group that has it")
}

func TestACounterEndsAtTheLargestNumber(t *testing.T) {
	e := New(testOptions(), epoch)
	traces := tracetest.Make(tracetest.Shape{Spans: 10_000}) // of which each stands for 10^15 tokens
	for _, span := range traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().All() {
		span.TraceState().FromRaw("ot=th:fffff")
		span.Attributes().PutInt("gen_ai.usage.input_tokens", 1_000_000_000)
	}
	e.Commit(e.Read(traces), epoch)
	assert.EqualValues(t, math.MaxInt64,
		gather(t, e, epoch.Add(time.Second))["llm.usage.input_tokens"].Sum().DataPoints().At(0).IntValue())
}

func TestNoPointEndsBeforeItStartsWhenTheClockIsSetBack(t *testing.T) {
	for _, delta := range []bool{false, true} {
		options := testOptions()
		options.Delta, options.Interval = delta, 15*time.Second
		e := New(options, epoch)
		begun := map[time.Time]bool{}
		for i, now := range []time.Time{
			epoch.Add(15 * time.Second), epoch.Add(30 * time.Second), epoch.Add(-time.Hour), epoch.Add(15*time.Second - time.Hour),
		} {
			e.Commit(e.Read(tracetest.Make(tracetest.Shape{Spans: 10, First: 10 * i})), now)
			_, err := e.Collect(now, func(m pmetric.Metrics) error {
				for _, metric := range m.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
					if metric.Name() == "llm.requests" {
						p := metric.Sum().DataPoints().At(0)
						assert.Less(t, p.StartTimestamp(), p.Timestamp())
						begun[p.StartTimestamp().AsTime()] = true
						if delta {
							assert.EqualValues(t, 10, p.IntValue())
							assert.Equal(t, options.Interval, p.Timestamp().AsTime().Sub(p.StartTimestamp().AsTime()))
						}
					}
				}
				return nil
			})
			require.NoError(t, err)
		}
		assert.Len(t, begun, map[bool]int{false: 1, true: 4}[delta])
	}
}
