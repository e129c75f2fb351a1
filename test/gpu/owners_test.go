// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// secret is what must never leave the machine.
const secret = "SECRET-MARKER"

// show makes a process of this machine one of the fake host.
func show(t *testing.T, driver *fakenvml.Driver, pid int) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Join(driver.Root, "proc"), 0o755))
	require.NoError(t, os.Symlink(fmt.Sprintf("/proc/%d", pid), filepath.Join(driver.Root, "proc", fmt.Sprint(pid))))
}

// engine runs a script as an interpreter would run an engine: its command line is that of the engine.
func engine(t *testing.T, driver *fakenvml.Driver, environment []string, name string, arguments ...string) (pid int) {
	t.Helper()
	script := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(script, []byte("while :; do sleep 600 & wait; done\n"), 0o755))
	cmd := exec.Command("sh", append([]string{script}, arguments...)...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "API_KEY=" + secret}, environment...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	show(t, driver, cmd.Process.Pid)
	return cmd.Process.Pid
}

func attributesOf(metrics pmetric.Metrics, metric, id string) []map[string]any {
	var all []map[string]any
	for _, p := range points(metrics, metric) {
		if have, _ := p.Attributes().Get("hw.id"); strings.HasSuffix(have.Str(), id) {
			all = append(all, p.Attributes().AsRaw())
		}
	}
	return all
}

// Real processes of this machine, with their real command lines and control groups: the engine's identity is on its own
// series and on those of the device that it alone uses, and nothing else of the command line or environment is anywhere.
func TestEnginesOwnTheirGPUs(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	named := []string{"OTEL_SERVICE_NAME=chat", "OTEL_RESOURCE_ATTRIBUTES=token=" + secret}
	vllm := engine(t, driver, named, "vllm", "serve", "org/model", "--api-key", secret, "--hf-token="+secret)
	llama := engine(t, driver, nil, "llama-server", "-m", "/models/q.gguf", "--alias", "qwen", "--api-key", secret)
	other := engine(t, driver, nil, "train.py", "--token", secret)
	lines := []string{
		fmt.Sprintf("0.process.0 %d 60000000000 -1 -1 90 50 3 4", vllm), fmt.Sprintf("1.process.0 %d 60000000000", vllm),
		fmt.Sprintf("2.process.0 %d 1000000000", llama), fmt.Sprintf("2.process.1 %d 2000000000", vllm),
		fmt.Sprintf("3.process.0 %d 5000000000", other), "4.process.0 999999999 -1", "5.memory.used 1000000", "5.samples.1 0",
	}
	driver.Set(lines...)
	c := start(t, driver, "    processes: {enabled: true, environment: true}\n")
	c.eventually("the processes are there", func() bool { return len(points(c.sink.last(), "nvidia.gpu.process.memory.usage")) == 5 })
	c.eventually("and what they use", func() bool { return len(points(c.sink.last(), "nvidia.gpu.process.utilization")) == 3 })
	metrics := c.sink.last()
	owned := attributesOf(metrics, "hw.power", "000")[0]
	for key, want := range map[string]any{"service.name": "chat", "llm.engine.name": "vllm", "gen_ai.request.model": "org/model"} {
		assert.Equal(t, want, owned[key], key)
	}
	for _, device := range []string{"002", "003", "004", "005"} {
		power := attributesOf(metrics, "hw.power", device)[0]
		assert.NotContains(t, power, "service.name", "of several, or of nobody that is known: %s", device)
		assert.NotContains(t, power, "llm.engine.name", device)
	}
	shared := attributesOf(metrics, "nvidia.gpu.process.memory.usage", "002")
	require.Len(t, shared, 2)
	assert.Equal(t, "vllm", shared[0]["llm.engine.name"])
	assert.Equal(t, map[string]any{
		"hw.id": "GPU-00000100-0000-4000-8000-000000000002", "hw.name": "0000:19:00.0", "hw.type": "gpu", "process.pid": int64(llama),
		"process.executable.name": "sh", "llm.engine.name": "llama.cpp", "gen_ai.request.model": "qwen",
	}, withoutContainer(shared[1]))
	use, _ := valueOf(metrics, "nvidia.gpu.process.utilization", "hw.gpu.task", "general")
	assert.InDelta(t, 0.9, use, 1e-9)
	c.eventually("idle time is told apart", func() bool {
		for _, p := range points(c.sink.last(), "nvidia.gpu.state.time") {
			id, _ := p.Attributes().Get("hw.id")
			state, _ := p.Attributes().Get("nvidia.gpu.state")
			if strings.HasSuffix(id.Str(), "005") && state.Str() == "idle_free" && p.DoubleValue() > 0.5 {
				return true
			}
		}
		return false
	})
	everything, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(c.sink.last())
	require.NoError(t, err)
	assert.NotContains(t, string(everything), secret)
	assert.NotContains(t, c.log.String(), secret)
	_, gone := c.selfMetric("otelcol_llm_gpu_owner_errors", `code="gone"`)
	assert.True(t, gone, "the process that there is not is counted")
}

func withoutContainer(attributes map[string]any) map[string]any {
	delete(attributes, "container.id") // of the machine that runs the test, if any
	delete(attributes, "k8s.pod.uid")
	return attributes
}

// Thousands of processes cost bounded time and make bounded series; the environment stays closed unless it is asked for.
func TestThousandsOfProcesses(t *testing.T) {
	driver := fakenvml.New(t, "h100")
	pid := engine(t, driver, []string{"OTEL_SERVICE_NAME=" + secret}, "vllm", "serve", "org/model")
	driver.Set("0.processes.many 3000 1000000", "1.processes.many 20000 1000000", fmt.Sprintf("2.process.0 %d 5000000000", pid))
	c := start(t, driver, "    processes: {enabled: true, max_per_device: 10}\n")
	c.eventually("all are counted", func() bool {
		have := attributesOf(c.sink.last(), "nvidia.gpu.processes", "000")
		return len(have) == 1 && len(attributesOf(c.sink.last(), "nvidia.gpu.process.memory.usage", "000")) == 11
	})
	for _, p := range points(c.sink.last(), "nvidia.gpu.processes") {
		if id, _ := p.Attributes().Get("hw.id"); strings.HasSuffix(id.Str(), "000") {
			assert.Equal(t, int64(3000), p.IntValue())
		} else if strings.HasSuffix(id.Str(), "001") {
			assert.Equal(t, int64(20000), p.IntValue(), "more than are looked at, and counted all the same")
		}
	}
	assert.Len(t, points(c.sink.last(), "hw.power"), 8)
	everything, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(c.sink.last())
	require.NoError(t, err)
	assert.NotContains(t, string(everything), secret)
	assert.True(t, c.tracesWork())
}
