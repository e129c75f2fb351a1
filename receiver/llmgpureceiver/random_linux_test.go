// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/metadata"
)

// A driver may give random codes, numbers, types and texts. It costs bounded time and makes bounded series, and no value is one
// that cannot be.
func TestDriverThatAnswersAtRandom(t *testing.T) {
	const timeout, collections = 2 * time.Second, 60
	for _, perCent := range []string{"1", "5", "25"} {
		t.Run(perCent, func(t *testing.T) {
			s, driver := live(t, "gb200", func(cfg *Config) {
				cfg.MetricsBuilderConfig = everyMetric()
				cfg.CodecUtilization, cfg.PowerLimitRange, cfg.DeviceAttributes = true, true, []string{"hw.model"}
				cfg.Processes.Enabled, cfg.Processes.MaxPerDevice = true, 20
				cfg.Pods.Enabled, cfg.Pods.Socket = true, cfg.RootPath+"/none.sock"
				cfg.Release.MIGChange = 0
				cfg.Helper.RestartDelay, cfg.Helper.MaxRestartDelay = time.Millisecond, 5*time.Millisecond
				cfg.LostDevices.RetryDelay, cfg.LostDevices.MaxRetryDelay = time.Millisecond, 10*time.Millisecond
			})
			driver.Set(append(busy(0), "count 2", "fuzz "+perCent)...)
			series, energy := 0, map[string]float64{}
			for i := range collections {
				if i%10 == 0 {
					driver.Set(append(busy(i), "count 2", "fuzz "+perCent)...)
				}
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				begin := time.Now()
				metrics, err := s.scrape(ctx)
				cancel()
				require.NoError(t, err)
				assert.Less(t, time.Since(begin), timeout+timeout/2)
				series = max(series, metrics.DataPointCount())
				checkPossible(t, metrics, energy)
			}
			t.Logf("at most %d points", series)
			assert.NotZero(t, series)
			assert.Less(t, series, gpu.MaxDevices*20+2*1000)
			driver.Set("count 2")
			require.Eventually(t, func() bool {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				metrics, err := s.scrape(ctx)
				return err == nil && metrics.DataPointCount() > 500
			}, 20*time.Second, 10*time.Millisecond, "it is well again")
		})
	}
}

// busy are MIG instances, processes and events of a driver, of the last more with each call.
func busy(events int) []string {
	lines := []string{
		"0.mode.mig 1 1", "0.mig.max 7", "0.mig.0 MIG-1 1 0 3g.40gb 9 0 42949672960 1073741824", "0.mig.1 MIG-2 7 0 1g.10gb 19 4 10737418240 5368709120",
		"0.gpm.1@1 60", "0.gpm.2@1 55", "0.process.0 1 1000000000 1 0 50 20 1 2", "0.process.1 4000000 2000000000", "1.process.0 2 1000000000 -1 -1 50 20 1 2",
	}
	for i := range events + 1 {
		lines = append(lines, fmt.Sprintf("event.%d %d 8 %d 20", i, i%2, i), fmt.Sprintf("event.%d 1 0x100 0", 1000+i))
	}
	return lines
}

// everyMetric switches all metrics on.
func everyMetric() metadata.MetricsBuilderConfig {
	cfg := metadata.NewDefaultMetricsBuilderConfig()
	metrics := reflect.ValueOf(&cfg.Metrics).Elem()
	for i := range metrics.NumField() {
		metrics.Field(i).FieldByName("Enabled").SetBool(true)
	}
	return cfg
}

// checkPossible looks for values that cannot be: ratios that are none, numbers that are none, energy that nothing draws.
func checkPossible(t *testing.T, metrics pmetric.Metrics, energy map[string]float64) {
	t.Helper()
	for _, resource := range metrics.ResourceMetrics().All() {
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				for _, p := range dataPoints(metric).All() {
					value := p.DoubleValue()
					if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
						value = float64(p.IntValue())
					}
					name := metric.Name()
					assert.False(t, math.IsNaN(value) || math.IsInf(value, 0), name)
					assert.True(t, value >= 0 || strings.HasPrefix(name, "hw.temperature") || strings.HasPrefix(name, "nvidia.gpu.temperature"), "%s is %v", name, value)
					if strings.Contains(name, "utilization") || strings.HasSuffix(name, ".active") && !strings.Contains(name, "throttle") || strings.HasSuffix(name, ".occupancy") {
						assert.LessOrEqual(t, value, 1.0, name)
					}
					assert.LessOrEqual(t, p.StartTimestamp(), p.Timestamp(), name)
					id, _ := p.Attributes().Get("hw.id")
					if name == "hw.energy" {
						if before, known := energy[id.Str()]; known {
							assert.Less(t, value-before, 1e6, "a megajoule in a moment")
						}
						energy[id.Str()] = value
					}
				}
			}
		}
	}
}
