// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what one page may hold. Engines write some hundred series of interest; a page beyond the bounds is read as far.
const (
	maxSamples  = 50_000
	maxReadings = 2_000
	maxUnknown  = 200
)

// Reasons why a sample is dropped.
const (
	DroppedNotANumber = "not_a_number"
	DroppedNegative   = "negative"
	DroppedOutOfRange = "out_of_range"
	DroppedTooMany    = "too_many_series"
)

// Options say what is to be read.
type Options struct {
	// Histograms reads distributions, too.
	Histograms bool
	// Now bounds times that engines write.
	Now time.Time
	// Engine is the kind that the user named; nil: it is recognised.
	Engine *Engine
}

// Page collects the samples that an endpoint shows. It keeps nothing of what it is given but strings.
type Page struct {
	options Options
	index   *index
	samples []sample
	unknown map[string]*Engine
	dropped map[string]int
	mapped  map[*Engine]map[*family]bool // families that rows took
	known   map[*Engine]bool             // engines of which something without a row was seen
	foreign bool
	ray     bool // a node's page: several engines, and the times of another process
	started float64
	created float64
	labels  map[string]string // interned
	scratch []byte
	read    []*Engine // whose samples Read took

	// The last name and what it means: a page has runs of one name.
	last       string
	lastFamily *family
	lastRay    bool
}

// NewPage makes an empty page.
func NewPage(options Options) *Page {
	return &Page{
		options: options, index: compiled(), unknown: map[string]*Engine{}, dropped: map[string]int{}, mapped: map[*Engine]map[*family]bool{},
		known: map[*Engine]bool{}, labels: map[string]string{},
	}
}

// Expect names the engine where the page itself does not say it.
func (p *Page) Expect(engine *Engine) { p.options.Engine = engine }

// Empty says that nothing of an engine was seen.
func (p *Page) Empty() bool { return len(p.samples) == 0 && len(p.known) == 0 && !p.foreign }

// Wants says whether any row takes samples of a name, so that others need not be read further. Names of known engines that no row
// takes are noted.
func (p *Page) Wants(name string) bool {
	f := p.find(name)
	return f != nil
}

// find looks a name up. It answers nil where no row takes it.
func (p *Page) find(name string) *family {
	if name == p.last {
		return p.lastFamily
	}
	p.last, p.lastFamily, p.lastRay = strings.Clone(name), nil, strings.HasPrefix(name, "ray_")
	p.scratch = appendCanonical(p.scratch[:0], name)
	f := p.index.families[string(p.scratch)]
	switch {
	case f != nil && (len(f.uses) > 0 || f.created):
		if !f.buckets || p.options.Histograms || f.created {
			p.lastFamily = f
		} else if owner := p.index.owner(p.scratch); owner != nil {
			p.known[owner] = true
		}
	case string(p.scratch) == "process_start_time_seconds":
		p.lastFamily = startTime
	default:
		p.notice(string(p.scratch))
	}
	return p.lastFamily
}

// startTime stands for process_start_time_seconds.
var startTime = &family{}

// notice keeps a name of an engine that no row takes.
func (p *Page) notice(name string) {
	engine := p.index.owner([]byte(name))
	if engine == nil {
		return
	}
	p.known[engine] = true
	if p.index.knows(engine, name) || len(p.unknown) >= maxUnknown {
		return
	}
	for _, suffix := range sampleSuffixes[:4] {
		name = strings.TrimSuffix(name, suffix)
	}
	p.unknown[name] = engine
}

// Add takes a sample of a gauge or counter, or a single sample of a histogram or summary.
func (p *Page) Add(name string, labels LabelSet, value float64) {
	f := p.find(name)
	if f == nil {
		return
	}
	if f == startTime {
		if value > 0 && !math.IsInf(value, 0) {
			p.started = value
		}
		return
	}
	if f.created && value > 0 && !math.IsInf(value, 0) {
		if p.created == 0 || value < p.created {
			p.created = value
		}
	}
	for _, u := range f.uses {
		p.use(f, u, labels, value)
	}
}

// AddParts takes a histogram or summary that was put together already. buckets is called for its cumulative buckets, if they are
// of interest.
func (p *Page) AddParts(name string, labels LabelSet, count, sum float64, buckets func(yield func(bound float64, cumulative float64))) {
	if p.options.Histograms && buckets != nil && p.Wants(name+"_bucket") {
		buckets(func(bound, cumulative float64) {
			p.Add(name+"_bucket", withBound{labels, strconv.FormatFloat(bound, 'g', -1, 64)}, cumulative)
		})
	}
	if !math.IsNaN(sum) {
		p.Add(name+"_sum", labels, sum)
	}
	p.Add(name+"_count", labels, count)
}

// withBound adds the label of a bucket.
type withBound struct {
	LabelSet
	bound string
}

func (l withBound) Get(name string) string {
	if name == "le" {
		return l.bound
	}
	return l.LabelSet.Get(name)
}

// Took says, after Read, whether samples of a family went into the result.
func (p *Page) Took(name string) bool {
	for _, suffix := range []string{"", "_sum", "_count", "_bucket"} {
		f := p.index.families[canonical(name)+suffix]
		if f == nil {
			continue
		}
		for _, e := range p.read {
			if p.mapped[e][f] || f.created && slices.ContainsFunc(e.Prefixes, func(prefix string) bool { return strings.HasPrefix(canonical(name), prefix) }) {
				return true
			}
		}
	}
	return false
}

func (p *Page) use(f *family, u use, labels LabelSet, value float64) {
	row := &p.index.rows[u.row]
	e := row.engine
	where := row.Where
	if u.part == partTimes {
		where = row.Times[u.nth].Where
	}
	if !fulfils(labels, e.Only) || !fulfils(labels, where) || e.Require != "" && labels.Get(e.Require) == "" {
		return
	}
	if row.Concept.info().Kind == Distribution && !p.options.Histograms {
		return
	}
	models := e.Model
	if row.Model != nil {
		models = row.Model
	}
	model := first(labels, models)
	if model == "" {
		model = first(labels, targetModel)
	}
	if e.Foreign != "" && model == "" && labels.Get(e.Foreign) != "" {
		p.foreign = true
		return
	}
	s := sample{use: u, value: value, key: key{model: p.intern(model), index: p.intern(first(labels, e.Index))}}
	if p.lastRay {
		p.ray = true
		s.instance = p.intern(first(labels, rayInstance))
	} else if len(e.Instance) > 0 {
		s.instance = p.intern(first(labels, e.Instance))
	}
	for i := range row.Attrs {
		s.attrs[i] = p.intern(row.Attrs[i].value(labels))
	}
	for _, label := range e.Rank {
		rank, _ := strconv.ParseUint(labels.Get(label), 10, 16) // absent and odd ones are the first
		s.rank = s.rank<<16 | rank
	}
	if row.Once != "" {
		s.once = p.intern(labels.Get(row.Once))
	}
	if !p.valid(row, &s, labels) {
		return
	}
	if len(p.samples) >= maxSamples {
		p.dropped[DroppedTooMany]++
		return
	}
	if p.mapped[e] == nil {
		p.mapped[e] = map[*family]bool{}
	}
	p.mapped[e][f] = true
	if row.From == Items && u.part == partMain {
		p.addItems(s, labels.Get(row.Labels[0]))
		return
	}
	p.samples = append(p.samples, s)
}

// targetModel are labels by which users name the model of an engine that does not.
var targetModel = []string{"gen_ai.request.model", "gen_ai_request_model"}

// rayInstance are the labels by which Ray identifies an engine of a node.
var rayInstance = []string{"ReplicaId", "WorkerId"}

// valid brings the value into the form of the row and says whether it is one.
func (p *Page) valid(row *boundRow, s *sample, labels LabelSet) bool {
	drop := func(reason string) bool {
		p.dropped[reason]++
		return false
	}
	if math.IsNaN(s.value) || math.IsInf(s.value, 0) {
		return drop(DroppedNotANumber)
	}
	if s.value < 0 {
		return drop(DroppedNegative)
	}
	switch s.part {
	case partMain:
		if row.Newest {
			// Multiprocess mode adds the times of several processes up, which makes them one of the future.
			if s.time = s.value; s.value > float64(p.options.Now.Unix()+86400) {
				return drop(DroppedOutOfRange)
			}
		}
		if row.From == Labels {
			if s.value == 0 {
				return false // not in force
			}
			s.value = 1
			for _, label := range row.Labels {
				number, err := strconv.ParseFloat(labels.Get(label), 64)
				if err != nil || math.IsNaN(number) || math.IsInf(number, 0) || number < 0 {
					return false // such as None
				}
				s.value *= number
			}
		}
		if row.Inverted {
			s.value = 1 - min(s.value, 1)
		}
		if row.ZeroUnknown && s.value == 0 {
			return false
		}
		if row.Concept.info().Kind == Ratio {
			if s.value > 1.0001 {
				return drop(DroppedOutOfRange)
			}
			s.value = min(s.value, 1)
		}
	case partBucket:
		bound, err := strconv.ParseFloat(labels.Get("le"), 64)
		if err != nil || math.IsNaN(bound) {
			return drop(DroppedNotANumber)
		}
		s.bound = bound
	}
	return true
}

// addItems makes a sample of each element of a list, and one of value 0 of an empty list.
func (p *Page) addItems(s sample, list string) {
	s.value = 1
	empty := true
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.TrimSpace(item); item != "" && len(p.samples) < maxSamples {
			empty = false
			s.attrs[1] = p.intern(item)
			p.samples = append(p.samples, s)
		}
	}
	if empty {
		s.value = 0
		p.samples = append(p.samples, s)
	}
}

func (p *Page) intern(s string) string {
	if s == "" {
		return ""
	}
	if kept, found := p.labels[s]; found {
		return kept
	}
	s = strings.Clone(s)
	p.labels[s] = s
	return s
}
