// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// certificate writes a certificate that signs itself for names, and its key.
func certificate(t *testing.T, names ...string) (crt, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: names,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IsCA:        true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	crt, key = dir+"/tls.crt", dir+"/tls.key"
	require.NoError(t, os.WriteFile(crt, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600))
	return crt, key
}

// What is not there yet is named where people look, and nothing restarts for it. Examples are Secrets, a RuntimeClass, and the
// CRDs of the Prometheus operator. With the Secrets there, spans go over TLS with a token, and between gateways over mutual TLS.
func TestWhatComesLaterIsNamedAndWaitedFor(t *testing.T) {
	const in = "later"
	create(t, in, "restricted")
	run(t, setting(t, "KUBECTL_BINARY"), "label", "--overwrite", "node", "node1", "nvidia.com/gpu.present=true")
	helm := func(args ...string) (string, error) {
		return try(setting(t, "HELM_BINARY"), append([]string{
			"-n", in, "--set", "image.repository=localhost/otelcol-llm,image.tag=test",
			"--set", "gateway.resources.requests.cpu=10m,agent.resources.requests.cpu=10m,gateway.kind=StatefulSet,gateway.drainSeconds=1,spanMetrics.flush_interval=2s",
		}, args...)...)
	}
	cluster := func(args ...string) string {
		return run(t, setting(t, "KUBECTL_BINARY"), append([]string{"-n", in}, args...)...)
	}

	output, err := helm("install", "early", chart, "--set", "podMonitor.enabled=true")
	require.Error(t, err)
	assert.Contains(t, output, `no matches for kind "PodMonitor"`)
	assert.Empty(t, cluster("get", "deployments,daemonsets,services,configmaps", "-l", "app.kubernetes.io/instance=early", "-o", "name"), "nothing was made")

	output, err = helm("install", "late", chart, "--set", "agent.runtimeClassName=nvidia",
		"--set", "tls.secretName=cert,auth.bearer.secretName=token,gateway.tls.secretName=gateways")
	require.NoError(t, err, output)
	for _, secret := range []string{"cert", "token", "gateways"} {
		assert.Contains(t, output, "The Secret "+secret+" ")
	}
	require.Eventually(t, func() bool {
		events := cluster("get", "events", "-o", "jsonpath={range .items[*]}{.message}{'\\n'}{end}")
		return strings.Contains(events, `secret "cert" not found`) && strings.Contains(events, `RuntimeClass "nvidia" not found`)
	}, time.Minute, time.Second)
	assert.Contains(t, cluster("describe", "daemonset", "late-otelcol-llm-agent"), `RuntimeClass "nvidia" not found`)

	crt, key := certificate(t, "late-otelcol-llm."+in+".svc")
	cluster("create", "secret", "tls", "cert", "--cert", crt, "--key", key)
	cluster("create", "secret", "generic", "token", "--from-literal=token=abc")
	crt, key = certificate(t, "late-otelcol-llm-gateways."+in+".svc")
	cluster("create", "secret", "generic", "gateways", "--from-file=tls.crt="+crt, "--from-file=tls.key="+key, "--from-file=ca.crt="+crt)
	apply(t, in, `{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: nvidia}, handler: runc}`)
	t.Cleanup(func() { run(t, setting(t, "KUBECTL_BINARY"), "delete", "runtimeclass", "nvidia") })

	cluster("rollout", "status", "statefulset/late-otelcol-llm-gateway", "--timeout=4m")
	cluster("rollout", "status", "daemonset/late-otelcol-llm-agent", "--timeout=4m")
	restarts := cluster("get", "pods", "-o", "jsonpath={range .items[*]}{.status.containerStatuses[0].restartCount}{' '}{end}")
	assert.Equal(t, "0 0 0", restarts)

	output, err = try(setting(t, "HELM_BINARY"), "test", "late", "-n", in, "--timeout", "3m", "--logs")
	require.NoError(t, err, "%s\n%s", output, cluster("logs", "-l", "app.kubernetes.io/component=gateway", "--tail=20"))
	assert.Contains(t, output, "sent 20, counted 20")
	run(t, setting(t, "HELM_BINARY"), "uninstall", "late", "-n", in, "--wait")
}
