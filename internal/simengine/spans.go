// SPDX-License-Identifier: Apache-2.0

package simengine

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// export sends the span that vLLM writes for a request, in OTLP's JSON encoding. A caller's traceparent is its parent.
// Failures are dropped, as an engine would do.
func (e *Engine) export(r *http.Request, id string, q *request) {
	if e.config.Traces == "" {
		return
	}
	end := time.Now()
	trace, parent := parents(r.Header.Get("traceparent"))
	span := map[string]any{
		"traceId": trace, "spanId": randomHex(8), "name": "llm_request", "kind": 2,
		"startTimeUnixNano": strconv.FormatInt(q.arrived.UnixNano(), 10), "endTimeUnixNano": strconv.FormatInt(end.UnixNano(), 10),
		"attributes": []any{
			text("gen_ai.response.model", e.config.Model), text("gen_ai.request.id", id),
			integer("gen_ai.usage.prompt_tokens", len(q.prompt)), integer("gen_ai.usage.completion_tokens", q.done),
			integer("gen_ai.request.max_tokens", q.output), integer("gen_ai.request.n", 1),
			seconds("gen_ai.latency.time_in_queue", q.admitted.Sub(q.arrived)),
			seconds("gen_ai.latency.time_to_first_token", q.first.Sub(q.arrived)),
			seconds("gen_ai.latency.e2e", end.Sub(q.arrived)),
			seconds("gen_ai.latency.time_in_model_prefill", q.first.Sub(q.admitted)),
			seconds("gen_ai.latency.time_in_model_decode", end.Sub(q.first)),
		},
	}
	if parent != "" {
		span["parentSpanId"] = parent
	}
	body := marshal(map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": []any{text("service.name", e.config.ServiceName)}},
		"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "vllm.llm_engine"}, "spans": []any{span}}},
	}}})
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(e.config.Traces, "/")+"/v1/traces", bytes.NewReader(body))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/json")
	if response, err := http.DefaultClient.Do(request); err == nil {
		_ = response.Body.Close()
	}
}

// parents reads a W3C traceparent; without one the trace is new.
func parents(header string) (trace, parent string) {
	if parts := strings.Split(header, "-"); len(parts) == 4 && len(parts[1]) == 32 && len(parts[2]) == 16 {
		return parts[1], parts[2]
	}
	return randomHex(16), ""
}

func randomHex(length int) string {
	b := make([]byte, length)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func text(key, value string) any {
	return map[string]any{"key": key, "value": map[string]any{"stringValue": value}}
}

func integer(key string, value int) any {
	return map[string]any{"key": key, "value": map[string]any{"intValue": strconv.Itoa(value)}}
}

func seconds(key string, d time.Duration) any {
	return map[string]any{"key": key, "value": map[string]any{"doubleValue": d.Seconds()}}
}
