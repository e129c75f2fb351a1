// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// vocabulary is what made-up spans are made of: all that the tables know, and something that they do not.
type vocabulary struct {
	keys, scopes, names []string
	resources           []emitter.Pair
}

func newVocabulary() vocabulary {
	v := vocabulary{keys: knownKeys(), scopes: []string{"", "any", "other"}, names: []string{"", "chat"}, resources: []emitter.Pair{{}}}
	plain := func(pattern string) string { return strings.ReplaceAll(pattern, "*", "x") }
	for _, d := range emitter.All() {
		for _, scope := range d.Scopes {
			v.scopes = append(v.scopes, plain(scope))
		}
		for _, span := range d.Spans {
			v.names = append(v.names, plain(span.Name))
		}
		for _, pair := range d.Resource {
			v.resources = append(v.resources, emitter.Pair{Key: pair.Key, Value: plain(pair.Value)})
		}
	}
	slices.Sort(v.scopes)
	v.scopes = slices.Compact(v.scopes)
	return v
}

var (
	fuzzMessages = []string{
		"", "boom", "Error: 429 slow", "RESOURCE_EXHAUSTED: quota", "ValueError: no", "stream: context canceled",
		"Request was aborted.", "CANCELLED: x",
	}
	fuzzExceptions = []string{"", "Error", "APIError", "a.b.CancelledError", "TimeoutError"}
	fuzzEvents     = []string{
		"exception", "First Token Stream Event", "gen_ai.content.completion.chunk", "mlflow.chunk.item.0", "mlflow.chunk.item.1",
		"gen_ai.choice", "ai.stream.firstChunk", "QUEUE_START", "COMPUTE_START", "foreign",
	}
)

// source of arbitrary bytes that ends in zeros.
type bytesSource struct{ data []byte }

func (b *bytesSource) next() int {
	if len(b.data) == 0 {
		return 0
	}
	x := b.data[0]
	b.data = b.data[1:]
	return int(x)
}

func pick[T any](b *bytesSource, all []T) T { return all[(b.next()<<8|b.next())%len(all)] }

// take cuts off as many bytes as the next one says, below a limit.
func (b *bytesSource) take(limit int) []byte {
	n := min(b.next()%limit, len(b.data))
	part := b.data[:n]
	b.data = b.data[n:]
	return part
}

// span fills in all of a span but its place in a trace. Times are multiples of 100 ms after one second.
func (v *vocabulary) span(b *bytesSource, span ptrace.Span, attributes int) {
	span.SetName(pick(b, v.names))
	span.SetKind(ptrace.SpanKind(b.next() % 6))
	span.SetStartTimestamp(pcommon.Timestamp(1e9 + 1e8*uint64(b.next()%16)))
	span.SetEndTimestamp(span.StartTimestamp() + pcommon.Timestamp(1e8*uint64(b.next()%32)))
	span.Status().SetCode(ptrace.StatusCode(b.next() % 3))
	span.Status().SetMessage(pick(b, fuzzMessages))
	for range b.next() % 4 {
		event := span.Events().AppendEmpty()
		event.SetName(pick(b, fuzzEvents))
		event.SetTimestamp(span.StartTimestamp() + pcommon.Timestamp(1e8*uint64(b.next()%16)))
		event.Attributes().PutStr("exception.type", pick(b, fuzzExceptions))
		event.Attributes().PutStr("exception.message", pick(b, fuzzMessages))
		event.Attributes().PutStr("finish_reason", fuzzWords[b.next()%len(fuzzWords)])
	}
	attributesFrom(b.take(4*attributes), v.keys).CopyTo(span.Attributes())
}

func FuzzSpansAreUnderstoodAsByAPlainReader(f *testing.F) {
	tracetest.Long(f)
	v := newVocabulary()
	f.Add([]byte("\x00\x01\x00\x00\x00\x01\x03\x00\x05\x00\x00\x00\x00\x08\x00\x00\x00\x01"))
	for i := range v.scopes {
		f.Add([]byte{0, byte(i), 0, 0, 0, byte(i), 2, 0, 7, byte(i), 0, byte(i), byte(i), 0, 1, 3, 0, 2, 0, 1, 4, 40, 0, byte(i), 0, 1, 0, byte(2 * i), 2, 9})
	}
	r := NewReader(Options{MaxText: 256, Runs: true})
	f.Fuzz(func(t *testing.T, data []byte) {
		from := bytesSource{data}
		traces := ptrace.NewTraces()
		resourceSpans := traces.ResourceSpans().AppendEmpty()
		scopeSpans := resourceSpans.ScopeSpans().AppendEmpty()
		scopeSpans.Scope().SetName(pick(&from, v.scopes))
		if pair := pick(&from, v.resources); pair.Key != "" {
			resourceSpans.Resource().Attributes().PutStr(pair.Key, pair.Value)
		}
		span := scopeSpans.Spans().AppendEmpty()
		v.span(&from, span, 64)

		b := r.NewBatch()
		r.Read(traces, b)
		want, ok := readPlainly(resourceSpans.Resource().Attributes(), scopeSpans.Scope(), span)
		require.Equal(t, ok, len(b.Requests) == 1, "request found in %v", span.Attributes().AsRaw())
		if ok {
			require.Equal(t, want, plainRequestOf(&b.Described[0]), "%v", span.Attributes().AsRaw())
		}
	})
}

// fuzzScopes are families that differ in how their requests are counted.
var fuzzScopes = []string{
	"opentelemetry.util.genai", "some.other.client", "opentelemetry.instrumentation.langchain", "envoyproxy/ai-gateway",
	"vllm.tracing.otel", "sglang server", "triton-server", "ai", "bifrost", "logfire.openai", "@sentry/node",
	"@traceloop/instrumentation-openai", "gcp.vertex.agent",
}

// trace makes up a few spans of two services in two traces, or without one. No span is above itself.
func (v *vocabulary) trace(b *bytesSource) ptrace.Traces {
	traces := ptrace.NewTraces()
	services := []string{"", "app", "proxy"}
	for _, service := range services {
		if resource := traces.ResourceSpans().AppendEmpty().Resource(); service != "" {
			resource.Attributes().PutStr("service.name", service)
		}
	}
	// Ids need not grow in the order of the spans; that of a parent is the smaller one.
	ids := make([]byte, b.next()%9)
	for i := range ids {
		ids[i] = byte(i*5+3)%16 + 1
	}
	for _, id := range ids {
		scopeSpans := traces.ResourceSpans().At(b.next() % len(services)).ScopeSpans().AppendEmpty()
		scopeSpans.Scope().SetName(pick(b, fuzzScopes))
		span := scopeSpans.Spans().AppendEmpty()
		v.span(b, span, 4)
		span.SetFlags([]uint32{0, 0x100, 0x300}[b.next()%3])
		for range b.next() % 3 {
			// What spans are counted by.
			switch b.next() % 10 {
			case 5:
				span.Attributes().PutInt("gen_ai.usage.input_tokens", int64(b.next()))
			case 6:
				span.Attributes().PutInt("gen_ai.usage.cache_read.input_tokens", int64(b.next()))
			case 7:
				span.Attributes().PutInt("gen_ai.usage.cache_write.input_tokens", int64(b.next()))
			case 8:
				span.Attributes().PutInt("gen_ai.usage.total_tokens", 2*int64(b.next()))
			case 9:
				span.Attributes().PutInt("gen_ai.usage.reasoning_tokens", int64(b.next()))
			case 0:
				span.Attributes().PutStr("gen_ai.response.id", []string{"r1", "r2", "0"}[b.next()%3])
			case 1:
				span.Attributes().PutStr("gen_ai.request.model", []string{"m", "m-2026", "other"}[b.next()%3])
			case 2:
				span.Attributes().PutInt("gen_ai.usage.output_tokens", int64(b.next()))
			case 3:
				span.Attributes().PutStr("logfire.span_type", []string{"log", "span"}[b.next()%2])
			default:
				span.Attributes().PutStr("rid", "r1")
			}
		}
		if operation := pick(b, []string{"chat", "chat", "chat", "chat", "chat", "embeddings", "invoke_agent", "execute_tool", ""}); operation != "" {
			span.Attributes().PutStr("gen_ai.operation.name", operation)
		}
		span.SetTraceID(pcommon.TraceID{15: pick(b, []byte{1, 1, 1, 1, 2, 0})})
		span.SetSpanID(pcommon.SpanID{7: id})
		if up := pick(b, ids); up < id {
			span.SetParentSpanID(pcommon.SpanID{7: up})
		} else if up > 8 {
			span.SetParentSpanID(pcommon.SpanID{7: 100}) // in another batch
		}
	}
	return traces
}

// turned returns the spans in another order: each in a scope of its own, from one on and round.
func turned(traces ptrace.Traces, from int) ptrace.Traces {
	type place struct {
		resource ptrace.ResourceSpans
		scope    ptrace.ScopeSpans
		span     ptrace.Span
	}
	var all []place
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				all = append(all, place{resourceSpans, scopeSpans, span})
			}
		}
	}
	out := ptrace.NewTraces()
	for i := range all {
		p := all[(from+i*(len(all)-1))%len(all)] // one step back each time
		resourceSpans := out.ResourceSpans().AppendEmpty()
		p.resource.Resource().CopyTo(resourceSpans.Resource())
		scopeSpans := resourceSpans.ScopeSpans().AppendEmpty()
		p.scope.Scope().CopyTo(scopeSpans.Scope())
		p.span.CopyTo(scopeSpans.Spans().AppendEmpty())
	}
	return out
}

// readings returns what was read of each request, in an order that the spans' does not matter to.
func readings(t *testing.T, r *Reader, traces ptrace.Traces) (all []string, found, counted bool) {
	b := r.NewBatch()
	r.Read(traces, b)
	for i := range b.Requests {
		q := b.Requests[i]
		requireWholesHoldParts(t, &q)
		found, counted = found || q.Class != llm.Supplement, counted || q.Duplicate == llm.Unique
		finishes, gaps := b.FinishReasons(&q), b.ChunkGaps(&q)
		q.Resource, q.Span, q.FinishRange, q.GapRange, q.ModalityIndex = 0, 0, [2]int32{}, [2]int32{}, 0
		all = append(all, fmt.Sprintf("%+v %v %v", q, finishes, gaps))
	}
	slices.Sort(all)
	return all, found, counted
}

// requireWholesHoldParts requires that no part of a request's tokens is larger than its whole.
func requireWholesHoldParts(t *testing.T, q *llm.Request) {
	t.Helper()
	number := func(f fact.Fact) float64 { return max(q.Number[f], 0) }
	if q.Number[fact.InputTokens] != llm.Absent {
		require.LessOrEqual(t, number(fact.CacheReadTokens)+number(fact.CacheWriteTokens), q.Number[fact.InputTokens], "%+v", q)
	}
	if q.Number[fact.OutputTokens] != llm.Absent {
		require.LessOrEqual(t, number(fact.ReasoningTokens), q.Number[fact.OutputTokens], "%+v", q)
	}
	if q.Number[fact.CacheWriteTokens] != llm.Absent {
		require.LessOrEqual(t, number(fact.CacheWriteHourTokens), q.Number[fact.CacheWriteTokens], "%+v", q)
	}
}

func FuzzTracesCountAlikeInWhateverOrder(f *testing.F) {
	v := newVocabulary()
	for n := range byte(8) {
		for family := range byte(len(fuzzScopes)) {
			seed := []byte{n + 1}
			for i := range n + 1 {
				seed = append(seed, 0, (family+i*n)%byte(len(fuzzScopes)), 0, 0, 0, i, 10-i, i%3, 0, 0, 0, 0, 1, 0, i%2, 0, 0, 0, 0, 0, i+n)
			}
			f.Add(seed)
		}
	}
	r := NewReader(Options{MaxText: 256})
	f.Fuzz(func(t *testing.T, data []byte) {
		traces := v.trace(&bytesSource{data})
		want, found, counted := readings(t, r, turned(traces, 0))
		require.Equal(t, found, counted, "of all descriptions of a request one counts")
		for from := 1; from < min(traces.SpanCount(), 4); from++ {
			got, _, _ := readings(t, r, turned(traces, from))
			require.Equal(t, want, got)
		}
	})
}
