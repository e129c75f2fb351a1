// SPDX-License-Identifier: Apache-2.0

// Package load sends spans to a collector over OTLP, at a steady rate and again where it was refused.
package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
)

// Sender hands one batch to a collector. Without an error the collector has accepted it.
type Sender interface {
	Send(ctx context.Context, batch ptrace.Traces) error
	Close() error
}

type grpcSender struct {
	conn   *grpc.ClientConn
	client ptraceotlp.GRPCClient
}

// reconnect makes a sender come back as soon as the collector does. By default it would wait for seconds, in
// which a collector that restarts would be under no load.
var reconnect = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 10 * time.Millisecond, Multiplier: 1.5, Jitter: 0.2, MaxDelay: 100 * time.Millisecond},
	MinConnectTimeout: time.Second,
}

// GRPC sends to an OTLP endpoint host:port over gRPC.
func GRPC(endpoint string) (Sender, error) {
	conn, err := grpc.NewClient(endpoint,
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithConnectParams(reconnect))
	if err != nil {
		return nil, err
	}
	return &grpcSender{conn: conn, client: ptraceotlp.NewGRPCClient(conn)}, nil
}

func (s *grpcSender) Send(ctx context.Context, batch ptrace.Traces) error {
	response, err := s.client.Export(ctx, ptraceotlp.NewExportRequestFromTraces(batch))
	if err != nil {
		return err
	}
	return rejected(response)
}

func (s *grpcSender) Close() error { return s.conn.Close() }

type httpSender struct{ url string }

// HTTP sends to an OTLP endpoint host:port over HTTP, as protobuf.
func HTTP(endpoint string) Sender {
	return httpSender{url: "http://" + endpoint + "/v1/traces"}
}

func (s httpSender) Send(ctx context.Context, batch ptrace.Traces) error {
	body, err := ptraceotlp.NewExportRequestFromTraces(batch).MarshalProto()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s: %q", s.url, answer.Status, body)
	}
	response := ptraceotlp.NewExportResponse()
	if err := response.UnmarshalProto(body); err != nil {
		return err
	}
	return rejected(response)
}

func (httpSender) Close() error { return nil }

func rejected(response ptraceotlp.ExportResponse) error {
	partial := response.PartialSuccess()
	if partial.RejectedSpans() == 0 {
		return nil
	}
	return fmt.Errorf("the collector rejected %d spans: %s", partial.RejectedSpans(), partial.ErrorMessage())
}
