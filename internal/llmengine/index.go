// SPDX-License-Identifier: Apache-2.0

package llmengine

import (
	"slices"
	"strings"
	"sync"
)

// part says what of a row a family is.
type part uint8

const (
	partMain part = iota
	partPlus
	partMinus
	partTimes
	partGiven
	partBucket
	partSum
	partCount
)

// use is one row that reads a family.
type use struct {
	row  int
	part part
	// nth is the number of the name among the alternatives, or of the factor.
	nth uint8
}

// family is what the rows read of one sample name.
type family struct {
	uses []use
	// buckets says that all uses are of distributions.
	buckets bool
	// created says that the sample is a creation time of something that a row reads.
	created bool
}

// boundRow is a row with its engine.
type boundRow struct {
	*Row
	engine *Engine
}

// index finds rows by sample names.
type index struct {
	rows     []boundRow
	families map[string]*family
	// prefixes of all engines, the longest first.
	prefixes []enginePrefix
	// read are the families that rows read, without the suffixes of samples.
	read map[string]bool
}

type enginePrefix struct {
	prefix string
	engine *Engine
}

var compiled = sync.OnceValue(func() *index { return compile(engines) })

func compile(engines []*Engine) *index {
	x := &index{families: map[string]*family{}, read: map[string]bool{}}
	for _, e := range engines {
		for _, p := range e.Prefixes {
			x.prefixes = append(x.prefixes, enginePrefix{p, e})
		}
		for i := range e.Rows {
			x.add(e, &e.Rows[i])
		}
	}
	slices.SortStableFunc(x.prefixes, func(a, b enginePrefix) int { return len(b.prefix) - len(a.prefix) })
	return x
}

func (x *index) add(e *Engine, row *Row) {
	n := len(x.rows)
	x.rows = append(x.rows, boundRow{row, e})
	for i, name := range row.Names {
		nth := uint8(i)
		switch row.From {
		case Value, Labels, Items:
			x.put(name, "", use{n, partMain, nth})
		case Sum:
			x.put(name, "_sum", use{n, partMain, nth})
		case Count:
			x.put(name, "_count", use{n, partMain, nth})
		case Buckets:
			x.put(name, "_bucket", use{n, partBucket, nth})
			x.put(name, "_sum", use{n, partSum, nth})
			x.put(name, "_count", use{n, partCount, nth})
		}
	}
	for _, name := range row.Plus {
		x.put(name, "", use{n, partPlus, 0})
	}
	for _, name := range row.Minus {
		x.put(name, "", use{n, partMinus, 0})
	}
	for i, term := range row.Times {
		x.put(term.Name, "", use{n, partTimes, uint8(i)})
	}
	for _, name := range row.Given {
		x.put(name, "", use{n, partGiven, 0})
	}
}

// put enters a family under the names that it has with and without _total. It also enters it without a unit, which the Prometheus
// receiver cuts off with trim_metric_suffixes.
func (x *index) put(name, suffix string, u use) {
	base := canonical(name)
	for _, spelling := range spellings(base) {
		forms := []string{spelling + suffix}
		if suffix == "" && !strings.HasSuffix(spelling, "_total") {
			forms = append(forms, spelling+"_total")
		}
		for _, form := range forms {
			f := x.family(form)
			if !slices.Contains(f.uses, u) {
				f.uses = append(f.uses, u)
			}
			f.buckets = !slices.ContainsFunc(f.uses, func(u use) bool { return x.rows[u.row].Concept.info().Kind != Distribution })
		}
		if !strings.HasPrefix(spelling, "json_") {
			x.family(spelling + "_created").created = true
		}
		x.read[spelling] = true
	}
}

func (x *index) family(name string) *family {
	f := x.families[name]
	if f == nil {
		f = &family{}
		x.families[name] = f
	}
	return f
}

func (c Concept) info() *Info { return &Concepts[c] }

// spellings of a family's name.
func spellings(name string) []string {
	all := []string{name}
	if short, found := strings.CutSuffix(name, "_total"); found {
		all = append(all, short)
	}
	for _, unit := range []string{"_seconds", "_bytes"} {
		if short, found := strings.CutSuffix(all[len(all)-1], unit); found {
			all = append(all, short)
		}
	}
	return all
}

// canonical is a name as it is compared: the colon is an underscore, and Ray's prefix is gone.
func canonical(name string) string { return string(appendCanonical(nil, name)) }

func appendCanonical[S ~string | ~[]byte](dst []byte, name S) []byte {
	start := 0
	if len(name) > 4 && string(name[:4]) == "ray_" {
		start = 4
	}
	for i := start; i < len(name); i++ {
		if name[i] == ':' {
			dst = append(dst, '_')
		} else {
			dst = append(dst, name[i])
		}
	}
	return dst
}

// owner is the engine whose prefix a canonical name has.
func (x *index) owner(name []byte) *Engine {
	for _, p := range x.prefixes {
		if len(name) > len(p.prefix) && string(name[:len(p.prefix)]) == p.prefix {
			return p.engine
		}
	}
	return nil
}

// sampleSuffixes are those of a family's samples.
var sampleSuffixes = []string{"_bucket", "_sum", "_count", "_created", "_total"}

// knows says whether rows read another part of a family, or it is left out on purpose.
func (x *index) knows(e *Engine, name string) bool {
	for {
		if x.read[name] || slices.ContainsFunc(e.Known, func(known string) bool { return matches(known, name) }) {
			return true
		}
		short := name
		for _, suffix := range sampleSuffixes {
			short = strings.TrimSuffix(short, suffix)
		}
		if short == name {
			return false
		}
		name = short
	}
}

// matches compares a name with a pattern that may have one star.
func matches(pattern, name string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return strings.TrimSuffix(pattern, "_total") == name
	}
	return len(name) >= len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}
