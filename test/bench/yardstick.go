// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/spanmetrics"
)

// scanned keeps the compiler from dropping the scans.
var scanned int

// scanInlined is the barest scan: one pass over all attributes that looks at the keys' lengths. The compiler
// makes one loop of it, which never touches the keys themselves.
func scanInlined(traces ptrace.Traces) {
	n := 0
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				for k := range span.Attributes().All() {
					n += len(k)
				}
			}
		}
	}
	scanned += n
}

// scanComparing compares each key with the one at the same place of the span before. That is the least that a program does to
// know what the attributes are.
func scanComparing(traces ptrace.Traces) {
	var before [32]string
	same := 0
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				at := 0
				for k := range span.Attributes().All() {
					if before[at] == k {
						same++
					} else {
						before[at] = k
					}
					at = (at + 1) % len(before)
				}
			}
		}
	}
	scanned += same
}

// newReader returns what reads spans as the processor does, and counts nothing.
func newReader() func(ptrace.Traces) {
	engine := spanmetrics.New(config.Default().Compile().Options, time.Now())
	return func(traces ptrace.Traces) { engine.Discard(engine.Read(traces)) }
}

// decoder decodes the batches of an input.
type decoder struct {
	encoded [][]byte
	next    int
}

func newDecoder(in *input) *decoder {
	d := &decoder{}
	for _, traces := range in.batches {
		d.encoded = append(d.encoded, try((&ptrace.ProtoMarshaler{}).MarshalTraces(traces)))
	}
	return d
}

// decode decodes one batch, whichever is next.
func (d *decoder) decode(ptrace.Traces) {
	traces := try((&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(d.encoded[d.next]))
	scanned += traces.SpanCount()
	d.next = (d.next + 1) % len(d.encoded)
}
