// SPDX-License-Identifier: Apache-2.0

package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/config"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// readWith reads one span of a home-made client under settings, as they are written.
func readWith(t *testing.T, written map[string]any) []llm.Request {
	t.Helper()
	cfg := config.Default()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"reading": written}).Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	traces := ptrace.NewTraces()
	resourceSpans := traces.ResourceSpans().AppendEmpty()
	resourceSpans.Resource().Attributes().PutStr("served.model", "llama-3")
	resourceSpans.Resource().Attributes().PutStr("vendor", "own")
	scopeSpans := resourceSpans.ScopeSpans().AppendEmpty()
	scopeSpans.Scope().SetName("home.made")
	span := scopeSpans.Spans().AppendEmpty()
	span.SetName("ask")
	span.SetStartTimestamp(1_000_000_000)
	span.SetEndTimestamp(3_000_000_000)
	attributes := span.Attributes()
	attributes.PutStr("my.kind", "Ask")
	attributes.PutStr("my.vendor", "OurProxy")
	attributes.PutInt("my.tokens.in", 7)
	attributes.PutInt("my.first_ms", 1)
	options := cfg.Compile().Options.Reading
	options.MaxText = 100
	r := spanreader.NewReader(options)
	b := r.NewBatch()
	r.Read(traces, b)
	return b.Requests
}

func TestSpansOfAnUnknownEmitterAreNoRequestsByDefault(t *testing.T) {
	assert.Empty(t, readWith(t, nil))
}

func TestUsersTellWhatOwnAttributesAndWordsMean(t *testing.T) {
	requests := readWith(t, map[string]any{
		"attributes": map[string]any{
			"operation":           []any{map[string]any{"key": "my.kind"}},
			"provider":            []any{map[string]any{"key": "my.vendor"}},
			"input_tokens":        []any{map[string]any{"key": "my.tokens.in"}},
			"time_to_first_token": []any{map[string]any{"key": "my.first_ms", "unit": "ms"}},
		},
		"operations":    map[string]any{"ask": "chat"},
		"providers":     map[string]any{"ourproxy": "openai"},
		"models":        map[string]any{"llama-3": "llama"},
		"default_model": []any{"no.such", "served.model"},
	})
	require.Len(t, requests, 1)
	q := requests[0]
	assert.Equal(t, "chat", q.Operation)
	assert.Equal(t, "openai", q.Provider)
	assert.Equal(t, "llama", q.RequestModel)
	assert.Equal(t, float64(7), q.Number[fact.InputTokens])
	assert.Equal(t, 0.001, q.Number[fact.TTFT])
}

func TestTheProviderCanComeFromTheResource(t *testing.T) {
	requests := readWith(t, map[string]any{
		"attributes":       map[string]any{"operation": []any{map[string]any{"key": "my.kind"}}},
		"operations":       map[string]any{"Ask": "text_completion"},
		"default_provider": []any{"vendor"},
	})
	require.Len(t, requests, 1)
	assert.Equal(t, "own", requests[0].Provider)
	assert.Equal(t, "text_completion", requests[0].Operation)
}

func TestUsersLeaveOutSpans(t *testing.T) {
	for name, exclude := range map[string]map[string]any{
		"by scope":     {"scopes": []any{"home.*"}},
		"by span name": {"spans": []any{"as*"}},
	} {
		assert.Empty(t, readWith(t, map[string]any{
			"attributes": map[string]any{"operation": []any{map[string]any{"key": "my.kind"}}},
			"operations": map[string]any{"ask": "chat"},
			"exclude":    exclude,
		}), name)
	}
	assert.Empty(t, readWith(t, map[string]any{
		"attributes": map[string]any{"operation": []any{map[string]any{"key": "my.kind"}}},
		"operations": map[string]any{"ask": "none"},
	}), "by operation")
}
