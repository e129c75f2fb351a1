// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
)

// provider is a small stand-in for the interfaces of OpenAI, Anthropic, Gemini, Bedrock and Ollama. It answers as its case says,
// and keeps what it saw.
type provider struct {
	mu   sync.Mutex
	of   string
	seen []corpus.Seen
}

// begin makes the provider answer another case, and forget what it saw.
func (p *provider) begin(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of, p.seen = name, nil
}

// end returns what the provider saw of its case.
func (p *provider) end() []corpus.Seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// request is the part of all interfaces' requests that the answer depends on.
type request struct {
	Model  string `json:"model"`
	Stream bool   `json:"stream"`
	Input  any    `json:"input"`
}

var (
	geminiPath  = regexp.MustCompile(`/models/([^/:]+):(generateContent|streamGenerateContent)$`)
	bedrockPath = regexp.MustCompile(`^/model/([^/]+)/converse$`)
)

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var asked request
	_ = json.Unmarshal(body, &asked) // Other interfaces name the model in the path.
	p.mu.Lock()
	name := p.of
	p.mu.Unlock()
	api, ok := apiOf(r, &asked)
	if !ok {
		http.Error(w, `{"error":{"message":"no such interface","type":"invalid_request_error"}}`, http.StatusNotFound)
		return
	}
	seen := corpus.Seen{Endpoint: r.URL.Path, Model: asked.Model, Stream: asked.Stream, Status: http.StatusOK}
	defer func() {
		seen.Duration = time.Since(arrived).Seconds()
		p.mu.Lock()
		p.seen = append(p.seen, seen)
		p.mu.Unlock()
	}()
	switch name {
	case caseServerError, caseRateLimited:
		seen.Status = map[string]int{caseServerError: http.StatusInternalServerError, caseRateLimited: http.StatusTooManyRequests}[name]
		time.Sleep(betweenChunks)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(seen.Status)
		fmt.Fprint(w, api.failure(seen.Status))
		return
	}
	usage := &seen.Usage
	*usage = corpus.Usage{Input: inputTokens, Output: outputTokens}
	if name == caseCached {
		usage.CacheRead, usage.Reasoning = cachedTokens, reasoningTokens
		usage.Input += cachedTokens
		if api.writes {
			usage.Reasoning, usage.CacheWrite = 0, writtenTokens
			usage.Input += writtenTokens
		}
	}
	if api.embeddings {
		*usage = corpus.Usage{Input: inputTokens}
	}
	time.Sleep(firstTokenAfter)
	if !asked.Stream {
		time.Sleep(chunks * betweenChunks)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, api.whole(asked.Model, usage))
		return
	}
	w.Header().Set("Content-Type", api.streams)
	seen.FirstToken = time.Since(arrived).Seconds()
	parts := chunks
	if name == caseCancelled {
		parts = endless
	}
	for i := range parts {
		if name == caseDropped && i == chunks/2 {
			seen.Dropped = true
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, api.chunk(asked.Model, i))
		if err := http.NewResponseController(w).Flush(); err != nil || r.Context().Err() != nil {
			seen.Cancelled = true
			return
		}
		select {
		case <-r.Context().Done():
			seen.Cancelled = true
			return
		case <-time.After(betweenChunks):
		}
	}
	fmt.Fprint(w, api.last(asked.Model, usage))
}

// apiOf returns the interface of a request, and completes what its path says of it.
func apiOf(r *http.Request, asked *request) (*api, bool) {
	path := r.URL.Path
	switch {
	case strings.HasSuffix(path, "/chat/completions"):
		return &openAIChat, true
	case strings.HasSuffix(path, "/responses"):
		return &openAIResponses, true
	case strings.HasSuffix(path, "/embeddings"):
		return &openAIEmbeddings, true
	case strings.HasSuffix(path, "/v1/messages"):
		return &anthropic, true
	case strings.HasSuffix(path, "/api/chat"):
		return &ollama, true
	}
	if m := geminiPath.FindStringSubmatch(path); m != nil {
		asked.Model, asked.Stream = m[1], m[2] == "streamGenerateContent"
		return &gemini, true
	}
	if m := bedrockPath.FindStringSubmatch(path); m != nil {
		asked.Model = m[1]
		return &bedrock, true
	}
	return nil, false
}
