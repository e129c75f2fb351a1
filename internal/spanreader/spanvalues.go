// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// spanValues holds the best value found for each fact of the span being read.
type spanValues struct {
	// llmOnly is 1 if the span has a key that only LLM emitters write, or 0.
	llmOnly uint8
	// marked is the first family that a key's presence identifies, or -1.
	marked int16

	// cache and keys are where the meanings of the span's keys are found.
	cache *keyCache
	keys  *keyTable

	start    pcommon.Timestamp
	duration float64 // of the span, in seconds; negative if unknown
	emitter  int16
	ranks    [fact.Carried]uint8
	texts    [fact.Carried]string
	// numbers below fact.Numbers are Absent where there is none.
	numbers [fact.Carried]float64
	// kind is what the Kind attributes say; one that denies outweighs all others.
	kind     emitter.Meaning
	kindRank uint8
	// finish is the list that the best finish reason stands in.
	finish scalar
	// unmetered means that the span was taken for a request without usage, for how it ended.
	unmetered bool
	// proven is the highest layer that a key's presence proves.
	proven llm.Layer
	// undecided is the rank of a time whose unit another key shows; see emitter.MillisOrNanos.
	undecided uint8
	// places are where the keys of wholes and parts say that the parts are counted.
	places [countFields]placeMark
	// placed means that one of them is set.
	placed bool
	memo   *memos
}

// memos are the memories of a batch.
type memos struct {
	operations memo[emitter.Meaning]
	providers  memo[string]
	finishes   memo[emitter.FinishMeaning]
	messages   messageMemo
	names      nameMemo
	words      wordMemo
	events     eventNameMemo
}

// countFields is the number of facts whose keys may say where parts are counted.
const countFields = fact.ReasoningTokens - fact.InputTokens + 1

// placeMark is what the last key of a fact that said a place said, and its rank. It holds if no better key was found.
type placeMark struct {
	place usage.Place
	rank  uint8
}

// zeroRank is added to the rank of a count of 0 tokens, so that it stands behind all others. Emitters write 0 for what they
// do not know. Fewer sources than that carry one fact.
const zeroRank = 127

// isCount reports whether a fact is a number of tokens of which a source may say 0 for nothing known.
func isCount(field fact.Fact) bool {
	return fact.InputTokens <= field && field <= fact.ReasoningTokens || field == fact.TotalTokens
}

// noRanks are the ranks of a span that says nothing.
var noRanks = func() (ranks [fact.Carried]uint8) {
	for i := range ranks {
		ranks[i] = none
	}
	return ranks
}()

// begin forgets what was found so far.
func (f *spanValues) begin(c *keyCache, keys *keyTable) {
	f.cache, f.keys = c, keys
	f.emitter, f.llmOnly, f.marked = c.emitter, 0, unmarked
	f.kind, f.kindRank = emitter.Meaning{}, none
	f.proven, f.unmetered = llm.NoLayer, false
	if f.placed {
		f.places, f.placed = [countFields]placeMark{}, false
	}
	f.undecided = none
	f.ranks = noRanks
	*f.ofRequest() = llm.NoNumbers
}

// ofRequest are the best numbers of a request, Absent where there is none.
func (f *spanValues) ofRequest() *[fact.Numbers]float64 {
	return (*[fact.Numbers]float64)(f.numbers[:])
}

// forget lets go of all that belongs to a span.
func (f *spanValues) forget() {
	clear(f.texts[:])
	f.finish = scalar{}
}

func (f *spanValues) has(field fact.Fact) bool { return f.ranks[field] != none }

// placeIn returns where parts are counted by the best keys of some facts. Of two that differ, that of the conventions' later
// keys counts, which are written within the whole.
func (f *spanValues) placeIn(fields ...fact.Fact) (place usage.Place) {
	if !f.placed {
		return usage.Unsaid
	}
	for _, field := range fields {
		if mark := f.places[field-fact.InputTokens]; f.has(field) && f.ranks[field] == mark.rank {
			place = max(place, mark.place)
		}
	}
	return place
}

// text returns the best text of a fact, or "".
func (f *spanValues) text(field fact.Fact) string {
	if f.ranks[field] == none {
		return ""
	}
	return f.texts[field]
}

// number returns the best number of a fact, or Absent.
func (f *spanValues) number(field fact.Fact) float64 {
	if f.ranks[field] == none {
		return llm.Absent
	}
	return f.numbers[field]
}

// keepWord keeps the only word of a list.
func (f *spanValues) keepWord(field fact.Fact, rank uint8, only string) {
	f.texts[field] = only
	f.ranks[field] = rank
	if field == fact.FinishReason {
		f.finish = scalar{kind: word, text: only}
	}
}

func (f *spanValues) keepNumber(field fact.Fact, rank uint8, number float64) {
	f.numbers[field] = number
	f.ranks[field] = rank
}

// store keeps a value if it is of the encoding and plausible.
func (f *spanValues) store(field fact.Fact, encoding emitter.Encoding, rank uint8, v *scalar) {
	switch encoding {
	case emitter.Text, emitter.BeforeSlash, emitter.AfterSlash, emitter.AfterSlashes, emitter.AfterDots, emitter.ErrorUnlessSuccess,
		emitter.CancelledFlag, emitter.TimedOutFlag, emitter.EndWord, emitter.GRPCStatus, emitter.EnvoyFlags, emitter.FinishOrNull, emitter.TextList:
		word := v.textAs(encoding)
		if encoding == emitter.TextList {
			word = v.deciding(&f.memo.finishes)
		}
		if word == "" {
			return
		}
		if encoding == emitter.FinishOrNull {
			f.keepWord(field, rank, word)
			return
		}
		f.texts[field] = word
		f.ranks[field] = rank
		if field == fact.FinishReason {
			f.finish = *v
		}
	default:
		number, ok := v.numberAs(encoding, f.start, f.duration)
		if !ok {
			return
		}
		if number == 0 && isCount(field) {
			if rank += zeroRank; rank >= f.ranks[field] {
				return
			}
		}
		f.keepNumber(field, rank, number)
		if encoding == emitter.MillisOrNanos {
			f.undecided = rank
		}
	}
}
