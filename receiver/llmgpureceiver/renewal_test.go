// SPDX-License-Identifier: Apache-2.0

package llmgpureceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRenewalBacksOffWhileADeviceIsLost(t *testing.T) {
	r := renewal{first: time.Minute, longest: 10 * time.Minute}
	start := time.Unix(1000, 0)
	var due []time.Duration
	for at := time.Duration(0); at < time.Hour; at += 15 * time.Second {
		if r.due(true, start.Add(at)) {
			due = append(due, at)
		}
	}
	assert.Equal(t, []time.Duration{
		time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 25 * time.Minute, 35 * time.Minute, 45 * time.Minute, 55 * time.Minute,
	}, due)
	assert.False(t, r.due(false, start.Add(time.Hour)))
	assert.False(t, r.due(true, start.Add(2*time.Hour)), "the first pause again")
	assert.True(t, r.due(true, start.Add(2*time.Hour+time.Minute)))
}
