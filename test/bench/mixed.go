// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

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

func forEach(traces ptrace.Traces, do func(ptrace.Span)) {
	for _, rs := range traces.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				do(span)
			}
		}
	}
}
