// SPDX-License-Identifier: Apache-2.0

package simengine

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Handler serves POST /v1/chat/completions and /v1/completions (streamed or whole), GET /v1/models, /health, /version and
// /metrics.
func (e *Engine) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		e.writePage(w)
	})
	mux.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"version": "0.0.0+simulated"})
	})
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"object": "list", "data": []any{map[string]any{
			"id": e.config.Model, "object": "model", "owned_by": e.config.Kind, "root": e.config.Model, "parent": nil,
			"max_model_len": e.config.Blocks * e.config.BlockSize,
		}}})
	})
	mux.HandleFunc("POST /v1/chat/completions", e.complete)
	mux.HandleFunc("POST /v1/completions", e.complete)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if time.Since(e.started) < e.config.Loading {
			http.Error(w, `{"error":"Loading model"}`, http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// call is what is read of a request's body.
type call struct {
	Model    string `json:"model"`
	Prompt   string `json:"prompt"`
	Messages []struct {
		Content string `json:"content"`
	} `json:"messages"`
	MaxTokens           int  `json:"max_tokens"`
	MaxCompletionTokens int  `json:"max_completion_tokens"`
	Stream              bool `json:"stream"`
}

func (e *Engine) complete(w http.ResponseWriter, r *http.Request) {
	var c call
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&c); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if c.Model != "" && c.Model != e.config.Model {
		http.Error(w, fmt.Sprintf(`{"error":{"message":"The model %q does not exist.","code":404}}`, c.Model), http.StatusNotFound)
		return
	}
	prompt := c.Prompt
	for _, m := range c.Messages {
		prompt += " " + m.Content
	}
	chat := strings.HasSuffix(r.URL.Path, "/chat/completions")
	q := e.submit(r.Context(), prompt, max(c.MaxTokens, c.MaxCompletionTokens))
	id := "cmpl-" + strconv.FormatInt(q.arrived.UnixNano(), 36)
	generated := 0
	var flush func()
	if c.Stream {
		w.Header().Set("Content-Type", "text/event-stream")
		flush = func() { _ = http.NewResponseController(w).Flush() }
		flush()
	}
	for range q.tokens {
		generated++
		if c.Stream {
			fmt.Fprintf(w, "data: %s\n\n", marshal(e.answer(id, chat, true, "token ", "", nil)))
			flush()
		}
	}
	if r.Context().Err() != nil {
		return
	}
	if q.failed {
		http.Error(w, `{"error":{"message":"The request is longer than the KV cache.","code":400}}`, http.StatusBadRequest)
		return
	}
	usage := map[string]any{
		"prompt_tokens": len(q.prompt), "completion_tokens": generated, "total_tokens": len(q.prompt) + generated,
		"prompt_tokens_details": map[string]any{"cached_tokens": q.cached},
	}
	if c.Stream {
		fmt.Fprintf(w, "data: %s\n\ndata: [DONE]\n\n", marshal(e.answer(id, chat, true, "", q.reason, usage)))
	} else {
		reply(w, e.answer(id, chat, false, strings.Repeat("token ", generated), q.reason, usage))
	}
	e.export(r, id, q)
}

func (e *Engine) answer(id string, chat, chunk bool, text, reason string, usage map[string]any) map[string]any {
	choice := map[string]any{"index": 0, "finish_reason": nil}
	if reason != "" {
		choice["finish_reason"] = reason
	}
	object := "text_completion"
	switch {
	case chat && chunk:
		object = "chat.completion.chunk"
		choice["delta"] = map[string]any{"content": text}
	case chat:
		object = "chat.completion"
		choice["message"] = map[string]any{"role": "assistant", "content": text}
	default:
		choice["text"] = text
	}
	answer := map[string]any{"id": id, "object": object, "model": e.config.Model, "choices": []any{choice}}
	if usage != nil {
		answer["usage"] = usage
	}
	return answer
}

func reply(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(marshal(value)) // the caller may have gone
}
