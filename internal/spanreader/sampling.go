// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"math"
	"strconv"
	"strings"
)

// weightOf returns how many spans a span stands for. A consistent probability sampler left the threshold in the tracestate:
// "ot=th:8" rejects half of all spans. Spans without one stand for themselves. Source: OpenTelemetry specification, TraceState
// probability sampling.
func weightOf(tracestate string) float64 {
	if tracestate == "" {
		return 1
	}
	for member := range strings.SplitSeq(tracestate, ",") {
		value, ok := strings.CutPrefix(strings.TrimSpace(member), "ot=")
		if !ok {
			continue
		}
		for field := range strings.SplitSeq(value, ";") {
			if threshold, ok := strings.CutPrefix(field, "th:"); ok {
				return adjustedCount(threshold)
			}
		}
	}
	return 1
}

const (
	// thresholdDigits is the length of a full threshold, 56 bits in hexadecimal digits; trailing zeros may be left out.
	thresholdDigits = 14
	// maxWeight is the largest number of spans that is believed. Nobody keeps fewer requests than one in a million. And one
	// broken threshold, of up to 2^56 spans, would outweigh all that a counter ever counts.
	maxWeight = 1 << 20
)

func adjustedCount(threshold string) float64 {
	if threshold == "" || len(threshold) > thresholdDigits {
		return 1
	}
	rejected, err := strconv.ParseUint(threshold, 16, 64)
	if err != nil {
		return 1
	}
	rejected <<= 4 * (thresholdDigits - len(threshold))
	const all = 1 << 56
	if weight := all / math.Max(1, float64(all-rejected)); weight <= maxWeight {
		return weight
	}
	return 1
}

const (
	// flagSampled is the lowest of the W3C trace flags, which are the lowest byte of a span's flags. Source:
	// opentelemetry-proto, trace.proto, SpanFlags.
	flagSampled = 0x01
	traceFlags  = 0xff
)

// sampled reports whether a span was sampled. Many exporters do not show it, and only send sampled spans. Python's sets the bits
// above the trace flags, and none of these (open-telemetry/opentelemetry-python issue 4666). Go's did so until late 2025.
func sampled(flags uint32) bool { return flags&flagSampled != 0 || flags&traceFlags == 0 }
