// SPDX-License-Identifier: Apache-2.0

package fact_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
)

func TestEveryFactHasARow(t *testing.T) {
	names, titles := map[string]bool{}, map[string]bool{}
	for f := fact.None + 1; f < fact.Facts; f++ {
		row := f.Row()
		if !assert.NotEmpty(t, row.Name, "fact %d has no row in rows.go", f) {
			continue
		}
		assert.Regexp(t, `^[a-z]+(_[a-z]+)*$`, row.Name)
		assert.NotEmpty(t, row.Title, "%s has no title", row.Name)
		assert.False(t, names[row.Name], "two facts are called %s", row.Name)
		assert.False(t, titles[row.Title], "two facts have the title %q", row.Title)
		names[row.Name], titles[row.Title] = true, true
	}
}

func TestEveryNumberHasAUnit(t *testing.T) {
	for f := fact.None + 1; f < fact.Facts; f++ {
		row := f.Row()
		switch row.Type {
		case fact.Seconds:
			assert.Equal(t, "s", row.Unit, "unit of %s", row.Name)
		case fact.Dollars:
			assert.Equal(t, "{USD}", row.Unit, "unit of %s", row.Name)
		case fact.Count, fact.Rate:
			assert.NotEmpty(t, row.Unit, "%s has no unit", row.Name)
		default:
			assert.Equal(t, row.Has(fact.Measurable), row.Unit != "", "%s is measured in %q", row.Name, row.Unit)
		}
	}
}

// What is kept of a request must have a policy for the case that another span describes it, too.
func TestEveryNumberOfARequestSaysHowItMerges(t *testing.T) {
	for f := fact.None + 1; f < fact.Numbers; f++ {
		assert.NotEqual(t, fact.NotKept, f.Row().Merge, "%s has no merge policy", f.Row().Name)
	}
	for f := fact.None + 1; f < fact.Carried; f++ {
		row := f.Row()
		if row.Has(fact.Dimensional) && row.Type != fact.Count && f != fact.ToolName && f != fact.AgentName {
			assert.NotEqual(t, fact.NotKept, row.Merge, "%s is a dimension of requests and has no merge policy", row.Name)
		}
		switch row.Merge {
		case fact.FillTime:
			assert.Equal(t, fact.Seconds, row.Type, "%s is no time", row.Name)
		case fact.FillCount:
			assert.Equal(t, "{token}", row.Unit, "%s are no tokens", row.Name)
		default:
		}
	}
}

func TestWhatIsADimensionOrWrittenHasAnAttribute(t *testing.T) {
	for f := fact.None + 1; f < fact.Facts; f++ {
		row := f.Row()
		assert.Equal(t, row.Uses&(fact.Dimensional|fact.Enriching) != 0, row.Attribute != "", "attribute of %s", row.Name)
	}
}
