// SPDX-License-Identifier: Apache-2.0

// Package tracetest provides spans for tests and benchmarks: those that real emitters sent, and
// made-up ones in any number.
package tracetest

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Root returns the top folder of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Long leaves out a test that takes many seconds where go test has -short, as the recipes of CONTRIBUTING.md do.
func Long(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("takes many seconds")
	}
}

// Load returns the traces of a file with one OTLP request as JSON per line. The name is relative to the
// repository's testdata folder.
func Load(tb testing.TB, name string) []ptrace.Traces {
	tb.Helper()
	file, err := os.Open(filepath.Join(Root(), "testdata", name))
	require.NoError(tb, err)
	defer file.Close()
	var all []ptrace.Traces
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(lines.Bytes())
		require.NoError(tb, err)
		all = append(all, traces)
	}
	require.NoError(tb, lines.Err())
	return all
}

// Start is the start time of made-up spans.
var Start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Shape says what spans Make makes up.
type Shape struct {
	// Spans is the number of spans, Resources that of the resources that they are spread over.
	Spans, Resources int
	// Sets is the number of different dimension sets.
	Sets int
	// Plain makes ordinary HTTP spans instead of LLM spans.
	Plain bool
	// First is the number of the first span, which decides its ids and dimension set.
	First int
}

// Make returns spans of about 20 attributes each. They lie in memory as those do that a receiver has decoded: each text by
// itself.
func Make(shape Shape) ptrace.Traces {
	traces := ptrace.NewTraces()
	resources := max(shape.Resources, 1)
	for r := range resources {
		rs := traces.ResourceSpans().AppendEmpty()
		a := rs.Resource().Attributes()
		a.PutStr("service.name", fmt.Sprintf("service-%d", r))
		a.PutStr("service.namespace", "shop")
		a.PutStr("service.version", "1.2.3")
		a.PutStr("deployment.environment.name", "production")
		a.PutStr("k8s.namespace.name", "llm")
		a.PutStr("k8s.pod.name", fmt.Sprintf("service-%d-abcde", r))
		a.PutStr("telemetry.sdk.language", "python")
		a.PutStr("telemetry.sdk.name", "opentelemetry")
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName("opentelemetry.instrumentation.openai_v2")
		if shape.Plain {
			ss.Scope().SetName("opentelemetry.instrumentation.asgi")
		}
		for i := r; i < shape.Spans; i += resources {
			span := ss.Spans().AppendEmpty()
			identify(span, shape.First+i)
			if shape.Plain {
				plain(span, i)
			} else {
				chat(span, (shape.First+i)/resources%max(shape.Sets/resources, 1))
			}
		}
	}
	return decoded(traces)
}

func decoded(traces ptrace.Traces) ptrace.Traces {
	encoded, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	if err != nil {
		panic(err) // made-up spans can be encoded
	}
	again, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(encoded)
	if err != nil {
		panic(err)
	}
	return again
}

func identify(span ptrace.Span, number int) {
	var trace pcommon.TraceID
	binary.BigEndian.PutUint64(trace[:], 0xabcdef)
	binary.BigEndian.PutUint64(trace[8:], uint64(number+1))
	var id pcommon.SpanID
	binary.BigEndian.PutUint64(id[:], uint64(number+1))
	span.SetTraceID(trace)
	span.SetSpanID(id)
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(Start))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(Start.Add(time.Second + time.Duration(number%997)*time.Millisecond)))
}

func chat(span ptrace.Span, set int) {
	span.SetName("chat gpt-4o")
	span.SetKind(ptrace.SpanKindClient)
	a := span.Attributes()
	a.EnsureCapacity(20)
	a.PutStr("gen_ai.operation.name", "chat")
	a.PutStr("gen_ai.provider.name", "openai")
	a.PutStr("gen_ai.request.model", fmt.Sprintf("gpt-4o-%d", set))
	a.PutStr("gen_ai.response.model", fmt.Sprintf("gpt-4o-%d-2024-08-06", set))
	a.PutStr("gen_ai.response.id", fmt.Sprintf("chatcmpl-%x", span.SpanID()))
	a.PutEmptySlice("gen_ai.response.finish_reasons").AppendEmpty().SetStr("stop")
	a.PutInt("gen_ai.request.max_tokens", 1024)
	a.PutDouble("gen_ai.request.temperature", 0.7)
	a.PutDouble("gen_ai.request.top_p", 1)
	a.PutBool("gen_ai.request.stream", true)
	a.PutDouble("gen_ai.response.time_to_first_chunk", 0.25)
	a.PutInt("gen_ai.usage.input_tokens", 1200)
	a.PutInt("gen_ai.usage.output_tokens", 340)
	a.PutInt("gen_ai.usage.cache_read.input_tokens", 1024)
	a.PutStr("server.address", "api.openai.com")
	a.PutInt("server.port", 443)
	a.PutStr("gen_ai.conversation.id", "conversation-1")
	a.PutStr("thread.name", "main")
	a.PutInt("thread.id", 140)
	a.PutStr("openai.api.type", "chat_completions")
}

func plain(span ptrace.Span, i int) {
	span.SetName("GET /items/{id}")
	span.SetKind(ptrace.SpanKindServer)
	a := span.Attributes()
	a.EnsureCapacity(20)
	a.PutStr("http.request.method", "GET")
	a.PutStr("http.route", "/items/{id}")
	a.PutStr("url.scheme", "https")
	a.PutStr("url.path", fmt.Sprintf("/items/%d", i))
	a.PutInt("http.response.status_code", 200)
	a.PutStr("server.address", "shop.example")
	a.PutInt("server.port", 443)
	a.PutStr("client.address", "192.0.2.1")
	a.PutInt("client.port", 51234)
	a.PutStr("network.peer.address", "192.0.2.7")
	a.PutInt("network.peer.port", 41234)
	a.PutStr("network.protocol.version", "1.1")
	a.PutStr("network.transport", "tcp")
	a.PutStr("user_agent.original", "curl/8")
	a.PutStr("code.function.name", "items.get")
	a.PutInt("thread.id", 140)
	a.PutStr("thread.name", "main")
	a.PutStr("db.system.name", "postgresql")
	a.PutStr("db.namespace", "shop")
	a.PutStr("enduser.pseudo.id", "u-17")
}

// Captures returns the spans of all captured emitters as one export request. Those of one resource are side by side, as a gateway
// that batches them sends them on.
func Captures(tb testing.TB) ptrace.Traces {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(Root(), "testdata", "captures", "*.jsonl"))
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	all := ptrace.NewTraces()
	for _, file := range files {
		for _, traces := range Load(tb, "captures/"+filepath.Base(file)) {
			traces.ResourceSpans().MoveAndAppendTo(all.ResourceSpans())
		}
	}
	return decoded(all)
}

// OneTrace returns the trace of an agent that calls models that many times, ten times in each of its steps. A framework
// describes each call, too: around the client's span, or side by side with it, by turns.
func OneTrace(calls int) ptrace.Traces {
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "agent")
	scope := func(name string) ptrace.SpanSlice {
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName(name)
		return ss.Spans()
	}
	agents, clients := scope("opentelemetry.instrumentation.langchain"), scope("opentelemetry.instrumentation.openai_v2")
	next := uint64(0)
	start := Start
	add := func(spans ptrace.SpanSlice, parent pcommon.SpanID, from, took time.Duration) ptrace.Span {
		span := spans.AppendEmpty()
		next++
		id := pcommon.SpanID{}
		binary.BigEndian.PutUint64(id[:], next)
		span.SetTraceID(pcommon.TraceID{15: 1})
		span.SetSpanID(id)
		span.SetParentSpanID(parent)
		span.SetStartTimestamp(pcommon.NewTimestampFromTime(start.Add(from)))
		span.SetEndTimestamp(pcommon.NewTimestampFromTime(start.Add(from + took)))
		return span
	}
	run := func(parent pcommon.SpanID, from, took time.Duration) pcommon.SpanID {
		span := add(agents, parent, from, took)
		span.SetName("invoke_agent planner")
		span.Attributes().PutStr("gen_ai.operation.name", "invoke_agent")
		return span.SpanID()
	}
	const step = time.Second
	root, current := run(pcommon.SpanID{}, 0, time.Duration(calls+1)*step), pcommon.SpanID{}
	for i := range calls {
		from := time.Duration(i) * step
		if i%10 == 0 {
			current = run(root, from, 10*step)
		}
		framework := add(agents, current, from+10*time.Millisecond, 800*time.Millisecond)
		framework.SetName("ChatOpenAI.chat")
		framework.Attributes().PutStr("gen_ai.operation.name", "chat")
		framework.Attributes().PutStr("gen_ai.request.model", "gpt-4o-0")
		parent := current
		if i%2 == 0 {
			parent = framework.SpanID()
		}
		chat(add(clients, parent, from+15*time.Millisecond, 790*time.Millisecond), 0)
	}
	return decoded(traces)
}
