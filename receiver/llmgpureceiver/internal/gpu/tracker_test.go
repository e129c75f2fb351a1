// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	boot = time.Unix(1000, 0)
	noon = time.Unix(5000, 0)
)

func device(index int, uuid string, readings ...Reading) Device {
	return Device{Index: index, Info: Info{UUID: uuid}, Readings: readings}
}

func observe(t *testing.T, tracker *Tracker, now time.Time, devices ...Device) []Observation {
	t.Helper()
	return tracker.Observe(Snapshot{Devices: devices}, now)
}

func TestStatus(t *testing.T) {
	for name, test := range map[string]struct {
		before, now []Reading
		lost        int
		want        Status
	}{
		"nothing known":                  {nil, nil, 0, StatusOK},
		"all well":                       {nil, []Reading{{Key: RecoveryAction, Raw: RecoveryNone}, {Key: RemapPending, Raw: 0}}, 0, StatusOK},
		"lost":                           {nil, nil, CodeGPUIsLost, StatusFailed},
		"reset required":                 {nil, nil, CodeResetRequired, StatusFailed},
		"driver asks for a reset":        {nil, []Reading{{Key: RecoveryAction, Raw: RecoveryReset}}, 0, StatusFailed},
		"driver asks for a reboot":       {nil, []Reading{{Key: RecoveryAction, Raw: RecoverySystemReboot}}, 0, StatusFailed},
		"driver asks to drain":           {nil, []Reading{{Key: RecoveryAction, Raw: RecoveryDrainP2P}}, 0, StatusDegraded},
		"remap failed":                   {nil, []Reading{{Key: RemapFailure, Raw: 1}}, 0, StatusFailed},
		"remap pending":                  {nil, []Reading{{Key: RemapPending, Raw: 1}}, 0, StatusDegraded},
		"fabric unhealthy":               {nil, []Reading{{Key: FabricUnhealthy, Raw: 1}}, 0, StatusDegraded},
		"SRAM errors beyond the limit":   {nil, []Reading{{Key: SRAMThresholdExceeded, Raw: 1}}, 0, StatusPredictedFailure},
		"worst counts":                   {nil, []Reading{{Key: SRAMThresholdExceeded, Raw: 1}, {Key: RemapPending, Raw: 1}}, 0, StatusDegraded},
		"links down that were up":        {[]Reading{{Key: NVLinkActive, Raw: 18}}, []Reading{{Key: NVLinkActive, Raw: 17}}, 0, StatusDegraded},
		"links that never were up":       {nil, []Reading{{Key: NVLinkActive, Raw: 0}, {Key: NVLinkInactive, Raw: 12}}, 0, StatusOK},
		"rows failed since":              {[]Reading{{Key: RemapsUncorrectable, Raw: 1}}, []Reading{{Key: RemapsUncorrectable, Raw: 2}}, 0, StatusPredictedFailure},
		"rows failed long ago":           {[]Reading{{Key: RemapsUncorrectable, Raw: 2}}, []Reading{{Key: RemapsUncorrectable, Raw: 2}}, 0, StatusOK},
		"slowed down by heat or power":   {nil, []Reading{{Key: ThrottleReasons, Raw: 0x48}, {Key: ThrottleHardwareThermal, Raw: 5}}, 0, StatusOK},
		"an action that is not known":    {nil, []Reading{{Key: RecoveryAction, Raw: 99}}, 0, StatusOK},
		"garbage is not held against it": {nil, []Reading{{Key: RemapPending, Raw: math.MaxUint32}}, 0, StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := NewTracker(boot, 0)
			observe(t, tracker, noon.Add(-time.Minute), device(0, "GPU-a", test.before...))
			d := device(0, "GPU-a", test.now...)
			d.Lost = test.lost
			have := observe(t, tracker, noon, d)
			require.Len(t, have, 1)
			assert.Equal(t, test.want, have[0].Status)
		})
	}
}

func TestImplausibleIsDropped(t *testing.T) {
	for name, reading := range map[string]Reading{
		"all-ones of 32 bits as power":       {Key: PowerDraw, Raw: math.MaxUint32},
		"all-ones of 64 bits as memory":      {Key: MemoryUsed, Raw: math.MaxUint64},
		"all-ones of 64 bits as energy":      {Key: Energy, Raw: math.MaxUint64},
		"above all as utilization":           {Key: UtilizationMean, Raw: 1_000_001},
		"minus a thousand as temperature":    {Key: TemperatureGPU, Raw: uint64(math.MaxUint64 - 999)},
		"all-ones of 32 bits as temperature": {Key: TemperatureGPU, Raw: math.MaxUint32},
		"no lanes":                           {Key: LinkWidth, Raw: 0},
		"a key that is none":                 {Key: Key(255), Raw: 1},
	} {
		t.Run(name, func(t *testing.T) {
			have := observe(t, NewTracker(boot, 0), noon, device(0, "GPU-a", reading))
			require.Len(t, have, 1)
			assert.Empty(t, have[0].Points)
			assert.Equal(t, []Key{reading.Key}, have[0].Dropped)
		})
	}
}

func TestNegativeTemperatureIsReal(t *testing.T) {
	have := observe(t, NewTracker(boot, 0), noon, device(0, "GPU-a", Reading{Key: TemperatureMargin, Raw: math.MaxUint64 - 4}))
	require.Len(t, have[0].Points, 1)
	assert.Equal(t, -5.0, have[0].Points[0].Float())
}

func TestMemoryAboveTotalIsDropped(t *testing.T) {
	have := observe(t, NewTracker(boot, 0), noon, device(0, "GPU-a", Reading{Key: MemoryTotal, Raw: 100}, Reading{Key: MemoryUsed, Raw: 101}, Reading{Key: MemoryFree, Raw: 100}))
	assert.Equal(t, []Key{MemoryUsed}, have[0].Dropped)
	assert.Len(t, have[0].Points, 2)
}

// Each NVLink has a counter of its own: one that starts anew leaves the others as they are.
func TestLinksCountByThemselves(t *testing.T) {
	tracker := NewTracker(boot, 0)
	links := func(first, second uint64) Device {
		return device(0, "GPU-a", Reading{Key: NVLinkLinkReceived, Raw: first}, Reading{Key: NVLinkLinkReceived, Link: 1, Raw: second})
	}
	observe(t, tracker, noon.Add(-time.Minute), links(100, 200))
	have := observe(t, tracker, noon, links(150, 20))
	require.Len(t, have, 1)
	assert.Equal(t, []Point{
		{Key: NVLinkLinkReceived, Raw: 150, Start: boot},
		{Key: NVLinkLinkReceived, Link: 1, Raw: 20, Start: noon.Add(-time.Minute)},
	}, have[0].Points)
}

func TestUnifiedMemoryIsRecognized(t *testing.T) {
	const host = 128 << 30
	for name, test := range map[string]struct {
		readings []Reading
		want     Memory
	}{
		"own memory":                       {[]Reading{{Key: MemoryTotal, Raw: 80 << 30}, {Key: ClockMemory, Raw: 2619}}, MemoryDedicated},
		"the host's":                       {[]Reading{{Key: MemoryTotal, Raw: 127 << 30}}, MemoryUnified},
		"as large as the host's by chance": {[]Reading{{Key: MemoryTotal, Raw: host}, {Key: ClockMemory, Raw: 2619}}, MemoryDedicated},
		"does not tell":                    {[]Reading{{Key: PowerDraw, Raw: 1000}}, MemoryUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := NewTracker(boot, host)
			assert.Equal(t, test.want, observe(t, tracker, noon, device(0, "GPU-a", test.readings...))[0].Memory)
			assert.Equal(t, test.want, observe(t, tracker, noon.Add(time.Second), device(0, "GPU-a"))[0].Memory, "stays when a call fails")
		})
	}
}

func TestLostDeviceKeepsItsIdentity(t *testing.T) {
	tracker := NewTracker(boot, 0)
	observe(t, tracker, noon, device(0, "GPU-a", Reading{Key: PowerDraw, Raw: 1000}), device(1, "GPU-b"))
	have := observe(t, tracker, noon.Add(time.Second), Device{Index: 0, Lost: CodeGPUIsLost}, device(1, "GPU-b"), Device{Index: 7, Lost: CodeGPUIsLost})
	require.Len(t, have, 2, "one that never told its identity is left out")
	assert.Equal(t, "GPU-a", have[0].Info.UUID)
	assert.Equal(t, StatusFailed, have[0].Status)
	assert.Empty(t, have[0].Points)
}

func TestIdentityIsNotTheIndex(t *testing.T) {
	tracker := NewTracker(boot, 0)
	observe(t, tracker, noon, device(0, "GPU-a", Reading{Key: Energy, Raw: 900}), device(1, "GPU-b", Reading{Key: Energy, Raw: 100}))
	have := observe(t, tracker, noon.Add(time.Second), device(0, "GPU-b", Reading{Key: Energy, Raw: 110}), device(1, "GPU-b", Reading{Key: Energy, Raw: 5}))
	require.Len(t, have, 1, "one identity, one device")
	assert.EqualValues(t, 110, have[0].Points[0].Raw)
	assert.True(t, have[0].Points[0].Start.Equal(boot))
}

func TestWatermarksAreRemembered(t *testing.T) {
	tracker := NewTracker(boot, 0)
	d := device(0, "GPU-a")
	d.Watermarks = Watermarks{uint64(noon.UnixMicro()), uint64(noon.Add(time.Hour).UnixMicro())}
	observe(t, tracker, noon, d)
	assert.Equal(t, Watermarks{uint64(noon.UnixMicro()), 0}, tracker.Request(KeySet{}).Since["GPU-a"], "a mark ahead of the clock would hide all")
}

func TestDevicesThatAreGoneAreForgotten(t *testing.T) {
	tracker := NewTracker(boot, 0)
	observe(t, tracker, noon, device(0, "GPU-a"))
	observe(t, tracker, noon.Add(forgetAfter), device(0, "GPU-b"))
	assert.Len(t, tracker.Request(KeySet{}).Since, 2)
	observe(t, tracker, noon.Add(forgetAfter+time.Second), device(0, "GPU-b"))
	assert.Len(t, tracker.Request(KeySet{}).Since, 1)
}

func TestEveryKeyIsDescribed(t *testing.T) {
	names := map[string]bool{}
	for k := Key(1); k < keyEnd; k++ {
		spec, ok := k.Spec()
		require.True(t, ok)
		assert.NotEmpty(t, spec.Name, "key %d", k)
		assert.NotEmpty(t, spec.Unit, spec.Name)
		assert.False(t, names[spec.Name], spec.Name)
		assert.False(t, spec.Per != 0 && spec.Times != 0, spec.Name)
		names[spec.Name] = true
	}
	assert.Equal(t, "unknown", Key(0).String())
}
