// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"slices"
	"sync/atomic"
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
	Release(wait time.Duration)
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
	owners  *owners
	states  *gpu.States
	endings endings
	pods    <-chan struct{} // closed when the kubelet has answered for the collection under way
	// newClient makes the client when the receiver starts.
	newClient func(helper.Options) client

	// stopping is done once the receiver is to stop, by interrupt.
	stopping  context.Context
	interrupt context.CancelFunc

	// logEvents, if set, takes the events that are to be logged.
	logEvents func(logged []gpu.Occurrence, infoOf func(uuid string) gpu.Info, ownerOf func(*gpu.Event) *identity, now time.Time)
	events    *gpu.Events
	// owned is who had which device at the last collection, for the events' goroutine.
	owned atomic.Pointer[ownership]

	client  client // nil before start and after shutdown
	tracker *gpu.Tracker
	renewal renewal
	yielded time.Time // when the devices were let go last for a change of MIG; zero while none waits
	pci     int       // GPUs on the PCI bus at the last look that saw all of them
}

func newScraper(cfg *Config, settings receiver.Settings) (*gpuScraper, error) {
	telemetry, err := metadata.NewTelemetryBuilder(settings.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	stopping, interrupt := context.WithCancel(context.Background())
	s := &gpuScraper{
		stopping:  stopping,
		interrupt: interrupt,
		cfg:       cfg,
		host:      host.Host{Root: cfg.RootPath},
		renewal:   renewal{first: cfg.LostDevices.RetryDelay, longest: cfg.LostDevices.MaxRetryDelay},
		builder:   metadata.NewMetricsBuilder(cfg.MetricsBuilderConfig, settings),
		want:      wanted(cfg, settings),
		health:    newHealth(settings.Logger, telemetry, cfg),
		newClient: func(options helper.Options) client { return helper.NewClient(options) },
	}
	s.owners = newOwners(cfg, settings.Logger, s.health.countOwnerError)
	return s, nil
}

// start makes no helper yet: the first collection does, if there is a driver.
func (s *gpuScraper) start(_ context.Context, h component.Host) error {
	s.health.host = h
	s.events, s.states = gpu.NewEvents(time.Now()), gpu.NewStates()
	s.tracker = gpu.NewTracker(s.host.Boot(), s.host.Memory(), s.cfg.LostDevices.Keep)
	s.client = s.newClient(helper.Options{
		LibraryPath:     s.cfg.LibraryPath,
		StartTimeout:    s.cfg.Helper.StartTimeout,
		RestartDelay:    s.cfg.Helper.RestartDelay,
		MaxRestartDelay: s.cfg.Helper.MaxRestartDelay,
		ReleaseFile:     s.cfg.Release.File,
		ReleaseTime:     s.cfg.Release.Duration,
		Present:         s.host.DriverLoaded,
		Denied:          s.host.Denied,
		Ended:           s.health.helperEnded,
		Events:          s.takeEvents(),
	})
	return nil
}

// takeEvents returns what takes events from the helper, or nil if nobody wants them.
func (s *gpuScraper) takeEvents() func([]gpu.Event) {
	m := &s.cfg.Metrics
	if s.logEvents == nil && !m.NvidiaGpuXidErrors.Enabled && !m.NvidiaGpuXidLastTimestamp.Enabled && !m.NvidiaGpuEvents.Enabled {
		return nil
	}
	return func(events []gpu.Event) {
		now := time.Now()
		logged := s.events.Add(events, now)
		if s.logEvents != nil {
			s.logEvents(logged, s.tracker.Info, s.ownerOf, now)
		}
	}
}

// ownerOf returns who had the device or the MIG instance of an event alone at the last collection.
func (s *gpuScraper) ownerOf(e *gpu.Event) *identity {
	w := s.owned.Load()
	if w == nil {
		return nil
	}
	if id := w.instances[instanceKey{e.UUID, e.GPUInstance, e.ComputeInstance}]; id != "" {
		return w.owner[id]
	}
	return w.owner[e.UUID]
}

func (s *gpuScraper) shutdown(context.Context) error {
	if s.client != nil {
		s.client.Close()
		s.client = nil
	}
	s.health.telemetry.Shutdown()
	return s.owners.close()
}

// scrape never fails. That there are no metrics of GPUs, and why, is in the receiver's own telemetry. It is also in its status,
// which says it once and not at every collection.
func (s *gpuScraper) scrape(ctx context.Context) (pmetric.Metrics, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.stopping, cancel)()
	start := time.Now()
	request := s.tracker.Request(s.want, start)
	request.Processes = s.cfg.Processes.Enabled || s.cfg.Metrics.NvidiaGpuStateTime.Enabled
	s.pods = s.owners.ask()
	result, err := s.client.Collect(ctx, request)
	now := time.Now()
	stuck := s.client.Hung()
	if s.stopping.Err() != nil {
		return pmetric.NewMetrics(), nil
	}
	if err != nil {
		failure := helper.AsCollectError(err)
		s.health.failed(ctx, failure, stuck)
		switch failure.Reason {
		case helper.ReasonNoDevice:
		case helper.ReasonNoGPU:
			observations, _ := s.record(helper.Result{}, now)
			s.health.judge(observations) // those that were there are missing
		default:
			gpus, complete := s.host.GPUs()
			s.recordPCI(len(gpus), complete, now)
		}
		recordEvents(s.builder, s.events, s.tracker.Info, now)
		return s.builder.Emit(), nil
	}
	observations, w := s.record(result, now)
	metrics := s.builder.Emit()
	s.endings.ofOwners(metrics, w.owner)
	addAttributes(metrics, s.cfg.DeviceAttributes, observations, w.owner)
	s.endings.ofSeries(metrics, pcommon.NewTimestampFromTime(now))
	s.health.succeeded(ctx, result, observations, stuck, time.Since(start))
	lost := func(o gpu.Observation) bool { return o.Lost != 0 }
	if s.renewal.due(slices.ContainsFunc(observations, lost), now) {
		s.client.Renew()
	}
	s.yield(observations, now)
	return metrics, nil
}

// yieldAgain is the pause before the devices are let go again while a change of MIG goes on waiting.
const yieldAgain = 10 * time.Minute

// yield lets go of the devices for a while when one waits for a change of MIG. The open files of the helper would block the
// change.
func (s *gpuScraper) yield(observations []gpu.Observation, now time.Time) {
	waits := slices.ContainsFunc(observations, func(o gpu.Observation) bool {
		return o.Lost == 0 && (o.Modes.MIG == "enabling" || o.Modes.MIG == "disabling")
	})
	switch {
	case !waits:
		s.yielded = time.Time{}
	case s.cfg.Release.MIGChange > 0 && (s.yielded.IsZero() || now.Sub(s.yielded) >= yieldAgain):
		s.yielded = now
		s.client.Release(s.cfg.Release.MIGChange)
	}
}

// record makes the data points of all devices, and counts them.
func (s *gpuScraper) record(result helper.Result, now time.Time) ([]gpu.Observation, ownership) {
	gpus, complete := s.host.GPUs()
	observations := s.tracker.Observe(result.Snapshot, present(gpus, complete, result.Driver.Excluded), now)
	w := s.owners.observe(observations, s.pods)
	s.health.attributed(&w)
	s.owned.Store(&w)
	answering := 0
	for i := range observations {
		if observations[i].Lost == 0 {
			answering++
		}
		o := &observations[i]
		recordDevice(s.builder, o, result.Driver, now)
		if s.cfg.Processes.Enabled {
			recordUsers(s.builder, o, w.users[o.Info.UUID], s.cfg.Processes.MaxPerDevice, now)
		}
		recordInstances(s.builder, o, now)
		recordAllocations(s.builder, o, w.pods, now)
		recordState(s.builder, s.states, o, w.held[o.Info.UUID], now)
	}
	s.states.Forget(now)
	recordEvents(s.builder, s.events, s.tracker.Info, now)
	s.recordCount(answering, metadata.AttributeNvidiaGpuSourceNvml, now)
	s.recordCount(len(observations), metadata.AttributeNvidiaGpuSourceExpected, now)
	s.recordPCI(len(gpus), complete, now)
	return observations, w
}

// present are the devices of the operating system that the driver was not configured to leave alone.
func present(gpus []host.GPU, complete bool, excluded []string) gpu.Present {
	p := gpu.Present{Complete: complete}
	for _, g := range gpus {
		if !slices.Contains(excluded, g.Address) {
			p.Devices = append(p.Devices, gpu.Info{PCIAddress: g.Address, UUID: g.UUID, Model: g.Model})
		}
	}
	return p
}

// recordPCI records the GPUs that the operating system knows of. When there are others than before, the driver's library has to
// be loaded anew. It finds devices only when it starts.
func (s *gpuScraper) recordPCI(count int, complete bool, now time.Time) {
	if !complete {
		return
	}
	if s.pci != 0 && s.pci != count {
		s.client.Renew()
	}
	s.pci = count
	s.recordCount(count, metadata.AttributeNvidiaGpuSourcePci, now)
}

func (s *gpuScraper) recordCount(count int, source metadata.AttributeNvidiaGpuSource, now time.Time) {
	setStart(s.builder, time.Time{})
	s.builder.RecordNvidiaGpuCountDataPoint(pcommon.NewTimestampFromTime(now), int64(count), typeGPU, source)
}
