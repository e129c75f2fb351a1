// SPDX-License-Identifier: Apache-2.0

package gpu

import "time"

// slack is what a counter may have grown beside the time between two looks. The driver updates some only once in a while, and
// a machine that slept has another clock.
const slack = time.Second

// proof is the least raw value that shows that a counter has more than 32 bits.
const proof = 1 << 32

// counter follows one cumulative quantity of one device.
type counter struct {
	start time.Time // what value counts from
	value uint64
	last  look
	// doubt is a look that did not go with the last one; its time is zero when there is none. Two that go with each
	// other are the new state of things.
	doubt look
	// proven says that value may be reported; see WideCounter.
	proven bool
}

// look is a raw value and when it was read.
type look struct {
	raw uint64
	at  time.Time
}

// newCounter begins with the first raw value. A counter that the driver starts at zero counts from since, a time before the
// driver was loaded. It counts from now where since is not known or the value cannot have been reached from then on. So it does
// where the counter starts anywhere.
func newCounter(spec *Spec, raw uint64, since, now time.Time) *counter {
	c := &counter{start: now.Round(0), last: look{raw, now}, proven: spec.Kind != WideCounter || raw >= proof}
	if spec.Kind == Counter && !since.IsZero() && !since.After(now) && reachable(spec, raw, now.Sub(since)) {
		c.start, c.value = since, raw
	}
	return c
}

// advanced returns the counter after the next raw value, a new one if there was none. It also returns what was counted since.
func advanced(c *counter, spec *Spec, raw uint64, since, now time.Time) (next *counter, grown uint64) {
	if c == nil || !c.proven && raw >= proof {
		c = newCounter(spec, raw, since, now)
		return c, c.value
	}
	grown = c.observe(spec, raw, now)
	return c, grown
}

// observe takes the next raw value. A fall to more than half is a correction: the count goes on from the new raw value. Another
// fall is a reset. After it the value counts from the last look, the latest time at which the old count was still running. What
// cannot have been counted since the last look is not counted.
func (c *counter) observe(spec *Spec, raw uint64, now time.Time) (grown uint64) {
	grown = c.take(spec, look{raw, now})
	// A clock that was set back does not leave the start behind it.
	if wall := now.Round(0); c.start.After(wall) {
		c.start = wall
	}
	return grown
}

func (c *counter) take(spec *Spec, l look) (grown uint64) {
	elapsed := l.at.Sub(c.last.at)
	switch {
	case l.raw >= c.last.raw && reachable(spec, l.raw-c.last.raw, elapsed):
		grown = l.raw - c.last.raw
	case l.raw < c.last.raw && l.raw >= c.last.raw-l.raw: // a correction
	case l.raw < c.last.raw && reachable(spec, l.raw, elapsed):
		c.start, c.value, grown = c.last.at.Round(0), 0, l.raw
	case !c.doubt.at.IsZero() && l.raw >= c.doubt.raw && reachable(spec, l.raw-c.doubt.raw, l.at.Sub(c.doubt.at)):
		grown = l.raw - c.doubt.raw
	default:
		c.doubt = l
		return 0
	}
	c.value += grown
	c.last, c.doubt = l, look{}
	return grown
}

// sum is what the counters of all NVLinks of a device come to. Each counts by itself, so that one that starts anew
// does not make the sum fall.
type sum struct {
	start time.Time
	value uint64
}

// add takes what the counter of a link grew by. One that is new counts from its start if the sum is new too, else from
// now on.
func (s *sum) add(c *counter, grown uint64, newLink, newSum bool, now time.Time) {
	switch {
	case newSum:
		s.value += grown
		if s.start.IsZero() || c.start.Before(s.start) {
			s.start = c.start
		}
	case !newLink:
		s.value += grown
	}
	if wall := now.Round(0); s.start.After(wall) {
		s.start = wall
	}
}

// reachable reports whether a counter can have grown that much in a time.
func reachable(spec *Spec, grown uint64, elapsed time.Duration) bool {
	return float64(grown) <= spec.Rate*(max(elapsed, 0)+slack).Seconds()
}
