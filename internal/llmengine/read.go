// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"cmp"
	"math"
	"slices"
)

// folded is the value of one key and part, out of one or more series.
type folded struct {
	rank  uint64
	value float64
	once  map[string]bool
}

// rowSamples are the samples of one row.
type rowSamples struct {
	main, plus, minus map[key]*folded
	times             []map[key]*folded
	given             bool
	buckets           map[key]map[float64]*folded
	sums, counts      map[key]*folded
	keys              []key // of main or buckets, in the order of the page
}

// readInstance evaluates the rows for the samples of one engine.
func readInstance(x *index, present []*Engine, samples []sample) (readings []Reading) {
	rows := map[int][]sample{}
	for _, s := range samples {
		rows[s.row] = append(rows[s.row], s)
	}
	type slot struct {
		concept Concept
		tier    string
	}
	taken := map[slot]bool{} // by an engine that comes before
	for _, e := range present {
		mine := map[slot]bool{}
		given := map[Concept]bool{}
		for n := range x.rows {
			row := x.rows[n]
			if row.engine != e || rows[n] == nil || row.Else && given[row.Concept] {
				continue
			}
			if row.Concept == PrefixHitRatio && (given[PrefixHits] || taken[slot{PrefixHits, "device"}] || taken[slot{PrefixHits, ""}]) {
				continue // only where nothing better is there
			}
			for _, r := range evaluate(row.Row, gather(row.Row, rows[n])) {
				at := slot{concept: r.Concept}
				if r.Concept == PrefixQueries || r.Concept == PrefixHits {
					at.tier = r.Attrs[0]
				}
				if taken[at] {
					continue
				}
				mine[at] = true
				given[r.Concept] = given[r.Concept] || !row.Else
				readings = append(readings, r)
			}
		}
		for at := range mine {
			taken[at] = true
		}
	}
	readings = merge(readings)
	return append(readings, usage(readings)...)
}

// gather sorts a row's samples. Of alternative names the newest that has samples counts.
func gather(row *Row, samples []sample) rowSamples {
	best := uint8(math.MaxUint8)
	newest := map[key]float64{}
	for i := range samples {
		if s := &samples[i]; s.part == partMain || s.part == partBucket {
			best = min(best, s.nth)
			at := key{instance: s.instance, model: s.model, index: s.index}
			newest[at] = max(newest[at], s.time)
		}
	}
	g := rowSamples{
		main: map[key]*folded{}, plus: map[key]*folded{}, minus: map[key]*folded{}, buckets: map[key]map[float64]*folded{},
		sums: map[key]*folded{}, counts: map[key]*folded{}, given: true,
	}
	for range row.Times {
		g.times = append(g.times, map[key]*folded{})
	}
	highest := row.Concept.info().Kind == Ratio || row.Concept.info().Kind == Gauge && row.Concept != BatchSize || row.Concept.info().Kind == Flag
	for i := range samples {
		s := &samples[i]
		switch s.part {
		case partMain:
			if s.nth != best || row.Newest && s.time < newest[key{instance: s.instance, model: s.model, index: s.index}] {
				continue
			}
			if g.main[s.key] == nil {
				g.keys = append(g.keys, s.key)
			}
			fold(g.main, s, highest)
		case partPlus:
			fold(g.plus, s, false)
		case partMinus:
			fold(g.minus, s, false)
		case partTimes:
			k := key{instance: s.instance, model: s.model, index: s.index}
			s.key = k
			fold(g.times[s.nth], s, true)
		case partGiven:
			g.given = g.given && s.value != 0
		case partBucket:
			if s.nth != best {
				continue
			}
			if g.buckets[s.key] == nil {
				g.buckets[s.key] = map[float64]*folded{}
				g.keys = append(g.keys, s.key)
			}
			bucket := map[key]*folded{}
			if f := g.buckets[s.key][s.bound]; f != nil {
				bucket[s.key] = f
			}
			fold(bucket, s, false)
			g.buckets[s.key][s.bound] = bucket[s.key]
		case partSum:
			if s.nth == best {
				fold(g.sums, s, false)
			}
		case partCount:
			if s.nth == best {
				fold(g.counts, s, false)
			}
		}
	}
	return g
}

// fold adds a sample to those of its key, or takes the highest. Of ranks that repeat each other the lowest counts.
func fold(into map[key]*folded, s *sample, highest bool) {
	f := into[s.key]
	if f == nil || s.rank < f.rank {
		f = &folded{rank: s.rank, value: s.value}
		if s.once != "" {
			f.once = map[string]bool{s.once: true}
		}
		into[s.key] = f
		return
	}
	switch {
	case s.rank > f.rank || s.once != "" && f.once[s.once]:
	case highest:
		f.value = max(f.value, s.value)
	default:
		f.value += s.value
	}
	if s.once != "" {
		f.once[s.once] = true
	}
}

// evaluate makes the readings of one row.
func evaluate(row *Row, g rowSamples) (readings []Reading) {
	if !g.given {
		return nil
	}
	factor := row.Factor
	if factor == 0 {
		factor = 1
	}
	seen := map[string]bool{} // values of row.Once
	for _, k := range g.keys {
		r := Reading{Concept: row.Concept, Model: k.model, Index: k.index, Attrs: k.attrs}
		if row.From == Buckets {
			if r.Histogram = histogram(g, k, factor); r.Histogram != nil {
				readings = append(readings, r)
			}
			continue
		}
		main := g.main[k]
		if row.Once != "" && repeated(seen, main.once) {
			continue
		}
		r.Value = main.value
		if f := g.plus[k]; f != nil {
			r.Value += f.value
		}
		if f := g.minus[k]; f != nil {
			r.Value -= f.value
		}
		complete := true
		for _, times := range g.times {
			f := factorOf(times, k)
			if f == nil {
				complete = false
				break
			}
			r.Value *= f.value
		}
		r.Value *= factor
		if complete && r.Value >= 0 && !math.IsInf(r.Value, 0) && !(row.ZeroUnknown && r.Value == 0) {
			readings = append(readings, r)
		}
	}
	return readings
}

// factorOf finds the factor for a key: that of its engine, or the only one.
func factorOf(times map[key]*folded, k key) *folded {
	if f := times[key{instance: k.instance, model: k.model, index: k.index}]; f != nil || len(times) != 1 {
		return f
	}
	for _, f := range times {
		return f
	}
	return nil
}

// repeated says whether all values were seen before, and notes them.
func repeated(seen, values map[string]bool) bool {
	all := len(values) > 0
	for v := range values {
		all = all && seen[v]
		seen[v] = true
	}
	return all
}

// histogram puts the cumulative buckets of one key together; nil if they make none.
func histogram(g rowSamples, k key, factor float64) *Histogram {
	buckets := g.buckets[k]
	bounds := make([]float64, 0, len(buckets))
	for bound := range buckets {
		bounds = append(bounds, bound)
	}
	slices.Sort(bounds)
	total := math.NaN()
	if f := g.counts[k]; f != nil {
		total = f.value
	}
	if last := len(bounds) - 1; last >= 0 && math.IsInf(bounds[last], 1) {
		total = buckets[bounds[last]].value
		bounds = bounds[:last]
	}
	if math.IsNaN(total) {
		return nil
	}
	h := &Histogram{}
	before := 0.0
	for _, bound := range bounds {
		cumulative := buckets[bound].value
		if cumulative < before || cumulative > total {
			return nil
		}
		h.Bounds = append(h.Bounds, bound*factor)
		h.Counts = append(h.Counts, uint64(cumulative-before))
		before = cumulative
	}
	h.Counts = append(h.Counts, uint64(total-before))
	if f := g.sums[k]; f != nil {
		h.Sum = f.value * factor
	}
	return h
}

// merge adds readings up that rows of different families gave for the same point, such as failures of two kinds.
func merge(readings []Reading) []Reading {
	type point struct {
		concept      Concept
		model, index string
		attrs        [2]string
	}
	at := map[point]int{}
	out := readings[:0]
	for _, r := range readings {
		k := point{r.Concept, r.Model, r.Index, r.Attrs}
		i, found := at[k]
		switch {
		case !found:
			at[k] = len(out)
			out = append(out, r)
		case r.Concept.info().Kind == Counter:
			out[i].Value += r.Value
		}
	}
	slices.SortStableFunc(out, func(a, b Reading) int { return cmp.Compare(a.Concept, b.Concept) })
	return out
}

// usage is what of the KV cache is in use, where an engine gives the share and the size only.
func usage(readings []Reading) (usage []Reading) {
	limits := map[[2]string]float64{}
	for _, r := range readings {
		switch r.Concept {
		case KVUsage:
			return nil
		case KVLimit:
			limits[[2]string{r.Model, r.Index}] = r.Value
		}
	}
	for _, r := range readings {
		if limit, found := limits[[2]string{r.Model, r.Index}]; found && r.Concept == KVUtilization {
			usage = append(usage, Reading{Concept: KVUsage, Model: r.Model, Index: r.Index, Value: math.Round(r.Value * limit)})
		}
	}
	return usage
}
