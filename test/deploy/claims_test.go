// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	resources "k8s.io/kubelet/pkg/apis/podresources/v1"

	"github.com/otelcol-llm/otelcol-llm/internal/fakenvml"
)

// lister answers as a kubelet does.
type lister struct {
	resources.UnimplementedPodResourcesListerServer
	answer *resources.ListPodResourcesResponse
}

func (l *lister) List(context.Context, *resources.ListPodResourcesRequest) (*resources.ListPodResourcesResponse, error) {
	return l.answer, nil
}

func holder(name, claim, driver, device string) *resources.PodResources {
	return &resources.PodResources{Name: name, Namespace: "serving", Containers: []*resources.ContainerResources{{
		Name: "engine", DynamicResources: []*resources.DynamicResource{{ClaimName: claim, ClaimNamespace: "serving", ClaimResources: []*resources.ClaimResource{
			{DriverName: driver, PoolName: "node1", DeviceName: device},
		}}},
	}}}
}

// The chart gives the agent's collector rights. With them it learns from a real API server what the devices of claims are. Here
// NVIDIA's driver names them by index, another driver in its own way, and one claim is for administration.
func TestClusterExplainsResourceClaims(t *testing.T) {
	a := startAPI(t)
	for _, name := range []string{clusterNamespace, "serving"} {
		_, err := a.apply(t, map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{
			"name": name, "labels": map[string]any{"resource.kubernetes.io/admin-access": "true"},
		}}, true)
		require.NoError(t, err)
	}
	rendered := documents(t, run(t, setting(t, "HELM_BINARY"), "template", "test", chart, "--namespace", clusterNamespace,
		"--set", "gateway.enabled=false,agent.podResources.enabled=true,agent.podResources.resourceSlices=true"))
	for _, o := range rendered {
		if kind := o["kind"].(string); kind == "ServiceAccount" || strings.HasPrefix(kind, "ClusterRole") {
			_, err := a.apply(t, o, true)
			require.NoError(t, err)
		}
	}
	const uuid = "GPU-00000100-0000-4000-8000-00000000000"
	slice := func(name, driver string, devices ...any) {
		_, err := a.apply(t, map[string]any{
			"apiVersion": "resource.k8s.io/v1", "kind": "ResourceSlice", "metadata": map[string]any{"name": name},
			"spec": map[string]any{
				"driver": driver, "nodeName": "node1", "devices": devices,
				"pool": map[string]any{"name": "node1", "generation": 1, "resourceSliceCount": 1},
			},
		}, true)
		require.NoError(t, err)
	}
	device := func(name, attribute, value string) any {
		return map[string]any{"name": name, "attributes": map[string]any{attribute: map[string]any{"string": value}}}
	}
	// By index, the other way round than the minor numbers.
	slice("nvidia", "gpu.nvidia.com", device("gpu-0", "uuid", uuid+"1"), device("gpu-1", "uuid", uuid+"0"), device("gpu-2", "uuid", uuid+"2"))
	slice("other", "gpu.example.com", device("card-c", "uuid", uuid+"3"))
	for name, admin := range map[string]bool{"chat": false, "watch": true} {
		request := map[string]any{"deviceClassName": "gpu"}
		result := map[string]any{"request": "gpu", "driver": "gpu.nvidia.com", "pool": "node1", "device": map[bool]string{false: "gpu-0", true: "gpu-2"}[admin]}
		if admin {
			request["adminAccess"], result["adminAccess"] = true, true
		}
		object := map[string]any{
			"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaim", "metadata": map[string]any{"name": name, "namespace": "serving"},
			"spec": map[string]any{"devices": map[string]any{"requests": []any{map[string]any{"name": "gpu", "exactly": request}}}},
		}
		_, err := a.apply(t, object, true)
		require.NoError(t, err)
		object["status"] = map[string]any{"allocation": map[string]any{"devices": map[string]any{"results": []any{result}}}}
		delete(object, "spec")
		body, err := json.Marshal(object)
		require.NoError(t, err)
		code, _, answer := a.call(t, http.MethodPatch, "/apis/resource.k8s.io/v1/namespaces/serving/resourceclaims/"+name+"/status",
			map[string][]string{"fieldManager": {"scheduler"}, "force": {"true"}}, body)
		require.Equal(t, http.StatusOK, code, "%s", answer)
	}

	socket, kubeconfig := filepath.Join(t.TempDir(), "kubelet.sock"), filepath.Join(t.TempDir(), "kubeconfig")
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	server := grpc.NewServer()
	resources.RegisterPodResourcesListerServer(server, &lister{answer: &resources.ListPodResourcesResponse{PodResources: []*resources.PodResources{
		holder("chat-0", "chat", "gpu.nvidia.com", "gpu-0"), holder("watch-0", "watch", "gpu.nvidia.com", "gpu-2"),
		holder("other-0", "other", "gpu.example.com", "card-c"),
	}}})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	require.NoError(t, os.WriteFile(kubeconfig, fmt.Appendf(nil, `{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],
clusters: [{name: c, cluster: {server: %q, insecure-skip-tls-verify: true}}], users: [{name: u, user: {token: %q}}]}`,
		a.address, a.token(t, "test-otelcol-llm-agent")), 0o600))

	driver := fakenvml.New(t, "h100")
	metrics := port(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
receivers:
  llm_gpu:
    collection_interval: 1s
    root_path: %s
    library_path: %s
    pods: {enabled: true, socket: %s, resource_slices: {enabled: true, node: node1, kubeconfig: %s}}
exporters:
  prometheus: {endpoint: %s}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {metrics: {receivers: [llm_gpu], exporters: [prometheus]}}
`, driver.Root, driver.Library, socket, kubeconfig, metrics), 0o600))
	var log strings.Builder
	collector := exec.Command(setting(t, "OTELCOL_LLM_BINARY"), "--config", config)
	collector.Stderr = &log
	require.NoError(t, collector.Start())
	t.Cleanup(func() {
		_ = collector.Process.Signal(syscall.SIGTERM)
		assert.NoError(t, collector.Wait(), "%s", &log)
		assert.NotContains(t, log.String(), "does not explain")
	})
	owners := map[string]string{}
	assert.Eventually(t, func() bool {
		owners = ownersOn("http://" + metrics + "/metrics")
		return len(owners) == 2
	}, time.Minute, 200*time.Millisecond)
	assert.Equal(t, map[string]string{uuid + "1": "chat-0", uuid + "3": "other-0"}, owners, "who watches GPU 2 does not own it")
}

// ownersOn returns the pods of GPUs on a page of metrics.
func ownersOn(page string) map[string]string {
	owners := map[string]string{}
	response, err := http.Get(page)
	if err != nil {
		return owners
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	for line := range strings.Lines(string(content)) {
		label := func(name string) string {
			_, rest, _ := strings.Cut(line, name+`="`)
			value, _, _ := strings.Cut(rest, `"`)
			return value
		}
		if pod := label("k8s_pod_name"); pod != "" && strings.HasPrefix(line, "hw_power_watts{") {
			owners[label("hw_id")] = pod
		}
	}
	return owners
}

// token returns one of a service account.
func (a *api) token(t *testing.T, account string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		a.address+"/api/v1/namespaces/"+clusterNamespace+"/serviceaccounts/"+account+"/token",
		strings.NewReader(`{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600}}`))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+apiToken)
	request.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var answer struct{ Status struct{ Token string } }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	require.NotEmpty(t, answer.Status.Token, response.Status)
	return answer.Status.Token
}
