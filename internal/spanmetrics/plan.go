package spanmetrics

import (
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
)

// plan is a catalogue compiled for speed: which series a request of a layer touches, and where each
// keeps its numbers.
type plan struct {
	common []Dimension
	// extras are all dimensions beyond the common ones, each once.
	extras  []Dimension
	metrics []metric
	layers  [inference.Layers][]facet
}

// metric is one metric as it goes out.
type metric struct {
	name, description, unit string
	kind                    Kind
	buckets                 Buckets
}

// facet is a group of series with the same dimensions. A record keeps one cell per facet and set of
// extra values, so that series with fewer dimensions never appear twice.
type facet struct {
	extras []int // indices into plan.extras
	series []seriesPlan
	// buckets is the number of explicit buckets of all series together.
	buckets int
	// each is the index in plan.extras of a dimension with several values for a request, or -1.
	each int
}

type seriesPlan struct {
	metric  int // index into plan.metrics
	measure Measure
	when    Condition
	kind    Kind
	buckets Buckets
	bounds  []float64
	first   int // index of the first explicit bucket in the cell
	fixed   Attribute
}

func compile(instruments []Instrument, dimensions []Dimension) *plan {
	p := &plan{common: slices.Concat(commonDimensions, dimensions)}
	for i := range instruments {
		in := &instruments[i]
		m := p.metric(in)
		extras := p.extra(in.Extra)
		for _, l := range in.Layers {
			p.facet(l, extras).add(seriesPlan{
				metric: m, measure: in.Measure, when: in.When,
				kind: in.Kind, buckets: in.Buckets, bounds: in.bounds(), fixed: in.Fixed,
			})
		}
	}
	return p
}

// metric returns the index of the metric of that name.
func (p *plan) metric(in *Instrument) int {
	for i := range p.metrics {
		if p.metrics[i].name == in.Name {
			return i
		}
	}
	p.metrics = append(p.metrics, metric{
		name: in.Name, description: in.Description, unit: in.Unit, kind: in.Kind, buckets: in.Buckets,
	})
	return len(p.metrics) - 1
}

// extra returns the indices of dimensions.
func (p *plan) extra(dimensions []Dimension) []int {
	var indices []int
	for _, d := range dimensions {
		i := slices.IndexFunc(p.extras, func(e Dimension) bool { return e.Key == d.Key })
		if i < 0 {
			p.extras = append(p.extras, d)
			i = len(p.extras) - 1
		}
		indices = append(indices, i)
	}
	return indices
}

// facet returns the layer's facet with those extra dimensions.
func (p *plan) facet(l inference.Layer, extras []int) *facet {
	for i := range p.layers[l] {
		if slices.Equal(p.layers[l][i].extras, extras) {
			return &p.layers[l][i]
		}
	}
	f := facet{extras: extras, each: -1}
	for _, i := range extras {
		if p.extras[i].Each {
			f.each = i
		}
	}
	p.layers[l] = append(p.layers[l], f)
	return &p.layers[l][len(p.layers[l])-1]
}

func (f *facet) add(s seriesPlan) {
	if s.kind == Histogram && s.buckets != Exponential {
		s.first = f.buckets
		f.buckets += len(s.bounds) + 1
	}
	f.series = append(f.series, s)
}

// bounds returns the bounds of an instrument's explicit buckets. Without bounds one bucket counts all values.
func (in *Instrument) bounds() []float64 {
	if in.Kind == Histogram && in.Buckets == Explicit {
		return in.Bounds
	}
	return nil
}
