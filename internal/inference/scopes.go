// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// scope is what is known of an instrumentation scope.
type scope struct {
	name     string
	emitter  int16 // the index of its dialect, or -1
	excluded bool
	// course is what its spans usually say.
	course course
	// tells is true if the last of its spans was one of an LLM application.
	tells bool
}

// scopeOf returns what is known of a scope, remembering the names that the batch saw.
func (r *Reader) scopeOf(b *Batch, name string) *scope {
	if s, ok := b.scopes[name]; ok {
		return s
	}
	if len(b.scopes) >= maxScopes {
		clear(b.scopes)
	}
	s := &scope{course: course{emitter: -1}, name: attr.Cut(name, 4*maxScopes), emitter: -1, excluded: match.Any(r.options.ExcludeScopes, name)}
	for i := range r.dialects {
		if match.Any(r.dialects[i].Scopes, name) {
			s.emitter = int16(i)
			break
		}
	}
	b.scopes[s.name] = s
	return s
}

// resourceRule tells a dialect by a resource attribute.
type resourceRule struct {
	dialect.Pair
	emitter int16
}

// resourceEmitter returns the index of the first dialect that the resource tells, or -1.
func (r *Reader) resourceEmitter(attributes pcommon.Map) int16 {
	found := int16(-1)
	for name, value := range attributes.All() {
		if !slices.Contains(r.resourceRuleKeys, name) {
			continue
		}
		for i := range r.resourceRules {
			rule := &r.resourceRules[i]
			if rule.Key == name && (found < 0 || rule.emitter < found) && match.Match(rule.Value, value.AsString()) {
				found = rule.emitter
			}
		}
	}
	return found
}

// spanOf returns what a dialect says of spans of that name, or nil.
func (r *Reader) spanOf(index int16, span ptrace.Span) *dialect.Span {
	if index < 0 {
		return nil
	}
	spans := r.emitters[index].spans
	if i, ok := r.emitters[index].named[span.Name()]; ok {
		return &spans[i]
	}
	for i := range spans {
		if match.Match(spans[i].Name, span.Name()) {
			return &spans[i]
		}
	}
	return nil
}
