// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
)

// The demo is the first thing that people run: it must show every service that it sends spans of, with
// nothing missing, and leave nothing running.
func TestDemoShowsEveryService(t *testing.T) {
	freePorts(t)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var out strings.Builder
	err := run(ctx, settings{binary: harness.Binary(t), rate: 200, rounds: 2, once: true}, &out)
	t.Logf("\n%s", &out)
	require.NoError(t, err)
	for _, service := range []string{"emit-otel-openai", "emit-openinference-openai", "emit-anthropic-sdk", "vllm-llama"} {
		assert.Contains(t, out.String(), service)
	}
	assert.Contains(t, out.String(), "The collector has stopped.")
	for _, port := range collector.Ports {
		assert.NoError(t, loopback.CheckFree(port.Address()))
	}
}

func TestDemoSaysWhatIsInItsWay(t *testing.T) {
	freePorts(t)
	var out strings.Builder

	t.Run("no binary", func(t *testing.T) {
		missing := filepath.Join(t.TempDir(), "otelcol-llm")
		err := run(context.Background(), settings{binary: missing, rate: 1, rounds: 1}, &out)
		assert.ErrorContains(t, err, missing)
		assert.ErrorContains(t, err, "make build")
	})

	t.Run("a port is taken", func(t *testing.T) {
		taken, err := net.Listen("tcp", collector.Prometheus.Address())
		require.NoError(t, err)
		defer taken.Close()
		err = run(context.Background(), settings{binary: harness.Binary(t), rate: 1, rounds: 1}, &out)
		assert.ErrorContains(t, err, collector.Prometheus.Address())
		assert.ErrorContains(t, err, collector.Prometheus.Env)
	})
}

func freePorts(t *testing.T) {
	t.Helper()
	free, release, err := loopback.Reserve(len(collector.Ports))
	require.NoError(t, err)
	t.Cleanup(release)
	for i, port := range collector.Ports {
		t.Setenv(port.Env, strconv.Itoa(free[i]))
	}
}
