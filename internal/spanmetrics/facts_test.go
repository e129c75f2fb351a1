// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

func TestEveryFactThatIsADimensionHasAValue(t *testing.T) {
	for f := fact.None + 1; f < fact.Facts; f++ {
		_, ok := dimensionValues[f]
		assert.Equal(t, f.Row().Has(fact.Dimensional), ok, "%s in dimensionValues", f.Row().Name)
	}
}

// What users may measure by their own metric without the project having one. It follows from other facts, or is of no use to
// most.
var measuredByUsers = []fact.Fact{fact.TotalTokens, fact.ModelDuration, fact.TotalTokenRate, fact.Batches}

func TestEveryFactThatIsMeasuredHasAMetric(t *testing.T) {
	measured := map[fact.Fact]bool{}
	for _, in := range rows() {
		measured[in.Measure] = true
	}
	for f := range fact.All(fact.Measurable) {
		if !slices.Contains(measuredByUsers, f) {
			assert.True(t, measured[f], "%s is measured by no metric", f.Row().Name)
		}
	}
}
