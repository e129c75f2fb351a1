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
	// Cached is set if the answer came out of a cache of answers, so that no model was called. Some people say so of the provider's
	// cache of prompts; then the span has tokens that were read from it.
	Cached bool
}

// streamed returns the meaning of a word that says the same, and that the response was streamed.
func (m Meaning) streamed() Meaning {
	m.Stream = llm.Streamed
	return m
}
