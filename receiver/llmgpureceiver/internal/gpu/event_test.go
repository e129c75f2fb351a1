// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func xid(uuid string, code uint32, count uint64, at time.Time) Event {
	return Event{
		UUID: uuid, Type: EventXID, XID: code, Count: count, First: at.UnixMicro(), Last: at.UnixMicro(), GPUInstance: NoInstance,
		ComputeInstance: NoInstance, Recovery: NoRecovery,
	}
}

// Of a storm all events are counted, and few are logged.
func TestStormIsCountedAndBounded(t *testing.T) {
	start := time.Unix(1000, 0)
	e := NewEvents(start)
	logged, told := 0, uint64(0)
	now := start
	for range 1300 { // a little more than two minutes
		now = now.Add(100 * time.Millisecond)
		for _, o := range e.Add([]Event{xid("GPU-a", 31, 1000, now)}, now) {
			logged++
			told += o.Count + o.Unlogged
		}
	}
	counts := e.Counts()
	assert.Equal(t, []EventCount{{EventKey{"GPU-a", EventXID, 31}, 1_300_000, now}}, counts)
	assert.Equal(t, 7, logged)
	assert.Greater(t, told, uint64(1_100_000), "a record says how many went before it without one")
	assert.Len(t, e.Add([]Event{xid("GPU-a", 79, 1, now)}, now), 1, "another code is not held back")
}

// Codes and devices that are garbage make bounded series, and codes with a series of their own keep it.
func TestEventsOfGarbageAreBounded(t *testing.T) {
	now := time.Unix(1000, 0)
	e := NewEvents(now)
	for code := range uint32(10 * MaxCodes) {
		e.Add([]Event{xid("GPU-a", code, 1, now)}, now)
	}
	counts := e.Counts()
	assert.Len(t, counts, MaxCodes+1)
	assert.Equal(t, EventCount{EventKey{"GPU-a", EventXID, OtherXID}, 9 * MaxCodes, now}, counts[MaxCodes])
	for device := range 10 * MaxDevices {
		e.Add([]Event{xid(string(rune('a'+device%26))+time.Duration(device).String(), 1, 1, now)}, now)
	}
	assert.LessOrEqual(t, len(e.Counts()), MaxCodes+1+MaxDevices)
}

// The time of an event that lies in the future is garbage.
func TestTimeOfAnEventIsNotInTheFuture(t *testing.T) {
	now := time.Unix(1000, 0)
	e := NewEvents(now)
	e.Add([]Event{xid("GPU-a", 1, 1, now.Add(time.Hour))}, now)
	assert.Equal(t, now, e.Counts()[0].Last)
}
