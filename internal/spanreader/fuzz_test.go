// SPDX-License-Identifier: Apache-2.0

package spanreader

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/correlate"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// knownKeys are all keys of all tables, sorted, and a few others.
func knownKeys() []string {
	keys := []string{
		"foreign", "http.request.method", "", "tokens.prompt.cached", "usage.promptTokens", "usage.candidatesTokenCount",
		"usage.ephemeral_5m_tokens", "usage.ephemeral_1h_tokens", "own.ai.tokens.out", "modelName",
	}
	for _, d := range emitter.All() {
		for _, a := range d.Attributes {
			keys = append(keys, a.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// words are texts that mean something somewhere.
var fuzzWords = []string{
	"", "chat", "LLM", "agent", "true", "False", "12", "-3", "0.25", "1e9", "NaN", "none", "unknown", "openai.chat",
	"openai/gpt-4o", `"quoted"`, `["stop"]`, `["error","stop"]`, "STOP", "1.23s", "850µs", "$0.01", "0.5 USD",
	"1970-01-01T00:00:01.5Z", "ERROR", "ai.streamText.doStream", "generation", "log", "[",
	`{"input":9,"output":14,"total":37,"input_cached_tokens":8,"output_reasoning_tokens":6}`,
	`{"usage":{"inputTokens":3},"finishReason":"stop","stream":true,"total":0.5}`,
	`{"input":3,"input":4,"prompt_tokens":-1,"prompt_tokens":5}`, `{"response_cost":"0.5"}`, `{`,
}

// attributesFrom makes attributes of known keys with values of all types out of arbitrary bytes.
func attributesFrom(data []byte, keys []string) pcommon.Map {
	m := pcommon.NewMap()
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	for len(data) > 2 && m.Len() < maxSteps/2 {
		// Keys may come twice: PutEmpty would take the old place.
		one := pcommon.NewMap()
		v := one.PutEmpty(keys[(next()<<8|next())%len(keys)])
		switch kind, x := next()%8, next(); kind {
		case 0, 1:
			v.SetStr(fuzzWords[x%len(fuzzWords)])
		case 2:
			v.SetInt(int64(x) - 3)
		case 3:
			v.SetInt(int64(x) << 30)
		case 4:
			v.SetDouble([]float64{0, 0.5, 1.5, 1e9, -1, math.NaN(), math.Inf(1), 17}[x%8])
		case 5:
			v.SetBool(x%2 == 0)
		case 6:
			s := v.SetEmptySlice()
			for range x % 5 {
				s.AppendEmpty().SetStr(fuzzWords[next()%len(fuzzWords)])
			}
		default:
			v.SetEmptyBytes().FromRaw(data)
		}
		for k, v := range one.All() {
			v.CopyTo(m.PutEmpty(k))
		}
	}
	return m
}

func FuzzReaderAgreesWithAPlainOne(f *testing.F) {
	tracetest.Long(f)
	keys := knownKeys()
	for i := range keys {
		f.Add([]byte{byte(i >> 8), byte(i), 0, 1, byte((i + 7) >> 8), byte(i + 7), 2, 9, byte(i >> 8), byte(i), 4, 1}, byte(i))
		word := byte(i % len(fuzzWords))
		f.Add([]byte{byte(i >> 8), byte(i), 0, word, byte((i + 1) >> 8), byte(i + 1), 1, word + 1, byte(i >> 8), byte(i), 3, 9}, word)
	}
	r := NewReader(Options{MaxText: 256, Runs: true})
	// The scope's spans are anything but alike.
	from := scope{emitter: -1, keys: newKeyCache()}
	f.Fuzz(func(t *testing.T, data []byte, pick byte) {
		family := int16(int(pick)%(len(r.emitters)+1)) - 1
		attributes := attributesFrom(data, keys)
		const start, duration = pcommon.Timestamp(1e9), 2.0

		fast := spanValues{memo: &memos{}, start: start, duration: duration}
		index := r.follow(&fast, attributes, &origin{scope: &from, emitter: family})

		slow := plainly{families: r.families, emitter: family, attributes: attributes, start: start, duration: duration}
		slow.mark()
		require.Equal(t, slow.emitter, index, "emitter")
		require.Equal(t, slow.kind(), fast.kind, "kind")
		for field := fact.None + 1; field < fact.Carried; field++ {
			if field == fact.Kind {
				continue // compared above
			}
			want, ok := slow.read(field)
			if assert.Equal(t, ok, fast.has(field), "%s found in %v", field, attributes.AsRaw()) && ok {
				assert.Equal(t, want, plainValue{fast.textIf(want.text != "", field), fast.numberIf(want.text == "", field)}, field.String())
			}
		}
	})
}

func (f *spanValues) textIf(asked bool, field fact.Fact) string {
	if !asked {
		return ""
	}
	return f.text(field)
}

func (f *spanValues) numberIf(asked bool, field fact.Fact) float64 {
	if !asked {
		return 0
	}
	return f.number(field)
}

func FuzzArbitraryTracesAreReadWithinBounds(f *testing.F) {
	for _, name := range []string{"vercel-ai6", "langfuse-openai", "genkit-go", "openinference-anthropic"} {
		for _, traces := range tracetest.Load(f, "captures/"+name+".jsonl")[:4] {
			bytes, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
			require.NoError(f, err)
			f.Add(bytes)
		}
	}
	r := NewReader(Options{MaxText: 64, ResourceKeys: []string{"service.name"}})
	f.Fuzz(func(t *testing.T, data []byte) {
		traces, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
		if err != nil {
			return
		}
		b := r.NewBatch()
		r.Read(traces, b)
		for i := range b.Requests {
			check(t, b, &b.Described[i])
		}
		b.Reset()
		assert.Empty(t, b.Requests)
	})
}

// check holds a request against what its fields promise.
func check(t *testing.T, b *Batch, q *correlate.Request) {
	t.Helper()
	for _, text := range []string{
		q.Operation, q.Provider, q.RequestModel, q.ResponseModel, q.ServerAddress, q.ErrorType, q.FinishReason,
		q.Endpoint, q.User, q.Tenant, q.Session,
	} {
		assert.LessOrEqual(t, len(text), 64)
	}
	for _, n := range []float64{
		q.Number[fact.InputTokens], q.Number[fact.OutputTokens], q.Number[fact.CacheReadTokens], q.Number[fact.CacheWriteTokens], q.Number[fact.ReasoningTokens], q.Number[fact.Retries],
	} {
		assert.True(t, n >= llm.Absent && n <= 64*maxCount, "%v", n)
	}
	if told := b.Modalities(q.Request); told != nil {
		for _, parts := range told {
			for _, n := range parts {
				assert.True(t, n >= 0 && n <= maxCount, "%d", n)
			}
		}
	}
	for _, seconds := range []float64{
		q.Number[fact.Duration], q.Number[fact.TTFT], q.Number[fact.Queue], q.Number[fact.Prefill], q.Number[fact.Decode], q.Number[fact.TimePerOutputToken], q.Number[fact.TimePerOutputChunk],
	} {
		assert.True(t, seconds == llm.Absent || seconds >= 0 && seconds <= 2*llm.MaxDuration.Seconds(), "%v", seconds)
	}
	assert.True(t, q.Number[fact.Cost] == llm.Absent || q.Number[fact.Cost] > 0 && q.Number[fact.Cost] <= maxCost, "%v", q.Number[fact.Cost])
	assert.Equal(t, q.Outcome == llm.Success, q.ErrorType == "", "%s of a %s", q.ErrorType, q.Outcome)
	assert.LessOrEqual(t, len(b.FinishReasons(q.Request)), maxWords)
	assert.LessOrEqual(t, len(b.ChunkGaps(q.Request)), maxEvents)
}

func TestHugeValuesCostLittleMemory(t *testing.T) {
	traces := ptrace.NewTraces()
	span := traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetStartTimestamp(1e9)
	span.SetEndTimestamp(2e9)
	attributes := span.Attributes()
	attributes.PutStr("gen_ai.operation.name", "chat")
	attributes.PutStr("genkit:output", `{"usage":`+strings.Repeat(`{"a":`, 1<<20))
	attributes.PutStr("llm.invocation_parameters", strings.Repeat(`[`, maxJSON))
	attributes.PutStr("gen_ai.request.model", strings.Repeat("é", 1<<20))
	reasons := attributes.PutEmptySlice("gen_ai.response.finish_reasons")
	for range 100_000 {
		reasons.AppendEmpty().SetStr("stop")
	}
	for i := range 5_000 {
		attributes.PutStr(fmt.Sprint("gen_ai.", i), "x")
		span.Events().AppendEmpty().SetName("gen_ai.content.completion.chunk")
	}
	r := NewReader(Options{MaxText: 256})
	b := r.NewBatch()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.Read(traces, b)
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
	require.Len(t, b.Requests, 1)
	assert.Len(t, b.Requests[0].RequestModel, 256)
	assert.Len(t, b.FinishReasons(&b.Requests[0]), maxWords)
}
