// SPDX-License-Identifier: Apache-2.0

// Package harness gives a test a running collector, a backend behind it and senders in front of it. All of them end with the
// test.
package harness

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// Patience bounds each wait for the collector. It is long because a test machine may be busy.
const Patience = 30 * time.Second

// Binary answers the path of the collector under test.
func Binary(t testing.TB) string {
	t.Helper()
	path := os.Getenv("OTELCOL_LLM_BINARY")
	if path == "" {
		t.Fatal("OTELCOL_LLM_BINARY is not set: it must hold the path of the collector, which 'make build' makes")
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("OTELCOL_LLM_BINARY: %v: 'make build' makes it", err)
	}
	return path
}

// DefaultConfig answers the path of the config that people start with.
func DefaultConfig(t testing.TB) string {
	t.Helper()
	path, err := repo.Path("config.yaml")
	require.NoError(t, err)
	return path
}

// Collector is a collector on ports of its own.
type Collector struct {
	*collector.Process
	t        testing.TB
	settings collector.Settings
	ports    map[collector.Port]int
}

// Start runs the collector and waits until it is ready. The configs are files, later ones override. They find the ports in the
// variables of collector.Ports and what else env holds, as KEY=value.
func Start(t testing.TB, env []string, configs ...string) *Collector {
	t.Helper()
	return StartWith(t, nil, env, configs...)
}

// StartWith is Start with further flags.
func StartWith(t testing.TB, flags, env []string, configs ...string) *Collector {
	t.Helper()
	c := &Collector{t: t, settings: collector.Settings{Binary: Binary(t), Configs: configs, Flags: flags, Env: env}}
	c.ports, c.settings.Env = c.assignPorts(env)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the collector's log ends:\n%s", c.Tail())
		}
	})
	c.StartAgain()
	return c
}

func (c *Collector) assignPorts(env []string) (map[collector.Port]int, []string) {
	free, release, err := loopback.Reserve(len(collector.Ports))
	require.NoError(c.t, err)
	c.t.Cleanup(release)
	ports := map[collector.Port]int{}
	for i, port := range collector.Ports {
		ports[port] = free[i]
		env = append(env, port.Env+"="+strconv.Itoa(free[i]))
	}
	return ports, env
}

// StartAgain runs another process with the same config and ports after the last one has ended.
func (c *Collector) StartAgain() {
	c.t.Helper()
	process, err := collector.Start(c.settings)
	require.NoError(c.t, err)
	c.t.Cleanup(process.Kill)
	c.Process = process
	require.NoError(c.t, process.Ready(c.context()))
}

// MustReload makes the collector read its config again.
func (c *Collector) MustReload() {
	c.t.Helper()
	require.NoError(c.t, c.Reload(c.context()))
}

// MustStop ends the collector and requires that it ends well.
func (c *Collector) MustStop() {
	c.t.Helper()
	code, err := c.Stop(c.context())
	require.NoError(c.t, err)
	require.Zero(c.t, code, "exit code")
}

// Address is where the collector listens for one use.
func (c *Collector) Address(port collector.Port) string {
	return fmt.Sprintf("127.0.0.1:%d", c.ports[port])
}

// Metrics reads what the collector exposes on one of its ports.
func (c *Collector) Metrics(port collector.Port) (promtext.Metrics, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	return promtext.Get(ctx, "http://"+c.Address(port)+"/metrics")
}

// WaitForSum reads one of the ports until the sum of a counter is as wanted, and answers that reading. A sum
// that never is fails the test with the last one.
func (c *Collector) WaitForSum(port collector.Port, name string, where promtext.Labels, want float64) promtext.Metrics {
	c.t.Helper()
	var last promtext.Metrics
	var err error
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if last, err = c.Metrics(port); err == nil && last.Sum(name, where) == want {
			return last
		}
	}
	require.NoError(c.t, err)
	require.Equal(c.t, want, last.Sum(name, where), "sum of %s%v", name, where)
	return nil
}

// context bounds one step of the test. It is not that of the test, which ends before the cleanup does.
func (c *Collector) context() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	c.t.Cleanup(cancel)
	return ctx
}
