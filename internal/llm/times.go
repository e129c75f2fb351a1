// SPDX-License-Identifier: Apache-2.0

package llm

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// MaxDuration is the longest request that is believed; spans that claim more have wrong times.
const MaxDuration = 24 * time.Hour

// Plausible reports whether a time in seconds can be a part of a span of that duration. Zero is what emitters write for "not
// measured"; clocks of two processes differ a little.
func Plausible(seconds, duration float64) bool {
	return seconds > 0 && seconds <= duration+max(0.05*duration, 0.005)
}

// SecondsBetween returns the seconds from one time to another, negative if they are in the other order.
func SecondsBetween(from, to pcommon.Timestamp) float64 { return float64(int64(to-from)) / 1e9 }
