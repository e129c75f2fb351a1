// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/xid"
)

// eventKind says how an event that is no XID is called and how bad it is.
type eventKind struct {
	metric   metadata.AttributeNvidiaGpuEventType
	text     string
	action   string
	severity xid.Severity
}

// eventKinds are the events of gpu.EventTypes.
var eventKinds = map[gpu.EventType]eventKind{
	gpu.EventXID: {metadata.AttributeNvidiaGpuEventTypeXid, "XID", "", xid.Error},
	gpu.EventMIGChange: {
		metadata.AttributeNvidiaGpuEventTypeMigConfigChange, "The MIG layout changed", "Nothing is to be done.", xid.Info,
	},
	gpu.EventECCStorm: {
		metadata.AttributeNvidiaGpuEventTypeEccStorm, "Storm of corrected memory errors", "Reset the GPU when it is free; where it comes back, have it looked at.", xid.Warn,
	},
	gpu.EventDRAMRetirement: {
		metadata.AttributeNvidiaGpuEventTypeDramRetirement, "A part of the memory was retired", "Reset the GPU when it is free.", xid.Warn,
	},
	gpu.EventDRAMRetirementFailure: {
		metadata.AttributeNvidiaGpuEventTypeDramRetirementFailure, "A part of the memory could not be retired", "Drain the GPU and reset it; where it comes back, have it replaced.", xid.Error,
	},
	gpu.EventNonFatalPoison: {
		metadata.AttributeNvidiaGpuEventTypeNonfatalPoison, "Poisoned data, contained", "Restart the process that used it.", xid.Warn,
	},
	gpu.EventFatalPoison: {
		metadata.AttributeNvidiaGpuEventTypeFatalPoison, "Poisoned data, not contained", "Drain the GPU and reset it.", xid.Error,
	},
	gpu.EventGPUUnavailable: {
		metadata.AttributeNvidiaGpuEventTypeGpuUnavailable, "The GPU is unavailable", "Drain the machine and restart it.", xid.Fatal,
	},
	gpu.EventRecoveryAction: {
		metadata.AttributeNvidiaGpuEventTypeRecoveryAction, "The driver asks for a recovery", "Drain the GPU, then do what the driver asks for.", xid.Error,
	},
}

// The driver's own severities, nvmlOperationalEventSeverity_t; a newer one counts as the greatest that is known below it.
var driverSeverities = []struct {
	from     uint32
	severity xid.Severity
}{{40, xid.Fatal}, {30, xid.Error}, {20, xid.Warn}, {1, xid.Info}}

// recoveries say how bad an error is after which the driver asks for a recovery, and what to do.
var recoveries = map[uint64]struct {
	severity xid.Severity
	text     string
}{
	gpu.RecoveryReset:         {xid.Error, "Drain the GPU and reset it."},
	gpu.RecoveryNodeReboot:    {xid.Fatal, "Drain the machine and restart it."},
	gpu.RecoveryDrainP2P:      {xid.Error, "Drain the processes that use this GPU from others."},
	gpu.RecoveryDrainAndReset: {xid.Error, "Drain the GPU and reset it."},
	gpu.RecoveryIMEXDomain:    {xid.Error, "Restart the IMEX domain."},
	gpu.RecoveryBusReset:      {xid.Error, "Drain the GPU and reset its bus."},
	gpu.RecoverySystemReboot:  {xid.Fatal, "Drain the machine and restart it."},
}

// Where the severity of a record is from.
const (
	fromDriver   = "driver"
	fromRecovery = "recovery_action"
	fromTable    = "catalogue"
)

// assess returns how bad an event is, who says so, and what to do. The driver's own severity counts first, then what it asks for,
// then the catalogue.
func assess(e *gpu.Event) (severity xid.Severity, source, advice string) {
	kind := eventKinds[e.Type]
	severity, source, advice = kind.severity, fromTable, kind.action
	if e.Type == gpu.EventXID {
		action := xid.Of(e.XID).Action
		severity, advice = action.Severity(), action.Text()
	}
	if e.Recovery > 0 {
		recovery, known := recoveries[uint64(e.Recovery)]
		if !known {
			recovery.severity, recovery.text = xid.Error, "Do what the driver asks for."
		}
		severity, source, advice = recovery.severity, fromRecovery, recovery.text
	}
	for _, known := range driverSeverities {
		if e.Severity >= known.from {
			return known.severity, fromDriver, advice
		}
	}
	return severity, source, advice
}

var severityNumbers = map[xid.Severity]plog.SeverityNumber{
	xid.Info: plog.SeverityNumberInfo, xid.Warn: plog.SeverityNumberWarn, xid.Error: plog.SeverityNumberError, xid.Fatal: plog.SeverityNumberFatal,
}

// recordEvent makes a log record of an event. info is what is known of the device, with its UUID at least. owner is who had it
// alone at the last collection, or nil.
func recordEvent(record plog.LogRecord, o *gpu.Occurrence, info gpu.Info, owner *identity, now time.Time) {
	severity, source, advice := assess(&o.Event)
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.UnixMicro(o.First)))
	record.SetObservedTimestamp(pcommon.NewTimestampFromTime(now))
	record.SetSeverityNumber(severityNumbers[severity])
	record.SetSeverityText(severityNumbers[severity].String())
	kind := eventKinds[o.Type]
	name := info.PCIAddress
	if name == "" {
		name = info.UUID
	}
	attributes := record.Attributes()
	attributes.PutStr("hw.id", info.UUID)
	attributes.PutStr("hw.name", name)
	attributes.PutStr("hw.type", typeGPU.String())
	attributes.PutStr("nvidia.gpu.event.type", kind.metric.String())
	attributes.PutInt("nvidia.gpu.event.count", int64(o.Count))
	attributes.PutStr("nvidia.gpu.event.severity.source", source)
	if info.Model != "" {
		attributes.PutStr("hw.model", info.Model)
	}
	if owner != nil {
		owner.put(attributes)
	}
	if o.Unlogged > 0 {
		attributes.PutInt("nvidia.gpu.event.unlogged", int64(o.Unlogged))
	}
	if o.GPUInstance != gpu.NoInstance {
		attributes.PutInt("nvidia.gpu.gpu_instance.id", int64(o.GPUInstance))
	}
	if o.ComputeInstance != gpu.NoInstance {
		attributes.PutInt("nvidia.gpu.compute_instance.id", int64(o.ComputeInstance))
	}
	if o.Recovery != gpu.NoRecovery {
		attributes.PutStr("nvidia.gpu.recovery_action", recoveryAction(uint64(o.Recovery)).String())
	}
	record.SetEventName("nvidia.gpu." + kind.metric.String())
	what := kind.text
	if o.Type == gpu.EventXID {
		entry := xid.Of(o.XID)
		attributes.PutStr("nvidia.gpu.xid", xidText(o.XID))
		attributes.PutStr("nvidia.gpu.xid.action", entry.Action.String())
		if entry.Mnemonic != "" {
			attributes.PutStr("nvidia.gpu.xid.mnemonic", entry.Mnemonic)
		}
		what = fmt.Sprintf("XID %s: %s", xidText(o.XID), entry.Description)
	}
	text := fmt.Sprintf("%s on GPU %s. %s", what, name, advice)
	if o.Count+o.Unlogged > 1 {
		text += fmt.Sprintf(" It happened %d times.", o.Count+o.Unlogged)
	}
	record.Body().SetStr(strings.TrimSpace(text))
}

// xidText is the value of an attribute; the codes beyond the bound are "other".
func xidText(code uint32) string {
	if code == gpu.OtherXID {
		return "other"
	}
	return strconv.FormatUint(uint64(code), 10)
}

// maxQueued is how many records wait for a pipeline that does not take them.
const maxQueued = 1000

// eventLogs sends records of events into a pipeline of logs. It has a goroutine of its own, so that a slow pipeline holds up
// neither the helper nor the metrics.
type eventLogs struct {
	next      consumer.Logs
	obs       *receiverhelper.ObsReport
	telemetry *metadata.TelemetryBuilder
	version   string
	queue     chan plog.Logs
	done      chan struct{}
	mu        sync.Mutex // guards stopped
	stopped   bool
}

func newEventLogs(next consumer.Logs, settings receiver.Settings, telemetry *metadata.TelemetryBuilder) (*eventLogs, error) {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{ReceiverID: settings.ID, ReceiverCreateSettings: settings})
	if err != nil {
		return nil, err
	}
	l := &eventLogs{
		next: next, obs: obs, telemetry: telemetry, version: settings.BuildInfo.Version,
		queue: make(chan plog.Logs, maxQueued), done: make(chan struct{}),
	}
	go l.run()
	return l, nil
}

func (l *eventLogs) run() {
	defer close(l.done)
	for logs := range l.queue {
		ctx := l.obs.StartLogsOp(context.Background())
		err := l.next.ConsumeLogs(ctx, logs)
		l.obs.EndLogsOp(ctx, metadata.Type.String(), logs.LogRecordCount(), err)
	}
}

// take queues a record of each event. Where the queue is full, the records are dropped and counted.
func (l *eventLogs) take(logged []gpu.Occurrence, infoOf func(uuid string) gpu.Info, ownerOf func(*gpu.Event) *identity, now time.Time) {
	if len(logged) == 0 {
		return
	}
	logs := plog.NewLogs()
	scope := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	scope.Scope().SetName(metadata.ScopeName)
	scope.Scope().SetVersion(l.version)
	for i := range logged {
		recordEvent(scope.LogRecords().AppendEmpty(), &logged[i], infoOf(logged[i].UUID), ownerOf(&logged[i].Event), now)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	select {
	case l.queue <- logs:
	default:
		l.telemetry.LlmGpuDroppedRecords.Add(context.Background(), int64(len(logged)))
	}
}

// stopTimeout is how long a pipeline may take for what is queued at the end.
const stopTimeout = 5 * time.Second

// stop sends what is queued and ends; it does not wait for a pipeline that takes nothing.
func (l *eventLogs) stop() {
	l.mu.Lock()
	l.stopped = true
	close(l.queue)
	l.mu.Unlock()
	timer := time.NewTimer(stopTimeout)
	defer timer.Stop()
	select {
	case <-l.done:
	case <-timer.C:
	}
}

// recordEvents makes the data points of what was counted.
func recordEvents(b *builder, events *gpu.Events, infoOf func(uuid string) gpu.Info, now time.Time) {
	ts := pcommon.NewTimestampFromTime(now)
	setStart(b, events.Start())
	defer setStart(b, time.Time{})
	for _, c := range events.Counts() {
		info := infoOf(c.UUID)
		name := info.PCIAddress
		if name == "" {
			name = c.UUID
		}
		if c.Type != gpu.EventXID {
			b.RecordNvidiaGpuEventsDataPoint(ts, int64(c.Count), c.UUID, name, typeGPU, eventKinds[c.Type].metric)
			continue
		}
		b.RecordNvidiaGpuXidErrorsDataPoint(ts, int64(c.Count), c.UUID, name, typeGPU, xidText(c.XID))
		setStart(b, time.Time{})
		b.RecordNvidiaGpuXidLastTimestampDataPoint(ts, float64(c.Last.UnixMicro())/1e6, c.UUID, name, typeGPU, xidText(c.XID))
		setStart(b, events.Start())
	}
}
