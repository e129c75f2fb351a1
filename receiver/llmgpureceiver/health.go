// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/helper"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// advice says what a reason means and what to do. A reason that is fine leaves the component's status at OK.
var advice = map[helper.Reason]struct {
	fine bool
	text string
}{
	helper.ReasonNoDevice:    {true, "no NVIDIA driver is loaded, or all GPUs sleep; looking again at each collection"},
	helper.ReasonReleased:    {true, "the GPUs are let go"},
	helper.ReasonStarting:    {true, "the driver's library is starting"},
	helper.ReasonStartFailed: {false, "the helper process could not be started"},
	helper.ReasonUnsupportedBuild: {false, "this binary has no support for NVIDIA GPUs: it takes a build for linux on amd64 or arm64 with cgo " +
		"(CGO_ENABLED=1; in a builder manifest dist.cgo_enabled: true)"},
	helper.ReasonLibraryNotFound: {false, "an NVIDIA driver is loaded, but its library cannot be: check that the driver's user space part is " +
		"installed, or in a container that the NVIDIA runtime provides it (runtimeClassName: nvidia, NVIDIA_VISIBLE_DEVICES=all, " +
		"NVIDIA_DRIVER_CAPABILITIES=utility)"},
	helper.ReasonNotNVML:         {false, "the library is not the driver's: check library_path"},
	helper.ReasonDriverNotLoaded: {false, "the kernel's driver is not loaded, or is being replaced"},
	helper.ReasonVersionMismatch: {false, "library and kernel driver are of different versions: the driver was upgraded, and the old kernel module is still loaded; reload it or reboot"},
	helper.ReasonNoPermission: {false, "the device files are closed to this process: check the container's device access; a reload of systemd can " +
		"take it away, then restart the container"},
	helper.ReasonDriverError: {false, "the driver fails; see the kernel's log (dmesg) for NVRM and Xid"},
	helper.ReasonNoGPU:       {false, "the driver has no GPU"},
	helper.ReasonCrash:       {false, "the driver's library crashed in the helper process; see the kernel's log (dmesg) for NVRM and Xid"},
	helper.ReasonDeadline:    {false, "the driver does not answer in time; see the kernel's log (dmesg) for NVRM and Xid, or raise timeout if it is only slow"},
	helper.ReasonHung:        {false, "helper processes are stuck in the driver and cannot be killed; the machine needs a reboot"},
	helper.ReasonProtocol:    {false, "the helper process sent what is no message"},
}

// containerAdvice is added when a fresh process met the same mismatch. Then the library that it finds is itself the old one.
const containerAdvice = "; a fresh process found the same, so in a container the library of the old driver is still mounted: restart the container"

// health turns what happens into the receiver's own telemetry, its component status and its log. It changes the last two only
// when something changes. Its methods are called from one goroutine.
type health struct {
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	library   string
	host      component.Host // nil before start

	// deviceStatus says that a failed device is an error of the component.
	deviceStatus bool

	said       string // the failure that was said last; empty while there is none
	devices    map[string]gpu.Status
	failing    string // the failed devices that were said last in the component's status; empty while there are none
	driver     string // version of the driver that was said last; "-" if none was
	mismatches int    // version mismatches in a row
}

func newHealth(logger *zap.Logger, telemetry *metadata.TelemetryBuilder, cfg *Config) *health {
	return &health{
		logger: logger, telemetry: telemetry, library: cfg.LibraryPath, deviceStatus: cfg.LostDevices.ComponentStatus,
		devices: map[string]gpu.Status{}, driver: "-",
	}
}

// helperEnded counts a helper process that ended before it was to.
func (h *health) helperEnded(reason helper.Reason) {
	h.telemetry.LlmGpuHelperEnds.Add(context.Background(), 1, metric.WithAttributes(attribute.String("reason", string(reason))))
}

func (h *health) failed(ctx context.Context, f *helper.CollectError, stuck int) {
	h.telemetry.LlmGpuUp.Record(ctx, 0)
	h.telemetry.LlmGpuHung.Record(ctx, one(f.Reason == helper.ReasonDeadline || f.Reason == helper.ReasonHung))
	h.telemetry.LlmGpuHelpersStuck.Record(ctx, int64(stuck))
	if f.Call != "" && !f.Repeated {
		h.countError(ctx, f.Call, gpu.CodeName(f.Code))
	}
	switch {
	case f.Reason != helper.ReasonVersionMismatch:
		h.mismatches = 0
	case !f.Repeated:
		h.mismatches++
	}
	known := advice[f.Reason]
	text := fmt.Sprintf("no GPU metrics: %s", known.text)
	if h.mismatches > 1 {
		text += containerAdvice
	}
	if text == h.said {
		return
	}
	h.said = text
	fields := []zap.Field{zap.String("reason", string(f.Reason)), zap.String("cause", f.Error())}
	if h.library != "" {
		fields = append(fields, zap.String("library_path", h.library))
	}
	if known.fine {
		h.logger.Info(text, fields...)
		h.report(componentstatus.NewEvent(componentstatus.StatusOK))
		return
	}
	h.logger.Warn(text, fields...)
	h.report(componentstatus.NewRecoverableErrorEvent(fmt.Errorf("%s (%w)", text, f)))
}

func (h *health) succeeded(ctx context.Context, result helper.Result, observations []gpu.Observation, stuck int, took time.Duration) {
	h.telemetry.LlmGpuUp.Record(ctx, 1)
	h.telemetry.LlmGpuHung.Record(ctx, 0)
	h.telemetry.LlmGpuHelpersStuck.Record(ctx, int64(stuck))
	h.telemetry.LlmGpuCollectionDuration.Record(ctx, took.Seconds())
	h.telemetry.LlmGpuMissingSymbols.Record(ctx, int64(len(result.Driver.MissingSymbols)))
	h.telemetry.LlmGpuWatchedDevices.Record(ctx, int64(result.Driver.Watched))
	for i := range observations {
		for _, e := range observations[i].Errors {
			h.countError(ctx, e.Call, gpu.CodeName(e.Code))
		}
		for _, key := range observations[i].Dropped {
			h.countError(ctx, key.String(), "implausible")
		}
	}
	h.mismatches = 0
	failing := h.judge(observations)
	recovered := h.said != ""
	if recovered || h.driver != result.Driver.Version {
		h.said, h.driver = "", result.Driver.Version
		h.logger.Info("Reading GPU metrics", zap.Int("gpus", len(observations)), zap.String("driver", result.Driver.Version),
			zap.String("cuda", result.Driver.CUDA), zap.Strings("missing_symbols", result.Driver.MissingSymbols))
		recovered = true
	}
	if !recovered && failing == h.failing {
		return
	}
	h.failing = failing
	if failing != "" && h.deviceStatus {
		h.report(componentstatus.NewRecoverableErrorEvent(fmt.Errorf("GPUs that failed: %s", failing)))
		return
	}
	h.report(componentstatus.NewEvent(componentstatus.StatusOK))
}

// judge logs each device whose status changed, and returns those that failed.
func (h *health) judge(observations []gpu.Observation) (failing string) {
	devices := make(map[string]gpu.Status, len(observations))
	var failed []string
	for i := range observations {
		o := &observations[i]
		devices[o.Info.UUID] = o.Status
		if o.Status == gpu.StatusFailed {
			failed = append(failed, o.Info.UUID)
		}
		if o.Status == h.devices[o.Info.UUID] { // a device is taken for well at first
			continue
		}
		fields := []zap.Field{
			zap.String("uuid", o.Info.UUID), zap.Int("index", o.Index), zap.String("pci_address", o.Info.PCIAddress),
			zap.Stringer("status", o.Status), zap.Stringer("before", h.devices[o.Info.UUID]),
		}
		if o.Status == gpu.StatusOK {
			h.logger.Info("GPU is well again", fields...)
			continue
		}
		fields = append(fields, zap.String("cause", o.Cause))
		if o.Lost != 0 {
			fields = append(fields, zap.String("call", o.LostCall), zap.String("code", gpu.CodeName(o.Lost)))
		}
		h.logger.Warn("GPU is "+o.Status.String()+"; see the kernel's log (dmesg) for NVRM and Xid", fields...)
	}
	for id, status := range h.devices {
		if _, there := devices[id]; !there && status != gpu.StatusOK {
			h.logger.Info("GPU is not expected any more", zap.String("uuid", id))
		}
	}
	h.devices = devices
	return strings.Join(failed, ", ")
}

func (h *health) countError(ctx context.Context, call, code string) {
	h.telemetry.LlmGpuErrors.Add(ctx, 1, metric.WithAttributes(attribute.String("call", call), attribute.String("code", code)))
}

// attributed reports what is of nobody that is known.
func (h *health) attributed(w *ownership) {
	for source, count := range map[string]int{"process": w.strangers, "pods": w.unresolved} {
		h.telemetry.LlmGpuUnattributed.Record(context.Background(), int64(count), metric.WithAttributes(attribute.String("source", source)))
	}
}

// countOwnerError counts a file of a process, or an answer of the kubelet, that could not be read.
func (h *health) countOwnerError(source, code string) {
	h.telemetry.LlmGpuOwnerErrors.Add(context.Background(), 1, metric.WithAttributes(attribute.String("source", source), attribute.String("code", code)))
}

func (h *health) report(event *componentstatus.Event) {
	if h.host != nil {
		componentstatus.ReportStatus(h.host, event)
	}
}
