// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	boot = time.Unix(1000, 0)
	noon = time.Unix(5000, 0)
)

const keep = time.Hour

func device(index int, uuid string, readings ...Reading) Device {
	return Device{Index: index, Info: Info{UUID: uuid}, Readings: readings}
}

func observe(t *testing.T, tracker *Tracker, now time.Time, devices ...Device) []Observation {
	t.Helper()
	return tracker.Observe(Snapshot{Devices: devices}, Present{}, now)
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
		"an action that is not known":    {nil, []Reading{{Key: RecoveryAction, Raw: 8}}, 0, StatusDegraded},
		"fabric without resources":       {nil, []Reading{{Key: FabricState, Raw: FabricCompleted}, {Key: FabricStatus, Raw: 23}}, 0, StatusDegraded},
		"fabric with less bandwidth":     {nil, []Reading{{Key: FabricHealth, Raw: 0x1}}, 0, StatusDegraded},
		"fabric without issues":          {nil, []Reading{{Key: FabricHealth, Raw: 0x51aa}}, 0, StatusOK},
		"fabric in a wrong place":        {nil, []Reading{{Key: FabricHealth, Raw: 0x700}}, 0, StatusDegraded},
		"repair pending":                 {nil, []Reading{{Key: RepairPendingTPC, Raw: 1}}, 0, StatusDegraded},
		"garbage is not held against it": {nil, []Reading{{Key: RemapPending, Raw: math.MaxUint32}}, 0, StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := NewTracker(boot, 0, keep)
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
			have := observe(t, NewTracker(boot, 0, keep), noon, device(0, "GPU-a", reading))
			require.Len(t, have, 1)
			assert.Empty(t, have[0].Points)
			assert.Equal(t, []Key{reading.Key}, have[0].Dropped)
		})
	}
}

func TestNegativeTemperatureIsReal(t *testing.T) {
	have := observe(t, NewTracker(boot, 0, keep), noon, device(0, "GPU-a", Reading{Key: TemperatureMargin, Raw: math.MaxUint64 - 4}))
	require.Len(t, have[0].Points, 1)
	assert.Equal(t, -5.0, have[0].Points[0].Float())
}

func TestMemoryAboveTotalIsDropped(t *testing.T) {
	have := observe(t, NewTracker(boot, 0, keep), noon, device(0, "GPU-a", Reading{Key: MemoryTotal, Raw: 100}, Reading{Key: MemoryUsed, Raw: 101}, Reading{Key: MemoryFree, Raw: 100}))
	assert.Equal(t, []Key{MemoryUsed}, have[0].Dropped)
	assert.Len(t, have[0].Points, 2)
}

// Each NVLink has its own counter. One that starts anew leaves the others as they are, and does not make the sum fall. One that
// is seen later counts from then.
func TestLinksCountByThemselves(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	links := func(raw ...uint64) Device {
		d := device(0, "GPU-a")
		for link, value := range raw {
			d.Readings = append(d.Readings, Reading{Key: NVLinkReceived, Link: uint8(link), Raw: value})
		}
		return d
	}
	observe(t, tracker, noon.Add(-time.Minute), links(100, 200))
	have := observe(t, tracker, noon, links(150, 20))
	require.Len(t, have, 1)
	assert.Equal(t, []Point{
		{Key: NVLinkReceived, Raw: 150, Start: boot},
		{Key: NVLinkReceived, Link: 1, Raw: 20, Start: noon.Add(-time.Minute)},
		{Key: NVLinkReceived, Sum: true, Raw: 370, Start: boot},
	}, have[0].Points)
	have = observe(t, tracker, noon.Add(time.Minute), links(150, 30, 5000))
	assert.Equal(t, Point{Key: NVLinkReceived, Sum: true, Raw: 380, Start: boot}, have[0].Points[3])
	have = observe(t, tracker, noon.Add(2*time.Minute), links(150, 30, 5001))
	assert.Equal(t, Point{Key: NVLinkReceived, Sum: true, Raw: 381, Start: boot}, have[0].Points[3])
}

func TestUnifiedMemoryIsRecognized(t *testing.T) {
	const host = 128 << 30
	var noClock KeySet
	noClock.Add(ClockMemory)
	total := func(bytes uint64) []Reading { return []Reading{{Key: MemoryTotal, Raw: bytes}} }
	for name, test := range map[string]struct {
		info     Info
		lacks    KeySet
		readings []Reading
		want     Memory
	}{
		"GB10, which gives no size":            {Info{ComputeCapability: "12.1"}, KeySet{}, nil, MemoryUnified},
		"Orin, which gives the host's":         {Info{ComputeCapability: "8.7"}, KeySet{}, total(host), MemoryUnified},
		"own memory":                           {Info{ComputeCapability: "9.0", Virtualization: "none"}, KeySet{}, total(80 << 30), MemoryDedicated},
		"of the future, with the host's":       {Info{ComputeCapability: "19.0", Virtualization: "none"}, noClock, total(127 << 30), MemoryUnified},
		"as large as the host's, a clock":      {Info{Virtualization: "none"}, KeySet{}, append(total(host), Reading{Key: ClockMemory, Raw: 5001}), MemoryDedicated},
		"as large, and the clock's call fails": {Info{Virtualization: "none"}, KeySet{}, total(host), MemoryDedicated},
		"as large, in a guest":                 {Info{Virtualization: "vgpu"}, noClock, total(host), MemoryDedicated},
		"passed through":                       {Info{Virtualization: "passthrough"}, noClock, total(host), MemoryDedicated},
		"does not report":                      {Info{}, KeySet{}, []Reading{{Key: PowerDraw, Raw: 1000}}, MemoryUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := NewTracker(boot, host, keep)
			d := device(0, "GPU-a", test.readings...)
			test.info.UUID = "GPU-a"
			d.Info, d.Lacks = test.info, test.lacks
			assert.Equal(t, test.want, observe(t, tracker, noon, d)[0].Memory)
			d.Readings = nil
			assert.Equal(t, test.want, observe(t, tracker, noon.Add(time.Second), d)[0].Memory, "stays when a call fails")
		})
	}
}

// lostAt is a device that does not say who it is.
func lostAt(index, code int) Device {
	return Device{Index: index, Lost: code, LostCall: "nvmlDeviceGetHandleByIndex_v2"}
}

// ids returns the IDs of devices and their status.
func ids(observations []Observation) map[string]string {
	have := map[string]string{}
	for i := range observations {
		have[observations[i].Info.UUID] = observations[i].Status.String()
	}
	return have
}

func TestDeviceThatAnswersAnyErrorIsFailed(t *testing.T) {
	for _, code := range []int{CodeGPUIsLost, CodeResetRequired, CodeUnknown, CodeNotFound, CodeNoPermission, 77} {
		tracker := NewTracker(boot, 0, keep)
		observe(t, tracker, noon, device(0, "GPU-a", Reading{Key: PowerDraw, Raw: 1000}), device(1, "GPU-b"))
		have := observe(t, tracker, noon.Add(time.Second), lostAt(0, code), device(1, "GPU-b"))
		assert.Equal(t, map[string]string{"GPU-a": "failed", "GPU-b": "ok"}, ids(have), code)
		assert.Empty(t, have[0].Points)
		assert.Contains(t, have[0].Cause, CodeName(code))
	}
}

// A device may be lost before it was first seen. Then it has the identity that the operating system knows, or else one made of
// its index. When it answers, it is itself.
func TestDeviceThatWasLostBeforeTheFirstLook(t *testing.T) {
	a, b := Info{UUID: "GPU-a", PCIAddress: "0000:17:00.0"}, Info{PCIAddress: "0000:18:00.0"}
	for name, test := range map[string]struct {
		present Present
		want    map[string]string
	}{
		"with the UUID in the host's files": {Present{Devices: []Info{a}}, map[string]string{"GPU-a": "failed"}},
		"with the address alone":            {Present{Devices: []Info{b}}, map[string]string{"0000:18:00.0": "failed"}},
		"with nothing":                      {Present{}, map[string]string{"index-0": "failed"}},
		"with two that it could be":         {Present{Devices: []Info{a, b}}, map[string]string{"index-0": "failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := NewTracker(boot, 0, keep)
			for i := range 3 {
				have := tracker.Observe(Snapshot{Devices: []Device{lostAt(0, CodeGPUIsLost)}}, test.present, noon.Add(time.Duration(i)*time.Second))
				assert.Equal(t, test.want, ids(have))
			}
			d := Device{Info: Info{UUID: "GPU-x", PCIAddress: "0000:18:00.0"}}
			have := tracker.Observe(Snapshot{Devices: []Device{d}}, Present{}, noon.Add(time.Minute))
			if _, uuid := test.want["GPU-a"]; !uuid {
				assert.Equal(t, map[string]string{"GPU-x": "ok"}, ids(have))
			}
		})
	}
	t.Run("closed to this process and never open", func(t *testing.T) {
		tracker := NewTracker(boot, 0, keep)
		assert.Len(t, observe(t, tracker, noon, device(0, "GPU-a"), lostAt(1, CodeNoPermission)), 1)
	})
}

// A device that is gone from the driver, or from the bus too, stays failed. It does until it is back or its time is up.
func TestDeviceThatIsGoneIsFailed(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	observe(t, tracker, noon, device(0, "GPU-a"), device(1, "GPU-b"))
	have := observe(t, tracker, noon.Add(keep), device(0, "GPU-b"))
	assert.Equal(t, map[string]string{"GPU-b": "ok", "GPU-a": "failed"}, ids(have))
	assert.Equal(t, -1, have[1].Index)
	assert.Equal(t, CodeGPUNotFound, have[1].Lost)
	have = observe(t, tracker, noon.Add(keep+time.Second), device(0, "GPU-b"))
	assert.Equal(t, map[string]string{"GPU-b": "ok"}, ids(have))
	assert.Len(t, tracker.Request(KeySet{}, noon).Since, 1, "forgotten")
}

// One that the driver gave up is the one that the bus still has.
func TestDeviceThatIsGoneAndStillOnTheBus(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	present := Present{Complete: true, Devices: []Info{{PCIAddress: "0000:17:00.0"}}}
	a := Device{Info: Info{UUID: "GPU-a", PCIAddress: "0000:17:00.0"}}
	tracker.Observe(Snapshot{Devices: []Device{a}}, present, noon)
	for i := range 3 {
		have := tracker.Observe(Snapshot{}, present, noon.Add(time.Duration(i+1)*time.Second))
		assert.Equal(t, map[string]string{"GPU-a": "failed"}, ids(have))
	}
}

// What the operating system has and the driver's library never found is failed, unless it was just plugged in.
func TestDeviceThatTheLibraryNeverFound(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	a := Device{Info: Info{UUID: "GPU-a", PCIAddress: "0000:17:00.0"}}
	present := Present{Complete: true, Devices: []Info{{PCIAddress: "0000:17:00.0"}, {PCIAddress: "0000:18:00.0"}}}
	at := func(seconds int) []Observation {
		return tracker.Observe(Snapshot{Devices: []Device{a}}, present, noon.Add(time.Duration(seconds)*time.Second))
	}
	assert.Equal(t, map[string]string{"GPU-a": "ok"}, ids(at(0)))
	assert.Equal(t, map[string]string{"GPU-a": "ok", "0000:18:00.0": "failed"}, ids(at(1)))
	assert.Equal(t, map[string]string{"GPU-a": "ok", "0000:18:00.0": "failed"}, ids(at(7200)), "as long as it is there")
	present.Complete = false
	assert.Equal(t, map[string]string{"GPU-a": "ok"}, ids(at(20000)), "a container that sees a part says nothing of the rest")
}

func TestIdentitiesThatAreGarbageAreBounded(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	for i := range 1000 {
		have := observe(t, tracker, noon.Add(time.Duration(i)*time.Second), device(0, "GPU-"+strconv.Itoa(i)))
		require.LessOrEqual(t, len(have), MaxDevices+1)
	}
}

// A registration with the fabric may take a while, and no longer.
func TestFabricThatIsNotJoined(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	at := func(minutes int, state uint64) string {
		return observe(t, tracker, noon.Add(time.Duration(minutes)*time.Minute), device(0, "GPU-a", Reading{Key: FabricState, Raw: state}))[0].Status.String()
	}
	assert.Equal(t, "ok", at(0, FabricNotStarted))
	assert.Equal(t, "ok", at(4, FabricInProgress))
	assert.Equal(t, "degraded", at(5, FabricInProgress))
	assert.Equal(t, "ok", at(6, FabricCompleted))
	assert.Equal(t, "ok", at(20, FabricInProgress), "a new try")
	assert.Equal(t, "degraded", at(21, FabricFailed))
	assert.Equal(t, "degraded", at(22, 4), "a state of the future")
}

func TestWhatIsUnsupportedIsAskedAgain(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	assert.False(t, tracker.Request(KeySet{}, noon).Again)
	assert.False(t, tracker.Request(KeySet{}, noon.Add(4*time.Minute)).Again)
	assert.True(t, tracker.Request(KeySet{}, noon.Add(5*time.Minute)).Again)
	assert.False(t, tracker.Request(KeySet{}, noon.Add(6*time.Minute)).Again)
}

func TestBitErrorRate(t *testing.T) {
	assert.InDelta(t, 5e-15, Point{Key: NVLinkEffectiveBER, Raw: 0x50f}.Float(), 1e-20)
	assert.Zero(t, Point{Key: NVLinkEffectiveBER, Raw: 0x00f}.Float())
}

func TestIdentityIsNotTheIndex(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	observe(t, tracker, noon, device(0, "GPU-a", Reading{Key: Energy, Raw: 900}), device(1, "GPU-b", Reading{Key: Energy, Raw: 100}))
	have := observe(t, tracker, noon.Add(time.Second), device(0, "GPU-b", Reading{Key: Energy, Raw: 110}), device(1, "GPU-b", Reading{Key: Energy, Raw: 5}))
	require.Len(t, have, 2, "one identity, one device; and one that is gone")
	assert.EqualValues(t, 110, have[0].Points[0].Raw)
	assert.True(t, have[0].Points[0].Start.Equal(boot))
}

func TestWatermarksAreRemembered(t *testing.T) {
	tracker := NewTracker(boot, 0, keep)
	d := device(0, "GPU-a")
	d.Watermarks = Watermarks{uint64(noon.UnixMicro()), uint64(noon.Add(time.Hour).UnixMicro())}
	observe(t, tracker, noon, d)
	assert.Equal(t, Watermarks{uint64(noon.UnixMicro()), 0}, tracker.Request(KeySet{}, noon).Since["GPU-a"], "a mark ahead of the clock would hide all")
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
