// SPDX-License-Identifier: Apache-2.0

package tracetest

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Variety makes other requests of the spans of Make, again and again. Equal values would meet the same buckets each time,
// and look cheaper than traffic is.
type Variety struct {
	next   uint64
	source *rand.PCG
	random *rand.Rand
}

// NewVariety begins with the request of a number. Varieties that are 1<<40 apart never make the same trace id.
func NewVariety(first uint64) *Variety {
	source := rand.NewPCG(0, 0)
	return &Variety{next: first, source: source, random: rand.New(source)}
}

// Identify gives a span a trace id of its own, of which the first half is that of all spans.
func (v *Variety) Identify(span ptrace.Span) {
	var id pcommon.TraceID
	binary.BigEndian.PutUint64(id[:], 0xabcdef)
	binary.BigEndian.PutUint64(id[8:], Scatter(v.next))
	v.next++
	span.SetTraceID(id)
}

// Vary gives an LLM span a trace id of its own, a parent, a duration and numbers of tokens. One number of a request
// always means the same values.
func (v *Variety) Vary(span ptrace.Span) {
	v.Identify(span)
	v.source.Seed(v.next, 1)
	r := v.random
	var parent pcommon.SpanID
	binary.BigEndian.PutUint64(parent[:], r.Uint64())
	span.SetParentSpanID(parent)
	first := logNormal(r, 0.35, 0.8)
	output := logNormal(r, 250, 1)
	took := first + output*logNormal(r, 0.012, 0.5)
	span.SetEndTimestamp(span.StartTimestamp() + pcommon.Timestamp(took*1e9))
	input := int64(logNormal(r, 900, 1.3)) + 1
	cached := input * int64(r.IntN(100)) / 100
	for key, value := range span.Attributes().All() {
		switch key {
		case "gen_ai.response.time_to_first_chunk":
			value.SetDouble(first)
		case "gen_ai.usage.output_tokens":
			value.SetInt(int64(output) + 1)
		case "gen_ai.usage.input_tokens":
			value.SetInt(input)
		case "gen_ai.usage.cache_read.input_tokens":
			value.SetInt(cached)
		}
	}
}

// logNormal draws a number around a median; most lie within a factor of e to the spread.
func logNormal(r *rand.Rand, median, spread float64) float64 {
	return median * math.Exp(spread*r.NormFloat64())
}

// Scatter makes numbers look random, as trace ids are; different numbers stay different. It is the finalizer of
// SplitMix64.
func Scatter(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
