// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"context"
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

// A driver whose codes, numbers, types and texts are random ones costs bounded time and makes bounded series, and no
// value is one that cannot be.
func TestDriverThatAnswersAtRandom(t *testing.T) {
	const timeout, collections = 2 * time.Second, 60
	for _, perCent := range []string{"1", "5", "25"} {
		t.Run(perCent, func(t *testing.T) {
			s, driver := live(t, "gb200", func(cfg *Config) {
				cfg.MetricsBuilderConfig = everyMetric()
				cfg.CodecUtilization, cfg.PowerLimitRange, cfg.DeviceAttributes = true, true, []string{"hw.model"}
				cfg.Helper.RestartDelay, cfg.Helper.MaxRestartDelay = time.Millisecond, 5*time.Millisecond
				cfg.LostDevices.RetryDelay, cfg.LostDevices.MaxRetryDelay = time.Millisecond, 10*time.Millisecond
			})
			driver.Set("count 2", "fuzz "+perCent)
			series, energy := 0, map[string]float64{}
			for range collections {
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
					if strings.Contains(name, "utilization") {
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
