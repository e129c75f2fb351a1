// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otelcol-llm/otelcol-llm/internal/corpus"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/repo"
)

// capturedCase is a case of testdata/emitters.
func capturedCase(t *testing.T, name string) *corpus.Case {
	t.Helper()
	root, err := repo.Path()
	require.NoError(t, err)
	cases, err := corpus.Load(root)
	require.NoError(t, err)
	i := slices.IndexFunc(cases, func(c corpus.Case) bool { return c.Name == name })
	require.NotEqual(t, -1, i, name)
	return &cases[i]
}

// sendCase sends a case's spans, and waits until as many requests count as it says.
func sendCase(t *testing.T, c *harness.Collector, one *corpus.Case) {
	t.Helper()
	sender := harness.GRPC(t, c.Address(collector.OTLPGRPC))
	for _, batch := range one.Batches {
		require.NoError(t, sender.Send(context.Background(), batch))
	}
	c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, float64(one.Requests))
}

// Programs that nobody instruments: what eBPF sees of them counts with the default configuration.
func TestExampleOfEBPF(t *testing.T) {
	t.Parallel()
	sendCase(t, harness.Start(t, nil, harness.DefaultConfig(t), "testdata/config/fast_flush.yaml"), capturedCase(t, "obi"))
}

// A backend for LLMs gets the spans, all of them, and what they say counts here.
func TestExampleOfAnLLMBackend(t *testing.T) {
	t.Parallel()
	var spans atomic.Int64
	var authorization atomic.Value
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, err := body.ReadFrom(r.Body)
		assert.NoError(t, err)
		request := ptraceotlp.NewExportRequest()
		assert.NoError(t, request.UnmarshalProto(body.Bytes()))
		spans.Add(int64(request.Traces().SpanCount()))
		authorization.Store(r.URL.Path + " " + r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusOK)
	}))
	defer backend.Close()
	example, err := repo.Path("examples", "llm-backend", "config.yaml")
	require.NoError(t, err)
	plain := written(t, "exporters: {otlp_http/llm_backend: {compression: none}}\n")
	c := harness.Start(t, []string{"OTELCOL_LLM_BACKEND_URL=" + backend.URL + "/api/public/otel", "OTELCOL_LLM_BACKEND_AUTHORIZATION=Basic abc"},
		harness.DefaultConfig(t), example, "testdata/config/fast_flush.yaml", plain)
	one := capturedCase(t, "captured-langfuse-openai")
	sendCase(t, c, one)
	all := int64(0)
	for _, batch := range one.Batches {
		all += int64(batch.SpanCount())
	}
	assert.Eventually(t, func() bool { return spans.Load() == all }, harness.Patience, 100*time.Millisecond)
	assert.Equal(t, "/api/public/otel/v1/traces Basic abc", authorization.Load())
}

// An agent in a runtime elsewhere sends over TLS with a token, and nobody else does.
func TestExampleOfAgentCore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	certificate, key, token := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key"), filepath.Join(folder, "token")
	roots := selfSigned(t, certificate, key)
	require.NoError(t, os.WriteFile(token, []byte("secret"), 0o600))
	example, err := repo.Path("examples", "agentcore", "config.yaml")
	require.NoError(t, err)
	port := ports(t, 1)[0]
	c := harness.Start(t, []string{
		"OTELCOL_LLM_AGENTS_PORT=" + strconv.Itoa(port), "OTELCOL_LLM_CERTIFICATE=" + certificate, "OTELCOL_LLM_KEY=" + key, "OTELCOL_LLM_TOKEN_FILE=" + token,
	}, harness.DefaultConfig(t), example, "testdata/config/fast_flush.yaml")
	client := http.Client{Timeout: harness.Patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	one := capturedCase(t, "captured-otel-bedrock")
	post := func(token string) (status int) {
		for _, batch := range one.Batches {
			body, err := ptraceotlp.NewExportRequestFromTraces(batch).MarshalProto()
			require.NoError(t, err)
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf("https://127.0.0.1:%d/v1/traces", port), bytes.NewReader(body))
			require.NoError(t, err)
			request.Header.Set("Content-Type", "application/x-protobuf")
			request.Header.Set("Authorization", "Bearer "+token)
			answer, err := client.Do(request)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			status = answer.StatusCode
		}
		return status
	}
	assert.Equal(t, http.StatusUnauthorized, post("another"))
	assert.Equal(t, http.StatusOK, post("secret"))
	c.WaitForSum(collector.Prometheus, "llm_requests_total", nil, float64(one.Requests))
}

// selfSigned writes a certificate for the loopback, and returns who trusts it.
func selfSigned(t *testing.T, certificate, key string) *x509.CertPool {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(certificate, text, 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600))
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	return pool
}
