// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Result is what a page says.
type Result struct {
	// Engine is who answered; nil if that is not known.
	Engine *Engine
	// Instances are the engines of the page: one, unless it is that of a Ray node.
	Instances []Instance
	// Unknown are families of known engines that no row takes, by name.
	Unknown map[string]*Engine
	// Dropped counts samples that could not be used, by reason.
	Dropped map[string]int
	// Started is when the counters began, in seconds since 1970; 0 where the page does not say it.
	Started float64
}

// Instance is one engine.
type Instance struct {
	// ID identifies an instance of a page; empty where there is one.
	ID       string
	Readings []Reading
}

// State is the state of an endpoint that answers, by its flags: a value of llm.engine.state.
func (r *Result) State() string {
	state := Ready
	for _, instance := range r.Instances {
		for i := range instance.Readings {
			if reading := &instance.Readings[i]; reading.Value > 0 {
				switch reading.Concept {
				case Unhealthy:
					return Sick
				case Asleep:
					state = Sleeping
				}
			}
		}
	}
	return state
}

// Read makes readings of the samples.
func (p *Page) Read() Result {
	result := Result{Unknown: p.unknown, Dropped: p.dropped}
	if !p.ray {
		result.Started = cmp.Or(p.started, p.created)
	}
	present := p.present()
	p.read = present
	if len(present) > 0 {
		result.Engine = present[0]
	}
	if len(present) == 0 && p.foreign {
		result.Engine = &productionStack
	}
	if result.Engine == &productionStack {
		clear(result.Unknown)
	}
	p.complete(present)
	byInstance := map[string][]Reading{}
	for instance, samples := range p.split(present) {
		byInstance[instance] = readInstance(p.index, present, samples)
	}
	left := maxReadings
	for _, id := range slices.Sorted(maps.Keys(byInstance)) {
		readings := byInstance[id]
		if len(readings) > left {
			p.dropped[DroppedTooMany] += len(readings) - left
			readings = readings[:left]
		}
		left -= len(readings)
		result.Instances = append(result.Instances, Instance{ID: id, Readings: readings})
	}
	if len(result.Instances) == 0 && result.Engine != nil {
		result.Instances = []Instance{{}}
	}
	return result
}

// present are the engines on the page, those whose numbers count first at the beginning.
func (p *Page) present() (engines []*Engine) {
	score := map[*Engine]int{}
	for e, families := range p.mapped {
		for f := range families {
			if !p.sharedFamily(f) {
				score[e]++
			}
		}
		// Names without a prefix may be anybody's: one alone says nothing.
		if len(e.Prefixes) == 0 && e.Path != "" && score[e] < 2 {
			delete(score, e)
		}
	}
	if len(score) == 0 && !p.foreign {
		for e := range p.known {
			score[e] = 1
		}
	}
	if e := p.options.Engine; e != nil && (score[e] > 0 || len(score) == 0 && !p.foreign) {
		score[e] = math.MaxInt
	}
	for e, n := range score {
		if n > 0 {
			engines = append(engines, e)
		}
	}
	slices.SortFunc(engines, func(a, b *Engine) int {
		roleA, roleB := a.Role, b.Role
		if a == p.options.Engine {
			roleA = Own
		}
		if b == p.options.Engine {
			roleB = Own
		}
		return cmp.Or(cmp.Compare(roleA, roleB), cmp.Compare(score[b], score[a]), cmp.Compare(a.Name, b.Name))
	})
	return engines
}

func (p *Page) sharedFamily(f *family) bool {
	engine := (*Engine)(nil)
	for _, u := range f.uses {
		if e := p.index.rows[u.row].engine; engine == nil {
			engine = e
		} else if e != engine {
			return true
		}
	}
	return false
}

// complete fills in the model where the page has one only, and removes the rank where it has one only.
func (p *Page) complete(present []*Engine) {
	models, indexes, listed := map[string]bool{}, map[string]bool{}, map[string]string{}
	for i := range p.samples {
		s := &p.samples[i]
		switch {
		case !slices.Contains(present, p.index.rows[s.row].engine):
			continue
		case s.once != "" && listed[s.once] == "":
			listed[s.once] = s.model // others are further names of the same
		case s.once == "" && s.model != "":
			models[s.model] = true
		}
		if s.index != "" {
			indexes[s.index] = true
		}
	}
	if len(models) == 0 {
		for _, model := range listed {
			models[model] = true
		}
	}
	only := ""
	if len(models) == 1 {
		only = slices.Collect(maps.Keys(models))[0]
	}
	for i := range p.samples {
		s := &p.samples[i]
		if s.model == "" {
			s.model = only
		}
		if len(indexes) < 2 {
			s.index = ""
		}
	}
}

// split sorts samples by instance. What names none, such as JSON, belongs to the only one.
func (p *Page) split(present []*Engine) map[string][]sample {
	instances := map[string][]sample{}
	for i := range p.samples {
		if s := &p.samples[i]; slices.Contains(present, p.index.rows[s.row].engine) {
			instances[s.instance] = append(instances[s.instance], *s)
		}
	}
	return instances
}
