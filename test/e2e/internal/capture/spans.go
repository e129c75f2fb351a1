// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"iter"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Spans yields every span of a batch.
func Spans(batch ptrace.Traces) iter.Seq[ptrace.Span] {
	return func(yield func(ptrace.Span) bool) {
		for _, resource := range batch.ResourceSpans().All() {
			for _, scope := range resource.ScopeSpans().All() {
				for _, span := range scope.Spans().All() {
					if !yield(span) {
						return
					}
				}
			}
		}
	}
}
