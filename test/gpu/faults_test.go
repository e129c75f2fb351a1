// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// down waits until the receiver says that it has no metrics, for the given reason.
func (c *collector) down(reason string) {
	c.t.Helper()
	c.eventually("the receiver is down by reason of "+reason, func() bool {
		up, ok := c.selfMetric("otelcol_llm_gpu_up", "")
		return ok && up == 0 && c.logged(`"reason":"`+reason+`"`)
	})
}

func (c *collector) logged(text string) bool {
	return strings.Contains(c.log.String(), text)
}

// Whatever happens to the driver, traces pass, and the receiver says what is wrong. Metrics come back once it is mended.
func TestFaultsAreContained(t *testing.T) {
	control := func(line string) func(*collector) {
		return func(c *collector) { c.driver.Set(line) }
	}
	mended := func(c *collector) { c.driver.Set() }
	signal := func(s syscall.Signal) func(*collector) {
		return func(c *collector) {
			for _, pid := range c.helpers() {
				assert.NoError(c.t, syscall.Kill(pid, s))
			}
		}
	}
	for name, test := range map[string]struct {
		reason      string // empty where no collection is lost
		ends        string // reason by which a helper ended
		fault, mend func(*collector)
	}{
		"driver unloaded and back": {"driver_not_loaded", "driver_not_loaded", control("ret.* 9"), mended},
		"driver and its files gone and back": {
			"no_device", "driver_not_loaded",
			func(c *collector) { c.driver.Set("ret.* 9"); c.driver.Unload() },
			func(c *collector) { c.driver.Set(); c.driver.Load() },
		},
		"version mismatch after an upgrade": {
			"version_mismatch", "version_mismatch", control("ret.* 18"),
			func(c *collector) { c.driver.Install(); c.driver.Set("driver 590.10.01") },
		},
		"every call hanging":   {"deadline", "deadline", control("hang.* 1"), mended},
		"one call hanging":     {"deadline", "deadline", control("hang.nvmlDeviceGetMemoryInfo_v2 1"), mended},
		"crash in the library": {"crash", "crash", control("crash.nvmlDeviceGetFieldValues segv"), mended},
		"abort in the library": {"crash", "crash", control("crash.nvmlInit_v2 abort\ncrash.nvmlDeviceGetCount_v2 abort"), mended},
		"garbage on the pipe":  {"protocol", "protocol", control("crash.nvmlDeviceGetCount_v2 garbage"), mended},
		"oversized message":    {"protocol", "protocol", control("crash.nvmlDeviceGetCount_v2 oversized"), mended},
		"permission denied":    {"no_permission", "no_permission", control("ret.nvmlDeviceGetHandleByIndex_v2 4"), mended},
		"device files closed":  {"no_permission", "no_permission", control("ret.nvmlDeviceGetHandleByIndex_v2 17"), mended},
		"unknown error":        {"driver_error", "driver_error", control("ret.nvmlDeviceGetCount_v2 999"), mended},
		"helper killed":        {"", "crash", signal(syscall.SIGKILL), func(*collector) {}},
		"helper stopped":       {"", "deadline", signal(syscall.SIGSTOP), func(*collector) {}},
		"library that is no NVML": {
			"not_nvml", "crash",
			func(c *collector) { c.driver.InstallOther(); signal(syscall.SIGKILL)(c) },
			func(c *collector) { c.driver.Install() },
		},
		"library gone, appears later": {
			"library_not_found", "crash",
			func(c *collector) { c.driver.Remove(); signal(syscall.SIGKILL)(c) },
			func(c *collector) { c.driver.Install() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, fakenvml.New(t, "l4"), "")
			c.gpuMetrics()
			test.fault(c)
			if test.reason != "" {
				c.down(test.reason)
				batches, _ := c.sink.count()
				assert.True(t, c.tracesWork(), "traces pass meanwhile")
				time.Sleep(500 * time.Millisecond) // more than an interval
				if test.reason != "deadline" || test.ends != "deadline" {
					after, _ := c.sink.count()
					assert.Equal(t, batches, after, "nothing is made up meanwhile")
				}
			}
			test.mend(c)
			c.eventually("the end of a helper is counted", func() bool {
				ended, ok := c.selfMetric("otelcol_llm_gpu_helper_ends", `reason="`+test.ends+`"`)
				return ok && ended >= 1
			})
			c.gpuMetrics()
			assert.True(t, c.tracesWork())
			assert.Len(t, c.helpers(), 1)
		})
	}
}

func TestOneLostDeviceOfEight(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	c := start(t, driver, "")
	c.gpuMetrics()
	helpers := c.helpers()
	driver.Set("5.lost 15")
	c.eventually("the lost device is failed", func() bool { return status(c, "5") == "failed" })
	assert.Equal(t, "ok", status(c, "4"))
	assert.Len(t, points(c.sink.last(), "hw.power"), 7)
	assert.Equal(t, map[string]int64{"nvml": 7, "expected": 8}, counts(c))
	driver.Set()
	c.eventually("the device is back", func() bool { return status(c, "5") == "ok" })
	assert.Equal(t, helpers, c.helpers(), "the same helper throughout")
}

// status returns the state of the device whose UUID ends with a digit.
func status(c *collector, digit string) string {
	for _, p := range points(c.sink.last(), "hw.status") {
		id, _ := p.Attributes().Get("hw.id")
		state, _ := p.Attributes().Get("hw.state")
		if strings.HasSuffix(id.Str(), digit) && p.IntValue() == 1 {
			return state.Str()
		}
	}
	return ""
}

// A GPU that leaves changes the driver's index of those behind it, and nothing of their series.
func TestSeriesStayWhenAGPULeaves(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	c := start(t, driver, "")
	c.gpuMetrics()
	before := series(c.sink.last(), "hw.power")
	require.Len(t, before, 8)
	driver.Set("count 7", "3.is 4", "4.is 5", "5.is 6", "6.is 7")
	c.eventually("seven are left", func() bool { return len(points(c.sink.last(), "hw.power")) == 7 })
	after := series(c.sink.last(), "hw.power")
	for _, labels := range after {
		assert.Contains(t, before, labels)
	}
	for _, p := range points(c.sink.last(), "nvidia.gpu.info") {
		id, _ := p.Attributes().Get("hw.id")
		if index, _ := p.Attributes().Get("nvidia.gpu.index"); strings.HasSuffix(id.Str(), "4") {
			assert.EqualValues(t, 3, index.Int(), "the index is on the info metric")
		}
	}
}

// series returns the attributes of each point of a metric.
func series(metrics pmetric.Metrics, name string) (labels []string) {
	for _, p := range points(metrics, name) {
		labels = append(labels, attributes(p.Attributes()))
	}
	return labels
}

// The driver renumbered the counters of throttling in release 590: the number is that of the loaded library.
func TestThrottleCountersOfEachRelease(t *testing.T) {
	for library, want := range map[string]map[string]float64{
		"12.565.57.01":  {"software_thermal": 2.5}, // of the policy: there is no counter by reason yet
		"13.580.95.05":  {"software_thermal": 2, "hardware_thermal": 0.5, "hardware_power_brake": 0},
		"13.590.44":     {"software_thermal": 2, "hardware_thermal": 0.5, "hardware_power_brake": 0},
		"of the future": {"software_thermal": 2.5},
	} {
		t.Run(library, func(t *testing.T) {
			driver := fakenvml.New(t, "b200")
			fakeHost(driver)
			driver.Set("count 1", "library "+library)
			c := start(t, driver, "")
			c.gpuMetrics()
			have := map[string]float64{}
			for _, p := range points(c.sink.last(), "nvidia.gpu.throttle.time") {
				reason, _ := p.Attributes().Get("nvidia.gpu.throttle.reason")
				if strings.HasSuffix(reason.Str(), "thermal") || strings.HasSuffix(reason.Str(), "brake") {
					have[reason.Str()] = p.DoubleValue()
				}
			}
			assert.Equal(t, want, have)
		})
	}
}

func TestGarbageValuesAreDropped(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	c := start(t, driver, "")
	c.gpuMetrics()
	driver.Set("samples.1 250 4294967295", "utilization.gpu 101", "field.185 uint 4294967295", "power 4294967295",
		"samples.0 4294967295", "memory.used 18446744073709551615", "temperature 9999", "clock.1 4294967295",
		"energy 1000", "field.142 uint 4294967295")
	c.eventually("implausible values are counted", func() bool {
		dropped, ok := c.selfMetric("otelcol_llm_gpu_errors", `call="power.draw",code="implausible"`)
		return ok && dropped > 1
	})
	metrics := c.sink.last()
	for _, name := range []string{"hw.gpu.utilization", "hw.power", "nvidia.gpu.power.max", "hw.gpu.memory.usage", "hw.gpu.memory.utilization", "hw.temperature"} {
		assert.Empty(t, points(metrics, name), name)
	}
	energy := points(metrics, "hw.energy")
	require.Len(t, energy, 1)
	assert.Equal(t, 1.0, energy[0].DoubleValue(), "fell to next to nothing: counts anew")
	assert.WithinDuration(t, time.Now(), energy[0].StartTimestamp().AsTime(), time.Minute)
	assert.NotEmpty(t, points(metrics, "hw.gpu.memory.limit"), "what is plausible stays")
}

// An energy counter that dips by a millijoule did not start anew.
func TestEnergyThatDipsIsNotCountedAgain(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	fakeHost(driver)
	driver.Set("energy 5000000000000")
	c := start(t, driver, "")
	c.gpuMetrics()
	energy := func(joules float64) func() bool {
		return func() bool {
			p := points(c.sink.last(), "hw.energy")
			return len(p) == 1 && p[0].DoubleValue() == joules && p[0].StartTimestamp().AsTime().Equal(time.Unix(boot, 0))
		}
	}
	c.eventually("energy since the boot", energy(5e9))
	driver.Set("energy 4999999999999")
	c.gpuMetrics()
	c.gpuMetrics()
	assert.True(t, energy(5e9)(), "stays")
	driver.Set("energy 5000000000999")
	c.eventually("goes on", energy(5e9+1))
}

func TestMissingSymbolsOfOldDriver(t *testing.T) {
	driver := fakenvml.New(t, "a100", "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetTemperatureV", "nvmlDeviceGetGpuFabricInfoV",
		"nvmlDeviceGetMarginTemperature", "nvmlDeviceGetSramEccErrorStatus", "nvmlDeviceGetCurrentClocksEventReasons")
	c := start(t, driver, "")
	c.gpuMetrics()
	missing, ok := c.selfMetric("otelcol_llm_gpu_missing_symbols", "")
	assert.True(t, ok)
	assert.Equal(t, 6.0, missing)
	assert.Len(t, points(c.sink.last(), "hw.gpu.memory.usage"), 8, "by the older function")
	assert.Empty(t, points(c.sink.last(), "nvidia.gpu.memory.reserved"))
}

func TestDevicesComeAndGo(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	driver.Set("count 2")
	c := start(t, driver, "")
	c.gpuMetrics()
	driver.Set("count 1", "0.is 1")
	c.eventually("the second device stands at the first index", func() bool {
		p := points(c.sink.last(), "hw.power")
		if len(p) != 1 {
			return false
		}
		id, _ := p[0].Attributes().Get("hw.id")
		return id.Str() == "GPU-00000100-0000-4000-8000-000000000001"
	})
	driver.Set("count 8")
	c.eventually("all are there", func() bool { return len(points(c.sink.last(), "hw.power")) == 8 })
}

// The driver's library finds devices only when it starts: a GPU that is plugged in makes for a new helper.
func TestHotPlug(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	driver.Plug(0, "")
	driver.Set("count 1")
	c := start(t, driver, "")
	c.gpuMetrics()
	helper := c.helpers()
	driver.Plug(1, "")
	driver.Set("count 2")
	c.eventually("there is a new helper", func() bool {
		now := c.helpers()
		return len(now) == 1 && now[0] != helper[0]
	})
	c.gpuMetrics()
	assert.Equal(t, map[string]int64{"nvml": 2, "pci": 2, "expected": 2}, counts(c))
	assert.False(t, c.logged("GPU is failed"), "one that is new is not missing")
}

// counts returns the number of GPUs by who counts.
func counts(c *collector) map[string]int64 {
	counts := map[string]int64{}
	for _, p := range points(c.sink.last(), "nvidia.gpu.count") {
		source, _ := p.Attributes().Get("nvidia.gpu.source")
		counts[source.Str()] = p.IntValue()
	}
	return counts
}

// However a GPU goes away, it stays in the metrics as failed, and the log says so once. It is well when it is back.
func TestGPUThatGoesAwayIsLoud(t *testing.T) {
	for name, test := range map[string]struct {
		fault  []string
		unplug bool
		counts map[string]int64
		cause  string
	}{
		"lost":                         {[]string{"5.lost 15"}, false, map[string]int64{"nvml": 7, "pci": 8, "expected": 8}, "gpu_is_lost"},
		"unable to get its handle":     {[]string{"5.ret.nvmlDeviceGetHandleByIndex_v2 999"}, false, map[string]int64{"nvml": 7, "pci": 8, "expected": 8}, "unknown"},
		"without a UUID":               {[]string{"5.ret.nvmlDeviceGetUUID 999"}, false, map[string]int64{"nvml": 7, "pci": 8, "expected": 8}, "unknown"},
		"every call fails":             {[]string{"5.ret.* 999", "5.ret.nvmlDeviceGetHandleByIndex_v2 0", "5.ret.nvmlDeviceGetUUID 0"}, false, map[string]int64{"nvml": 7, "pci": 8, "expected": 8}, "unknown"},
		"gone from the driver":         {[]string{"count 7", "5.is 6", "6.is 7"}, false, map[string]int64{"nvml": 7, "pci": 8, "expected": 8}, "not among the driver's devices"},
		"gone from the driver and PCI": {[]string{"count 7", "5.is 6", "6.is 7"}, true, map[string]int64{"nvml": 7, "pci": 7, "expected": 8}, "not among the driver's devices"},
	} {
		t.Run(name, func(t *testing.T) {
			driver := fakenvml.New(t, "h100")
			for i := range 8 {
				driver.Plug(i, "")
			}
			c := start(t, driver, "")
			c.gpuMetrics()
			driver.Set(test.fault...)
			if test.unplug {
				driver.Unplug(5)
			}
			c.eventually("the device is failed", func() bool { return status(c, "5") == "failed" })
			c.gpuMetrics()
			c.gpuMetrics()
			assert.Equal(t, test.counts, counts(c))
			assert.Equal(t, "ok", status(c, "6"))
			assert.Len(t, points(c.sink.last(), "hw.power"), 7)
			assert.Equal(t, 1, strings.Count(c.log.String(), `"status":"failed"`), "said once")
			assert.True(t, c.logged(test.cause))
			driver.Set()
			if test.unplug {
				driver.Plug(5, "")
			}
			c.eventually("the device is back", func() bool { return status(c, "5") == "ok" })
			assert.True(t, c.logged("GPU is well again"))
		})
	}
}

func TestAllGPUsLost(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	c := start(t, driver, "")
	c.gpuMetrics()
	driver.Set("lost 15")
	c.eventually("all are failed", func() bool { return status(c, "0") == "failed" && status(c, "7") == "failed" })
	assert.Equal(t, map[string]int64{"nvml": 0, "expected": 8}, counts(c))
	c.gpuMetrics()
	assert.Equal(t, 8, strings.Count(c.log.String(), `"status":"failed"`))
	driver.Set()
	c.eventually("all are well", func() bool { return status(c, "0") == "ok" && status(c, "7") == "ok" })
}

// The only GPU of a machine, lost before the collector started, has the identity that the kernel's driver knows.
func TestGPUThatWasLostBeforeTheStart(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	driver.Plug(0, "Model: \t\t NVIDIA L4\nGPU UUID: \t GPU-00000600-0000-4000-8000-000000000000\n")
	driver.Set("lost 15")
	c := start(t, driver, "")
	c.eventually("it is failed", func() bool { return status(c, "0") == "failed" })
	assert.Equal(t, "hw.id=GPU-00000600-0000-4000-8000-000000000000, hw.name=0000:17:00.0, hw.state=failed, hw.type=gpu",
		attributes(points(c.sink.last(), "hw.status")[3].Attributes()))
	assert.True(t, c.logged("GPU is failed"))
}

// A GPU that was reset is found again only by a library that is loaded after that.
func TestGPUThatWasResetIsFoundAgain(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	c := start(t, driver, "    lost_devices: {retry_delay: 1s, max_retry_delay: 2s}\n")
	c.gpuMetrics()
	driver.Set("5.lost 15")
	c.eventually("the device is failed", func() bool { return status(c, "5") == "failed" })
	driver.Set(fmt.Sprintf("5.reset %.3f", float64(time.Now().UnixMilli())/1000))
	c.eventually("the device is back", func() bool { return status(c, "5") == "ok" })
}

// The fabric's registration that ended with an error, and its health, are not passed over.
func TestFabricFaults(t *testing.T) {
	for name, test := range map[string]struct{ fault, state, issue string }{
		"without resources":   {"fabric.status 23", "failed", ""},
		"of the future":       {"fabric.state 9", "other", ""},
		"with less bandwidth": {"fabric.mask 0xa9", "completed", "degraded_bandwidth"},
	} {
		t.Run(name, func(t *testing.T) {
			driver := fakenvml.New(t, "h100")
			driver.Set("count 1")
			c := start(t, driver, "")
			c.gpuMetrics()
			driver.Set("count 1", test.fault)
			c.eventually("the device is degraded", func() bool { return status(c, "0") == "degraded" })
			assert.Equal(t, []string{test.state}, present(c, "nvidia.gpu.fabric.state", "nvidia.gpu.fabric.state"))
			if test.issue != "" {
				assert.Equal(t, []string{test.issue}, present(c, "nvidia.gpu.fabric.health", "nvidia.gpu.fabric.issue"))
			}
		})
	}
}

// present returns the values of an attribute of the points that are 1.
func present(c *collector, metric, attribute string) (values []string) {
	for _, p := range points(c.sink.last(), metric) {
		if value, _ := p.Attributes().Get(attribute); p.IntValue() == 1 {
			values = append(values, value.Str())
		}
	}
	return values
}

// Values that drivers of the future may give are shown as such, and none of them is taken for health.
func TestValuesOfTheFuture(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	driver.Set("field.230 uint 8", "throttle.reasons 0x10600", "pstate 32")
	c := start(t, driver, "    metrics: {nvidia.gpu.throttle.active: {enabled: true}, nvidia.gpu.performance_state: {enabled: true}}\n")
	c.gpuMetrics()
	assert.Equal(t, "degraded", status(c, "0"))
	assert.Equal(t, []string{"other"}, present(c, "nvidia.gpu.recovery_action", "nvidia.gpu.recovery_action"))
	assert.Equal(t, []string{"board_limit", "reliability", "other"}, present(c, "nvidia.gpu.throttle.active", "nvidia.gpu.throttle.reason"))
	assert.Empty(t, points(c.sink.last(), "nvidia.gpu.performance_state"))
	_, implausible := c.selfMetric("otelcol_llm_gpu_errors", "implausible")
	assert.False(t, implausible)
}

func TestLibraryAppearsAfterStart(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	driver.Unload()
	driver.Remove()
	c := start(t, driver, "")
	c.down("no_device")
	assert.Empty(t, c.helpers(), "no process where there is no driver")
	driver.Load()
	c.down("library_not_found")
	driver.Install()
	c.gpuMetrics()
}

func TestKilledCollectorLeavesNoHelper(t *testing.T) {
	for name, fault := range map[string]string{"helper idle": "", "helper stuck in a call": "hang.nvmlDeviceGetCount_v2 1"} {
		t.Run(name, func(t *testing.T) {
			driver := fakenvml.New(t, "l4")
			c := start(t, driver, "")
			c.gpuMetrics()
			driver.Set(fault)
			c.eventually("there is a helper", func() bool { return len(c.helpers()) == 1 })
			helper := c.helpers()[0]
			require.NoError(t, c.cmd.Process.Kill())
			<-c.done
			require.Eventually(t, func() bool { return !alive(helper) }, 20*time.Second, 10*time.Millisecond)
		})
	}
}

func TestStoppedCollectorLeavesNoHelper(t *testing.T) {
	c := start(t, fakenvml.New(t, "l4"), "")
	c.gpuMetrics()
	helper := c.helpers()[0]
	c.stop()
	assert.False(t, alive(helper))
}

func TestReleaseByFileAndSignal(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	c := start(t, driver, "")
	c.gpuMetrics()
	file := filepath.Join(driver.Root, "release")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	c.eventually("the helper is gone", func() bool { return len(c.helpers()) == 0 })
	c.down("released")
	assert.True(t, c.tracesWork())
	require.NoError(t, os.Remove(file))
	c.gpuMetrics()

	helper := c.helpers()[0]
	require.NoError(t, syscall.Kill(helper, syscall.SIGUSR1))
	c.eventually("the helper is gone", func() bool { return len(c.helpers()) == 0 })
	c.gpuMetrics()
	assert.NotEqual(t, helper, c.helpers()[0])
}

// The health check fails by a fault of the driver only where that is switched on. Then the orchestrator restarts the pod. It is
// fine again with the driver.
func TestComponentStatus(t *testing.T) {
	for name, test := range map[string]struct {
		include string
		during  int
	}{
		"by default":    {"", http.StatusOK},
		"asked to fail": {"{include_recoverable_errors: true, recovery_duration: 1ms}", http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			driver := fakenvml.New(t, "l4")
			address := freeAddresses(t, 1)[0]
			c := launch(t, driver, options{
				health: "{http: {endpoint: " + address + "}, component_health: " + test.include + "}",
				args:   []string{"--feature-gates=+extension.healthcheck.useComponentStatus"},
			})
			answers := func(want int) func() bool {
				return func() bool {
					response, err := http.Get("http://" + address + "/status")
					if err != nil {
						return false
					}
					response.Body.Close()
					return response.StatusCode == want
				}
			}
			c.gpuMetrics()
			c.eventually("healthy at first", answers(http.StatusOK))
			driver.Set("ret.nvmlInit_v2 18", "ret.nvmlDeviceGetCount_v2 18")
			c.eventually("the second mismatch has other advice", func() bool { return c.logged("restart the container") })
			c.eventually("the health check says so", answers(test.during))
			driver.Set()
			c.gpuMetrics()
			c.eventually("healthy again", answers(http.StatusOK))
		})
	}
}
