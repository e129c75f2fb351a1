// SPDX-License-Identifier: Apache-2.0

package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// receiver keeps the spans that come by OTLP over HTTP.
type receiver struct {
	mu     sync.Mutex
	traces ptrace.Traces
}

// begin forgets all spans.
func (s *receiver) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traces = ptrace.NewTraces()
}

// end returns the spans since.
func (s *receiver) end() ptrace.Traces {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.traces
}

func (s *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = unzipped
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	request := ptraceotlp.NewExportRequest()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		err = request.UnmarshalJSON(raw)
	} else {
		err = request.UnmarshalProto(raw)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Traces().ResourceSpans().MoveAndAppendTo(s.traces.ResourceSpans())
}
