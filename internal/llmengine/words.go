// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"regexp"
	"sync"
)

// Values of llm.outcome.
const (
	success   = "success"
	failure   = "error"
	cancelled = "cancelled"
)

// outcomes are finish reasons and statuses that mean no success. Those that are not known are ends of generation.
var outcomes = []Word{
	{"(?i:.*(abort|cancel|disconnect).*)", cancelled},
	{"(?i:.*(error|fail|timeout|invalid|overload).*)", failure},
}

// outcomeOf makes llm.outcome of a label.
func outcomeOf(labels ...string) Attr { return Attr{Labels: labels, Words: outcomes, Rest: success} }

// finished makes both attributes of llm.engine.requests from a label with the finish reason. The simulator of llm-d writes
// finish_reason (read at eec055a).
var finished = [2]Attr{outcomeOf("finished_reason", "finish_reason"), {Labels: []string{"finished_reason", "finish_reason"}}}

// ended is a fixed outcome.
func ended(outcome string) [2]Attr { return [2]Attr{{Fixed: outcome}} }

// fixed are attributes that the family itself says.
func fixed(values ...string) (attrs [2]Attr) {
	for i, v := range values {
		attrs[i].Fixed = v
	}
	return attrs
}

func is(label string, values ...string) []Match { return []Match{{Label: label, Values: values}} }

// patterns are compiled once.
var patterns sync.Map

// value is that of a series.
func (a *Attr) value(labels LabelSet) string {
	v := first(labels, a.Labels)
	if v == "" {
		return a.Fixed
	}
	if len(a.Words) == 0 {
		return v
	}
	for _, w := range a.Words {
		if w.matches(v) {
			return w.Value
		}
	}
	return a.Rest
}

func (w Word) matches(value string) bool {
	compiled, found := patterns.Load(w.Pattern)
	if !found {
		compiled, _ = patterns.LoadOrStore(w.Pattern, regexp.MustCompile("^(?:"+w.Pattern+")$"))
	}
	return compiled.(*regexp.Regexp).MatchString(value)
}
