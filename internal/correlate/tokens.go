// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// HasTokens reports whether a request has a count of tokens.
func (q *Request) HasTokens() bool {
	return q.Number[fact.InputTokens] > 0 || q.Number[fact.OutputTokens] > 0
}

// HasUsage reports whether a request has a count of tokens, or a cost.
func (q *Request) HasUsage() bool { return q.HasTokens() || q.Number[fact.Cost] != llm.Absent }

// Counts returns the tokens as the request's spans count them.
func (q *Request) Counts() usage.Counts {
	c := usage.Counts{
		Input: q.Number[fact.InputTokens], Output: q.Number[fact.OutputTokens], Total: q.Total,
		CacheRead: q.Number[fact.CacheReadTokens], CacheWrite: q.Number[fact.CacheWriteTokens], Reasoning: q.Number[fact.ReasoningTokens],
		Cache: q.Cache, Thoughts: q.Thoughts, Spare: q.SpareOf,
	}
	if q.Spare > 0 {
		switch q.SpareOf {
		case usage.OutputSpare:
			c.Output -= q.Spare
		case usage.CacheSpare:
			c.Input, c.CacheRead = c.Input-q.Spare, usage.Absent
		default:
			c.Input -= q.Spare
		}
	}
	if q.CacheAdded && c.Input != llm.Absent {
		c.Input -= max(c.CacheRead, 0) + max(c.CacheWrite, 0)
	}
	if q.ThoughtsAdded && c.Output != llm.Absent {
		c.Output -= max(c.Reasoning, 0)
	}
	return c
}

// SetCounts makes a request have these tokens: cached ones are a part of its input, reasoning ones of its output.
func (q *Request) SetCounts(c usage.Counts) {
	sums := c.Sums()
	input, output := sums.Input, sums.Output
	if c.Spare == usage.OutputSpare {
		output -= sums.Spare
	} else {
		input -= sums.Spare
	}
	q.Tokens = Tokens{
		Total: c.Total, Spare: sums.Spare, Cache: c.Cache, Thoughts: c.Thoughts, SpareOf: c.Spare,
		CacheAdded: c.Input != usage.Absent && input != c.Input, ThoughtsAdded: c.Output != usage.Absent && output != c.Output,
	}
	if c.Input == usage.Absent && input != usage.Absent {
		q.Cache = usage.Within // of what is left of a total
	}
	if c.Output == usage.Absent && output != usage.Absent {
		q.Thoughts = usage.Within
	}
	q.Number[fact.InputTokens], q.Number[fact.OutputTokens] = sums.Input, sums.Output
	q.Number[fact.CacheReadTokens], q.Number[fact.CacheWriteTokens] = sums.CacheRead, c.CacheWrite
	q.Number[fact.ReasoningTokens] = c.Reasoning
	if c.CacheWrite != usage.Absent {
		q.Number[fact.CacheWriteHourTokens] = min(q.Number[fact.CacheWriteHourTokens], c.CacheWrite)
	}
}

// dropWholes forgets the counts of the sides that another request has counts of, with their parts.
func dropWholes(c, other *usage.Counts) {
	if other.Input != usage.Absent {
		c.Input, c.CacheRead, c.CacheWrite, c.Cache = usage.Absent, usage.Absent, usage.Absent, usage.Unsaid
	}
	if other.Output != usage.Absent {
		c.Output, c.Reasoning, c.Thoughts = usage.Absent, usage.Absent, usage.Unsaid
	}
	c.Total = usage.Absent
}
