// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import "github.com/otelcol-llm/otelcol-llm/internal/fact"

// Quantity is what a metric of the user's own can measure.
type Quantity struct {
	Measure fact.Fact
	// Unit is the unit of the values.
	Unit string
	// Bounds are the bounds of a histogram's explicit buckets, in that unit; nil where there is no usual choice.
	Bounds []float64
}

// Quantities are all that requests, and what lies beside them, can be measured by.
var Quantities = func() map[string]Quantity {
	all := map[string]Quantity{}
	for f := range fact.All(fact.Measurable) {
		row := f.Row()
		all[row.Name] = Quantity{f, row.Unit, row.Bounds}
	}
	return all
}()

// OwnDimensions returns the dimensions that the project's metrics have beside the default ones.
func OwnDimensions() []Dimension { return own() }
