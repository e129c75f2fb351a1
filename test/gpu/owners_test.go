// SPDX-License-Identifier: Apache-2.0

package gpu

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"google.golang.org/grpc"
	api "k8s.io/kubelet/pkg/apis/podresources/v1"

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

// Real processes of this machine, with their real command lines and control groups. The engine's identity is on its own series
// and on those of the device that it alone uses. Nothing else of the command line or environment is anywhere.
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
	c.eventually("idle time is split by state", func() bool {
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

// kubelet answers as a kubelet does, or not.
type kubelet struct {
	api.UnimplementedPodResourcesListerServer
	mu     sync.Mutex
	answer *api.ListPodResourcesResponse
	hangs  bool
}

func (k *kubelet) List(ctx context.Context, _ *api.ListPodResourcesRequest) (*api.ListPodResourcesResponse, error) {
	k.mu.Lock()
	answer, hangs := k.answer, k.hangs
	k.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return answer, nil
}

func (k *kubelet) set(answer *api.ListPodResourcesResponse, hangs bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.answer, k.hangs = answer, hangs
}

// serve starts a kubelet on a socket.
func serve(t *testing.T) (k *kubelet, socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "kubelet") //nolint:usetesting // a socket's path is short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket = filepath.Join(dir, "kubelet.sock")
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	server := grpc.NewServer()
	k = &kubelet{answer: &api.ListPodResourcesResponse{}}
	api.RegisterPodResourcesListerServer(server, k)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return k, socket
}

func pod(name, container, resource string, ids ...string) *api.PodResources {
	return &api.PodResources{Name: name, Namespace: "llm", Containers: []*api.ContainerResources{{
		Name: container, Devices: []*api.ContainerDevices{{ResourceName: resource, DeviceIds: ids}},
	}}}
}

func claim(name, container, device string) *api.PodResources {
	return &api.PodResources{Name: name, Namespace: "llm", Containers: []*api.ContainerResources{{
		Name: container, DynamicResources: []*api.DynamicResource{{
			ClaimName: "gpu", ClaimNamespace: "llm", ClaimResources: []*api.ClaimResource{{DriverName: "gpu.nvidia.com", PoolName: "node", DeviceName: device}},
		}},
	}}}
}

const uuidOf = "GPU-00000100-0000-4000-8000-00000000000"

// Pods have GPUs by each kind of name: plain, replicas, GKE's, claims, MIG. What one pod has for itself carries its name; what
// several share carries none, and is never copied to each.
func TestPodsOwnGPUs(t *testing.T) {
	k, socket := serve(t)
	driver := fakenvml.New(t, "h100")
	vllm := engine(t, driver, nil, "vllm", "serve", "org/model")
	lines := []string{
		"6.mode.mig 1 1", "6.mig.max 7",
		"6.mig.0 MIG-11111111-0000-4000-8000-000000000000 1 0 3g.40gb 9 0 42949672960 1073741824",
		"6.mig.1 MIG-22222222-0000-4000-8000-000000000000 7 0 1g.10gb 19 4 10737418240 5368709120",
		fmt.Sprintf("0.process.0 %d 60000000000", vllm),
	}
	driver.Set(lines...)
	k.set(&api.ListPodResourcesResponse{PodResources: []*api.PodResources{
		pod("chat-0", "engine", "nvidia.com/gpu", uuidOf+"0"),
		pod("share-a", "engine", "nvidia.com/gpu.shared", uuidOf+"1::0"), pod("share-b", "engine", "nvidia.com/gpu.shared", uuidOf+"1::3"),
		pod("gke-0", "engine", "nvidia.com/gpu", "nvidia2"), claim("dra-0", "engine", "gpu-3"),
		pod("mig-0", "engine", "nvidia.com/mig-3g.40gb", "MIG-11111111-0000-4000-8000-000000000000"), claim("mig-1", "engine", "gpu-6-mig-1g10gb-19-4"),
		pod("lost-0", "engine", "nvidia.com/gpu", "GPU-of-another-machine"), pod("net-0", "side", "rdma/hca", "mlx5_0"),
	}}, false)
	c := start(t, driver, "    processes: {enabled: true}\n    pods: {enabled: true, socket: "+socket+", timeout: 300ms}\n")
	c.eventually("allocations are there", func() bool { return len(points(c.sink.last(), "nvidia.gpu.allocation")) == 7 })
	metrics := c.sink.last()
	for device, want := range map[string]any{"000": "chat-0", "002": "gke-0", "003": "dra-0", "001": nil, "004": nil, "006": nil} {
		power := attributesOf(metrics, "hw.power", device)
		require.Len(t, power, 1)
		assert.Equal(t, want, power[0]["k8s.pod.name"], device)
	}
	chat := attributesOf(metrics, "hw.energy", "000")[0]
	assert.Equal(t, "llm", chat["k8s.namespace.name"])
	assert.Equal(t, "engine", chat["k8s.container.name"])
	assert.Equal(t, "vllm", chat["llm.engine.name"])
	assert.Equal(t, "org/model", chat["gen_ai.request.model"])
	for instance, want := range map[string]string{"MIG-11111111-0000-4000-8000-000000000000": "mig-0", "MIG-22222222-0000-4000-8000-000000000000": "mig-1"} {
		memory := attributesOf(metrics, "hw.gpu.memory.usage", instance)
		require.Len(t, memory, 1)
		assert.Equal(t, want, memory[0]["k8s.pod.name"])
		assert.Equal(t, uuidOf+"6", memory[0]["hw.parent"])
	}
	shared := attributesOf(metrics, "nvidia.gpu.allocation", "001")
	require.Len(t, shared, 2)
	assert.Equal(t, "shared", shared[0]["nvidia.gpu.allocation.sharing"])
	unresolved, _ := c.selfMetric("otelcol_llm_gpu_unattributed", `source="pods"`)
	assert.InDelta(t, 1, unresolved, 0)

	// An event says whose GPU it was.
	driver.Set(append(lines, "event.0 0 8 94")...)
	c.eventually("the event is logged", func() bool { return len(c.sink.records()) > 0 })
	record := c.sink.records()[0].Attributes().AsRaw()
	assert.Equal(t, "chat-0", record["k8s.pod.name"])
	assert.Equal(t, "org/model", record["gen_ai.request.model"])

	// A GPU that is lost is still the pod's.
	driver.Set("0.lost 15")
	c.eventually("it is failed", func() bool { return status(c, "0") == "failed" })
	failed := attributesOf(c.sink.last(), "hw.status", "000")
	assert.Equal(t, "chat-0", failed[0]["k8s.pod.name"])

	// A kubelet that hangs holds up neither metrics nor the answer that it gave before, which counts for a minute.
	driver.Set()
	k.set(nil, true)
	for range 3 {
		c.gpuMetrics()
	}
	assert.Equal(t, "gke-0", attributesOf(c.sink.last(), "hw.power", "002")[0]["k8s.pod.name"])
	c.eventually("the failure is counted", func() bool {
		count, ok := c.selfMetric("otelcol_llm_gpu_owner_errors", `code="deadline"`)
		return ok && count > 0
	})
	k.set(&api.ListPodResourcesResponse{}, false)
	c.eventually("the pods are gone", func() bool { return len(points(c.sink.last(), "nvidia.gpu.allocation")) == 0 })
	assert.True(t, c.logged("The kubelet lists the devices of pods again"))
}

// Without a kubelet the devices are read all the same, and the log says so once.
func TestWithoutKubelet(t *testing.T) {
	driver := fakenvml.New(t, "l4")
	c := start(t, driver, "    pods: {enabled: true, socket: "+filepath.Join(driver.Root, "none.sock")+"}\n")
	for range 3 {
		c.gpuMetrics()
	}
	c.eventually("it is counted", func() bool {
		count, ok := c.selfMetric("otelcol_llm_gpu_owner_errors", `code="absent"`)
		return ok && count > 2
	})
	assert.Equal(t, 1, strings.Count(c.log.String(), "The kubelet does not list the devices of pods"))
}

// Four MIG instances of different sizes have an owner each, and the whole has none. An instance that is made again has the same
// UUID and is another pod's. A GPU that is lost keeps the owners of its parts.
func TestPartsOfDifferentSizesHaveTheirOwners(t *testing.T) {
	k, socket := serve(t)
	driver := fakenvml.New(t, "h100")
	mig := func(i int) string { return fmt.Sprintf("MIG-%08d-0000-4000-8000-000000000000", i) }
	lines := []string{
		"count 1", "0.mode.mig 1 1", "0.mig.max 7",
		"0.mig.0 " + mig(0) + " 1 0 3g.40gb 9 4 42949672960 30000000000", "0.mig.1 " + mig(1) + " 5 0 2g.20gb 14 0 21474836480 20000000000",
		"0.mig.2 " + mig(2) + " 9 0 1g.10gb 19 2 10737418240 5000000000", "0.mig.3 " + mig(3) + " 11 0 1g.10gb+me 20 3 10737418240 1000000000",
	}
	driver.Set(lines...)
	give := func(pods ...string) {
		answer := &api.ListPodResourcesResponse{}
		for i, name := range pods {
			if name != "" {
				answer.PodResources = append(answer.PodResources, pod(name, "engine", "nvidia.com/mig", mig(i)))
			}
		}
		k.set(answer, false)
	}
	give("a-0", "b-0", "c-0", "d-0")
	c := start(t, driver, "    pods: {enabled: true, socket: "+socket+", timeout: 2s}\n")
	owned := func(want ...string) func() bool {
		return func() bool {
			metrics := c.sink.last()
			for i, name := range want {
				have := attributesOf(metrics, "hw.gpu.memory.limit", mig(i))
				if len(have) == 2 { // one of them ends the series of the owner before
					have = have[:1]
				}
				if len(have) != 1 || have[0]["k8s.pod.name"] != name {
					return false
				}
			}
			return true
		}
	}
	c.eventually("each has its owner", owned("a-0", "b-0", "c-0", "d-0"))
	total := int64(0)
	for _, p := range points(c.sink.last(), "hw.gpu.memory.usage") {
		if _, part := p.Attributes().Get("hw.parent"); part {
			total += p.IntValue()
		}
	}
	assert.Equal(t, int64(56_000_000_000), total)
	for _, whole := range attributesOf(c.sink.last(), "hw.power", uuidOf+"0") {
		assert.NotContains(t, whole, "k8s.pod.name")
	}

	driver.Set(append(lines, "0.mig.3 -", "event.0 0 256 0")...)
	give("a-0", "b-0", "c-0")
	info := func() int { return len(attributesOf(c.sink.last(), "nvidia.gpu.mig.info", mig(3))) }
	c.eventually("the instance is gone", func() bool { return len(points(c.sink.last(), "nvidia.gpu.mig.info")) > 0 && info() == 0 })
	driver.Set(append(lines, "event.0 0 256 0")...)
	give("a-0", "b-0", "c-0", "e-0")
	c.eventually("it is another pod's", owned("a-0", "b-0", "c-0", "e-0"))

	driver.Set(append(lines, "0.lost 15")...)
	c.eventually("the whole is lost", func() bool { return status(c, "0") == "failed" })
	allocations := points(c.sink.last(), "nvidia.gpu.allocation")
	assert.Len(t, allocations, 4, "and its parts are still held")
	unresolved, _ := c.selfMetric("otelcol_llm_gpu_unattributed", `source="pods"`)
	assert.Zero(t, unresolved)
}
