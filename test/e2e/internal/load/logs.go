// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// SendLogs hands batches of log records to an OTLP endpoint host:port over gRPC.
func SendLogs(ctx context.Context, endpoint string, batches ...plog.Logs) error {
	conn, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	client := plogotlp.NewGRPCClient(conn)
	for _, batch := range batches {
		if _, err := client.Export(ctx, plogotlp.NewExportRequestFromLogs(batch)); err != nil {
			return err
		}
	}
	return nil
}
