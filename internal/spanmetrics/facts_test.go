// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
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
