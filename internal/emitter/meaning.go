// SPDX-License-Identifier: Apache-2.0

package emitter

import "github.com/otelcol-llm/otelcol-llm/internal/llm"

// Meaning is what a word says about a span.
type Meaning struct {
	// Class is the span's class.
	Class llm.Class
	// Operation is the convention's name of the operation, if the word implies one. Runs of agents and tools, which are no
	// requests, have one, too.
	Operation string
	// Stream is whether the word implies a streamed response, if it does.
	Stream llm.Streaming
}

// streamed returns the meaning of a word that says the same, and that the response was streamed.
func (m Meaning) streamed() Meaning {
	m.Stream = llm.Streamed
	return m
}
