// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import "time"

// renewal says when to load the driver's library anew while a device is lost. Only a library that starts after a reset finds the
// GPU again.
type renewal struct {
	first, longest time.Duration // pauses
	pause          time.Duration
	next           time.Time // zero while no device is lost
}

// due reports whether it is time. It must be asked after each collection.
func (r *renewal) due(lost bool, now time.Time) bool {
	switch {
	case !lost:
		r.next = time.Time{}
	case r.next.IsZero():
		r.pause, r.next = r.first, now.Add(r.first)
	case !now.Before(r.next):
		r.pause = min(2*r.pause, r.longest)
		r.next = now.Add(r.pause)
		return true
	}
	return false
}
