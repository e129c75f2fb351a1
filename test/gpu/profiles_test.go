// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

var update = flag.Bool("update", false, "write the golden files anew")

// boot is what the fake host says of its start.
const boot = 1_700_000_000

func fakeHost(d *fakenvml.Driver) {
	d.WriteFile("proc/stat", fmt.Sprintf("cpu 1 2 3\nbtime %d\n", boot))
	d.WriteFile("proc/meminfo", "MemTotal:       2113929216 kB\n")
}

// What a collector says of each kind of GPU, and what is missing there. Every metric is switched on.
func TestProfiles(t *testing.T) {
	for _, profile := range fakenvml.Profiles() {
		t.Run(profile, func(t *testing.T) {
			driver := fakenvml.New(t, profile)
			fakeHost(driver)
			driver.Set("count 1")
			c := start(t, driver, everyMetric)
			c.gpuMetrics()
			// Performance counters take two samples at least 100 ms apart, and a busy machine makes collections late.
			file := filepath.Join("testdata", "profiles", profile+".txt")
			want, _ := os.ReadFile(file)
			var have string
			for tries := 1; tries <= 50; tries++ {
				c.gpuMetrics()
				if have = together(c.sink.sinceFirst()); have == string(want) || *update && tries == 4 {
					break
				}
			}
			golden(t, file, have)
		})
	}
}

// together returns the lines of a first collection, and those of later ones for what there was not before.
func together(collections []pmetric.Metrics) string {
	var lines []string
	seen := map[string]bool{}
	for _, collection := range collections {
		var fresh []string
		for line := range strings.Lines(render(collection)) {
			if key, _, _ := strings.Cut(line, "} "); !seen[key] {
				lines, fresh = append(lines, line), append(fresh, key)
			}
		}
		for _, key := range fresh {
			seen[key] = true
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func golden(t *testing.T, file, have string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(have), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), have, "run with -update after a wanted change")
}

// render writes metrics as text, a line for each point, sorted. Of times it keeps what a counter counts from. That is the boot of
// the host, or the first time that the receiver looked.
func render(metrics pmetric.Metrics) string {
	var lines []string
	each(metrics, func(m pmetric.Metric, p pmetric.NumberDataPoint) {
		kind, start := "gauge", ""
		if m.Type() == pmetric.MetricTypeSum {
			kind = "updowncounter"
			if m.Sum().IsMonotonic() {
				kind = "counter"
				start = " since first look"
				if p.StartTimestamp().AsTime().Equal(time.Unix(boot, 0)) {
					start = " since boot"
				}
			}
		}
		if kind != "counter" && p.StartTimestamp() != 0 {
			start = " WITH START TIME"
		}
		value := fmt.Sprint(p.DoubleValue())
		if m.Name() == "nvidia.gpu.state.time" { // of the test's clock
			value = "some"
		}
		if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
			value = fmt.Sprint(p.IntValue())
		}
		lines = append(lines, fmt.Sprintf("%s{%s} %s %s %s%s\n", m.Name(), attributes(p.Attributes()), value, m.Unit(), kind, start))
	})
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func attributes(attributes pcommon.Map) string {
	var parts []string
	for k, v := range attributes.All() {
		parts = append(parts, k+"="+v.AsString())
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

const everyMetric = `
    codec_utilization: true
    power_limit_range: true
    metrics:
      hw.fan.speed_ratio: {enabled: true}
      hw.gpu.io: {enabled: true}
      hw.temperature.limit: {enabled: true}
      nvidia.gpu.bar1.limit: {enabled: true}
      nvidia.gpu.bar1.usage: {enabled: true}
      nvidia.gpu.clock.frequency.limit: {enabled: true}
      nvidia.gpu.ecc.aggregate: {enabled: true}
      nvidia.gpu.memory.free: {enabled: true}
      nvidia.gpu.nvlink.link.io: {enabled: true}
      nvidia.gpu.nvlink.throughput: {enabled: true}
      nvidia.gpu.pipe.active: {enabled: true}
      nvidia.gpu.pcie.link.generation: {enabled: true}
      nvidia.gpu.pcie.throughput: {enabled: true}
      nvidia.gpu.performance_state: {enabled: true}
      nvidia.gpu.retired_page.pending: {enabled: true}
      nvidia.gpu.retired_pages: {enabled: true}
      nvidia.gpu.c2c.errors: {enabled: true}
      nvidia.gpu.c2c.links: {enabled: true}
      nvidia.gpu.ecc.location.errors: {enabled: true}
      nvidia.gpu.ecc.sram.aggregate: {enabled: true}
      nvidia.gpu.ecc.sram.errors: {enabled: true}
      nvidia.gpu.encoder.sessions: {enabled: true}
      nvidia.gpu.module.power: {enabled: true}
      nvidia.gpu.nvlink.fec: {enabled: true}
      nvidia.gpu.nvlink.link.bit_error_rate: {enabled: true}
      nvidia.gpu.nvlink.link.errors: {enabled: true}
      nvidia.gpu.nvlink.link.speed: {enabled: true}
      nvidia.gpu.nvlink.recoveries: {enabled: true}
      nvidia.gpu.power.instant: {enabled: true}
      nvidia.gpu.temperature.margin.limit: {enabled: true}
      nvidia.gpu.throttle.active: {enabled: true}
`
