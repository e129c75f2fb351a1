// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// NVML_LIBRARY names a libnvidia-ml to compare with instead of the fake driver: a real one, or NVIDIA's mock. NVML_ROOT is
// the receiver's root_path for it, "/" by default.
const (
	libraryVariable = "NVML_LIBRARY"
	rootVariable    = "NVML_ROOT"
)

// live are metrics that change while the test reads them: a quarter is allowed for.
var live = []string{"hw.power", "nvidia.gpu.power.instant", "nvidia.gpu.clock.frequency", "hw.temperature", "hw.fan.speed_ratio", "nvidia.gpu.temperature.margin", "hw.gpu.memory.usage", "hw.gpu.memory.utilization", "nvidia.gpu.memory.free", "nvidia.gpu.bar1.usage"}

// The receiver says of each GPU what a small C program reads of it. That program shares nothing with the receiver but NVIDIA's
// header.
func TestSecondOpinion(t *testing.T) {
	program := filepath.Join(t.TempDir(), "second")
	output, err := exec.Command("gcc", "-O1", "-w", "-std=gnu11", "-I", fakenvml.Header(t), "-o", program, "second/second.c", "-ldl").CombinedOutput()
	require.NoError(t, err, string(output))
	if library := os.Getenv(libraryVariable); library != "" {
		compare(t, program, &fakenvml.Driver{Root: cmp.Or(os.Getenv(rootVariable), "/"), Library: library}, 1)
		return
	}
	for _, profile := range fakenvml.Profiles() {
		t.Run(profile, func(t *testing.T) {
			driver := fakenvml.New(t, profile)
			fakeHost(driver)
			compare(t, program, driver, 0)
		})
	}
	// Each device and each reading has a value of its own, so that a mix-up shows.
	t.Run("all different", func(t *testing.T) {
		driver := fakenvml.New(t, "gb200")
		fakeHost(driver)
		driver.Set(differentValues(4)...)
		compare(t, program, driver, 0)
	})
}

// differentValues gives each number of each device another value.
func differentValues(devices int) (lines []string) {
	next := 11
	for d := range devices {
		for _, name := range []string{
			"memory.used", "memory.reserved", "bar1.used", "power.limit", "energy", "temperature", "temperature.margin", "clock.0", "clock.1",
			"clock.2", "clock.3", "clock.max.0", "clock.max.1", "clock.max.2", "clock.max.3", "remap.correctable", "remap.uncorrectable",
			"pcie.replays", "fan",
		} {
			next++
			lines = append(lines, fmt.Sprintf("%d.%s %d", d, name, next))
		}
		for _, id := range []int{3, 4, 74, 76, 77, 78, 79, 82, 94, 142, 143, 185, 186, 193, 194, 195, 196, 202, 204} {
			next++
			lines = append(lines, fmt.Sprintf("%d.field.%d ull %d", d, id, next*18))
		}
		for i, reason := range []string{"software_thermal", "hardware_thermal", "power_brake"} {
			lines = append(lines, fmt.Sprintf("%d.throttle.time.%s ull %d", d, reason, (next+i)*1_000_000))
		}
		for _, same := range [][2]string{{"ecc.0", "field.3"}, {"ecc.1", "field.4"}, {"remap.correctable", "field.142"}, {"remap.uncorrectable", "field.143"}, {"pcie.replays", "field.94"}, {"power.limit", "field.190"}} {
			for _, line := range lines {
				if value, found := strings.CutPrefix(line, fmt.Sprintf("%d.%s ull ", d, same[1])); found {
					lines = append(lines, fmt.Sprintf("%d.%s %s", d, same[0], value))
					break
				}
			}
		}
		for id := 193; id <= 196; id++ { // degrees
			next++
			lines = append(lines, fmt.Sprintf("%d.field.%d sint %d", d, id, next%90))
		}
		lines = append(lines, fmt.Sprintf("%d.field.82 uint %d", d, next%90+1), fmt.Sprintf("%d.temperature %d", d, next%80+2),
			fmt.Sprintf("%d.field.190 uint %d", d, 400_000+next), fmt.Sprintf("%d.power.limit %d", d, 400_000+next))
	}
	return lines
}

// compare reads before and after the receiver does, and looks for each reading among the receiver's points.
func compare(t *testing.T, program string, driver *fakenvml.Driver, tolerance float64) {
	t.Helper()
	before := opinion(t, program, driver.Library)
	// PCIe throughput is measured while the driver keeps the collection waiting, and is not compared.
	c := start(t, driver, strings.Replace(everyMetric, "nvidia.gpu.pcie.throughput: {enabled: true}", "nvidia.gpu.pcie.throughput: {enabled: false}", 1))
	c.gpuMetrics()
	ours := ourPoints(c.sink.last())
	after := opinion(t, program, driver.Library)
	require.NotEmpty(t, before)
	wrong := 0
	for key, first := range before {
		second, stays := after[key]
		have, there := ours[key]
		if !stays {
			continue
		}
		if !assert.True(t, there, "the receiver has no %s, which is %v", key, first) {
			wrong++
			continue
		}
		low, high := min(first, second), max(first, second)
		metric := strings.Split(key, "\t")[1]
		slack := 1e-9 * math.Abs(high)
		if slices.Contains(live, metric) {
			slack += tolerance * (math.Abs(high)/4 + 1)
		}
		if !assert.True(t, low-slack <= have && have <= high+slack, "%s is %v, and not between %v and %v", key, have, low, high) {
			wrong++
		}
	}
	t.Logf("%d of %d points of the receiver compared, %d wrong or missing", len(before), len(ours), wrong)
}

// opinion runs the program and returns its readings by device, metric and attributes.
func opinion(t *testing.T, program, library string) map[string]float64 {
	t.Helper()
	output, err := exec.Command(program, library).Output()
	require.NoError(t, err)
	readings := map[string]float64{}
	for line := range strings.Lines(string(output)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		i := strings.LastIndexByte(value, '\t')
		number, err := strconv.ParseFloat(value[i+1:], 64)
		require.NoError(t, err, line)
		readings[key+"\t"+value[:i]] = number
	}
	return readings
}

// ourPoints returns the receiver's points in the same form.
func ourPoints(metrics pmetric.Metrics) map[string]float64 {
	readings := map[string]float64{}
	each(metrics, func(m pmetric.Metric, p pmetric.NumberDataPoint) {
		id, _ := p.Attributes().Get("hw.id")
		var own []string
		for name, value := range p.Attributes().All() {
			if !slices.Contains([]string{"hw.id", "hw.name", "hw.type"}, name) {
				own = append(own, name+"="+value.AsString())
			}
		}
		slices.Sort(own)
		value := p.DoubleValue()
		if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
			value = float64(p.IntValue())
		}
		readings[id.Str()+"\t"+m.Name()+"\t"+strings.Join(own, ",")] = value
	})
	return readings
}
