// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// modalityRanks are the ranks of all facts of emitter.SplitFacts.
type modalityRanks [fact.AudioCacheReadTokens - fact.TextInputTokens + 1]uint8

// readModalities keeps the tokens of each modality, if there are any.
func (r *Reader) readModalities(f *spanValues, q *correlate.Request, b *Batch) {
	if modalityRanks(f.ranks[fact.TextInputTokens:]) == modalityRanks(noRanks[fact.TextInputTokens:]) {
		return // as most spans
	}
	var told llm.ModalityTokens
	some := false
	for split := range told {
		for modality, field := range emitter.SplitFacts[split] {
			if tokens := f.number(field); tokens > 0 {
				told[split][modality], some = int64(tokens), true
			}
		}
	}
	if some {
		b.ModalityTokens = append(b.ModalityTokens, told)
		q.ModalityIndex = int32(len(b.ModalityTokens))
	}
}
