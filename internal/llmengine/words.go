// SPDX-License-Identifier: Apache-2.0

package llmengine

import "strings"

// Values of llm.outcome.
const (
	success   = "success"
	failure   = "error"
	cancelled = "cancelled"
)

// outcomes are parts of finish reasons and statuses that mean no success.
var outcomes = []struct{ part, outcome string }{
	{"abort", cancelled}, {"cancel", cancelled}, {"disconnect", cancelled},
	{"error", failure}, {"fail", failure}, {"timeout", failure}, {"invalid", failure}, {"overload", failure},
}

// outcome of a finish reason. Reasons that are not known are ends of generation: a success.
func outcome(reason string) string {
	lower := strings.ToLower(reason)
	for _, o := range outcomes {
		if strings.Contains(lower, o.part) {
			return o.outcome
		}
	}
	return success
}

// finished makes both attributes of llm.engine.requests from a label with the finish reason. The simulator of llm-d writes
// finish_reason (read at eec055a).
var finished = [2]Attr{
	{Labels: []string{"finished_reason", "finish_reason"}, Func: outcome},
	{Labels: []string{"finished_reason", "finish_reason"}, Func: strings.ToLower},
}

// ended is a fixed outcome; ended by is a label with more about it.
func ended(outcome string) [2]Attr { return [2]Attr{{Fixed: outcome}} }

func fixed(values ...string) (attrs [2]Attr) {
	for i, v := range values {
		attrs[i].Fixed = v
	}
	return attrs
}

func is(label string, values ...string) []Match { return []Match{{Label: label, Values: values}} }
