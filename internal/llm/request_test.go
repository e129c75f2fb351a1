// SPDX-License-Identifier: Apache-2.0

package llm_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

func TestEveryTextThatIsTakenFromOtherSpansHasAPlace(t *testing.T) {
	var q llm.Request
	places := map[*string]string{}
	for f := fact.None + 1; f < fact.Facts; f++ {
		row := f.Row()
		if row.Merge != fact.Fill || row.Type != fact.Text {
			continue
		}
		if place := q.Text(f); assert.NotNil(t, place, "llm.Request.Text has no %s", row.Name) {
			assert.Empty(t, places[place], "%s and %s have one place", row.Name, places[place])
			places[place] = row.Name
		}
	}
}
