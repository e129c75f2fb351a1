// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/scraper"
	"go.opentelemetry.io/collector/scraper/scraperhelper"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, createDefaultConfig,
		receiver.WithMetrics(createMetrics, metadata.MetricsStability))
}

func createMetrics(
	_ context.Context, settings receiver.Settings, config component.Config, next consumer.Metrics,
) (receiver.Metrics, error) {
	cfg := config.(*Config)
	s, err := newScraper(cfg, settings)
	if err != nil {
		return nil, err
	}
	return newReceiver(cfg, settings, s, next)
}

// newReceiver runs a scraper at the configured interval, one collection at a time.
func newReceiver(cfg *Config, settings receiver.Settings, s *gpuScraper, next consumer.Metrics) (*gpuReceiver, error) {
	metrics, err := scraper.NewMetrics(s.scrape, scraper.WithStart(s.start), scraper.WithShutdown(s.shutdown))
	if err != nil {
		return nil, err
	}
	next, err = withoutEmpty(next)
	if err != nil {
		return nil, err
	}
	controller, err := scraperhelper.NewMetricsController(&cfg.ControllerConfig, settings, next,
		scraperhelper.AddMetricsScraper(metadata.Type, metrics))
	if err != nil {
		return nil, err
	}
	return &gpuReceiver{Metrics: controller, interrupt: s.interrupt}, nil
}

// gpuReceiver is the controller with a Shutdown that does not wait for a driver that does not answer.
type gpuReceiver struct {
	receiver.Metrics
	interrupt context.CancelFunc
}

// Shutdown ends the collection under way, and then the receiver.
func (r *gpuReceiver) Shutdown(ctx context.Context) error {
	r.interrupt()
	return r.Metrics.Shutdown(ctx)
}

// withoutEmpty keeps collections that gave nothing from going further: a machine without GPUs would send an empty
// request at each of them.
func withoutEmpty(next consumer.Metrics) (consumer.Metrics, error) {
	return consumer.NewMetrics(func(ctx context.Context, metrics pmetric.Metrics) error {
		if metrics.DataPointCount() == 0 {
			return nil
		}
		return next.ConsumeMetrics(ctx, metrics)
	}, consumer.WithCapabilities(next.Capabilities()))
}
