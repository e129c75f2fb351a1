// SPDX-License-Identifier: Apache-2.0

//go:generate mdatagen metadata.yaml

// Package delivery runs an engine inside a collector. It gives the engine a clock and hands its metrics to the metrics pipelines.
// It shows its counters as the collector's own telemetry.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/condition"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// scopeName names the instrumentation scope of all metrics.
const scopeName = "github.com/otelcol-llm/otelcol-llm/connector/llmspanmetricsconnector"

// lastFlush is how long the flush at the end, and one that is under way then, may take. A consumer that blocks longer must
// not keep the collector from stopping.
const lastFlush = 30 * time.Second

// Delivery is a running engine. Start makes it, Stop ends it.
type Delivery struct {
	engine    *spanmetrics.Engine
	next      consumer.Metrics
	logger    *zap.Logger
	telemetry *telemetry
	prices    priceList
	sets      setWatch
	made      made

	// gate lets the last flush wait for commits that are under way; closed says that it has begun.
	gate   sync.RWMutex
	closed bool

	stop func() // begins the end
	done chan struct{}
	// settling is done once requests are no longer counted by the clock.
	settling sync.WaitGroup
}

// Start runs an engine with those settings that delivers to next. The id is that of the processor or connector that
// reads the spans.
func Start(
	id component.ID, compiled *config.Compiled, set component.TelemetrySettings, version string, next consumer.Metrics,
) (*Delivery, error) {
	conditions, err := condition.New(compiled.Conditions, set.Logger)
	if err != nil {
		return nil, err
	}
	options := compiled.Options
	if len(compiled.Conditions) > 0 {
		options.Reading.Conditions = conditions.Holding
	}
	options.Scope, options.Version = scopeName, version
	if options.Collector == "" {
		options.Collector = collectorID(set.Resource)
	}
	d := &Delivery{
		engine: spanmetrics.New(options, time.Now()),
		next:   next,
		logger: set.Logger,
		done:   make(chan struct{}),
	}
	if d.telemetry, err = newTelemetry(id, set, d.engine, conditions); err != nil {
		return nil, fmt.Errorf("cannot register the telemetry of llm_span_metrics: %w", err)
	}
	d.prices = priceList{compiled: compiled, engine: d.engine, telemetry: d.telemetry, logger: d.logger}
	d.prices.start()
	for _, warning := range compiled.Warnings {
		set.Logger.Warn(warning)
	}
	ending, stop := context.WithCancel(context.Background())
	d.stop = stop
	go d.run(ending, options.Interval)
	if tick := d.engine.Tick(); tick > 0 {
		d.settling.Go(func() { d.settle(ending, tick) })
	}
	return d, nil
}

// run flushes until the end, and then once more, after all that waits was counted. The end does not cut short a flush that is under way: deltas that are
// refused do not come again.
func (d *Delivery) run(ending context.Context, interval time.Duration) {
	defer close(d.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	context.AfterFunc(ending, func() { time.AfterFunc(lastFlush, cancel) })
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			d.prices.refresh()
			if refused, err := d.flush(ctx, d.next.ConsumeMetrics); err != nil {
				d.logger.Warn("Metrics export failed; cumulative values are sent again with the next flush",
					zap.Int("data_points", refused), zap.Error(err))
			}
			d.sets.check(d.engine, d.logger)
		case <-ending.Done():
			d.settling.Wait()
			d.engine.SettleAll(time.Now())
			if refused, err := d.flush(ctx, d.consumeLast); err != nil {
				d.logger.Error("Export of the last metrics failed; what was counted since the flush before is lost",
					zap.Int("data_points", refused), zap.Error(err))
			}
			return
		}
	}
}

// settle counts the requests that nothing new describes any more until the end.
func (d *Delivery) settle(ending context.Context, tick time.Duration) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			d.engine.Settle(time.Now())
		case <-ending.Done():
			return
		}
	}
}

// flush hands all metrics to consume. It returns the number of data points that were refused, and the last error.
func (d *Delivery) flush(ctx context.Context, consume func(context.Context, pmetric.Metrics) error) (refused int, err error) {
	start := time.Now()
	delivered := 0
	refused, err = d.engine.Collect(start, func(metrics pmetric.Metrics) error {
		points := metrics.DataPointCount()
		d.made.note(metrics)
		if err := consume(ctx, metrics); err != nil {
			return err
		}
		delivered += points
		return nil
	})
	d.telemetry.flushed(time.Since(start), delivered, refused)
	return refused, err
}

// consumeLast hands over the last metrics. An exporter that several signals share, such as contrib's file, may be closed by then
// and panic. Another signal's pipelines were shut down first.
func (d *Delivery) consumeLast(ctx context.Context, metrics pmetric.Metrics) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("an exporter panicked, which may be shut down already with the pipelines of another signal: %v", reason)
		}
	}()
	return d.next.ConsumeMetrics(ctx, metrics)
}

// Read reads the requests out of traces. The batch must go to Commit or Discard.
func (d *Delivery) Read(traces ptrace.Traces) *spanreader.Batch { return d.engine.Read(traces) }

// ReadLogs reads the requests out of log records. The batch must go to Commit or Discard.
func (d *Delivery) ReadLogs(logs plog.Logs) *spanreader.Batch {
	return d.engine.ReadLogs(logs, time.Now())
}

// Relate finds which requests of a batch describe the same, as far as the batch shows. It is for those who want to know before
// Commit. Its traces are those that it was read from.
func (d *Delivery) Relate(traces ptrace.Traces, batch *spanreader.Batch) {
	d.engine.Relate(traces, batch)
}

// Price computes what the requests of a batch cost. It is for those who want to know before Commit, which does it else.
func (d *Delivery) Price(batch *spanreader.Batch) { d.engine.Price(batch) }

// Discard gives back a batch that is not to be counted.
func (d *Delivery) Discard(batch *spanreader.Batch) { d.engine.Discard(batch) }

// Commit counts the requests of a batch. What comes after the last flush has begun is in no metric and
// counted as lost.
func (d *Delivery) Commit(batch *spanreader.Batch) {
	d.gate.RLock()
	defer d.gate.RUnlock()
	if d.closed {
		d.telemetry.lost.Add(int64(len(batch.Requests)))
		d.engine.Discard(batch)
		return
	}
	now := time.Now()
	if oldest, ok := batch.Oldest(); ok {
		d.telemetry.lag(now.Sub(oldest))
	}
	d.engine.Commit(batch, now)
}

// Stop flushes once more and ends the delivery. It waits for the consumer until ctx ends, but no longer
// than a bounded time.
func (d *Delivery) Stop(ctx context.Context) error {
	d.gate.Lock()
	d.closed = true
	d.gate.Unlock()
	d.stop()
	ctx, cancel := context.WithTimeout(ctx, lastFlush+time.Second)
	defer cancel()
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return errors.New("the metrics pipelines did not take the last metrics in time")
	}
}

// release ends the telemetry, after which nothing more can be counted as lost.
func (d *Delivery) release() { d.telemetry.release() }
