// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// pick draws one of the service's calls by weight.
func (t task) pick() call {
	left := t.world.random.Float64()
	for _, c := range t.service.calls {
		if left -= c.weight; left < 0 {
			return c
		}
	}
	return t.service.calls[0]
}

// run is an agent's run: requests, and tools between them.
func (t task) run(at time.Time) {
	w, root := t.world, t.world.spanID()
	rounds := 1 + w.random.IntN(3)
	now := at.Add(2 * time.Millisecond)
	status := ptrace.StatusCodeUnset
	for round := range rounds {
		end, ok := t.request(now, t.pick(), root)
		if !ok {
			now, status = end, ptrace.StatusCodeError
			break
		}
		now = end.Add(time.Millisecond)
		if round+1 < rounds {
			now = t.tool(now, root)
		}
	}
	w.pending = append(w.pending, span{
		process: t.application(), scope: "app.agents", name: "invoke_agent " + t.service.agent, kind: ptrace.SpanKindInternal,
		trace: t.trace, id: root, start: at, end: now, status: status,
		attributes: []attribute{
			{"gen_ai.operation.name", "invoke_agent"},
			{"gen_ai.agent.name", t.service.agent},
			{"gen_ai.provider.name", models[t.service.calls[0].hosted].provider},
			{"app.tenant", t.tenant},
		},
	})
}

// tool is a run of one of the agent's tools.
func (t task) tool(at time.Time, parent pcommon.SpanID) (end time.Time) {
	w := t.world
	name := t.service.tools[w.random.IntN(len(t.service.tools))]
	s := span{
		process: t.application(), scope: "app.agents", name: "execute_tool " + name, kind: ptrace.SpanKindInternal,
		trace: t.trace, id: w.spanID(), parent: parent, start: at, end: at.Add(seconds(w.around(0.25, 0.8))),
		attributes: []attribute{
			{"gen_ai.operation.name", "execute_tool"},
			{"gen_ai.tool.name", name},
			{"gen_ai.tool.type", "function"},
			{"app.tenant", t.tenant},
		},
	}
	if w.chance(0.04) {
		s.status = ptrace.StatusCodeError
		s.attributes = append(s.attributes, attribute{"error.type", "timeout"})
	}
	w.pending = append(w.pending, s)
	return s.end.Add(time.Millisecond)
}

// request is one request of the service, with all that gateway and engine say of it.
func (t task) request(at time.Time, c call, parent pcommon.SpanID) (end time.Time, ok bool) {
	w := t.world
	a := answer{call: c, start: at, streamed: w.chance(c.streamed), finish: "stop", httpStatus: 200}
	more := 1.0
	if t.tenant == t.scene.greedy {
		more = t.scene.more
	}
	a.input = max(1, int(more*w.around(c.input, 0.5)))
	a.cached = min(a.input, int(float64(a.input)*c.cached*(0.5+w.random.Float64())))
	if !c.embeddings {
		a.output = max(2, int(w.around(c.output, 0.5)))
	}
	if w.chance(0.03) {
		a.finish = "length"
	}
	id := w.spanID()
	if c.hosted != "" {
		t.hosted(&a)
	} else {
		t.served(&a, id)
	}
	if t.service.shape != bare {
		t.export(a, id, parent)
	}
	return a.end, a.succeeded()
}

// hosted is what a provider makes of a request.
func (t task) hosted(a *answer) {
	w := t.world
	a.name, a.model = a.call.hosted, models[a.call.hosted]
	wait := seconds(w.around(a.model.firstToken.Seconds(), 0.3))
	a.first = a.start.Add(wait)
	perToken := w.around(a.model.perToken.Seconds(), 0.15)
	a.end = a.first.Add(seconds(perToken * float64(max(0, a.output-1))))
	down := t.scene.down == a.model.provider
	if down && w.chance(0.4) {
		a.retries = 1 + w.random.IntN(2)
		pause := time.Duration(a.retries) * 700 * time.Millisecond
		a.first, a.end = a.first.Add(pause), a.end.Add(pause)
	}
	switch {
	case down && w.chance(t.scene.failing):
		a.failure, a.httpStatus, a.retries = "overloaded_error", 529, 2
		a.end = a.start.Add(seconds(w.around(1.6, 0.2)))
	case w.chance(0.004):
		a.failure, a.httpStatus = "RateLimitError", 429
		if a.model.provider == "anthropic" {
			a.failure = "rate_limit_error"
		}
		a.end = a.start.Add(seconds(w.around(0.15, 0.3)))
	case a.streamed && t.service.shape == anthropicSDK && w.chance(0.02):
		a.cancelled = true
		a.end = a.first.Add(a.end.Sub(a.first) / 3)
	}
}

// hop is how long it takes from the client to the gateway, and from there to the engine.
const hop = 6 * time.Millisecond

// served is what gateway and engine make of a request, and their spans.
func (t task) served(a *answer, client pcommon.SpanID) {
	w := t.world
	pool := a.call.pool
	if a.call.canary != "" && w.chance(canaryShare) {
		pool = a.call.canary
	}
	arrived := a.start.Add(2 * hop)
	e := w.anyReplica(pool)
	d := e.deployment
	a.name, a.model = d.model, model{provider: "vllm", address: gateway + ".serving", responds: d.model}
	if w.chance(d.failing) {
		// The gateway sends it again, which helps half the time.
		a.retries = 1
		arrived = arrived.Add(400 * time.Millisecond)
		if w.chance(0.5) {
			a.failure, a.httpStatus = "500", 500
		}
	}
	gatewaySpan := w.spanID()
	if t.service.shape == bare {
		client = pcommon.SpanID{}
	}
	slow := 1.0
	if t.scene.hot == e.replica.pod {
		slow = t.scene.slow
	}
	if a.failure != "" {
		a.end = arrived.Add(seconds(w.around(0.12, 0.3)))
	} else if j, ok := e.serve(arrived, float64(a.input), float64(a.cached), float64(a.output), slow); ok {
		a.first, a.end = j.first.Add(2*hop), j.ended.Add(2*hop)
		w.pending = append(w.pending, t.engineSpan(*a, j, e, gatewaySpan))
	} else {
		// vLLM exports no span of a request that was aborted.
		a.cancelled, a.httpStatus = true, 499
		a.end = a.start.Add(patience)
	}
	w.pending = append(w.pending, t.gatewaySpan(*a, d, gatewaySpan, client))
}

func (t task) engineSpan(a answer, j job, e *engine, parent pcommon.SpanID) span {
	d := e.deployment
	return span{
		process: process{d.name, "serving", e.replica.pod, Node}, scope: "vllm.tracing.otel",
		name: "chat " + d.model, kind: ptrace.SpanKindServer,
		trace: t.trace, id: t.world.spanID(), parent: parent, start: j.arrived, end: j.ended,
		attributes: []attribute{
			{"gen_ai.operation.name", "chat"},
			{"gen_ai.request.model", d.model},
			{"gen_ai.request.id", fmt.Sprintf("chatcmpl-%016x", t.world.random.Uint64())},
			{"gen_ai.request.max_tokens", 4096},
			{"gen_ai.request.temperature", 0.7},
			{"gen_ai.request.n", 1},
			{"gen_ai.usage.prompt_tokens", a.input},
			{"gen_ai.usage.completion_tokens", a.output},
			{"gen_ai.usage.cached_tokens", a.cached},
			{"gen_ai.latency.time_in_queue", j.started.Sub(j.arrived).Seconds()},
			{"gen_ai.latency.time_in_model_prefill", j.first.Sub(j.started).Seconds()},
			{"gen_ai.latency.time_to_first_token", j.first.Sub(j.arrived).Seconds()},
			{"gen_ai.latency.time_in_model_decode", j.ended.Sub(j.first).Seconds()},
			{"gen_ai.latency.e2e", j.ended.Sub(j.arrived).Seconds()},
			{"gen_ai.response.finish_reasons", []string{a.finish}},
		},
		counts: a.counts("server", d.name),
	}
}

func (t task) gatewaySpan(a answer, d *deployment, id, parent pcommon.SpanID) span {
	s := span{
		process: process{gateway, "serving", gateway + "-0", ""}, scope: "agentgateway",
		name: "POST /v1/chat/completions", kind: ptrace.SpanKindServer,
		trace: t.trace, id: id, parent: parent, start: a.start.Add(hop), end: a.end.Add(-hop),
		attributes: []attribute{
			{"gen_ai.operation.name", "chat"},
			{"gen_ai.provider.name", "vllm"},
			{"gen_ai.request.model", d.model},
			{"gen_ai.request.stream", a.streamed},
			{"http.path", "/v1/chat/completions"},
			{"http.status", a.httpStatus},
			{"agw.api_key.name", t.tenant},
			{"jwt.sub", fmt.Sprintf("u-%d", t.world.random.IntN(40))},
		},
		counts: a.counts("gateway", gateway),
	}
	if a.retries > 0 {
		s.attributes = append(s.attributes, attribute{"retry.attempt", fmt.Sprint(a.retries)})
	}
	if a.failure != "" {
		s.attributes = append(s.attributes, attribute{"error", "upstream answered 500"}, attribute{"error.type", a.failure})
	}
	if !a.succeeded() {
		return s
	}
	cost := (float64(a.input)*d.priceIn + float64(a.output)*d.priceOut) / 1e6
	s.attributes = append(
		s.attributes,
		attribute{"gen_ai.response.model", d.model},
		attribute{"gen_ai.usage.input_tokens", a.input}, attribute{"gen_ai.usage.output_tokens", a.output},
		attribute{"gen_ai.usage.cache_read.input_tokens", a.cached},
		attribute{"gen_ai.response.finish_reasons", []string{a.finish}},
		attribute{"agw.ai.usage.cost.total", fmt.Sprintf("%.8f", cost)},
	)
	if a.streamed {
		s.attributes = append(s.attributes, attribute{"agw.ai.time_to_first_token", a.first.Sub(s.start).Seconds() - hop.Seconds()})
	}
	return s
}
