// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Condition restricts the requests that an instrument measures.
type Condition uint64

// The conditions; they add up. The upper half of the bits is for those of users; see Given.
//
//	 63                      32 31                       0
//	+--------------------------+--------------------------+
//	| the user's, by index     | those below              |
//	+--------------------------+--------------------------+
const (
	Always Condition = 0
	// Succeeded requests ended with success.
	Succeeded Condition = 1 << iota
	// Streamed requests are known to have been streamed.
	Streamed
	// Completions are requests for generated text, Embeddings those for vectors, Others those for ranks and media.
	Completions
	Embeddings
	Others
	// NoClient, NoGateway and NoServer requests are of another layer.
	NoClient
	NoGateway
	NoServer
	// NoSuccess, NoError and NoCancellation requests ended in another way.
	NoSuccess
	NoError
	NoCancellation
	// Whole requests are none of which a part was counted before.
	Whole
)

// given is the place of the first condition that users give.
const given = 32

// Given returns the condition that the user's condition with an index, up to 31, holds; see
// spanreader.Options.Conditions.
func Given(index int) Condition { return 1 << (given + index) }

// conditionsOf returns the conditions that hold for a request.
func conditionsOf(q *llm.Request) Condition {
	holds := Whole | inLayer[q.Layer] | endedAs[q.Outcome] | Condition(q.Conditions)<<given
	if q.Stream == llm.Streamed {
		holds |= Streamed
	}
	switch q.Class {
	case llm.Inference, llm.Supplement: // what is streamed is text
		return holds | Completions
	case llm.Embeddings:
		return holds | Embeddings
	default:
		return holds | Others
	}
}

// conditionsOfAside returns the conditions that hold for what is no request. Those that only requests can meet do.
func conditionsOfAside(a *llm.NonRequest) Condition {
	outcome := llm.Success
	if a.Failed {
		outcome = llm.Error
	}
	return Whole | Succeeded | Streamed | Completions | Embeddings | Others | inLayer[a.Layer] | endedAs[outcome] | Condition(a.Conditions)<<given
}

// outsides and others are the conditions that one layer, and one outcome, does not meet.
var (
	outsides = [llm.Layers]Condition{
		llm.Client: NoClient, llm.Gateway: NoGateway, llm.Server: NoServer,
	}
	others = [...]Condition{
		llm.Success: NoSuccess, llm.Error: NoError, llm.Cancelled: NoCancellation,
	}
)

// inLayer and endedAs are the conditions that one layer, and one outcome, meets.
var (
	inLayer = func() (met [llm.Layers]Condition) {
		for l := range met {
			met[l] = (NoClient | NoGateway | NoServer) &^ outsides[l]
		}
		return met
	}()
	endedAs = func() (met [len(others)]Condition) {
		for o := range met {
			met[o] = (NoSuccess | NoError | NoCancellation) &^ others[o]
		}
		met[llm.Success] |= Succeeded
		return met
	}()
)

// within returns the condition that a request is of one of the layers.
func within(layers []llm.Layer) (c Condition) {
	for l, outside := range outsides {
		if !slices.Contains(layers, llm.Layer(l)) {
			c |= outside
		}
	}
	return c
}

// Ended returns the condition that a request ended in one of the ways.
func Ended(as []llm.Outcome) (c Condition) {
	for o, outside := range others {
		if !slices.Contains(as, llm.Outcome(o)) {
			c |= outside
		}
	}
	return c
}
