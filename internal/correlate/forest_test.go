// SPDX-License-Identifier: Apache-2.0

package correlate

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
)

// made is spans of one trace, each a request of a scope of its own below the one before.
type made struct {
	traces   ptrace.Traces
	requests []llm.Request
	related  []Request
}

func (m *made) add(span, parent byte, scope string) *Request {
	if m.traces == (ptrace.Traces{}) {
		m.traces = ptrace.NewTraces()
	}
	s := m.traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	s.SetTraceID(pcommon.TraceID{1})
	s.SetSpanID(pcommon.SpanID{span})
	if parent != 0 {
		s.SetParentSpanID(pcommon.SpanID{parent})
	}
	q := llm.Request{
		Class: llm.Inference, Layer: llm.Client, Emitter: -1, TraceID: s.TraceID(), SpanID: s.SpanID(), ParentID: s.ParentSpanID(),
		Start: pcommon.Timestamp(span) * 1e9, End: pcommon.Timestamp(span)*1e9 + 1e9, Number: llm.NoNumbers,
	}
	q.Number[fact.Duration] = 1
	m.requests = append(m.requests, q)
	m.related = append(m.related, Request{Evidence: Evidence{Scope: scope}})
	for i := range m.related {
		m.related[i].Request = &m.requests[i]
	}
	return &m.related[len(m.related)-1]
}

func (m *made) relate(connectors ...Connector) (rules []string) {
	NewForest().Relate(m.traces, m.related, connectors, nil)
	for i := range m.requests {
		rules = append(rules, m.requests[i].Duplicate.String())
	}
	return rules
}

func TestEveryRelationHasAllThatItNeeds(t *testing.T) {
	for _, r := range relations {
		assert.NotEmpty(t, r.name)
		assert.NotNil(t, r.candidates, r.name)
		assert.NotNil(t, r.relates, r.name)
		assert.True(t, r.merge != nil || r.finish != nil || r.rule == llm.Resent, "%s loses what the other span holds", r.name)
	}
}

func TestSpansThatAreTheirOwnAncestorsComeToAnEnd(t *testing.T) {
	var m made
	m.add(1, 2, "a")
	m.add(2, 1, "b")
	m.add(3, 3, "c")
	assert.Len(t, m.relate(), 3)
}

func TestAWayThatIsTooLongLeadsNowhere(t *testing.T) {
	for _, depth := range []byte{maxDepth, maxDepth + 2} {
		var m made
		m.add(1, 0, "a")
		m.add(200, depth, "b")
		spans := m.traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
		for i := byte(2); i <= depth; i++ {
			s := spans.AppendEmpty()
			s.SetTraceID(pcommon.TraceID{1})
			s.SetSpanID(pcommon.SpanID{i})
			s.SetParentSpanID(pcommon.SpanID{i - 1})
		}
		want := []string{"wrapper", ""}
		if depth > maxDepth {
			want[0] = ""
		}
		assert.Equal(t, want, m.relate(), depth)
	}
}

func TestAToolSeparatesTheCallsAboveAndBelowIt(t *testing.T) {
	var m made
	m.add(1, 0, "a")
	m.add(3, 2, "b")
	tool := Connector{Trace: pcommon.TraceID{1}, Span: pcommon.SpanID{2}, Parent: pcommon.SpanID{1}}
	assert.Equal(t, []string{"wrapper", ""}, m.relate(tool))
	m.requests[0].Duplicate = llm.Unique
	tool.Separates = true
	assert.Equal(t, []string{"", ""}, m.relate(tool))
}

func TestATraceWithOneRequestNeedsNoTree(t *testing.T) {
	var m made
	m.add(1, 0, "a")
	f := NewForest()
	f.Relate(m.traces, m.related, nil, nil)
	assert.Empty(t, f.nodes)
	assert.Nil(t, m.related[0].Ancestry)
}
