// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestCounterOverTime(t *testing.T) {
	boot := time.Unix(1000, 0)
	slow := &Spec{Kind: Counter, Rate: 100} // 1100 in the ten seconds between two looks
	wide := &Spec{Kind: WideCounter, Rate: 1e9}
	type state struct {
		value uint64
		start int64 // seconds
	}
	for name, test := range map[string]struct {
		spec  *Spec
		since time.Time
		raw   []uint64 // one each ten seconds from 2000 on
		want  []state
	}{
		"counts from the boot of the host": {slow, boot, []uint64{500, 700}, []state{{500, 1000}, {700, 1000}}},
		"counts from the first look where the boot is not known": {
			slow, time.Time{}, []uint64{500, 700}, []state{{0, 2000}, {200, 2000}},
		},
		"a boot in the future is not known": {slow, time.Unix(9000, 0), []uint64{500, 700}, []state{{0, 2000}, {200, 2000}}},
		"counts from the first look what cannot have been reached since the boot": {
			slow, boot, []uint64{math.MaxInt64, math.MaxInt64}, []state{{0, 2000}, {0, 2000}},
		},
		"a great fall is a reset since the look before": {
			slow, boot, []uint64{500, 700, 30, 40}, []state{{500, 1000}, {700, 1000}, {30, 2010}, {40, 2010}},
		},
		"a reset to zero": {slow, boot, []uint64{500, 0, 10}, []state{{500, 1000}, {0, 2000}, {10, 2000}}},
		"a small fall is a correction": {
			slow, boot, []uint64{5000, 4999, 5099}, []state{{5000, 1000}, {5000, 1000}, {5100, 1000}},
		},
		"a fall to what cannot have been reached since is no reset": {
			slow, boot, []uint64{90_000, 40_000, 40_100}, []state{{90_000, 1000}, {90_000, 1000}, {90_100, 1000}},
		},
		"a rise that cannot be is not counted, nor the way back": {
			slow, boot, []uint64{500, 1 << 60, 600, 650}, []state{{500, 1000}, {500, 1000}, {600, 1000}, {650, 1000}},
		},
		"a counter that proves its width counts from then": {
			wide, boot, []uint64{1<<32 + 5, 1<<32 + 25}, []state{{0, 2000}, {20, 2000}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var c *counter
			for i, raw := range test.raw {
				now := time.Unix(2000+10*int64(i), 0)
				c, _ = advanced(c, test.spec, raw, test.since, now)
				have := state{c.value, c.start.Unix()}
				assert.Equal(t, test.want[i], have, "look %d", i)
			}
		})
	}
}

// A counter of 32 bits may go round many times between two readings. Then nothing is reported before a value that takes more than
// 32 bits, as of any other.
func TestWideCounterIsSilentUntilProven(t *testing.T) {
	wide := &Spec{Kind: WideCounter, Rate: 1e12}
	var c *counter
	now := time.Unix(2000, 0)
	for _, raw := range []uint64{1<<32 - 10, 5, 1 << 31, 17} {
		now = now.Add(15 * time.Second)
		c, _ = advanced(c, wide, raw, time.Time{}, now)
		assert.False(t, c.proven)
	}
	c, _ = advanced(c, wide, 1<<32, time.Time{}, now.Add(15*time.Second))
	assert.True(t, c.proven)
	assert.Zero(t, c.value, "what was before is not known")
	c, _ = advanced(c, wide, 1<<32+7, time.Time{}, now.Add(30*time.Second))
	assert.EqualValues(t, 7, c.value)
}

// A clock that is corrected by an hour leaves no counter that starts after its own points.
func TestStartIsNeverAfterThePoint(t *testing.T) {
	spec := &Spec{Kind: Counter, Rate: 100}
	now := time.Now()
	c := newCounter(spec, 500, time.Time{}, now)
	back := now.Add(-time.Hour)
	c.observe(spec, 510, back)
	assert.False(t, c.start.After(back.Round(0)), "starts %v after its point", c.start.Sub(back))
	assert.EqualValues(t, 10, c.value)
	c.observe(spec, 520, back.Add(time.Second))
	assert.True(t, c.start.Equal(back))
}

func TestEveryCounterHasARate(t *testing.T) {
	for k := Key(1); k < keyEnd; k++ {
		assert.Equal(t, specs[k].Kind != Gauge, specs[k].Rate > 0, k.String())
	}
}

// Whatever the driver says, what is reported never goes back without a new start. It never rises by more than can be. No start
// lies after its point.
func FuzzCounter(f *testing.F) {
	f.Add(uint64(1), uint64(1<<32-1), uint64(0), true)
	f.Add(uint64(1<<64-1), uint64(0), uint64(1<<63), false)
	f.Fuzz(func(t *testing.T, a, b, c uint64, wide bool) {
		spec := &Spec{Kind: Counter, Rate: 1e6}
		if wide {
			spec.Kind = WideCounter
		}
		now := time.Unix(2000, 0)
		counter := newCounter(spec, a, time.Unix(1000, 0), now)
		for _, raw := range []uint64{b, c} {
			value, start := counter.value, counter.start
			now = now.Add(time.Second)
			counter, _ = advanced(counter, spec, raw, time.Unix(1000, 0), now)
			if counter.start.Equal(start) && counter.value < value {
				t.Errorf("%d after %d with the same start", counter.value, value)
			}
			if counter.value > value && !reachable(spec, counter.value-value, time.Second) {
				t.Errorf("%d after %d", counter.value, value)
			}
			if counter.start.After(now) {
				t.Errorf("start %v at %v", counter.start, now)
			}
		}
	})
}
