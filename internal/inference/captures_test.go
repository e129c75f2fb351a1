package inference_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// truth is what the model server saw; see testdata/captures/README.md.
type truth struct {
	Emitters map[string]struct {
		RequestSpan string
		Cases       []truthCase
	}
}

type truthCase struct {
	Case         string
	TraceIDs     []string
	RequestSpans int
	Requests     []struct {
		Stream                    bool
		Status                    int
		InputTokens, OutputTokens int64
		CachedInputTokens         int64
		ReasoningTokens           int64
		UsageSent                 bool
		TTFTMs                    *float64
		TotalMs                   float64
		ClientCancelled, Dropped  bool
	}
}

func loadTruth(t *testing.T) truth {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(tracetest.Root(), "testdata", "captures", "expected.json"))
	require.NoError(t, err)
	var all truth
	require.NoError(t, json.Unmarshal(raw, &all))
	return all
}

func TestDump(t *testing.T) {
	all := loadTruth(t)
	for _, emitter := range []string{"otel-openai", "openinference-openai", "anthropic-sdk"} {
		t.Run(emitter, func(t *testing.T) {
			byTrace := map[string][]inference.Request{}
			r := inference.NewReader(inference.Options{MaxText: 256})
			for _, traces := range tracetest.Load(t, "captures/"+emitter+".jsonl") {
				b := r.NewBatch()
				r.Read(traces, b)
				for _, q := range b.Requests {
					if q.Duplicate == inference.Unique {
						byTrace[q.TraceID.String()] = append(byTrace[q.TraceID.String()], q)
					}
				}
			}
			_ = regexp.MustCompile
			for _, c := range all.Emitters[emitter].Cases {
				n := 0
				for _, id := range c.TraceIDs {
					n += len(byTrace[id])
					for _, q := range byTrace[id] {
						t.Logf("%s %+v", c.Case, q)
					}
				}
				assert.Equal(t, c.RequestSpans, n, c.Case)
			}
		})
	}
}
