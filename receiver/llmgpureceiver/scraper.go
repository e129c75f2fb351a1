// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/helper"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/host"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// client is the helper's side that the scraper uses.
type client interface {
	Collect(ctx context.Context, request gpu.Request) (helper.Result, error)
	Renew()
	Hung() int
	Close()
}

// gpuScraper turns collections into metrics. The controller calls scrape from one goroutine.
type gpuScraper struct {
	cfg     *Config
	host    host.Host
	builder *metadata.MetricsBuilder
	want    gpu.KeySet
	health  *health
	// newClient makes the client when the receiver starts.
	newClient func(helper.Options) client

	// stopping is done once the receiver is to stop, by interrupt.
	stopping  context.Context
	interrupt context.CancelFunc

	client  client // nil before start and after shutdown
	tracker *gpu.Tracker
	pci     int // GPUs on the PCI bus at the last look that saw all of them
}

func newScraper(cfg *Config, settings receiver.Settings) (*gpuScraper, error) {
	telemetry, err := metadata.NewTelemetryBuilder(settings.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	stopping, interrupt := context.WithCancel(context.Background())
	return &gpuScraper{
		stopping:  stopping,
		interrupt: interrupt,
		cfg:       cfg,
		host:      host.Host{Root: cfg.RootPath},
		builder:   metadata.NewMetricsBuilder(cfg.MetricsBuilderConfig, settings),
		want:      wanted(cfg, settings),
		health:    newHealth(settings.Logger, telemetry, cfg.LibraryPath),
		newClient: func(options helper.Options) client { return helper.NewClient(options) },
	}, nil
}

// start makes no helper yet: the first collection does, if there is a driver.
func (s *gpuScraper) start(_ context.Context, h component.Host) error {
	s.health.host = h
	s.tracker = gpu.NewTracker(s.host.Boot(), s.host.Memory())
	s.client = s.newClient(helper.Options{
		LibraryPath:     s.cfg.LibraryPath,
		StartTimeout:    s.cfg.Helper.StartTimeout,
		RestartDelay:    s.cfg.Helper.RestartDelay,
		MaxRestartDelay: s.cfg.Helper.MaxRestartDelay,
		ReleaseFile:     s.cfg.Release.File,
		ReleaseTime:     s.cfg.Release.Duration,
		Present:         s.host.DriverLoaded,
		Ended:           s.health.helperEnded,
	})
	return nil
}

func (s *gpuScraper) shutdown(context.Context) error {
	if s.client != nil {
		s.client.Close()
		s.client = nil
	}
	s.health.telemetry.Shutdown()
	return nil
}

// scrape never fails: that there are no metrics of GPUs, and why, is in the receiver's own telemetry and in its
// status, where it is said once and not at every collection.
func (s *gpuScraper) scrape(ctx context.Context) (pmetric.Metrics, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.stopping, cancel)()
	start := time.Now()
	result, err := s.client.Collect(ctx, s.tracker.Request(s.want))
	now := time.Now()
	stuck := s.client.Hung()
	if s.stopping.Err() != nil {
		return pmetric.NewMetrics(), nil
	}
	if err != nil {
		failure := helper.AsCollectError(err)
		s.health.failed(ctx, failure, stuck)
		if failure.Reason != helper.ReasonNoDevice {
			s.recordPCI(now)
		}
		return s.builder.Emit(), nil
	}
	observations := s.tracker.Observe(result.Snapshot, now)
	answering := int64(0)
	for i := range observations {
		o := &observations[i]
		if o.Lost == 0 {
			answering++
		}
		recordDevice(s.builder, o, result.Driver, now)
	}
	s.builder.RecordNvidiaGpuCountDataPoint(pcommon.NewTimestampFromTime(now), answering, typeGPU, metadata.AttributeNvidiaGpuSourceNvml)
	s.recordPCI(now)
	metrics := s.builder.Emit()
	addAttributes(metrics, s.cfg.DeviceAttributes, observations)
	s.health.succeeded(ctx, result, observations, stuck, time.Since(start))
	return metrics, nil
}

// recordPCI records the GPUs that the operating system knows of. When there are others than before, the driver's
// library has to be loaded anew: it finds devices only when it starts.
func (s *gpuScraper) recordPCI(now time.Time) {
	count, ok := s.host.GPUs()
	if !ok {
		return
	}
	if s.pci != 0 && s.pci != count {
		s.client.Renew()
	}
	s.pci = count
	setStart(s.builder, time.Time{})
	s.builder.RecordNvidiaGpuCountDataPoint(pcommon.NewTimestampFromTime(now), int64(count), typeGPU, metadata.AttributeNvidiaGpuSourcePci)
}
