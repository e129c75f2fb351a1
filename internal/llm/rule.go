// SPDX-License-Identifier: Apache-2.0

package llm

// Rule is how a request was found to be described by more than one span.
type Rule uint8

// The rules, in the order in which they are applied.
const (
	// Unique requests are counted.
	Unique Rule = iota
	// Supplemented spans add to what another span says and never count.
	Supplemented
	// Sequence spans are further outputs or phases of a request that an engine already wrote down.
	Sequence
	// Wrapper spans enclose the span that describes the request more closely.
	Wrapper
	// Sibling spans are a second instrumentation's description of the same call.
	Sibling
	// Attempt spans are failed attempts of a request that was sent again.
	Attempt
	// SameID spans carry the response or request id of another span of their layer.
	SameID
	// Resent spans were counted before; a sender repeated them, or an emitter wrote them twice.
	Resent
	// OtherSignal spans and log events are of a service whose requests the other one of the two counts.
	OtherSignal
	// Rules is the number of rules.
	Rules
	// LeftOut is set on requests that are not counted though nothing else describes them; see Batch.LeaveOut.
	LeftOut = Rules
)

var ruleNames = [Rules + 1]string{
	Supplemented: "supplement", Sequence: "sequence", Wrapper: "wrapper", Sibling: "sibling", Attempt: "attempt",
	SameID: "same_id", Resent: "resent", LeftOut: "layer", OtherSignal: "other_signal",
}

// String returns the rule's name in self telemetry.
func (r Rule) String() string { return ruleNames[r] }
