// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

const (
	batchSpans     = 1000
	inputResources = 5
	// inputBatches are few, so that spans lie in the processor's caches as they do when a receiver has just
	// decoded them.
	inputBatches = 2
)

// input is a stream of batches of LLM spans, or of spans that are none, that go through a number of dimension
// sets one after the other. The batches are used again and again; renew makes other requests of them.
type input struct {
	batches []ptrace.Traces
	sets    int
	// models are the model names of the dimension sets, if those are more than fit into the batches.
	models  [][2]string
	nextSet int
	nextID  uint64
	plain   bool
	source  *rand.PCG
	random  *rand.Rand
	// clean has what was written to the spans taken off before they are used again.
	clean bool
}

func newInput(sets int, plain bool) *input {
	source := rand.NewPCG(0, 0)
	in := &input{sets: sets, plain: plain, source: source, random: rand.New(source), nextID: 1 << 32}
	for i := range inputBatches {
		in.batches = append(in.batches, tracetest.Make(tracetest.Shape{
			Spans: batchSpans, Resources: inputResources, Sets: sets, Plain: plain, First: i * batchSpans,
		}))
	}
	if !plain && sets > batchSpans {
		for set := range sets / inputResources {
			in.models = append(in.models, [2]string{fmt.Sprintf("gpt-4o-%d", set), fmt.Sprintf("gpt-4o-%d-2024-08-06", set)})
		}
	}
	return in
}

// renew gives all spans new trace ids, as if they were of other requests, and the dimension sets that are next.
// Without new ids, they would be found to be sent twice and not counted.
func (in *input) renew() {
	for _, traces := range in.batches {
		first := in.nextSet
		for _, rs := range traces.ResourceSpans().All() {
			set := first
			for _, span := range rs.ScopeSpans().At(0).Spans().All() {
				in.identify(span)
				if in.clean {
					plainAgain(span)
				}
				if in.models == nil {
					continue
				}
				model := in.models[set%len(in.models)]
				put(span.Attributes(), "gen_ai.request.model", model[0])
				put(span.Attributes(), "gen_ai.response.model", model[1])
				set++
			}
			in.nextSet = set
		}
	}
}

func put(m pcommon.Map, key, text string) {
	v, _ := m.Get(key)
	v.SetStr(text)
}

func (in *input) identify(span ptrace.Span) {
	var (
		id     pcommon.TraceID
		parent pcommon.SpanID
	)
	binary.BigEndian.PutUint64(id[:], 0xabcdef)
	binary.BigEndian.PutUint64(id[8:], scatter(in.nextID))
	in.nextID++
	span.SetTraceID(id)
	if in.plain {
		return
	}
	// Equal values would meet the same buckets again and again, and look cheaper than traffic is.
	in.source.Seed(in.nextID, 1)
	r := in.random
	binary.BigEndian.PutUint64(parent[:], r.Uint64())
	span.SetParentSpanID(parent)
	first := logNormal(r, 0.35, 0.8)
	output := logNormal(r, 250, 1)
	took := first + output*logNormal(r, 0.012, 0.5)
	span.SetEndTimestamp(span.StartTimestamp() + pcommon.Timestamp(took*1e9))
	a := span.Attributes()
	putDouble(a, "gen_ai.response.time_to_first_chunk", first)
	putInt(a, "gen_ai.usage.output_tokens", int64(output)+1)
	input := int64(logNormal(r, 900, 1.3)) + 1
	putInt(a, "gen_ai.usage.input_tokens", input)
	putInt(a, "gen_ai.usage.cache_read.input_tokens", input*int64(r.IntN(100))/100)
}

// logNormal draws a number around a median; most lie within a factor of e to the spread.
func logNormal(r *rand.Rand, median, spread float64) float64 {
	return median * math.Exp(spread*r.NormFloat64())
}

func putInt(m pcommon.Map, key string, value int64) {
	v, _ := m.Get(key)
	v.SetInt(value)
}

func putDouble(m pcommon.Map, key string, value float64) {
	v, _ := m.Get(key)
	v.SetDouble(value)
}

// scatter makes numbers look random, as trace ids are; different numbers stay different. It is the finalizer of
// SplitMix64.
func scatter(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// spans returns the number of spans of all batches.
func (in *input) spans() int { return len(in.batches) * batchSpans }

// feed hands a number of spans to consume, whose costs alone are measured, and returns the CPU time in
// nanoseconds a span.
func (in *input) feed(spans int, consume func(ptrace.Traces)) float64 {
	var spent int64
	fed := 0
	for fed < spans {
		in.renew()
		from := processorTime(0)
		for _, traces := range in.batches {
			consume(traces)
		}
		spent += int64(processorTime(0) - from)
		fed += in.spans()
	}
	return float64(spent) / float64(fed)
}
