// SPDX-License-Identifier: Apache-2.0

package confcheck

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheNearestNameIsAskedFor(t *testing.T) {
	known := []string{"decision_wait", "flush_interval", "limits", "hw.gpu.memory.utilization", "hw.gpu.utilization"}
	for written, nearest := range map[string]string{
		"flush_intervall":    "flush_interval",
		"flushinterval":      "flush_interval",
		"hw.gpu.utilisation": "hw.gpu.utilization",
		"limit":              "limits",
		"limtis":             "limits",
		"prices":             "",
		"x":                  "",
		"":                   "",
	} {
		says := ThereAre(known, written)
		assert.Contains(t, says, "there are decision_wait, flush_interval, limits, hw.gpu.memory.utilization, hw.gpu.utilization", written)
		if nearest == "" {
			assert.NotContains(t, says, "did you mean", written)
		} else {
			assert.True(t, strings.HasPrefix(says, "did you mean "+nearest+"? there are "), says)
		}
	}
}
