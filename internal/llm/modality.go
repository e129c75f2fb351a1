// SPDX-License-Identifier: Apache-2.0

package llm

// Modality is the kind of content that tokens stand for.
type Modality uint8

// The modalities. Source: gen_ai.token.modality of semantic-conventions-genai.
const (
	TextTokens Modality = iota
	ImageTokens
	AudioTokens
	// Modalities bounds arrays that are indexed by modality.
	Modalities
)

// String returns the value of the attribute gen_ai.token.modality.
func (m Modality) String() string { return [...]string{"text", "image", "audio"}[m] }

// Split is a count of tokens that emitters also write by modality.
type Split uint8

// The splits.
const (
	SplitInput Split = iota
	SplitOutput
	SplitCacheRead
	// Splits bounds arrays that are indexed by split.
	Splits
)

// ModalityTokens are parts of a request's token counts by modality; 0 where the span has none. Whether they fit the
// whole was not looked at.
type ModalityTokens [Splits][Modalities]int64
