// SPDX-License-Identifier: Apache-2.0

package emitter

import (
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// SplitFacts are the facts of each split's parts.
var SplitFacts = [llm.Splits][llm.Modalities]fact.Fact{
	llm.SplitInput:     {fact.TextInputTokens, fact.ImageInputTokens, fact.AudioInputTokens},
	llm.SplitOutput:    {fact.TextOutputTokens, fact.ImageOutputTokens, fact.AudioOutputTokens},
	llm.SplitCacheRead: {fact.TextCacheReadTokens, fact.ImageCacheReadTokens, fact.AudioCacheReadTokens},
}
