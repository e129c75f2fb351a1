// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// later collects twice, far enough apart for two samples of the performance counters.
func (b *bench) later() gpu.Snapshot {
	b.t.Helper()
	b.works()
	time.Sleep(150 * time.Millisecond)
	return b.works().Snapshot
}

func of(readings []gpu.Reading) map[gpu.Key]uint64 {
	all := map[gpu.Key]uint64{}
	for _, r := range readings {
		all[r.Key] = r.Raw
	}
	return all
}

func TestPerformanceCounters(t *testing.T) {
	b := newBench(t, "h100")
	b.driver.Set("1.gpm.2 nan", "2.gpm.2 100.2", "3.gpm.2 101", "4.gpm -", "5.gpm.2 -")
	first := of(b.works().Snapshot.Devices[0].Readings)
	assert.NotContains(t, first, gpu.SMActive, "one sample says nothing")
	devices := b.later().Devices
	have := of(devices[0].Readings)
	for key, want := range map[gpu.Key]uint64{
		gpu.SMActive: 810_000, gpu.SMOccupancy: 425_000, gpu.TensorActive: 380_000, gpu.DRAMUtilization: 572_500, gpu.PipeTensorHMMA: 360_000,
		gpu.PCIeTransmitRate: 1_073_741, gpu.NVLinkTransmitRate: 10240 << 20, gpu.NVLinkReceiveRate: 20480 << 20,
		gpu.UtilizationMean: 950_000, // of the driver's samples, which come first
	} {
		assert.Equal(t, want, have[key], key)
	}
	assert.NotContains(t, of(devices[1].Readings), gpu.SMActive)
	assert.Contains(t, devices[1].Dropped, gpu.SMActive)
	assert.Equal(t, uint64(1_000_000), of(devices[2].Readings)[gpu.SMActive])
	assert.NotContains(t, of(devices[3].Readings), gpu.SMActive)
	assert.NotContains(t, of(devices[4].Readings), gpu.SMActive)
	assert.NotContains(t, of(devices[5].Readings), gpu.SMActive)
	assert.Contains(t, of(devices[5].Readings), gpu.SMOccupancy)
}

var migLayout = []string{
	"0.mode.mig 1 1", "0.mig.max 7", "0.samples.1 -", "0.samples.2 -", "0.utilization.gpu -", "0.utilization.memory -", "0.gpm -",
	"0.mig.0 MIG-11111111-0000-4000-8000-000000000000 1 0 3g.40gb 9 0 42949672960 1073741824",
	"0.mig.3 MIG-33333333-0000-4000-8000-000000000000 7 0 1g.10gb 19 4 10737418240 5368709120",
	"0.mig.4 MIG-44444444-0000-4000-8000-000000000000 7 1 1c.1g.10gb 19 4 10737418240 5368709120",
	"0.gpm 1", "0.gpm.1@1 60", "0.gpm.2@1 55", "0.gpm.2@7 20",
}

func TestMIGInstances(t *testing.T) {
	b := newBench(t, "h100")
	b.driver.Set(migLayout...)
	device := b.later().Devices[0]
	require.Len(t, device.Instances, 3)
	big, small, slice := device.Instances[0], device.Instances[1], device.Instances[2]
	assert.Equal(t, "3g.40gb", big.Profile)
	assert.Equal(t, [4]int{1, 0, 9, 0}, [4]int{big.GPUInstance, big.ComputeInstance, big.ProfileID, big.Start})
	assert.Equal(t, [4]int{7, 0, 19, 4}, [4]int{small.GPUInstance, small.ComputeInstance, small.ProfileID, small.Start})
	have := of(big.Readings)
	assert.Equal(t, uint64(42949672960), have[gpu.MemoryTotal])
	assert.Equal(t, uint64(600_000), have[gpu.UtilizationMean])
	assert.Equal(t, uint64(550_000), have[gpu.SMActive])
	assert.Equal(t, uint64(5368709120), of(small.Readings)[gpu.MemoryUsed])
	assert.Empty(t, slice.Readings, "memory is of the GPU instance, and counts once")
	assert.Empty(t, b.works().Snapshot.Devices[1].Instances)
}

// The same layout made again has the same names, and is another one. What was sampled before is of the old.
func TestMIGLayoutThatChanges(t *testing.T) {
	b := newBench(t, "h100")
	b.driver.Set(migLayout...)
	assert.Contains(t, of(b.later().Devices[0].Instances[0].Readings), gpu.SMActive)
	b.driver.Set(append(migLayout, "event.0 0 0x100 0")...)
	b.wait(1)
	time.Sleep(150 * time.Millisecond)
	assert.NotContains(t, of(b.works().Snapshot.Devices[0].Instances[0].Readings), gpu.SMActive)
	assert.Contains(t, of(b.later().Devices[0].Instances[0].Readings), gpu.SMActive)
	without := slices.DeleteFunc(slices.Clone(migLayout), func(line string) bool { return len(line) > 7 && line[:7] == "0.mig.3" })
	b.driver.Set(append(without, "event.0 0 0x100 0")...)
	device := b.works().Snapshot.Devices[0]
	require.Len(t, device.Instances, 2)
	assert.Equal(t, uint64(5368709120), of(device.Instances[1].Readings)[gpu.MemoryUsed], "now the first of its GPU instance")
	b.driver.Set("event.0 0 0x100 0")
	assert.Empty(t, b.works().Snapshot.Devices[0].Instances)
}

// Each process is listed once, with what it used. A driver whose list does not fit says how many there are.
func TestProcessesOfDevices(t *testing.T) {
	b := newBench(t, "h100")
	b.driver.Set("0.process.0 100 1000 -1 -1 50 20 1 2", "0.process.1 200 3000", "0.process.2 300 -1", "0.process.3 200 3000", "1.processes.many 5000 7", "2.ret.nvmlDeviceGetComputeRunningProcesses_v3 3")
	devices := func() []gpu.Device {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		result, err := b.Collect(ctx, gpu.Request{Want: gpu.AllKeys(), Processes: true})
		require.NoError(t, err)
		return result.Snapshot.Devices
	}
	list := devices()
	assert.Equal(t, []gpu.Process{
		{PID: 200, Memory: 3000, GPUInstance: gpu.NoInstance},
		{PID: 100, Memory: 1000, GPUInstance: gpu.NoInstance, Sampled: true, Utilization: gpu.Utilization{SM: 500_000, Memory: 200_000, Encoder: 10_000, Decoder: 20_000}},
		{PID: 300, Memory: gpu.UnknownMemory, GPUInstance: gpu.NoInstance},
	}, list[0].Processes)
	assert.True(t, list[0].ProcessesKnown)
	assert.Equal(t, 5000, list[1].Omitted)
	assert.False(t, list[2].ProcessesKnown)
	assert.True(t, list[3].ProcessesKnown)
	assert.Empty(t, list[3].Processes)

	b.driver.Set("processes.newer 1", "0.process.0 100 1000 -1 -1 70 20 0 0")
	b.Renew()
	assert.Equal(t, uint64(700_000), devices()[0].Processes[0].Utilization.SM, "of the newer function")
}
