// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// sample is what is added to the records at once. It is a request, a further part of one, or a number that is no request.
type sample struct {
	measurements
	// about is what its dimensions are of, and stand what takes the place of a request where there is none.
	about      *llm.Request
	stand      llm.Request
	conditions Condition
	// end is the end of the request's span, where a derived measure needs it.
	end pcommon.Timestamp
	// weight is the number of requests that the request stands for, and times the same as a float.
	weight uint64
	times  float64
	// before is the start time of series that the observation is the first of.
	before pcommon.Timestamp
	// gaps are the values of fact.TimePerOutputChunk.
	gaps []float64
	// reasons are the request's finish reasons, verdicts what targets say of it.
	reasons  []string
	verdicts []verdict
	// example is the request, if it may be an exemplar, or nil.
	example *llm.Request
}

// wants reports whether an observation has a value for one of the facet's series.
func (f *facet) wants(o *sample) bool {
	for i := range f.steps {
		t := &f.steps[i]
		if o.measurements[t.measure] >= t.least && t.when&^o.conditions == 0 {
			return true
		}
	}
	return false
}

// meets reports whether conditions are those of one of the facet's series.
func (f *facet) meets(conditions Condition) bool {
	for i := range f.series {
		if f.series[i].when&^conditions == 0 {
			return true
		}
	}
	return false
}
