// SPDX-License-Identifier: Apache-2.0

package spanreader_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/internal/attr"
	"github.com/otelcol-llm/otelcol-llm/internal/emitter"
	"github.com/otelcol-llm/otelcol-llm/internal/fact"
	"github.com/otelcol-llm/otelcol-llm/internal/llm"
	"github.com/otelcol-llm/otelcol-llm/internal/spanreader"
)

func readOne(t *testing.T, options spanreader.Options, span spanOf) llm.Request {
	t.Helper()
	options.MaxText = 256
	r := spanreader.NewReader(options)
	b := r.NewBatch()
	r.Read(tracesOf(t, span), b)
	require.Len(t, b.Requests, 1)
	return b.Requests[0]
}

func TestFieldsThatNobodyUsesAreNotRead(t *testing.T) {
	span := spanOf{scope: client, id: 1, to: 100, attributes: chat("m",
		"user.id", "u", "gen_ai.usage.cost", 0.5, "gen_ai.usage.output_tokens", 5, "http.route", "/v1")}
	all := readOne(t, spanreader.Options{}, span)
	assert.Equal(t, "u", all.User)
	assert.Equal(t, 0.5, all.Number[fact.Cost])
	some := readOne(t, spanreader.Options{Unread: []fact.Fact{fact.User, fact.Cost, fact.Endpoint}}, span)
	assert.Empty(t, some.User)
	assert.Empty(t, some.Endpoint)
	assert.Equal(t, float64(llm.Absent), some.Number[fact.Cost])
	assert.Equal(t, float64(5), some.Number[fact.OutputTokens])
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
		r := spanreader.NewReader(spanreader.Options{MaxText: 256, Runs: asked})
		b := r.NewBatch()
		r.Read(tracesOf(t, spans...), b)
		assert.Empty(t, b.Requests)
		if !asked {
			assert.Empty(t, b.NonRequests)
			continue
		}
		for i := range b.NonRequests {
			b.NonRequests[i].Sender = llm.Sender{}
		}
		assert.Equal(t, []llm.NonRequest{
			{Kind: llm.AgentRun, Layer: llm.Client, Provider: "openai", Operation: "invoke_agent", Name: "helper", Value: 0.1, Weight: 1},
			{Kind: llm.ToolRun, Layer: llm.Client, Operation: "execute_tool", Name: "weather", Failed: true, Value: 0.02, Weight: 1},
		}, b.NonRequests)
	}
}

func TestFamiliesNameTheirToolsAndAgents(t *testing.T) {
	for _, c := range []struct {
		scope, span, name string
		attributes        map[string]any
		kind              llm.NonRequestKind
	}{
		{"org.springframework.boot", "tool_call weather", "weather", map[string]any{
			"gen_ai.operation.name": "framework", "spring.ai.kind": "tool_call", "spring.ai.tool.definition.name": "weather",
		}, llm.ToolRun},
		{"@mastra/otel-exporter", "execute_tool weather", "weather", map[string]any{
			"gen_ai.operation.name": "execute_tool", "mastra.span.type": "mcp_tool_call", "gen_ai.tool.name": "weather",
		}, llm.ToolRun},
		{"@mastra/otel-exporter", "invoke_agent helper", "helper", map[string]any{
			"gen_ai.operation.name": "invoke_agent", "mastra.span.type": "agent_run", "gen_ai.agent.name": "helper",
		}, llm.AgentRun},
		{"langfuse-sdk", "weather", "weather", map[string]any{"langfuse.observation.type": "tool"}, llm.ToolRun},
		{"langfuse-sdk", "helper", "helper", map[string]any{"langfuse.observation.type": "agent"}, llm.AgentRun},
		{"genkit-tracer", "weather", "weather", map[string]any{"genkit:metadata:subtype": "tool"}, llm.ToolRun},
		{"opentelemetry.instrumentation.langchain", "weather.tool", "weather", map[string]any{
			"traceloop.span.kind": "tool", "traceloop.entity.name": "weather",
		}, llm.ToolRun},
		{"@traceloop/node-server-sdk", "helper.agent", "helper", map[string]any{
			"traceloop.span.kind": "agent", "traceloop.entity.name": "helper",
		}, llm.AgentRun},
	} {
		r := spanreader.NewReader(spanreader.Options{MaxText: 256, Runs: true})
		b := r.NewBatch()
		r.Read(tracesOf(t, spanOf{scope: c.scope, name: c.span, id: 1, to: 100, attributes: c.attributes}), b)
		require.Len(t, b.NonRequests, 1, c.span)
		assert.Equal(t, c.kind, b.NonRequests[0].Kind, c.span)
		assert.Equal(t, c.name, b.NonRequests[0].Name, c.span)
	}
}

// LoongSuite calls whatever is about an agent one.
func TestThatAnAgentIsMadeIsNoRunOfIt(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256, Runs: true})
	b := r.NewBatch()
	r.Read(tracesOf(t, spanOf{scope: client, name: "create_agent helper", id: 1, to: 100, attributes: map[string]any{
		"gen_ai.operation.name": "create_agent", "gen_ai.span.kind": "AGENT", "gen_ai.agent.name": "helper",
	}}), b)
	assert.Empty(t, b.NonRequests)
}

func TestEstimatesAreMarkedOrLeftOut(t *testing.T) {
	span := spanOf{
		scope: "@traceloop/instrumentation-openai", id: 1, to: 100,
		attributes: chat("m", "gen_ai.usage.input_tokens", 14, "gen_ai.usage.output_tokens", 41),
	}
	marked := readOne(t, spanreader.Options{}, span)
	assert.True(t, marked.Estimated)
	assert.Equal(t, float64(41), marked.Number[fact.OutputTokens])
	dropped := readOne(t, spanreader.Options{DropEstimates: true}, span)
	assert.Equal(t, float64(llm.Absent), dropped.Number[fact.OutputTokens])
	assert.Equal(t, llm.Success, dropped.Outcome)
}

func TestUsersAttributesCountBeforeKnownOnes(t *testing.T) {
	got := readOne(t, spanreader.Options{Attributes: []emitter.Attribute{
		{Key: "my.model", Fact: fact.RequestModel},
		{Key: "gen_ai.response.model", Fact: fact.RequestModel},
	}}, spanOf{scope: client, id: 1, to: 100, attributes: chat("known", "my.model", "mine", "gen_ai.response.model", "other")})
	assert.Equal(t, "mine", got.RequestModel)
	assert.Equal(t, "other", got.ResponseModel)
}

func TestOnlyTheLayersAskedForCount(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{MaxText: 256, Layers: []llm.Layer{llm.Server}})
	b := r.NewBatch()
	r.Read(tracesOf(t,
		spanOf{scope: client, id: 1, to: 100, attributes: chat("m")},
		spanOf{scope: engine, name: "llm_request", id: 2, parent: 1, to: 90},
		spanOf{scope: gateway, id: 3, parent: 1, to: 95, attributes: chat("m")},
	), b)
	require.Len(t, b.Requests, 2, "the gateway's is known as such and not read")
	assert.Equal(t, llm.LeftOut, b.Requests[0].Duplicate)
	assert.Equal(t, llm.Unique, b.Requests[1].Duplicate)
	assert.Equal(t, 1, b.Skipped[llm.SkipLayer])
}

func TestUsersSayLayersByServiceScopeOrAttribute(t *testing.T) {
	of := func(of spanreader.Holder, key, value string) spanreader.AttributeMatch {
		return spanreader.AttributeMatch{Source: spanreader.Source{Of: of, Key: key}, Value: value}
	}
	asGateway := func(m spanreader.AttributeMatch) spanreader.LayerRule {
		return spanreader.LayerRule{Layer: llm.Gateway, AttributeMatch: m}
	}
	scopeRule := spanreader.LayerRule{Layer: llm.Server, Scope: client + "*"}
	for name, c := range map[string]struct {
		rules []spanreader.LayerRule
		want  llm.Layer
	}{
		"none":                       {nil, llm.Client},
		"a service":                  {[]spanreader.LayerRule{asGateway(of(spanreader.OfResource, "service.name", "llm-*"))}, llm.Gateway},
		"another service":            {[]spanreader.LayerRule{asGateway(of(spanreader.OfResource, "service.name", "web"))}, llm.Client},
		"a scope":                    {[]spanreader.LayerRule{scopeRule}, llm.Server},
		"another scope":              {[]spanreader.LayerRule{{Layer: llm.Server, Scope: "x"}}, llm.Client},
		"an attribute":               {[]spanreader.LayerRule{asGateway(of(spanreader.OfSpan, "hop", "*"))}, llm.Gateway},
		"the first of two":           {[]spanreader.LayerRule{scopeRule, asGateway(of(spanreader.OfSpan, "hop", "*"))}, llm.Server},
		"the first of two, a span's": {[]spanreader.LayerRule{asGateway(of(spanreader.OfSpan, "hop", "*")), scopeRule}, llm.Gateway},
	} {
		r := spanreader.NewReader(spanreader.Options{MaxText: 256, LayerRules: c.rules})
		b := r.NewBatch()
		traces := tracesOf(t, spanOf{scope: client, id: 1, to: 100, attributes: chat("m", "hop", "1")})
		traces.ResourceSpans().At(0).Resource().Attributes().PutStr("service.name", "llm-proxy")
		r.Read(traces, b)
		require.Len(t, b.Requests, 1, name)
		assert.Equal(t, c.want.String(), b.Requests[0].Layer.String(), name)
	}
}

// Users put attributes on the spans that they write themselves, above those of an instrumentation.
func TestARequestTakesAskedForAttributesFromItsWrapper(t *testing.T) {
	r := spanreader.NewReader(spanreader.Options{
		MaxText:    256,
		Dimensions: []spanreader.Source{{Key: "app.team"}, {Key: "app.tier"}},
		Numbers:    []spanreader.Source{{Key: "app.score"}},
	})
	b := r.NewBatch()
	r.Read(tracesOf(t,
		spanOf{scope: framework, id: 1, to: 100, attributes: chat("m", "app.team", "blue", "app.tier", "gold", "app.score", 7)},
		spanOf{scope: client, id: 2, parent: 1, to: 90, attributes: chat("m", "app.tier", "silver")},
	), b)
	require.Len(t, b.Requests, 2)
	assert.Equal(t, llm.Wrapper, b.Requests[0].Duplicate)
	counted := b.Requests[1]
	assert.Equal(t, []attr.Value{attr.Text("blue"), attr.Text("silver")}, counted.Dimensions)
	assert.Equal(t, []float64{7}, counted.UserNumbers)
}

func TestSpansAreLeftOutByAttribute(t *testing.T) {
	spans := func() ptrace.Traces {
		return tracesOf(t,
			spanOf{scope: client, id: 1, to: 100, attributes: chat("m", "user_agent.original", "kube-probe/1.30", "gen_ai.usage.output_tokens", 5)},
			spanOf{scope: client, id: 2, from: 200, to: 300, attributes: chat("m", "app.test", true, "gen_ai.usage.output_tokens", 5)},
			spanOf{scope: client, id: 3, from: 400, to: 500, attributes: chat("m", "gen_ai.usage.output_tokens", 5)},
		)
	}
	of := func(of spanreader.Holder, key, value string) spanreader.AttributeMatch {
		return spanreader.AttributeMatch{Source: spanreader.Source{Of: of, Key: key}, Value: value}
	}
	for name, test := range map[string]struct {
		exclude []spanreader.AttributeMatch
		left    int
	}{
		"nothing":                    {nil, 3},
		"a user agent":               {[]spanreader.AttributeMatch{of(spanreader.OfSpan, "user_agent.original", "kube-probe*")}, 2},
		"another user agent":         {[]spanreader.AttributeMatch{of(spanreader.OfSpan, "user_agent.original", "curl*")}, 3},
		"a truth value":              {[]spanreader.AttributeMatch{of(spanreader.OfSpan, "app.test", "true")}, 2},
		"two attributes":             {[]spanreader.AttributeMatch{of(spanreader.OfSpan, "app.test", "*"), of(spanreader.OfSpan, "user_agent.original", "*")}, 1},
		"a list":                     {[]spanreader.AttributeMatch{of(spanreader.OfResource, "tags", "load-*")}, 0},
		"a service":                  {[]spanreader.AttributeMatch{of(spanreader.OfResource, "service.name", "k6*")}, 0},
		"another service":            {[]spanreader.AttributeMatch{of(spanreader.OfResource, "service.name", "shop")}, 3},
		"the scope":                  {[]spanreader.AttributeMatch{of(spanreader.OfScope, "variant", "synthetic")}, 0},
		"an attribute of the others": {[]spanreader.AttributeMatch{of(spanreader.OfSpan, "service.name", "k6*")}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			traces := spans()
			for _, rs := range traces.ResourceSpans().All() {
				rs.Resource().Attributes().PutStr("service.name", "k6-load")
				rs.Resource().Attributes().PutEmptySlice("tags").AppendEmpty().SetStr("load-test")
				for _, ss := range rs.ScopeSpans().All() {
					ss.Scope().Attributes().PutStr("variant", "synthetic")
				}
			}
			r := spanreader.NewReader(spanreader.Options{MaxText: 256, Exclude: test.exclude})
			b := r.NewBatch()
			r.Read(traces, b)
			assert.Len(t, b.Requests, test.left)
			assert.Equal(t, 3-test.left, b.Skipped[llm.SkipExcluded])
		})
	}
}

func TestNamesWithStarsRenameManyModelsAndProviders(t *testing.T) {
	options := spanreader.Options{
		Models:    map[string]string{"prod-*": "gpt-4o", "prod-small-*": "gpt-4o-mini", "prod-small-7": "o3", "*-old": "gpt-3.5"},
		Providers: map[string]string{"az*": "azure.ai.openai", "azalea": "azalea"},
	}
	for model, want := range map[string]string{
		"prod-7": "gpt-4o", "prod-small-1": "gpt-4o-mini", "prod-small-7": "o3", "prod-very-very-very-old": "gpt-4o", "x-old": "gpt-3.5", "other": "other",
	} {
		q := readOne(t, options, spanOf{scope: client, id: 1, to: 100, attributes: chat(model, "gen_ai.response.model", model)})
		assert.Equal(t, want, q.RequestModel, model)
		assert.Equal(t, want, q.ResponseModel, model)
	}
	for provider, want := range map[string]string{"AZ-Proxy": "azure.ai.openai", "azalea": "azalea", "openai": "openai"} {
		q := readOne(t, options, spanOf{scope: client, id: 1, to: 100, attributes: chat("m", "gen_ai.provider.name", provider)})
		assert.Equal(t, want, q.Provider, provider)
	}
}
