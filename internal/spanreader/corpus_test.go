// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/logreader"
	"github.com/otelcol-llm/otelcol-llm/internal/settling"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

var update = flag.Bool("update", false, "write the expected.json of corpus cases anew from what is read, but for the number of requests")

// reading is what a corpus case expects of one span. What is left out must be absent.
type reading struct {
	Span string `json:"span"`
	ID   string `json:"id"`
	// Batch is the number of the span's batch, from 1 on, if there are several.
	Batch int `json:"batch,omitempty"`
	// Counted is set if the span is a request that counts. Why is the rule by which a request does not.
	Counted bool   `json:"counted"`
	Why     string `json:"why,omitempty"`
	// Continues is set if the span does not count, but its tokens do.
	Continues bool   `json:"continues,omitempty"`
	Class     string `json:"class,omitempty"`
	Layer     string `json:"layer,omitempty"`
	Emitter   string `json:"emitter,omitempty"`

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
	ServiceTier   string   `json:"service_tier,omitempty"`

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
	RetryTime    float64   `json:"retry_s,omitempty"`
	// More are numbers that have no place above, by the name of their fact.
	More map[string]float64 `json:"more,omitempty"`
}

// placed are the numbers that have a place of their own in a reading.
var placed = []fact.Fact{
	fact.InputTokens, fact.OutputTokens, fact.CacheReadTokens, fact.CacheWriteTokens, fact.ReasoningTokens, fact.Retries, fact.Cost,
	fact.ServerPort, fact.Duration, fact.TTFT, fact.Queue, fact.Prefill, fact.Decode, fact.TimePerOutputToken, fact.TimePerOutputChunk,
}

// expectation is the content of an expected.json.
type expectation struct {
	Spans       []reading    `json:"spans"`
	NonRequests []nonRequest `json:"non_requests,omitempty"`
}

type nonRequest struct {
	Kind  string  `json:"kind"`
	Name  string  `json:"name,omitempty"`
	Layer string  `json:"layer"`
	Value float64 `json:"value"`
}

func known(number float64) *float64 {
	if number == llm.Absent {
		return nil
	}
	number = math.Round(number*1e9) / 1e9
	return &number
}

// readAll reads batches the way that the engine does, and returns what was read of each span.
func readAll(r *spanreader.Reader, batches []ptrace.Traces) expectation {
	var all expectation
	recent := settling.NewRecent(1_000, time.Hour)
	for i, traces := range batches {
		b := r.NewBatch()
		r.Read(traces, b)
		number := 0
		if len(batches) > 1 {
			number = i + 1
			recent.Mark(&b.Batch, noon)
		}
		all.add(r, b, traces, number)
	}
	return all
}

// add adds what was read of the spans of one batch.
func (all *expectation) add(r *spanreader.Reader, b *spanreader.Batch, traces ptrace.Traces, batch int) {
	bySpan := map[string][]int{}
	for i := range b.Requests {
		id := b.Requests[i].SpanID.String()
		bySpan[id] = append(bySpan[id], i)
	}
	for _, resourceSpans := range traces.ResourceSpans().All() {
		for _, scopeSpans := range resourceSpans.ScopeSpans().All() {
			for _, span := range scopeSpans.Spans().All() {
				one := reading{Span: span.Name(), ID: span.SpanID().String(), Batch: batch}
				if of := bySpan[one.ID]; len(of) > 0 {
					one.take(r, b, of[0])
					bySpan[one.ID] = of[1:]
				}
				all.Spans = append(all.Spans, one)
			}
		}
	}
	for _, a := range b.NonRequests {
		all.NonRequests = append(all.NonRequests, nonRequest{
			[]string{"batch_size", "model_load_s", "tool_s", "agent_s"}[a.Kind], a.Name, a.Layer.String(), a.Value,
		})
	}
}

// counted returns the number of requests that count.
func (all *expectation) counted() (n int) {
	for i := range all.Spans {
		if all.Spans[i].Counted {
			n++
		}
	}
	return n
}

func (x *reading) take(r *spanreader.Reader, b *spanreader.Batch, index int) {
	q := &b.Requests[index]
	x.Counted = q.Duplicate == llm.Unique
	x.Why, x.Continues = q.Duplicate.String(), !x.Counted && b.Continues(index)
	x.Class, x.Layer, x.Emitter = q.Class.String(), q.Layer.String(), r.EmitterName(q.Emitter)
	x.Operation, x.Provider, x.RequestModel, x.ResponseModel = q.Operation, q.Provider, q.RequestModel, q.ResponseModel
	x.ServerAddress, x.ServerPort = q.ServerAddress, known(q.Number[fact.ServerPort])
	if q.Stream != llm.StreamUnknown {
		streamed := q.Stream == llm.Streamed
		x.Stream = &streamed
	}
	x.Outcome, x.ErrorType, x.FinishReasons = q.Outcome.String(), q.ErrorType, b.FinishReasons(q)
	if len(x.FinishReasons) == 0 {
		x.FinishReasons = nil
	}
	x.RequestID, x.Endpoint, x.User, x.Tenant, x.Session = q.ID, q.Endpoint, q.User, q.Tenant, q.Session
	x.ServiceTier = q.ServiceTier
	x.InputTokens, x.OutputTokens = known(q.Number[fact.InputTokens]), known(q.Number[fact.OutputTokens])
	x.CacheReadTokens, x.CacheWriteTokens = known(q.Number[fact.CacheReadTokens]), known(q.Number[fact.CacheWriteTokens])
	x.ReasoningTokens, x.Estimated = known(q.Number[fact.ReasoningTokens]), q.Estimated
	x.Modalities = modalities(b, q)
	if q.Sequences > 1 {
		x.Sequences = q.Sequences
	}
	x.Retries, x.CostUSD = known(q.Number[fact.Retries]), known(q.Number[fact.Cost])
	x.Duration, x.TTFT, x.Queue, x.Prefill, x.Decode = known(q.Number[fact.Duration]), known(q.Number[fact.TTFT]), known(q.Number[fact.Queue]), known(q.Number[fact.Prefill]), known(q.Number[fact.Decode])
	x.TimePerToken, x.ChunkGap = known(q.Number[fact.TimePerOutputToken]), known(q.Number[fact.TimePerOutputChunk])
	x.RetryTime = math.Round(q.RetryTime*1e9) / 1e9
	for f := fact.None + 1; f < fact.Numbers; f++ {
		if q.Number[f] != llm.Absent && !slices.Contains(placed, f) {
			if x.More == nil {
				x.More = map[string]float64{}
			}
			x.More[f.Row().Name] = q.Number[f]
		}
	}
	for _, gap := range b.ChunkGaps(q) {
		x.ChunkGaps = append(x.ChunkGaps, *known(gap))
	}
}

func modalities(b *spanreader.Batch, q *llm.Request) map[string]map[string]int64 {
	told := b.Modalities(q)
	if told == nil {
		return nil
	}
	all := map[string]map[string]int64{}
	for split, name := range []string{"input", "output", "cache_read"} {
		for modality := range llm.Modalities {
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
	cases, err := corpus.Load(tracetest.Root())
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	r := spanreader.NewReader(spanreader.Options{MaxText: 256})
	for i := range cases {
		c := &cases[i]
		t.Run(c.Name, func(t *testing.T) {
			read := readAll(r, c.Batches)
			if *update {
				updateCase(t, c, &read)
			} else {
				assert.Equal(t, c.Requests, read.counted(), "requests that count, by case.yaml")
			}
			raw, err := os.ReadFile(filepath.Join(c.Folder, "expected.json"))
			require.NoError(t, err, "run the test with -update, and check what it wrote")
			var want expectation
			require.NoError(t, json.Unmarshal(raw, &want))
			assert.Equal(t, want, read)
		})
	}
}

// Each folder of testdata/logevents is a case: see the README there.
func TestEveryCaseOfLogEventsReadsAsExpected(t *testing.T) {
	cases, err := corpus.LoadLogs(tracetest.Root())
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	r, logs := spanreader.NewReader(spanreader.Options{MaxText: 256, Runs: true}), logreader.New(emitter.All())
	for i := range cases {
		c := &cases[i]
		t.Run(c.Name, func(t *testing.T) {
			require.Len(t, c.Logs, 1)
			events := logs.Read(c.Logs[0], pcommon.NewTimestampFromTime(noon))
			b := r.NewBatch()
			r.ReadEvents(&events, b)
			var read expectation
			read.add(r, b, events.Traces, 0)
			for i := range read.Spans {
				read.Spans[i].ID = strconv.Itoa(i + 1) // Ids are made up anew in each process.
			}
			if *update {
				updateCase(t, c, &read)
			} else {
				assert.Equal(t, c.Requests, read.counted(), "requests that count, by case.yaml")
			}
			raw, err := os.ReadFile(filepath.Join(c.Folder, "expected.json"))
			require.NoError(t, err, "run the test with -update, and check what it wrote")
			var want expectation
			require.NoError(t, json.Unmarshal(raw, &want))
			assert.Equal(t, want, read)
		})
	}
}

// updateCase writes what was read of a case, unless it counts other requests than a person said.
func updateCase(t *testing.T, c *corpus.Case, read *expectation) {
	t.Helper()
	if c.About == (corpus.About{}) {
		require.NoError(t, c.Describe(read.counted()))
	} else {
		require.Equal(t, c.Requests, read.counted(),
			"the number of requests that count changed; -update leaves that to you: correct requests in %s/case.yaml if it is right", c.Folder)
	}
	text, err := json.MarshalIndent(read, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(c.Folder, "expected.json"), append(text, '\n'), 0o644))
	require.NoError(t, c.FormatSpans())
}

// Families without a case of requests of their own. Others borrow their keys, or their spans are no requests.
var withoutCase = []string{
	"conventions", "old-conventions", "langchain4j", "langflow", "openlit-frameworks", "openllmetry-frameworks", "xinference",
}

func TestEveryFamilyHasACase(t *testing.T) {
	shown := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "emitters", "*", "expected.json"))
	require.NoError(t, err)
	logs, err := filepath.Glob(filepath.Join(tracetest.Root(), "testdata", "logevents", "*", "expected.json"))
	require.NoError(t, err)
	files = append(files, logs...)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var read expectation
		require.NoError(t, json.Unmarshal(raw, &read))
		for i := range read.Spans {
			shown[read.Spans[i].Emitter] = true
		}
	}
	for _, family := range emitter.All() {
		if !slices.Contains(withoutCase, family.Name) {
			assert.True(t, shown[family.Name], "no case of testdata/emitters has a request of %s", family.Name)
		}
	}
}
