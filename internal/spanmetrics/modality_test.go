// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestTheTokensOfAllModalitiesAreTheWhole(t *testing.T) {
	const none = llm.Absent
	for _, test := range []struct {
		name  string
		whole float64
		told  [llm.Modalities]int64
		// want are the tokens of unknown modality, of text, image and audio.
		want []float64
	}{
		{"nothing is there", 10, [3]int64{}, []float64{10, none, none, none}},
		{"a part is there", 10, [3]int64{llm.AudioTokens: 4}, []float64{6, none, none, 4}},
		{"all is there", 10, [3]int64{5, 1, 4}, []float64{none, 5, 1, 4}},
		{"more than all is there", 10, [3]int64{5, 2, 4}, []float64{10, none, none, none}},
		{"the whole is zero", 0, [3]int64{}, []float64{0, none, none, none}},
		{"the whole is not known", none, [3]int64{llm.AudioTokens: 4}, []float64{none, none, none, none}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i, s := range splits {
				var m measurements
				for _, other := range splits {
					m[other.whole] = 1
				}
				m[s.whole] = test.whole
				told := llm.ModalityTokens{}
				told[i] = test.told
				m.split(&told)
				assert.Equal(t, test.want, m[s.parts:s.parts+ofModality])
			}
		})
	}
}
