// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// Reader reads requests out of spans. It is compiled once from the emitters' tables and never changes. Many goroutines may use
// it, each with its own Batch.
type Reader struct {
	emitters []compiledFamily
	families []emitter.Family
	// identifying are the keys of the resource attributes that identify a family, resourceRules the rules of each.
	identifying      keyIndex
	resourceRules    []resourceRules
	keys             keyTable
	events           map[string][]eventRow
	eventPatterns    []eventRow
	operations       map[string]emitter.Meaning
	providers        map[string]string
	resource         keyIndex
	options          Options
	models           renames
	signals          renames
	providerPatterns renames
	maxText          int
	layers           [llm.Layers]bool
	// inputRank is the rank of emitter.InputKey.
	inputRank uint8
	// shortRank is the rank of tokens that a cache keeps for minutes. It holds where nothing counts all that were written.
	shortRank uint8
	// modalities is set if tokens by modality are read.
	modalities bool
}

// Emitters returns the number of emitter families; Request.Emitter is below it.
func (r *Reader) Emitters() int { return len(r.emitters) }

// EmitterName returns the name of a request's emitter family, or "" if none is known.
func (r *Reader) EmitterName(index int16) string {
	if index < 0 {
		return ""
	}
	return r.emitters[index].name
}

// compiledFamily is what the reader needs of a family for each span.
type compiledFamily struct {
	name     string
	layer    llm.Layer
	provider string
	traits   emitter.Quirk
	// events is set if the family has log events.
	events bool
	counts emitter.Counts
	spans  []emitter.Span
	// named are the rows of the names without a star, which are found at once.
	named map[string]int
}

// eventRow is one use of an event, compiled from emitter.Event.
type eventRow struct {
	emitter.Event
	rank uint8
}

// resourceRules are the values of one resource attribute that identify a family.
type resourceRules struct {
	whole    map[string]int16
	patterns []resourceRule
}

// resourceRule is a pattern of values that identify a family.
type resourceRule struct {
	pattern string
	emitter int16
}
