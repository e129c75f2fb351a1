// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"fmt"
	"time"
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

// rules lead from readings to a status. A slowdown is no rule. Clocks that give way to heat or power for a moment are a device at
// work. The throttle counters hold how long.
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
	{FabricStatus, isSet, StatusDegraded},
	{FabricHealth, hasFabricIssue, StatusDegraded},
	{RepairPendingChannel, isSet, StatusDegraded},
	{RepairPendingTPC, isSet, StatusDegraded},
	{SRAMThresholdExceeded, isSet, StatusPredictedFailure},
}

// StatusKeys returns the quantities that devices are judged by.
func StatusKeys() []Key {
	keys := []Key{NVLinkActive, RemapsUncorrectable, FabricState}
	for _, rule := range rules {
		keys = append(keys, rule.key)
	}
	return keys
}

func isSet(raw uint64) bool { return raw != 0 }

// An action that is not known yet is for people to look at.
func recoveryNeedsRestart(raw uint64) bool {
	switch raw {
	case RecoveryReset, RecoveryNodeReboot, RecoveryDrainAndReset, RecoveryBusReset, RecoverySystemReboot:
		return true
	}
	return false
}

// judge applies the rules to one observation. The device's past adds a fabric that it does not join, and NVLinks that were up and
// are down. It also adds uncorrectable row remaps that grew since the first look. The cause is the reading that counts most.
func (s *state) judge(o *Observation, now time.Time) (status Status, cause string) {
	if o.Lost != 0 {
		return StatusFailed, o.LostCall + " answers " + CodeName(o.Lost)
	}
	raise := func(to Status, key Key) {
		if to > status {
			raw, _ := o.Raw(key)
			status, cause = to, fmt.Sprintf("%s is %d", key, raw)
		}
	}
	for _, rule := range rules {
		if raw, ok := o.Raw(rule.key); ok && rule.holds(raw) {
			raise(rule.status, rule.key)
		}
	}
	if registration, ok := o.Raw(FabricState); ok && s.judgeFabric(registration, now) {
		raise(StatusDegraded, FabricState)
	}
	if links, ok := o.Raw(NVLinkActive); ok {
		if links < s.mostLinks {
			raise(StatusDegraded, NVLinkActive)
		}
		s.mostLinks = max(s.mostLinks, links)
	}
	if rows, ok := o.Raw(RemapsUncorrectable); ok {
		if !s.remapsKnown {
			s.remapsKnown, s.firstRemaps = true, rows
		}
		if rows > s.firstRemaps {
			raise(StatusPredictedFailure, RemapsUncorrectable)
		}
	}
	return status, cause
}
