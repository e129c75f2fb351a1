// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

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

// renewMixed makes other requests of captured spans: with other trace ids and other ids of answers.
func renewMixed(traces ptrace.Traces, number uint64) {
	forEach(traces, func(span ptrace.Span) {
		id := span.TraceID()
		for i := range 8 {
			id[i] = byte(number >> (8 * i))
		}
		span.SetTraceID(id)
		renewAnswers(span.Attributes(), number)
		for _, event := range span.Events().All() {
			renewAnswers(event.Attributes(), number)
		}
	})
}

func renewAnswers(attributes pcommon.Map, number uint64) {
	for key, value := range attributes.All() {
		if value.Type() == pcommon.ValueTypeStr && answerID(key) {
			text, _, _ := strings.Cut(value.Str(), "~")
			value.SetStr(fmt.Sprintf("%s~%d", text, number))
		}
	}
}

func answerID(key string) bool {
	return strings.HasSuffix(key, "response.id") || strings.HasSuffix(key, "response_id") || strings.HasSuffix(key, "request.id") || strings.HasSuffix(key, "request_id")
}
