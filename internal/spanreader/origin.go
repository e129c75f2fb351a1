// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// origin is where a span comes from.
type origin struct {
	resource        ptrace.ResourceSpans
	spans           ptrace.ScopeSpans
	attributes      pcommon.Map
	scopeAttributes pcommon.Map
	scope           *scope
	// emitter is the family that scope or resource identify, or -1.
	emitter int16
	// excluded is set if the user leaves out all spans of the resource or the scope.
	excluded bool
	// named is set if the family knows spans by their names, which need no keys.
	named bool
	// first is the number of the scope's first span.
	first int32
	// layerRule is the first of the user's rules for layers that holds for the whole scope; see Reader.scopeRule.
	layerRule int
	// service is whose program the resource is, if that was asked for; see serviceOf.
	service      correlate.Service
	knowsService bool
	// rows are those of the scope's log events, nil for spans.
	rows []*emitter.Log
	// counted is the signal that the user has counted, empty for what the emitter says.
	counted string
	// index is the resource's in the batch, or -1 before its first request.
	index           int32
	model, provider string
}

// use makes sure that the resource is in the batch.
func (o *origin) use(r *Reader, b *Batch) int32 {
	if o.index < 0 {
		o.index = b.addResource(o.attributes, &r.resource, r.maxText)
		o.counted = r.countedOf(o.attributes)
		o.model = firstOf(o.attributes, r.options.ModelKeys)
		o.provider = firstOf(o.attributes, r.options.ProviderKeys)
	}
	return o.index
}

// serviceOf returns whose program the resource is.
func (o *origin) serviceOf() correlate.Service {
	if !o.knowsService {
		o.service, o.knowsService = correlate.ServiceOf(o.attributes), true
	}
	return o.service
}

func firstOf(attributes pcommon.Map, keys []string) string {
	for _, key := range keys {
		if v, ok := attributes.Get(key); ok && v.Type() == pcommon.ValueTypeStr && says(trim(v.Str())) {
			return trim(v.Str())
		}
	}
	return ""
}

// countedOf returns which signal the user has counted of a resource's service, if any.
func (r *Reader) countedOf(resource pcommon.Map) string {
	if len(r.options.Signals) == 0 {
		return ""
	}
	name, ok := resource.Get("service.name")
	if !ok || name.Type() != pcommon.ValueTypeStr {
		return ""
	}
	counted, _ := r.signals.find(name.Str())
	return counted
}

// takes reports whether requests of a service are read from a signal, by the user's choice.
func (o *origin) takes(signal llm.Signal) bool { return o.counted != signal.Other().Pipeline() }

// holder returns the attributes of a span, its scope or its resource.
func (o *origin) holder(span ptrace.Span, of Holder) pcommon.Map {
	switch of {
	case OfScope:
		return o.scopeAttributes
	case OfResource:
		return o.attributes
	default:
		return span.Attributes()
	}
}
