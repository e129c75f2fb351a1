// SPDX-License-Identifier: Apache-2.0

package llm

// skipReasons and ruleReasons say for people why a span does not count.
var (
	skipReasons = [Skips]string{
		SkipNoRequest:  "is an agent, a tool, a step or another span of an LLM application",
		SkipUnproven:   "names a model, and nothing shows that it is a call: no operation, no usage, and too little of a call that failed or was answered",
		SkipNoModel:    "has attributes of LLM applications, and names no model",
		SkipUnfinished: "has no end",
		SkipLayer:      "was measured at a layer that is not counted",
		SkipExcluded:   "is excluded by the settings",
		SkipSignal:     "is of a service whose requests the settings have read from its other signal",
	}
	ruleReasons = [Rules + 1]string{
		Supplemented: "adds to what the span of a request carries",
		Sequence:     "is a further output or phase of a request that an engine wrote down already",
		Wrapper:      "encloses the span that describes the request more closely",
		Sibling:      "describes the same call as a span of another instrumentation beside it",
		Attempt:      "is a failed attempt of a request that was sent again",
		SameID:       "has the response or request id of another span of its layer",
		Resent:       "was counted before: a sender repeated it, or an emitter wrote it twice",
		LeftOut:      "was measured at a layer that is not counted",
		OtherSignal:  "is of a service whose other signal, spans or log events, counts",
	}
)

// Reason says why such a span does not count, as the end of a sentence about it.
func (s Skip) Reason() string { return skipReasons[s] }

// Reason says why such a request does not count, as the end of a sentence about its span. It is empty for Unique.
func (r Rule) Reason() string { return ruleReasons[r] }
