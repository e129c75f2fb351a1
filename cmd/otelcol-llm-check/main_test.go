// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// fake answers as a collector does that counts each span so many times.
type fake struct {
	t       *testing.T
	times   int
	counted int
	header  http.Header
	refuse  int
	// busy is how often the first requests are put off.
	busy   int
	reject int
	page   string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/v1/traces":
		f.header = r.Header
		if f.busy > 0 {
			f.busy--
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		if f.refuse != 0 {
			http.Error(w, "no", f.refuse)
			return
		}
		body, err := io.ReadAll(r.Body)
		assert.NoError(f.t, err)
		td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(body)
		assert.NoError(f.t, err)
		f.counted += td.SpanCount() * f.times
		answer := map[string]any{"partialSuccess": map[string]any{}}
		if f.reject > 0 {
			answer["partialSuccess"] = map[string]any{"rejectedSpans": fmt.Sprint(f.reject), "errorMessage": "too old"}
		}
		assert.NoError(f.t, json.NewEncoder(w).Encode(answer))
	case "/metrics":
		if f.page != "" {
			fmt.Fprint(w, f.page)
			return
		}
		fmt.Fprintf(w, "# TYPE llm_requests_total counter\n"+
			"llm_requests_total{gen_ai_request_model=\"otelcol-llm-check\",llm_layer=\"client\"} %d\n"+
			"llm_requests_total{gen_ai_request_model=\"another\"} 17\n", f.counted)
	default:
		http.NotFound(w, r)
	}
}

func TestRun(t *testing.T) {
	for _, test := range []struct {
		name  string
		fake  fake
		flags []string
		code  int
		says  string
	}{
		{name: "counted once", fake: fake{times: 1}, code: exitCounted, says: "ok: sent 1, counted 1"},
		{name: "several", fake: fake{times: 1}, flags: []string{"-spans", "7"}, code: exitCounted, says: "ok: sent 7, counted 7"},
		{name: "not counted", fake: fake{times: 0}, flags: []string{"-timeout", "1s"}, code: exitMiscounted, says: "gained fewer in time"},
		{name: "counted twice", fake: fake{times: 2}, code: exitMiscounted, says: "sent 1, and the metrics gained 2"},
		{name: "refused", fake: fake{refuse: http.StatusUnauthorized}, code: exitUnreachable, says: "401 Unauthorized"},
		{name: "put off", fake: fake{times: 1, busy: 2}, code: exitCounted, says: "counted 1"},
		{name: "put off for ever", fake: fake{busy: 1000}, flags: []string{"-timeout", "2s"}, code: exitUnreachable, says: "503 Service Unavailable"},
		{name: "rejected in part", fake: fake{reject: 1}, code: exitUnreachable, says: "rejected 1 spans: too old"},
		{name: "not a page of metrics", fake: fake{page: "<html>\n"}, code: exitUnreachable, says: "no page of Prometheus metrics"},
		{name: "no spans", flags: []string{"-spans", "0"}, code: exitUsage, says: "from 1 to 1000"},
		{name: "no URL", flags: []string{"-endpoint", "127.0.0.1:4318"}, code: exitUsage, says: "-endpoint"},
		{name: "no such file", flags: []string{"-ca", "/nonexistent"}, code: exitUsage, says: "-ca: open /nonexistent"},
		{name: "an argument", flags: []string{"now"}, code: exitUsage, says: `unknown argument "now"`},
		{name: "help", flags: []string{"-help"}, code: exitCounted, says: "Exit codes"},
		{name: "unhealthy", flags: []string{"-health", "http://127.0.0.1:1/"}, code: exitUnreachable, says: "cannot check"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.fake.t = t
			server := httptest.NewServer(&test.fake)
			defer server.Close()
			args := append([]string{"-endpoint", server.URL, "-metrics", server.URL + "/metrics"}, test.flags...)
			var out bytes.Buffer
			code := run(t.Context(), args, func(string) string { return "" }, nil, &out, &out)
			assert.Equal(t, test.code, code)
			assert.Contains(t, out.String(), test.says)
		})
	}
}

func TestExplain(t *testing.T) {
	request, err := (&ptrace.JSONMarshaler{}).MarshalTraces(spans(1, time.Now()))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "spans.json")
	require.NoError(t, os.WriteFile(file, request, 0o600))
	for _, test := range []struct {
		name  string
		args  []string
		stdin string
		code  int
		says  string
	}{
		{name: "a file", args: []string{file}, code: exitCounted, says: "1 spans, 1 count"},
		{name: "the standard input", args: []string{"-"}, stdin: string(request) + "\n" + `{"resourceMetrics": []}`, code: exitCounted, says: "1 documents without spans"},
		{name: "nothing counts", args: []string{"-"}, stdin: `{"resourceSpans": []}`, code: exitMiscounted, says: "0 spans, 0 count"},
		{name: "no OTLP", args: []string{"-"}, stdin: "hello", code: exitUnreachable, says: "-: holds neither JSON nor protobuf"},
		{name: "no such file", args: []string{"/nonexistent"}, code: exitUnreachable, says: "open /nonexistent"},
		{name: "no file", code: exitUsage, says: "explain needs one file, got 0"},
		{name: "a flag", args: []string{"-all"}, code: exitUsage, says: "-all"},
		{name: "help", args: []string{"-help"}, code: exitCounted, says: "so that the output can go into an issue"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			code := run(t.Context(), append([]string{"explain"}, test.args...), nil, strings.NewReader(test.stdin), &out, &out)
			assert.Equal(t, test.code, code)
			assert.Contains(t, out.String(), test.says)
		})
	}
}

func TestCredentials(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want string
	}{
		{want: ""},
		{env: map[string]string{"OTELCOL_LLM_CHECK_TOKEN": "abc"}, want: "Bearer abc"},
		{env: map[string]string{"OTELCOL_LLM_CHECK_USERNAME": "u", "OTELCOL_LLM_CHECK_PASSWORD": "p"}, want: "Basic dTpw"},
	} {
		f := &fake{t: t, times: 1}
		server := httptest.NewServer(f)
		var out bytes.Buffer
		code := run(t.Context(), []string{"-endpoint", server.URL, "-metrics", server.URL + "/metrics"},
			func(name string) string { return test.env[name] }, nil, &out, &out)
		server.Close()
		require.Equal(t, exitCounted, code, out.String())
		assert.Equal(t, test.want, f.header.Get("Authorization"))
	}
}

// TestAllAddresses has two collectors behind one name, of which either may count.
func TestAllAddresses(t *testing.T) {
	first := &fake{t: t, times: 1}
	server := httptest.NewServer(first)
	defer server.Close()
	c, err := newChecker(server.URL, server.URL+"/metrics", "", credentials{})
	require.NoError(t, err)
	c.lookup = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1", "localhost"}, nil }
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	// Both addresses lead to the same one here, so each span is seen at both.
	_, err = c.check(ctx, 1)
	assert.ErrorContains(t, err, "sent 1, and the metrics gained 2")
}

func TestGain(t *testing.T) {
	assert.Equal(t, 3, gain(map[string]float64{"a": 5, "b": 7}, map[string]float64{"a": 6, "b": 7, "c": 2}))
	assert.Equal(t, 2, gain(map[string]float64{"a": 5}, map[string]float64{"a": 2}), "a restarted collector counts from zero")
	assert.Equal(t, 0, gain(map[string]float64{"a": 5, "gone": 7}, map[string]float64{"a": 5}))
}
