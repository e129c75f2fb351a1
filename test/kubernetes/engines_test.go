// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The collector for small clusters finds an engine by the labels of its pod. It has the rights that the chart gives it in that
// namespace and in no other.
func TestSingleFindsEnginesByLabels(t *testing.T) {
	const in, serving = "single", "serving"
	create(t, in, "restricted")
	create(t, serving, "restricted")
	cluster := func(args ...string) string { return run(t, setting(t, "KUBECTL_BINARY"), args...) }
	cluster("-n", serving, "create", "configmap", "page", "--from-file=metrics=../../internal/llmengine/testdata/pages/vllm-0.30-hybrid/metrics")
	apply(t, serving, `
apiVersion: v1
kind: Pod
metadata:
  name: chat-0
  labels: {otelcol-llm.io/engine: "true", app.kubernetes.io/name: chat}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
  terminationGracePeriodSeconds: 0
  volumes: [{name: page, configMap: {name: page}}]
  containers:
    - name: engine
      image: localhost/pause:test
      imagePullPolicy: Never
      command: [/bin/busybox, httpd, -f, -p, "8000", -h, /page]
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumeMounts: [{name: page, mountPath: /page}]`)
	run(t, setting(t, "HELM_BINARY"), "install", "small", chart, "-n", in, "--wait", "--timeout", "2m",
		"--set", "image.repository=localhost/otelcol-llm,image.tag=test,single.enabled=true,single.drainSeconds=1,single.resources.requests.cpu=10m",
		"--set", "agent.enabled=false,engines.enabled=true,engines.interval=1s,engines.namespaces={"+serving+"}")
	cluster("-n", in, "rollout", "status", "deployment/small-otelcol-llm-single", "--timeout=2m")
	address := cluster("-n", in, "get", "pods", "-l", "app.kubernetes.io/component=single", "-o", "jsonpath={.items[0].status.podIP}")
	var page string
	assert.Eventually(t, func() bool {
		response, err := http.Get("http://" + address + ":9464/metrics")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		page = string(content)
		return err == nil && strings.Contains(page, "\nllm_engine_requests_waiting{")
	}, time.Minute, time.Second)
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "llm_engine_requests_waiting{") {
			assert.Contains(t, line, `service_name="chat"`)
			assert.Contains(t, line, `k8s_pod_name="chat-0"`)
			assert.Contains(t, line, `k8s_namespace_name="`+serving+`"`)
		}
	}
	account := "system:serviceaccount:" + in + ":small-otelcol-llm-single"
	assert.Equal(t, "yes", cluster("auth", "can-i", "list", "pods", "-n", serving, "--as", account))
	for _, denied := range [][]string{{"list", "pods", "-n", in}, {"get", "secrets", "-n", serving}, {"create", "pods", "-n", serving}} {
		output, err := try(setting(t, "KUBECTL_BINARY"), append(append([]string{"auth", "can-i"}, denied...), "--as", account)...)
		require.Error(t, err, denied)
		assert.Equal(t, "no", output, denied)
	}
	run(t, setting(t, "HELM_BINARY"), "uninstall", "small", "-n", in, "--wait")
}
