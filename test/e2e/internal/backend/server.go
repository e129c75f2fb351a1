// SPDX-License-Identifier: Apache-2.0

// Package backend is an OTLP server that records what it is sent and refuses, fails or blocks on request.
package backend

import (
	"context"
	"errors"
	"net"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // which exporters use by default

	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/capture"
)

// SpanID identifies a span among all traces.
type SpanID struct {
	Trace pcommon.TraceID
	Span  pcommon.SpanID
}

// Server receives traces and metrics over gRPC.
type Server struct {
	listener net.Listener
	server   *grpc.Server

	mu                 sync.Mutex
	spans              map[SpanID]int // how often each span was accepted
	metrics            []pmetric.Metrics
	onSpans, onMetrics answerer
}

// Start listens on a loopback port.
func Start() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{
		listener: listener,
		server:   grpc.NewServer(),
		spans:    map[SpanID]int{},
	}
	ptraceotlp.RegisterGRPCServer(s.server, &traceService{Server: s})
	pmetricotlp.RegisterGRPCServer(s.server, &metricsService{Server: s})
	go func() {
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			panic(err) // the listener is ours alone: nothing but a bug closes it
		}
	}()
	return s, nil
}

// Endpoint is host:port.
func (s *Server) Endpoint() string { return s.listener.Addr().String() }

// Stop closes the server without waiting for its clients.
func (s *Server) Stop() { s.server.Stop() }

// AnswerSpans decides what each later batch of spans is answered.
func (s *Server) AnswerSpans(a Answer) { s.onSpans.set(a) }

// AnswerMetrics decides what each later batch of metrics is answered.
func (s *Server) AnswerMetrics(a Answer) { s.onMetrics.set(a) }

// Spans returns how often each span was accepted.
func (s *Server) Spans() map[SpanID]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	spans := make(map[SpanID]int, len(s.spans))
	for id, times := range s.spans {
		spans[id] = times
	}
	return spans
}

// Metrics are the accepted batches, in the order of their arrival.
func (s *Server) Metrics() []pmetric.Metrics {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]pmetric.Metrics(nil), s.metrics...)
}

type traceService struct {
	ptraceotlp.UnimplementedGRPCServer
	*Server
}

func (s *traceService) Export(ctx context.Context, request ptraceotlp.ExportRequest) (ptraceotlp.ExportResponse, error) {
	response := ptraceotlp.NewExportResponse()
	if err := s.onSpans.answer(ctx); err != nil {
		return response, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for span := range capture.Spans(request.Traces()) {
		s.spans[SpanID{Trace: span.TraceID(), Span: span.SpanID()}]++
	}
	return response, nil
}

type metricsService struct {
	pmetricotlp.UnimplementedGRPCServer
	*Server
}

func (s *metricsService) Export(ctx context.Context, request pmetricotlp.ExportRequest) (pmetricotlp.ExportResponse, error) {
	response := pmetricotlp.NewExportResponse()
	if err := s.onMetrics.answer(ctx); err != nil {
		return response, err
	}
	// The request is not valid after the call.
	kept := pmetric.NewMetrics()
	request.Metrics().CopyTo(kept)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.metrics = append(s.metrics, kept)
	return response, nil
}
