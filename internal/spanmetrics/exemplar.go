// SPDX-License-Identifier: Apache-2.0

package spanmetrics

import (
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// exemplary reports whether a request can be an exemplar: what was not sampled cannot be found in a trace store.
func exemplary(q *llm.Request) bool { return q.Sampled && !q.TraceID.IsEmpty() }

// keepExemplar keeps a sample as the exemplar of its bucket, the first one since the last collection. That
// spreads exemplars over the buckets, so that slow requests have theirs beside the many fast ones.
func (n *numbers) keepExemplar(index, bucket int, value float64, o *sample, e *Engine) {
	s := &n.series[index]
	s.sampled |= 1 << (bucket & 31)
	if e.exemplars.Add(1) > int64(e.options.Limits.Exemplars) {
		return
	}
	r, q := n.rarely(), o.example
	r.exemplars = append(r.exemplars, exemplar{series: index, value: value, at: q.End, trace: q.TraceID, span: q.SpanID})
}

// writeExemplars writes the exemplars of a series.
func (n *numbers) writeExemplars(index int, to pmetric.ExemplarSlice) {
	if n.rare == nil {
		return
	}
	for i := range n.rare.exemplars {
		from := &n.rare.exemplars[i]
		if from.series != index {
			continue
		}
		x := to.AppendEmpty()
		x.SetTimestamp(from.at)
		x.SetDoubleValue(from.value)
		x.SetTraceID(from.trace)
		x.SetSpanID(from.span)
	}
}

// dropExemplars makes room for those of the next interval.
func (n *numbers) dropExemplars() {
	for i := range n.series {
		n.series[i].sampled = 0
	}
	if n.rare != nil {
		n.rare.exemplars = nil
	}
}
