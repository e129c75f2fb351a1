// SPDX-License-Identifier: Apache-2.0

package traffic

import (
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// export is the client's span of a request, in the shape of the service's instrumentation.
func (t task) export(a answer, id, parent pcommon.SpanID) {
	s := span{
		process: t.application(), kind: ptrace.SpanKindClient,
		trace: t.trace, id: id, parent: parent, start: a.start, end: a.end,
		counts: a.counts("client", t.service.name),
	}
	switch t.service.shape {
	case anthropicSDK:
		t.anthropic(&s, a)
	case vercelAI:
		t.vercel(&s, a)
	case openAIPython, openAINode:
		t.openAI(&s, a)
	}
	s.attributes = append(s.attributes, attribute{"app.tenant", t.tenant})
	if people := t.service.people; people != nil {
		s.attributes = append(s.attributes, attribute{"app.user", people[t.world.random.IntN(len(people))]})
	}
	if a.failure != "" {
		s.status = ptrace.StatusCodeError
	}
	t.world.pending = append(t.world.pending, s)
}

// openAI are the spans of OpenTelemetry's instrumentations of OpenAI's clients. That for Node writes nothing about streaming.
func (t task) openAI(s *span, a answer) {
	s.scope = "opentelemetry.instrumentation.openai_v2"
	if t.service.shape == openAINode {
		s.scope = "@opentelemetry/instrumentation-openai"
	}
	s.name = "chat " + a.name
	operation := "chat"
	if a.call.embeddings {
		s.name, operation = "embeddings "+a.name, "embeddings"
	}
	s.attributes = []attribute{
		{"gen_ai.operation.name", operation},
		{"gen_ai.provider.name", a.model.provider},
		{"gen_ai.request.model", a.name},
		{"server.address", a.model.address},
		{"server.port", 443},
	}
	if t.service.shape == openAIPython {
		s.attributes = append(s.attributes, attribute{"gen_ai.request.stream", a.streamed})
	}
	if a.failure != "" {
		s.attributes = append(s.attributes, attribute{"error.type", a.failure})
		return
	}
	s.attributes = append(
		s.attributes,
		attribute{"gen_ai.response.model", a.model.responds}, attribute{"gen_ai.usage.input_tokens", a.input},
	)
	if a.call.embeddings {
		return
	}
	s.attributes = append(
		s.attributes,
		attribute{"gen_ai.response.id", fmt.Sprintf("chatcmpl-%016x", t.world.random.Uint64())},
		attribute{"gen_ai.usage.output_tokens", a.output},
		attribute{"gen_ai.usage.cache_read.input_tokens", a.cached},
		attribute{"gen_ai.response.finish_reasons", []string{a.finish}},
	)
	if a.streamed {
		s.attributes = append(s.attributes, attribute{"gen_ai.response.time_to_first_chunk", a.first.Sub(a.start).Seconds()})
	}
}

// anthropic are the spans of Anthropic's own SDK for TypeScript.
func (t task) anthropic(s *span, a answer) {
	s.scope, s.name = "com.anthropic.sdk.typescript", "anthropic.messages.create"
	s.attributes = []attribute{
		{"gen_ai.provider.name", "anthropic"},
		{"gen_ai.operation.name", "chat"},
		{"gen_ai.request.model", a.name},
		{"server.address", a.model.address},
		{"server.port", 443},
		{"http.request.method", "POST"},
		{"http.route", "/v1/messages"},
		{"http.response.status_code", a.httpStatus},
	}
	if a.streamed {
		s.attributes = append(s.attributes, attribute{"gen_ai.request.stream", true})
	}
	if a.retries > 0 {
		s.attributes = append(s.attributes, attribute{"http.request.resend_count", a.retries})
	}
	if a.failure != "" {
		s.attributes = append(s.attributes, attribute{"error.type", a.failure})
		return
	}
	s.attributes = append(
		s.attributes,
		attribute{"gen_ai.response.id", fmt.Sprintf("msg_%016x", t.world.random.Uint64())},
		attribute{"gen_ai.response.model", a.model.responds},
	)
	if a.cancelled {
		return
	}
	s.status = ptrace.StatusCodeOk
	s.attributes = append(
		s.attributes,
		attribute{"gen_ai.usage.input_tokens", a.input}, attribute{"gen_ai.usage.output_tokens", a.output},
		attribute{"gen_ai.usage.cache_read.input_tokens", a.cached},
		attribute{"gen_ai.usage.cache_write.input_tokens", (a.input - a.cached) / 8},
		attribute{"anthropic.message.stop_reason", map[string]string{"stop": "end_turn", "length": "max_tokens"}[a.finish]},
	)
	if a.streamed {
		s.attributes = append(s.attributes, attribute{"gen_ai.response.time_to_first_chunk", a.first.Sub(a.start).Round(time.Millisecond).Seconds()})
	}
}

// vercel are the calls of the Vercel AI SDK 7.
func (t task) vercel(s *span, a answer) {
	s.scope, s.name = "gen_ai", "chat "+a.name
	s.attributes = []attribute{
		{"gen_ai.operation.name", "chat"},
		{"gen_ai.provider.name", a.model.provider},
		{"gen_ai.request.model", a.name},
		{"server.address", a.model.address},
	}
	if a.failure != "" {
		s.attributes = append(s.attributes, attribute{"http.response.status_code", a.httpStatus}, attribute{"error.type", "AI_APICallError"})
		return
	}
	if a.cancelled {
		return
	}
	s.attributes = append(
		s.attributes,
		attribute{"gen_ai.client.operation.duration", a.end.Sub(a.start).Seconds()},
		attribute{"gen_ai.response.id", fmt.Sprintf("chatcmpl-%016x", t.world.random.Uint64())},
		attribute{"gen_ai.response.model", a.model.responds},
		attribute{"gen_ai.usage.input_tokens", a.input}, attribute{"gen_ai.usage.output_tokens", a.output},
		attribute{"gen_ai.usage.cache_read.input_tokens", a.cached},
		attribute{"gen_ai.response.finish_reasons", []string{strings.ReplaceAll(a.finish, "_", "-")}},
	)
	if a.streamed {
		s.attributes = append(s.attributes, attribute{"gen_ai.client.operation.time_to_first_chunk", a.first.Sub(a.start).Seconds()})
	}
}
