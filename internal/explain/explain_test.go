// SPDX-License-Identifier: Apache-2.0

package explain_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/explain"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

func cases(t *testing.T) []corpus.Case {
	t.Helper()
	all, err := corpus.Load(tracetest.Root())
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

func TestEveryRequestOfTheCorpusIsReportedToCount(t *testing.T) {
	for _, c := range cases(t) {
		if len(c.Batches) == 1 {
			report := explain.Of(&explain.Contents{Traces: c.Batches[0], Logs: plog.NewLogs()})
			assert.Len(t, report.Spans, c.Batches[0].SpanCount(), c.Name)
			assert.Equal(t, c.Requests, report.Counted(), c.Name)
		}
	}
}

// mark puts a text of a person into every text of the spans.
func mark(traces ptrace.Traces, with func() string) {
	attributes := func(m pcommon.Map) {
		for _, value := range m.All() {
			switch value.Type() {
			case pcommon.ValueTypeStr:
				value.SetStr(with())
			case pcommon.ValueTypeSlice:
				for _, item := range value.Slice().All() {
					item.SetStr(with())
				}
			default:
			}
		}
	}
	for _, rs := range traces.ResourceSpans().All() {
		attributes(rs.Resource().Attributes())
		for _, ss := range rs.ScopeSpans().All() {
			attributes(ss.Scope().Attributes())
			for _, span := range ss.Spans().All() {
				attributes(span.Attributes())
				span.Attributes().PutStr("said by "+with(), "")
				span.SetName("chat " + with())
				span.Status().SetMessage(with())
				for _, event := range span.Events().All() {
					event.SetName(with())
					attributes(event.Attributes())
				}
			}
		}
	}
}

func TestNoTextOfAPersonAndNoKeyIsInAReport(t *testing.T) {
	for name, format := range map[string]string{
		"text": "my secret %d", "address": "alice%d@example.com", "key": "sk-proj-a8Zk3Lq9Xw2Vb7Nm4Tt%d", "quote": `{"q":"x%d"}`,
		"phone": "49301234567%d", "hex": "0af7651916cd43dd8448eb211c80319c%d",
	} {
		for _, c := range cases(t) {
			traces := c.Batches[0]
			secrets, n := []string{}, 0
			mark(traces, func() string {
				n++
				secrets = append(secrets, fmt.Sprintf(format, n))
				return secrets[n-1]
			})
			var out bytes.Buffer
			_, err := explain.Of(&explain.Contents{Traces: traces, Logs: plog.NewLogs()}).WriteTo(&out)
			require.NoError(t, err)
			for _, secret := range secrets {
				if !assert.NotContains(t, out.String(), secret, "%s of %s", name, c.Name) {
					return
				}
			}
		}
	}
}

// traces are those of three spans: a request, an agent and something else.
func traces() ptrace.Traces {
	traces := ptrace.NewTraces()
	ss := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty()
	ss.Scope().SetName("my.app")
	add := func(id byte, parent byte, name string, attributes map[string]any) {
		span := ss.Spans().AppendEmpty()
		span.SetTraceID(pcommon.TraceID{7})
		span.SetSpanID(pcommon.SpanID{id})
		if parent != 0 {
			span.SetParentSpanID(pcommon.SpanID{parent})
		}
		span.SetName(name)
		span.SetKind(ptrace.SpanKindClient)
		span.SetStartTimestamp(1e9)
		span.SetEndTimestamp(2e9)
		if err := span.Attributes().FromRaw(attributes); err != nil {
			panic(err)
		}
	}
	add(1, 0, "GET /", map[string]any{"http.route": "/"})
	add(2, 1, "invoke_agent shop", map[string]any{"gen_ai.operation.name": "invoke_agent", "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": 5})
	add(3, 2, "chat gpt-4o", map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
		"gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 7,
	})
	return traces
}

func TestAReportSaysWhatCountsAndWhatDeniesTheRest(t *testing.T) {
	var out strings.Builder
	_, err := explain.Of(&explain.Contents{Traces: traces(), Logs: plog.NewLogs()}).WriteTo(&out)
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(tracetest.Root(), "docs", "troubleshooting.md"))
	require.NoError(t, err)
	assert.Contains(t, string(page), out.String(), "the example of the page")
	assert.Equal(t, `1.1 CLIENT (hidden) of my.app
    does not count (no_llm_span): has no attribute that only LLM instrumentations write, and its scope is none of theirs
    keys: http.route
1.2 CLIENT invoke_agent shop of my.app, below 1.1
    does not count (no_request): gen_ai.operation.name=invoke_agent says that it is no request to a model
    keys: gen_ai.operation.name gen_ai.request.model gen_ai.usage.input_tokens
1.3 CLIENT chat gpt-4o of my.app, below 1.2
    counts: client chat, openai, gpt-4o, 5 input + 7 output tokens, 1.000 s, success
3 spans, 1 count, 1 no_llm_span, 1 no_request
`, out.String())
}

// The files are captures of real programs that send both signals; a server saw so many requests.
func TestLogEventsAreReportedAndCountOnceBesideSpans(t *testing.T) {
	for _, test := range []struct {
		files []string
		count int
	}{
		{[]string{"claude-code.jsonl"}, 20},
		{[]string{"claude-code-traced.jsonl", "claude-code-traced.spans.jsonl"}, 20},
		{[]string{"codex-traced.jsonl", "codex-traced.spans.jsonl"}, 11},
	} {
		var data []byte
		for _, file := range test.files {
			raw, err := os.ReadFile(filepath.Join(tracetest.Root(), "testdata", "captures-logs", file))
			require.NoError(t, err)
			data = append(data, raw...)
		}
		contents, err := explain.Load(bytes.NewReader(data))
		require.NoError(t, err)
		report := explain.Of(contents)
		assert.Equal(t, test.count, report.Counted(), test.files)
		for _, record := range report.Records {
			assert.NotEmpty(t, record.Detail)
			assert.Positive(t, record.Count)
		}
	}
}

func TestAllFormsOfFilesAreLoaded(t *testing.T) {
	line, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces())
	require.NoError(t, err)
	message, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces())
	require.NoError(t, err)
	framed := append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err = w.Write(line)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for name, test := range map[string]struct {
		data          []byte
		spans, others int
	}{
		"a document":             {line, 3, 0},
		"lines":                  {bytes.Join([][]byte{line, line, nil}, []byte("\n")), 6, 0},
		"a document on lines":    {bytes.ReplaceAll(line, []byte(","), []byte(",\n  ")), 3, 0},
		"with metrics":           {append([]byte(`{"resourceMetrics":[]}`+"\n"), line...), 3, 1},
		"a message":              {message, 3, 0},
		"messages with a length": {append(framed, framed...), 6, 0},
		"zipped":                 {zipped.Bytes(), 3, 0},
		"empty":                  {nil, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			contents, err := explain.Load(bytes.NewReader(test.data))
			require.NoError(t, err)
			assert.Equal(t, test.spans, contents.Traces.SpanCount())
			assert.Equal(t, test.others, contents.Others)
		})
	}
}

func TestWhatIsNoOTLPIsAnErrorThatSaysSo(t *testing.T) {
	for data, want := range map[string]string{
		`{"resourceSpans": 3}`:    "document 1 is no OTLP",
		`{"resourceSpans": []} {`: "document 2 is no JSON",
		"hello":                   "neither JSON nor protobuf",
		"\x28\xb5\x2f\xfd....":    "compressed by zstd",
		"\x1f\x8bnothing":         "gzip",
	} {
		_, err := explain.Load(strings.NewReader(data))
		assert.ErrorContains(t, err, want, data)
	}
}

func FuzzLoadedDataIsExplained(f *testing.F) {
	line, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces())
	require.NoError(f, err)
	f.Add(line)
	f.Add([]byte{0, 0, 0, 1, 10})
	f.Fuzz(func(t *testing.T, data []byte) {
		contents, err := explain.Load(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out strings.Builder
		_, err = explain.Of(contents).WriteTo(&out)
		require.NoError(t, err)
	})
}

// What people wrote is on log events, too: in bodies, and in attributes of any name.
func TestNoTextOfAPersonOnALogEventIsInAReport(t *testing.T) {
	const secret = "alice@example.com wrote sk-proj-a8Zk3Lq9Xw2Vb7Nm4Tt"
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "logevents", "*", "logs.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(raw)
		require.NoError(t, err)
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					if _, ok := record.Attributes().Get("event.name"); ok {
						record.Body().SetStr(secret)
					}
					for _, key := range []string{"prompt", "response", "error", "error.message", "arguments", "gen_ai.input.messages", "body", "title"} {
						record.Attributes().PutStr(key, secret)
					}
				}
			}
		}
		var out bytes.Buffer
		_, err = explain.Of(&explain.Contents{Traces: ptrace.NewTraces(), Logs: logs}).WriteTo(&out)
		require.NoError(t, err)
		require.NotEmpty(t, out.String())
		for _, part := range []string{"alice", "example.com wrote", "sk-proj"} {
			assert.NotContains(t, out.String(), part, file)
		}
	}
}

// Cursor sends some records twice.
func TestARecordThatCameTwiceCountsOnce(t *testing.T) {
	all, err := corpus.LoadLogs(tracetest.Root())
	require.NoError(t, err)
	for _, c := range all {
		if len(c.Logs) == 1 {
			report := explain.Of(&explain.Contents{Traces: ptrace.NewTraces(), Logs: c.Logs[0]})
			assert.Equal(t, c.Requests, report.Counted(), c.Name)
		}
	}
}
