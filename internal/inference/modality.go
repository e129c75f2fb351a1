// SPDX-License-Identifier: Apache-2.0

package inference

import "github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"

// ModalityTokens are parts of a request's token counts by modality; 0 where nothing is told. Whether they fit the
// whole was not looked at.
type ModalityTokens [dialect.Splits][dialect.Modalities]int64

// Modalities returns the tokens of a request of each modality, or nil if its span tells of none. They are valid until
// Reset.
func (b *Batch) Modalities(q *Request) *ModalityTokens {
	if q.modalities == 0 {
		return nil
	}
	return &b.modalities[q.modalities-1]
}

// readModalities keeps the tokens of each modality, if there are any.
func (r *Reader) readModalities(f *found, q *Request, b *Batch) {
	var told ModalityTokens
	some := false
	for split := range told {
		for modality, field := range dialect.SplitFields[split] {
			if tokens := f.number(field); tokens > 0 {
				told[split][modality], some = int64(tokens), true
			}
		}
	}
	if some {
		b.modalities = append(b.modalities, told)
		q.modalities = int32(len(b.modalities))
	}
}

// inheritModalities takes the other's modalities where there are none, if both count the same tokens.
func (q *Request) inheritModalities(other *Request) {
	if q.modalities == 0 && q.InputTokens == other.InputTokens && q.OutputTokens == other.OutputTokens {
		q.modalities = other.modalities
	}
}
