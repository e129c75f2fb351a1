// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var update = flag.Bool("update", false, "write the expected.json of corpus cases anew from what is read")

// reading is what a corpus case expects of one span. What is left out must be absent.
type reading struct {
	Span string `json:"span"`
	ID   string `json:"id"`
	// Counted tells that the span is a request that counts; Why is the rule by which a request does not.
	Counted bool   `json:"counted"`
	Why     string `json:"why,omitempty"`
	Class   string `json:"class,omitempty"`
	Layer   string `json:"layer,omitempty"`
	Emitter string `json:"emitter,omitempty"`

	Operation     string   `json:"operation,omitempty"`
	Provider      string   `json:"provider,omitempty"`
	RequestModel  string   `json:"request_model,omitempty"`
	ResponseModel string   `json:"response_model,omitempty"`
	ServerAddress string   `json:"server_address,omitempty"`
	ServerPort    *float64 `json:"server_port,omitempty"`
	Stream        *bool    `json:"stream,omitempty"`
	Outcome       string   `json:"outcome,omitempty"`
	ErrorType     string   `json:"error_type,omitempty"`
	FinishReasons []string `json:"finish_reasons,omitempty"`
	RequestID     string   `json:"request_id,omitempty"`
	Endpoint      string   `json:"endpoint,omitempty"`
	User          string   `json:"user,omitempty"`
	Tenant        string   `json:"tenant,omitempty"`
	Session       string   `json:"session,omitempty"`

	InputTokens      *float64 `json:"input_tokens,omitempty"`
	OutputTokens     *float64 `json:"output_tokens,omitempty"`
	Estimated        bool     `json:"tokens_estimated,omitempty"`
	CacheReadTokens  *float64 `json:"cache_read_tokens,omitempty"`
	CacheWriteTokens *float64 `json:"cache_write_tokens,omitempty"`
	ReasoningTokens  *float64 `json:"reasoning_tokens,omitempty"`
	// Modalities are tokens by what they are a part of and their modality, but for zeros.
	Modalities map[string]map[string]int64 `json:"tokens_by_modality,omitempty"`
	Sequences  int32                       `json:"sequences,omitempty"`
	Retries    *float64                    `json:"retries,omitempty"`
	CostUSD    *float64                    `json:"cost_usd,omitempty"`

	Duration     *float64  `json:"duration_s,omitempty"`
	TTFT         *float64  `json:"ttft_s,omitempty"`
	Queue        *float64  `json:"queue_s,omitempty"`
	Prefill      *float64  `json:"prefill_s,omitempty"`
	Decode       *float64  `json:"decode_s,omitempty"`
	TimePerToken *float64  `json:"tpot_s,omitempty"`
	ChunkGap     *float64  `json:"inter_chunk_s_mean,omitempty"`
	ChunkGaps    []float64 `json:"inter_chunk_s,omitempty"`
}

// expectation is the content of an expected.json.
type expectation struct {
	Spans     []reading `json:"spans"`
	Asides    []aside   `json:"asides,omitempty"`
	Corrected int       `json:"corrected_units,omitempty"`
}

type aside struct {
	Kind  string  `json:"kind"`
	Layer string  `json:"layer"`
	Value float64 `json:"value"`
}

func known(number float64) *float64 {
	if number == inference.Absent {
		return nil
	}
	number = math.Round(number*1e9) / 1e9
	return &number
}

// readAll reads traces the way that the engine does, and returns what was read of each span.
func readAll(r *inference.Reader, traces ptrace.Traces) expectation {
	b := r.NewBatch()
	r.Read(traces, b)
	bySpan := map[string]*inference.Request{}
	for i := range b.Requests {
		bySpan[b.Requests[i].SpanID.String()] = &b.Requests[i]
	}
	var all expectation
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				one := reading{Span: span.Name(), ID: span.SpanID().String()}
				if q := bySpan[one.ID]; q != nil {
					one.take(r, b, q)
				}
				all.Spans = append(all.Spans, one)
			}
		}
	}
	for _, a := range b.Asides {
		all.Asides = append(all.Asides, aside{
			[]string{"batch_size", "model_load_s", "tool_s", "agent_s"}[a.Kind], a.Layer.String(), a.Value,
		})
	}
	all.Corrected = b.Corrected
	return all
}

func (x *reading) take(r *inference.Reader, b *inference.Batch, q *inference.Request) {
	x.Counted = q.Duplicate == inference.Unique
	x.Why = q.Duplicate.String()
	x.Class, x.Layer, x.Emitter = q.Class.String(), q.Layer.String(), r.EmitterName(q.Emitter)
	x.Operation, x.Provider, x.RequestModel, x.ResponseModel = q.Operation, q.Provider, q.RequestModel, q.ResponseModel
	x.ServerAddress, x.ServerPort = q.ServerAddress, known(float64(q.ServerPort))
	if q.Stream != inference.StreamUnknown {
		streamed := q.Stream == inference.Streamed
		x.Stream = &streamed
	}
	x.Outcome, x.ErrorType, x.FinishReasons = q.Outcome.String(), q.ErrorType, b.FinishReasons(q)
	if len(x.FinishReasons) == 0 {
		x.FinishReasons = nil
	}
	x.RequestID, x.Endpoint, x.User, x.Tenant, x.Session = q.ID, q.Endpoint, q.User, q.Tenant, q.Session
	x.InputTokens, x.OutputTokens = known(float64(q.InputTokens)), known(float64(q.OutputTokens))
	x.CacheReadTokens, x.CacheWriteTokens = known(float64(q.CacheReadTokens)), known(float64(q.CacheWriteTokens))
	x.ReasoningTokens, x.Estimated = known(float64(q.ReasoningTokens)), q.Estimated
	x.Modalities = modalities(b, q)
	if q.Sequences > 1 {
		x.Sequences = q.Sequences
	}
	x.Retries, x.CostUSD = known(float64(q.Retries)), known(q.Cost)
	x.Duration, x.TTFT, x.Queue, x.Prefill, x.Decode = known(q.Duration), known(q.TTFT), known(q.Queue), known(q.Prefill), known(q.Decode)
	x.TimePerToken, x.ChunkGap = known(q.TimePerToken), known(q.ChunkGap)
	for _, gap := range b.ChunkGaps(q) {
		x.ChunkGaps = append(x.ChunkGaps, *known(gap))
	}
}

func modalities(b *inference.Batch, q *inference.Request) map[string]map[string]int64 {
	told := b.Modalities(q)
	if told == nil {
		return nil
	}
	all := map[string]map[string]int64{}
	for split, name := range []string{"input", "output", "cache_read"} {
		for modality := range dialect.Modalities {
			if tokens := told[split][modality]; tokens > 0 {
				if all[name] == nil {
					all[name] = map[string]int64{}
				}
				all[name][modality.String()] = tokens
			}
		}
	}
	return all
}

// Each folder of testdata/emitters is a case: see the README there.
func TestEveryCorpusCaseReadsAsExpected(t *testing.T) {
	cases, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "emitters", "*", "spans.json"))
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	r := inference.NewReader(inference.Options{MaxText: 256})
	for _, spans := range cases {
		folder := filepath.Dir(spans)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			raw, err := os.ReadFile(spans)
			require.NoError(t, err)
			traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(raw)
			require.NoError(t, err)
			read := readAll(r, traces)
			expected := filepath.Join(folder, "expected.json")
			if *update {
				text, err := json.MarshalIndent(read, "", "  ")
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(expected, append(text, '\n'), 0o644))
			}
			raw, err = os.ReadFile(expected)
			require.NoError(t, err, "run the test with -update, and check what it wrote")
			var want expectation
			require.NoError(t, json.Unmarshal(raw, &want))
			assert.Equal(t, want, read)
		})
	}
}
