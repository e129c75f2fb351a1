// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
)

const (
	// maxJSON is the length in bytes up to which JSON text is searched for named values.
	maxJSON = 256 << 10
	// maxWords bounds the entries of a list that are looked at.
	maxWords = 64
)

// each calls yield for each word of a list until it returns false. The list came as an array, as the JSON text of one, or as bare
// words with commas between them. Words may stand in brackets.
func (v *scalar) each(yield func(string) bool) {
	switch v.kind {
	case word:
		yield(v.text)
	case list:
		for i := range min(v.list.Len(), maxWords) {
			item := attributeScalar(v.list.At(i))
			if w := item.words(); w != "" && !yield(w) {
				return
			}
		}
	case text:
		s := v.words()
		if s == "" || s[0] != '[' {
			eachBare(s, yield)
			return
		}
		if bare, ok := strings.CutSuffix(s[1:], "]"); ok && bare != "" && 'a' <= bare[0]|0x20 && bare[0]|0x20 <= 'z' {
			eachBare(bare, yield)
			return
		}
		if len(s) > maxJSON {
			return
		}
		left := maxWords
		gjson.Parse(s).ForEach(func(_, item gjson.Result) bool {
			left--
			entry := scalar{kind: text, text: item.Str}
			w := entry.words()
			return left >= 0 && (w == "" || yield(w))
		})
	default:
	}
}

// eachBare calls yield for each of the words in text that have commas between them.
func eachBare(list string, yield func(string) bool) {
	for range maxWords {
		first, rest, more := strings.Cut(list, ",")
		entry := scalar{kind: text, text: first}
		if w := entry.words(); w != "" && !yield(w) {
			return
		}
		if !more {
			return
		}
		list = rest
	}
}

// isWord reports whether a list came as one bare word.
func (v *scalar) isWord() bool {
	if v.kind != text {
		return v.kind == word
	}
	s := trim(v.text)
	return s == "" || s[0] != '[' && strings.IndexByte(s, ',') < 0
}

// deciding returns the word of a list of finish reasons that decides the outcome. It is the first failure, else the first that
// ends a request, else the first.
func (v *scalar) deciding(m *memo[emitter.FinishMeaning]) string {
	if v.isWord() {
		return v.words()
	}
	best, ends := "", false
	v.each(func(reason string) bool {
		meaning, _ := m.of(reason, emitter.FinishReasons, lookUp)
		if meaning >= emitter.FinishError {
			best = reason
			return false
		}
		if end := meaning == emitter.FinishSuccess; best == "" || end && !ends {
			best, ends = reason, end
		}
		return true
	})
	return best
}

// toJSON returns a JSON object out of one that Python printed. LangSmith's Python SDK writes numbers by name in that way.
func toJSON(object string) string {
	if !strings.HasPrefix(object, "{'") {
		return object
	}
	return pythonic.Replace(object)
}

var pythonic = strings.NewReplacer("'", `"`, ": None", ": null", ": True", ": true", ": False", ": false")

// partsOf returns the sum of an object's member and its parts, those whose names contain the member's. It also returns whether
// the object keeps parts apart. Then all of its members add up to the member "total", which is their sum where it is missing.
// Cached tokens stand by modality a second time, beside the input's, and are not added.
func partsOf(object, member string) (sum float64, apart bool) {
	all, total := 0.0, -1.0
	gjson.Parse(object).ForEach(func(name, value gjson.Result) bool {
		v := jsonScalar(value)
		n, ok := v.count()
		switch k := name.Str; {
		case !ok, strings.HasPrefix(k, "cached_"):
		case k == "total":
			total = n
		default:
			all += n
			if strings.Contains(k, member) {
				sum += n
			}
		}
		return true
	})
	return sum, (all == total || total < 0) && sum <= maxCount
}
