// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
)

// column is something that users look for on an emitter's spans.
type column struct {
	title string
	// keys are the keys of expected.json, one of which shows it.
	keys []string
	// outcome is, instead of keys, the outcome that shows it.
	outcome string
}

// The columns of the matrix, in its order. Browsers may break long titles, so that all columns fit beside each other.
const (
	duration = iota
	firstToken
	input
	output
	cached
	reasoning
	cost
	finish
	streaming
	errored
	cancelled
)

var columns = []column{
	duration:   {title: "dura&shy;tion", keys: []string{"duration_s"}},
	firstToken: {title: "TTFT", keys: []string{"ttft_s"}},
	input:      {title: "input", keys: []string{"input_tokens"}},
	output:     {title: "output", keys: []string{"output_tokens"}},
	cached:     {title: "cached", keys: []string{"cache_read_tokens", "cache_write_tokens"}},
	reasoning:  {title: "rea&shy;soning", keys: []string{"reasoning_tokens"}},
	cost:       {title: "cost", keys: []string{"cost_usd"}},
	finish:     {title: "finish reason", keys: []string{"finish_reasons"}},
	streaming:  {title: "stream&shy;ing", keys: []string{"stream"}},
	errored:    {title: "errors", outcome: "error"},
	cancelled:  {title: "cancel&shy;lation", outcome: "cancelled"},
}

// proven reports whether a case shows the column.
func (c column) proven(s *corpus.Shown) bool {
	if s == nil {
		return false
	}
	if c.outcome != "" {
		return s.Outcomes[c.outcome] > 0
	}
	return slices.ContainsFunc(c.keys, func(key string) bool { return s.Keys[key] > 0 })
}
