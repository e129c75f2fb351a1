// SPDX-License-Identifier: Apache-2.0

package dialect

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

// Split is a count of tokens that emitters tell by modality, too.
type Split uint8

// The splits.
const (
	SplitInput Split = iota
	SplitOutput
	SplitCacheRead
	// Splits bounds arrays that are indexed by split.
	Splits
)

// SplitFields are the fields of each split's parts.
var SplitFields = [Splits][Modalities]Field{
	SplitInput:     {TextInputTokens, ImageInputTokens, AudioInputTokens},
	SplitOutput:    {TextOutputTokens, ImageOutputTokens, AudioOutputTokens},
	SplitCacheRead: {TextCacheReadTokens, ImageCacheReadTokens, AudioCacheReadTokens},
}
