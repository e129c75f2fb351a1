// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const minute = time.Minute

// lost is the number of spans whose tokens may be a counted request's, and do not count.
func lost(e *Engine) (n uint64) {
	for _, lack := range e.Stats().Missing {
		if lack.What == MissingLateTokens {
			n += lack.Count
		}
	}
	return n
}

// A request that was counted without tokens gets those of what describes it later, once.
func TestTokensThatComeLateCountOnce(t *testing.T) {
	bare := link{operation: "chat", id: 5, parent: 4, from: 1, to: 2}
	step := link{operation: "chain", id: 4, parent: 3, to: 3}
	wrapper := link{operation: "chat", id: 3, parent: 2, to: 40, input: 10}
	outer := link{operation: "chat", id: 2, to: 41, input: 10}
	inside := link{operation: "chat", id: 6, parent: 5, from: 1, to: 2, input: 10}
	second := link{operation: "chat", id: 7, parent: 3, from: 3, to: 4}
	with := func(l link, input int64) link { l.input = input; return l }
	at := func(parent byte, l link) link { l.parent = parent; return l }
	for name, test := range map[string]struct {
		arrivals []arrival
		requests uint64
		input    float64
		lost     uint64
	}{
		"a wrapper":                      {[]arrival{at(3, bare).sent(0), wrapper.sent(2 * minute)}, 1, 10, 0},
		"a wrapper that comes twice":     {[]arrival{at(3, bare).sent(0), wrapper.sent(2 * minute), wrapper.sent(4 * minute)}, 1, 10, 0},
		"a wrapper after a link":         {[]arrival{bare.sent(0), step.sent(minute), wrapper.sent(3 * minute)}, 1, 10, 0},
		"a wrapper with a link":          {[]arrival{bare.sent(0), step.sent(2 * minute), wrapper.sent(2 * minute)}, 1, 10, 0},
		"a wrapper after the link there": {[]arrival{bare.sent(0), step.sent(0), wrapper.sent(2 * minute)}, 1, 10, 0},
		"two wrappers":                   {[]arrival{at(3, bare).sent(0), wrapper.sent(2 * minute), outer.sent(4 * minute)}, 1, 10, 0},
		"a wrapper without, one with":    {[]arrival{at(3, bare).sent(0), with(wrapper, 0).sent(2 * minute), outer.sent(4 * minute)}, 1, 10, 0},
		"two wrappers at once":           {[]arrival{at(3, bare).sent(0), outer.sent(2 * minute), wrapper.sent(2 * minute)}, 1, 10, 0},
		"a span inside":                  {[]arrival{bare.sent(0), inside.sent(2 * minute)}, 1, 10, 0},
		"a span inside, twice":           {[]arrival{bare.sent(0), inside.sent(2 * minute), inside.sent(4 * minute)}, 1, 10, 0},
		"a wrapper of one with tokens":   {[]arrival{with(at(3, bare), 10).sent(0), wrapper.sent(2 * minute)}, 1, 10, 0},
		// Each may be all that the other one has.
		"a wrapper, and a span inside": {[]arrival{at(3, bare).sent(0), wrapper.sent(2 * minute), with(inside, 7).sent(4 * minute)}, 1, 10, 1},
		"a span inside, and a wrapper": {[]arrival{at(3, bare).sent(0), inside.sent(2 * minute), with(wrapper, 30).sent(4 * minute)}, 1, 10, 1},
		// The wrapper further up has the sum of several.
		"one further up": {[]arrival{bare.sent(0), step.sent(0), with(wrapper, 10).sent(2 * minute), with(outer, 30).sent(4 * minute)}, 1, 10, 0},
		"a wrapper of two, one with tokens": {
			[]arrival{at(3, bare).sent(0), with(second, 4).sent(time.Second), with(wrapper, 14).sent(2 * minute)}, 2, 4, 0,
		},
		"a wrapper of two without": {
			[]arrival{at(3, bare).sent(0), second.sent(time.Second), with(wrapper, 14).sent(2 * minute)}, 2, 14, 0,
		},
		"one of the same id": {[]arrival{bare.named("r").sent(0), link{operation: "chat", id: 8, parent: 1, from: 50, to: 51, input: 10}.named("r").sent(2 * minute)}, 1, 10, 0},
	} {
		t.Run(name, func(t *testing.T) {
			e, now := arrive(t, waitingOptions(), test.arrivals)
			all := settled(t)(e, now)
			assert.Equal(t, test.requests, e.Stats().Requests, "requests")
			assert.InDelta(t, test.input, all.perMetric()["llm.usage.input_tokens"].sum, 0, "input tokens")
			assert.Equal(t, test.lost, lost(e), "spans whose tokens do not count")
			requireAccount(t, e)
		})
	}
}

// A call with spans around it and inside comes in any order, some of it late. Each of its spans that has tokens has them all. They
// count once, or it is counted that they may be missing.
func TestTokensNeverCountTwiceWhateverComesLate(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	late := 0
	for n := range 1000 {
		// From the outermost span to the innermost one.
		var spans []link
		metered := false
		for depth := range 2 + random.IntN(4) {
			l := link{operation: []string{"chat", "chat", "chain"}[random.IntN(3)], id: byte(10 + depth), parent: byte(9 + depth), from: float64(depth), to: 30 - float64(depth)}
			if depth == 0 {
				l.operation, l.parent = "chat", 0
			}
			if l.operation == "chat" && random.IntN(2) == 0 {
				l.input, metered = 10, true
			}
			spans = append(spans, l)
		}
		random.Shuffle(len(spans), func(i, j int) { spans[i], spans[j] = spans[j], spans[i] })
		var arrivals []arrival
		after, shown := time.Duration(0), ""
		for _, l := range spans {
			after += []time.Duration{0, time.Second, 20 * time.Second, 2 * minute}[random.IntN(4)]
			arrivals = append(arrivals, l.sent(after))
			shown += fmt.Sprintf("%v %s %d below %d, %d tokens\n", after, l.operation, l.id, l.parent, l.input)
		}
		e, now := arrive(t, waitingOptions(), arrivals)
		input := settled(t)(e, now).perMetric()["llm.usage.input_tokens"].sum
		requests := e.Stats().Requests
		require.LessOrEqual(t, input, 10*float64(requests), "call %d: counted twice\n%s", n, shown)
		if metered && requests == 1 && input == 0 {
			require.NotZero(t, lost(e), "call %d: lost without a word\n%s", n, shown)
		}
		for _, count := range e.Stats().Late {
			late += int(count)
		}
	}
	require.Greater(t, late, 300, "spans that came late")
}
