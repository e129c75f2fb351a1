// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// valueOf returns the value of a point of a metric that has an attribute.
func valueOf(metrics pmetric.Metrics, metric, attribute, value string) (float64, bool) {
	for _, p := range points(metrics, metric) {
		if have, ok := p.Attributes().Get(attribute); ok && have.AsString() == value {
			if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
				return float64(p.IntValue()), true
			}
			return p.DoubleValue(), true
		}
	}
	return 0, false
}

// An XID is a count, a time and a log record that says what to do. It is as bad as the driver says.
func TestXID(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	c := start(t, driver, "")
	c.gpuMetrics()
	assert.Empty(t, points(c.sink.last(), "nvidia.gpu.xid.errors"), "what never happened has no series")
	driver.Set("event.0 3 8 79 2", "event.1 0 8 31", "event.2 5 8 137", "event.3 1 0x8000 0", "1.field.230 uint 1")
	for code, count := range map[string]float64{"79": 2, "31": 1, "137": 1} {
		c.eventually("XID "+code+" is counted", func() bool {
			have, ok := valueOf(c.sink.last(), "nvidia.gpu.xid.errors", "nvidia.gpu.xid", code)
			return ok && have == count
		})
		last, _ := valueOf(c.sink.last(), "nvidia.gpu.xid.last_timestamp", "nvidia.gpu.xid", code)
		assert.InDelta(t, float64(time.Now().Unix()), last, 60)
	}
	c.eventually("the other event is counted", func() bool {
		have, ok := valueOf(c.sink.last(), "nvidia.gpu.events", "nvidia.gpu.event.type", "recovery_action")
		return ok && have == 1
	})
	c.eventually("all are logged", func() bool { return len(c.sink.records()) >= 4 })
	texts := map[string]plog.LogRecord{}
	for _, record := range c.sink.records() {
		texts[record.Body().Str()] = record
	}
	for text, want := range map[string]struct {
		severity plog.SeverityNumber
		source   string
	}{
		"XID 79: GPU has fallen off the bus on GPU 0000:1a:00.0. Drain the machine and restart it; where it comes back, have the GPU replaced. It happened 2 times.": {plog.SeverityNumberFatal, "catalogue"},
		"XID 31: GPU memory page fault on GPU 0000:17:00.0. Restart the process; where it comes back, look for an error in the program.":                             {plog.SeverityNumberWarn, "catalogue"},
		"XID 137: NVLink privilege error on GPU 0000:1c:00.0. Nothing is to be done at once.":                                                                        {plog.SeverityNumberInfo, "catalogue"},
		"The driver asks for a recovery on GPU 0000:18:00.0. Drain the GPU and reset it.":                                                                            {plog.SeverityNumberError, "recovery_action"},
	} {
		record, there := texts[text]
		require.True(t, there, "%s is not among %v", text, texts)
		assert.Equal(t, want.severity, record.SeverityNumber(), text)
		source, _ := record.Attributes().Get("nvidia.gpu.event.severity.source")
		assert.Equal(t, want.source, source.Str())
		assert.WithinDuration(t, time.Now(), record.Timestamp().AsTime(), time.Minute)
	}
	fault := texts["XID 31: GPU memory page fault on GPU 0000:17:00.0. Restart the process; where it comes back, look for an error in the program."]
	assert.Equal(t, map[string]any{
		"hw.id": "GPU-00000100-0000-4000-8000-000000000000", "hw.name": "0000:17:00.0", "hw.type": "gpu", "hw.model": "NVIDIA H100 80GB HBM3",
		"nvidia.gpu.event.type": "xid", "nvidia.gpu.event.count": int64(1), "nvidia.gpu.event.severity.source": "catalogue", "nvidia.gpu.xid": "31",
		"nvidia.gpu.xid.action": "restart_app", "nvidia.gpu.xid.mnemonic": "ROBUST_CHANNEL_FIFO_ERROR_MMU_ERR_FLT", "nvidia.gpu.recovery_action": "none",
	}, fault.Attributes().AsRaw())
	assert.Equal(t, "nvidia.gpu.xid", fault.EventName())
	assert.Len(t, c.helpers(), 1, "logs and metrics share one helper")
}

// A storm of XIDs is counted to the last one, makes few records, and holds up neither metrics nor traces.
func TestStormOfXIDs(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	c := start(t, driver, "")
	c.gpuMetrics()
	lines := []string{"event.0 0 8 31 2000"}
	for code := range 400 { // more codes than there are
		lines = append(lines, fmt.Sprintf("event.%d 1 8 %d", code+1, code+1000))
	}
	driver.Set(lines...)
	c.eventually("all are counted", func() bool {
		have, _ := valueOf(c.sink.last(), "nvidia.gpu.xid.errors", "nvidia.gpu.xid", "31")
		return have == 2000
	})
	c.eventually("codes beyond the bound share a series", func() bool {
		total := 0.0
		for _, p := range points(c.sink.last(), "nvidia.gpu.xid.errors") {
			total += float64(p.IntValue())
		}
		return total == 2400
	})
	assert.LessOrEqual(t, len(points(c.sink.last(), "nvidia.gpu.xid.errors")), 202)
	storm := 0
	for _, record := range c.sink.records() {
		if code, _ := record.Attributes().Get("nvidia.gpu.xid"); code.Str() == "31" {
			storm++
		}
	}
	assert.LessOrEqual(t, storm, 8)
	assert.True(t, c.tracesWork())
	c.gpuMetrics()
}
