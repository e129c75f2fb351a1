// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/inference"
	"github.com/otelcol-llm/otelcol-llm/internal/inference/dialect"
)

func readOne(t *testing.T, options inference.Options, span spanOf) inference.Request {
	t.Helper()
	options.MaxText = 256
	r := inference.NewReader(options)
	b := r.NewBatch()
	r.Read(tracesOf(t, span), b)
	require.Len(t, b.Requests, 1)
	return b.Requests[0]
}

func TestFieldsThatNobodyUsesAreNotRead(t *testing.T) {
	span := spanOf{scope: client, id: 1, to: 100, attributes: chat("m",
		"user.id", "u", "gen_ai.usage.cost", 0.5, "gen_ai.usage.output_tokens", 5, "http.route", "/v1")}
	all := readOne(t, inference.Options{}, span)
	assert.Equal(t, "u", all.User)
	assert.Equal(t, 0.5, all.Cost)
	some := readOne(t, inference.Options{Unread: []dialect.Field{dialect.User, dialect.Cost, dialect.Endpoint}}, span)
	assert.Empty(t, some.User)
	assert.Empty(t, some.Endpoint)
	assert.Equal(t, float64(inference.Absent), some.Cost)
	assert.Equal(t, int64(5), some.OutputTokens)
}

func TestRunsOfToolsAndAgentsAreToldIfAskedFor(t *testing.T) {
	spans := []spanOf{
		{scope: client, name: "invoke_agent helper", id: 1, to: 100, attributes: map[string]any{
			"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper", "gen_ai.provider.name": "openai",
		}},
		{
			scope: "openinference.instrumentation.langchain", name: "weather", id: 2, parent: 1, to: 20, failed: true,
			attributes: map[string]any{"openinference.span.kind": "TOOL"},
		},
		{scope: client, name: "workflow", id: 3, to: 100, attributes: map[string]any{"gen_ai.operation.name": "invoke_workflow"}},
	}
	for _, asked := range []bool{false, true} {
		r := inference.NewReader(inference.Options{MaxText: 256, Runs: asked})
		b := r.NewBatch()
		r.Read(tracesOf(t, spans...), b)
		assert.Empty(t, b.Requests)
		if !asked {
			assert.Empty(t, b.Asides)
			continue
		}
		assert.Equal(t, []inference.Aside{
			{Kind: inference.AgentRun, Layer: inference.Client, Provider: "openai", Operation: "invoke_agent", Name: "helper", Value: 0.1, Weight: 1},
			{Kind: inference.ToolRun, Layer: inference.Client, Operation: "execute_tool", Name: "weather", Failed: true, Value: 0.02, Weight: 1},
		}, b.Asides)
	}
}

func TestFamiliesNameTheirToolsAndAgents(t *testing.T) {
	for _, c := range []struct {
		scope, span, name string
		attributes        map[string]any
		kind              inference.AsideKind
	}{
		{"org.springframework.boot", "tool_call weather", "weather", map[string]any{
			"gen_ai.operation.name": "framework", "spring.ai.kind": "tool_call", "spring.ai.tool.definition.name": "weather",
		}, inference.ToolRun},
		{"@mastra/otel-exporter", "execute_tool weather", "weather", map[string]any{
			"gen_ai.operation.name": "execute_tool", "mastra.span.type": "mcp_tool_call", "gen_ai.tool.name": "weather",
		}, inference.ToolRun},
		{"@mastra/otel-exporter", "invoke_agent helper", "helper", map[string]any{
			"gen_ai.operation.name": "invoke_agent", "mastra.span.type": "agent_run", "gen_ai.agent.name": "helper",
		}, inference.AgentRun},
		{"langfuse-sdk", "weather", "weather", map[string]any{"langfuse.observation.type": "tool"}, inference.ToolRun},
		{"langfuse-sdk", "helper", "helper", map[string]any{"langfuse.observation.type": "agent"}, inference.AgentRun},
		{"genkit-tracer", "weather", "weather", map[string]any{"genkit:metadata:subtype": "tool"}, inference.ToolRun},
		{"opentelemetry.instrumentation.langchain", "weather.tool", "weather", map[string]any{
			"traceloop.span.kind": "tool", "traceloop.entity.name": "weather",
		}, inference.ToolRun},
		{"@traceloop/node-server-sdk", "helper.agent", "helper", map[string]any{
			"traceloop.span.kind": "agent", "traceloop.entity.name": "helper",
		}, inference.AgentRun},
	} {
		r := inference.NewReader(inference.Options{MaxText: 256, Runs: true})
		b := r.NewBatch()
		r.Read(tracesOf(t, spanOf{scope: c.scope, name: c.span, id: 1, to: 100, attributes: c.attributes}), b)
		require.Len(t, b.Asides, 1, c.span)
		assert.Equal(t, c.kind, b.Asides[0].Kind, c.span)
		assert.Equal(t, c.name, b.Asides[0].Name, c.span)
	}
}

// LoongSuite calls whatever is about an agent one.
func TestThatAnAgentIsMadeIsNoRunOfIt(t *testing.T) {
	r := inference.NewReader(inference.Options{MaxText: 256, Runs: true})
	b := r.NewBatch()
	r.Read(tracesOf(t, spanOf{scope: client, name: "create_agent helper", id: 1, to: 100, attributes: map[string]any{
		"gen_ai.operation.name": "create_agent", "gen_ai.span.kind": "AGENT", "gen_ai.agent.name": "helper",
	}}), b)
	assert.Empty(t, b.Asides)
}

func TestEstimatesAreMarkedOrLeftOut(t *testing.T) {
	span := spanOf{
		scope: "@traceloop/instrumentation-openai", id: 1, to: 100,
		attributes: chat("m", "gen_ai.usage.input_tokens", 14, "gen_ai.usage.output_tokens", 41),
	}
	marked := readOne(t, inference.Options{}, span)
	assert.True(t, marked.Estimated)
	assert.Equal(t, int64(41), marked.OutputTokens)
	dropped := readOne(t, inference.Options{DropEstimates: true}, span)
	assert.Equal(t, int64(inference.Absent), dropped.OutputTokens)
	assert.Equal(t, inference.Success, dropped.Outcome)
}

func TestUsersAttributesCountBeforeKnownOnes(t *testing.T) {
	got := readOne(t, inference.Options{Attributes: []dialect.Attribute{
		{Key: "my.model", Field: dialect.RequestModel},
		{Key: "gen_ai.response.model", Field: dialect.RequestModel},
	}}, spanOf{scope: client, id: 1, to: 100, attributes: chat("known", "my.model", "mine", "gen_ai.response.model", "other")})
	assert.Equal(t, "mine", got.RequestModel)
	assert.Equal(t, "other", got.ResponseModel)
}

func TestOnlyTheLayersAskedForAreRead(t *testing.T) {
	r := inference.NewReader(inference.Options{MaxText: 256, Layers: []inference.Layer{inference.Server}})
	b := r.NewBatch()
	r.Read(tracesOf(t,
		spanOf{scope: client, id: 1, to: 100, attributes: chat("m")},
		spanOf{scope: engine, name: "llm_request", id: 2, parent: 1, to: 90},
	), b)
	require.Len(t, b.Requests, 1)
	assert.Equal(t, inference.Server, b.Requests[0].Layer)
	assert.Equal(t, 1, b.Skipped[inference.SkipLayer])
}

// Users put attributes on the spans that they write themselves, above those of an instrumentation.
func TestARequestTakesAskedForAttributesFromItsWrapper(t *testing.T) {
	r := inference.NewReader(inference.Options{
		MaxText:    256,
		Dimensions: []inference.Source{{Key: "app.team"}, {Key: "app.tier"}},
		Numbers:    []inference.Source{{Key: "app.score"}},
	})
	b := r.NewBatch()
	r.Read(tracesOf(t,
		spanOf{scope: framework, id: 1, to: 100, attributes: chat("m", "app.team", "blue", "app.tier", "gold", "app.score", 7)},
		spanOf{scope: client, id: 2, parent: 1, to: 90, attributes: chat("m", "app.tier", "silver")},
	), b)
	require.Len(t, b.Requests, 2)
	assert.Equal(t, inference.Wrapper, b.Requests[0].Duplicate)
	counted := b.Requests[1]
	assert.Equal(t, []attr.Value{attr.Text("blue"), attr.Text("silver")}, counted.Dimensions)
	assert.Equal(t, []float64{7}, counted.Numbers)
}
