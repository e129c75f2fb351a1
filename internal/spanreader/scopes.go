// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// scopeOf returns what is known of a scope, remembering the names that the batch saw.
func (r *Reader) scopeOf(b *Batch, name, version string) *scope {
	s, ok := b.scopes[name]
	if !ok {
		if len(b.scopes) >= maxScopes {
			clear(b.scopes)
		}
		s = r.newScope(name, 0)
		b.scopes[s.name] = s
	}
	for s.later != nil && !olderThan(version, s.before) {
		s = s.later
	}
	return s
}

// newScope returns a scope that belongs to the first family from an index on that knows its name. It also returns those of its
// later versions.
func (r *Reader) newScope(name string, from int) *scope {
	s := &scope{keys: newKeyCache(), name: attr.Cut(name, 4*maxScopes), emitter: -1, excluded: match.Any(r.options.ExcludeScopes, name)}
	s.own.none = isLibrary(name)
	for i := from; i < len(r.families); i++ {
		if d := &r.families[i]; match.Any(d.Scopes, name) {
			s.emitter, s.own.none = int16(i), true
			if s.before = d.Before; s.before != "" {
				s.later = r.newScope(name, i+1)
			}
			if d.From != "" {
				older := r.newScope(name, i+1)
				older.before, older.later = d.From, s
				return older
			}
			break
		}
	}
	return s
}

// olderThan reports whether a version, as 1.2.3, comes before another one. One that is no version is older.
func olderThan(version, than string) bool {
	for than != "" {
		var mine, other string
		mine, version, _ = strings.Cut(strings.TrimPrefix(version, "v"), ".")
		other, than, _ = strings.Cut(than, ".")
		a, _, number := parseNumber(mine)
		b, _, _ := parseNumber(other)
		if !number || a != b {
			return !number || a < b
		}
	}
	return false
}

// resourceEmitter returns the index of the first family that the resource identifies, or -1.
func (r *Reader) resourceEmitter(attributes pcommon.Map) int16 {
	found := unmarked
	for name, value := range attributes.All() {
		if i, ok := r.identifying.find(name); ok {
			found = min(found, r.resourceRules[i].of(value.AsString()))
		}
	}
	if found == unmarked {
		return -1
	}
	return found
}

// of returns the first family that a value identifies, or unmarked.
func (rules *resourceRules) of(value string) int16 {
	found, ok := rules.whole[value]
	if !ok {
		found = unmarked
	}
	for i := range rules.patterns {
		if rule := &rules.patterns[i]; rule.emitter < found && match.Match(rule.pattern, value) {
			return rule.emitter
		}
	}
	return found
}

// spanOf returns what a family says of spans of that name, or nil.
func (r *Reader) spanOf(index int16, span ptrace.Span, memo *nameMemo) *emitter.Span {
	if index < 0 || len(r.emitters[index].spans) == 0 {
		return nil
	}
	row := memo.rowOf(&r.emitters[index], index, span.Name())
	if row < 0 {
		return nil
	}
	return &r.emitters[index].spans[row]
}
