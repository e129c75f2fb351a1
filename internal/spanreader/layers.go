// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/match"
)

// ofSpan reports whether the rule depends on more than the span's scope and resource.
func (l *LayerRule) ofSpan() bool { return l.Scope == "" && l.Of == OfSpan }

// fits reports whether the rule holds for a span.
func (l *LayerRule) fits(o *origin, span ptrace.Span) bool {
	if l.Scope != "" {
		return match.Match(l.Scope, o.scope.name)
	}
	v, ok := o.holder(span, l.Of).Get(l.Key)
	return ok && fits(l.Value, v)
}

// scopeRule returns the index of the first of the user's rules that holds for all spans of a scope. Without one it is the number
// of rules.
func (r *Reader) scopeRule(o *origin) int {
	for i := range r.options.LayerRules {
		if rule := &r.options.LayerRules[i]; !rule.ofSpan() && rule.fits(o, ptrace.Span{}) {
			return i
		}
	}
	return len(r.options.LayerRules)
}

// layerOf decides where a request was measured. The user's rules go first, then its family, then keys that only one layer writes.
// None of them gives the layer of other requests. They are the client's unless their place in the trace shows another one.
func (r *Reader) layerOf(f *spanValues, span ptrace.Span, o *origin) (layer llm.Layer, given bool) {
	for i := range r.options.LayerRules[:o.layerRule] {
		if rule := &r.options.LayerRules[i]; rule.ofSpan() && rule.fits(o, span) {
			return rule.Layer, true
		}
	}
	switch {
	case o.layerRule < len(r.options.LayerRules):
		return r.options.LayerRules[o.layerRule].Layer, true
	case f.emitter >= 0 && r.emitters[f.emitter].layer != llm.NoLayer:
		return r.emitters[f.emitter].layer, true
	case f.proven == llm.Gateway || f.proven == llm.Server && span.Kind() == ptrace.SpanKindServer:
		return f.proven, true
	case serves(f, span):
		return llm.Gateway, true
	default:
		return llm.Client, false
	}
}
