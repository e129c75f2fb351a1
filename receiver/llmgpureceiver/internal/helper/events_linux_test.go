// SPDX-License-Identifier: Apache-2.0

package helper

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/gpu"
)

// wait returns the events once there are so many, without their times.
func (b *bench) wait(count int) []gpu.Event {
	b.t.Helper()
	require.Eventually(b.t, func() bool { return len(b.happened()) >= count }, 20*time.Second, 10*time.Millisecond)
	events := b.happened()
	for i := range events {
		first, last := time.UnixMicro(events[i].First), time.UnixMicro(events[i].Last)
		assert.WithinDuration(b.t, time.Now(), last, time.Minute)
		assert.False(b.t, first.After(last))
		events[i].First, events[i].Last = 0, 0
	}
	return events
}

const h100 = "GPU-00000100-0000-4000-8000-00000000000"

func TestEventsComeAsTheyHappen(t *testing.T) {
	b := newBench(t, "h100")
	assert.Equal(t, 8, b.works().Driver.Watched)
	b.driver.Set("event.0 3 8 79", "3.field.230 uint 2")
	assert.Equal(t, []gpu.Event{{
		UUID: h100 + "3", Type: gpu.EventXID, XID: 79, Count: 1, GPUInstance: gpu.NoInstance, ComputeInstance: gpu.NoInstance, Recovery: 2,
	}}, b.wait(1))
	b.driver.Set("event.0 3 8 79", "event.1 5 0x8000 0", "event.2 0 8 31 1 7 0")
	events := b.wait(3)
	assert.Equal(t, gpu.EventRecoveryAction, events[1].Type)
	assert.Equal(t, gpu.Event{UUID: h100 + "0", Type: gpu.EventXID, XID: 31, Count: 1, GPUInstance: 7, ComputeInstance: 0}, events[2])
}

// A storm is few messages, and all of it is counted.
func TestStormOfEvents(t *testing.T) {
	b := newBench(t, "h100")
	b.works()
	b.driver.Set("event.0 0 8 31 20000", "event.1 1 0x200 0 500")
	total := func() (count uint64) {
		for _, e := range b.happened() {
			count += e.Count
		}
		return count
	}
	require.Eventually(t, func() bool { return total() == 20500 }, 20*time.Second, 10*time.Millisecond)
	assert.Less(t, len(b.happened()), 40)
	b.works()
}

// The driver's own severity counts where it has one, and an event that comes in two forms is one.
func TestSeverityOfTheDriver(t *testing.T) {
	b := newBench(t, "h100")
	b.driver.Set("events.structured 1")
	b.works()
	b.driver.Set("events.structured 1", "event.0 2 8 94 1 -1 -1 30")
	events := b.wait(1)
	require.Len(t, events, 1)
	assert.Equal(t, uint32(30), events[0].Severity)
	assert.Equal(t, uint64(1), events[0].Count)
}

// An older library has no newer form; a device without events, and one that refuses, are left out.
func TestWhereEventsAreMissing(t *testing.T) {
	b := newBench(t, "h100", "nvmlEventSetWait_v3")
	b.driver.Set("events.structured 1", "1.events -", "2.ret.nvmlDeviceRegisterEvents 999")
	assert.Equal(t, 6, b.works().Driver.Watched)
	b.driver.Set("event.0 1 8 79", "event.1 0 8 48")
	assert.Equal(t, uint32(48), b.wait(1)[0].XID)

	none := newBench(t, "vgpu")
	assert.Zero(t, none.works().Driver.Watched)
	old := newBench(t, "t4", "nvmlEventSetCreate", "nvmlDeviceRegisterEvents")
	assert.Zero(t, old.works().Driver.Watched)
}

// What happens last before a driver goes is not lost with the helper.
func TestEventsBeforeTheEnd(t *testing.T) {
	b := newBench(t, "h100")
	b.works()
	b.driver.Set("event.0 0 8 79")
	b.wait(1)
	b.driver.Set("event.0 0 8 79", "ret.nvmlDeviceGetCount_v2 9")
	_, failure := b.collect(5 * time.Second)
	require.NotNil(t, failure)
	assert.Len(t, b.happened(), 1)
	b.driver.Set("event.0 0 8 79", "event.1 0 8 43")
	b.works()
	b.driver.Set("event.0 0 8 79", "event.1 0 8 43", "event.2 0 8 45")
	assert.Equal(t, uint32(45), b.wait(2)[1].XID, "the next helper watches, too")
}

// A driver that fails to wait does not keep a processor busy, nor the readings away.
func TestEventsThatFail(t *testing.T) {
	b := newBench(t, "h100")
	b.driver.Set("ret.nvmlEventSetWait_v2 15", "ret.nvmlEventSetWait_v3 15")
	for range 5 {
		assert.Len(t, b.works().Snapshot.Devices, 8)
	}
	assert.Empty(t, b.happened())
	assert.Empty(t, b.ended)
}
