// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
)

// asDemo makes the test's own binary the demo, for tests that need it as a process.
const asDemo = "TEST_AS_DEMO"

func TestMain(m *testing.M) {
	if os.Getenv(asDemo) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// Ctrl-C reaches all processes of a terminal's group at once. It is how people end the demo, so it is no error.
func TestCtrlCEndsTheDemoWell(t *testing.T) {
	freePorts(t)
	cmd := exec.Command(os.Args[0], "-binary", harness.Binary(t), "-rate", "50")
	cmd.Env = append(os.Environ(), asDemo+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	deadline := time.AfterFunc(harness.Patience, func() { _ = cmd.Process.Kill() })
	defer deadline.Stop()

	var text strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "Sent ") {
			require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
		}
	}
	assert.NoError(t, cmd.Wait(), "exit code")
	assert.Contains(t, text.String(), "The collector has stopped.")
}

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
