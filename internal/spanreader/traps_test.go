// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

// Values that look like something else. The spans take one second.
func TestValuesAreReadForWhatTheyMean(t *testing.T) {
	const absent = llm.Absent
	strands, openlit := "strands.telemetry.tracer", "openlit.instrumentation.openai"
	compiled := "github.com/open-telemetry/opentelemetry-go-compile-instrumentation/instrumentation/github.com/openai/openai-go/v3"
	for _, c := range []struct {
		scope, key string
		value      any
		field      string
		want       any
	}{
		// One key, several units.
		{strands, "gen_ai.server.time_to_first_token", 1, "time_to_first_token", 0.001},
		{openlit, "gen_ai.server.time_to_first_token", 0.5, "time_to_first_token", 0.5},
		{compiled, "gen_ai.response.time_to_first_token", 25_000, "time_to_first_token", 0.025},
		{compiled, "gen_ai.response.time_to_first_token", 1, "time_to_first_token", 1e-6},
		{"any", "gen_ai.server.time_to_first_token", 412, "time_to_first_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_token", 412_000, "time_to_first_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_token", 412_000_000, "time_to_first_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_token", 412.0, "time_to_first_token", float64(absent)},
		{"loongsuite.dashscope", "gen_ai.response.time_to_first_token", 412, "time_to_first_token", 412e-9},
		{"bifrost", "gen_ai.response.time_to_first_token", 412, "time_to_first_token", 412e-9},
		{"bifrost", "gen_ai.response.time_to_first_token", 412_000_000, "time_to_first_token", 0.412},
		{"rtp_llm", "gen_ai.latency.time_in_model_decode", 850_000_000, "decode_duration", 0.85},
		{"vllm", "gen_ai.latency.time_in_model_decode", 0.85, "decode_duration", 0.85},
		{"any", "ai.response.msToFirstChunk", 92.5, "time_to_first_token", 0.0925},
		{"any", "gen_ai.user.time_to_first_token", 310_000_000, "time_to_first_token", 0.31},

		// Numbers, booleans and times as text.
		{"any", "gen_ai.usage.input_tokens", " 17 ", "input_tokens", float64(17)},
		{"any", "gen_ai.usage.input_tokens", 17.0, "input_tokens", float64(17)},
		{"any", "gen_ai.usage.input_tokens", 17.5, "input_tokens", float64(absent)},
		{"any", "gen_ai.usage.input_tokens", "", "input_tokens", float64(absent)},
		{"any", "gen_ai.usage.input_tokens", "unknown", "input_tokens", float64(absent)},
		{"any", "gen_ai.usage.input_tokens", "NaN", "input_tokens", float64(absent)},
		{"any", "gen_ai.usage.input_tokens", math.NaN(), "input_tokens", float64(absent)},
		{"any", "gen_ai.usage.input_tokens", -1, "input_tokens", float64(absent)},
		{"any", "gen_ai.request.model", "None", "RequestModel", ""},
		{"any", "gen_ai.request.stream", "True", "Stream", llm.Streamed},
		{"any", "llm.is_streaming", "False", "Stream", llm.NotStreamed},
		{"any", "llm_time_to_first_token", "210", "time_to_first_token", 0.21},
		{"tgi", "time_per_token", "850µs", "time_per_output_token", 850e-6},
		{"tgi", "time_per_token", "120ns", "time_per_output_token", 120e-9},
		{"any", "agw.ai.usage.cost.total", "0.00123", "cost", 0.00123},
		{"any", "gen_ai.client.estimated_cost", "0.5 EUR", "cost", float64(absent)},

		// Addresses as URLs.
		{"any", "server.address", "api.openai.com", "ServerAddress", "api.openai.com"},
		{"any", "server.address", "https://api.openai.com/v1/", "ServerAddress", "api.openai.com"},
		{"any", "server.address", "http://user:secret@10.0.0.1:8000?a=b", "ServerAddress", "10.0.0.1"},
		{"any", "server.address", "http://[::1]:8000", "ServerAddress", "[::1]"},
		{"any", "server.address", "http://[::1]/v1", "ServerAddress", "[::1]"},

		// Points in time.
		{"any", "mastra.completion_start_time", "2026-01-02T12:00:00.25Z", "time_to_first_token", 0.25},
		{"any", "langfuse.observation.completion_start_time", `"2026-01-02T12:00:00.25Z"`, "time_to_first_token", 0.25},
		{"any", "mastra.completion_start_time", "2026-01-02T11:59:59Z", "time_to_first_token", float64(absent)},
		{"any", "mastra.completion_start_time", "2026-01-02T12:00:09Z", "time_to_first_token", float64(absent)},

		// What nobody measured, and what cannot be.
		{openlit, "gen_ai.usage.cost", 0, "cost", float64(absent)},
		{"any", "gen_ai.server.time_per_output_token", 0.0, "time_per_output_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_chunk", 0.0, "time_to_first_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_chunk", -0.2, "time_to_first_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_chunk", math.Inf(1), "time_to_first_token", float64(absent)},
		{"any", "gen_ai.response.time_to_first_chunk", 7.0, "time_to_first_token", float64(absent)},
		{"any", "gen_ai.server.time_to_first_token", 0.985, "time_to_first_token", float64(absent)},
		{"any", "ai.settings.maxRetries", 2, "retries", float64(absent)},
		{"any", "gen_ai.aggregated_usage.input_tokens", 900, "input_tokens", float64(absent)},

		// Providers by many names, and frameworks that are none.
		{"any", "gen_ai.provider.name", "AZURE_OPEN_AI", "Provider", "azure.ai.openai"},
		{"any", "gen_ai.provider.name", "openai.responses", "Provider", "openai"},
		{"portkey", "ai_org", "mistral-ai", "Provider", "mistral_ai"},
		{"any", "gen_ai.model.provider", "google-ai-studio", "Provider", "gcp.gemini"},
		{"any", "gen_ai.provider.name", "langgenius/anthropic/anthropic", "Provider", "anthropic"},
		{"any", "gen_ai.provider.name", "acme/inference.chat", "Provider", "inference"},
		{"any", "gen_ai.provider.name", "Acme", "Provider", "Acme"},
		{"any", "gen_ai.system", "strands-agents", "Provider", ""},
		{"any", "gen_ai.provider.name", "openai-chat", "Provider", "openai"},
		{"any", "gen_ai.provider.name", "127.0.0.1:8000", "Provider", ""},
		{"any", "gen_ai.provider.name", "api.mistral.ai:443", "Provider", "mistral_ai"},
		{"any", "gen_ai.provider.name", "https://team.openai.azure.com/v1", "Provider", "azure.ai.openai"},

		// One count by many names.
		{"any", "gen_ai.usage.cache_creation_tokens", 5, "cache_write_tokens", float64(5)},
		{"any", "llm.usage.cache_creation_tokens", 5, "cache_write_tokens", float64(5)},
		{"any", "gen_ai.usage.input_cached_tokens", 5, "cache_read_tokens", float64(5)},
		{"any", "llm.usage.cached_tokens", 5, "cache_read_tokens", float64(5)},
		{"any", "gen_ai.usage.reasoning_output_tokens", 5, "reasoning_tokens", float64(5)},
		{"any", "gen_ai.usage.thoughts_token_count", 5, "reasoning_tokens", float64(5)},
		{"qwen-code", "thoughts_token_count", 5, "reasoning_tokens", float64(5)},
		{"com.anthropic.claude_code.tracing", "attempt", 3, "retries", float64(2)},
		{"any", "attempt", 3, "retries", float64(absent)},
		{"@openlit/instrumentation-vllm", "gen_ai.provider.name", "openai", "Provider", "openai"},
	} {
		t.Run(fmt.Sprint(c.scope, " ", c.key, " ", c.value), func(t *testing.T) {
			attributes := chat("m", c.key, c.value)
			if c.scope == "tgi" {
				// Its scope is that of many, its keys are its own.
				attributes["validation_time"] = "80ns"
			}
			name := "chat"
			if c.scope == "vllm" {
				name = "llm_request"
			}
			q := readOne(t, spanreader.Options{}, spanOf{scope: c.scope, name: name, id: 1, to: 1000, attributes: attributes})
			var got any
			if f, ok := fact.Names(fact.Readable)[c.field]; ok {
				got = q.Number[f]
			} else {
				got = reflect.ValueOf(q).FieldByName(c.field).Interface()
			}
			if want, ok := c.want.(float64); ok {
				assert.InDelta(t, want, got, 1e-12)
				return
			}
			assert.Equal(t, c.want, got)
		})
	}
}

// Parts of the input are added only where the input leaves them out, reasoning never is.
func TestPartsOfTokensAreCountedOnce(t *testing.T) {
	const read, wrote = "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_creation.input_tokens"
	for _, c := range []struct {
		name, scope string
		attributes  []any
		want        float64
	}{
		{"included", client, []any{"gen_ai.usage.input_tokens", 25, read, 8, wrote, 2}, 25},
		{"more than the whole", client, []any{"gen_ai.usage.input_tokens", 17, read, 100, wrote, 8}, 125},
		{"left out by the emitter", "@traceloop/instrumentation-anthropic", []any{"gen_ai.usage.input_tokens", 17, read, 8}, 25},
		{"by a later version of the emitter", "@traceloop/instrumentation-anthropic@0.28.1", []any{"gen_ai.usage.input_tokens", 25, read, 8}, 25},
		{"by the last version that leaves them out", "@traceloop/instrumentation-anthropic@0.27.9", []any{"gen_ai.usage.input_tokens", 17, read, 8}, 25},
		{"by the conventions' latest key", "@traceloop/instrumentation-anthropic", []any{"gen_ai.usage.input_tokens", 25, read, 8, "gen_ai.usage.cache_write.input_tokens", 0}, 25},
		{"a provider's counts, by the conventions' latest key", "weave.session", []any{"gen_ai.provider.name", "anthropic", "gen_ai.usage.input_tokens", 25, read, 8, "gen_ai.usage.cache_write.input_tokens", 2}, 25},
		{"a provider's counts", "weave.session", []any{"gen_ai.provider.name", "anthropic", "gen_ai.usage.input_tokens", 17, read, 6, wrote, 2}, 25},
		{"keys of one's own", claudeScope, []any{"input_tokens", 17, "cache_read_tokens", 6, "cache_creation_tokens", 2}, 25},
		{"keys of one's own beside the conventions'", claudeScope, []any{"input_tokens", 17, "cache_read_tokens", 6, "cache_creation_tokens", 2, "gen_ai.usage.input_tokens", 25, read, 6}, 25},
		{"marks of an adapter", "any", []any{"trpc.go.agent.invocation_id", "i", "gen_ai.usage.input_tokens", 17, "gen_ai.usage.input_tokens.cache_read", 8}, 25},
		{"its keys, borrowed", "any", []any{"gen_ai.usage.input_tokens", 25, "gen_ai.usage.input_tokens.cache_read", 8}, 25},
		{"marks of an adapter beside the conventions' keys", "any", []any{"trpc.go.agent.invocation_id", "i", "gen_ai.usage.input_tokens", 25, "gen_ai.usage.input_tokens.cache_read", 8, read, 8}, 25},
		{"two vocabularies", strandsScope, []any{"gen_ai.usage.input_tokens", 25, "gen_ai.usage.prompt_tokens", 25, read, 8}, 25},
		{"told by the total", client, []any{"gen_ai.usage.total_tokens", 45, read, 8}, 25},
		{"nothing but the total", client, []any{"gen_ai.usage.total_tokens", 45}, llm.Absent},
	} {
		attributes := chat("m", c.attributes...)
		if c.name != "nothing but the total" {
			attributes["gen_ai.usage.output_tokens"] = 20
		}
		attributes["gen_ai.usage.reasoning_tokens"] = 6
		name, version, _ := strings.Cut(strings.TrimPrefix(c.scope, "@"), "@")
		if strings.HasPrefix(c.scope, "@") {
			name = "@" + name
		}
		q := readOne(t, spanreader.Options{}, spanOf{scope: name, version: version, id: 1, to: 100, attributes: attributes})
		assert.Equal(t, c.want, q.Number[fact.InputTokens], c.name)
		assert.NotEqual(t, float64(26), q.Number[fact.OutputTokens], c.name)
	}
}

const (
	strandsScope = "strands.telemetry.tracer"
	claudeScope  = "com.anthropic.claude_code.tracing"
)
