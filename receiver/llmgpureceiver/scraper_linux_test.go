// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/helper"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// statusHost keeps the status events that a component reports.
type statusHost struct {
	component.Host
	events []*componentstatus.Event
}

func (h *statusHost) Report(event *componentstatus.Event) { h.events = append(h.events, event) }

// fakeClient answers with what the test sets.
type fakeClient struct {
	result helper.Result
	err    error
	asked  gpu.Request
	// released is how often the devices were let go.
	released int
}

func (f *fakeClient) Collect(_ context.Context, request gpu.Request) (helper.Result, error) {
	f.asked = request
	return f.result, f.err
}
func (*fakeClient) Renew()                  {}
func (f *fakeClient) Release(time.Duration) { f.released++ }
func (*fakeClient) Hung() int               { return 0 }
func (*fakeClient) Close()                  {}

type rig struct {
	*gpuScraper
	client *fakeClient
	host   *statusHost
	logs   *observer.ObservedLogs
}

func newRig(t *testing.T) *rig {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	settings := receivertest.NewNopSettings(metadata.Type)
	settings.Logger = zap.New(core)
	cfg := createDefaultConfig().(*Config)
	cfg.RootPath = t.TempDir()
	r := &rig{client: &fakeClient{}, host: &statusHost{Host: componenttest.NewNopHost()}, logs: logs}
	var err error
	r.gpuScraper, err = newScraper(cfg, settings)
	require.NoError(t, err)
	r.newClient = func(helper.Options) client { return r.client }
	require.NoError(t, r.start(t.Context(), r.host))
	t.Cleanup(func() { assert.NoError(t, r.shutdown(context.Background())) })
	return r
}

func (r *rig) collect(t *testing.T) pmetric.Metrics {
	t.Helper()
	metrics, err := r.scrape(t.Context())
	require.NoError(t, err)
	return metrics
}

func TestFailureIsSaidOnce(t *testing.T) {
	r := newRig(t)
	r.client.err = &helper.CollectError{Reason: helper.ReasonNoDevice}
	for range 5 {
		assert.Zero(t, r.collect(t).DataPointCount())
	}
	assert.Equal(t, 1, r.logs.Len())
	require.Len(t, r.host.events, 1)
	assert.Equal(t, componentstatus.StatusOK, r.host.events[0].Status(), "no GPU is no fault")

	r.client.err = &helper.CollectError{Reason: helper.ReasonVersionMismatch, Call: "nvmlInit_v2", Code: 18}
	r.collect(t)
	repeated := &helper.CollectError{Reason: helper.ReasonVersionMismatch, Call: "nvmlInit_v2", Code: 18, Repeated: true}
	r.client.err = repeated
	r.collect(t)
	assert.Equal(t, 2, r.logs.Len())
	require.Len(t, r.host.events, 2)
	assert.Equal(t, componentstatus.StatusRecoverableError, r.host.events[1].Status())
	assert.NotContains(t, r.host.events[1].Err().Error(), "restart the container")
	again := *repeated
	again.Repeated = false
	r.client.err = &again
	r.collect(t)
	require.Len(t, r.host.events, 3)
	assert.Contains(t, r.host.events[2].Err().Error(), "restart the container")

	r.client.err = nil
	r.collect(t)
	r.collect(t)
	require.Len(t, r.host.events, 4)
	assert.Equal(t, componentstatus.StatusOK, r.host.events[3].Status())
}

func TestEveryReasonHasAdvice(t *testing.T) {
	for _, reason := range []helper.Reason{
		helper.ReasonNoDevice, helper.ReasonReleased, helper.ReasonStarting, helper.ReasonStartFailed, helper.ReasonUnsupportedBuild,
		helper.ReasonLibraryNotFound, helper.ReasonNotNVML, helper.ReasonDriverNotLoaded, helper.ReasonVersionMismatch,
		helper.ReasonNoPermission, helper.ReasonDriverError, helper.ReasonNoGPU, helper.ReasonCrash, helper.ReasonDeadline,
		helper.ReasonHung, helper.ReasonProtocol,
	} {
		assert.NotEmpty(t, advice[reason].text, reason)
	}
	assert.Equal(t, helper.ReasonStartFailed, helper.AsCollectError(errors.New("other")).Reason)
}

// A device that fails is said once, and once more when it is well again; the component's status follows.
func TestDeviceThatFailsIsSaidOnce(t *testing.T) {
	r := newRig(t)
	well := []gpu.Device{
		{Info: gpu.Info{UUID: "GPU-a", PCIAddress: "0000:17:00.0"}}, {Index: 1, Info: gpu.Info{UUID: "GPU-b", PCIAddress: "0000:18:00.0"}},
	}
	r.client.result.Snapshot.Devices = well
	r.collect(t)
	require.Equal(t, 1, r.logs.Len(), "Reading GPU metrics")
	r.client.result.Snapshot.Devices = []gpu.Device{well[0], {Index: 1, Lost: gpu.CodeUnknown, LostCall: "nvmlDeviceGetHandleByIndex_v2"}}
	for range 5 {
		r.collect(t)
	}
	require.Equal(t, 2, r.logs.Len())
	said := r.logs.All()[1]
	assert.Contains(t, said.Message, "GPU is failed")
	assert.Equal(t, map[string]any{
		"uuid": "GPU-b", "index": int64(1), "pci_address": "0000:18:00.0", "status": "failed", "before": "ok",
		"cause": "nvmlDeviceGetHandleByIndex_v2 answers unknown", "call": "nvmlDeviceGetHandleByIndex_v2", "code": "unknown",
	}, said.ContextMap())
	last := r.host.events[len(r.host.events)-1]
	assert.Equal(t, componentstatus.StatusRecoverableError, last.Status())
	assert.ErrorContains(t, last.Err(), "GPU-b")
	events := len(r.host.events)
	r.client.result.Snapshot.Devices = well
	r.collect(t)
	r.collect(t)
	require.Equal(t, 3, r.logs.Len())
	require.Len(t, r.host.events, events+1)
	assert.Equal(t, componentstatus.StatusOK, r.host.events[events].Status())
}

func TestComponentStatusOfFailedDevicesCanBeSwitchedOff(t *testing.T) {
	r := newRig(t)
	r.health.deviceStatus = false
	r.client.result.Snapshot.Devices = []gpu.Device{{Lost: gpu.CodeGPUIsLost}}
	r.collect(t)
	for _, event := range r.host.events {
		assert.Equal(t, componentstatus.StatusOK, event.Status())
	}
	assert.Equal(t, 2, r.logs.Len(), "it is in the log all the same")
}

func TestDefaultAsksForNoMoreThanItReports(t *testing.T) {
	r := newRig(t)
	r.collect(t)
	want := r.client.asked.Want
	for _, key := range []gpu.Key{gpu.UtilizationMean, gpu.MemoryUsed, gpu.Energy, gpu.ThrottlePowerCap, gpu.SRAMThresholdExceeded} {
		assert.True(t, want.Has(key), key)
	}
	for _, key := range []gpu.Key{
		gpu.EncoderUtilization, gpu.FanSpeed, gpu.BAR1Used, gpu.ThrottleReasons, gpu.PerformanceState, gpu.ClockMaxSM,
		gpu.PowerLimitDefault, gpu.PowerLimitMin, gpu.PCIeTransmitRate, gpu.PCIeTransmitted, gpu.NVLinkFEC0, gpu.NVLinkSpeed, gpu.ECCCorrectedDRAM,
	} {
		assert.False(t, want.Has(key), key)
	}
}

func TestEveryQuantityIsReportedOrJudgedBy(t *testing.T) {
	var judged gpu.KeySet
	judged.Add(gpu.StatusKeys()...)
	for key := gpu.Key(1); int(key) <= gpu.NumKeys; key++ {
		assert.True(t, recorders[key] != nil || judged.Has(key), "%s is in no metric: it has no row in recorders", key)
	}
}

func TestUnifiedMemoryIsNotReportedAsTheDevices(t *testing.T) {
	r := newRig(t)
	r.tracker = gpu.NewTracker(time.Time{}, 128<<30, time.Hour)
	r.client.result.Snapshot.Devices = []gpu.Device{{Info: gpu.Info{UUID: "GPU-a", ComputeCapability: "12.1"}, Readings: []gpu.Reading{
		{Key: gpu.MemoryTotal, Raw: 127 << 30}, {Key: gpu.MemoryUsed, Raw: 1 << 30}, {Key: gpu.PowerDraw, Raw: 1000},
	}}}
	names := map[string]bool{}
	metrics := r.collect(t).ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics()
	for i := range metrics.Len() {
		names[metrics.At(i).Name()] = true
		if metrics.At(i).Name() == "nvidia.gpu.info" {
			kind, _ := metrics.At(i).Sum().DataPoints().At(0).Attributes().Get("nvidia.gpu.memory.type")
			assert.Equal(t, "unified", kind.Str())
		}
	}
	assert.True(t, names["hw.power"])
	assert.False(t, names["hw.gpu.memory.limit"] || names["hw.gpu.memory.usage"] || names["hw.gpu.memory.utilization"])
}

func TestDeviceAttributesAreOnEveryPointOfADevice(t *testing.T) {
	r := newRig(t)
	r.cfg.DeviceAttributes = []string{"hw.model", "hw.vendor", "nvidia.gpu.index"}
	indexes := map[string]int64{"GPU-a": 0, "GPU-b": 1}
	r.client.result.Snapshot.Devices = []gpu.Device{
		{Info: gpu.Info{UUID: "GPU-a", Model: "A"}, Readings: []gpu.Reading{{Key: gpu.PowerDraw, Raw: 1000}, {Key: gpu.Energy, Raw: 5000}}},
		{Index: 1, Info: gpu.Info{UUID: "GPU-b"}, Readings: []gpu.Reading{{Key: gpu.PowerDraw, Raw: 2000}}},
	}
	models := map[string]any{"GPU-a": "A", "GPU-b": nil}
	seen := map[string]int{}
	for _, metric := range r.collect(t).ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().All() {
		for _, point := range dataPoints(metric).All() {
			attributes := point.Attributes().AsRaw()
			id, _ := attributes["hw.id"].(string)
			seen[id]++
			if id == "" {
				assert.NotContains(t, attributes, "hw.vendor", "a point of no device: "+metric.Name())
				continue
			}
			assert.Equal(t, "NVIDIA", attributes["hw.vendor"], metric.Name())
			assert.Equal(t, models[id], attributes["hw.model"], metric.Name())
			assert.Equal(t, indexes[id], attributes["nvidia.gpu.index"], metric.Name())
		}
	}
	assert.Greater(t, seen["GPU-a"], 5)
	assert.Greater(t, seen["GPU-b"], 4)
	assert.Equal(t, 2, seen[""], "nvidia.gpu.count by NVML and expected")
}

// A change of MIG that waits is not held up. The devices are let go once, and not at each collection.
func TestDevicesAreLetGoForAChangeOfMIG(t *testing.T) {
	r := newRig(t)
	device := gpu.Device{Info: gpu.Info{UUID: "GPU-a"}, Modes: gpu.Modes{MIG: "enabling"}, Readings: []gpu.Reading{{Key: gpu.PowerDraw, Raw: 1000}}}
	r.client.result.Snapshot.Devices = []gpu.Device{device}
	for range 5 {
		r.collect(t)
	}
	assert.Equal(t, 1, r.client.released)
	device.Modes.MIG = "enabled"
	r.client.result.Snapshot.Devices = []gpu.Device{device}
	r.collect(t)
	device.Modes.MIG = "disabling"
	r.client.result.Snapshot.Devices = []gpu.Device{device}
	r.collect(t)
	assert.Equal(t, 2, r.client.released)
	r.cfg.Release.MIGChange, r.yielded = 0, time.Time{}
	r.collect(t)
	assert.Equal(t, 2, r.client.released)
}

// live is a scraper with a helper process and a fake driver.
func live(tb testing.TB, profile string, tune func(*Config)) (*gpuScraper, *fakenvml.Driver) {
	tb.Helper()
	driver := fakenvml.New(tb, profile)
	cfg := createDefaultConfig().(*Config)
	cfg.RootPath, cfg.LibraryPath = driver.Root, driver.Library
	if tune != nil {
		tune(cfg)
	}
	s, err := newScraper(cfg, receiverSettings())
	require.NoError(tb, err)
	require.NoError(tb, s.start(context.Background(), componenttest.NewNopHost()))
	tb.Cleanup(func() { assert.NoError(tb, s.shutdown(context.Background())) })
	return s, driver
}

func receiverSettings() receiver.Settings { return receivertest.NewNopSettings(metadata.Type) }
