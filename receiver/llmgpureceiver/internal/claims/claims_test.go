// SPDX-License-Identifier: Apache-2.0

package claims

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-llm/otelcol-llm/receiver/llmgpureceiver/internal/podresources"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// kubernetes answers paths with texts as an API server does, and notes what it was asked.
type kubernetes struct {
	mu      sync.Mutex
	answers map[string]string
	asked   []string
	status  int
}

func (k *kubernetes) set(change func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	change()
}

func (k *kubernetes) count() (n int) {
	k.set(func() { n = len(k.asked) })
	return n
}

func (k *kubernetes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = append(k.asked, r.URL.RequestURI())
	if k.status == 0 {
		k.mu.Unlock()
		defer k.mu.Lock()
		<-r.Context().Done()
		return
	}
	if r.Header.Get("Authorization") != "Bearer token" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, group)
	if page := r.URL.Query().Get("continue"); page != "" {
		path += "#" + page
	}
	body, found := k.answers[path]
	w.Header().Set("Content-Type", "application/json")
	switch {
	case k.status != http.StatusOK:
		w.WriteHeader(k.status)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":"Forbidden"}`, k.status)
	case !found:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
	default:
		fmt.Fprint(w, body)
	}
}

func start(t *testing.T, k *kubernetes) *Client {
	t.Helper()
	server := httptest.NewTLSServer(k)
	t.Cleanup(server.Close)
	c := &Client{Kubeconfig: kubeconfig(t, server.URL), Node: "node-1", Timeout: 2 * time.Second}
	t.Cleanup(c.Close)
	return c
}

func kubeconfig(t *testing.T, url string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `{apiVersion: v1, kind: Config, current-context: c,
clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}], users: [{name: u, user: {token: token}}], contexts: [{name: c, context: {cluster: c, user: u}}]}`, url), 0o600))
	return file
}

const slices = `{"metadata":{},"items":[
{"spec":{"driver":"gpu.nvidia.com","nodeName":"node-1","pool":{"name":"node-1","generation":2,"resourceSliceCount":1},"devices":[
 {"name":"gpu-0","attributes":{"uuid":{"string":"GPU-a"},"type":{"string":"gpu"},"resource.kubernetes.io/pciBusID":{"string":"0000:1A:00.0"},"n":{"int":3},"b":{"bool":true}}},
 {"name":"gpu-1-mig-1g10gb-19-4","attributes":{"gpu.nvidia.com/uuid":{"string":"MIG-b"}}},
 {"name":"gpu-2-mig-1g10gb-19-0"}]}},
{"spec":{"driver":"gpu.nvidia.com","pool":{"name":"node-1","generation":1},"devices":[
 {"name":"gpu-0","attributes":{"uuid":{"string":"GPU-old"}}},{"name":"gpu-9","attributes":{"uuid":{"string":"GPU-gone"}}}]}},
{"spec":{"driver":"gpu.example.com","pool":{"name":"node-1"},"devices":[{"name":"x-7","attributes":{"uuid":{"string":"GPU-c"}}}]}}]}`

func held(driver, device, claim string) podresources.Allocation {
	return podresources.Allocation{Namespace: "llm", Pod: "chat-0", Driver: driver, Pool: "node-1", Device: device, Claim: claim}
}

// What slices say of a device counts for five minutes. What is not known is asked for, and nothing where no claim is held.
func TestSlicesAndClaimsExplainDevices(t *testing.T) {
	k := &kubernetes{status: http.StatusOK, answers: map[string]string{
		"/resourceslices": slices,
		"/namespaces/llm/resourceclaims/watch": `{"status":{"allocation":{"devices":{"results":[
			{"driver":"gpu.nvidia.com","pool":"node-1","device":"gpu-0","adminAccess":true}]}}}}`,
		"/namespaces/llm/resourceclaims/chat": `{"status":{"allocation":{"devices":{"results":[{"driver":"gpu.nvidia.com","pool":"node-1","device":"gpu-0"}]}}}}`,
	}}
	c := start(t, k)
	now := time.Now()
	plugin := []podresources.Allocation{{ID: "GPU-a", Resource: "nvidia.com/gpu"}}
	require.NoError(t, c.Complete(t.Context(), plugin, now))
	assert.Empty(t, k.asked, "nobody holds a claim")

	ask := func(now time.Time) []podresources.Allocation {
		all := []podresources.Allocation{
			held(podresources.Driver, "gpu-0", "chat"), held(podresources.Driver, "gpu-0", "watch"),
			held(podresources.Driver, "gpu-1-mig-1g10gb-19-4", "gone"), held(podresources.Driver, "gpu-2-mig-1g10gb-19-0", "chat"),
			held(podresources.Driver, "gpu-9", "chat"), held("gpu.example.com", "x-7", "chat"), held("net.example.com", "nic", "net"), plugin[0],
		}
		require.NoError(t, c.Complete(t.Context(), all, now))
		return all
	}
	for range 3 {
		now = now.Add(15 * time.Second)
		all := ask(now)
		assert.Equal(t, "GPU-a", all[0].UUID)
		assert.Equal(t, "0000:1a:00.0", all[0].PCIAddress)
		assert.False(t, all[0].Admin)
		assert.True(t, all[1].Admin)
		assert.Equal(t, "MIG-b", all[2].UUID)
		assert.Empty(t, all[3].UUID, "an instance that is made when it is given")
		assert.Empty(t, all[4].UUID, "of an older generation of the pool")
		assert.Equal(t, "GPU-c", all[5].UUID)
		assert.Empty(t, all[6].UUID)
		assert.Equal(t, plugin[0], all[7])
		assert.Equal(t, []string{
			group + "/resourceslices?fieldSelector=spec.nodeName%3Dnode-1&limit=500&resourceVersion=0", group + "/namespaces/llm/resourceclaims/chat",
			group + "/namespaces/llm/resourceclaims/watch", group + "/namespaces/llm/resourceclaims/gone",
		}, k.asked)
	}
	ask(now.Add(6 * time.Minute))
	assert.Len(t, k.asked, 5, "slices are read anew")
	require.NoError(t, c.Complete(t.Context(), nil, now))
	assert.Empty(t, c.claims, "claims that nobody holds are forgotten")
}

// An API server may be missing, forbid, hang or answer nonsense. That takes bounded time, and what was known stays.
func TestAnAPIServerThatDoesNotAnswer(t *testing.T) {
	k := &kubernetes{status: http.StatusOK, answers: map[string]string{"/resourceslices": slices, "/namespaces/llm/resourceclaims/chat": "{}"}}
	c := start(t, k)
	now := time.Now()
	ask := func() (podresources.Allocation, error) {
		all := []podresources.Allocation{held(podresources.Driver, "gpu-0", "chat")}
		err := c.Complete(t.Context(), all, now)
		return all[0], err
	}
	_, err := ask()
	require.NoError(t, err)
	c.Timeout = 300 * time.Millisecond
	for _, bad := range []struct {
		status int
		answer string
		code   string
	}{
		{http.StatusForbidden, "", "denied"},
		{http.StatusInternalServerError, "", "unavailable"},
		{0, "", "deadline"},
		{http.StatusOK, "nonsense", "unavailable"},
		{http.StatusOK, `{"metadata":{"continue":"next"}}`, "too_many"},
	} {
		now = now.Add(readAgain + time.Second)
		k.set(func() {
			k.status = bad.status
			k.answers["/resourceslices"], k.answers["/resourceslices#next"] = bad.answer, bad.answer
		})
		began := time.Now()
		a, err := ask()
		require.Error(t, err)
		assert.Equal(t, bad.code, Code(err), "%v", err)
		assert.Less(t, time.Since(began), 5*time.Second)
		assert.Equal(t, "GPU-a", a.UUID)
		asked := k.count()
		_, err = ask()
		require.NoError(t, err)
		assert.Equal(t, asked, k.count(), "not again at once")
	}
	k.set(func() { delete(k.answers, "/resourceslices"); k.status = http.StatusOK })
	now = now.Add(time.Hour)
	_, err = ask()
	assert.Equal(t, "unimplemented", Code(err), "a cluster without this API")
}

func TestNoAPIServer(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	for name, config := range map[string]string{"no pod": "", "no such file": "/none/kubeconfig", "nonsense": "/proc/self/stat"} {
		c := &Client{Kubeconfig: config, Timeout: time.Second}
		err := c.Complete(context.Background(), []podresources.Allocation{held(podresources.Driver, "gpu-0", "chat")}, time.Now())
		require.ErrorIs(t, err, ErrNoServer, name)
		assert.Equal(t, "no_server", Code(err))
	}
	c := &Client{Kubeconfig: kubeconfig(t, "https://127.0.0.1:1"), Timeout: time.Second}
	err := c.Complete(context.Background(), []podresources.Allocation{held(podresources.Driver, "gpu-0", "chat")}, time.Now())
	require.Error(t, err)
	assert.Equal(t, "unavailable", Code(err))
}
