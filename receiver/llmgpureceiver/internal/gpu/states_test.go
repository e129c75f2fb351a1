// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// All time is in one state, and what nobody saw is in none.
func TestTimeInStates(t *testing.T) {
	s := NewStates()
	now := time.Unix(1000, 0)
	times, start := s.Add("GPU-a", 1, true, now)
	assert.Zero(t, times)
	assert.Equal(t, now, start)
	for _, step := range []struct {
		busy    float64
		held    bool
		seconds time.Duration
	}{{0.25, true, 100}, {0, false, 50}, {1, true, 10}, {0.5, true, 3600}, {7, true, 2}, {0, true, -5}} {
		now = now.Add(step.seconds * time.Second)
		times, start = s.Add("GPU-a", step.busy, step.held, now)
	}
	assert.Equal(t, [NumStates]time.Duration{StateActive: 37 * time.Second, StateIdleAllocated: 75 * time.Second, StateIdleFree: 50 * time.Second}, times)
	assert.Equal(t, time.Unix(1000, 0), start)
	s.Forget(now.Add(2 * time.Hour))
	assert.Empty(t, s.devices)
}
