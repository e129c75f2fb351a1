// SPDX-License-Identifier: Apache-2.0

package gpu

// Status is the verdict on a device; the values of hw.state in the hardware conventions.
type Status uint8

// From good to bad; a device has exactly one.
const (
	StatusOK Status = iota
	StatusPredictedFailure
	StatusDegraded
	StatusFailed
)

// What the driver asks for in RecoveryAction; nvmlDeviceGpuRecoveryAction_t.
const (
	RecoveryNone uint64 = iota
	RecoveryReset
	RecoveryNodeReboot
	RecoveryDrainP2P
	RecoveryDrainAndReset
	RecoveryIMEXDomain
	RecoveryBusReset
	RecoverySystemReboot
)

// rules lead from readings to a status. A slowdown is no rule: clocks that give way to heat or power for a
// moment are a device at work, and the throttle counters tell how long.
var rules = []struct {
	key    Key
	holds  func(raw uint64) bool
	status Status
}{
	{RecoveryAction, recoveryNeedsRestart, StatusFailed},
	{RemapFailure, isSet, StatusFailed},
	{RecoveryAction, isSet, StatusDegraded},
	{RemapPending, isSet, StatusDegraded},
	{FabricUnhealthy, isSet, StatusDegraded},
	{SRAMThresholdExceeded, isSet, StatusPredictedFailure},
}

// StatusKeys returns the quantities that devices are judged by.
func StatusKeys() []Key {
	keys := []Key{NVLinkActive, RemapsUncorrectable}
	for _, rule := range rules {
		keys = append(keys, rule.key)
	}
	return keys
}

func isSet(raw uint64) bool { return raw != 0 }

func recoveryNeedsRestart(raw uint64) bool {
	switch raw {
	case RecoveryNone, RecoveryDrainP2P, RecoveryIMEXDomain:
		return false
	}
	return true
}

// judge applies the rules to one observation, with what the device's past adds: NVLinks that were up and are
// down, and uncorrectable row remaps that grew since the first look.
func (s *state) judge(o *Observation) Status {
	if o.Lost != 0 {
		return StatusFailed
	}
	status := StatusOK
	raise := func(to Status) { status = max(status, to) }
	for _, rule := range rules {
		if raw, ok := o.Raw(rule.key); ok && rule.holds(raw) {
			raise(rule.status)
		}
	}
	if links, ok := o.Raw(NVLinkActive); ok {
		if links < s.mostLinks {
			raise(StatusDegraded)
		}
		s.mostLinks = max(s.mostLinks, links)
	}
	if rows, ok := o.Raw(RemapsUncorrectable); ok {
		if !s.remapsKnown {
			s.remapsKnown, s.firstRemaps = true, rows
		}
		if rows > s.firstRemaps {
			raise(StatusPredictedFailure)
		}
	}
	return status
}
