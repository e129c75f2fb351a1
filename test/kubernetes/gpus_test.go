// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// apply creates an object from YAML.
func apply(t *testing.T, in, text string) {
	t.Helper()
	file := t.TempDir() + "/object.yaml"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	run(t, setting(t, "KUBECTL_BINARY"), "-n", in, "apply", "-f", file)
}

// create makes a namespace whose pods must keep to a level of Pod Security.
func create(t *testing.T, name, level string) {
	t.Helper()
	apply(t, "default", fmt.Sprintf(`{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {pod-security.kubernetes.io/enforce: %s}}}`, name, level))
	t.Cleanup(func() { run(t, setting(t, "KUBECTL_BINARY"), "delete", "namespace", name, "--timeout", "2m") })
}

// page reads metrics of a pod of the agent.
func page(t *testing.T, in string) string {
	t.Helper()
	address := run(t, setting(t, "KUBECTL_BINARY"), "-n", in, "get", "pods", "-l", "app.kubernetes.io/component=agent", "-o", "jsonpath={.items[0].status.podIP}")
	response, err := http.Get("http://" + address + ":9464/metrics")
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(content)
}

// The agent waits for the driver without a restart, and reads eight GPUs when it is there. Through the kubelet's socket it sees
// what pod has which.
func TestAgentReadsGPUsAndTheirOwners(t *testing.T) {
	const in = "gpus"
	create(t, in, "privileged") // for paths of the host
	run(t, setting(t, "KUBECTL_BINARY"), "label", "--overwrite", "node", "node1", "nvidia.com/gpu.present=true")
	driver := fakenvml.New(t, "h100")
	driver.Unload()
	kubelet := setting(t, "KUBELET_ROOT")

	run(t, setting(t, "HELM_BINARY"), "install", "gpus", chart, "-n", in, "--wait", "--timeout", "2m",
		"--set", "image.repository=localhost/otelcol-llm,image.tag=test,gateway.enabled=false,agent.resources.requests.cpu=10m",
		"--set", "agent.gpus.libraryPath="+driver.Library+",agent.gpus.libraryHostPath="+driver.Root,
		"--set", "agent.podResources.enabled=true,agent.podResources.hostPath="+kubelet+"/pod-resources",
		"--set", "agent.config.receivers.llm_gpu.root_path="+driver.Root+",agent.config.receivers.llm_gpu.collection_interval=1s")
	// Helm may look before the DaemonSet's controller does.
	run(t, setting(t, "KUBECTL_BINARY"), "-n", in, "rollout", "status", "daemonset/gpus-otelcol-llm-agent", "--timeout=2m")
	logs := func() string {
		return run(t, setting(t, "KUBECTL_BINARY"), "-n", in, "logs", "-l", "app.kubernetes.io/component=agent", "--tail=-1")
	}
	require.Eventually(t, func() bool { return strings.Contains(logs(), "no NVIDIA driver is loaded") }, time.Minute, time.Second)
	assert.NotContains(t, page(t, in), "hw_temperature")

	driver.Load()
	if !assert.Eventually(t, func() bool { return strings.Count(page(t, in), "\nhw_status{") >= 8 }, time.Minute, time.Second) {
		t.Fatal(logs())
	}
	assert.Equal(t, "0", run(t, setting(t, "KUBECTL_BINARY"), "-n", in, "get", "pods", "-o", "jsonpath={.items[0].status.containerStatuses[0].restartCount}"))
	assert.Contains(t, page(t, in), `k8s_node_name="node1"`)

	var ids []string
	for i := range 8 {
		ids = append(ids, fmt.Sprintf("GPU-00000100-0000-4000-8000-00000000000%d", i))
	}
	offer(t, ids)
	require.Eventually(t, func() bool {
		return run(t, setting(t, "KUBECTL_BINARY"), "get", "node", "node1", "-o", `jsonpath={.status.allocatable.nvidia\.com/gpu}`) == "8"
	}, time.Minute, time.Second)
	apply(t, in, `
apiVersion: v1
kind: Pod
metadata: {name: trainer}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - {name: trainer, image: localhost/pause:test, imagePullPolicy: Never, resources: {limits: {nvidia.com/gpu: 2}}}`)
	run(t, setting(t, "KUBECTL_BINARY"), "-n", in, "wait", "--for=condition=Ready", "pod/trainer", "--timeout=1m")
	held := owners(t, kubelet)
	assert.Len(t, held, 2)
	for id, pod := range held {
		assert.Contains(t, ids, id)
		assert.Equal(t, in+"/trainer", pod)
	}
	var allocations []string
	if !assert.Eventually(t, func() bool {
		allocations = nil
		for line := range strings.Lines(page(t, in)) {
			if strings.HasPrefix(line, "nvidia_gpu_allocation{") {
				allocations = append(allocations, line)
			}
		}
		return len(allocations) == 2
	}, time.Minute, time.Second) {
		t.Fatal(logs())
	}
	for _, line := range allocations {
		assert.Contains(t, line, `k8s_pod_name="trainer"`)
		assert.Contains(t, line, `k8s_namespace_name="`+in+`"`)
		assert.Contains(t, line, `nvidia_gpu_allocation_sharing="exclusive"`)
	}
	run(t, setting(t, "HELM_BINARY"), "uninstall", "gpus", "-n", in, "--wait")
}
