// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// counted returns the only request of the spans that counts, and its audio tokens of the input.
func counted(t *testing.T, options spanreader.Options, spans ...spanOf) (q llm.Request, audio int64) {
	t.Helper()
	options.MaxText = 256
	r := spanreader.NewReader(options)
	b := r.NewBatch()
	r.Read(tracesOf(t, spans...), b)
	i := slices.IndexFunc(b.Requests, func(q llm.Request) bool { return q.Duplicate == llm.Unique })
	require.GreaterOrEqual(t, i, 0)
	if told := b.Modalities(&b.Requests[i]); told != nil {
		audio = told[llm.SplitInput][llm.AudioTokens]
	}
	return b.Requests[i], audio
}

func TestModalitiesAreInheritedWithTheTokensThatTheyArePartsOf(t *testing.T) {
	const whole, part = "gen_ai.usage.input_tokens", "gen_ai.usage.audio.input_tokens"
	for _, test := range []struct {
		name         string
		outer, inner []any
		audio        int64
	}{
		{"the inner one has neither", []any{whole, 10, part, 4}, nil, 4},
		{"both count the same tokens", []any{whole, 10, part, 4}, []any{whole, 10}, 4},
		{"the outer one counts others, too", []any{whole, 20, part, 4}, []any{whole, 10}, 0},
		{"both have them", []any{whole, 10, part, 4}, []any{whole, 10, part, 3}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, audio := counted(t, spanreader.Options{},
				spanOf{scope: other, id: 1, to: 100, attributes: chat("m", test.outer...)},
				spanOf{scope: client, id: 2, parent: 1, to: 90, attributes: chat("m", test.inner...)},
			)
			assert.Equal(t, byte(2), q.SpanID[7])
			assert.Equal(t, test.audio, audio)
		})
	}
}

func TestModalitiesThatNobodyCountsAreNotRead(t *testing.T) {
	span := spanOf{scope: client, id: 1, to: 100, attributes: chat("m", "gen_ai.usage.audio.input_tokens", 4)}
	_, audio := counted(t, spanreader.Options{}, span)
	assert.Equal(t, int64(4), audio)
	var unread []fact.Fact
	for _, parts := range emitter.SplitFacts {
		unread = append(unread, parts[:]...)
	}
	_, audio = counted(t, spanreader.Options{Unread: unread}, span)
	assert.Zero(t, audio)
}
