// SPDX-License-Identifier: Apache-2.0

package gpu

import "time"

// counter follows one cumulative quantity of one device.
type counter struct {
	start time.Time // what value counts from
	seen  time.Time // time of the last observation
	last  uint64    // last raw value
	value uint64
}

// newCounter begins with the first raw value. A counter that the driver starts at zero counts from since, a
// time before the driver was loaded. One that starts anywhere, or whose since is not known, counts from now.
func newCounter(kind Kind, raw uint64, since, now time.Time) *counter {
	if kind == WrappingCounter || since.IsZero() || since.After(now) {
		return &counter{start: now, seen: now, last: raw}
	}
	return &counter{start: since, seen: now, last: raw, value: raw}
}

// advanced returns the counter after the next raw value; a new one if there was none.
func advanced(c *counter, kind Kind, raw uint64, since, now time.Time) *counter {
	if c == nil {
		return newCounter(kind, raw, since, now)
	}
	c.observe(kind, raw, now)
	return c
}

// observe takes the next raw value. A decrease is a wrap where the kind allows that and the drop is close to the
// width of the counter; every other decrease is a reset, after which the value counts from the observation
// before, the latest time at which the old count was still running.
func (c *counter) observe(kind Kind, raw uint64, now time.Time) {
	switch {
	case raw >= c.last:
		c.value += raw - c.last
	case kind == WrappingCounter && wrapped(c.last, raw, 32):
		c.value += raw + 1<<32 - c.last
	case kind == WrappingCounter && wrapped(c.last, raw, 64):
		c.value += raw - c.last // modulo 2⁶⁴
	default:
		c.start = c.seen
		c.value = raw
	}
	c.last, c.seen = raw, now
}

// wrapped reports whether a counter of that many bits that went from last down to raw went through its top:
// from the upper quarter of its range into the lower one.
func wrapped(last, raw uint64, bits int) bool {
	quarter := uint64(1) << (bits - 2)
	if bits < 64 && last>>bits != 0 {
		return false
	}
	return last >= 3*quarter && raw < quarter
}
