// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"io"
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
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/demo"
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

// start returns the demo as a process in a group of its own, and what it prints.
func start(t *testing.T, args ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-binary", harness.Binary(t), "-database", os.Getenv("VICTORIA_METRICS_BINARY")}, args...)...)
	cmd.Env = append(os.Environ(), asDemo+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	deadline := time.AfterFunc(3*time.Minute, func() { _ = cmd.Process.Kill() })
	t.Cleanup(func() { deadline.Stop() })
	return cmd, bufio.NewScanner(out)
}

// Ctrl-C reaches all processes of a terminal's group at once. It is how people end the demo, so it is no error.
func TestCtrlCEndsTheDemoWell(t *testing.T) {
	freePorts(t)
	cmd, lines := start(t)
	var text strings.Builder
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "Open this page:") {
			require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
		}
	}
	assert.NoError(t, cmd.Wait(), "exit code")
	assert.Contains(t, text.String(), "have stopped.")
	assertNothingRuns(t)
}

// The demo is the first thing that people run. It counts each request that it simulates, in every layer, and leaves nothing
// running.
func TestTheDemoCountsEachRequest(t *testing.T) {
	freePorts(t)
	cmd, lines := start(t, "-for", "20s", "-cycle", "20s", "-rate", "2")
	var text strings.Builder
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
	}
	t.Logf("\n%s", &text)
	require.NoError(t, cmd.Wait(), "exit code")
	for _, want := range []string{
		"(client)", "(gateway)", "(server)", "claude-sonnet-4-5", "/vmui/", "So are the GPUs", "have stopped.",
	} {
		assert.Contains(t, text.String(), want)
	}
	assertNothingRuns(t)
}

func TestDemoSaysWhatIsInItsWay(t *testing.T) {
	freePorts(t)
	with := settings{binary: harness.Binary(t), database: os.Getenv("VICTORIA_METRICS_BINARY"), rate: 1, duration: time.Second, cycle: time.Second}

	t.Run("no binary", func(t *testing.T) {
		s := with
		s.binary = filepath.Join(t.TempDir(), "otelcol-llm")
		err := run(context.Background(), s, io.Discard)
		assert.ErrorContains(t, err, s.binary)
		assert.ErrorContains(t, err, "make build")
	})

	t.Run("a port is taken", func(t *testing.T) {
		for _, port := range demo.Ports() {
			taken, err := net.Listen("tcp", port.Address())
			require.NoError(t, err)
			err = run(context.Background(), with, io.Discard)
			taken.Close()
			assert.ErrorContains(t, err, port.Address())
			assert.ErrorContains(t, err, port.Env)
		}
	})
}

func assertNothingRuns(t *testing.T) {
	t.Helper()
	for _, port := range demo.Ports() {
		assert.NoError(t, loopback.CheckFree(port.Address()))
	}
}

func freePorts(t *testing.T) {
	t.Helper()
	free, release, err := loopback.Reserve(len(demo.Ports()))
	require.NoError(t, err)
	t.Cleanup(release)
	for i, port := range demo.Ports() {
		t.Setenv(port.Env, strconv.Itoa(free[i]))
	}
}
