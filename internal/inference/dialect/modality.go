// SPDX-License-Identifier: Apache-2.0

package dialect

import "github.com/otelcol-llm/otelcol-llm/internal/llm"

// SplitFields are the fields of each split's parts.
var SplitFields = [llm.Splits][llm.Modalities]Field{
	llm.SplitInput:     {TextInputTokens, ImageInputTokens, AudioInputTokens},
	llm.SplitOutput:    {TextOutputTokens, ImageOutputTokens, AudioOutputTokens},
	llm.SplitCacheRead: {TextCacheReadTokens, ImageCacheReadTokens, AudioCacheReadTokens},
}
