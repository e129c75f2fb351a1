// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// bench is a client with a fake driver.
type bench struct {
	*Client
	t      *testing.T
	driver *fakenvml.Driver
	ended  []Reason
	mu     sync.Mutex // guards events
	events []gpu.Event
}

// happened returns the events so far.
func (b *bench) happened() []gpu.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.events)
}

func newBench(t *testing.T, profile string, missing ...string) *bench {
	t.Helper()
	b := &bench{t: t, driver: fakenvml.New(t, profile, missing...)}
	b.Client = NewClient(b.options())
	t.Cleanup(func() { b.Close() })
	return b
}

func (b *bench) options() Options {
	return Options{
		LibraryPath: b.driver.Library, StartTimeout: 2 * time.Second,
		RestartDelay: 50 * time.Millisecond, MaxRestartDelay: 200 * time.Millisecond, ReleaseTime: time.Second,
		Present: func() bool {
			_, err := os.Stat(filepath.Join(b.driver.Root, "dev", "nvidiactl"))
			return err == nil
		},
		Events: func(events []gpu.Event) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.events = append(b.events, events...)
		},
		Ended: func(reason Reason) { b.ended = append(b.ended, reason) },
	}
}

func (b *bench) collect(deadline time.Duration) (Result, *CollectError) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	result, err := b.Collect(ctx, gpu.Request{Want: gpu.AllKeys()})
	if err != nil {
		return result, AsCollectError(err)
	}
	return result, nil
}

// works asserts that a collection succeeds within a few tries and pauses.
func (b *bench) works() Result {
	b.t.Helper()
	var result Result
	require.Eventually(b.t, func() bool {
		var failure *CollectError
		result, failure = b.collect(5 * time.Second)
		return failure == nil
	}, 20*time.Second, 20*time.Millisecond)
	return result
}

func (b *bench) pid() int { return b.child.cmd.Process.Pid }

func reading(t *testing.T, device gpu.Device, key gpu.Key) uint64 {
	t.Helper()
	i := slices.IndexFunc(device.Readings, func(r gpu.Reading) bool { return r.Key == key })
	require.GreaterOrEqual(t, i, 0, "key %d", key)
	return device.Readings[i].Raw
}

func TestCollectsWholeMachine(t *testing.T) {
	b := newBench(t, "h100")
	result, failure := b.collect(10 * time.Second)
	require.Nil(t, failure)
	assert.Equal(t, gpu.Driver{Version: "580.95.05", Library: "13.580.95.05", CUDA: "13.0", Watched: 8}, result.Driver)
	require.Len(t, result.Snapshot.Devices, 8)
	device := result.Snapshot.Devices[3]
	assert.Equal(t, gpu.Info{
		UUID: "GPU-00000100-0000-4000-8000-000000000003", Model: "NVIDIA H100 80GB HBM3", VBIOS: "96.00.89.00.01",
		PCIAddress: "0000:1a:00.0", Architecture: "hopper", ComputeCapability: "9.0", Virtualization: "none",
		Minor: "3",
	}, device.Info)
	assert.Empty(t, device.Errors)
	assert.EqualValues(t, 950_000, reading(t, device, gpu.UtilizationMean))
	assert.EqualValues(t, 1_000_000, reading(t, device, gpu.UtilizationMax))
	assert.EqualValues(t, 5_000_000/18*1024, reading(t, device, gpu.NVLinkTransmitted), "of one link of 18")
	assert.EqualValues(t, 18, reading(t, device, gpu.NVLinkActive))
}

func TestUnsupportedIsAskedOnce(t *testing.T) {
	b := newBench(t, "rtx4090")
	log := filepath.Join(b.driver.Root, "log")
	b.driver.Set("log " + log)
	for range 3 {
		_, failure := b.collect(10 * time.Second)
		require.Nil(t, failure)
	}
	calls, err := os.ReadFile(log)
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(calls), "0 nvmlDeviceGetSramEccErrorStatus\n"))
	assert.Equal(t, 3, strings.Count(string(calls), "0 nvmlDeviceGetMemoryInfo_v2\n"))
	assert.NotContains(t, string(calls), "nvmlDeviceGetMemoryInfo\n", "a fallback that was not needed")
}

// What the module of a device lacks, the device still has at the next collection.
func TestFieldsOfTheModuleAreOthers(t *testing.T) {
	b := newBench(t, "h100")
	for range 3 {
		device := b.works().Snapshot.Devices[0]
		assert.EqualValues(t, 615_000, reading(t, device, gpu.PowerInstant))
		assert.True(t, device.Lacks.Has(gpu.PowerModule))
	}
}

// What a device does not support is asked again when the collector says so. It is also asked again when a mode of it changes.
func TestUnsupportedIsForgotten(t *testing.T) {
	b := newBench(t, "h100")
	mig := []string{"count 1", "samples.1 -", "utilization.gpu -", "utilization.memory -", "samples.2 -", "gpm -"}
	b.driver.Set(append(mig, "mode.mig 1 1")...)
	b.works()
	has := func(request gpu.Request) bool {
		request.Want = gpu.AllKeys()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		result, err := b.Collect(ctx, request)
		require.NoError(t, err)
		return slices.ContainsFunc(result.Snapshot.Devices[0].Readings, func(r gpu.Reading) bool { return r.Key == gpu.UtilizationMean })
	}
	assert.False(t, has(gpu.Request{}))
	b.driver.Set("count 1", "mode.mig 1 1", "gpm -")
	assert.False(t, has(gpu.Request{}), "remembered")
	assert.True(t, has(gpu.Request{Again: true}))
	b.driver.Set(append(mig, "mode.mig 1 1")...)
	assert.False(t, has(gpu.Request{}))
	b.driver.Set("count 1")
	assert.True(t, has(gpu.Request{}), "MIG is off")
}

// A source that gives what cannot be leaves the place to the next one.
func TestGarbageOfOneSourceGivesWayToTheNext(t *testing.T) {
	for name, fault := range map[string]string{
		"all-ones": "field.185 uint 4294967295", "a type that is not known": "field.185 future 5",
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "l4")
			b.driver.Set(fault, "power 65000")
			device := b.works().Snapshot.Devices[0]
			assert.EqualValues(t, 65000, reading(t, device, gpu.PowerDraw))
			assert.Equal(t, []gpu.Key{gpu.PowerDraw}, device.Dropped, "counted")
		})
	}
}

// A field that is forbidden is an error once, not at each collection.
func TestForbiddenFieldIsCountedOnce(t *testing.T) {
	b := newBench(t, "l4")
	b.driver.Set("field.94 ret 4", "ret.nvmlDeviceGetPcieReplayCounter 4")
	assert.NotEmpty(t, b.works().Snapshot.Devices[0].Errors)
	assert.Empty(t, b.works().Snapshot.Devices[0].Errors)
}

// A driver may not start and not say why. Then it is closed to this process where its device file is.
func TestUnknownErrorAtStartWithClosedDevices(t *testing.T) {
	for closed, reason := range map[bool]Reason{true: ReasonNoPermission, false: ReasonDriverError} {
		b := newBench(t, "l4")
		b.Client.options.Denied = func() bool { return closed }
		b.driver.Set("ret.nvmlInit_v2 999")
		_, failure := b.collect(5 * time.Second)
		require.NotNil(t, failure)
		assert.Equal(t, reason, failure.Reason)
	}
}

func TestOldDriverLacksSymbols(t *testing.T) {
	b := newBench(t, "h100", "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetMarginTemperature", "nvmlDeviceGetFieldValues",
		"nvmlDeviceGetTemperatureV", "nvmlErrorString", "nvmlSystemGetCudaDriverVersion")
	result, failure := b.collect(10 * time.Second)
	require.Nil(t, failure)
	assert.Equal(t, []string{
		"nvmlDeviceGetFieldValues", "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetTemperatureV", "nvmlDeviceGetMarginTemperature",
	}, result.Driver.MissingSymbols)
	device := result.Snapshot.Devices[0]
	assert.Empty(t, device.Errors)
	assert.EqualValues(t, 61, reading(t, device, gpu.TemperatureGPU))
	assert.EqualValues(t, 85520809984, reading(t, device, gpu.MemoryTotal))
	assert.EqualValues(t, 612345, reading(t, device, gpu.PowerDraw))
}

func TestOneDeviceLostLeavesOthers(t *testing.T) {
	b := newBench(t, "h100")
	b.works()
	b.driver.Set("5.lost 15")
	result, failure := b.collect(10 * time.Second)
	require.Nil(t, failure)
	require.Len(t, result.Snapshot.Devices, 8)
	assert.Equal(t, gpu.CodeGPUIsLost, result.Snapshot.Devices[5].Lost)
	assert.NotEmpty(t, result.Snapshot.Devices[7].Readings)
	assert.Empty(t, b.ended)
}

// What makes a helper end, and what the collector learns.
func TestHelperIsReplaced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  string
		reason Reason
	}{
		"segmentation fault":   {"crash.nvmlDeviceGetCount_v2 segv", ReasonCrash},
		"abort":                {"crash.nvmlDeviceGetMemoryInfo_v2 abort", ReasonCrash},
		"exit":                 {"crash.nvmlDeviceGetCount_v2 exit", ReasonCrash},
		"cut message":          {"crash.nvmlDeviceGetCount_v2 truncated", ReasonCrash},
		"garbage":              {"crash.nvmlDeviceGetCount_v2 garbage", ReasonProtocol},
		"oversized message":    {"crash.nvmlDeviceGetCount_v2 oversized", ReasonProtocol},
		"call that hangs":      {"hang.nvmlDeviceGetFieldValues 1", ReasonDeadline},
		"every call hanging":   {"hang.* 1", ReasonDeadline},
		"driver unloaded":      {"ret.nvmlDeviceGetCount_v2 9", ReasonDriverNotLoaded},
		"driver of other kind": {"ret.nvmlDeviceGetPowerUsage 18\nfield.185 -", ReasonVersionMismatch},
		"no permission":        {"ret.nvmlDeviceGetHandleByIndex_v2 4", ReasonNoPermission},
		"no devices":           {"count 0", ReasonNoGPU},
		"unknown error":        {"ret.nvmlDeviceGetCount_v2 999", ReasonDriverError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "l4")
			b.works()
			b.driver.Set(test.fault)
			const deadline = 2 * time.Second
			start := time.Now()
			_, failure := b.collect(deadline)
			require.NotNil(t, failure)
			assert.Equal(t, test.reason, failure.Reason, failure.Error())
			assert.Less(t, time.Since(start), deadline+deadline/4, "a busy machine may be late")
			_, again := b.collect(deadline)
			require.NotNil(t, again)
			b.driver.Set()
			b.works()
			assert.Zero(t, b.Hung())
			assert.Contains(t, b.ended, test.reason)
		})
	}
}

func TestLibraryThatIsNoneAndThatComesLater(t *testing.T) {
	b := newBench(t, "l4")
	b.driver.InstallOther()
	_, failure := b.collect(5 * time.Second)
	require.NotNil(t, failure)
	assert.Equal(t, ReasonNotNVML, failure.Reason, failure.Error())
	b.driver.Remove()
	require.Eventually(t, func() bool {
		_, failure = b.collect(5 * time.Second)
		return failure.Reason == ReasonLibraryNotFound
	}, 5*time.Second, 20*time.Millisecond)
	b.driver.Install()
	b.works()
}

func TestNoHelperWithoutDriver(t *testing.T) {
	b := newBench(t, "l4")
	b.driver.Unload()
	_, failure := b.collect(time.Second)
	require.NotNil(t, failure)
	assert.Equal(t, ReasonNoDevice, failure.Reason)
	assert.Nil(t, b.child)
	b.driver.Load()
	b.works()
}

func TestKilledBetweenCollectionsIsReplacedWithoutLoss(t *testing.T) {
	b := newBench(t, "l4")
	b.works()
	require.NoError(t, syscall.Kill(b.pid(), syscall.SIGKILL))
	require.True(t, b.child.gone(5*time.Second))
	_, failure := b.collect(5 * time.Second)
	assert.Nil(t, failure)
	assert.Equal(t, []Reason{ReasonCrash}, b.ended)
}

func TestStoppedHelperIsReplaced(t *testing.T) {
	b := newBench(t, "l4")
	b.works()
	require.NoError(t, syscall.Kill(b.pid(), syscall.SIGSTOP))
	_, failure := b.collect(300 * time.Millisecond)
	require.NotNil(t, failure)
	assert.Equal(t, ReasonDeadline, failure.Reason)
	b.works()
}

func TestSlowStartGoesOnOverCollections(t *testing.T) {
	b := newBench(t, "l4")
	b.driver.Set("delay.nvmlInit_v2 600")
	_, failure := b.collect(100 * time.Millisecond)
	require.NotNil(t, failure)
	assert.Equal(t, ReasonStarting, failure.Reason)
	started := b.pid()
	b.works()
	assert.Equal(t, started, b.pid())
}

func TestFailuresArePausedAndRepeated(t *testing.T) {
	b := newBench(t, "l4")
	b.Client.options.RestartDelay, b.Client.options.MaxRestartDelay = time.Second, 4*time.Second
	b.driver.Set("ret.nvmlInit_v2 9")
	tried, repeated := 0, 0
	for range 100 {
		_, failure := b.collect(time.Second)
		require.NotNil(t, failure)
		assert.Equal(t, ReasonDriverNotLoaded, failure.Reason)
		if failure.Repeated {
			repeated++
		} else {
			tried++
		}
		time.Sleep(time.Millisecond)
	}
	assert.Less(t, tried, 10)
	assert.Greater(t, repeated, 80)
}

func TestStuckHelpersAreAbandonedAndCounted(t *testing.T) {
	b := newBench(t, "l4")
	// A process in uninterruptible sleep cannot be made in a test. Ones that are not waited for look the same.
	for range maxStuck {
		b.stuck = append(b.stuck, &child{exited: make(chan struct{})})
	}
	_, failure := b.collect(time.Second)
	require.NotNil(t, failure)
	assert.Equal(t, ReasonHung, failure.Reason)
	assert.Equal(t, maxStuck, b.Hung())
	close(b.stuck[0].exited)
	b.works()
	assert.Equal(t, maxStuck-1, b.Hung())
	b.stuck = nil
}

func TestReleaseBySignal(t *testing.T) {
	b := newBench(t, "l4")
	b.works()
	require.NoError(t, syscall.Kill(b.pid(), syscall.SIGUSR1))
	require.True(t, b.child.gone(5*time.Second))
	for range 2 {
		_, failure := b.collect(time.Second)
		require.NotNil(t, failure)
		assert.Equal(t, ReasonReleased, failure.Reason)
		assert.Nil(t, b.child)
	}
	b.works()
}

func TestReleaseByFile(t *testing.T) {
	b := newBench(t, "l4")
	options := b.options()
	options.ReleaseFile = filepath.Join(b.driver.Root, "release")
	b.Close()
	b.Client = NewClient(options)
	b.works()
	child := b.child
	require.NoError(t, os.WriteFile(options.ReleaseFile, nil, 0o600))
	assert.True(t, child.gone(10*time.Second), "without a collection")
	_, failure := b.collect(time.Second)
	require.NotNil(t, failure)
	assert.Equal(t, ReasonReleased, failure.Reason)
	require.NoError(t, os.Remove(options.ReleaseFile))
	b.works()
}

func TestCloseEndsHelperThatHangs(t *testing.T) {
	b := newBench(t, "l4")
	b.driver.Set("hang.nvmlInit_v2 1")
	_, failure := b.collect(100 * time.Millisecond)
	require.NotNil(t, failure)
	child := b.child
	b.Close()
	assert.True(t, child.gone(time.Second))
	b.Client = NewClient(b.options())
}
