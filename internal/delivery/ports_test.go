// SPDX-License-Identifier: Apache-2.0

package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// gated takes metrics until it was stopped, as the pipeline behind a connector does.
type gated struct {
	consumertest.MetricsSink
	stopped, late atomic.Bool
	wait          time.Duration
}

func (g *gated) ConsumeMetrics(ctx context.Context, metrics pmetric.Metrics) error {
	time.Sleep(g.wait)
	if g.stopped.Load() {
		g.late.Store(true)
		return errors.New("the pipeline has stopped")
	}
	return g.MetricsSink.ConsumeMetrics(ctx, metrics)
}

var _ consumer.Metrics = (*gated)(nil)

// requestsOf adds up the deltas of llm.requests.
func requestsOf(sinks ...*gated) (total int64) {
	for _, sink := range sinks {
		for _, metrics := range sink.AllMetrics() {
			for _, rm := range metrics.ResourceMetrics().All() {
				for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
					if m.Name() != "llm.requests" {
						continue
					}
					for _, p := range m.Sum().DataPoints().All() {
						total += p.IntValue()
					}
				}
			}
		}
	}
	return total
}

// claudeCode is the log event of one request.
func claudeCode(worker, n int) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "claude-code")
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("com.anthropic.claude_code.events")
	record := scope.LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	record.Attributes().PutStr("event.name", "api_request")
	record.Attributes().PutStr("model", "claude-sonnet-4-5")
	record.Attributes().PutStr("request_id", fmt.Sprintf("req-%d-%d", worker, n))
	record.Attributes().PutInt("input_tokens", 17)
	record.Attributes().PutInt("duration_ms", 100)
	return logs
}

// Two connectors of one id deliver for one engine. Whichever stops first, the other one goes on. Nothing is delivered through one
// that has stopped, and nothing is lost or counted twice.
func TestTheOtherConnectorGoesOnDelivering(t *testing.T) {
	for _, first := range []llm.Signal{llm.Spans, llm.Logs} {
		t.Run(first.String()+" first", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := config.Default()
				cfg.FlushInterval, cfg.DecisionWait, cfg.Temporality = 100*time.Millisecond, 100*time.Millisecond, config.Delta
				o := NewOutlet(testID, componenttest.NewNopTelemetrySettings(), "", cfg, nil)
				var ports [llm.Signals]*Port
				var sinks [llm.Signals]*gated
				var detaches []func()
				var deliveries [llm.Signals]*Delivery
				for signal := range llm.Signals {
					sinks[signal] = &gated{wait: 30 * time.Millisecond}
					port, err := o.Open(signal, sinks[signal])
					require.NoError(t, err)
					ports[signal] = port
				}
				for signal := range llm.Signals {
					d, detach, err := o.Attach(signal, cfg.Compile(), componenttest.NewNopHost())
					require.NoError(t, err)
					deliveries[signal], detaches = d, append(detaches, detach)
				}
				require.Same(t, deliveries[llm.Spans], deliveries[llm.Logs])

				var load sync.WaitGroup
				var sent atomic.Int64
				stop := make(chan struct{})
				for worker := range 4 {
					load.Go(func() {
						for n := 0; ; n++ {
							select {
							case <-stop:
								return
							case <-time.After(time.Millisecond):
								commit(deliveries[llm.Spans], tracetest.Shape{Spans: 3, First: worker*1_000_000 + n*10})
								deliveries[llm.Logs].Commit(deliveries[llm.Logs].ReadLogs(claudeCode(worker, n)))
								sent.Add(3 + 1)
							}
						}
					})
				}
				time.Sleep(550 * time.Millisecond) // in the middle of a delivery
				last, err := ports[first].Close(background)
				require.NoError(t, err)
				require.False(t, last)
				sinks[first].stopped.Store(true)
				require.NotEmpty(t, sinks[llm.Spans].AllMetrics(), "the connector that was opened first delivers")
				time.Sleep(500 * time.Millisecond)
				close(stop)
				load.Wait()
				for _, detach := range detaches {
					detach()
				}
				last, err = ports[first.Other()].Close(background)
				require.NoError(t, err)
				require.True(t, last)
				sinks[first.Other()].stopped.Store(true)
				assert.NotEmpty(t, sinks[first.Other()].AllMetrics())
				assert.Equal(t, sent.Load(), requestsOf(sinks[:]...))
				assert.False(t, sinks[0].late.Load() || sinks[1].late.Load(), "nothing goes to a pipeline that has stopped")
			})
		})
	}
}

func TestAnEngineCannotBeOpenedTwiceForASignalOrAfterItsEnd(t *testing.T) {
	o, p := opened(t, componenttest.NewNopTelemetrySettings(), consumertest.NewNop())
	_, err := o.Open(llm.Spans, consumertest.NewNop())
	require.ErrorContains(t, err, `"llm_span_metrics" of spans is running in this service already`)
	assert.True(t, o.Has(llm.Spans))
	assert.False(t, o.Has(llm.Logs))
	require.True(t, shut(t, p))
	_, err = o.Open(llm.Logs, consumertest.NewNop())
	require.ErrorIs(t, err, errStopped)
	require.ErrorIs(t, o.ConsumeMetrics(background, pmetric.NewMetrics()), errStopped)
}

// A consumer that blocks keeps a connector that stops from returning no longer than a bounded time.
func TestAConnectorWaitsForItsDeliveryForABoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		blocked := consume(t, func(context.Context) error {
			<-release
			return nil
		})
		o, p := opened(t, componenttest.NewNopTelemetrySettings(), blocked)
		logs, err := o.Open(llm.Logs, consumertest.NewNop())
		require.NoError(t, err)
		d, detach, err := o.Attach(llm.Spans, config.Default().Compile(), componenttest.NewNopHost())
		require.NoError(t, err)
		commit(d, tracetest.Shape{Spans: 3})
		time.Sleep(20 * time.Second)
		begin := time.Now()
		_, err = p.Close(background)
		require.ErrorContains(t, err, "a delivery did not end before the connector of spans stopped")
		assert.Equal(t, lastFlush, time.Since(begin))
		close(release)
		detach()
		require.True(t, shut(t, logs))
	})
}
