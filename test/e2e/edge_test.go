// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // a format of htpasswd
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/otelcol-llm/otelcol-llm/internal/loopback"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/collector"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/harness"
	"github.com/otelcol-llm/otelcol-llm/test/e2e/internal/promtext"
)

// issuer is an OpenID Connect provider: a document, a page of keys, and tokens.
type issuer struct {
	url string
	key *rsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	i := &issuer{key: key}
	answers := http.NewServeMux()
	answer := func(path string, content func() any) {
		answers.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			assert.NoError(t, json.NewEncoder(w).Encode(content()))
		})
	}
	answer("/.well-known/openid-configuration", func() any {
		return map[string]any{
			"issuer": i.url, "jwks_uri": i.url + "/keys", "authorization_endpoint": i.url + "/authorize",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
	})
	answer("/keys", func() any {
		return map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1",
			"n": base64url(key.N.Bytes()), "e": base64url(big.NewInt(int64(key.E)).Bytes()),
		}}}
	})
	server := httptest.NewServer(answers)
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func base64url(content []byte) string { return base64.RawURLEncoding.EncodeToString(content) }

// token is one of alice in the team search, with some claims changed, nil for none.
func (i *issuer) token(t *testing.T, key *rsa.PrivateKey, changes map[string]any) string {
	t.Helper()
	claims := map[string]any{
		"iss": i.url, "aud": "otelcol-llm", "sub": "0001", "email": "alice@example.com", "team": "search",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	for name, value := range changes {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	body, err := json.Marshal(claims)
	require.NoError(t, err)
	signed := base64url([]byte(`{"alg":"RS256","kid":"1","typ":"JWT"}`)) + "." + base64url(body)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	require.NoError(t, err)
	return signed + "." + base64url(signature)
}

// certificate writes a certificate of the loopback and its key, and returns those who trust it.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tls.crt"), public, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tls.key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(public))
	return pool
}

// forged is a request whose span and resource claim to be somebody else's.
func forged(t *testing.T) ptraceotlp.ExportRequest {
	t.Helper()
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "laptop")
	rs.Resource().Attributes().PutStr("service.namespace", "production")
	rs.Resource().Attributes().PutStr("k8s.cluster.name", "production")
	span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	var trace pcommon.TraceID
	rand.Read(trace[:])
	span.SetTraceID(trace)
	span.SetSpanID(pcommon.SpanID(trace[:8]))
	span.SetKind(ptrace.SpanKindClient)
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Second)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	for key, value := range map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5",
		"edge.team": "board", "edge.user": "root", "enduser.id": "root", "llm.tenant": "board",
	} {
		span.Attributes().PutStr(key, value)
	}
	return ptraceotlp.NewExportRequestFromTraces(td)
}

// edge is the example, running.
type edge struct {
	*harness.Collector
	issuer  *issuer
	client  http.Client
	pool    *x509.CertPool
	partner string
}

func startEdge(t *testing.T, configs ...string) *edge {
	t.Helper()
	dir := t.TempDir()
	e := &edge{issuer: newIssuer(t), pool: certificate(t, dir)}
	sum := sha1.Sum([]byte("secret")) //nolint:gosec // as above
	require.NoError(t, os.WriteFile(filepath.Join(dir, "partner.htpasswd"), []byte("partner:{SHA}"+base64.StdEncoding.EncodeToString(sum[:])+"\n"), 0o600))
	free, release, err := loopback.Reserve(1)
	require.NoError(t, err)
	t.Cleanup(release)
	e.partner = "127.0.0.1:" + strconv.Itoa(free[0])
	e.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: e.pool}}
	t.Cleanup(e.client.CloseIdleConnections)
	e.Collector = harness.Start(t, []string{
		"OTELCOL_LLM_OIDC_ISSUER=" + e.issuer.url, "OTELCOL_LLM_TLS_DIR=" + dir, "OTELCOL_LLM_PARTNER_PORT=" + strconv.Itoa(free[0]),
	}, append([]string{"../../examples/edge/config.yaml", "testdata/config/fast_flush.yaml"}, configs...)...)
	return e
}

// post sends a request by HTTP and returns the status of the answer.
func (e *edge) post(t *testing.T, url, authorization string) int {
	t.Helper()
	body, err := forged(t).MarshalProto()
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/traces", bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-protobuf")
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := e.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response.StatusCode
}

// call sends a request by gRPC.
func (e *edge) call(t *testing.T, token string) error {
	t.Helper()
	connection, err := grpc.NewClient(e.Address(collector.OTLPGRPC), grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(e.pool, "")))
	require.NoError(t, err)
	defer connection.Close()
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
	_, err = ptraceotlp.NewGRPCClient(connection).Export(ctx, forged(t))
	return err
}

// Who sent a span is what the token says, whatever the span says; who has no token is refused.
func TestTheEdgeTakesIdentityFromTheToken(t *testing.T) {
	t.Parallel()
	e := startEdge(t)
	people := "https://" + e.Address(collector.OTLPHTTP)
	good := e.issuer.token(t, e.issuer.key, nil)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)

	for name, authorization := range map[string]string{
		"no token":               "",
		"not a token":            "Bearer abc",
		"made for another":       "Bearer " + e.issuer.token(t, e.issuer.key, map[string]any{"aud": "payroll"}),
		"expired":                "Bearer " + e.issuer.token(t, e.issuer.key, map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}),
		"of another issuer":      "Bearer " + e.issuer.token(t, e.issuer.key, map[string]any{"iss": "https://evil.example.com"}),
		"signed by somebody":     "Bearer " + e.issuer.token(t, other, nil),
		"the partner's password": "Basic " + base64.StdEncoding.EncodeToString([]byte("partner:secret")),
	} {
		assert.Equal(t, http.StatusUnauthorized, e.post(t, people, authorization), name)
	}
	assert.Equal(t, codes.Unauthenticated, status.Code(e.call(t, "abc")))
	assert.Equal(t, http.StatusUnauthorized, e.post(t, "https://"+e.partner, "Bearer "+good), "a token of people at the partner's door")
	assert.Equal(t, http.StatusUnauthorized, e.post(t, "https://"+e.partner, "Basic "+base64.StdEncoding.EncodeToString([]byte("partner:guess"))))
	// Without TLS the answer is a refusal, if the connection lasts until it is read.
	if response, err := e.client.Get("http://" + e.Address(collector.OTLPHTTP) + "/v1/traces"); err == nil {
		response.Body.Close()
		assert.Equal(t, http.StatusBadRequest, response.StatusCode)
	}

	assert.Equal(t, http.StatusOK, e.post(t, people, "Bearer "+good))
	require.NoError(t, e.call(t, good))
	assert.Equal(t, http.StatusOK, e.post(t, people, "Bearer "+e.issuer.token(t, e.issuer.key, map[string]any{"team": nil, "email": "bob@example.com"})))
	assert.Equal(t, http.StatusOK, e.post(t, "https://"+e.partner, "Basic "+base64.StdEncoding.EncodeToString([]byte("partner:secret"))))

	metrics := e.WaitForSum(collector.Prometheus, "llm_requests_total", nil, 4)
	for want, labels := range map[string]promtext.Labels{
		"alice":   {"llm_tenant": "search", "enduser_id": "alice@example.com", "service_namespace": "people"},
		"bob":     {"llm_tenant": "none", "enduser_id": "bob@example.com", "service_namespace": "people"},
		"partner": {"llm_tenant": "partner", "enduser_id": "none", "service_namespace": "partner"},
	} {
		assert.NotZero(t, metrics.Sum("llm_requests_total", labels), want)
	}
	assert.Empty(t, metrics.Select("llm_requests_total", promtext.Labels{"k8s_cluster_name": "production"}))
	assert.Empty(t, metrics.Select("llm_requests_total", promtext.Labels{"service_namespace": "production"}))
}

// Short of memory, the edge refuses in a way that makes senders come again. A stranger is refused all the same.
func TestTheEdgeRefusesWhenMemoryIsShort(t *testing.T) {
	overlay := filepath.Join(t.TempDir(), "no_memory.yaml")
	require.NoError(t, os.WriteFile(overlay, []byte("extensions:\n  memory_limiter: {check_interval: 50ms, limit_mib: 1, spike_limit_mib: 0}\n"), 0o600))
	e := startEdge(t, overlay)
	good := e.issuer.token(t, e.issuer.key, nil)
	assert.Eventually(t, func() bool {
		code := e.post(t, "https://"+e.Address(collector.OTLPHTTP), "Bearer "+good)
		return code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests
	}, harness.Patience, 50*time.Millisecond)
	assert.Contains(t, []codes.Code{codes.Unavailable, codes.ResourceExhausted}, status.Code(e.call(t, good)), fmt.Sprint(e.call(t, good)))
}
