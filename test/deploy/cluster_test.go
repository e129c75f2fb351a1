// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// api is a Kubernetes API server with its etcd, on the loopback: no nodes, no controllers.
type api struct {
	address string
	client  http.Client
	// kinds are the resources of an API version, by kind.
	kinds map[string]map[string]apiResource
}

type apiResource struct {
	Name       string
	Kind       string
	Namespaced bool
}

const apiToken = "admin"

func startAPI(t *testing.T) *api {
	t.Helper()
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	private, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	for name, content := range map[string][]byte{
		"accounts.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
		"accounts.pub": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}),
		"tokens.csv":   []byte(apiToken + `,admin,1,"system:masters"` + "\n"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	etcd, peer, address := "http://"+port(t), "http://"+port(t), port(t)
	background(t, dir, setting(t, "ETCD_BINARY"), "--data-dir", dir+"/etcd", "--log-level", "error",
		"--listen-client-urls", etcd, "--advertise-client-urls", etcd,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", "default="+peer)
	host, number, err := net.SplitHostPort(address)
	require.NoError(t, err)
	background(t, dir, setting(t, "KUBE_APISERVER_BINARY"), "--etcd-servers", etcd, "--bind-address", host, "--secure-port", number, "--allow-privileged",
		"--advertise-address", host, "--endpoint-reconciler-type", "none", "--cert-dir", dir+"/pki", "--token-auth-file", dir+"/tokens.csv",
		"--service-cluster-ip-range", "10.96.0.0/16", "--authorization-mode", "RBAC", "--service-account-issuer", "https://kubernetes.default.svc",
		"--service-account-key-file", dir+"/accounts.pub", "--service-account-signing-key-file", dir+"/accounts.key")

	a := &api{address: "https://" + address, kinds: map[string]map[string]apiResource{}}
	a.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // of this test's own server
	a.client.Timeout = 30 * time.Second
	require.Eventually(t, func() bool {
		status, _, _ := a.call(t, http.MethodGet, "/readyz", nil, nil)
		return status == http.StatusOK
	}, time.Minute, 100*time.Millisecond, "%s", logs{dir})
	return a
}

// logs prints the ends of the programs' logs where a message needs them.
type logs struct{ dir string }

func (l logs) String() string {
	var all strings.Builder
	paths, _ := filepath.Glob(l.dir + "/*.log")
	for _, path := range paths {
		content, _ := os.ReadFile(path)
		fmt.Fprintf(&all, "%s:\n%s\n", filepath.Base(path), content[max(0, len(content)-2000):])
	}
	return all.String()
}

// background runs a program until the test ends.
func background(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, filepath.Base(name)+".log"))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, name, args...)
	command.Stdout, command.Stderr = log, log
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		stop()
		assert.Error(t, command.Wait(), "it was ended")
		assert.NoError(t, log.Close())
	})
}

// call returns status, warnings and body of an answer; status is 0 where there was none.
func (a *api) call(t *testing.T, method, path string, query url.Values, body []byte) (int, []string, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, a.address+path+"?"+query.Encode(), bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+apiToken)
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/apply-patch+yaml")
	}
	response, err := a.client.Do(request)
	if err != nil {
		return 0, nil, []byte(err.Error())
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header.Values("Warning"), content
}

// resource finds the resource of a kind in an API version, by discovery.
func (a *api) resource(t *testing.T, version, kind string) (string, apiResource, bool) {
	t.Helper()
	path := "/apis/" + version
	if version == "v1" {
		path = "/api/v1"
	}
	if a.kinds[version] == nil {
		status, _, body := a.call(t, http.MethodGet, path, nil, nil)
		if status != http.StatusOK {
			return path, apiResource{}, false
		}
		var list struct{ Resources []apiResource }
		require.NoError(t, json.Unmarshal(body, &list))
		a.kinds[version] = map[string]apiResource{}
		for _, r := range list.Resources {
			if !strings.Contains(r.Name, "/") {
				a.kinds[version][r.Kind] = r
			}
		}
	}
	found, ok := a.kinds[version][kind]
	return path, found, ok
}

const clusterNamespace = "observability"

// apply applies an object as Helm does, on the server's side and strictly, and returns its warnings and its refusal.
func (a *api) apply(t *testing.T, o map[string]any, keep bool) ([]string, error) {
	t.Helper()
	version, kind := o["apiVersion"].(string), o["kind"].(string)
	path, resource, ok := a.resource(t, version, kind)
	if !ok {
		return nil, fmt.Errorf("no matches for kind %s in version %s", kind, version)
	}
	metadata := o["metadata"].(map[string]any)
	if resource.Namespaced {
		namespace, ok := metadata["namespace"].(string)
		if !ok {
			namespace = clusterNamespace
		}
		path += "/namespaces/" + namespace
	}
	path += "/" + resource.Name + "/" + metadata["name"].(string)
	query := url.Values{"fieldManager": {"test"}, "fieldValidation": {"Strict"}, "force": {"true"}}
	if !keep {
		query.Set("dryRun", "All")
	}
	body, err := yaml.Marshal(o)
	require.NoError(t, err)
	status, warnings, answer := a.call(t, http.MethodPatch, path, query, body)
	if status != http.StatusOK && status != http.StatusCreated {
		return warnings, fmt.Errorf("%s/%s: %d %s", kind, metadata["name"], status, answer)
	}
	return warnings, nil
}

func documents(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var o map[string]any
		if err := decoder.Decode(&o); err != nil {
			require.ErrorIs(t, err, io.EOF)
			return all
		}
		if o["kind"] != nil {
			all = append(all, o)
		}
	}
}

// install makes a CustomResourceDefinition known, and waits until it is served.
func (a *api) install(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, o := range documents(t, string(content)) {
		_, err := a.apply(t, o, true)
		require.NoError(t, err)
		spec := o["spec"].(map[string]any)
		kind := spec["names"].(map[string]any)["kind"].(string)
		version := spec["group"].(string) + "/" + spec["versions"].([]any)[0].(map[string]any)["name"].(string)
		require.Eventually(t, func() bool {
			delete(a.kinds, version)
			_, _, ok := a.resource(t, version, kind)
			return ok
		}, 30*time.Second, 100*time.Millisecond, "%s %s", version, kind)
	}
}

// ofHost are the variants whose agents mount paths of the host, which Pod Security's restricted profile does not allow.
var ofHost = []string{"library of GKE", "owners of GPUs"}

// A real API server that refuses unknown fields accepts all that the chart renders, and every example for Kubernetes. It has no
// controllers: HorizontalPodAutoscalers and NetworkPolicies are accepted, not acted on.
func TestClusterAcceptsManifests(t *testing.T) {
	a := startAPI(t)
	namespace := map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{
		"name": clusterNamespace, "labels": map[string]any{"pod-security.kubernetes.io/warn": "restricted"},
	}}
	_, err := a.apply(t, namespace, true)
	require.NoError(t, err)
	// A controller would make it.
	_, err = a.apply(t, map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{"name": "default"}}, true)
	require.NoError(t, err)
	for _, name := range []string{"serving", "batch"} {
		namespace["metadata"] = map[string]any{"name": name}
		_, err = a.apply(t, namespace, true)
		require.NoError(t, err)
	}

	monitor := documents(t, run(t, setting(t, "HELM_BINARY"), "template", "test", chart, "--set", "podMonitor.enabled=true", "-s", "templates/monitoring.yaml"))
	require.Len(t, monitor, 1)
	_, err = a.apply(t, monitor[0], false)
	require.EqualError(t, err, "no matches for kind PodMonitor in version monitoring.coreos.com/v1", "a cluster without the CRDs")

	for _, crd := range strings.Fields(setting(t, "CRDS")) {
		paths, err := filepath.Glob(crd)
		require.NoError(t, err)
		require.NotEmpty(t, paths, crd)
		for _, path := range paths {
			a.install(t, path)
		}
	}

	kinds := map[string]bool{}
	for name, args := range variants {
		t.Run(name, func(t *testing.T) {
			rendered := run(t, setting(t, "HELM_BINARY"), append([]string{"template", "test", chart, "--namespace", clusterNamespace}, args...)...)
			for _, o := range documents(t, rendered) {
				kind := o["kind"].(string)
				kinds[kind] = true
				warnings, err := a.apply(t, o, false)
				assert.NoError(t, err)
				if kind == "DaemonSet" && slices.Contains(ofHost, name) {
					assert.Contains(t, strings.Join(warnings, "\n"), "hostPath")
				} else {
					assert.Empty(t, warnings, kind)
				}
			}
		})
	}
	assert.Subset(t, slices.Collect(maps.Keys(kinds)), []string{
		"ConfigMap", "ServiceAccount", "Deployment", "StatefulSet", "DaemonSet", "Service", "Pod", "PodDisruptionBudget",
		"HorizontalPodAutoscaler", "NetworkPolicy", "ClusterRole", "ClusterRoleBinding", "RoleBinding", "PodMonitor", "PrometheusRule",
	}, "each kind is in a variant")

	for _, example := range []string{"autoscaling/keda.yaml", "autoscaling/hpa.yaml"} {
		t.Run(example, func(t *testing.T) {
			content, err := os.ReadFile("../../examples/" + example)
			require.NoError(t, err)
			for _, o := range documents(t, string(content)) {
				warnings, err := a.apply(t, o, false)
				assert.NoError(t, err)
				assert.Empty(t, warnings)
			}
		})
	}

	t.Run("unknown fields are refused", func(t *testing.T) {
		monitor[0]["spec"].(map[string]any)["podMetricsEndpoint"] = []any{}
		_, err := a.apply(t, monitor[0], false)
		require.ErrorContains(t, err, `field not declared in schema`)
		_, err = a.apply(t, map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "x"}, "spec": map[string]any{"replica": 1},
		}, false)
		assert.ErrorContains(t, err, ".spec.replica: field not declared in schema")
	})
}
