// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/load"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/tally"
)

// layer keeps the points of one layer.
func layer(name string) func(tally.Point) bool {
	return func(p tally.Point) bool { return p.Attributes["llm.layer"] == name }
}

// journey is a call through all layers: a client calls a gateway, which calls an engine.
func journey(t *testing.T) []capture.Exchange {
	t.Helper()
	gateway, err := capture.Load("testdata/spans/gateway.jsonl")
	require.NoError(t, err)
	engine, err := capture.LoadVLLM()
	require.NoError(t, err)
	return []capture.Exchange{harness.Call(t), gateway[0], engine[0]}
}

// Spans of one call arise on different hosts and reach different agents, each in a batch of its own. They
// meet in one gateway all the same, which is what recognises duplicates, and no tier counts them twice.
func TestSpansOfATraceMeetInOneGateway(t *testing.T) {
	const calls, spansPerCall = 60, 4
	s := startTiers(t, overlays{})
	exchanges := journey(t)
	for range calls {
		s.send(capture.Apart(capture.Trace(time.Now(), exchanges...))...)
	}
	s.stop()

	met := map[pcommon.TraceID]bool{}
	for i, server := range s.backends {
		here := traces(server)
		assert.NotEmpty(t, here, "traces at gateway %d", i)
		own := tally.Of(server.Metrics()...)
		for _, name := range []string{"client", "gateway", "server"} {
			assert.EqualValues(t, len(here), own.Value("llm.requests", layer(name)), "requests at gateway %d, layer %s", i, name)
		}
		for trace, spans := range here {
			assert.Equal(t, spansPerCall, spans, "spans of trace %v at gateway %d", trace, i)
			assert.False(t, met[trace], "trace %v at two gateways", trace)
			met[trace] = true
		}
	}
	assert.Len(t, met, calls, "traces at the gateways")

	assertJourneys(t, s.counted(), calls)
}

// assertJourneys requires that all metrics count n calls like journey.
func assertJourneys(t *testing.T, metrics tally.Tally, n int) {
	t.Helper()
	for _, one := range []struct {
		layer         string
		input, output int
	}{{"client", 17, 20}, {"gateway", 310, 64}, {"server", 310, 64}} {
		of := layer(one.layer)
		assert.EqualValues(t, n, metrics.Value("llm.requests", of), "requests of layer %s", one.layer)
		assert.EqualValues(t, n*one.input, metrics.Value("llm.usage.input_tokens", of), "input tokens of layer %s", one.layer)
		assert.EqualValues(t, n*one.output, metrics.Value("llm.usage.output_tokens", of), "output tokens of layer %s", one.layer)
	}
	assert.EqualValues(t, n, metrics.Value("gen_ai.client.operation.duration", nil), "durations of clients")
	assert.EqualValues(t, n, metrics.Value("gen_ai.server.request.duration", nil), "durations of engines")
}

// Who routes by service has each series at one gateway only, and the same totals.
func TestSpansOfAServiceMeetInOneGateway(t *testing.T) {
	const calls = 20
	s := startTiers(t, overlays{agent: []string{"by_service.yaml"}})
	exchanges := journey(t)
	for range calls {
		// One batch of all services, as another collector would send it.
		s.send(capture.Together(capture.Trace(time.Now(), exchanges...)))
	}
	s.stop()

	all := s.counted()
	assertJourneys(t, all, calls)
	counted := map[any]any{} // service → collector
	for _, p := range all.Select("llm.requests", nil) {
		service, at := p.Resource["service.name"], p.Resource["llm.collector.id"]
		assert.Contains(t, []any{nil, at}, counted[service], "gateways that count %v", service)
		counted[service] = at
	}
	assert.Len(t, counted, 3, "services")
}

// Whatever describes a request again counts once, though it came through another agent and in another batch.
func TestDuplicatesThroughDifferentAgentsCountOnce(t *testing.T) {
	t.Parallel()
	const calls = 20
	// A framework's span around the SDK's: directly, and with another span in between.
	wrapped, err := capture.Load("testdata/spans/wrapper.jsonl")
	require.NoError(t, err)
	for _, test := range []struct {
		name  string
		spans func() []ptrace.Traces // of one call
	}{
		{name: "a span that is sent again", spans: func() []ptrace.Traces {
			batches := harness.Call(t).Fresh(time.Now())
			return append(batches, batches...)
		}},
		{name: "a second span with the id of the response", spans: func() []ptrace.Traces {
			batches := harness.Call(t).Fresh(time.Now())
			return append(batches, asOtherSpans(batches)...)
		}},
		{name: "a wrapper", spans: func() []ptrace.Traces {
			return capture.Apart(wrapped[0].Fresh(time.Now()))
		}},
		{name: "a distant wrapper", spans: func() []ptrace.Traces {
			return capture.Apart(wrapped[1].Fresh(time.Now()))
		}},
		{name: "a distant wrapper that comes first", spans: func() []ptrace.Traces {
			batches := capture.Apart(wrapped[1].Fresh(time.Now()))
			slices.Reverse(batches)
			return batches
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startTiers(t, overlays{})
			sent := map[pcommon.SpanID]bool{}
			for range calls {
				for _, batch := range test.spans() {
					for span := range capture.Spans(batch) {
						sent[span.SpanID()] = true
					}
					s.send(batch)
				}
			}
			s.waitForSpans(len(sent))
			s.stop()

			all := s.counted()
			assert.EqualValues(t, calls, all.Value("llm.requests", nil), "requests")
			assert.EqualValues(t, calls, all.Value("gen_ai.client.operation.duration", nil), "durations")
			assert.EqualValues(t, 17*calls, all.Value("llm.usage.input_tokens", nil), "input tokens")
			assert.EqualValues(t, 20*calls, all.Value("llm.usage.output_tokens", nil), "output tokens")
		})
	}
}

// asOtherSpans copies batches as if another instrumentation had written them: all but the ids of the spans
// stays.
func asOtherSpans(batches []ptrace.Traces) []ptrace.Traces {
	others := make([]ptrace.Traces, len(batches))
	for i, batch := range batches {
		others[i] = ptrace.NewTraces()
		batch.CopyTo(others[i])
		for span := range capture.Spans(others[i]) {
			id := span.SpanID()
			id[0] ^= 0xff
			span.SetSpanID(id)
		}
	}
	return others
}

// Gateways are redeployed under load. What an agent cannot deliver waits and is sent again, also to the gateway that had taken
// its part. Nothing is missing from the totals, and nothing is in them twice.
func TestGatewaysRestartUnderLoad(t *testing.T) {
	const batches, callsPerBatch, rate = 120, 4, 60 // two seconds of load
	s := startTiers(t, overlays{})
	call := harness.Call(t)
	sent := make(chan error, 1)
	go func() {
		sent <- load.Steady(context.Background(), rate, batches, func(int) error {
			var calls []ptrace.Traces
			for range callsPerBatch {
				calls = append(calls, call.Fresh(time.Now())...)
			}
			return s.toAgents.Send(context.Background(), capture.Together(calls))
		})
	}()
	for _, gateway := range s.gateways {
		time.Sleep(300 * time.Millisecond)
		gateway.MustStop()
		gateway.StartAgain()
	}
	require.NoError(t, <-sent)
	const calls = batches * callsPerBatch
	s.waitForSpans(2 * calls)
	s.stop()

	assertCounted(t, s.counted(), calls)
}

// Gateways leave and join under load, and agents learn of it one after the other. What waits for a gateway that leaves is
// delivered first. Each trace that is sent later counts at its new gateway.
func TestGatewaysLeaveAndJoinUnderLoad(t *testing.T) {
	const underLoad = 300 * time.Millisecond
	s := startTiers(t, overlays{})
	fleet := load.StartFleet(harness.Call(t), 1<<20, s.senders...)
	for _, gateways := range [][]*harness.Collector{s.gateways[1:], s.gateways, s.gateways[:1]} {
		time.Sleep(underLoad)
		s.listGateways(gateways...)
		for _, agent := range s.agents {
			agent.MustReload()
			time.Sleep(underLoad)
		}
	}
	accepted, _, err := fleet.Stop()
	s.stop()

	require.NoError(t, err)
	for i, server := range s.backends {
		assert.NotEmpty(t, traces(server), "traces at gateway %d", i)
	}
	assertCounted(t, s.counted(), accepted)
}
