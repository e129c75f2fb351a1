// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/scraper"
	"go.opentelemetry.io/collector/scraper/scraperhelper"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// gpuReceiver is one receiver, for the pipelines of metrics and of logs that name it: they share its helper process.
type gpuReceiver struct {
	cfg      *Config
	settings receiver.Settings
	scraper  *gpuScraper
	metrics  consumer.Metrics // nil where no pipeline takes them
	logs     consumer.Logs    // nil where no pipeline takes them

	starting, stopping sync.Once
	controller         receiver.Metrics // nil before Start
	events             *eventLogs       // nil where no pipeline takes logs
}

// receivers are those that were made and not shut down, by their configuration, which a receiver's pipelines share.
var receivers = struct {
	sync.Mutex
	of map[*Config]*gpuReceiver
}{of: map[*Config]*gpuReceiver{}}

// receiverOf returns the receiver of a configuration.
func receiverOf(cfg *Config, settings receiver.Settings) (*gpuReceiver, error) {
	receivers.Lock()
	defer receivers.Unlock()
	if r := receivers.of[cfg]; r != nil {
		return r, nil
	}
	s, err := newScraper(cfg, settings)
	if err != nil {
		return nil, err
	}
	r := &gpuReceiver{cfg: cfg, settings: settings, scraper: s}
	receivers.of[cfg] = r
	return r, nil
}

// Start runs the scraper at the configured interval, one collection at a time. Only the first call does something.
func (r *gpuReceiver) Start(ctx context.Context, host component.Host) (err error) {
	r.starting.Do(func() { err = r.start(ctx, host) })
	return err
}

func (r *gpuReceiver) start(ctx context.Context, host component.Host) error {
	if r.logs != nil {
		events, err := newEventLogs(r.logs, r.settings, r.scraper.health.telemetry)
		if err != nil {
			return err
		}
		r.events, r.scraper.logEvents = events, events.take
	}
	metrics, err := scraper.NewMetrics(r.scraper.scrape, scraper.WithStart(r.scraper.start), scraper.WithShutdown(r.scraper.shutdown))
	if err != nil {
		return err
	}
	next, err := withoutEmpty(r.metrics)
	if err != nil {
		return err
	}
	r.controller, err = scraperhelper.NewMetricsController(&r.cfg.ControllerConfig, r.settings, next,
		scraperhelper.AddMetricsScraper(metadata.Type, metrics))
	if err != nil {
		return err
	}
	return r.controller.Start(ctx, host)
}

// Shutdown ends the collection under way, and then the receiver. It does not wait for a driver that does not answer. Only the
// first call does something.
func (r *gpuReceiver) Shutdown(ctx context.Context) (err error) {
	r.stopping.Do(func() {
		receivers.Lock()
		delete(receivers.of, r.cfg)
		receivers.Unlock()
		r.scraper.interrupt()
		if r.controller == nil {
			r.scraper.health.telemetry.Shutdown()
			err = r.scraper.owners.close()
			return
		}
		err = r.controller.Shutdown(ctx)
		if r.events != nil {
			r.events.stop()
		}
	})
	return err
}

// withoutEmpty keeps collections that gave nothing from going further. A machine without GPUs would send an empty request at each
// of them. Nothing goes further where only events are wanted, and next is nil.
func withoutEmpty(next consumer.Metrics) (consumer.Metrics, error) {
	var options []consumer.Option
	if next != nil {
		options = append(options, consumer.WithCapabilities(next.Capabilities()))
	}
	return consumer.NewMetrics(func(ctx context.Context, metrics pmetric.Metrics) error {
		if next == nil || metrics.DataPointCount() == 0 {
			return nil
		}
		return next.ConsumeMetrics(ctx, metrics)
	}, options...)
}
