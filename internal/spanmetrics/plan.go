// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"cmp"
	"math"
	"slices"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// plan is a catalogue compiled for speed. It has which series a request of a layer touches, and where each keeps its numbers.
type plan struct {
	// columns are all dimensions, each once. Those that identify records come first; keyed is their number.
	columns []Dimension
	keyed   int
	// extras are the columns that distinguish the cells of a record.
	extras []int
	// kinds is set if the kind of a request decides to which records it belongs; see settling.Kind.
	kinds   bool
	groups  []group
	metrics []metric
	indexes []*bucketIndex
	// derives is set if a series has a derived measure.
	derives bool
	// splits is set if a series has the tokens of one modality.
	splits bool
}

// metric is one metric as it goes out.
type metric struct {
	name, description, unit string
	kind                    Kind
	buckets                 Buckets
}

// facet is a group of series with the same dimensions. A record keeps one cell per facet and set of extra values. So series with
// fewer dimensions never appear twice.
type facet struct {
	// index is the position among the facets of the layer.
	index  int
	extras []int // indices into plan.columns
	series []seriesPlan
	// steps are those for all series of a cell whose positions are zero.
	steps []step
	// buckets is the number of explicit buckets of all series together.
	buckets int
	// gauges is set if one of the series is a gauge.
	gauges bool
	// each is what a request counts several times for. several are the indices in plan.columns of the dimensions whose values
	// then differ.
	each    Each
	several []int
	// individual is set if requests of one kind can belong to different cells.
	individual bool
}

// measuring is which value of a request a series takes.
type measuring struct {
	when  Condition
	least float64 // the least value that is observed
	scale float64 // what values are multiplied with
	// index finds the bucket among explicit ones.
	index   *bucketIndex
	measure fact.Fact
}

// seriesPlan is how one series is kept.
type seriesPlan struct {
	measuring
	kind    Kind
	buckets Buckets
	whole   bool  // values are whole numbers
	several bool  // a request has several values
	first   int32 // index of the first explicit bucket in the cell

	metric int // index into plan.metrics
	fixed  Attribute
}

// step adds one measure of a request to one series. What most steps need is in it, on one cache line.
type step struct {
	measuring
	way way
	// cell and series are positions in the record. bucket is that of the series' first explicit bucket.
	cell, series, bucket int32
	plan                 *seriesPlan
}

// way is how a step adds a value.
type way uint8

const (
	toSum way = iota
	toBuckets
	toExponential
	toGauge
	// toEach adds several values of a request, one after the other.
	toEach
)

// way returns how one value is added to a series.
func (s *seriesPlan) way() way {
	switch {
	case s.kind == Counter:
		return toSum
	case s.kind == Gauge:
		return toGauge
	case s.buckets == Exponential:
		return toExponential
	default:
		return toBuckets
	}
}

func compile(instruments []Instrument, dimensions []Dimension) *plan {
	p := &plan{}
	p.group(slices.Concat(commonDimensions, dimensions))
	groups := make([]int, len(instruments))
	for i := range instruments {
		if own := instruments[i].Own; own != nil {
			base, _ := split(own)
			groups[i] = p.group(base)
		}
	}
	p.keyed = len(p.columns)
	p.kinds = !slices.ContainsFunc(p.columns, func(d Dimension) bool { return d.Individual })
	for i := range instruments {
		p.add(&instruments[i], groups[i])
	}
	for i := range p.groups {
		for _, facets := range p.groups[i].layers {
			for j := range facets {
				facets[j].step()
			}
		}
	}
	return p
}

// split parts the dimensions that identify records from those that identify cells. Records have the ones that overflow sets keep.
// Cells have those with several values for a request.
func split(own []Dimension) (base, extra []Dimension) {
	for _, d := range own {
		if d.Closed || d.Each != Once {
			extra = append(extra, d)
		} else {
			base = append(base, d)
		}
	}
	return base, extra
}

// group returns the index of the group whose records are identified by those dimensions.
func (p *plan) group(base []Dimension) int {
	columns := p.column(base)
	if len(p.groups) > 0 {
		slices.Sort(columns)
	}
	for i := range p.groups {
		if i > 0 && slices.Equal(p.groups[i].columns, columns) {
			return i
		}
	}
	p.groups = append(p.groups, group{columns: columns})
	return len(p.groups) - 1
}

// add adds the series of an instrument to its group.
func (p *plan) add(in *Instrument, index int) {
	_, more := split(in.Own)
	g, extras := &p.groups[index], p.column(slices.Concat(more, in.Extra))
	s := seriesPlan{
		measuring: measuring{
			measure: in.Measure, when: in.When, scale: cmp.Or(in.Scale, 1), least: in.least(), index: p.bucketIndex(in.bounds()),
		},
		metric: p.metric(in), fixed: in.Fixed,
		kind: in.Kind, buckets: in.Buckets, whole: in.whole(), several: several(in.Measure),
	}
	if in.Kind != Counter {
		s.when |= Whole
	}
	p.derives, p.splits = p.derives || derived(in.Measure), p.splits || OfModality(in.Measure)
	if index > 0 {
		s.when |= within(in.Layers)
		p.facet(g, noLayer, extras).add(s)
		return
	}
	for _, l := range in.Layers {
		p.facet(g, l, extras).add(s)
	}
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

// bucketIndex returns the index of bounds, which all series with these share.
func (p *plan) bucketIndex(bounds []float64) *bucketIndex {
	for _, known := range p.indexes {
		if slices.Equal(known.bounds, bounds) {
			return known
		}
	}
	p.indexes = append(p.indexes, newBucketIndex(bounds))
	return p.indexes[len(p.indexes)-1]
}

// column returns the indices of dimensions.
func (p *plan) column(dimensions []Dimension) []int {
	var indices []int
	for _, d := range dimensions {
		i := slices.IndexFunc(p.columns, func(c Dimension) bool { return c.Key == d.Key && c.Source == d.Source })
		if i < 0 {
			p.columns = append(p.columns, d)
			i = len(p.columns) - 1
		}
		indices = append(indices, i)
	}
	return indices
}

// facet returns the group's facet of a layer with those extra dimensions.
func (p *plan) facet(g *group, l llm.Layer, extras []int) *facet {
	for i := range g.layers[l] {
		if slices.Equal(g.layers[l][i].extras, extras) {
			return &g.layers[l][i]
		}
	}
	f := facet{index: len(g.layers[l]), extras: extras}
	for _, i := range extras {
		if !slices.Contains(p.extras, i) {
			p.extras = append(p.extras, i)
		}
		if each := p.columns[i].Each; each != Once {
			f.each, f.several = each, append(f.several, i)
		}
		f.individual = f.individual || p.columns[i].Individual
	}
	g.layers[l] = append(g.layers[l], f)
	return &g.layers[l][len(g.layers[l])-1]
}

func (f *facet) add(s seriesPlan) {
	if s.kind == Histogram && s.buckets != Exponential {
		s.first = int32(f.buckets)
		f.buckets += len(s.index.bounds) + 1
	}
	f.gauges = f.gauges || s.kind == Gauge
	f.series = append(f.series, s)
}

// step makes the steps of all series.
func (f *facet) step() {
	for i := range f.series {
		s := &f.series[i]
		t := step{measuring: s.measuring, way: s.way(), series: int32(i), bucket: s.first, plan: s}
		if s.several {
			t.way = toEach
		}
		f.steps = append(f.steps, t)
	}
}

// bounds returns the bounds of an instrument's explicit buckets. Without bounds one bucket counts all values.
func (in *Instrument) bounds() []float64 {
	if in.Kind == Histogram && in.Buckets == Explicit {
		return in.Bounds
	}
	return nil
}

// least returns the least value that is observed. Below zero there are only the user's own numbers. Those neither add up nor fit
// into buckets that begin at zero.
func (in *Instrument) least() float64 {
	if in.Kind == Gauge && in.Measure >= measures {
		return math.Inf(-1)
	}
	return 0
}

// whole reports whether the values are whole numbers.
func (in *Instrument) whole() bool { return whole(in.Measure) && cmp.Or(in.Scale, 1) == 1 }

// group is all that is kept in separate records. It is the series whose records are identified by the same dimensions. The first
// group has the common dimensions and the layer beside them. In the others the layer is a dimension like others, which a metric
// may leave out.
type group struct {
	// columns are the dimensions that identify a record, as indices into plan.columns.
	columns []int
	// layers are the facets of each layer, in other groups than the first all of them under NoLayer.
	layers [llm.Layers][]facet
}

// noLayer is where other groups than the first keep their facets.
const noLayer = llm.NoLayer
