// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

const (
	batchSpans     = 1000
	inputResources = 5
	// inputBatches are few. So spans lie in the processor's caches as they do when a receiver has just decoded them.
	inputBatches = 2
)

// input is a stream of batches of LLM spans, or of other spans. They go through a number of dimension sets one after the other.
// The batches are used again and again; renew makes other requests of them.
type input struct {
	batches []ptrace.Traces
	sets    int
	// models are the model names of the dimension sets, if those are more than fit into the batches.
	models  [][2]string
	nextSet int
	variety *tracetest.Variety
	plain   bool
	// mixed spans are those of all captured emitters, and renewals is how often they were renewed.
	mixed    bool
	renewals uint64
	// clean has what was written to the spans taken off before they are used again.
	clean bool
}

// inputs counts inputs: no two of their spans have one id, or the second would be found to be repeated.
var inputs atomic.Uint64

func newInput(sets int, plain bool) *input {
	in := &input{sets: sets, plain: plain, variety: tracetest.NewVariety(inputs.Add(1) << 40)}
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

// renew gives all spans new trace ids, as if they were of other requests. It also gives them the next dimension sets. Without new
// ids, they would be found to be sent twice and not counted.
func (in *input) renew() {
	for _, traces := range in.batches {
		if in.mixed {
			in.renewals++
			renewMixed(traces, in.renewals)
			continue
		}
		first := in.nextSet
		for _, rs := range traces.ResourceSpans().All() {
			set := first
			for _, span := range rs.ScopeSpans().At(0).Spans().All() {
				if in.plain {
					in.variety.Identify(span)
				} else {
					in.variety.Vary(span)
				}
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

// spans returns the number of spans of all batches.
func (in *input) spans() (n int) {
	for _, traces := range in.batches {
		n += traces.SpanCount()
	}
	return n
}

// feed hands a number of spans to consume, whose costs alone are measured. It returns the CPU time in nanoseconds a span.
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

// plainAgain takes off what enrichment has written.
func plainAgain(span ptrace.Span) {
	span.Attributes().RemoveIf(func(key string, _ pcommon.Value) bool { return strings.HasPrefix(key, "llm.") })
}

// newMixed returns the spans of all captured emitters as one batch, with their agents, tools and web requests. Renewed, they keep what
// they are to each other. The parts of contrib have a condition for the keys of the convention alone, and so do less with them.
func newMixed() *input {
	all := ptrace.NewTraces()
	for _, path := range try(filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "captures", "*.jsonl"))) {
		lines := bufio.NewScanner(bytes.NewReader(try(os.ReadFile(path))))
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			if len(lines.Bytes()) > 0 {
				try((&ptrace.JSONUnmarshaler{}).UnmarshalTraces(lines.Bytes())).ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
			}
		}
		must(lines.Err())
	}
	// Decoded, each text lies by itself, as in a receiver.
	all = try((&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(try((&ptrace.ProtoMarshaler{}).MarshalTraces(all))))
	return &input{batches: []ptrace.Traces{all}, sets: all.SpanCount(), mixed: true}
}
