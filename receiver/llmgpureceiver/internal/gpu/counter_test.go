// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestCounterOverTime(t *testing.T) {
	boot := time.Unix(1000, 0)
	type state struct {
		value uint64
		start int64 // seconds
	}
	for name, test := range map[string]struct {
		kind  Kind
		since time.Time
		raw   []uint64 // one each ten seconds from 2000 on
		want  []state
	}{
		"counts from the boot of the host": {Counter, boot, []uint64{500, 700}, []state{{500, 1000}, {700, 1000}}},
		"counts from the first look where the boot is not known": {
			Counter, time.Time{}, []uint64{500, 700}, []state{{0, 2000}, {200, 2000}},
		},
		"a boot in the future is not known": {Counter, time.Unix(9000, 0), []uint64{500, 700}, []state{{0, 2000}, {200, 2000}}},
		"a decrease is a reset since the look before": {
			Counter, boot, []uint64{500, 700, 30, 40}, []state{{500, 1000}, {700, 1000}, {30, 2010}, {40, 2010}},
		},
		"a counter from zero never wraps": {
			Counter, boot, []uint64{1<<32 - 10, 5}, []state{{1<<32 - 10, 1000}, {5, 2000}},
		},
		"a counter of 32 bits wraps": {
			WrappingCounter, boot, []uint64{1<<32 - 10, 5, 25}, []state{{0, 2000}, {15, 2000}, {35, 2000}},
		},
		"a counter of 64 bits wraps": {
			WrappingCounter, boot, []uint64{1<<64 - 10, 5, 25}, []state{{0, 2000}, {15, 2000}, {35, 2000}},
		},
		"a small drop of a wrapping counter is a reset": {
			WrappingCounter, boot, []uint64{1000, 900, 950}, []state{{0, 2000}, {900, 2000}, {950, 2000}},
		},
		"a drop to the middle is a reset": {
			WrappingCounter, boot, []uint64{1<<32 - 10, 1 << 31}, []state{{0, 2000}, {1 << 31, 2000}},
		},
		"a drop from beyond 32 bits is a reset": {
			WrappingCounter, boot, []uint64{1<<32 + 10, 5}, []state{{0, 2000}, {5, 2000}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var c *counter
			for i, raw := range test.raw {
				now := time.Unix(2000+10*int64(i), 0)
				if c == nil {
					c = newCounter(test.kind, raw, test.since, now)
				} else {
					c.observe(test.kind, raw, now)
				}
				have := state{c.value, c.start.Unix()}
				assert.Equal(t, test.want[i], have, "look %d", i)
			}
		})
	}
}

// Whatever the driver says, what is reported never goes back without a new start, and no start lies in the future.
func FuzzCounter(f *testing.F) {
	f.Add(uint64(1), uint64(1<<32-1), uint64(0), true)
	f.Add(uint64(1<<64-1), uint64(0), uint64(1<<63), false)
	f.Fuzz(func(t *testing.T, a, b, c uint64, wraps bool) {
		kind := Counter
		if wraps {
			kind = WrappingCounter
		}
		now := time.Unix(2000, 0)
		counter := newCounter(kind, a, time.Unix(1000, 0), now)
		for _, raw := range []uint64{b, c} {
			value, start := counter.value, counter.start
			now = now.Add(time.Second)
			counter.observe(kind, raw, now)
			if counter.start.Equal(start) && counter.value < value && raw >= a {
				t.Errorf("%d after %d with the same start", counter.value, value)
			}
			if !counter.start.Before(now) {
				t.Errorf("start %v at %v", counter.start, now)
			}
		}
	})
}
