// SPDX-License-Identifier: Apache-2.0

// Package enrichment writes what was derived from spans back to them. Trace stores, samplers and filters can use it.
package enrichment

import (
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Enricher writes to spans. It may be used by many goroutines.
type Enricher struct {
	rows      []row
	overwrite bool
}

// New returns an enricher that writes what is named; see Names. What a span has already stays as it is unless
// overwrite is set.
func New(names []string, overwrite bool) *Enricher {
	e := &Enricher{overwrite: overwrite}
	for i := range rows {
		if slices.Contains(names, rows[i].name()) {
			e.rows = append(e.rows, rows[i])
		}
	}
	return e
}

// Enrich writes to the spans of the traces that the batch was read from. They must not be read-only, nor have changed since.
//
// A request has one span that counts. Others that describe it again get only the rule by which they were found. So numbers of
// traces agree with the metrics.
func (e *Enricher) Enrich(traces ptrace.Traces, batch *spanreader.Batch) {
	requests, first := batch.Requests, 0
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			spans := scopeSpans.Spans()
			for len(requests) > 0 && int(requests[0].Span) < first+spans.Len() {
				e.enrich(spans.At(int(requests[0].Span)-first).Attributes(), &requests[0])
				requests = requests[1:]
			}
			first += spans.Len()
		}
	}
}

func (e *Enricher) enrich(attributes pcommon.Map, q *llm.Request) {
	if q.Duplicate == llm.LeftOut {
		return
	}
	again, stays := q.Duplicate != llm.Unique, ""
	for i := range e.rows {
		r := &e.rows[i]
		if r.again != again || r.about != "" && r.about == stays {
			continue
		}
		if !e.write(r, q, attributes) {
			stays = r.key
		}
	}
}

// write reports whether the attribute was written, or is absent.
func (e *Enricher) write(r *row, q *llm.Request, attributes pcommon.Map) bool {
	if _, taken := attributes.Get(r.key); taken && !e.overwrite {
		return false
	}
	if value := r.value(q); !value.IsAbsent() {
		value.Put(attributes, r.key)
	}
	return true
}
