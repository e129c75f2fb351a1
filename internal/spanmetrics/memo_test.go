// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// What two requests of one kind differ by decides no dimension, but for those that say so.
func TestRequestsOfOneKindHaveTheSameDimensions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	b := &correlate.Batch{}
	shared := llm.Request{
		Class: llm.Inference, Layer: llm.Gateway, Outcome: llm.Error, Stream: llm.Streamed, Emitter: 3, Operation: "chat", Provider: "openai",
		RequestModel: "a", ResponseModel: "b", ServerAddress: "host", ErrorType: "timeout", FinishReason: "stop", ServiceTier: "flex",
		Endpoint: "/v1", Tenant: "t", Dimensions: []attr.Value{attr.Text("x")},
	}
	for i := range 200 {
		q := b.Add()
		*q.Request = shared
		for f := range q.Number {
			q.Number[f] = float64(r.IntN(3) - 1)
		}
		q.Number[fact.ServerPort] = 443
		q.TraceID, q.SpanID, q.ID, q.Weight = pcommon.TraceID{byte(i), 1}, pcommon.SpanID{byte(i), 1}, fmt.Sprint(i), r.Float64()
		q.User, q.Session = fmt.Sprint(i%7), fmt.Sprint(i%5)
		q.Start, q.End = pcommon.Timestamp(r.Int64()), pcommon.Timestamp(r.Int64())
	}
	b.Resources, b.Stride = []attr.Value{attr.Text("service")}, 1
	table := settling.New(waitingOptions().Waiting)
	require.Equal(t, 200, table.Enter(b, 0, 0))
	taken := settling.NewTaken(1)
	require.True(t, table.Take(settling.Stopped, 0, taken))
	require.True(t, taken.Alone())
	for i := range taken.Described {
		require.Equal(t, taken.Kind(0), taken.Kind(i), "one kind")
	}
	for name, d := range Concepts {
		for i := range taken.Described {
			q := taken.Described[i].Request
			q.CostComputed = r.IntN(2) == 0 // found when it is counted
			if first := d.Value(taken.Described[0].Request); !d.Individual && d.Value(q) != first {
				t.Fatalf("%s differs between requests of one kind: %v and %v. Mark it as Individual", name, d.Value(q).Text(), first.Text())
			}
		}
	}
}

// Where requests that wait are counted is remembered. The metrics are those of requests that count at once all the same. Meanwhile limits refuse sets, and sets
// expire and come again. Reasons, errors and costs change within a kind.
func TestWhatIsRememberedOfAKindChangesNoMetric(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			waits := waitingOptions()
			waits.Limits.DimensionSets, waits.Limits.ValuesPerDimension = 3+r.IntN(12), 2+r.IntN(9)
			waits.Limits.DimensionSetsPerResource = waits.Limits.DimensionSets
			waits.Limits.IdleExpiry = time.Minute
			waits.Exemplars = false
			if seed%2 == 0 {
				waits.Dimensions = []Dimension{costSource} // which a kind does not decide
			}
			counts := waits
			counts.Waiting = settling.Options{}
			waiting, atOnce := New(waits, epoch), New(counts, epoch)
			waiting.SetPrices(odd{})
			atOnce.SetPrices(odd{})
			a, b := newCollected(), newCollected()
			now, first := epoch, 0
			for round := range 60 {
				traces := tracetest.Make(tracetest.Shape{Spans: 20, Resources: 2, Sets: 2 + r.IntN(4), First: first})
				first += 20
				changeAll(traces, func(span ptrace.Span, _ int) {
					attributes := span.Attributes()
					attributes.PutStr("server.address", fmt.Sprint("host", round/12%3))
					if r.IntN(4) == 0 {
						span.Status().SetCode(ptrace.StatusCodeError)
						attributes.PutStr("error.type", []string{"timeout", "429", "500"}[r.IntN(3)])
					}
					if r.IntN(3) == 0 {
						attributes.Remove("gen_ai.response.time_to_first_chunk")
					}
					if r.IntN(3) == 0 {
						attributes.PutDouble("gen_ai.usage.cost", 0.25)
					}
					if r.IntN(3) == 0 {
						attributes.PutInt("gen_ai.usage.output_tokens", int64(r.IntN(500)))
					}
					reasons := attributes.PutEmptySlice("gen_ai.response.finish_reasons")
					for range r.IntN(3) {
						reasons.AppendEmpty().SetStr([]string{"stop", "length", "tool_calls"}[r.IntN(3)])
					}
				})
				now = now.Add(time.Duration(r.IntN(40)) * time.Second)
				waiting.Commit(waiting.Read(traces), now)
				now = now.Add(waits.Waiting.Wait)
				waiting.Settle(now)
				require.Zero(t, waiting.Stats().Waiting.Requests)
				atOnce.Commit(atOnce.Read(traces), now)
				now = now.Add(time.Second)
				a.collect(t, waiting, now)
				b.collect(t, atOnce, now)
			}
			assert.Positive(t, waiting.Stats().Expired)
			requireEqual(t, b.perSeries(), a.perSeries())
		})
	}
}

// odd has prices for requests of an odd number of output tokens.
type odd struct{}

func (odd) Cost(q *llm.Request, _ *llm.ModalityTokens) (float64, llm.Assumed, bool) {
	return 0.5, 0, int64(q.Number[fact.OutputTokens])%2 == 1
}
