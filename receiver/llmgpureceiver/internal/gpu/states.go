// SPDX-License-Identifier: Apache-2.0

package gpu

import "time"

// State is what a device does, and whether somebody has it.
type State uint8

// The states.
const (
	StateActive State = iota
	StateIdleAllocated
	StateIdleFree
	NumStates = iota
)

// maxStep is the longest time between two looks that is counted. What a device did in a longer one nobody knows.
const maxStep = 10 * time.Minute

// States counts the time that devices spend in their states. It is not safe for concurrent use.
type States struct {
	devices map[string]*stateTimes
}

type stateTimes struct {
	start, last time.Time
	times       [NumStates]time.Duration
}

// NewStates returns the states of no device.
func NewStates() *States { return &States{devices: map[string]*stateTimes{}} }

// Add counts the time since the last look at a device. The busy share of it is active, the rest idle, which is allocated if
// somebody has the device. It returns the times, and what they count from.
func (s *States) Add(id string, busy float64, held bool, now time.Time) (times [NumStates]time.Duration, start time.Time) {
	d := s.devices[id]
	if d == nil {
		d = &stateTimes{start: now.Round(0), last: now}
		s.devices[id] = d
	}
	elapsed := now.Sub(d.last)
	d.last = now
	if elapsed > 0 && elapsed <= maxStep {
		active := time.Duration(float64(elapsed) * min(max(busy, 0), 1))
		d.times[StateActive] += active
		idle := StateIdleFree
		if held {
			idle = StateIdleAllocated
		}
		d.times[idle] += elapsed - active
	}
	if wall := now.Round(0); d.start.After(wall) {
		d.start = wall
	}
	return d.times, d.start
}

// Forget drops devices that nobody looked at for an hour, and all if there are more than a machine has.
func (s *States) Forget(now time.Time) {
	for id, d := range s.devices {
		if now.Sub(d.last) > time.Hour || len(s.devices) > MaxDevices*8 {
			delete(s.devices, id)
		}
	}
}
