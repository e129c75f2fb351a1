// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/database"
)

// Database is a database on a port and in a folder of its own.
type Database struct {
	*database.Server
	t testing.TB
}

// StartDatabase runs a database that scrapes the targets, host:port, and waits until it is ready.
func StartDatabase(t testing.TB, targets ...string) *Database {
	t.Helper()
	binary := os.Getenv("VICTORIA_METRICS_BINARY")
	if binary == "" {
		t.Fatal("VICTORIA_METRICS_BINARY is not set: it must hold the path of the database, which 'make test' builds")
	}
	ports, release, err := loopback.Reserve(1)
	require.NoError(t, err)
	t.Cleanup(release)
	server, err := database.Start(database.Settings{
		Binary: binary, Folder: t.TempDir(), Port: ports[0],
		Jobs: []database.Job{{Name: "otelcol-llm", Targets: database.Targets(targets...)}},
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		server.Stop()
		if t.Failed() {
			t.Logf("the database's log:\n%s", server.Log())
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	require.NoError(t, server.Ready(ctx))
	return &Database{Server: server, t: t}
}

// Samples answers what a query yields now.
func (d *Database) Samples(query string) []database.Sample {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	samples, err := d.Query(ctx, query)
	require.NoError(d.t, err, query)
	return samples
}

// Value answers the one value that a query yields now; without any it is 0.
func (d *Database) Value(query string) float64 {
	d.t.Helper()
	samples := d.Samples(query)
	if len(samples) == 0 {
		return 0
	}
	require.Len(d.t, samples, 1, query)
	return samples[0].Value
}

// WaitForValue asks until a query yields a value. One that it never yields fails the test with the last one.
func (d *Database) WaitForValue(query string, want float64) {
	d.t.Helper()
	var last float64
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if last = d.Value(query); last == want {
			return
		}
	}
	require.Equal(d.t, want, last, query)
}
