// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	chart     = "../../deploy/helm/otelcol-llm"
	namespace = "observability"
	release   = "llm"
	// nodeAddress is where the cluster's node listens, and so this test's database.
	nodeAddress = "10.99.0.1"
	// installLimit is how long it may take from helm install to the first metric.
	installLimit = time.Minute
)

func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	require.NotEmpty(t, value, "%s is not set: run the tests with make test-kubernetes", name)
	return value
}

func try(name string, args ...string) (string, error) {
	var output bytes.Buffer
	command := exec.Command(name, args...)
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	return strings.TrimSpace(output.String()), err
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	output, err := try(name, args...)
	require.NoError(t, err, "%s %s\n%s", name, strings.Join(args, " "), output)
	return output
}

func kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return run(t, setting(t, "KUBECTL_BINARY"), append([]string{"-n", namespace}, args...)...)
}

// helm installs or upgrades the release with the values of this test and some more. It waits until all is ready.
func helm(t *testing.T, command string, set ...string) {
	t.Helper()
	args := []string{command, release, chart, "-n", namespace, "--wait", "--timeout", "4m"}
	for _, value := range append([]string{
		"image.repository=localhost/otelcol-llm", "image.tag=test",
		"gateway.drainSeconds=8", "gateway.resources.requests.cpu=10m", "agent.resources.requests.cpu=10m",
		"spanMetrics.flush_interval=2s",
		"metrics.remoteWrite.endpoint=http://" + nodeAddress + ":8428/api/v1/write",
		"clusterName=test",
	}, set...) {
		args = append(args, "--set", value)
	}
	run(t, setting(t, "HELM_BINARY"), args...)
}

// database starts VictoriaMetrics, which the gateways push to.
func database(t *testing.T) {
	t.Helper()
	command := exec.Command(setting(t, "VICTORIA_METRICS_BINARY"), "-storageDataPath="+t.TempDir(), "-httpListenAddr="+nodeAddress+":8428", "-loggerLevel=ERROR")
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		assert.NoError(t, command.Process.Signal(os.Interrupt))
		assert.NoError(t, command.Wait())
	})
}

// counted returns how many requests of a service all gateways have counted together, those that are gone included.
func counted(t *testing.T, service string) int64 {
	t.Helper()
	query := fmt.Sprintf(`sum(max_over_time(llm_requests_total{service_name=%q}[1h]))`, service)
	response, err := http.Get("http://" + nodeAddress + ":8428/api/v1/query?nocache=1&latency_offset=1s&query=" + url.QueryEscape(query))
	require.NoError(t, err)
	defer response.Body.Close()
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	if len(answer.Data.Result) == 0 {
		return 0
	}
	value, err := strconv.ParseFloat(answer.Data.Result[0].Value[1].(string), 64)
	require.NoError(t, err)
	return int64(value)
}

// settled waits until the gateways have counted what was accepted. It then waits some more, in which a second count would show.
func settled(t *testing.T, accepted int64) {
	t.Helper()
	assert.Eventually(t, func() bool { return counted(t, "load") >= accepted }, 30*time.Second, time.Second, "accepted %d spans", accepted)
	time.Sleep(12 * time.Second) // decision_wait, a flush and a write
	assert.Equal(t, accepted, counted(t, "load"), "every accepted span is counted once")
}

// gateways returns the names of the pods that are not about to end.
func gateways(t *testing.T) []string {
	t.Helper()
	var list struct {
		Items []struct {
			Metadata struct {
				Name              string
				DeletionTimestamp string
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(kubectl(t, "get", "pods", "-l", "app.kubernetes.io/component=gateway", "-o", "json")), &list))
	var names []string
	for _, pod := range list.Items {
		if pod.Metadata.DeletionTimestamp == "" {
			names = append(names, pod.Metadata.Name)
		}
	}
	return names
}

func TestCluster(t *testing.T) {
	database(t)
	// The strictest of Kubernetes' standards for pods holds for gateways and agents alike.
	create(t, namespace, "restricted")
	kubectl(t, "label", "--overwrite", "node", "node1", "nvidia.com/gpu.present=true")

	started := time.Now()
	helm(t, "install")
	t.Logf("helm install took %.1f s", time.Since(started).Seconds())
	run(t, setting(t, "HELM_BINARY"), "test", release, "-n", namespace, "--timeout", "2m")
	first := time.Since(started)
	t.Logf("from helm install to the first metric: %.1f s", first.Seconds())
	assert.Less(t, first, installLimit)
	// As the chart's notes say; of two gateways either may have counted.
	assert.Eventually(t, func() bool {
		return strings.Contains(kubectl(t, "get", "--raw", "/api/v1/namespaces/"+namespace+"/services/"+release+"-otelcol-llm-metrics:9464/proxy/metrics"), "llm_requests_total{")
	}, 30*time.Second, time.Second)
	assert.Equal(t, "1", kubectl(t, "get", "daemonset", release+"-otelcol-llm-agent", "-o", "jsonpath={.status.numberReady}"))
	assert.Len(t, gateways(t), 2)

	address := kubectl(t, "get", "service", release+"-otelcol-llm", "-o", "jsonpath={.spec.clusterIP}")
	l := startLoad(t.Context(), "http://"+address+":4318/v1/traces")
	time.Sleep(5 * time.Second)

	before := gateways(t)
	phase := func(name string, change func()) {
		accepted, repeated, begun := l.accepted.Load(), l.repeated.Load(), time.Now()
		change()
		t.Logf("%s: %.0f s, %d spans accepted, %d batches repeated by senders", name, time.Since(begun).Seconds(),
			l.accepted.Load()-accepted, l.repeated.Load()-repeated)
	}
	phase("rollout", func() {
		helm(t, "upgrade", "gateway.podAnnotations.version=next")
		gone(t, before)
	})
	assert.NotContains(t, gateways(t), before[0])
	phase("from 2 gateways to 3", func() { helm(t, "upgrade", "gateway.podAnnotations.version=next", "gateway.replicas=3") })
	assert.Len(t, gateways(t), 3)
	three := gateways(t)
	phase("back to 2", func() {
		helm(t, "upgrade", "gateway.podAnnotations.version=next", "gateway.replicas=2")
		require.Eventually(t, func() bool { return len(gateways(t)) == 2 }, time.Minute, time.Second)
		gone(t, minus(three, gateways(t)))
	})
	phase("eviction", func() {
		two := gateways(t)
		require.NoError(t, evict(t, two[0]))
		assert.ErrorContains(t, evict(t, two[1]), "disruption budget")
		gone(t, two[:1])
	})
	accepted := l.end()
	t.Logf("accepted %d spans in all, %d batches repeated by senders", accepted, l.repeated.Load())
	settled(t, accepted)

	repeatedEvents(t, "http://"+address+":4318/v1/logs")

	run(t, setting(t, "HELM_BINARY"), "uninstall", release, "-n", namespace, "--wait", "--timeout", "2m")
	kinds := "all,configmaps,secrets,serviceaccounts,roles,rolebindings,poddisruptionbudgets,networkpolicies,endpointslices"
	selector := "app.kubernetes.io/instance=" + release
	require.Eventually(t, func() bool {
		return strings.Contains(kubectl(t, "get", kinds, "-l", selector, "--ignore-not-found"), "No resources found") ||
			kubectl(t, "get", kinds, "-l", selector, "--ignore-not-found") == ""
	}, 2*time.Minute, time.Second)
	assert.Empty(t, kubectl(t, "get", "clusterroles,clusterrolebindings", "-l", selector, "-o", "name"))
	assert.Empty(t, kubectl(t, "get", "secrets", "-o", "name"), "nor does Helm's own record remain")
}

// repeatedEvents sends log events of a coding agent's session again and again, to whatever gateway: they count once.
func repeatedEvents(t *testing.T, endpoint string) {
	t.Helper()
	events, err := os.ReadFile("../../testdata/logevents/claude-code/logs.json")
	require.NoError(t, err)
	send := func() {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // a connection each
		response, err := client.Post(endpoint, "application/json", bytes.NewReader(events))
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, http.StatusOK, response.StatusCode)
	}
	const toSettle = 15 * time.Second // until a request's other events have come, a flush and a write
	send()
	require.Eventually(t, func() bool { return counted(t, "claude-code") > 0 }, 30*time.Second, time.Second)
	time.Sleep(toSettle)
	once := counted(t, "claude-code")
	for range 6 {
		send()
	}
	time.Sleep(toSettle)
	assert.Equal(t, once, counted(t, "claude-code"), "events that are repeated count once")
	t.Logf("%d requests of a coding agent's log events, repeated six times", once)
}

// gone waits until pods no longer exist.
func gone(t *testing.T, pods []string) {
	t.Helper()
	for _, pod := range pods {
		kubectl(t, "wait", "--for=delete", "pod/"+pod, "--timeout=2m")
	}
}

func minus(all, some []string) []string {
	var rest []string
	for _, pod := range all {
		found := false
		for _, other := range some {
			found = found || pod == other
		}
		if !found {
			rest = append(rest, pod)
		}
	}
	return rest
}

// evict asks for the eviction of a pod, as kubectl drain does.
func evict(t *testing.T, pod string) error {
	t.Helper()
	file := t.TempDir() + "/eviction.json"
	body := fmt.Sprintf(`{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":%q,"namespace":%q}}`, pod, namespace)
	require.NoError(t, os.WriteFile(file, []byte(body), 0o600))
	output, err := try(setting(t, "KUBECTL_BINARY"), "create", "--raw", "/api/v1/namespaces/"+namespace+"/pods/"+pod+"/eviction", "-f", file)
	if err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return nil
}
