// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// spanOf describes one span of a made-up trace. Times are in milliseconds.
type spanOf struct {
	scope, version, name string
	id, parent           uint64
	trace                byte // 1 if not set
	from, to             uint64
	kind                 ptrace.SpanKind
	failed               bool
	attributes           map[string]any
}

const (
	client    = "opentelemetry.util.genai"
	other     = "some.other.client"
	framework = "opentelemetry.instrumentation.langchain"
	gateway   = "envoyproxy/ai-gateway"
	engine    = "vllm.tracing.otel"
)

// chat returns the attributes of a chat to a model, with more in pairs of key and value.
func chat(model string, more ...any) map[string]any {
	attributes := map[string]any{"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
	for i := 0; i < len(more); i += 2 {
		attributes[more[i].(string)] = more[i+1]
	}
	return attributes
}

func tracesOf(t testing.TB, spans ...spanOf) ptrace.Traces {
	t.Helper()
	traces := ptrace.NewTraces()
	resourceSpans := traces.ResourceSpans().AppendEmpty()
	for _, s := range spans {
		scopeSpans := resourceSpans.ScopeSpans().AppendEmpty()
		scopeSpans.Scope().SetName(s.scope)
		scopeSpans.Scope().SetVersion(s.version)
		span := scopeSpans.Spans().AppendEmpty()
		span.SetName(s.name)
		span.SetTraceID(pcommon.TraceID{15: max(s.trace, 1)})
		span.SetSpanID(spanID(s.id))
		if s.parent != 0 {
			span.SetParentSpanID(spanID(s.parent))
		}
		span.SetKind(s.kind)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(noon) + pcommon.Timestamp(s.from*1e6))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(noon) + pcommon.Timestamp(s.to*1e6))
		if s.failed {
			span.Status().SetCode(ptrace.StatusCodeError)
		}
		require.NoError(t, span.Attributes().FromRaw(s.attributes))
	}
	return traces
}

// resolve reads spans and returns what became of each request, by span id.
func resolve(t testing.TB, spans ...spanOf) map[uint64]llm.Request {
	t.Helper()
	all, _ := resolveBatch(t, spans...)
	return all
}

// resolveBatch returns the batch, too.
func resolveBatch(t testing.TB, spans ...spanOf) (map[uint64]llm.Request, *spanreader.Batch) {
	t.Helper()
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	b := r.NewBatch()
	r.Read(tracesOf(t, spans...), b)
	all := map[uint64]llm.Request{}
	for _, q := range b.Requests {
		for _, s := range spans {
			if q.SpanID == spanID(s.id) {
				all[s.id] = q
			}
		}
	}
	return all, b
}

// rules returns the rule that was applied to each request.
func rules(requests map[uint64]llm.Request) map[uint64]llm.Rule {
	applied := map[uint64]llm.Rule{}
	for id := range requests {
		applied[id] = requests[id].Duplicate
	}
	return applied
}

type applied = map[uint64]llm.Rule
