// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// renames are other names for some, in which "*" stands for any characters.
type renames struct {
	exact    map[string]string
	patterns []rename
}

type rename struct{ pattern, to string }

// newRenames sorts the patterns: the one that says most comes first.
func newRenames(names map[string]string) (r renames) {
	r.exact = names
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if strings.Contains(name, "*") {
			r.patterns = append(r.patterns, rename{name, names[name]})
		}
	}
	said := func(a rename) int { return len(a.pattern) - strings.Count(a.pattern, "*") }
	slices.SortStableFunc(r.patterns, func(a, b rename) int { return cmp.Compare(said(b), said(a)) })
	return r
}

// of returns the other name, or the name itself.
func (r *renames) of(name string) string {
	if len(r.exact) > 0 { // which most users leave empty
		if to, ok := r.find(name); ok {
			return to
		}
	}
	return name
}

// find returns the other name, if there is one.
func (r *renames) find(name string) (string, bool) {
	if to, ok := r.exact[name]; ok {
		return to, true
	}
	if name == "" {
		return "", false
	}
	for i := range r.patterns {
		if match.Match(r.patterns[i].pattern, name) {
			return r.patterns[i].to, true
		}
	}
	return "", false
}

// fold returns the other name by a pattern in lower case, if the name is not listed itself.
func (r *renames) fold(name string) (string, bool) {
	if len(r.patterns) == 0 {
		return "", false
	}
	lower := strings.ToLower(name)
	if _, ok := r.exact[lower]; ok {
		return "", false
	}
	for i := range r.patterns {
		if match.Match(r.patterns[i].pattern, lower) {
			return r.patterns[i].to, true
		}
	}
	return "", false
}
