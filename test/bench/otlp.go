// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	_ "github.com/mostynb/go-grpc-compression/nonclobbering/snappy" // as the collector's exporters have it
	_ "github.com/mostynb/go-grpc-compression/nonclobbering/zstd"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/mem"

	"github.com/otelcol-llm/otelcol-llm/internal/tracetest"
)

// message is an encoded OTLP request, or an answer.
type message []byte

// asIs is a codec that sends and takes messages as they are. So a sender spends its time on sending.
type asIs struct{}

func (asIs) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*message))}, nil
}

func (asIs) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*message) = data.Materialize()
	return nil
}

func (asIs) Name() string { return "proto" }

// encodedBatch is an OTLP request whose trace ids can be changed in place.
type encodedBatch struct {
	request message
	ids     []int // the offsets of the trace ids
}

// encode returns the batch in the form in which it is sent.
func encode(traces ptrace.Traces) (encodedBatch, error) {
	request, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	if err != nil {
		return encodedBatch{}, err
	}
	b := encodedBatch{request: request}
	first := traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).TraceID()
	// A span begins with its trace id: the tag, the length, the id. The first half of the id is all spans'.
	begin := append([]byte{0x0a, 16}, first[:8]...)
	for at := 0; ; {
		next := bytes.Index(request[at:], begin)
		if next < 0 {
			break
		}
		at += next + len(begin)
		b.ids = append(b.ids, at)
	}
	if len(b.ids) != traces.SpanCount() {
		return b, fmt.Errorf("found %d trace ids of %d spans", len(b.ids), traces.SpanCount())
	}
	return b, nil
}

// renew gives the spans the trace ids from a number on.
func (b *encodedBatch) renew(from uint64) {
	for i, at := range b.ids {
		binary.BigEndian.PutUint64(b.request[at:], tracetest.Scatter(from+uint64(i)))
	}
}

// sender sends requests to a collector, one after the other.
type sender struct{ connection *grpc.ClientConn }

func newSender(address, compression string) (sender, error) {
	options := []grpc.CallOption{grpc.ForceCodecV2(asIs{})}
	if compression != "" {
		options = append(options, grpc.UseCompressor(compression))
	}
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(options...))
	return sender{c}, err
}

// send returns once the collector has accepted all of the request.
func (s sender) send(request message) error {
	var answer message
	err := s.connection.Invoke(context.Background(),
		"/opentelemetry.proto.collector.trace.v1.TraceService/Export", &request, &answer)
	if err != nil {
		return err
	}
	response := ptraceotlp.NewExportResponse()
	if err := response.UnmarshalProto(answer); err != nil {
		return err
	}
	if n := response.PartialSuccess().RejectedSpans(); n > 0 {
		return fmt.Errorf("the collector rejected %d spans", n)
	}
	return nil
}
