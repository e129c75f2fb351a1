// SPDX-License-Identifier: Apache-2.0

package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestContainerOfControlGroups(t *testing.T) {
	for text, want := range map[string][2]string{
		"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6f1d2c3a_0b1c_4d2e_8f3a_112233445566.slice/cri-containerd-" + id + ".scope\n": {id, "6f1d2c3a-0b1c-4d2e-8f3a-112233445566"},
		"12:memory:/kubepods/besteffort/pod6f1d2c3a-0b1c-4d2e-8f3a-112233445566/" + id + "\n1:name=systemd:/x\n":                                         {id, "6f1d2c3a-0b1c-4d2e-8f3a-112233445566"},
		"0::/kubepods.slice/kubepods-pod6f1d2c3a_0b1c_4d2e_8f3a_112233445566.slice/crio-" + id + ".scope/container\n":                                    {id, "6f1d2c3a-0b1c-4d2e-8f3a-112233445566"},
		"0::/system.slice/docker-" + id + ".scope\n":       {id, ""},
		"11:cpu:/docker/" + id + "\n":                      {id, ""},
		"0::/machine.slice/libpod-" + id + ".scope\n":      {id, ""},
		"0::/user.slice/user-1000.slice/session-1.scope\n": {"", ""},
		"0::/\n": {"", ""}, "": {"", ""}, "garbage": {"", ""}, "0::/../../" + strings.Repeat("a", 9000): {"", ""},
	} {
		container, pod := Container(text)
		assert.Equal(t, want, [2]string{container, pod}, text)
	}
}

func FuzzContainer(f *testing.F) {
	f.Add("0::/kubepods.slice/kubepods-pod6f1d2c3a_0b1c_4d2e_8f3a_112233445566.slice/crio-" + id + ".scope")
	f.Fuzz(func(t *testing.T, text string) {
		container, pod := Container(text)
		assert.LessOrEqual(t, len(container), 64)
		assert.LessOrEqual(t, len(pod), 36)
	})
}

func TestServiceOfAnEnvironment(t *testing.T) {
	for text, want := range map[string]string{
		"PATH=/bin\x00OTEL_SERVICE_NAME=chat\x00TOKEN=SECRET\x00":                              "chat",
		"OTEL_RESOURCE_ATTRIBUTES=deployment.environment=prod, service.name=chat,x=SECRET\x00": "chat",
		"OTEL_RESOURCE_ATTRIBUTES=service.name=other\x00OTEL_SERVICE_NAME=chat\x00":            "chat",
		"OTEL_SERVICE_NAME=\x00OTEL_RESOURCE_ATTRIBUTES=service.name=chat":                     "chat",
		"MY_OTEL_SERVICE_NAME=SECRET\x00X=OTEL_SERVICE_NAME=SECRET\x00":                        "",
		"OTEL_SERVICE_NAME=" + strings.Repeat("x", 10000):                                      "",
		"": "",
	} {
		assert.Equal(t, want, Service([]byte(text)), text)
	}
}

// tree is a /proc of a test.
type tree struct {
	t    *testing.T
	root string
}

func (p tree) process(pid, parent int, start uint64, group string, arguments ...string) {
	p.t.Helper()
	dir := filepath.Join(p.root, "proc", fmt.Sprint(pid))
	require.NoError(p.t, os.MkdirAll(dir, 0o755))
	fields := []string{"S", fmt.Sprint(parent), fmt.Sprint(pid), fmt.Sprint(pid)}
	for len(fields) < 19 {
		fields = append(fields, "0")
	}
	fields = append(fields, fmt.Sprint(start), "0")
	for name, content := range map[string]string{
		"stat": fmt.Sprintf("%d (py (t) hon) %s\n", pid, strings.Join(fields, " ")), "cgroup": group,
		"cmdline": strings.Join(arguments, "\x00") + "\x00", "environ": "TOKEN=SECRET\x00OTEL_SERVICE_NAME=chat\x00",
	} {
		require.NoError(p.t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
}

func TestWorkersFollowTheirLeader(t *testing.T) {
	p := tree{t, t.TempDir()}
	group := "0::/system.slice/docker-" + id + ".scope\n"
	p.process(10, 1, 1, group, "/usr/bin/python3", "/usr/local/bin/vllm", "serve", "org/model", "--api-key", "SECRET")
	p.process(11, 10, 2, group, "VLLM::EngineCore")
	p.process(12, 11, 3, group, "VLLM::Worker_TP0")
	p.process(20, 1, 4, "0::/", "bash")
	p.process(21, 20, 5, "0::/", "torchrun", "train.py")
	p.process(22, 21, 6, "0::/", "python", "train.py", "SECRET")
	p.process(30, 10, 7, "0::/", "VLLM::Worker_TP0") // in another container
	// Forks that have not named themselves yet, and a worker of theirs.
	p.process(40, 20, 8, "0::/", "python3", "/usr/bin/vllm", "serve", "m")
	p.process(41, 40, 9, "0::/", "python3", "/usr/bin/vllm", "serve", "m")
	p.process(42, 41, 10, "0::/", "VLLM::Worker_TP1")
	h := Host{Root: p.root, Engines: Engines}
	h.NextRound()
	worker, ok := h.Process(12)
	require.True(t, ok)
	assert.Equal(t, Process{PID: 12, Name: "py (t) hon", Identity: Identity{Engine: "vllm", Model: "org/model"}, Leader: 10, ContainerID: id}, worker)
	trained, _ := h.Process(22)
	assert.Equal(t, "torchrun", trained.Identity.Engine)
	assert.Equal(t, 21, trained.Leader)
	other, _ := h.Process(30)
	assert.Equal(t, Identity{Engine: "vllm"}, other.Identity, "a parent in another container is not its leader")
	for _, pid := range []int{40, 41, 42} {
		fork, _ := h.Process(pid)
		assert.Equal(t, 40, fork.Leader, pid)
		assert.Equal(t, "m", fork.Identity.Model)
	}
	shell, _ := h.Process(20)
	assert.Zero(t, shell.Leader)

	h.Environment = true
	h.NextRound()
	worker, _ = h.Process(12)
	assert.Equal(t, Identity{Engine: "vllm", Model: "org/model", Service: "chat"}, worker.Identity)
}

// A number is given again to another process; a process takes another program later; one ends.
func TestProcessesComeAndGo(t *testing.T) {
	p := tree{t, t.TempDir()}
	var failed []string
	h := Host{Root: p.root, Engines: Engines, Failed: func(kind string) { failed = append(failed, kind) }}
	p.process(10, 1, 1, "0::/", "bash", "start.sh")
	h.NextRound()
	first, _ := h.Process(10)
	assert.Empty(t, first.Identity.Engine)
	p.process(10, 1, 1, "0::/", "vllm", "serve", "a")
	h.NextRound()
	second, _ := h.Process(10)
	assert.Equal(t, "a", second.Identity.Model)
	p.process(10, 1, 2, "0::/", "sglang", "serve", "--model-path", "b")
	h.NextRound()
	third, _ := h.Process(10)
	assert.Equal(t, Identity{Engine: "sglang", Model: "b", Service: "sglang"}, third.Identity)
	require.NoError(t, os.RemoveAll(filepath.Join(p.root, "proc", "10")))
	h.NextRound()
	_, ok := h.Process(10)
	assert.False(t, ok)
	assert.Equal(t, []string{ErrGone}, failed)
	h.NextRound()
	h.NextRound()
	assert.Empty(t, h.known)
}

// A launcher's worker may become an engine's later, and a control group may be readable later.
func TestWhatIsUnsettledIsReadAgain(t *testing.T) {
	p := tree{t, t.TempDir()}
	h := Host{Root: p.root, Engines: Engines}
	group := "0::/system.slice/docker-" + id + ".scope\n"
	p.process(10, 1, 1, "", "ray::IDLE")
	p.process(11, 1, 1, "", "vllm", "serve", "m")
	require.NoError(t, os.Remove(filepath.Join(p.root, "proc", "11", "cgroup")))
	h.NextRound()
	worker, _ := h.Process(10)
	assert.Equal(t, "ray", worker.Identity.Engine)
	h.Process(11)
	p.process(10, 1, 1, group, "ray::RayWorkerWrapper.execute_method")
	p.process(11, 1, 1, group, "vllm", "serve", "m")
	h.NextRound()
	worker, _ = h.Process(10)
	assert.Equal(t, "vllm", worker.Identity.Engine)
	engine, _ := h.Process(11)
	assert.Equal(t, id, engine.ContainerID)
}

// Files that are closed, empty or garbage are counted, and the rest is returned all the same.
func TestFilesThatCannotBeRead(t *testing.T) {
	p := tree{t, t.TempDir()}
	counted := map[string]int{}
	h := Host{Root: p.root, Engines: Engines, Failed: func(kind string) { counted[kind]++ }}
	p.process(10, 1, 1, "0::/", "vllm", "serve", "a")
	require.NoError(t, os.Remove(filepath.Join(p.root, "proc", "10", "cgroup")))
	require.NoError(t, os.Mkdir(filepath.Join(p.root, "proc", "10", "cgroup"), 0o755))
	h.NextRound()
	read, ok := h.Process(10)
	assert.True(t, ok)
	assert.Equal(t, "a", read.Identity.Model)
	assert.Equal(t, 1, counted[ErrUnreadable])
	for _, garbage := range []string{"", ")", "10 (x", "10 (x) S", strings.Repeat("x", 1<<20)} {
		require.NoError(t, os.WriteFile(filepath.Join(p.root, "proc", "10", "stat"), []byte(garbage), 0o600))
		h.NextRound()
		_, ok := h.Process(10)
		assert.False(t, ok, garbage[:min(len(garbage), 10)])
	}
}

// A real process of this machine, with its real control group.
func TestRealProcess(t *testing.T) {
	sleep, err := exec.LookPath("sleep")
	require.NoError(t, err)
	cmd := &exec.Cmd{Path: sleep, Args: []string{"/app/llama-server", "60"}, Env: []string{"TOKEN=SECRET", "OTEL_SERVICE_NAME=chat"}}
	require.NoError(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	h := Host{Root: "/", Engines: Engines, Environment: true}
	require.Eventually(t, func() bool {
		h.NextRound()
		p, ok := h.Process(cmd.Process.Pid)
		return ok && p.Identity == Identity{Engine: "llama.cpp", Service: "chat"}
	}, timeout, tick)
	p, _ := h.Process(cmd.Process.Pid)
	assert.Equal(t, cmd.Process.Pid, p.Leader)
	assert.NotEmpty(t, p.Name)
}

const timeout, tick = 10 * time.Second, 10 * time.Millisecond
