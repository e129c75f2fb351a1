// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"math"

	"go.opentelemetry.io/collector/receiver"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// wanted returns the quantities that the configuration makes data points of, or judges the devices by. No others are asked of the
// driver.
func wanted(cfg *Config, settings receiver.Settings) (want gpu.KeySet) {
	b := metadata.NewMetricsBuilder(cfg.MetricsBuilderConfig, settings)
	for key, record := range recorders {
		for _, sum := range []bool{false, true} {
			record(b, 0, "", "", gpu.Point{Key: key, Sum: sum, Raw: math.MaxUint32})
		}
		if b.Emit().DataPointCount() > 0 {
			want.Add(key)
		}
	}
	if !cfg.CodecUtilization {
		want.Remove(gpu.EncoderUtilization, gpu.DecoderUtilization, gpu.JPEGUtilization, gpu.OFAUtilization)
	}
	if !cfg.PowerLimitRange {
		want.Remove(gpu.PowerLimitDefault, gpu.PowerLimitMin, gpu.PowerLimitMax)
	}
	m := &cfg.Metrics
	if m.HwGpuMemoryUtilization.Enabled {
		want.Add(gpu.MemoryTotal, gpu.MemoryUsed)
	}
	if m.HwStatus.Enabled {
		want.Add(gpu.StatusKeys()...)
	}
	if m.NvidiaGpuInfo.Enabled || want.HasAny(gpu.MemoryUsed, gpu.MemoryFree, gpu.MemoryReserved, gpu.BAR1Total, gpu.BAR1Used) {
		want.Add(gpu.MemoryTotal)
	}
	if want.Has(gpu.MemoryTotal) {
		want.Add(gpu.ClockMemory) // one without uses the host's memory
	}
	return want
}
