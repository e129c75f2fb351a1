// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"sync"
	"time"
)

const (
	// askAgain is how long what a device does not support is not asked for.
	askAgain = 5 * time.Minute
	// patience is how many collections a device may be missing. It is for devices that the operating system has and the driver's
	// library never had. A new one appears there first.
	patience = 2
	// MaxDevices is more than a machine has. What exceeds it is garbage.
	MaxDevices = 256
)

// Tracker makes observations out of snapshots. It holds all that has a past, so that a helper process can end
// at any time without loss. It is not safe for concurrent use.
type Tracker struct {
	since      time.Time
	hostMemory uint64
	keep       time.Duration
	asked      time.Time // when what is unsupported was asked for last
	devices    map[string]*state
	ids        map[int]string // by the driver's index, for devices that no longer report it
	absent     map[string]int // collections without a device of the operating system, by PCI address

	known sync.Map // Info of each device, by UUID, for other goroutines
}

// NewTracker returns a tracker without a past. since is a time before the driver was loaded, from which its counters count. It is
// the host's boot; zero if not known. hostMemory is the host's memory in bytes; zero if not known. It shows whether a device has
// a memory of its own. A device that is gone stays among the observations for keep.
func NewTracker(since time.Time, hostMemory uint64, keep time.Duration) *Tracker {
	return &Tracker{
		since: since, hostMemory: hostMemory, keep: keep,
		devices: map[string]*state{}, ids: map[int]string{}, absent: map[string]int{},
	}
}

// Request returns what to ask the driver for at a time.
func (t *Tracker) Request(want KeySet, now time.Time) Request {
	request := Request{Want: want, Since: make(map[string]Watermarks, len(t.devices))}
	for id, s := range t.devices {
		request.Since[id] = s.watermarks
	}
	if now.Sub(t.asked) >= askAgain {
		request.Again, t.asked = !t.asked.IsZero(), now
	}
	return request
}

// Info returns what is known of a device that is among the observations, else only its UUID. It is safe for concurrent use.
func (t *Tracker) Info(uuid string) Info {
	if info, ok := t.known.Load(uuid); ok {
		return info.(Info)
	}
	return Info{UUID: uuid}
}
