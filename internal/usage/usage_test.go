// SPDX-License-Identifier: Apache-2.0

package usage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/usage"
)

// truth is what a provider counted: every token once.
type truth struct{ fresh, read, written, text, thought float64 }

func (t truth) input() float64  { return t.fresh + t.read + t.written }
func (t truth) output() float64 { return t.text + t.thought }

// way is how an emitter writes the counts of one side.
type way struct {
	// whole is set if there is a count of the side. apart is set if it leaves out the parts, said if its key says so.
	whole, apart, said bool
	// parts has a bit for each part that is written.
	parts int
}

// ways are all ways in which one side with that many parts can be written.
func ways(parts int) (all []way) {
	for written := range 1 << parts {
		all = append(all, way{parts: written})
		for kind := range 4 {
			all = append(all, way{whole: true, apart: kind&1 != 0, said: kind&2 != 0, parts: written})
		}
	}
	return all
}

// total is how an emitter writes a total.
type total int

const (
	noTotal total = iota
	allTokens
	// sumOfSides is the sum of what the emitter writes as input and output, whatever these leave out.
	sumOfSides
)

// emitter is one way to write the counts of a request.
type emitter struct {
	in, out way
	total   total
}

func emitters() (all []emitter) {
	for _, in := range ways(2) {
		for _, out := range ways(1) {
			for kind := noTotal; kind <= sumOfSides; kind++ {
				if kind == sumOfSides && (!in.whole || !out.whole) {
					continue
				}
				all = append(all, emitter{in, out, kind})
			}
		}
	}
	return all
}

// write returns what a span of the emitter carries.
func (e emitter) write(t truth) usage.Counts {
	c := usage.None
	c.Input, c.Cache = e.in.write(t.input(), t.read+t.written)
	c.Output, c.Thoughts = e.out.write(t.output(), t.thought)
	if e.in.parts&1 != 0 {
		c.CacheRead = t.read
	}
	if e.in.parts&2 != 0 {
		c.CacheWrite = t.written
	}
	if e.out.parts&1 != 0 {
		c.Reasoning = t.thought
	}
	switch e.total {
	case allTokens:
		c.Total = t.input() + t.output()
	case sumOfSides:
		c.Total = c.Input + c.Output
	default:
	}
	return c
}

func (w way) write(all, parts float64) (whole float64, place usage.Place) {
	whole = usage.Absent
	if w.whole {
		whole = all
		if w.apart {
			whole -= parts
		}
		if w.said {
			place = usage.Within
			if w.apart {
				place = usage.Beside
			}
		}
	}
	return whole, place
}

// possible returns every truth of a small range that both spans can have been written of. A truth has their inputs and outputs.
// It knows nothing of how the package works: it tries all truths and all meanings of what no key says.
func possible(spans []usage.Counts, most float64) (found [][2]float64) {
	// What no span counts is nothing.
	read, written, thought := 0.0, 0.0, 0.0
	for _, c := range spans {
		read, written, thought = max(read, c.CacheRead), max(written, c.CacheWrite), max(thought, c.Reasoning)
	}
	for fresh := 0.0; fresh <= most; fresh++ {
		for text := 0.0; text <= most; text++ {
			t := truth{fresh, read, written, text, thought}
			if fits(t, spans) {
				found = append(found, [2]float64{t.input(), t.output()})
			}
		}
	}
	return found
}

// fits reports whether all spans can be written of a truth.
func fits(t truth, spans []usage.Counts) bool {
	for _, c := range spans {
		if !meant(c.Input, c.Cache, t.input(), t.read+t.written) || !meant(c.Output, c.Thoughts, t.output(), t.thought) {
			return false
		}
		if c.Total != usage.Absent && c.Total != t.input()+t.output() && c.Total != c.Input+c.Output {
			return false
		}
	}
	return true
}

func meant(whole float64, place usage.Place, all, parts float64) bool {
	switch {
	case whole == usage.Absent:
		return true
	case place == usage.Within:
		return whole == all
	case place == usage.Beside:
		return whole == all-parts
	default:
		return whole == all || whole == all-parts
	}
}

var truths = []truth{
	{fresh: 5, text: 3},
	{fresh: 5, read: 2, text: 3},
	{fresh: 1, read: 4, written: 2, text: 3, thought: 1},
	{fresh: 2, read: 1, written: 3, text: 1, thought: 4},
	{read: 3, written: 1, text: 2, thought: 2},
	{fresh: 6, read: 1, text: 4, thought: 3},
}

// maxTokens is more than any of truths has in all.
const maxTokens = 14

// Two spans of one request say together the same in either order. A plain search for all truths that fit both finds that. Where
// several fit, any of them is right. Only one that breaks the rule that no part is larger than its whole is not.
func TestTwoSpansSayTogetherWhatFitsBoth(t *testing.T) {
	all := emitters()
	unique, open := 0, 0
	for _, tr := range truths {
		for i, first := range all {
			for at := i % 3; at <= i; at += 3 { // a third of them, which takes a second
				a, b := first.write(tr), all[at].write(tr)
				fitting := possible([]usage.Counts{a, b}, maxTokens)
				if len(fitting) == 0 {
					continue // Both leave out what neither of them counts.
				}
				for _, joined := range []usage.Counts{usage.Join(a, b), usage.Join(b, a)} {
					sums := joined.Sums()
					input, output := sums.Input, sums.Output
					name := func() string { return fmt.Sprintf("%+v of %+v and %+v", tr, a, b) }
					if input != usage.Absent && input < max(joined.CacheRead, 0)+max(joined.CacheWrite, 0) || output != usage.Absent && output < joined.Reasoning {
						require.Fail(t, "a part is larger than its whole", name())
					}
					if input == usage.Absent || output == usage.Absent {
						continue
					}
					if !slices.Contains(fitting, [2]float64{input, output}) {
						require.Contains(t, fitting, [2]float64{input, output}, name())
					}
					if len(fitting) == 1 {
						unique++
					} else {
						open++
					}
				}
			}
		}
	}
	assert.Greater(t, unique, 1000, "pairs of which one truth fits")
	assert.Positive(t, open)
}

// Three spans give the same in any order, where a key of one says what its whole contains.
func TestTheOrderOfThreeSpansDoesNotMatter(t *testing.T) {
	all := emitters()
	random := rand.New(rand.NewPCG(1, 2))
	unique := 0
	for range 20_000 {
		tr := truths[random.IntN(len(truths))]
		spans := make([]usage.Counts, 3)
		for i := range spans {
			spans[i] = all[random.IntN(len(all))].write(tr)
		}
		said := func(place func(usage.Counts) (whole float64, place usage.Place)) bool {
			return slices.ContainsFunc(spans, func(c usage.Counts) bool {
				whole, place := place(c)
				return whole != usage.Absent && place != usage.Unsaid
			})
		}
		if !said(func(c usage.Counts) (float64, usage.Place) { return c.Input, c.Cache }) ||
			!said(func(c usage.Counts) (float64, usage.Place) { return c.Output, c.Thoughts }) {
			continue
		}
		fitting := possible(spans, maxTokens)
		if len(fitting) != 1 {
			continue
		}
		unique++
		for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
			joined := usage.Join(usage.Join(spans[order[0]], spans[order[1]]), spans[order[2]])
			sums := joined.Sums()
			input, output := sums.Input, sums.Output
			if input != usage.Absent && output != usage.Absent {
				require.Contains(t, fitting, [2]float64{input, output}, "%+v of %+v in the order %v", tr, spans, order)
			}
		}
	}
	assert.Greater(t, unique, 1000)
}

// What only a total counts goes to the side that leaves it out, unless another span counts it.
func TestTheRestOfATotalIsGivenWhenAllIsKnown(t *testing.T) {
	counts := func(input, output, total, read, reasoning float64, spare usage.Spare) usage.Counts {
		return usage.Counts{Input: input, Output: output, CacheRead: read, CacheWrite: usage.Absent, Reasoning: reasoning, Total: total, Spare: spare}
	}
	const no = usage.Absent
	for name, test := range map[string]struct {
		spans []usage.Counts
		want  usage.Sums
	}{
		"input":                      {[]usage.Counts{counts(10, 5, 1015, no, no, usage.InputSpare)}, usage.Sums{1010, 5, no, 1000}},
		"output":                     {[]usage.Counts{counts(10, 5, 215, 0, no, usage.OutputSpare)}, usage.Sums{10, 205, 0, 200}},
		"cached":                     {[]usage.Counts{counts(10, 5, 1015, no, no, usage.CacheSpare)}, usage.Sums{1010, 5, 1000, 1000}},
		"nobody's":                   {[]usage.Counts{counts(10, 5, 1015, no, no, usage.NoSpare)}, usage.Sums{10, 5, no, 0}},
		"reasoning counted outside":  {[]usage.Counts{counts(100, 50, 350, no, no, usage.InputSpare), counts(100, 250, 350, no, 200, 0)}, usage.Sums{100, 250, no, 0}},
		"output counted outside":     {[]usage.Counts{counts(100, 50, 350, no, no, usage.InputSpare), counts(100, 250, 350, no, no, 0)}, usage.Sums{100, 250, no, 0}},
		"cache counted outside":      {[]usage.Counts{counts(10, 5, 1015, no, no, usage.OutputSpare), counts(10, 5, no, 1000, no, 0)}, usage.Sums{1010, 5, 1000, 0}},
		"total of the other span":    {[]usage.Counts{counts(10, 5, no, no, no, usage.InputSpare), counts(10, 5, 1015, no, no, 0)}, usage.Sums{1010, 5, no, 1000}},
		"total that leaves out more": {[]usage.Counts{counts(10, 5, 15, no, no, usage.NoSpare), counts(1010, 5, 1015, no, no, 0)}, usage.Sums{1010, 5, no, 0}},
	} {
		joined := test.spans[0]
		for _, other := range test.spans[1:] {
			joined = usage.Join(joined, other)
		}
		assert.Equal(t, test.want, joined.Sums(), name)
	}
}
